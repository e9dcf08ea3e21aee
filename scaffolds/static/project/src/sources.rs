//! The files that the site is made of.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

use crate::problem::Problem;

/// The folders that are read.
pub const FOLDERS: [&str; 4] = ["pages", "layouts", "assets", "static"];

/// A file below the root, its path written with `/`.
#[derive(Debug)]
pub struct Source {
    pub path: String,
    pub bytes: Vec<u8>,
}

impl Source {
    /// The path inside of the folder that it was read from.
    pub fn inside(&self) -> &str {
        self.path.split_once('/').map_or("", |(_, inside)| inside)
    }

    pub fn text(&self) -> Result<&str, Problem> {
        std::str::from_utf8(&self.bytes).map_err(|error| {
            let good = &self.bytes[..error.valid_up_to()];
            let line = 1 + good.iter().filter(|byte| **byte == b'\n').count();
            Problem::new(&self.path, line, "is not UTF-8 text")
        })
    }
}

/// The files in `folder`, sorted by path. Hidden ones are part of the site only in `static`.
pub fn read(root: &Path, folder: &str, problems: &mut Vec<Problem>) -> Vec<Source> {
    let mut sources = Vec::new();
    walk(
        root,
        folder,
        &mut |path, file| match file.and_then(|()| fs::read(root.join(path))) {
            Ok(bytes) => sources.push(Source {
                path: path.to_owned(),
                bytes,
            }),
            Err(error) => problems.push(Problem::new(path, 1, error.to_string())),
        },
    );
    sources.sort_by(|one, other| one.path.cmp(&other.path));
    sources
}

/// A number that changes with every edit of what the site is made of.
pub fn fingerprint(root: &Path) -> u64 {
    let mut hasher = DefaultHasher::new();
    let mut add = |path: &str| {
        path.hash(&mut hasher);
        if let Ok(data) = fs::metadata(root.join(path)) {
            (data.len(), data.modified().ok()).hash(&mut hasher);
        }
    };
    add("site.toml");
    for folder in FOLDERS {
        walk(root, folder, &mut |path, _| add(path));
    }
    hasher.finish()
}

/// Calls `found` with the path of each file below `folder`, and with an error for what is none.
fn walk(root: &Path, folder: &str, found: &mut dyn FnMut(&str, std::io::Result<()>)) {
    let entries = match fs::read_dir(root.join(folder)) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return,
        Err(error) => return found(folder, Err(error)),
    };
    let refused = |message: &str| Err(std::io::Error::other(message.to_owned()));
    let mut entries: Vec<_> = entries.filter_map(Result::ok).collect();
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let name = entry.file_name();
        let path = format!("{folder}/{}", name.to_string_lossy());
        if is_left_out(folder, &name.to_string_lossy()) {
            continue;
        }
        match entry.file_type() {
            Err(error) => found(&path, Err(error)),
            Ok(_) if name.to_str().is_none() => found(&path, refused("its name is not UTF-8")),
            Ok(kind) if kind.is_symlink() => found(
                &path,
                refused("is a symbolic link: the site holds files only, put a copy here"),
            ),
            Ok(kind) if kind.is_dir() => walk(root, &path, found),
            Ok(kind) if kind.is_file() => found(&path, Ok(())),
            Ok(_) => found(&path, refused("is neither a file nor a folder")),
        }
    }
}

/// Files that editors and file managers leave behind, and hidden ones where only pages and assets are expected.
fn is_left_out(folder: &str, name: &str) -> bool {
    let is_hidden = name.starts_with('.') && !folder.starts_with("static");
    is_hidden || name.ends_with('~') || [".DS_Store", ".gitkeep"].contains(&name)
}
