//! What `startproject` makes of the `web` pack, to be read in review. `INSTA_UPDATE=always` takes over a change.

use std::fmt::Write as _;
use std::path::Path;

use crate::common::Sandbox;

/// The files of a new project with these arguments, by path.
fn project(args: &[&str]) -> Vec<(String, String)> {
    let sandbox = Sandbox::new();
    let mut command = sandbox.command(["startproject", "--no-git"]);
    crate::common::Outcome::of(command.args(args)).success();
    let name = args[0];
    let own = |path: &Path| !path.starts_with(".luthier") && path != Path::new("Cargo.lock");
    let files = sandbox
        .snapshot(name)
        .into_iter()
        .filter(|(path, _)| own(path));
    let text = |bytes: Vec<u8>| {
        String::from_utf8(bytes)
            .unwrap_or_else(|binary| format!("{} bytes", binary.as_bytes().len()))
    };
    files
        .map(|(path, bytes)| (path.display().to_string(), text(bytes)))
        .collect()
}

/// Whether the pack renders the file; the others are the pack's own, byte for byte.
fn is_rendered(path: &str) -> bool {
    let pack = Path::new(env!("CARGO_MANIFEST_DIR")).join("scaffolds/web/project");
    !pack.join(path).exists()
}

#[test]
fn the_default_project() {
    let mut shown = String::new();
    for (path, text) in project(&["bookstore"]) {
        match is_rendered(&path) {
            true => write!(shown, "=== {path}\n{text}").expect("strings take all"),
            false => writeln!(shown, "=== {path}: as in the pack").expect("strings take all"),
        }
    }
    insta::assert_snapshot!(shown);
}

/// What a name and databases change, as diffs from the default project.
fn differences(args: &[&str]) -> String {
    let default = project(&["bookstore"]);
    let other = project(args);
    let mut shown = String::new();
    for (path, text) in &default {
        match other.iter().find(|(other, _)| other == path) {
            None => writeln!(shown, "=== {path}: not there").expect("strings take all"),
            Some((_, other)) if other == text => {}
            Some((_, other)) => {
                let mut options = diffy::DiffOptions::new();
                options.set_context_len(0);
                let patch = options.create_patch(text, other);
                writeln!(shown, "=== {path}\n{patch}").expect("strings take all");
            }
        }
    }
    for (path, _) in other
        .iter()
        .filter(|(path, _)| !default.iter().any(|(known, _)| known == path))
    {
        writeln!(shown, "=== {path}: new").expect("strings take all");
    }
    shown
}

#[test]
fn a_name_of_two_words_on_mysql_alone() {
    insta::assert_snapshot!(differences(&["book-store", "--database", "mysql"]));
}

#[test]
fn postgres_before_sqlite() {
    insta::assert_snapshot!(differences(&["bookstore", "--database", "postgres,sqlite"]));
}

#[test]
fn every_database() {
    insta::assert_snapshot!(differences(&[
        "bookstore",
        "--database",
        "sqlite,postgres,mysql"
    ]));
}
