//! The project's own program, built by cargo and run with a command of its own.
#![expect(
    clippy::disallowed_methods,
    reason = "this module is one of those that start cargo"
)]

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};

use crate::error::{Error, Result};
use crate::project::Project;

/// What the program reads.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Input<'a> {
    /// Whatever this process does.
    Inherited,
    /// One line, which no argument and no variable holds.
    Line(&'a str),
    Nothing,
}

/// Where cargo builds the program, if not in the default folder: where `runserver` does, so that nothing is built twice.
pub(crate) fn target_dir(project: &Project) -> Option<PathBuf> {
    let folder = project.dev.target_dir.as_ref()?;
    let is_free = std::env::var_os("CARGO_TARGET_DIR").is_none();
    is_free.then(|| project.root.join(folder))
}

/// Runs `cargo run -- ARGUMENTS` in the project. The exit code is the program's own; a build that fails is 1.
pub(crate) fn run(project: &Project, arguments: &[&str], input: Input<'_>) -> Result<ExitCode> {
    let cargo = crate::cargo::program();
    let mut command = Command::new(cargo);
    command
        .args([
            "run",
            "--quiet",
            "--package",
            &project.name,
            "--bin",
            &project.name,
            "--",
        ])
        .args(arguments)
        .current_dir(&project.root)
        .stdin(match input {
            Input::Inherited => Stdio::inherit(),
            Input::Line(_) => Stdio::piped(),
            Input::Nothing => Stdio::null(),
        });
    for name in crate::cargo::inherited_variables() {
        command.env_remove(name);
    }
    command.envs(target_dir(project).map(|folder| ("CARGO_TARGET_DIR", folder)));
    let mut child = command.spawn().map_err(|error| {
        Error::failed(format_args!("cargo cannot be started: {error}"))
            .hint("install Rust, or run the same command of the program that is there")
    })?;
    if let (Input::Line(line), Some(mut stdin)) = (input, child.stdin.take()) {
        // A program that stops early says why itself.
        let _ = writeln!(stdin, "{line}");
    }
    let status = child.wait()?;
    Ok(match status.code() {
        Some(code @ 0..=3) => ExitCode::from(u8::try_from(code).unwrap_or(1)),
        _ => ExitCode::FAILURE,
    })
}
