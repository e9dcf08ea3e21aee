//! Compiled dependencies of another target folder, put where cargo takes them for its own.
//!
//! A unit's name holds a hash of its package, version, features, profile and compiler, and a folder of cargo's can be
//! moved. So cargo judges a file from elsewhere as it judges its own: by the name and the fingerprint beside it. What
//! does not fit the new project is not looked at.

use std::fs::{self, File};
use std::io::{Error, ErrorKind, Result};
use std::path::Path;

use walkdir::{DirEntry, WalkDir};

/// Makes the libraries in `from` available in `to`, without those of the package `except`. Both are folders of one
/// profile, like `target/debug`. Does nothing where `to` is already there.
///
/// # Errors
/// Of the file system: without hard links between the two, nothing is copied in their place.
pub(crate) fn reuse_dependencies(from: &Path, to: &Path, except: &str) -> Result<()> {
    if to.exists() || !from.join(".fingerprint").is_dir() {
        return Ok(());
    }
    // Libraries come first: whether they can be shared decides about the rest.
    for folder in ["deps", "build", ".fingerprint"] {
        let belongs_to_others = |entry: &DirEntry| {
            let name = entry.file_name().to_string_lossy();
            let name = name.strip_prefix("lib").unwrap_or(&name);
            !name
                .strip_prefix(except)
                .is_some_and(|rest| rest.starts_with('-'))
        };
        let entries = WalkDir::new(from.join(folder))
            .into_iter()
            .filter_entry(belongs_to_others);
        for entry in entries {
            let entry = entry?;
            let path = entry.path().strip_prefix(from).map_err(Error::other)?;
            if entry.file_type().is_dir() {
                fs::create_dir_all(to.join(path))?;
            } else {
                share(entry.path(), &to.join(path), folder == "deps")?;
            }
        }
    }
    Ok(())
}

/// The compiler replaces a library, but writes everything else in place: that becomes a copy. In `deps`, programs are
/// left out. Cargo compares times of change, so they stay.
fn share(file: &Path, to: &Path, is_in_deps: bool) -> Result<()> {
    match file.extension().and_then(|extension| extension.to_str()) {
        Some("rlib" | "rmeta" | "so" | "dylib") if is_in_deps => fs::hard_link(file, to),
        Some("d") => copy(file, to),
        _ if is_in_deps => Ok(()),
        _ => copy(file, to),
    }
    // Another build of cargo's may clean up while this one looks.
    .or_else(|error| match error.kind() {
        ErrorKind::NotFound => Ok(()),
        _ => Err(error),
    })
}

fn copy(file: &Path, to: &Path) -> Result<()> {
    let modified = file.metadata()?.modified()?;
    fs::copy(file, to)?;
    File::options().write(true).open(to)?.set_modified(modified)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(folder: &Path, path: &str) {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(path, "content").expect("written");
    }

    fn files(folder: &Path) -> Vec<String> {
        let mut files: Vec<_> = WalkDir::new(folder)
            .into_iter()
            .map(|entry| entry.expect("readable"))
            .filter(|entry| entry.file_type().is_file())
            .map(|entry| {
                entry
                    .path()
                    .strip_prefix(folder)
                    .expect("inside")
                    .display()
                    .to_string()
            })
            .collect();
        files.sort();
        files
    }

    #[test]
    fn libraries_of_others_are_shared_with_their_times() {
        let folder = tempfile::tempdir().expect("a folder");
        let [from, to] = ["one", "two"].map(|name| folder.path().join(name));
        for path in [
            ".fingerprint/anyhow-1/lib-anyhow",
            ".fingerprint/tool-2/lib-tool",
            "build/libc-3/out/flags",
            "build/tool-4/output",
            "deps/anyhow-1.d",
            "deps/libanyhow-1.rlib",
            "deps/libanyhow-1.rmeta",
            "deps/libtool-2.rlib",
            "deps/libtool_derive-5.so",
            "deps/tool-2",
            "deps/tests-6",
            "tool",
        ] {
            write(&from, path);
        }
        reuse_dependencies(&from, &to, "tool").expect("shared");
        assert_eq!(
            files(&to),
            [
                ".fingerprint/anyhow-1/lib-anyhow",
                "build/libc-3/out/flags",
                "deps/anyhow-1.d",
                "deps/libanyhow-1.rlib",
                "deps/libanyhow-1.rmeta",
                "deps/libtool_derive-5.so",
            ]
        );
        let modified = |root: &Path, path: &str| {
            root.join(path)
                .metadata()
                .expect("there")
                .modified()
                .expect("known")
        };
        for path in files(&to) {
            assert_eq!(modified(&from, &path), modified(&to, &path), "{path}");
        }
        // What the compiler writes in place is a file of its own.
        fs::write(to.join("deps/anyhow-1.d"), "changed").expect("written");
        assert_eq!(
            fs::read(from.join("deps/anyhow-1.d")).expect("readable"),
            b"content"
        );
    }

    #[test]
    fn a_folder_that_is_there_is_left_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let [from, to] = ["one", "two"].map(|name| folder.path().join(name));
        write(&from, ".fingerprint/anyhow-1/lib-anyhow");
        write(&to, "own");
        reuse_dependencies(&from, &to, "tool").expect("nothing to do");
        assert_eq!(files(&to), ["own"]);
    }
}
