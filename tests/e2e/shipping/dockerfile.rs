//! `luthier dockerfile`, on workspaces that Luthier did not make. None of them needs a registry.

use std::path::Path;
use std::process::Command;

use super::{bookstore, valid};
use crate::common::{Outcome, Sandbox};

/// Writes a package with a program, or a library without.
fn package(sandbox: &Sandbox, folder: &str, manifest: &str, main: &str) {
    let folder = Path::new(folder);
    sandbox.write(folder.join("Cargo.toml"), manifest);
    sandbox.write(folder.join("src").join(main), "fn main() {}\n");
}

/// Has cargo write the lock file.
fn locked(sandbox: &Sandbox) {
    let mut cargo = Command::new("cargo");
    cargo.args(["generate-lockfile", "--offline"]);
    Outcome::of(cargo.current_dir(sandbox.root())).success();
}

fn manifest(name: &str, more: &str) -> String {
    format!("[package]\nname = \"{name}\"\nversion = \"1.2.3\"\nedition = \"2024\"\n{more}\n")
}

/// A virtual workspace in a folder with a space in its name: a program, a library, and a dependency that is no member.
fn workspace() -> Sandbox {
    let sandbox = Sandbox::in_folder_with_prefix("a shop ");
    sandbox.write(
        "Cargo.toml",
        "[workspace]\nmembers = [\"crates/*\"]\nexclude = [\"vendor\"]\nresolver = \"3\"\n",
    );
    package(
        &sandbox,
        "crates/server",
        &manifest(
            "server",
            "rust-version = \"1.90\"\ndescription = \"It \\\"serves\\\"\"\nlicense = \"MIT\"\n[dependencies]\nmodel = { path = \"../model\" }\nforked = { path = \"../../vendor/forked\" }",
        ),
        "main.rs",
    );
    package(&sandbox, "crates/model", &manifest("model", ""), "lib.rs");
    package(
        &sandbox,
        "vendor/forked",
        &manifest("forked", "[workspace]"),
        "lib.rs",
    );
    sandbox.write("crates/server/static/site.css", "");
    sandbox.write("templates/index.html", "");
    sandbox.write(
        "crates/server/src/main.rs",
        "#[folder = \"static\"]\nfn main() {}\n",
    );
    locked(&sandbox);
    sandbox
}

#[test]
fn the_dockerfile_fits_the_workspace() {
    let sandbox = workspace();
    sandbox
        .run(["dockerfile", "--port", "3000"])
        .success()
        .stderr_has("create  Dockerfile")
        .stderr_has("create  .dockerignore")
        .stderr_has("there is no HEALTHCHECK");
    insta::assert_snapshot!("of_a_workspace", sandbox.read("Dockerfile"));
    valid(&sandbox, "hadolint", &["Dockerfile"]);
    sandbox.run(["dockerfile", "--check"]).success();
}

#[test]
fn the_image_of_a_site_stays_the_same_when_an_app_is_added() {
    let sandbox = bookstore();
    sandbox
        .run(["dockerfile"])
        .success()
        .stderr_lacks("HEALTHCHECK");
    insta::assert_snapshot!("of_a_site", sandbox.read("Dockerfile"));
    insta::assert_snapshot!("ignored", sandbox.read(".dockerignore"));
    valid(&sandbox, "hadolint", &["Dockerfile"]);
    sandbox.run(["startapp", "books"]).success();
    sandbox.run(["dockerfile", "--check"]).success();
    sandbox.run(["requirements", "--check"]).success();
}

#[test]
fn the_compiler_of_another_machine_changes_nothing() {
    let sandbox = Sandbox::new();
    package(&sandbox, "", &manifest("tool", ""), "main.rs");
    locked(&sandbox);
    sandbox.run(["dockerfile"]).success();
    let text = sandbox.read("Dockerfile");
    let (before, rest) = text.split_once("ARG RUST_VERSION=").unwrap();
    let (_, after) = rest.split_once('\n').unwrap();
    // As if the file had been made with an older one.
    let older = format!("{before}ARG RUST_VERSION=1.85\n{after}");
    sandbox.write("Dockerfile", &older);
    sandbox.write(".luthier/base/Dockerfile", &older);
    sandbox.run(["dockerfile", "--check"]).success();
}

#[test]
fn who_asks_git_is_told_that_it_is_not_there() {
    let sandbox = workspace();
    sandbox
        .run(["dockerfile", "--output", "-"])
        .success()
        .stderr_lacks("git");
    let script = "fn main() { std::process::Command::new(\"git\").output().unwrap(); }";
    sandbox.write("crates/server/build.rs", script);
    sandbox
        .run(["dockerfile"])
        .success()
        .stderr_has("the build script of server asks git");
}

#[test]
fn every_base_is_clean() {
    let sandbox = workspace();
    sandbox.write(
        "rust-toolchain.toml",
        "[toolchain]\nchannel = \"nightly-2026-01-01\"\n",
    );
    sandbox.write(".sqlx/query-1.json", "{}");
    for base in ["scratch", "distroless", "debian"] {
        let file = format!("docker/{base}.Dockerfile");
        // The toolchain of that file need not be there: no compiler is asked.
        let mut command = sandbox.command(["dockerfile", "--base", base, "--output", &file]);
        Outcome::of(command.env("RUSTUP_TOOLCHAIN", "stable")).success();
        valid(&sandbox, "hadolint", &[&file]);
        assert!(sandbox.exists(format!("{file}.dockerignore")));
    }
    insta::assert_snapshot!("on_debian", sandbox.read("docker/debian.Dockerfile"));
}

#[test]
fn edits_are_kept_and_conflicts_are_not_decided_alone() {
    let sandbox = workspace();
    sandbox.run(["dockerfile"]).success();
    let edited = sandbox
        .read("Dockerfile")
        .replace("STOPSIGNAL SIGTERM", "STOPSIGNAL SIGTERM\nENV MINE=1");
    sandbox.write("Dockerfile", &edited);
    sandbox
        .run(["dockerfile"])
        .success()
        .stderr_has("identical  Dockerfile");
    assert_eq!(sandbox.read("Dockerfile"), edited);

    // The workspace changes: the edit stays.
    let manifest = sandbox.read("crates/server/Cargo.toml");
    sandbox.write("crates/server/Cargo.toml", manifest.replace("1.90", "1.91"));
    sandbox
        .run(["dockerfile", "--check"])
        .code(1)
        .stdout_has("+ARG RUST_VERSION=1.91")
        .stderr_has("out of date");
    sandbox.run(["dockerfile", "--dry-run"]).success();
    assert_eq!(sandbox.read("Dockerfile"), edited);
    sandbox
        .run(["dockerfile"])
        .success()
        .stderr_has("edit  Dockerfile");
    let updated = edited.replace("1.90", "1.91");
    assert_eq!(sandbox.read("Dockerfile"), updated);

    // The workspace and its owner change the same line.
    let mine = updated.replace("RUST_VERSION=1.91", "RUST_VERSION=1.95");
    sandbox.write("Dockerfile", &mine);
    sandbox.write("crates/server/Cargo.toml", manifest.replace("1.90", "1.92"));
    sandbox
        .run(["dockerfile"])
        .code(3)
        .stderr_has("conflict  Dockerfile");
    assert_eq!(sandbox.read("Dockerfile"), mine);
}

#[test]
fn a_file_that_was_never_generated_is_not_touched() {
    let sandbox = workspace();
    sandbox.write("Dockerfile", "FROM scratch\n");
    sandbox.run(["dockerfile"]).code(3);
    assert_eq!(sandbox.read("Dockerfile"), "FROM scratch\n");
    sandbox
        .run(["dockerfile", "--output", "-"])
        .success()
        .stdout_has("FROM rust:");
}

#[test]
fn what_cannot_be_shipped_is_refused_and_nothing_is_written() {
    let sandbox = Sandbox::new();
    sandbox
        .run(["dockerfile"])
        .code(2)
        .stderr_has("no Cargo.toml here or above");

    package(&sandbox, "", &manifest("tools", ""), "lib.rs");
    locked(&sandbox);
    let refused = |args: &[&str], message: &str| {
        let before = sandbox.snapshot("");
        sandbox
            .run([&["dockerfile"], args].concat())
            .code(2)
            .stderr_has(message)
            .stderr_has("Hint: ");
        assert_eq!(sandbox.snapshot(""), before);
    };
    refused(&[], "no package of this workspace has a binary");
    sandbox.write("src/bin/one.rs", "fn main() {}\n");
    sandbox.write("src/bin/two.rs", "fn main() {}\n");
    refused(&[], "there are 2 binaries: `one` (package tools), `two`");
    refused(&["--bin", "three"], "there is no binary `three`");
    std::fs::remove_file(sandbox.path("Cargo.lock")).unwrap();
    refused(&["--bin", "one"], "has no Cargo.lock");
    let outside = Sandbox::new();
    package(&outside, "", &manifest("outside", ""), "lib.rs");
    let dependency = format!(
        "[dependencies]\noutside = {{ path = {:?} }}",
        outside.root().display().to_string()
    );
    sandbox.write("Cargo.toml", manifest("tools", &dependency));
    locked(&sandbox);
    refused(
        &["--bin", "one"],
        "outside lies outside of the workspace, at ../",
    );
}
