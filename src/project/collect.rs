//! The files that whole folders hold: sources of every crate, and migrations.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::error::{Error, Result};
use crate::migrations::File;
use crate::models::{Features, Role, Source, Sources};
use crate::sql::Dialect;

use super::{Project, cargo, slashed, unreadable};

/// The folder of the migrations, relative to the root, unless `luthier.toml` names another.
pub(crate) const MIGRATIONS: &str = "migrations";

impl Project {
    /// Every Rust file of the project's own crates: its apps, `platform`, and the program itself.
    pub(crate) fn sources(&self) -> Result<Sources> {
        let crates = match self.crates.is_empty() {
            true => self.own_crates(),
            false => self.listed_crates()?,
        };
        let features = self.features(crates.iter().map(|(_, dir)| dir))?;
        let mut sources = Vec::new();
        for (crate_name, dir) in crates {
            let features = match features.get(&crate_name) {
                Some(on) => Features::new(on.clone()),
                None => Features::default(),
            };
            let root = Path::new(&dir).join("src");
            for path in self.walk(&root, "rs")? {
                if let Some(text) = self.read(&path)? {
                    sources.push(Source {
                        crate_name: crate_name.clone(),
                        root: slashed(&root),
                        role: Role::usual(&slashed(&root), &path),
                        path,
                        text,
                        features: features.clone(),
                    });
                }
            }
        }
        Ok(sources.into())
    }

    /// The crates that the pack made: their names and folders.
    fn own_crates(&self) -> Vec<(String, String)> {
        let apps = self.apps.iter();
        let mut crates: Vec<(String, String)> = apps
            .map(|app| (app.name.clone(), slashed(&app.dir)))
            .collect();
        crates.push(("platform".into(), "platform".into()));
        crates.push((self.name.replace('-', "_"), String::new()));
        crates
    }

    /// The crates that `luthier.toml` lists, by the names that code has for them.
    fn listed_crates(&self) -> Result<Vec<(String, String)>> {
        let mut crates = Vec::new();
        for folder in &self.crates {
            let dir = if folder == "." { "" } else { folder.as_str() };
            let file = slashed(&Path::new(dir).join("Cargo.toml"));
            let Some(text) = self.read(&file)? else {
                return Err(Error::bad_input(format_args!(
                    "luthier.toml: project.crates: there is no {file}"
                ))
                .hint("list the folders of the crates that hold entities"));
            };
            let name = cargo::library(&file, &text)?.unwrap_or_else(|| self.name.clone());
            crates.push((name.replace('-', "_"), dir.to_owned()));
        }
        Ok(crates)
    }

    /// The features that are on by default, by crate, of the crates in the folders `dirs`.
    fn features<'a>(
        &self,
        dirs: impl Iterator<Item = &'a String>,
    ) -> Result<BTreeMap<String, BTreeSet<String>>> {
        let mut manifests = Vec::new();
        for dir in dirs {
            let file = slashed(&Path::new(dir).join("Cargo.toml"));
            if let Some(text) = self.read(&file)? {
                manifests.push((file, text));
            }
        }
        cargo::features(&manifests)
    }

    /// Every file of a migrations folder that may say something.
    pub(crate) fn migration_files(&self) -> Result<Vec<File>> {
        let folders = Dialect::ALL.map(|dialect| (dialect.name(), "sql"));
        let mut files = Vec::new();
        for (folder, extension) in folders.into_iter().chain([("meta", "json")]) {
            for path in self.list(self.migration_path(folder), extension)? {
                let relative = path.strip_prefix(&self.migrations).unwrap_or(&path);
                let relative = relative.trim_start_matches('/').to_owned();
                if let Some(text) = self.read(&path)? {
                    files.push(File {
                        path: relative,
                        text,
                    });
                }
            }
        }
        Ok(files)
    }

    /// The files under `relative` that end in `.extension`, sorted; a folder that does not exist has none.
    fn walk(&self, relative: &Path, extension: &str) -> Result<Vec<String>> {
        let root = self.root.join(relative);
        if !root.is_dir() {
            return Ok(Vec::new());
        }
        let mut files = Vec::new();
        for entry in walkdir::WalkDir::new(&root).sort_by_file_name() {
            let entry = entry.map_err(|error| unreadable(&root, error.into()))?;
            let path = entry.path();
            if path.extension().is_some_and(|found| found == extension) && path.is_file() {
                files.push(slashed(path.strip_prefix(&self.root).unwrap_or(path)));
            }
        }
        Ok(files)
    }
}
