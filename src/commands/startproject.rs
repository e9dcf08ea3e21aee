//! `luthier startproject NAME [DIR]`: a new project from a pack.

use std::process::ExitCode;

use crate::context::Context;
use crate::error::{Error, Result};

/// Make a new project
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The project's name: letters, digits, `_` and `-`
    name: String,
}

pub(crate) fn run(_context: &Context, args: Args) -> Result<ExitCode> {
    Err(Error::failed(format_args!(
        "no pack to make {} from yet",
        args.name
    )))
}
