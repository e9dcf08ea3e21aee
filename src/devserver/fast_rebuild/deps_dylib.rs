//! The shared library of the dependencies, which seldom change.

use std::path::{Path, PathBuf};

use crate::devserver::fingerprint;

/// The path of the shared library of these files: each state of the files has a name of its own.
pub(super) fn path(folder: &Path, files: &[PathBuf]) -> std::io::Result<PathBuf> {
    let mut state = String::new();
    for file in files {
        let data = std::fs::metadata(file)?;
        let (length, time) = (data.len(), data.modified()?);
        state.push_str(&format!("{} {length} {time:?}\n", file.display()));
    }
    let hash = fingerprint::bytes(state.as_bytes());
    Ok(folder.join(format!("base-{hash:016x}.so")))
}

/// Puts the new shared library in place and removes the others; running programs keep theirs open.
pub(super) fn replace(folder: &Path, new: &Path, path: &Path) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with("base-") && name.ends_with(".so") {
            std::fs::remove_file(&path)?;
        }
    }
    std::fs::rename(new, path)
}
