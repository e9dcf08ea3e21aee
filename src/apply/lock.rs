//! One writer in a project at a time.

use std::fs::{File, TryLockError};
use std::io::{Seek, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;

use super::disk;
use super::paths::{self, FOLDER};
use crate::error::{Error, Result};

/// Held while files are written; the system lets go of it when the process ends, however it ends.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

pub(super) fn path(root: &Path) -> PathBuf {
    root.join(FOLDER).join("lock")
}

/// Takes the lock of the project at `root` for the work `title`, or says who has it.
pub(super) fn take(root: &Path, title: &str) -> Result<Lock> {
    try_take(root, title)?.ok_or_else(|| taken(&path(root)))
}

/// As [`take`], but gives whoever has it the time that moving files takes.
pub(super) fn wait(root: &Path, title: &str) -> Result<Lock> {
    for _ in 0..100 {
        match try_take(root, title)? {
            Some(lock) => return Ok(lock),
            None => std::thread::sleep(Duration::from_millis(10)),
        }
    }
    take(root, title)
}

/// As [`take`]; `None` if somebody has it.
pub(super) fn try_take(root: &Path, title: &str) -> Result<Option<Lock>> {
    let path = paths::within(root, &Path::new(FOLDER).join("lock"))?;
    let folder = root.join(FOLDER);
    if !folder.is_dir() {
        disk::make_folder(&folder)?;
    }
    let mut options = File::options();
    let options = options.read(true).write(true).create(true).truncate(false);
    let file = options.open(&path);
    let mut file = file.with_context(|| format!("cannot write {}", path.display()))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Ok(None),
        Err(TryLockError::Error(error)) => {
            return Err(error)
                .with_context(|| format!("cannot lock {}", path.display()))
                .map_err(Error::from);
        }
    }
    // Only for the message of whoever finds the lock taken, so not worth failing for.
    let _ = file.set_len(0);
    let _ = file.rewind();
    let _ = write!(file, "`luthier {title}` (process {})", std::process::id());
    Ok(Some(Lock { _file: file }))
}

fn taken(path: &Path) -> Error {
    let who = std::fs::read_to_string(path).unwrap_or_default();
    let who = match who.as_str() {
        "" => "another luthier",
        who => who,
    };
    Error::failed(format_args!("{who} is at work in this project"))
        .hint("wait until it is done, then try again")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_is_told_about_the_first() {
        let root = tempfile::tempdir().unwrap();
        let first = take(root.path(), "startapp books").unwrap();
        let error = take(root.path(), "startapp authors")
            .unwrap_err()
            .to_string();
        assert!(
            error.starts_with("`luthier startapp books` (process "),
            "{error}"
        );
        drop(first);
        // A process that another test starts at this moment holds a copy of the lock until it runs its own program.
        let free = || {
            std::thread::sleep(std::time::Duration::from_millis(10));
            take(root.path(), "startapp authors").is_ok()
        };
        assert!((0..500).any(|_| free()));
    }
}
