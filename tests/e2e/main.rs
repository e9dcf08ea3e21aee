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
mod flask_databases;
mod init;
mod migrations;
#[cfg(unix)]
mod minimal;
mod odd;
mod oracle;
mod own_sources;
mod populated;
mod python_api;
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
    undeclared(&folder, &folder.join("main.rs"), &mut forgotten);
    assert_eq!(forgotten, Vec::<String>::new());
}

/// Adds to `forgotten` the modules of `folder`, files and folders, that `declaring` does not declare.
fn undeclared(folder: &Path, declaring: &Path, forgotten: &mut Vec<String>) {
    let declarations = std::fs::read_to_string(declaring).expect("the declaring file is read");
    for entry in std::fs::read_dir(folder).expect("the folder is read") {
        let path = entry.expect("the entry is read").path();
        let is_source =
            path.is_dir() || path.extension().is_some_and(|extension| extension == "rs");
        if path == declaring || !is_source {
            continue;
        }
        let own = [path.join("mod.rs"), path.with_extension("rs")];
        let Some(own) = own.into_iter().find(|own| own.is_file()) else {
            continue;
        };
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        let declared = format!("mod {name};");
        let folder_name = folder.file_name().unwrap_or_default().to_string_lossy();
        let by_path = format!("#[path = \"{folder_name}/{name}.rs\"]");
        let mut lines = declarations.lines();
        let visibilities = ["pub(crate) ", "pub(super) "];
        if !lines.any(|line| {
            let line = line.trim_start();
            let bare = visibilities.iter().find_map(|word| line.strip_prefix(word));
            bare.unwrap_or(line) == declared || line == by_path
        }) {
            forgotten.push(path.display().to_string());
        }
        if path.is_dir() {
            undeclared(&path, &own, forgotten);
        }
    }
}
