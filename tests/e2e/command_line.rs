//! The command line itself: help, versions, mistakes, pipes.

#![allow(
    clippy::disallowed_methods,
    reason = "tests look at the outside on purpose"
)]

use std::path::Path;

use crate::common::{Outcome, Sandbox};

#[test]
fn usage_mistakes_exit_2_and_suggest() {
    let sandbox = Sandbox::new();
    sandbox
        .run(["startprojet", "x"])
        .code(2)
        .stderr_has("'startproject'");
    sandbox
        .run(["startproject", "x", "--quite"])
        .code(2)
        .stderr_has("'--quiet'");
    sandbox.run(["startproject"]).code(2).stderr_has("<NAME>");
    sandbox
        .run(["-C", "nowhere", "startproject", "x"])
        .code(2)
        .stderr_has("--directory nowhere");
}

#[test]
fn without_arguments_the_help_is_shown() {
    let none: [&str; 0] = [];
    Sandbox::new()
        .run(none)
        .code(2)
        .stderr_has("Usage: luthier");
    Sandbox::new()
        .run(["--help"])
        .success()
        .stdout_has("startproject");
}

#[test]
fn the_version_is_the_packages() {
    let version = concat!("luthier ", env!("CARGO_PKG_VERSION"));
    Sandbox::new()
        .run(["--version"])
        .success()
        .stdout_has(version);
}

#[test]
fn every_command_shows_help_with_examples() {
    let sandbox = Sandbox::new();
    let help = sandbox.run(["--help"]).success().stdout;
    let commands = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let commands = commands.take_while(|line| !line.trim().is_empty());
    // A description that goes on on the next line is indented further.
    let commands = commands.filter(|line| !line.starts_with("   "));
    let commands = commands.filter_map(|line| line.split_whitespace().next());
    let mut seen = 0;
    for command in commands.filter(|command| *command != "help") {
        sandbox
            .run([command, "--help"])
            .success()
            .stdout_has("Examples:");
        seen += 1;
    }
    assert!(seen >= 2, "{help}");
}

#[test]
fn colour_is_shown_when_asked_for_and_only_then() {
    let sandbox = Sandbox::new();
    let escape = "\u{1b}[";
    sandbox
        .run(["startproject", "2", "--color", "always"])
        .code(2)
        .stderr_has(escape);
    sandbox
        .run(["startproject", "2"])
        .code(2)
        .stderr_lacks(escape);
    sandbox
        .run(["--color=always", "--help"])
        .success()
        .stdout_has(escape);
    sandbox
        .run(["--color=never", "nonsense"])
        .code(2)
        .stderr_lacks(escape);
    sandbox
        .run(["--color=purple", "nonsense"])
        .code(2)
        .stderr_has("auto, always, never");
}

#[test]
fn quiet_says_nothing_but_errors() {
    let sandbox = Sandbox::new();
    let done = sandbox
        .run(["-q", "startproject", "shed", "--no-git"])
        .success();
    assert_eq!((done.stdout.as_str(), done.stderr.as_str()), ("", ""));
    sandbox
        .run(["-q", "startproject", "shed"])
        .code(2)
        .stderr_has("Error: ");
}

#[test]
fn a_reader_that_stops_reading_is_no_error() {
    for args in [["completions", "bash"], ["--help", "--color=never"]] {
        let sandbox = Sandbox::new();
        let mut command = sandbox.command(args);
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        Outcome::of(command.stdout(writer))
            .success()
            .stderr_lacks("panic");
    }
}

/// The scripts under `completions/` are those that the tool prints. `UPDATE=1` rewrites them.
#[test]
fn the_completions_that_are_checked_in_are_current() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("completions");
    let shells = [
        ("bash", "luthier.bash"),
        ("zsh", "_luthier"),
        ("fish", "luthier.fish"),
        ("powershell", "_luthier.ps1"),
        ("elvish", "luthier.elv"),
    ];
    for (shell, file) in shells {
        let printed = Sandbox::new().run(["completions", shell]).success().stdout;
        let path = folder.join(file);
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&path, &printed).unwrap();
        }
        let current = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            current == printed,
            "{} is not current: `UPDATE=1 cargo test --test command_line`",
            path.display()
        );
    }
    Sandbox::new()
        .run(["completions", "tcsh"])
        .code(2)
        .stderr_has("possible values: bash");
}
