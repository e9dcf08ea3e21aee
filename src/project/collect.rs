//! The files that whole folders hold: sources of every crate, and migrations.

use std::path::Path;

use crate::error::Result;
use crate::migrations::File;
use crate::models::Source;
use crate::sql::Dialect;

use super::{Project, slashed, unreadable};

/// The folder of the migrations, relative to the root.
pub(crate) const MIGRATIONS: &str = "migrations";

impl Project {
    /// Every Rust file of the project's own crates: its apps, `platform`, and the program itself.
    pub(crate) fn sources(&self) -> Result<Vec<Source>> {
        let mut crates: Vec<(String, String)> = self
            .apps
            .iter()
            .map(|app| (app.name.clone(), slashed(&app.dir)))
            .collect();
        crates.push(("platform".into(), "platform".into()));
        crates.push((self.name.replace('-', "_"), String::new()));
        let mut sources = Vec::new();
        for (crate_name, dir) in crates {
            let root = Path::new(&dir).join("src");
            for path in self.walk(&root, "rs")? {
                if let Some(text) = self.read(&path)? {
                    sources.push(Source {
                        crate_name: crate_name.clone(),
                        root: slashed(&root),
                        path,
                        text,
                    });
                }
            }
        }
        Ok(sources)
    }

    /// Every file of a migrations folder that may say something.
    pub(crate) fn migration_files(&self) -> Result<Vec<File>> {
        let folders = Dialect::ALL.map(|dialect| (dialect.name(), "sql"));
        let mut files = Vec::new();
        for (folder, extension) in folders.into_iter().chain([("meta", "json")]) {
            for path in self.list(Path::new(MIGRATIONS).join(folder), extension)? {
                let relative = path.strip_prefix("migrations/").unwrap_or(&path).to_owned();
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
