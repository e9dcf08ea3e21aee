//! `luthier startproject`: what it makes, what it refuses, what it says.

use std::path::PathBuf;

use crate::common::{Outcome, Sandbox};

/// `startproject` with a pack of a few files, whose one open question is answered.
fn tiny(sandbox: &Sandbox, args: &[&str]) -> Outcome {
    let pack = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/packs/tiny");
    let mut command = sandbox.command(["startproject"]);
    command
        .args(["--set", "color=red", "--scaffold"])
        .arg(pack)
        .args(args);
    Outcome::of(&mut command)
}

#[test]
fn the_default_project_has_a_repository_and_nothing_beside_it() {
    let sandbox = Sandbox::new();
    sandbox
        .run(["startproject", "bookstore"])
        .success()
        .stderr_has("create  luthier.toml")
        .stderr_has("cd bookstore");
    assert!(sandbox.exists("bookstore/.git"));
    assert!(
        sandbox
            .read("bookstore/luthier.toml")
            .contains("name = \"bookstore\"")
    );
    let stray = |file: &&String| !file.starts_with("bookstore/");
    assert_eq!(sandbox.files("").iter().find(stray), None);
}

#[test]
fn a_pack_from_disk_is_rendered_and_remembered() {
    let sandbox = Sandbox::new();
    tiny(
        &sandbox,
        &[
            "tool-shed",
            "--database",
            "mysql,sqlite",
            "--set",
            "docs=no",
            "--no-git",
        ],
    )
    .success();
    let files = sandbox.files("tool-shed");
    let own = files.iter().filter(|file| !file.starts_with(".luthier/"));
    assert_eq!(
        own.collect::<Vec<_>>(),
        [
            "Cargo.toml",
            "README.md",
            "luthier.toml",
            "src/tool_shed.rs"
        ]
    );
    assert_eq!(sandbox.read("tool-shed/README.md"), "Tool Shed is red.\n");
    let manifest = sandbox.read("tool-shed/luthier.toml");
    assert!(
        manifest.contains("dialects = [\"mysql\", \"sqlite\"]"),
        "{manifest}"
    );
    assert!(
        manifest.contains("answers = { color = \"red\", docs = false }"),
        "{manifest}"
    );
    assert!(manifest.contains("tests/packs/tiny"), "{manifest}");
}

#[test]
fn the_folder_may_be_given_and_be_empty_or_a_fresh_repository() {
    let sandbox = Sandbox::new();
    tiny(&sandbox, &["shed", "deep/er/here"])
        .success()
        .stderr_has("cd deep/er/here");
    assert!(sandbox.exists("deep/er/here/luthier.toml"));

    tiny(&sandbox, &["shed", "deep/../er/../new"])
        .code(2)
        .stderr_has("write the path without `..`");
    tiny(&sandbox, &["shed", "deep/../new"]).success();
    assert!(sandbox.exists("new/luthier.toml"));

    sandbox.make_folder("empty");
    tiny(&sandbox, &["shed", "empty"]).success();
    assert!(sandbox.exists("empty/luthier.toml"));

    let mut sandbox = Sandbox::new();
    sandbox.write("cloned/.git/HEAD", "");
    sandbox.cd("cloned");
    tiny(&sandbox, &["shed", "."])
        .success()
        .stderr_lacks("  cd ")
        .stderr_lacks("startapp");
    assert!(sandbox.exists("luthier.toml"));
}

#[test]
fn a_path_with_spaces_and_unicode_is_a_path_like_any_other() {
    let sandbox = Sandbox::in_folder_with_prefix("Läden & 書店 'x' ");
    tiny(&sandbox, &["shed"]).success();
    assert_eq!(sandbox.read("shed/README.md"), "Shed is red.\n");
    tiny(&sandbox, &["shed", "ein Ordner"])
        .success()
        .stderr_has("cd 'ein Ordner'");
}

#[test]
fn a_folder_in_use_is_refused_and_left_alone() {
    let sandbox = Sandbox::new();
    sandbox
        .write("shed/mine.txt", "precious")
        .write("file", "precious");
    let before = sandbox.snapshot("");
    let cases = [
        ("shed", "shed is not empty"),
        (".", "is not empty"),
        ("file", "file is not a folder"),
        ("file/below", "file is not a folder"),
    ];
    for (folder, reason) in cases {
        tiny(&sandbox, &["shed", folder])
            .code(2)
            .stderr_has(reason)
            .stderr_has("Hint: give another folder");
    }
    assert_eq!(sandbox.snapshot(""), before);
}

#[test]
fn bad_input_exits_2_with_a_hint_and_writes_nothing() {
    let sandbox = Sandbox::new();
    let cases: [(&[&str], &str); 10] = [
        (&["2fast"], "Hint: try `project-2fast`"),
        (&["a/b"], "Hint: try `a-b`"),
        (&["../up"], "Hint: try `up`"),
        (
            &["hammer"],
            "it would hide `hammer`, which the project's code uses",
        ),
        (
            &["shed", "--database", "oracle"],
            "possible values: sqlite, postgres, mysql",
        ),
        (
            &["shed", "--set", "colour=red"],
            "Hint: it asks for color, docs",
        ),
        (
            &["shed", "--set", "color=green"],
            "Hint: --set color=red|blue",
        ),
        (&["shed", "--set", "color"], "it is not KEY=VALUE"),
        (&["shed", "--scafold", "x"], "'--scaffold'"),
        (&["shed", "none/.."], "leaves a folder that is not there"),
    ];
    for (args, message) in cases {
        tiny(&sandbox, args).code(2).stderr_has(message);
    }
    for pack in ["rails", "nonsense", "https://example.com/x.git"] {
        sandbox
            .run(["startproject", "shed", "--scaffold", pack])
            .code(2)
            .stderr_has("Hint: ");
    }
    assert!(sandbox.snapshot("").is_empty());
}

#[test]
fn an_open_question_without_a_terminal_exits_3() {
    let sandbox = Sandbox::new();
    let pack = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/packs/tiny");
    let mut command = sandbox.command(["startproject", "shed", "--scaffold"]);
    Outcome::of(command.arg(pack))
        .code(3)
        .stderr_has("Which colour?")
        .stderr_has("--set color=");
    assert!(sandbox.snapshot("").is_empty());
}

#[test]
fn a_dry_run_lists_the_files_and_writes_none() {
    let sandbox = Sandbox::new();
    tiny(&sandbox, &["shed", "--dry-run"])
        .success()
        .stdout_has("create  README.md");
    let report = tiny(&sandbox, &["shed", "--dry-run", "--json"]).success();
    let report: serde_json::Value = serde_json::from_str(&report.stdout).unwrap();
    assert_eq!(report["files"][0]["path"], "Cargo.toml");
    assert_eq!(report["files"][0]["status"], "create");
    assert_eq!(report["dry_run"], true);
    assert!(sandbox.snapshot("").is_empty());
}

#[test]
fn git_that_is_missing_or_there_already_is_no_obstacle() {
    let sandbox = Sandbox::new();
    let mut command = sandbox.command(["startproject", "bookstore"]);
    Outcome::of(command.env("PATH", ""))
        .success()
        .stderr_has("git cannot be started");
    assert!(sandbox.exists("bookstore/luthier.toml"));

    sandbox.write("outer/.git/HEAD", "");
    tiny(&sandbox, &["shed", "outer/shed"]).success();
    assert!(!sandbox.exists("outer/shed/.git"));
}

#[test]
fn a_workspace_around_it_is_not_broken() {
    let sandbox = Sandbox::new();
    sandbox.write("Cargo.toml", "[workspace]\nmembers = [\"*\"]\n");
    sandbox
        .run(["startproject", "shop", "--no-git"])
        .code(2)
        .stderr_has("`members = [\"*\"]` covers shop")
        .stderr_has("add `exclude = [\"shop\"]` to `[workspace]`");
    assert!(!sandbox.exists("shop"));
    sandbox.write(
        "Cargo.toml",
        "[workspace]\nmembers = [\"*\"]\nexclude = [\"shop\"]\n",
    );
    sandbox.run(["startproject", "shop", "--no-git"]).success();

    let sandbox = Sandbox::new();
    sandbox.write("Cargo.toml", "[workspace]\nmembers = [\"tools\"]\n");
    sandbox.run(["startproject", "shop", "--no-git"]).success();
    sandbox
        .run(["startproject", "notes", "--scaffold", "minimal", "--no-git"])
        .code(2)
        .stderr_has("it does not list notes");
}
