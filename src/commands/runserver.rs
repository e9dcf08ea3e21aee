//! `luthier runserver [[ADDR:]PORT]`: the site, current after every save.

use std::process::ExitCode;

use crate::context::Context;
use crate::devserver::{self, Address, Site};
use crate::error::Result;
use crate::project::Project;

/// Serve the project and keep it current while you work on it
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  luthier runserver                On http://127.0.0.1:8000
  luthier runserver 9000           On another port
  luthier runserver 0.0.0.0:8000   For other machines too")]
pub(crate) struct Args {
    /// Where to listen; port 0 takes a free one
    #[arg(value_name = "[ADDR:]PORT", default_value_t)]
    address: Address,
}

pub(crate) fn run(context: &Context, args: Args) -> Result<ExitCode> {
    let project = Project::find(context)?;
    let site = Site {
        root: &project.root,
        name: &project.name,
        address: args.address,
        pages: &[("/api/docs", "the API")],
        environment: &[],
        again: "luthier runserver",
    };
    devserver::serve(&context.output, site)
}
