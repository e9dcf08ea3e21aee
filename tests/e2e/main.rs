//! End-to-end tests of the commands, each run in a sandbox, in one binary: what links databases is linked once.
//!
//! Tests that compile and boot generated projects are a binary of their own, `tests/generated`.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "tests look at the outside on purpose, and say what they cannot test"
)]

mod add;
mod admin;
mod adopt;
#[cfg(unix)]
mod adopt_python;
mod adoption;
mod architecture;
mod check;
mod command_line;
#[path = "../common/mod.rs"]
mod common;
mod demo;
#[cfg(unix)]
mod django;
mod external_login;
mod faults;
mod flask;
mod init;
mod migrations;
#[cfg(unix)]
mod minimal;
mod oracle;
mod own_sources;
mod populated;
#[cfg(unix)]
mod python_environments;
mod rebuilds;
#[cfg(unix)]
mod runserver;
mod scenarios;
mod security_page;
#[cfg(unix)]
mod shipping;
mod startapp;
mod startmodel;
mod startproject;
mod startviews;
#[cfg(unix)]
mod static_site;
#[cfg(unix)]
mod terminal;
mod user_model;
mod web_pack;

use std::path::Path;

/// A file that no module declares would be skipped without a word.
#[test]
fn every_test_file_is_declared() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/e2e");
    let mut forgotten = Vec::new();
    undeclared(&folder, "main.rs", &mut forgotten);
    assert_eq!(forgotten, Vec::<String>::new());
}

/// Adds to `forgotten` the Rust files and folders of `folder` that its `root` file does not declare.
fn undeclared(folder: &Path, root: &str, forgotten: &mut Vec<String>) {
    let declarations = std::fs::read_to_string(folder.join(root)).expect("the root file is read");
    for entry in std::fs::read_dir(folder).expect("the folder is read") {
        let path = entry.expect("the entry is read").path();
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        let is_module = path.join("mod.rs").is_file();
        let is_source = path.extension().is_some_and(|extension| extension == "rs");
        if (!is_source && !is_module) || path.ends_with(root) {
            continue;
        }
        let declared = format!("mod {name};");
        let mut lines = declarations.lines();
        if !lines.any(|line| line.trim_start_matches("pub(crate) ") == declared) {
            forgotten.push(path.display().to_string());
        }
        if is_module {
            undeclared(&path, "mod.rs", forgotten);
        }
    }
}
