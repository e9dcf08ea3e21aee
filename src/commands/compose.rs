//! `luthier compose`: the site on one machine, in containers.

use std::path::PathBuf;
use std::process::ExitCode;

use super::deployment::{self, OutputFolder, Writing};
use super::saved_options::{self, SavedOptions};
use crate::context::Context;
use crate::error::Result;
use crate::package::compose::{self, Proxy, Wanted};
use crate::package::site::Site;
use crate::paths::slashed;

/// Write the Compose files of this site: database, migrations, proxy
///
/// Run it again when the project has changed: your own edits are kept, and so are the options.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  luthier compose --domain shop.example.org    Behind Caddy, which gets the certificate
  luthier compose --proxy nginx --redis
  luthier compose --check                      In CI: exit 1 when it is out of date")]
pub(crate) struct Args {
    /// The web server in front of the site [default: caddy]
    #[arg(long, value_enum)]
    proxy: Option<Proxy>,
    /// Add a Redis server
    #[arg(long)]
    redis: bool,
    /// Where visitors find the site [default: NAME.example.com]
    #[arg(long, value_name = "NAME", value_parser = deployment::domain)]
    domain: Option<String>,
    /// The folder to write to [default: the project's]
    #[arg(long, value_name = "DIR")]
    output: Option<PathBuf>,
    #[command(flatten)]
    writing: Writing,
}

impl SavedOptions for Args {
    const COMMAND: &'static str = "compose";
    const OUTPUT: &'static str = "";

    fn to_args(&self) -> Vec<String> {
        let redis = self.redis.then(|| "--redis".to_owned());
        [
            saved_options::words("--proxy", self.proxy.as_ref().map(saved_options::name_of)),
            redis.into_iter().collect(),
            saved_options::words("--domain", self.domain.as_ref()),
        ]
        .concat()
    }

    fn merge(self, saved: Self) -> Self {
        Self {
            proxy: self.proxy.or(saved.proxy),
            redis: self.redis || saved.redis,
            domain: self.domain.or(saved.domain),
            ..self
        }
    }
}

pub(crate) fn run(context: &Context, args: Args) -> Result<ExitCode> {
    let project = deployment::project(context)?;
    let place = OutputFolder::folder(context, &project.root, args.output.as_deref(), "")?;
    let (args, store) = args.load(&place, "compose.yaml", &slashed(&place.prefix))?;
    let wanted = Wanted {
        proxy: args.proxy.unwrap_or_default(),
        redis: args.redis,
        context: match place.root == project.root {
            true => place.way_back(),
            false => project.root.display().to_string(),
        },
    };
    let site = Site::new(&project, args.domain.as_deref())?;
    let files = args.save(store, compose::files(&site, &wanted)?)?;
    let done = deployment::write(context, "compose", &place, files, args.writing)?;
    if project.read("Dockerfile")?.is_none() {
        context
            .output
            .warning("there is no Dockerfile yet: `luthier dockerfile`");
    }
    Ok(done)
}
