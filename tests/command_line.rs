//! The command line itself: help, versions, mistakes, pipes.

mod common;

use common::Sandbox;

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
