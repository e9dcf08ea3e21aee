//! What the commands about users have in common: the project has them, and its own program does the work.

use std::process::ExitCode;

use crate::ask;
use crate::context::Context;
use crate::devserver;
use crate::error::{Error, Result};
use crate::program::{self, Input};
use crate::project::Project;
use crate::scaffold::model::ACCOUNTS;

/// The project, if it has users.
pub(super) fn project(context: &Context) -> Result<Project> {
    let project = Project::find(context)?;
    match project.scaffold.choices().has(ACCOUNTS) {
        true => Ok(project),
        false => Err(Error::bad_input("this project has no accounts")
            .hint("add them with `luthier add accounts`")),
    }
}

/// The address as given, or as answered; what cannot be one is refused before anything is built.
pub(super) fn address(context: &Context, given: Option<String>) -> Result<String> {
    let address = match given {
        Some(address) => address,
        None if context.interactive => ask::text("E-mail address")?,
        None => {
            return Err(Error::needs_answer("whose address is it?")
                .hint("give it: `luthier createsuperuser you@example.org`"));
        }
    };
    let parts = address.split_once('@');
    let is_plain = !address.contains(|c: char| c.is_whitespace() || c.is_control());
    match parts {
        Some((local, host))
            if !local.is_empty() && !host.is_empty() && is_plain && !address.starts_with('-') =>
        {
            Ok(address)
        }
        _ => Err(Error::bad_input(format_args!(
            "`{}` is not an e-mail address",
            address.escape_debug()
        ))
        .hint("as in you@example.org")),
    }
}

/// Runs a command of the program that may be told a password: from this command's input, or as answered where there
/// is somebody to ask. Otherwise the program prints a link to set one.
pub(super) fn with_password(
    context: &Context,
    command: &str,
    address: &str,
    from_stdin: bool,
) -> Result<ExitCode> {
    let project = project(context)?;
    if from_stdin {
        let arguments = [command, address, "--password-stdin"];
        return run(context, &project, &arguments, Input::Inherited);
    }
    if context.interactive {
        let password = ask::password("Password")?;
        let arguments = [command, address, "--password-stdin"];
        return run(context, &project, &arguments, Input::Line(&password));
    }
    run(context, &project, &[command, address], Input::Nothing)
}

/// Builds the program, which takes minutes the first time, and runs a command of it.
pub(super) fn run(
    context: &Context,
    project: &Project,
    arguments: &[&str],
    input: Input<'_>,
) -> Result<ExitCode> {
    let is_built = devserver::build(
        &context.output,
        &project.root,
        &project.name,
        program::target_dir(project),
        project.dev.fast_rebuild(),
    )?;
    if !is_built {
        return Ok(ExitCode::FAILURE);
    }
    let line = arguments.join(" ");
    context
        .output
        .step("Running", format_args!("cargo run -- {line}"));
    program::run(project, arguments, input)
}
