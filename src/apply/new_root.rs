//! A folder that does not exist yet: built beside its final place, moved there in one step.

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use super::change::Change;
use super::disk;
use super::lock::{self, Lock};
use super::paths::{self, FOLDER};
use crate::error::{Error, Result};
use crate::interrupt;

/// Writes `changes` into the new folder `root`. After an error neither it nor the folders made above it are there.
pub(super) fn create<'a>(
    root: &Path,
    title: &str,
    changes: impl Iterator<Item = &'a Change>,
) -> Result<()> {
    let (Some(above), Some(name)) = (root.parent(), root.file_name()) else {
        let root = root.display();
        return Err(Error::bad_input(format_args!(
            "a new folder cannot be made at {root}"
        )));
    };
    let missing = above.ancestors().take_while(|folder| !folder.exists());
    let missing: Vec<&Path> = missing.collect();
    let result = missing
        .iter()
        .rev()
        .try_for_each(|folder| disk::make_folder(folder))
        .and_then(|()| clear_scraps(above, name))
        .and_then(|()| build(root, title, changes));
    result.inspect_err(|_| {
        for folder in missing {
            let _ = disk::remove_empty_folder(folder);
        }
    })
}

/// How the folders that a folder `name` is built in are called: hidden, beside it, one a process.
fn aside_prefix(name: &OsStr) -> OsString {
    let mut prefix = OsString::from(".");
    prefix.push(name);
    prefix.push(".luthier-new-");
    prefix
}

/// Removes what crashed attempts left, but nothing that another process is building right now.
fn clear_scraps(above: &Path, name: &OsStr) -> Result<()> {
    let prefix = aside_prefix(name);
    let Ok(entries) = std::fs::read_dir(above) else {
        return Ok(());
    };
    for entry in entries.flatten() {
        let found = entry.file_name();
        if !found
            .as_encoded_bytes()
            .starts_with(prefix.as_encoded_bytes())
        {
            continue;
        }
        let scrap = entry.path();
        if !lock::path(&scrap).exists() {
            // Cut short before there was anything in it.
            disk::remove_empty_folder(&scrap.join(FOLDER))?;
            disk::remove_empty_folder(&scrap)?;
        } else if let Some(_lock) = lock::try_take(&scrap, "startproject")? {
            disk::remove_folder(&scrap)?;
        }
    }
    Ok(())
}

fn build<'a>(root: &Path, title: &str, changes: impl Iterator<Item = &'a Change>) -> Result<()> {
    let mut aside = aside_prefix(root.file_name().unwrap_or_default());
    aside.push(std::process::id().to_string());
    let aside = root.with_file_name(aside);
    disk::make_folder(&aside)?;
    let moved = fill(root, &aside, title, changes).and_then(|lock| {
        interrupt::stop_if_requested()?;
        if cfg!(windows) {
            // A folder with an open file in it cannot be moved there.
            drop(lock);
            return disk::rename(&aside, root);
        }
        disk::rename(&aside, root)
    });
    moved.inspect_err(|_| {
        let _ = disk::remove_folder(&aside);
    })
}

/// Writes the files of `root` into `folder`; the lock says that somebody is at it.
fn fill<'a>(
    root: &Path,
    folder: &Path,
    title: &str,
    changes: impl Iterator<Item = &'a Change>,
) -> Result<Lock> {
    let lock = lock::take(folder, title)?;
    let mut made: BTreeSet<PathBuf> = [folder.to_owned(), folder.join(FOLDER)].into();
    for change in changes {
        let place = paths::within(folder, &change.path)?;
        let above = place.ancestors().skip(1);
        let missing: Vec<&Path> = above.take_while(|above| !made.contains(*above)).collect();
        for missing in missing.into_iter().rev() {
            disk::make_folder(missing)?;
            made.insert(missing.to_owned());
        }
        disk::write_for(&root.join(&change.path), &place, &change.new)?;
    }
    Ok(lock)
}
