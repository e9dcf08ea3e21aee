//! `luthier systemd`: the site on a plain server.

use std::path::PathBuf;
use std::process::ExitCode;

use super::deployment::{self, OutputFolder, Writing};
use super::saved_options::{self, SavedOptions};
use crate::context::Context;
use crate::error::Result;
use crate::package::server;
use crate::package::site::Site;
use crate::paths::slashed;

/// Write a systemd service with its socket and an nginx site, for a server without containers
///
/// Run it again when the project has changed: your own edits are kept, and so are the options.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  luthier systemd --domain shop.example.org    deploy/server/NAME.{service,socket,nginx.conf}
  luthier systemd --check                      In CI: exit 1 when it is out of date")]
pub(crate) struct Args {
    /// Where visitors find the site [default: NAME.example.com]
    #[arg(long, value_name = "NAME", value_parser = deployment::domain)]
    domain: Option<String>,
    /// The folder to write to [default: deploy/server]
    #[arg(long, value_name = "DIR")]
    output: Option<PathBuf>,
    #[command(flatten)]
    writing: Writing,
}

impl SavedOptions for Args {
    const COMMAND: &'static str = "systemd";
    const OUTPUT: &'static str = "deploy/server";

    fn to_args(&self) -> Vec<String> {
        saved_options::words("--domain", self.domain.as_ref())
    }

    fn merge(self, saved: Self) -> Self {
        Self {
            domain: self.domain.or(saved.domain),
            ..self
        }
    }
}

pub(crate) fn run(context: &Context, args: Args) -> Result<ExitCode> {
    let project = deployment::project(context)?;
    let output = args.output.as_deref();
    let place = OutputFolder::folder(context, &project.root, output, Args::OUTPUT)?;
    let first = format!("{}.service", project.name);
    let (args, store) = args.load(&place, &first, &slashed(&place.prefix))?;
    let site = Site::new(&project, args.domain.as_deref())?;
    let files = args.save(store, server::files(&site)?)?;
    deployment::write(context, "systemd", &place, files, args.writing)
}
