//! Projects in Python whose environment, interpreter or lock file is not what commands need: what is said, and that
//! nothing is written.

use std::os::unix::fs::{PermissionsExt as _, symlink};

use super::django::bookstore;
use crate::common::{Outcome, Sandbox};

fn write_program(sandbox: &Sandbox, path: &str, text: &str) {
    sandbox.write(path, text);
    let executable = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(sandbox.path(path), executable).expect("it is made executable");
}

/// Runs a command where programs are only found in the folder `bin`; it has to fail and to write nothing.
fn refused(sandbox: &Sandbox, args: &[&str], code: i32) -> Outcome {
    let before = sandbox.snapshot("");
    let mut command = sandbox.command(args);
    command
        .env("PATH", sandbox.path("bin"))
        .env("HOME", sandbox.path("home"))
        .env_remove("VIRTUAL_ENV");
    let outcome = Outcome::of(&mut command).code(code);
    assert_eq!(sandbox.snapshot(""), before, "{args:?}");
    outcome
}

#[test]
fn without_a_python_that_works_nothing_is_written() {
    let sandbox = bookstore();
    for args in [
        &["startapp", "books"][..],
        &["migrate"],
        &["runserver", "0"],
    ] {
        refused(&sandbox, args, 1)
            .stderr_has("no Python was found")
            .stderr_has("install Python 3.11 or newer, or uv");
    }
    // As pyenv's are, where the version that is asked for is not there.
    let shim = "#!/bin/sh\necho \"pyenv: version '3.9.1' is not installed\" >&2\nexit 127\n";
    write_program(&sandbox, "bin/python3", shim);
    refused(&sandbox, &["startapp", "books"], 1)
        .stderr_has("cannot be asked about the project's files")
        .stderr_has("version '3.9.1' is not installed")
        .stderr_has("`uv sync`");
    // One that works, but knows no Django.
    write_program(&sandbox, "bin/python3", "#!/bin/sh\nexit 1\n");
    refused(&sandbox, &["migrate"], 1)
        .stderr_has("has no Django, and the project has no environment of its own")
        .stderr_has("`uv sync`");
    refused(&sandbox, &["runserver", "0"], 1)
        .stderr_has("`gunicorn` is not installed")
        .stderr_has("`uv sync`");
}

#[test]
fn an_environment_that_is_broken_is_named_with_the_way_out() {
    let sandbox = bookstore();
    sandbox.write(".venv/pyvenv.cfg", "version = 3.12.1\n");
    sandbox.make_folder(".venv/bin");
    let commands = [
        &["startapp", "books"][..],
        &["startmodel", "accounts", "Book", "title:text"],
        &["makemigrations"],
        &["runserver", "0"],
    ];
    for args in commands {
        refused(&sandbox, args, 1)
            .stderr_has("the project's environment is broken")
            .stderr_has(".venv/bin/python is not there")
            .stderr_has("make it again: `uv sync`");
    }
    symlink("/gone/python3.12", sandbox.path(".venv/bin/python")).expect("a link is made");
    for args in commands {
        refused(&sandbox, args, 1).stderr_has("is a link to /gone/python3.12");
    }
    // An environment that was moved: its scripts name the Python at the old place.
    std::fs::remove_file(sandbox.path(".venv/bin/python")).expect("it is removed");
    symlink("/bin/true", sandbox.path(".venv/bin/python")).expect("a link is made");
    let moved = "#!/old/place/.venv/bin/python\nimport gunicorn\n";
    write_program(&sandbox, ".venv/bin/gunicorn", moved);
    refused(&sandbox, &["runserver", "0"], 1)
        .stderr_has("gunicorn is a script for /old/place/.venv/bin/python, which is not there")
        .stderr_has("make it again");
}

#[test]
fn lock_files_of_other_tools_are_named_with_their_export() {
    let sandbox = Sandbox::in_folder_with_prefix("my sité-");
    let manifest = "[project]\nname = \"shop\"\nlanguage = \"python\"\n[scaffold]\nname = \"none\"\nversion = \"0.1.0\"\n\
                    [package]\nserve = [\"gunicorn\", \"shop:app\"]\n";
    sandbox.write("luthier.toml", manifest);
    // What is installed is no better answer.
    sandbox.write(
        ".venv/lib/python3.12/site-packages/flask-3.1.2.dist-info/METADATA",
        "Name: Flask\nVersion: 3.1.2\n",
    );
    sandbox.write(".venv/pyvenv.cfg", "version = 3.12.1\n");
    for (file, export) in [
        ("poetry.lock", "poetry export"),
        ("Pipfile.lock", "pipenv requirements"),
        ("pdm.lock", "pdm export"),
    ] {
        sandbox.write(file, "# of another tool\n");
        for command in ["requirements", "dockerfile"] {
            refused(&sandbox, &[command], 2)
                .stderr_has(file)
                .stderr_has(export);
        }
        std::fs::remove_file(sandbox.path(file)).expect("it is removed");
    }
    sandbox
        .run(["requirements"])
        .success()
        .stdout_has("flask==3.1.2");
    refused(&sandbox, &["dockerfile"], 2).stderr_has("luthier requirements > requirements.txt");
}
