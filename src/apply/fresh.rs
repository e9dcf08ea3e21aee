//! A folder that does not exist yet: built beside its final place, moved there in one step.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::change::Change;
use super::{FOLDER, disk, lock, paths};
use crate::error::{Error, Result};
use crate::interrupt;

/// Writes `changes` into the new folder `root`.
///
/// If folders above `root` are missing too, the outermost missing one is what is built aside, so that a failure
/// leaves nothing at all.
pub(super) fn create<'a>(
    root: &Path,
    title: &str,
    changes: impl Iterator<Item = &'a Change>,
) -> Result<()> {
    let outermost = outermost_missing(root);
    let aside = aside(outermost)?;
    let inside = match root.strip_prefix(outermost) {
        Ok(rest) if !rest.as_os_str().is_empty() => aside.join(rest),
        _ => aside.clone(),
    };
    clear(&aside, &inside, title)?;
    let built = build(&inside, &aside, title, changes)
        .and_then(|()| interrupt::stop_if_requested())
        .and_then(|()| disk::rename(&aside, outermost));
    built.inspect_err(|_| {
        let _ = disk::remove_folder(&aside);
    })
}

fn outermost_missing(root: &Path) -> &Path {
    let missing = root.ancestors().take_while(|folder| !folder.exists());
    missing.last().unwrap_or(root)
}

/// The folder to build in: hidden, beside `folder`, the same for every attempt so that the next one clears it away.
fn aside(folder: &Path) -> Result<PathBuf> {
    let name = folder.file_name().ok_or_else(|| {
        Error::bad_input(format_args!("{} is no name for a folder", folder.display()))
    })?;
    let mut hidden = OsString::from(".");
    hidden.push(name);
    hidden.push(".luthier-new");
    Ok(folder.with_file_name(hidden))
}

/// Removes what a crashed attempt left, but not what another process is building right now.
fn clear(aside: &Path, inside: &Path, title: &str) -> Result<()> {
    if !aside.exists() {
        return Ok(());
    }
    if lock::path(inside).exists() {
        lock::take(inside, title)?;
    }
    disk::remove_folder(aside)
}

fn build<'a>(
    inside: &Path,
    aside: &Path,
    title: &str,
    changes: impl Iterator<Item = &'a Change>,
) -> Result<()> {
    let mut made = BTreeSet::new();
    let mut make = |folder: &Path| {
        let mut missing: Vec<&Path> = folder
            .ancestors()
            .take_while(|folder| folder.starts_with(aside) && !made.contains(*folder))
            .collect();
        missing.reverse();
        missing.into_iter().try_for_each(|folder| {
            made.insert(folder.to_owned());
            disk::make_folder(folder)
        })
    };
    make(&inside.join(FOLDER))?;
    // Let go of before the folder is moved, which Windows refuses while a file in it is open.
    let _lock = lock::take(inside, title)?;
    for change in changes {
        let place = paths::within(inside, &change.path)?;
        make(place.parent().unwrap_or(inside))?;
        disk::write(&place, &change.new)?;
    }
    Ok(())
}
