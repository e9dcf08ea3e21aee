//! The `static` pack: a site that is built to files by a program of its own.

use std::process::Command;

use super::minimal::{cargo, target};
use super::runserver::site::{get, start_command};
use crate::common::running::Running;
use crate::common::{Outcome, Sandbox};

fn blog() -> Sandbox {
    let mut sandbox = Sandbox::new();
    sandbox
        .run([
            "startproject",
            "my-blog",
            "--scaffold",
            "static",
            "--no-git",
        ])
        .success()
        .stderr_has("luthier runserver");
    sandbox.cd("my-blog");
    sandbox
}

/// What the site's own program says of a command.
fn program(sandbox: &Sandbox, args: &[&str]) -> Outcome {
    let mut program = Command::new(target().join("debug/my-blog"));
    Outcome::of(program.args(args).current_dir(sandbox.root()))
}

#[test]
fn it_builds_its_site_and_says_what_is_wrong_with_it() {
    let sandbox = blog();
    cargo(&sandbox, &["fmt", "--check"]).success();
    cargo(
        &sandbox,
        &[
            "clippy",
            "--all-targets",
            "--locked",
            "--",
            "-D",
            "warnings",
        ],
    )
    .success();
    cargo(&sandbox, &["test", "--locked"]).success();
    cargo(&sandbox, &["build"]).success();

    program(&sandbox, &["build"])
        .success()
        .stderr_has("--base-url");
    let first = sandbox.snapshot("dist");
    program(&sandbox, &["build"]).success();
    assert_eq!(sandbox.snapshot("dist"), first);
    for file in [
        "index.html",
        "about/index.html",
        "404.html",
        "feed.xml",
        "sitemap.xml",
        "robots.txt",
        "_headers",
    ] {
        assert!(sandbox.exists(format!("dist/{file}")), "{file}");
    }
    program(
        &sandbox,
        &["build", "--base-url", "https://example.org/blog"],
    )
    .success();
    assert!(
        sandbox
            .read("dist/sitemap.xml")
            .contains("<loc>https://example.org/blog/about/</loc>")
    );
    assert!(sandbox.read("dist/404.html").contains("href=\"/blog/\""));
    let before = sandbox.snapshot("dist");
    for args in [
        &["build", "--base-url", "nonsense"][..],
        &["build", "--base-url"],
        &["build", "extra"],
        &["biuld"],
        &["build", "--dir", "dist"],
    ] {
        program(&sandbox, args).code(2);
    }
    sandbox.write(
        "pages/Ä page.md",
        "+++\ntitle = 'Ä'\n+++\n\n[away](gone.md)\n",
    );
    program(&sandbox, &["build"])
        .code(1)
        .stderr_has("pages/Ä page.md:5: `gone.md` is not there")
        .stderr_has("1 error; dist is as it was");
    sandbox.write("pages/untitled.md", "# No front matter\n");
    program(&sandbox, &["build"])
        .code(1)
        .stderr_has("pages/untitled.md:1: has no title");
    assert_eq!(sandbox.snapshot("dist"), before);
}

/// Waits until the front page holds this.
fn shows(server: &Running, address: &str, part: &str) {
    server.until(&format!("{address} shows {part}"), |_| {
        get(address).filter(|answer| answer.contains(part))
    });
}

#[test]
fn it_is_served_while_it_is_written_and_shipped_as_an_image() {
    let sandbox = blog();
    let mut command = sandbox.command(["runserver", "0"]);
    let (server, address) = start_command(command.env("CARGO_TARGET_DIR", target()));
    shows(&server, &address, "My Blog");
    let page = sandbox.read("pages/index.html");
    sandbox.write("pages/index.html", page.replace("This page is", "Edited:"));
    shows(&server, &address, "Edited:");
    sandbox.write("pages/index.html", page);
    shows(&server, &address, "This page is");
    assert!(server.stop("-TERM").success());

    sandbox.run(["dockerfile"]).success();
    let dockerfile = sandbox.read("Dockerfile");
    for line in [
        "/release/my-blog\" build\n",
        "&& cp -r \"dist\" \"/image/app/dist\"",
        "FROM scratch\n",
        "CMD [\"serve\",\"--dir\",\"dist\"]\n",
        "CMD [\"/usr/local/bin/my-blog\", \"healthcheck\"]",
    ] {
        assert!(dockerfile.contains(line), "{line}: {dockerfile}");
    }
    assert!(!dockerfile.contains("/image/app/assets"), "{dockerfile}");
    sandbox.run(["dockerfile", "--check"]).success();
    for command in ["compose", "kubernetes", "systemd"] {
        sandbox
            .run([command])
            .code(2)
            .stderr_has("luthier dockerfile");
    }
    sandbox
        .run(["startapp", "books"])
        .code(2)
        .stderr_has("has no apps");
    sandbox
        .run(["startmodel", "books", "Book", "title:text"])
        .code(2)
        .stderr_has("--scaffold web");
}
