//! `luthier clearsessions`: what has expired goes.

use std::process::ExitCode;

use super::users;
use crate::context::Context;
use crate::error::Result;
use crate::program::Input;

/// Delete expired sessions, links and API tokens
///
/// The site does it every hour while it runs; this is for sites that are not always running. The project's own program
/// does it: `cargo run -- clearsessions` is the same, also in its container.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  luthier clearsessions    As a timer does it once a day")]
pub(crate) struct Args {}

pub(crate) fn run(context: &Context, _: Args) -> Result<ExitCode> {
    let project = users::project(context)?;
    users::run(context, &project, &["clearsessions"], Input::Nothing)
}
