//! `dockerfile`, `compose`, `kubernetes`, `systemd` and `requirements`: what they write, judged by those who read it.
#![cfg(unix)]
#![allow(
    clippy::disallowed_methods,
    reason = "tests look at the outside on purpose"
)]

mod deployment;
mod dockerfile;
mod options;
mod python;
mod requirements;
mod server;

use std::process::Command;

use crate::common::{Outcome, Sandbox};

/// A project of Luthier's, as it is made.
fn bookstore() -> Sandbox {
    let mut sandbox = Sandbox::in_memory();
    sandbox
        .run(["startproject", "bookstore", "--no-git"])
        .success();
    sandbox.cd("bookstore");
    sandbox
}

/// A validator of `scripts/requirements.txt`, ready to be given files of the sandbox; `None` where there are none.
fn validator(sandbox: &Sandbox, name: &str, args: &[&str]) -> Option<Command> {
    let folder = crate::common::servers::validators()?;
    let mut command = Command::new(folder.join(name));
    command.args(args).current_dir(sandbox.root());
    Some(command)
}

/// Runs a validator that must be content.
fn valid(sandbox: &Sandbox, name: &str, args: &[&str]) {
    if let Some(mut command) = validator(sandbox, name, args) {
        Outcome::of(&mut command).success();
    }
}
