//! A cargo workspace that is not a Luthier project yet: its crates, and which of them hold entities.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use cargo_metadata::{Metadata, Package};

use crate::cargo::metadata;
use crate::error::{Error, Result};
use crate::files::{nearest, read, unreadable};
use crate::sql::Dialect;

use crate::paths::slashed;

/// What `cargo metadata` tells of a workspace.
#[derive(Debug)]
pub(crate) struct Adoptable {
    /// Absolute.
    pub(crate) root: PathBuf,
    /// The root's package, or its folder where it has none.
    pub(crate) name: String,
    /// The folders of the crates that hold entities, relative to the root; `.` for it.
    pub(crate) crates: Vec<String>,
    /// How many crates were looked through.
    pub(crate) members: usize,
    /// There is something to run.
    pub(crate) has_program: bool,
    /// The databases whose drivers the crates ask SeaORM or sqlx for.
    pub(crate) dialects: Vec<Dialect>,
}

impl Adoptable {
    /// The workspace that `directory` lies in.
    ///
    /// # Errors
    /// There is none, or cargo cannot read it.
    pub(crate) fn find(directory: &Path) -> Result<Self> {
        if nearest(directory, "Cargo.toml").is_none() {
            let directory = directory.display();
            return Err(Error::bad_input(format_args!(
                "{directory} is not in a cargo project: no Cargo.toml here or above"
            ))
            .hint("make a new project with `luthier startproject NAME`"));
        }
        Self::from_metadata(&metadata::members(directory)?)
    }

    fn from_metadata(metadata: &Metadata) -> Result<Self> {
        let root = metadata.workspace_root.as_std_path().to_owned();
        let packages = metadata.workspace_packages();
        let mut crates = BTreeSet::new();
        for package in &packages {
            if holds_entities(folder(package))? {
                let dir = folder(package);
                let dir = slashed(dir.strip_prefix(&root).unwrap_or(dir));
                crates.insert(match dir.is_empty() {
                    true => ".".to_owned(),
                    false => dir,
                });
            }
        }
        let name = match metadata.root_package() {
            Some(package) => package.name.to_string(),
            None => {
                let name = root
                    .file_name()
                    .map(|name| name.to_string_lossy().into_owned());
                name.unwrap_or_else(|| "project".into())
            }
        };
        Ok(Self {
            root,
            name,
            crates: crates.into_iter().collect(),
            members: packages.len(),
            has_program: packages
                .iter()
                .flat_map(|package| &package.targets)
                .any(cargo_metadata::Target::is_bin),
            dialects: dialects(&packages),
        })
    }
}

fn folder(package: &Package) -> &Path {
    let manifest = package.manifest_path.as_std_path();
    manifest.parent().unwrap_or(manifest)
}

/// Whether a file under `src` derives an entity.
fn holds_entities(folder: &Path) -> Result<bool> {
    let source = folder.join("src");
    if !source.is_dir() {
        return Ok(false);
    }
    // A crate inside of another's `src` is on its own.
    let own = |entry: &walkdir::DirEntry| {
        entry.depth() == 0
            || !entry.file_type().is_dir()
            || !entry.path().join("Cargo.toml").is_file()
    };
    for entry in walkdir::WalkDir::new(&source).into_iter().filter_entry(own) {
        let entry = entry.map_err(|error| unreadable(&source, error.into()))?;
        let path = entry.path();
        if path.extension().is_some_and(|found| found == "rs")
            && let Some(text) = read(path)?
            && (text.contains("DeriveEntityModel") || text.contains("DeriveModel"))
        {
            return Ok(true);
        }
    }
    Ok(false)
}

fn dialects(packages: &[&Package]) -> Vec<Dialect> {
    let dependencies = packages.iter().flat_map(|package| &package.dependencies);
    let features: BTreeSet<&str> = dependencies
        .filter(|dependency| dependency.name.starts_with("sea-orm") || dependency.name == "sqlx")
        .flat_map(|dependency| &dependency.features)
        .map(String::as_str)
        .collect();
    let asks = |dialect: &Dialect| {
        let name = dialect.name();
        features.contains(name) || features.contains(format!("sqlx-{name}").as_str())
    };
    Dialect::ALL.into_iter().filter(asks).collect()
}
