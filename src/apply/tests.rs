//! Plans carried out in temporary folders.

use std::fs;

use super::*;
use crate::error::ErrorKind;
use crate::paths::slashed;

const TITLE: &str = "startapp books";

fn context() -> Context {
    let output = Output::new(anstream::ColorChoice::Never, true, 0);
    Context::new("/".into(), output, false, true)
}

/// A project of two files that Luthier made: `a.rs`, `b.rs`.
fn project() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("shop");
    let mut plan = Plan::new("startproject shop", &root);
    plan.create("a.rs", "one\n");
    plan.create("src/b.rs", "two\n");
    assert!(run(&context(), &plan, false).unwrap().changed);
    (folder, root)
}

fn text(root: &Path, path: &str) -> String {
    fs::read_to_string(root.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn files(root: &Path) -> Vec<String> {
    let files = walkdir::WalkDir::new(root).sort_by_file_name().into_iter();
    files
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| slashed(entry.path().strip_prefix(root).unwrap()))
        .collect()
}

fn records(root: &Path) -> usize {
    fs::read_dir(root.join(".luthier/records")).unwrap().count()
}

/// Leaves a project as a crash in the middle of a transaction would.
fn leave_journal(root: &Path, journal: &str) {
    fs::create_dir(root.join(".luthier/stage")).unwrap();
    fs::write(root.join(".luthier/journal.json"), journal).unwrap();
}

#[test]
fn a_new_project_appears_whole_with_its_base_and_a_record() {
    let (folder, root) = project();
    let found = files(&root);
    let shown = found
        .iter()
        .filter(|file| !file.starts_with(".luthier/records/"));
    insta::assert_snapshot!(shown.map(String::as_str).collect::<Vec<_>>().join("\n"), @r"
    .luthier/.gitignore
    .luthier/base/a.rs
    .luthier/base/src/b.rs
    .luthier/lock
    a.rs
    src/b.rs
    ");
    assert_eq!(records(&root), 1);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn missing_folders_above_a_new_project_are_made_too() {
    let folder = tempfile::tempdir().unwrap();
    let mut plan = Plan::new("startproject shop", folder.path().join("x/y/shop"));
    plan.create("src/b.rs", "two");
    run(&context(), &plan, false).unwrap();
    assert_eq!(text(folder.path(), "x/y/shop/src/b.rs"), "two");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn edits_and_new_files_are_written_and_remembered() {
    let (_folder, root) = project();
    let mut plan = Plan::new(TITLE, &root);
    plan.edit("a.rs", "one\n", "one\nmore\n");
    plan.create("apps/books/lib.rs", "lib\n");
    assert!(run(&context(), &plan, false).unwrap().changed);
    assert_eq!(text(&root, "a.rs"), "one\nmore\n");
    assert_eq!(text(&root, ".luthier/base/a.rs"), "one\nmore\n");
    assert_eq!(text(&root, "apps/books/lib.rs"), "lib\n");
    assert_eq!(records(&root), 2);
    assert!(!root.join(".luthier/stage").exists());
}

#[test]
fn a_removed_file_is_gone_with_its_base_and_remembered() {
    let (_folder, root) = project();
    let mut plan = Plan::new(TITLE, &root);
    plan.remove("src/b.rs", "two\n");
    assert!(run(&context(), &plan, false).unwrap().changed);
    assert!(!root.join("src/b.rs").exists());
    assert!(!root.join(".luthier/base/src/b.rs").exists());
    assert!(root.join("a.rs").exists());
    assert_eq!(records(&root), 2);
    // What was edited since is not removed.
    let mut plan = Plan::new(TITLE, &root);
    plan.remove("a.rs", "other\n");
    assert!(run(&context(), &plan, false).is_err());
    assert_eq!(text(&root, "a.rs"), "one\n");
}

#[test]
fn a_second_run_changes_and_records_nothing() {
    let (_folder, root) = project();
    let mut plan = Plan::new(TITLE, &root);
    plan.edit("a.rs", "one\n", "one\n");
    plan.create("src/b.rs", "two\n");
    assert!(!run(&context(), &plan, false).unwrap().changed);
    assert_eq!(records(&root), 1);
}

#[test]
fn a_dry_run_touches_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut plan = Plan::new(TITLE, folder.path().join("shop"));
    plan.create("a.rs", "one");
    assert!(run(&context(), &plan, true).unwrap().changed);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_conflict_without_a_terminal_needs_an_answer_and_writes_nothing() {
    let (_folder, root) = project();
    let mut plan = Plan::new(TITLE, &root);
    plan.create("new.rs", "new");
    plan.create("a.rs", "other");
    let error = run(&context(), &plan, false).unwrap_err();
    assert_eq!(error.kind, ErrorKind::NeedsAnswer);
    assert!(!root.join("new.rs").exists());
    assert_eq!(text(&root, "a.rs"), "one\n");
}

#[test]
fn nothing_is_written_outside() {
    let (folder, root) = project();
    for path in ["../out.rs", "src/../../out.rs"] {
        let mut plan = Plan::new(TITLE, &root);
        plan.create("new.rs", "new");
        plan.create(path, "out");
        assert!(run(&context(), &plan, false).is_err(), "{path}");
        assert!(!root.join("new.rs").exists());
        assert!(!folder.path().join("out.rs").exists());
        plan.root = folder.path().join("fresh");
        assert!(run(&context(), &plan, false).is_err(), "{path}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}

#[cfg(unix)]
#[test]
fn an_edited_file_keeps_its_permissions() {
    use std::os::unix::fs::PermissionsExt;
    let (_folder, root) = project();
    fs::set_permissions(root.join("a.rs"), fs::Permissions::from_mode(0o750)).unwrap();
    let mut plan = Plan::new(TITLE, &root);
    plan.edit("a.rs", "one\n", "1\n");
    run(&context(), &plan, false).unwrap();
    let mode = fs::metadata(root.join("a.rs"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o750);
}

#[test]
fn a_journal_from_elsewhere_cannot_reach_outside() {
    let (folder, root) = project();
    let out = folder.path().join("out.rs");
    fs::write(&out, "precious").unwrap();
    let after = record::sha256(b"precious");
    let journal = format!(
        r#"{{"title": "x", "folders": ["../empty"], "moves": [{{"path": "../out.rs", "after": "{after}", "replaces": false}}]}}"#
    );
    fs::create_dir(folder.path().join("empty")).unwrap();
    leave_journal(&root, &journal);
    recover(&context().output, &root).unwrap();
    assert_eq!(text(folder.path(), "out.rs"), "precious");
    assert!(folder.path().join("empty").exists());
    assert!(!root.join(".luthier/journal.json").exists());
}

#[test]
fn recovery_leaves_alone_what_was_edited_since() {
    let (_folder, root) = project();
    let after = record::sha256(b"generated");
    let moved =
        |path: &str| format!(r#"{{"path": "{path}", "after": "{after}", "replaces": false}}"#);
    let moves = [moved("generated.rs"), moved("edited.rs"), moved("never.rs")].join(",");
    let journal = format!(r#"{{"title": "x", "folders": [], "moves": [{moves}]}}"#);
    fs::write(root.join("generated.rs"), "generated").unwrap();
    fs::write(root.join("edited.rs"), "generated, then edited").unwrap();
    leave_journal(&root, &journal);
    recover(&context().output, &root.join("src")).unwrap();
    assert!(!root.join("generated.rs").exists());
    assert_eq!(text(&root, "edited.rs"), "generated, then edited");
}

#[test]
fn a_journal_that_makes_no_sense_is_not_guessed_at() {
    let (_folder, root) = project();
    leave_journal(&root, "{}");
    let error = recover(&context().output, &root).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("journal.json cannot be understood"),
        "{error}"
    );
    assert!(error.hints[0].contains("remove it"));
    assert_eq!(text(&root, "a.rs"), "one\n");
}

#[cfg(unix)]
#[test]
fn a_stage_that_is_a_link_is_not_followed() {
    let (folder, root) = project();
    let precious = folder.path().join("precious/old");
    fs::create_dir_all(&precious).unwrap();
    fs::write(precious.join("0"), "precious").unwrap();
    std::os::unix::fs::symlink(folder.path().join("precious"), root.join(".luthier/stage"))
        .unwrap();
    let message = recover(&context().output, &root).unwrap_err().to_string();
    assert!(message.contains("symbolic link"), "{message}");
    assert_eq!(text(folder.path(), "precious/old/0"), "precious");
}
