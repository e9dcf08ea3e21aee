//! `dist/`: only what differs is written, each file at once; then what no longer belongs to the site is removed.

use std::fs;
use std::io::{Error, ErrorKind, Result};
use std::path::Path;

use crate::builder::Files;

/// The folder of the built site.
pub const FOLDER: &str = "dist";

/// Where a file is written before it takes its place.
const NEW: &str = ".new";

/// Brings `dist/` up to date. A repository in there (`.git`, `.gitignore`) stays; nothing outside is touched.
///
/// Pages come last: what they show is there when they are.
pub fn write(root: &Path, files: &Files) -> Result<()> {
    let folder = root.join(FOLDER);
    match fs::symlink_metadata(&folder) {
        Ok(data) if !data.is_dir() => {
            let message =
                format!("{FOLDER} is not a folder: move it away, the site is written there");
            return Err(Error::new(ErrorKind::AlreadyExists, message));
        }
        _ => fs::create_dir_all(&folder)?,
    }
    let is_page = |path: &str| path.ends_with(".html");
    let (pages, others): (Vec<_>, Vec<_>) = files.iter().partition(|(path, _)| is_page(path));
    for (path, bytes) in others.into_iter().chain(pages) {
        put(&folder, path, bytes)?;
    }
    remove_others(&folder, "", files)
}

/// Writes a file unless it is there: an unchanged one keeps its time for whoever copies what is newer.
fn put(folder: &Path, path: &str, bytes: &[u8]) -> Result<()> {
    let mut file = folder.to_owned();
    let mut parts = path.split('/').peekable();
    while let Some(part) = parts.next() {
        file.push(part);
        let data = fs::symlink_metadata(&file).ok();
        match (data, parts.peek()) {
            (Some(data), Some(_)) if data.is_dir() => {}
            (Some(data), None) if data.is_file() && fs::read(&file)? == bytes => return Ok(()),
            (Some(data), None) if data.is_dir() => fs::remove_dir_all(&file)?,
            (Some(_), None) | (None, None) => {}
            // A file or a link where a folder belongs.
            (Some(_), Some(_)) => {
                fs::remove_file(&file)?;
                fs::create_dir(&file)?;
            }
            (None, Some(_)) => fs::create_dir(&file)?,
        }
    }
    let new = folder.join(NEW);
    fs::write(&new, bytes)?;
    fs::rename(&new, &file)
}

/// Removes what is not part of the site, and the folders that are empty then.
fn remove_others(folder: &Path, inside: &str, files: &Files) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = format!("{inside}{}", entry.file_name().to_string_lossy());
        if path.starts_with(".git") {
            continue;
        }
        if entry.file_type()?.is_dir() {
            remove_others(&entry.path(), &format!("{path}/"), files)?;
            match fs::remove_dir(entry.path()) {
                Err(error) if error.kind() != ErrorKind::DirectoryNotEmpty => return Err(error),
                _ => {}
            }
        } else if !files.contains_key(&path) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// The files of a site that was built before.
pub fn read(folder: &Path) -> Result<Files> {
    let mut files = Files::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next)? {
            let path = entry?.path();
            let inside = path.strip_prefix(folder).unwrap_or(&path);
            let parts: Vec<_> = inside.iter().map(|part| part.to_string_lossy()).collect();
            if path.is_dir() {
                if !parts.join("/").starts_with(".git") {
                    folders.push(path);
                }
            } else {
                files.insert(parts.join("/"), fs::read(&path)?);
            }
        }
    }
    Ok(files)
}
