//! The `minimal` pack: one file, read in five minutes, that grows by modules.

use std::process::Command;

use super::runserver::site::{answers, start_command};
use crate::common::{Outcome, Sandbox, forget_cargo};

fn notes(pages: bool) -> Sandbox {
    let mut sandbox = Sandbox::new();
    let pages = format!("pages={pages}");
    sandbox
        .run([
            "startproject",
            "my-notes",
            "--scaffold",
            "minimal",
            "--set",
            &pages,
            "--no-git",
        ])
        .success()
        .stderr_has("luthier startapp books");
    sandbox.cd("my-notes");
    sandbox
}

/// One folder of results for every project of this pack.
fn cargo(sandbox: &Sandbox, args: &[&str]) -> Outcome {
    let mut cargo = Command::new("cargo");
    cargo
        .args(args)
        .current_dir(sandbox.root())
        .env("CARGO_TARGET_DIR", target());
    forget_cargo(&mut cargo);
    Outcome::of(&mut cargo)
}

fn target() -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("minimal")
}

#[test]
fn it_is_small_builds_as_it_is_and_takes_modules() {
    for pages in [true, false] {
        let sandbox = notes(pages);
        let lines = sandbox.read("src/main.rs").lines().count();
        assert!(lines <= 90, "{lines} lines with pages={pages}");
        assert_eq!(sandbox.exists("templates"), pages);
        let packages = sandbox.read("Cargo.lock").matches("[[package]]").count();
        assert!(packages <= 78, "{packages} packages with pages={pages}");
        sandbox.run(["startapp", "book_lists"]).success();
        let main = sandbox.read("src/main.rs");
        assert!(main.contains("mod book_lists;\n"), "{main}");
        assert!(
            main.contains("        .merge(book_lists::urls::router())\n        .fallback("),
            "{main}"
        );
        let before = sandbox.snapshot("src");
        sandbox.run(["startapp", "book_lists"]).success();
        assert_eq!(sandbox.snapshot("src"), before);
        cargo(&sandbox, &["fmt", "--check"]).success();
        cargo(&sandbox, &["test", "--locked"]).success();
    }
}

#[test]
fn it_is_served_and_shipped_and_has_no_models() {
    let sandbox = notes(false);
    sandbox.run(["startapp", "books"]).success();
    let mut command = sandbox.command(["runserver", "0"]);
    let (server, address) = start_command(command.env("CARGO_TARGET_DIR", target()));
    answers(&server, &address, "My Notes is up");
    let main = sandbox.read("src/main.rs");
    sandbox.write("src/main.rs", main.replace("My Notes is up", "edited"));
    answers(&server, &address, "edited");
    assert!(server.stop("-TERM").success());

    sandbox
        .run(["startmodel", "books", "Book", "title:text"])
        .code(2)
        .stderr_has("has no database")
        .stderr_has("--scaffold web");
    for command in ["compose", "kubernetes", "systemd"] {
        sandbox
            .run([command])
            .code(2)
            .stderr_has("this site has no database");
    }
    sandbox.run(["dockerfile"]).success();
    let dockerfile = sandbox.read("Dockerfile");
    assert!(dockerfile.contains("FROM scratch\n"), "{dockerfile}");
    for name in ["main", "tests", "test", "healthz", "get"] {
        sandbox.run(["startapp", name]).code(2);
    }
    let before = sandbox.read("src/main.rs");
    sandbox.write("src/main.rs", before.replace("fn router(", "fn routes("));
    sandbox
        .run(["startapp", "more"])
        .code(1)
        .stderr_has(".merge(more::urls::router())");
    assert!(!sandbox.exists("src/more"));
}
