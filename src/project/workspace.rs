//! A cargo workspace that is no project of ours yet: its crates, and which of them hold entities.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use cargo_metadata::{Metadata, MetadataCommand, Package};

use crate::error::{Error, Result};
use crate::sql::Dialect;

use super::{nearest, read, slashed, unreadable};

/// What `cargo metadata` tells of a workspace.
#[derive(Debug)]
pub(crate) struct Workspace {
    /// Absolute.
    pub(crate) root: PathBuf,
    /// The root's package, or its folder where it has none.
    pub(crate) name: String,
    /// The folders of the crates that hold entities, and of those they depend on; relative to the root, `.` for it.
    pub(crate) crates: Vec<String>,
    /// How many crates were looked through.
    pub(crate) members: usize,
    /// The databases whose drivers the crates ask SeaORM or sqlx for.
    pub(crate) dialects: Vec<Dialect>,
}

impl Workspace {
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
        let metadata = MetadataCommand::new()
            .current_dir(directory)
            .no_deps()
            .exec()
            .map_err(|error| match error {
                cargo_metadata::Error::CargoMetadata { stderr } => Error::bad_input(format_args!(
                    "cargo cannot read this project: {}",
                    stderr.trim()
                )),
                other => Error::from(
                    anyhow::Error::new(other).context("cargo cannot be asked about this project"),
                ),
            })?;
        Self::of(&metadata)
    }

    fn of(metadata: &Metadata) -> Result<Self> {
        let root = metadata.workspace_root.as_std_path().to_owned();
        let packages = metadata.workspace_packages();
        let mut crates = BTreeSet::new();
        let mut waiting = Vec::new();
        for package in &packages {
            if holds_entities(folder(package))? {
                waiting.push(*package);
            }
        }
        // Types of columns may come from other crates of the workspace.
        while let Some(package) = waiting.pop() {
            let dir = folder(package)
                .strip_prefix(&root)
                .unwrap_or(folder(package));
            let dir = match slashed(dir) {
                dir if dir.is_empty() => ".".to_owned(),
                dir => dir,
            };
            if !crates.insert(dir) {
                continue;
            }
            for dependency in &package.dependencies {
                let Some(path) = &dependency.path else {
                    continue;
                };
                let found = packages
                    .iter()
                    .find(|other| folder(other) == path.as_std_path());
                waiting.extend(found.copied());
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
    for entry in walkdir::WalkDir::new(&source) {
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
