//! `luthier createsuperuser EMAIL`: a user who may do everything.

use std::process::ExitCode;

use super::users;
use crate::context::Context;
use crate::error::Result;

/// Make a user who may do everything
///
/// Asks for a password, twice and hidden. Where there is nobody to ask, a link is printed that sets one and works for an
/// hour. The project's own program does it: `cargo run -- createsuperuser EMAIL` is the same, also in its container.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  luthier createsuperuser ada@example.org
  luthier createsuperuser ada@example.org --password-stdin < password.txt
  luthier --no-input createsuperuser ada@example.org    Print a link to set the password")]
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
    users::with_password(context, "createsuperuser", &email, args.password_stdin)
}
