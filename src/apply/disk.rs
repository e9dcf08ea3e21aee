//! Every way this module changes the disk, one function each, so that tests can make any of them fail.

use std::fmt;
use std::io::{self, ErrorKind, Write as _};
use std::path::Path;

use anyhow::Context as _;

use super::paths;
use crate::error::{Error, Result};

/// The contents of a file; `None` if there is none.
pub(super) fn read(path: &Path) -> Result<Option<Vec<u8>>> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(because(error, "read", path)),
    }
}

/// As [`read`], for a path that may not lead out of `root`.
pub(super) fn read_within(root: &Path, relative: &Path) -> Result<Option<Vec<u8>>> {
    read(&paths::within(root, relative)?)
}

/// Writes a file. Secrets, which are in `.env`, are for its owner's eyes alone.
pub(super) fn write(path: &Path, contents: &[u8]) -> Result<()> {
    write_for(path, path, contents)
}

/// As [`write`], to a file that is moved to `place` later: an error names that, which the user knows.
pub(super) fn write_for(place: &Path, path: &Path, contents: &[u8]) -> Result<()> {
    change("write", place, || {
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        if path.file_name().is_some_and(|name| name == ".env") {
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        }
        options.open(path)?.write_all(contents)
    })
}

/// Moves a file; what is at `to` is replaced in one step.
pub(super) fn rename(from: &Path, to: &Path) -> Result<()> {
    change("move a file to", to, || std::fs::rename(from, to))
}

/// Keeps the file `from` at `to` as well, or, on a file system without hard links, at `to` only.
pub(super) fn set_aside(from: &Path, to: &Path) -> Result<()> {
    change("set aside", from, || {
        std::fs::hard_link(from, to).or_else(|_| std::fs::rename(from, to))
    })
}

/// Makes one folder; its parent must exist.
pub(super) fn make_folder(path: &Path) -> Result<()> {
    change("make the folder", path, || std::fs::create_dir(path))
}

pub(super) fn copy_permissions(from: &Path, to: &Path) -> Result<()> {
    change("set the permissions of", to, || {
        std::fs::set_permissions(to, std::fs::metadata(from)?.permissions())
    })
}

/// Removes a file; one that is gone already is fine.
pub(super) fn remove_file(path: &Path) -> Result<()> {
    change("remove", path, || gone(std::fs::remove_file(path)))
}

/// Removes a folder and all in it; one that is gone already is fine.
pub(super) fn remove_folder(path: &Path) -> Result<()> {
    change("remove", path, || gone(std::fs::remove_dir_all(path)))
}

/// Removes a folder if nothing is in it.
pub(super) fn remove_empty_folder(path: &Path) -> Result<()> {
    change("remove", path, || match std::fs::remove_dir(path) {
        Err(error) if error.kind() == ErrorKind::DirectoryNotEmpty => Ok(()),
        other => gone(other),
    })
}

fn gone(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

fn change(what: &str, path: &Path, act: impl FnOnce() -> io::Result<()>) -> Result<()> {
    fault::due()
        .and_then(|()| act())
        .map_err(|error| because(error, what, path))
}

fn because(error: io::Error, what: impl fmt::Display, path: &Path) -> Error {
    let message = format!("cannot {what} {}", path.display());
    Err::<(), _>(error).context(message).unwrap_err().into()
}

/// Faults on request, for the tests: `LUTHIER_FAULT=crash:7` ends the process before its seventh change to the disk,
/// `error:7` fails that change, `broken:7` that one and all after it. Not in release builds.
mod fault {
    use std::io;

    #[cfg(not(debug_assertions))]
    pub(super) fn due() -> io::Result<()> {
        Ok(())
    }

    #[cfg(debug_assertions)]
    pub(super) fn due() -> io::Result<()> {
        use std::sync::atomic::{AtomicU32, Ordering};
        static CHANGES: AtomicU32 = AtomicU32::new(0);

        let change = 1 + CHANGES.fetch_add(1, Ordering::Relaxed);
        let Ok(fault) = std::env::var("LUTHIER_FAULT") else {
            return Ok(());
        };
        let wanted = fault
            .split_once(':')
            .and_then(|(kind, at)| Some((kind, at.parse::<u32>().ok()?)));
        match wanted {
            // No destructor runs: as abrupt as a kill, without a core file.
            Some(("crash", at)) if change == at => std::process::exit(137),
            Some(("error", at)) if change == at => Err(io::Error::other("a fault was asked for")),
            Some(("broken", at)) if change >= at => Err(io::Error::other("a fault was asked for")),
            _ => Ok(()),
        }
    }
}
