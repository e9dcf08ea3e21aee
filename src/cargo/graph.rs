//! All that a project is built from: packages, and which needs which. Those of a workspace are as cargo resolves them;
//! [`crate::package::python`] has those of Python projects.

use std::collections::BTreeMap;
use std::path::Path;

use cargo_metadata::Metadata;
use serde::Deserialize;

use crate::paths::relative;

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
    pub(crate) ecosystem: Ecosystem,
    /// As its manifest says it: usually an SPDX expression.
    pub(crate) license: Option<String>,
    /// It names a file with its licence instead.
    pub(crate) license_file: bool,
    pub(crate) source: Source,
    /// SHA-256 of the package as `Cargo.lock` has it, in hex.
    pub(crate) checksum: Option<String>,
    /// The hashes of all files that it may be installed from, as pip takes them: `sha256:…`.
    pub(crate) hashes: Vec<String>,
    /// Where it is wanted, if not everywhere: `sys_platform == 'win32'`.
    pub(crate) marker: Option<String>,
    /// It has to be built from source on Linux, for its registry has no wheel for it.
    pub(crate) source_only: bool,
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
    pub(crate) dependencies: Vec<Dependency>,
    /// What its manifest asks for; only for members.
    pub(crate) requirements: Vec<Requirement>,
}

/// What a package is a package of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Ecosystem {
    #[default]
    Cargo,
    Python,
}

/// Where a package comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Source {
    #[default]
    CratesIo,
    PyPi,
    /// Another registry: its URL.
    Registry(String),
    /// A repository, and the commit.
    Git {
        url: String,
        commit: String,
    },
    /// A file, by its URL.
    Url(String),
    /// A folder.
    Path,
}

/// That a package depends on another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Dependency {
    /// Its place in [`Graph::packages`].
    pub(crate) package: usize,
    pub(crate) normal: bool,
    pub(crate) build: bool,
    pub(crate) dev: bool,
}

/// A line of a member's `[dependencies]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Requirement {
    pub(crate) name: String,
    /// `^1.2`, `*`.
    pub(crate) version: String,
    /// The URL of a git dependency, with `?rev=…`, `?tag=…` or `?branch=…`.
    pub(crate) git: Option<String>,
}

/// The packages of a `Cargo.lock`.
#[derive(Deserialize)]
pub(super) struct Lock {
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

impl Graph {
    /// The packages that those at `start` are built from, themselves included: for each how it was first reached, a
    /// place from which it is needed. Development dependencies count only where `dev` says so, and only for `start`.
    pub(crate) fn below(&self, start: &[usize], dev: bool) -> BTreeMap<usize, Option<usize>> {
        let mut found: BTreeMap<usize, Option<usize>> = BTreeMap::new();
        let mut waiting: std::collections::VecDeque<usize> = start.iter().copied().collect();
        found.extend(start.iter().map(|place| (*place, None)));
        while let Some(place) = waiting.pop_front() {
            for need in &self.packages[place].dependencies {
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

/// The packages of the workspace at `root`, with the checksums of `lock`.
pub(super) fn from_metadata(found: &Metadata, lock: &Lock, root: &Path) -> Graph {
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
            ecosystem: Ecosystem::Cargo,
            hashes: Vec::new(),
            marker: None,
            source_only: false,
            links: package.links.clone(),
            member,
            dir: relative(root, folder),
            dependencies: node.map_or_else(Vec::new, |node| dependencies(node, &place)),
            requirements: match member {
                true => package.dependencies.iter().map(requirement).collect(),
                false => Vec::new(),
            },
        }
    });
    Graph {
        packages: packages.collect(),
    }
}

fn dependencies(
    node: &cargo_metadata::Node,
    place: &BTreeMap<&cargo_metadata::PackageId, usize>,
) -> Vec<Dependency> {
    use cargo_metadata::DependencyKind::{Build, Development, Normal};
    let dependencies = node.deps.iter().filter_map(|dep| {
        let is = |kind| dep.dep_kinds.iter().any(|found| found.kind == kind);
        Some(Dependency {
            package: *place.get(&dep.pkg)?,
            normal: is(Normal),
            build: is(Build),
            dev: is(Development),
        })
    });
    dependencies.collect()
}

fn requirement(dependency: &cargo_metadata::Dependency) -> Requirement {
    let source = dependency
        .source
        .as_ref()
        .map(|source| source.repr.as_str());
    let git = source.and_then(|source| source.strip_prefix("git+"));
    Requirement {
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
