//! The files that whole folders hold: sources of every crate, and migrations.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::error::{Error, Result};
use crate::migrations::File;
use crate::models::{Features, Role, Source, Sources};
use crate::sql::Dialect;

use super::Project;
use crate::cargo::manifest;
use crate::files::{Texts, names_in, unreadable};
use crate::paths::slashed;

impl Project {
    /// Every Rust file of the project's own crates: its apps, `platform`, and the program itself.
    pub(crate) fn sources(&self) -> Result<Sources> {
        let crates = match self.crates.is_empty() {
            true => self.own_crates(),
            false => self.with_neighbours(self.listed_crates()?)?,
        };
        let features = self.features(crates.iter().map(|(_, dir)| dir))?;
        let mut files = Vec::new();
        for (name, dir) in crates {
            let features = match features.get(&name) {
                Some(on) => Features::new(on.clone()),
                None => Features::default(),
            };
            self.add_crate(&name, &dir, &features, &mut files)?;
        }
        Ok(Sources {
            files,
            settings: self.models.clone(),
        })
    }

    /// The Rust files of the crate in `dir`.
    fn add_crate(
        &self,
        name: &str,
        dir: &str,
        features: &Features,
        files: &mut Vec<Source>,
    ) -> Result<()> {
        let root = slashed(&Path::new(dir).join("src"));
        let roles = self.roles(dir)?;
        let mut paths: BTreeSet<String> = self.walk(Path::new(&root), "rs")?.into_iter().collect();
        // A root file may be elsewhere; its modules are beside it.
        for elsewhere in roles.keys() {
            if !paths.contains(elsewhere) {
                let folder = Path::new(elsewhere).parent().unwrap_or(Path::new(""));
                paths.extend(self.walk(folder, "rs")?);
            }
        }
        let other_library = roles.values().any(|role| *role == Role::Library);
        for path in paths {
            let Some(text) = self.read(&path)? else {
                continue;
            };
            let role = match (roles.get(&path), Role::usual(&root, &path)) {
                (Some(role), _) => *role,
                (None, Role::Library) if other_library => Role::Module,
                (None, role) => role,
            };
            files.push(Source {
                crate_name: name.to_owned(),
                root: root.clone(),
                role,
                path,
                text,
                features: features.clone(),
            });
        }
        Ok(())
    }

    /// The root files that the manifest of the crate in `dir` names.
    fn roles(&self, dir: &str) -> Result<BTreeMap<String, Role>> {
        let file = slashed(&Path::new(dir).join("Cargo.toml"));
        let Some(text) = self.read(&file)? else {
            return Ok(BTreeMap::new());
        };
        let (library, programs) = manifest::roots(&file, &text)?;
        let at = |path: &String| slashed(&Path::new(dir).join(path));
        let library = library.iter().map(|path| (at(path), Role::Library));
        let programs = programs.iter().map(|path| (at(path), Role::Program));
        Ok(programs.chain(library).collect())
    }

    /// `crates`, and those of the same workspace that they depend on: types of columns may come from there.
    fn with_neighbours(&self, mut crates: Vec<(String, String)>) -> Result<Vec<(String, String)>> {
        let shared = self.read("Cargo.toml")?;
        let mut at = 0;
        while let Some((_, dir)) = crates.get(at) {
            at += 1;
            let Some(text) = self.read(slashed(&Path::new(dir).join("Cargo.toml")))? else {
                continue;
            };
            for folder in manifest::neighbours(dir, &text, shared.as_deref())? {
                if crates.iter().any(|(_, known)| *known == folder) {
                    continue;
                }
                let file = slashed(&Path::new(&folder).join("Cargo.toml"));
                if let Some(text) = self.read(&file)?
                    && let Some(name) = manifest::library(&file, &text)?
                {
                    crates.push((name.replace('-', "_"), folder));
                }
            }
        }
        Ok(crates)
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
            let name = manifest::library(&file, &text)?.unwrap_or_else(|| self.name.clone());
            crates.push((name.replace('-', "_"), dir.to_owned()));
        }
        Ok(crates)
    }

    /// The features that are on by default, by crate, of the crates in the folders `dirs`. Other crates of the workspace
    /// may ask for more.
    fn features<'a>(
        &self,
        dirs: impl Iterator<Item = &'a String>,
    ) -> Result<BTreeMap<String, BTreeSet<String>>> {
        let mut folders: BTreeSet<String> = dirs.cloned().collect();
        folders.extend(self.members()?);
        let mut manifests = Vec::new();
        for dir in folders {
            let file = slashed(&Path::new(&dir).join("Cargo.toml"));
            if let Some(text) = self.read(&file)? {
                manifests.push((file, text));
            }
        }
        manifest::features(&manifests)
    }

    /// The folders of the workspace's members, the root's own included.
    fn members(&self) -> Result<Vec<String>> {
        let Some(text) = self.read("Cargo.toml")? else {
            return Ok(Vec::new());
        };
        let mut folders = vec![String::new()];
        for member in manifest::members("Cargo.toml", &text)? {
            match member.strip_suffix("/*").or((member == "*").then_some("")) {
                Some(parent) => {
                    let names = names_in(&self.root.join(parent))?;
                    folders.extend(
                        names
                            .iter()
                            .map(|name| slashed(&Path::new(parent).join(name))),
                    );
                }
                None => folders.push(member),
            }
        }
        Ok(folders)
    }

    /// Adds to `texts` what the file at `path` holds, or that there is none.
    pub(crate) fn add_text(&self, texts: &mut Texts, path: &str) -> Result<()> {
        texts.add_file(path.to_owned(), self.read(path)?);
        Ok(())
    }

    /// Adds to `texts` all files below the folder `relative` that end in `.extension`.
    pub(crate) fn add_texts(
        &self,
        texts: &mut Texts,
        relative: &str,
        extension: &str,
    ) -> Result<()> {
        for path in self.walk(Path::new(relative), extension)? {
            self.add_text(texts, &path)?;
        }
        texts.add_folder(relative, extension);
        Ok(())
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
        // Another crate's files are not this one's.
        let own = |entry: &walkdir::DirEntry| {
            entry.depth() == 0
                || !entry.file_type().is_dir()
                || !entry.path().join("Cargo.toml").is_file()
                    && entry.file_name() != "target"
                    && !entry.file_name().to_string_lossy().starts_with('.')
        };
        let walk = walkdir::WalkDir::new(&root).sort_by_file_name();
        for entry in walk.into_iter().filter_entry(own) {
            let entry = entry.map_err(|error| unreadable(&root, error.into()))?;
            let path = entry.path();
            if path.extension().is_some_and(|found| found == extension) && path.is_file() {
                files.push(slashed(path.strip_prefix(&self.root).unwrap_or(path)));
            }
        }
        Ok(files)
    }
}
