//! The architecture of the tool: which module may use which.

mod cycles;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The modules of `src/lib.rs`, lowest first. A module uses modules of lower layers only.
const LAYERS: &[&[&str]] = &[
    &["error", "inflection", "paths", "schema"],
    &["files", "interrupt", "names", "operation", "output", "toml"],
    &["ask", "context", "git", "plan", "sql"],
    &["apply", "cargo", "check", "models"],
    &["migrations", "scaffold"],
    &["database", "project"],
    &["devserver", "package", "program"],
    &["commands"],
    &["cli"],
];

/// Rust files below `folder` that are not tests.
fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("the folder is read") {
        let path = entry.expect("the entry is read").path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_dir() {
            if name != "tests" {
                sources(&path, found);
            }
        } else if name.ends_with(".rs") && name != "tests.rs" {
            found.push(path);
        }
    }
}

/// The modules that `text` names as `crate::module`, its unit tests left out.
fn used(text: &str) -> Vec<&str> {
    let text = text.split("#[cfg(test)]\nmod tests").next().unwrap_or(text);
    let is_comment = |line: &&str| line.trim_start().starts_with("//");
    text.lines()
        .filter(|line| !is_comment(line))
        .flat_map(|line| line.split("crate::").skip(1))
        .map(|rest| {
            let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_');
            &rest[..end.unwrap_or(rest.len())]
        })
        .collect()
}

#[test]
fn modules_use_lower_layers_only() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let layer: BTreeMap<&str, usize> = LAYERS
        .iter()
        .enumerate()
        .flat_map(|(number, modules)| modules.iter().map(move |module| (*module, number)))
        .collect();
    let mut files = Vec::new();
    sources(&src, &mut files);
    let mut upwards = Vec::new();
    for file in files {
        let path = file.strip_prefix(&src).expect("the file is below src");
        let first = path.iter().next().unwrap_or_default().to_string_lossy();
        let module = first.trim_end_matches(".rs");
        if ["lib", "main"].contains(&module) {
            continue;
        }
        let own = layer.get(module).unwrap_or_else(|| {
            panic!("src/{module} has no layer: add the module to LAYERS in this test")
        });
        let text = std::fs::read_to_string(&file).expect("the file is read");
        for other in used(&text) {
            let Some(theirs) = layer.get(other).filter(|_| other != module) else {
                continue;
            };
            if theirs >= own {
                upwards.push(format!("{} uses {other}", path.display()));
            }
        }
    }
    assert_eq!(upwards, Vec::<String>::new());
}

/// A dialect's files are found from the list in ARCHITECTURE.md alone.
#[test]
fn the_list_of_a_dialects_files_is_exact() {
    const DIALECTS: [&str; 3] = ["sqlite", "postgres", "mysql"];
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(here.join("ARCHITECTURE.md")).expect("readable");
    let listed: BTreeSet<&str> = text
        .split('`')
        .filter(|path| path.starts_with("src/") && path.contains("/DIALECT."))
        .collect();
    let mut there: BTreeMap<String, usize> = BTreeMap::new();
    for entry in walkdir::WalkDir::new(here.join("src")) {
        let path = entry.expect("readable").into_path();
        let path = path.strip_prefix(here).expect("inside");
        // What lies in a dialect's folder belongs to the file of its name.
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let is_dialect = |folder: &std::ffi::OsStr| DIALECTS.iter().any(|name| folder == *name);
        let mut folders = path.parent().into_iter().flatten();
        let is_inside = folders.any(is_dialect);
        if let Some(ending) = path.extension()
            && DIALECTS.contains(&&*stem)
            && !is_inside
            && !path.iter().any(|folder| folder == "tests")
        {
            let name = format!("DIALECT.{}", ending.to_string_lossy());
            let path = path.with_file_name(name).display().to_string();
            *there.entry(path).or_default() += 1;
        }
    }
    assert_eq!(listed, there.keys().map(String::as_str).collect());
    for (path, count) in there {
        assert_eq!(count, DIALECTS.len(), "{path}: each dialect has one");
    }
}

/// What `src/devserver.rs` promises: without the folder and the line `mod fast_rebuild;` every build is cargo's.
#[test]
fn the_fast_rebuild_can_be_taken_away() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["build.rs", "Cargo.toml", "Cargo.lock", "README.md"] {
        std::fs::copy(here.join(name), folder.path().join(name)).expect("copied");
    }
    for name in ["src", "scaffolds", "demo"] {
        for entry in walkdir::WalkDir::new(here.join(name)) {
            let entry = entry.expect("readable");
            let inside = entry.path().strip_prefix(here).expect("inside");
            let copy = folder.path().join(inside);
            match entry.file_type().is_dir() {
                true => std::fs::create_dir_all(copy).expect("a folder"),
                false => std::fs::copy(entry.path(), copy).map(drop).expect("copied"),
            }
        }
    }
    let devserver = folder.path().join("src/devserver");
    std::fs::remove_dir_all(devserver.join("fast_rebuild")).expect("removed");
    std::fs::remove_file(devserver.join("fast_rebuild.rs")).expect("removed");
    let file = devserver.with_extension("rs");
    let text = std::fs::read_to_string(&file).expect("readable");
    assert!(text.contains("\nmod fast_rebuild;\n"));
    std::fs::write(&file, text.replace("\nmod fast_rebuild;\n", "\n")).expect("written");

    // The dependencies are those that `cargo clippy` has checked already.
    let target = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .parent()
        .expect("target");
    let mut cargo = std::process::Command::new(env!("CARGO"));
    cargo
        .args(["check", "--quiet", "--locked"])
        .current_dir(folder.path());
    cargo
        .env("CARGO_TARGET_DIR", target)
        .env_remove("RUSTFLAGS");
    let output = cargo.output().expect("cargo runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
}
