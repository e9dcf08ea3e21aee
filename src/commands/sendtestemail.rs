//! `luthier sendtestemail ADDRESS`: whether the mail server takes mails.

use std::process::ExitCode;

use super::users;
use crate::context::Context;
use crate::error::Result;
use crate::program::Input;

/// Send a mail, to check that EMAIL_URL is right
///
/// Fails where the mail server does not take it, and where EMAIL_URL names none. The project's own program does it:
/// `cargo run -- sendtestemail ADDRESS` is the same, also in its container.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  EMAIL_URL=smtps://me:secret@mail.example.org luthier sendtestemail me@example.org")]
pub(crate) struct Args {
    /// The address to send it to
    address: String,
}

pub(crate) fn run(context: &Context, args: Args) -> Result<ExitCode> {
    let project = users::project(context)?;
    let address = users::address(context, Some(args.address))?;
    users::run(
        context,
        &project,
        &["sendtestemail", &address],
        Input::Nothing,
    )
}
