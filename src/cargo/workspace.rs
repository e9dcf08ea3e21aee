//! A cargo workspace as cargo itself sees it, made by Luthier or not: its members, and all they depend on.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use cargo_metadata::TargetKind;
use serde::Deserialize;

use super::graph::{self, Graph, Lock};
use super::metadata::{self, Platform};
use crate::error::{Error, Result};
use crate::files::{names_in, read};
use crate::paths::slashed;
use crate::toml;

/// A workspace, and what in its folder decides how it is built.
#[derive(Debug)]
pub(crate) struct Workspace {
    /// Absolute.
    pub(crate) root: PathBuf,
    /// Sorted by name.
    pub(crate) members: Vec<Member>,
    /// What `rust-toolchain.toml` (or `rust-toolchain`) asks for: `1.95.0`, `stable`, `nightly-2026-01-01`.
    pub(crate) channel: Option<String>,
    /// Folders that take the place of a registry, as `cargo vendor` sets up; relative to the root, with `/`.
    pub(crate) vendored: Vec<String>,
}

/// A package of the workspace.
#[derive(Clone, Debug, Default)]
pub(crate) struct Member {
    pub(crate) name: String,
    pub(crate) version: String,
    /// Its folder, relative to the root, with `/`; empty for the root itself.
    pub(crate) dir: String,
    pub(crate) binaries: Vec<Binary>,
    /// Its build script, relative to the root, with `/`.
    pub(crate) build_script: Option<String>,
    /// The binary that `cargo run` starts where there are several.
    pub(crate) default_run: Option<String>,
    /// The oldest compiler it says it builds with.
    pub(crate) rust_version: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) license: Option<String>,
    pub(crate) repository: Option<String>,
}

/// A binary target.
#[derive(Clone, Debug, Default)]
pub(crate) struct Binary {
    pub(crate) name: String,
    pub(crate) required_features: Vec<String>,
    /// Its main file, relative to the root, with `/`.
    pub(crate) source: String,
}

impl Workspace {
    /// The workspace that the working folder lies in. Needs no network and no `Cargo.lock`.
    pub(crate) fn find(directory: &Path) -> Result<Self> {
        let found = metadata::members(directory)?;
        let root = found.workspace_root.clone().into_std_path_buf();
        let relative = |path: &Path| slashed(path.strip_prefix(&root).unwrap_or(path));
        let mut members: Vec<Member> = found
            .packages
            .iter()
            .map(|package| member(package, &relative))
            .collect();
        members.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(Self {
            members,
            channel: channel(&root)?,
            vendored: vendored(&root)?,
            root,
        })
    }

    /// The text of the file at `relative` (to the root, with `/`); `None` if there is no such file.
    pub(crate) fn read(&self, relative: impl AsRef<Path>) -> Result<Option<String>> {
        read(&self.root.join(relative))
    }

    /// Whether there is a folder at `relative` (to the root) with anything in it.
    pub(crate) fn has_folder(&self, relative: &str) -> bool {
        names_in(&self.root.join(relative)).is_ok_and(|names| !names.is_empty())
    }

    /// The Rust source of all members, as one text after the other.
    pub(crate) fn sources(&self) -> Result<Vec<String>> {
        let members: Result<Vec<_>> = self
            .members
            .iter()
            .map(|one| self.sources_of(one))
            .collect();
        Ok(members?.into_iter().flatten().collect())
    }

    /// The Rust source of one member.
    pub(crate) fn sources_of(&self, member: &Member) -> Result<Vec<String>> {
        let mut texts = Vec::new();
        let folder = self.root.join(&member.dir).join("src");
        let files = walkdir::WalkDir::new(&folder).sort_by_file_name();
        for entry in files.into_iter().filter_map(|entry| entry.ok()) {
            if entry.path().extension().is_some_and(|end| end == "rs") {
                texts.extend(read(entry.path())?);
            }
        }
        Ok(texts)
    }

    /// Everything that the members depend on, at the versions of `Cargo.lock`. With `offline`, nothing is downloaded.
    ///
    /// # Errors
    /// `BadInput` if `Cargo.lock` is missing or does not fit the manifests; `Failed` if crates are not at hand.
    pub(crate) fn graph(&self, platform: &Platform, offline: bool) -> Result<Graph> {
        let lock = self.read("Cargo.lock")?.ok_or_else(|| {
            Error::bad_input(format_args!("{} has no Cargo.lock", self.root.display()))
                .hint("`cargo generate-lockfile` writes it; keep it in version control")
        })?;
        let lock: Lock = toml::parse("Cargo.lock", &lock)?;
        let found = metadata::resolved(&self.root, platform, offline)?;
        Ok(graph::from_metadata(&found, &lock, &self.root))
    }
}

fn member(package: &cargo_metadata::Package, relative: &dyn Fn(&Path) -> String) -> Member {
    let binaries = package
        .targets
        .iter()
        .filter(|target| target.is_kind(TargetKind::Bin));
    let folder = package.manifest_path.parent();
    Member {
        name: package.name.to_string(),
        version: package.version.to_string(),
        dir: folder.map_or_else(String::new, |folder| relative(folder.as_std_path())),
        binaries: binaries
            .map(|target| Binary {
                name: target.name.clone(),
                required_features: target.required_features.clone(),
                source: relative(target.src_path.as_std_path()),
            })
            .collect(),
        build_script: package
            .targets
            .iter()
            .find(|target| target.is_kind(TargetKind::CustomBuild))
            .map(|target| relative(target.src_path.as_std_path())),
        default_run: package.default_run.clone(),
        rust_version: package.rust_version.as_ref().map(ToString::to_string),
        description: package.description.clone(),
        license: package.license.clone(),
        repository: package.repository.clone(),
    }
}

/// The channel in the toolchain file, in either of its two forms.
fn channel(root: &Path) -> Result<Option<String>> {
    #[derive(Deserialize)]
    struct File {
        toolchain: Toolchain,
    }
    #[derive(Deserialize)]
    struct Toolchain {
        channel: Option<String>,
    }
    for name in ["rust-toolchain", "rust-toolchain.toml"] {
        let Some(text) = read(&root.join(name))? else {
            continue;
        };
        if !text.contains('[') && name == "rust-toolchain" {
            return Ok(Some(text.trim().to_owned()));
        }
        return Ok(toml::parse::<File>(name, &text)?.toolchain.channel);
    }
    Ok(None)
}

/// The folders that `.cargo/config.toml` puts in the place of registries.
fn vendored(root: &Path) -> Result<Vec<String>> {
    #[derive(Deserialize)]
    struct File {
        #[serde(default)]
        source: BTreeMap<String, Replacement>,
    }
    #[derive(Deserialize)]
    struct Replacement {
        directory: Option<String>,
    }
    let Some(text) = read(&root.join(".cargo/config.toml"))? else {
        return Ok(Vec::new());
    };
    let file: File = toml::parse(".cargo/config.toml", &text)?;
    let folders = file
        .source
        .into_values()
        .filter_map(|source| source.directory);
    Ok(folders.collect())
}
