//! `luthier compose`: the site on one machine, in containers.

use std::path::PathBuf;
use std::process::ExitCode;

use super::deployment::{self, Place, Writing};
use crate::context::Context;
use crate::error::Result;
use crate::package::compose::{self, Proxy, Wanted};
use crate::package::site::Site;

/// Write the Compose files of this site: database, migrations, proxy
///
/// Run it again when the project has changed: your own edits are kept.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  luthier compose --domain shop.example.org    Behind Caddy, which gets the certificate
  luthier compose --proxy nginx --redis
  luthier compose --check                      In CI: exit 1 when it is out of date")]
pub(crate) struct Args {
    /// The web server in front of the site
    #[arg(long, value_enum, default_value_t)]
    proxy: Proxy,
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

pub(crate) fn run(context: &Context, args: Args) -> Result<ExitCode> {
    let project = deployment::project(context)?;
    let place = Place::folder(context, &project.root, args.output.as_deref(), "")?;
    let wanted = Wanted {
        proxy: args.proxy,
        redis: args.redis,
        context: match place.root == project.root {
            true => place.way_back(),
            false => project.root.display().to_string(),
        },
    };
    let site = Site::of(&project, args.domain.as_deref());
    let files = compose::files(&site, &wanted)?;
    let done = deployment::write(context, "compose", &place, files, args.writing)?;
    if project.read("Dockerfile")?.is_none() {
        context
            .output
            .warning("there is no Dockerfile yet: `luthier dockerfile`");
    }
    Ok(done)
}
