//! `luthier changepassword EMAIL`: a new password for a user.

use std::process::ExitCode;

use super::users;
use crate::context::Context;
use crate::error::Result;

/// Set a user's password and end their sessions
///
/// Asks for it, twice and hidden. Where there is nobody to ask, a link is printed that sets it and works for an hour.
/// The project's own program does it: `cargo run -- changepassword EMAIL` is the same, also in its container.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  luthier changepassword ada@example.org
  luthier changepassword ada@example.org --password-stdin < password.txt")]
pub(crate) struct Args {
    /// The user's e-mail address
    email: Option<String>,
    /// Read the password from standard input
    #[arg(long)]
    password_stdin: bool,
}

pub(crate) fn run(context: &Context, args: Args) -> Result<ExitCode> {
    users::project(context)?;
    let email = users::address(context, args.email)?;
    users::with_password(context, "changepassword", &email, args.password_stdin)
}
