//! `dist/`: written beside the old one and exchanged with it at once.

use std::fs;
use std::io::{Error, ErrorKind, Result};
use std::path::Path;

use crate::builder::Files;

/// The folder of the built site.
pub const FOLDER: &str = "dist";

/// Replaces the files in `dist/`. A repository in there (`.git`, `.gitignore`) stays; nothing outside is touched.
pub fn write(root: &Path, files: &Files) -> Result<()> {
    let [current, new, old] = [FOLDER, ".dist.new", ".dist.old"].map(|name| root.join(name));
    match fs::symlink_metadata(&current) {
        Ok(data) if !data.is_dir() => {
            let message =
                format!("{FOLDER} is not a folder: move it away, the site is written there");
            return Err(Error::new(ErrorKind::AlreadyExists, message));
        }
        _ => {}
    }
    if old.is_dir() && !current.exists() {
        fs::rename(&old, &current)?;
    }
    finish(&old, &current)?;
    remove(&new)?;
    fs::create_dir(&new)?;
    for (path, bytes) in files {
        let file = new.join(path);
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(file, bytes)?;
    }
    if current.is_dir() {
        fs::rename(&current, &old)?;
    }
    fs::rename(&new, &current)?;
    finish(&old, &current)
}

/// Carries a repository over from the old folder, and removes that.
fn finish(old: &Path, current: &Path) -> Result<()> {
    if !old.is_dir() {
        return Ok(());
    }
    for entry in fs::read_dir(old)? {
        let name = entry?.file_name();
        let is_git = name.to_string_lossy().starts_with(".git");
        if is_git && !current.join(&name).exists() {
            fs::rename(old.join(&name), current.join(&name))?;
        }
    }
    remove(old)
}

/// Removes what an interrupted build left.
fn remove(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
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
