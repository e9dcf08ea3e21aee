//! What the running program was compiled from.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::files::is_rust;
use super::items::Names;
use super::symbols::Symbols;
use crate::devserver::cargo_build::accelerator::Reason;

/// The contents of files; `None` for those that do not exist.
pub(super) type FilesNow = BTreeMap<PathBuf, Option<String>>;

/// A file that was edited, and its contents.
pub(super) type Edited = (PathBuf, Option<String>);

/// What the running program was compiled from.
#[derive(Clone, Debug, Default)]
pub(super) struct Baseline {
    /// Every file that decides what cargo builds, as it was when cargo last built.
    pub(super) by_cargo: FilesNow,
    /// The files that fast rebuilds have compiled since then, as they were compiled last.
    pub(super) recompiled: FilesNow,
    /// The ids of the project's crates that read a file.
    pub(super) owners: BTreeMap<PathBuf, BTreeSet<String>>,
    /// The crates that can be compiled without cargo, by their ids.
    pub(super) crates: BTreeMap<String, CrateFacts>,
}

/// What other crates have of a crate.
#[derive(Clone, Debug, Default)]
pub(super) struct CrateFacts {
    pub(super) name: String,
    /// No other crate uses the program's own crate.
    pub(super) is_binary: bool,
    /// The crate's symbols in other crates.
    pub(super) copies: Symbols,
    /// Whether other crates depend on the size of types that only function bodies determine.
    pub(super) layout_is_used: bool,
    /// The ids of the project's crates that use it, directly or through others.
    pub(super) dependents: BTreeSet<String>,
    /// The names by which they call it.
    pub(super) names: Names,
}

impl Baseline {
    /// Every file that is compared.
    pub(super) fn files(&self) -> BTreeSet<&Path> {
        let all = self.by_cargo.keys().chain(self.recompiled.keys());
        all.map(PathBuf::as_path).collect()
    }

    /// The first of these files that is not compared: only cargo knows what it is for.
    pub(super) fn unknown<'a>(&self, changed: &'a BTreeSet<PathBuf>) -> Option<&'a Path> {
        let mut changed = changed.iter();
        let unknown = changed.find(|file| {
            !self.by_cargo.contains_key(*file) && !self.recompiled.contains_key(*file)
        });
        unknown.map(PathBuf::as_path)
    }

    /// Adds what a fast rebuild of the crate has read. A file that may have been written after the compiler read it has
    /// contents that no file has.
    pub(super) fn compiled(&mut self, id: &str, files: FilesNow) {
        for (file, contents) in files {
            let owners = self.owners.entry(file.clone()).or_default();
            owners.insert(id.to_owned());
            self.recompiled.insert(file, contents);
        }
    }

    /// The same files, with no crates yet, and with those that read a file as cargo has compiled them.
    pub(super) fn with_owners(&self, by_cargo: &BTreeMap<PathBuf, BTreeSet<String>>) -> Self {
        let mut owners = self.owners.clone();
        for (file, ids) in by_cargo {
            let known = owners.entry(file.clone()).or_default();
            known.extend(ids.iter().cloned());
        }
        Self {
            by_cargo: self.by_cargo.clone(),
            recompiled: self.recompiled.clone(),
            owners,
            crates: BTreeMap::new(),
        }
    }

    fn files_of<'a>(&'a self, id: &'a str) -> impl Iterator<Item = &'a Path> {
        let files = self.owners.iter();
        let files = files.filter(move |(_, owners)| owners.contains(id));
        files.map(|(file, _)| file.as_path())
    }

    /// The source files of a crate.
    pub(super) fn rust_files<'a>(&'a self, id: &'a str) -> impl Iterator<Item = &'a Path> {
        self.files_of(id).filter(|file| is_rust(file))
    }

    /// The files of a crate that are no source files.
    pub(super) fn other_files<'a>(&'a self, id: &'a str) -> impl Iterator<Item = &'a Path> {
        self.files_of(id).filter(|file| !is_rust(file))
    }

    pub(super) fn owner(&self, file: &Path) -> Result<&str, Reason> {
        match self.owners.get(file) {
            Some(owners) if owners.len() > 1 => Err(Reason::SharedFile(file.to_owned())),
            Some(owners) if !owners.is_empty() => {
                Ok(owners.first().map_or("", |owner| owner.as_str()))
            }
            _ => Err(Reason::FileChanged(file.to_owned())),
        }
    }
}
