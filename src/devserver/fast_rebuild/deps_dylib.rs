//! The shared library that holds what seldom changes.

use std::path::{Path, PathBuf};

use super::files::put;

/// Where the shared library of these files is, or is to be: each state of the files has a name of its own.
pub(super) fn place(folder: &Path, files: &[PathBuf]) -> std::io::Result<PathBuf> {
    let mut state = String::new();
    for file in files {
        let data = std::fs::metadata(file)?;
        let (length, time) = (data.len(), data.modified()?);
        state.push_str(&format!("{} {length} {time:?}\n", file.display()));
    }
    let hash = crc32fast::hash(state.as_bytes());
    Ok(folder.join(format!("base-{hash:08x}.so")))
}

/// Puts the new shared library in its place and takes the others away; programs that run keep theirs.
#[expect(
    clippy::disallowed_methods,
    reason = "what is built is no file of the project"
)]
pub(super) fn replace(folder: &Path, linked: &Path, deps_dylib: &Path) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with("base-") && name.ends_with(".so") {
            std::fs::remove_file(&path)?;
        }
    }
    put(linked, deps_dylib)
}
