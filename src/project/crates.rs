//! A cargo workspace as cargo itself sees it, made by Luthier or not: its members, and all they depend on.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use cargo_metadata::{Metadata, MetadataCommand, TargetKind};
use serde::Deserialize;

use super::{FILE, Project, read};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::paths::{relative, slashed};
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
    /// What Luthier knows of it; `None` if it was not made by Luthier.
    pub(crate) project: Option<Project>,
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

/// Every package that takes part in a build, sorted by name and version.
#[derive(Debug, Default)]
pub(crate) struct Graph {
    pub(crate) packages: Vec<Package>,
}

/// One version of one crate.
#[derive(Clone, Debug, Default)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) version: String,
    /// As its manifest says it: usually an SPDX expression.
    pub(crate) license: Option<String>,
    /// It names a file with its licence instead.
    pub(crate) license_file: bool,
    pub(crate) source: Source,
    /// SHA-256 of the package as `Cargo.lock` has it, in hex.
    pub(crate) checksum: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) repository: Option<String>,
    /// The features that are on, sorted.
    pub(crate) features: Vec<String>,
    /// The native library it says it links to.
    pub(crate) links: Option<String>,
    /// It is a member of the workspace.
    pub(crate) member: bool,
    /// The way to its folder from the root, with `/`: `../model` if it lies elsewhere.
    pub(crate) dir: String,
    pub(crate) needs: Vec<Need>,
    /// What its manifest asks for; only for members.
    pub(crate) wishes: Vec<Wish>,
}

/// Where a package comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Source {
    #[default]
    CratesIo,
    /// Another registry: its URL.
    Registry(String),
    /// A repository, and the commit.
    Git { url: String, commit: String },
    /// A folder.
    Path,
}

/// That a package depends on another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Need {
    /// Its place in [`Graph::packages`].
    pub(crate) package: usize,
    pub(crate) normal: bool,
    pub(crate) build: bool,
    pub(crate) dev: bool,
}

/// A line of a member's `[dependencies]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wish {
    pub(crate) name: String,
    /// `^1.2`, `*`.
    pub(crate) version: String,
    /// The URL of a git dependency, with `?rev=…`, `?tag=…` or `?branch=…`.
    pub(crate) git: Option<String>,
}

/// For which platforms dependencies count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Platform {
    /// The one that cargo runs on.
    Host,
    Triple(String),
    All,
}

#[derive(Deserialize)]
struct Lock {
    #[serde(default)]
    package: Vec<Locked>,
}

#[derive(Deserialize)]
struct Locked {
    name: String,
    version: String,
    source: Option<String>,
    checksum: Option<String>,
}

impl Workspace {
    /// The workspace that the working folder lies in. Needs no network and no `Cargo.lock`.
    pub(crate) fn find(context: &Context) -> Result<Self> {
        let mut command = metadata(&context.directory);
        command.no_deps();
        let found = command
            .exec()
            .map_err(|error| refused(&error, &context.directory))?;
        let root = found.workspace_root.clone().into_std_path_buf();
        let relative = |path: &Path| slashed(path.strip_prefix(&root).unwrap_or(path));
        let mut members: Vec<Member> = found
            .packages
            .iter()
            .map(|package| member(package, &relative))
            .collect();
        members.sort_by(|a, b| a.name.cmp(&b.name));
        let project = match root.join(FILE).is_file() {
            true => Some(Project::open(&root)?),
            false => None,
        };
        Ok(Self {
            members,
            channel: channel(&root)?,
            vendored: vendored(&root)?,
            project,
            root,
        })
    }

    /// The text of the file at `relative` (to the root, with `/`); `None` if there is no such file.
    pub(crate) fn read(&self, relative: impl AsRef<Path>) -> Result<Option<String>> {
        read(&self.root.join(relative))
    }

    /// Whether there is a folder at `relative` (to the root) with anything in it.
    pub(crate) fn has_folder(&self, relative: &str) -> bool {
        super::names_in(&self.root.join(relative)).is_ok_and(|names| !names.is_empty())
    }

    /// The Rust source of all members, as one text after the other.
    pub(crate) fn sources(&self) -> Result<Vec<String>> {
        let mut texts = Vec::new();
        for member in &self.members {
            let folder = self.root.join(&member.dir).join("src");
            let files = walkdir::WalkDir::new(&folder).sort_by_file_name();
            for entry in files.into_iter().filter_map(|entry| entry.ok()) {
                if entry.path().extension().is_some_and(|end| end == "rs") {
                    texts.extend(read(entry.path())?);
                }
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
        let mut options = vec!["--locked".to_owned()];
        if offline {
            options.push("--offline".to_owned());
        }
        match platform {
            Platform::All => {}
            Platform::Triple(triple) => {
                options.extend(["--filter-platform".to_owned(), triple.clone()]);
            }
            Platform::Host => {
                options.extend(["--filter-platform".to_owned(), host()?]);
            }
        }
        let found = metadata(&self.root)
            .other_options(options)
            .exec()
            .map_err(|error| refused(&error, &self.root))?;
        Ok(graph(&found, &lock, &self.root))
    }

    /// The Rust compiler at hand, as `1.95`.
    pub(crate) fn local_rust(&self) -> Result<String> {
        let version = cargo_says("release: ")?;
        let numbers: Vec<&str> = version.split('.').take(2).collect();
        Ok(numbers.join("."))
    }
}

/// The cargo that we were started by, or the one at hand.
pub(crate) fn cargo() -> std::ffi::OsString {
    std::env::var_os("CARGO").unwrap_or("cargo".into())
}

fn metadata(folder: &Path) -> MetadataCommand {
    let mut command = MetadataCommand::new();
    command.cargo_path(cargo()).current_dir(folder);
    command
}

/// The triple of the platform that cargo runs on.
fn host() -> Result<String> {
    cargo_says("host: ")
}

/// A line of `cargo -vV`.
fn cargo_says(start: &str) -> Result<String> {
    let done = Command::new(cargo())
        .arg("-vV")
        .stdin(Stdio::null())
        .output()
        .map_err(|error| {
            Error::failed(format_args!("cargo does not start: {error}"))
                .hint("install Rust: https://rustup.rs")
        })?;
    let said = String::from_utf8_lossy(&done.stdout);
    let line = said.lines().find_map(|line| line.strip_prefix(start));
    line.map(|line| line.trim().to_owned())
        .ok_or_else(|| Error::failed(format_args!("`cargo -vV` does not say `{start}`")))
}

/// What cargo says went wrong, as one of ours.
fn refused(error: &cargo_metadata::Error, folder: &Path) -> Error {
    let cargo_metadata::Error::CargoMetadata { stderr } = error else {
        return Error::failed(format_args!("cargo does not start: {error}"))
            .hint("install Rust: https://rustup.rs");
    };
    let said = stderr.trim().trim_start_matches("error: ");
    if said.contains("could not find `Cargo.toml`") {
        return Error::bad_input(format_args!(
            "{} is not in a cargo project: no Cargo.toml here or above",
            folder.display()
        ));
    }
    if said.contains("--locked") {
        return Error::bad_input("Cargo.lock does not fit what the manifests ask for")
            .hint("`cargo update --workspace` brings it up to date");
    }
    if said.contains("--offline") || said.contains("offline mode") {
        return Error::failed(format_args!(
            "some of the dependencies are not on this machine: {}",
            said.lines().next().unwrap_or_default()
        ))
        .hint("`cargo fetch --locked` downloads them");
    }
    Error::bad_input(format_args!("cargo cannot read this workspace: {said}"))
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

fn graph(found: &Metadata, lock: &Lock, root: &Path) -> Graph {
    let mut order: Vec<&cargo_metadata::Package> = found.packages.iter().collect();
    order.sort_by_key(|package| (package.name.to_string(), package.version.clone()));
    let place: BTreeMap<_, _> = order
        .iter()
        .enumerate()
        .map(|(place, package)| (&package.id, place))
        .collect();
    let nodes: BTreeMap<_, _> = found
        .resolve
        .iter()
        .flat_map(|resolve| &resolve.nodes)
        .map(|node| (&node.id, node))
        .collect();
    let packages = order.iter().map(|package| {
        let node = nodes.get(&package.id);
        let member = found.workspace_members.contains(&package.id);
        let folder = package.manifest_path.parent().map(|dir| dir.as_std_path());
        let folder = folder.unwrap_or(root);
        let mut features: Vec<String> = node.map_or_else(Vec::new, |node| {
            node.features.iter().map(ToString::to_string).collect()
        });
        features.sort();
        Package {
            name: package.name.to_string(),
            version: package.version.to_string(),
            license: package.license.clone(),
            license_file: package.license_file.is_some(),
            source: source(package.source.as_ref().map(|source| source.repr.as_str())),
            checksum: checksum(package, lock),
            description: package.description.clone(),
            repository: package.repository.clone(),
            features,
            links: package.links.clone(),
            member,
            dir: relative(root, folder),
            needs: node.map_or_else(Vec::new, |node| needs(node, &place)),
            wishes: match member {
                true => package.dependencies.iter().map(wish).collect(),
                false => Vec::new(),
            },
        }
    });
    Graph {
        packages: packages.collect(),
    }
}

fn needs(
    node: &cargo_metadata::Node,
    place: &BTreeMap<&cargo_metadata::PackageId, usize>,
) -> Vec<Need> {
    use cargo_metadata::DependencyKind::{Build, Development, Normal};
    let needs = node.deps.iter().filter_map(|dep| {
        let is = |kind| dep.dep_kinds.iter().any(|found| found.kind == kind);
        Some(Need {
            package: *place.get(&dep.pkg)?,
            normal: is(Normal),
            build: is(Build),
            dev: is(Development),
        })
    });
    needs.collect()
}

fn wish(dependency: &cargo_metadata::Dependency) -> Wish {
    let source = dependency
        .source
        .as_ref()
        .map(|source| source.repr.as_str());
    let git = source.and_then(|source| source.strip_prefix("git+"));
    Wish {
        name: dependency.name.clone(),
        version: match (&dependency.source, &dependency.path) {
            (None, Some(_)) => String::new(),
            _ => dependency.req.to_string(),
        },
        git: git.map(str::to_owned),
    }
}

fn source(repr: Option<&str>) -> Source {
    let Some(repr) = repr else {
        return Source::Path;
    };
    if let Some(git) = repr.strip_prefix("git+") {
        let (url, commit) = git.split_once('#').unwrap_or((git, ""));
        return Source::Git {
            url: url.to_owned(),
            commit: commit.to_owned(),
        };
    }
    let url = repr
        .trim_start_matches("registry+")
        .trim_start_matches("sparse+");
    match url {
        "https://github.com/rust-lang/crates.io-index" | "https://index.crates.io/" => {
            Source::CratesIo
        }
        other => Source::Registry(other.to_owned()),
    }
}

fn checksum(package: &cargo_metadata::Package, lock: &Lock) -> Option<String> {
    let source = package.source.as_ref().map(|source| source.repr.as_str());
    let version = package.version.to_string();
    let same = |locked: &&Locked| {
        locked.name == package.name.as_str()
            && locked.version == version
            && locked.source.as_deref() == source
    };
    lock.package.iter().find(same)?.checksum.clone()
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

impl Graph {
    /// The packages that those at `start` are built from, themselves included: for each how it was first reached, a
    /// place from which it is needed. Development dependencies count only where `dev` says so, and only for `start`.
    pub(crate) fn below(&self, start: &[usize], dev: bool) -> BTreeMap<usize, Option<usize>> {
        let mut found: BTreeMap<usize, Option<usize>> = BTreeMap::new();
        let mut waiting: std::collections::VecDeque<usize> = start.iter().copied().collect();
        found.extend(start.iter().map(|place| (*place, None)));
        while let Some(place) = waiting.pop_front() {
            for need in &self.packages[place].needs {
                let counts = need.normal || need.build || dev && start.contains(&place);
                if counts && !found.contains_key(&need.package) {
                    found.insert(need.package, Some(place));
                    waiting.push_back(need.package);
                }
            }
        }
        found
    }
}
