//! Reading files: text, or nothing where there is no such file.
#![expect(
    clippy::disallowed_methods,
    reason = "this module reads files for the modules that load projects and cargo's workspaces"
)]

use std::ffi::OsString;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::Context as _;

use crate::error::{Error, Result};

/// The folder at or above `start` that holds `file`.
pub(crate) fn nearest<'a>(start: &'a Path, file: &str) -> Option<&'a Path> {
    start.ancestors().find(|folder| folder.join(file).is_file())
}

/// The names of what is directly in `folder`, sorted; nothing if there is no such folder.
pub(crate) fn names_in(folder: &Path) -> Result<Vec<OsString>> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(unreadable(folder, error)),
    };
    let names = entries.map(|entry| Ok(entry?.file_name()));
    let mut names: Vec<OsString> = names
        .collect::<std::io::Result<_>>()
        .map_err(|error| unreadable(folder, error))?;
    names.sort();
    Ok(names)
}

/// The text of a file; `None` if there is none.
pub(crate) fn read(path: &Path) -> Result<Option<String>> {
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unreadable(path, error)),
    };
    String::from_utf8(bytes)
        .map(Some)
        .with_context(|| format!("{} is not UTF-8 text", path.display()))
        .map_err(Error::from)
}

/// The error of a file or folder that cannot be read, with its path.
pub(crate) fn unreadable(path: &Path, error: std::io::Error) -> Error {
    Error::from(anyhow::Error::new(error).context(format!("{} cannot be read", path.display())))
}
