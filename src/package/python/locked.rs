//! What a project depends on, whatever file says it.

use std::collections::BTreeMap;

use crate::cargo::graph::{Ecosystem, Graph, Package, Source};

/// The file of a tool of its own, uv.
pub(crate) const UV: &str = "uv.lock";

/// The file of the standard: <https://packaging.python.org/en/latest/specifications/pylock-toml/>.
pub(crate) const PYLOCK: &str = "pylock.toml";

/// Where a list of dependencies comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LockSource {
    Uv,
    Pylock,
    /// Of pip's files, this one.
    Requirements(&'static str),
    /// No file says it: what the environment holds.
    Installed,
}

/// What a project depends on.
#[derive(Debug)]
pub(crate) struct Locked {
    pub(crate) kind: LockSource,
    pub(crate) graph: Graph,
    pub(crate) notes: Vec<String>,
}

/// A package that is installed: what its metadata say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Installed {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) license: Option<String>,
    pub(crate) summary: Option<String>,
    pub(crate) repository: Option<String>,
    /// `Requires-Dist`.
    pub(crate) requires: Vec<String>,
    /// It is the project itself, or lies in a folder of this machine.
    pub(crate) local: bool,
}

/// The project itself.
pub(super) fn member(name: &str) -> Package {
    Package {
        name: name.to_owned(),
        ecosystem: Ecosystem::Python,
        source: Source::Path,
        member: true,
        ..Package::default()
    }
}

/// The project and its packages; those at the places `direct` it asks for itself.
pub(super) fn graph(
    project: Package,
    packages: Vec<Package>,
    direct: &[usize],
    edges: &[(usize, usize)],
) -> Graph {
    let count = packages.len();
    let mut all = packages;
    all.push(project);
    for place in direct {
        need(&mut all, count, *place, true);
    }
    for (from, to) in edges {
        need(&mut all, *from, *to, true);
    }
    let mut graph = Graph { packages: all };
    sort(&mut graph);
    graph
}

/// That the package at `from` needs that at `to`, or needs it for development alone.
pub(super) fn need(packages: &mut [Package], from: usize, to: usize, normal: bool) {
    let known = packages[from]
        .dependencies
        .iter_mut()
        .find(|known| known.package == to);
    match known {
        Some(known) => {
            known.normal |= normal;
            known.dev |= !normal;
        }
        None => packages[from]
            .dependencies
            .push(crate::cargo::graph::Dependency {
                package: to,
                normal,
                build: false,
                dev: !normal,
            }),
    }
}

/// Sorts the packages by name and version, and keeps their places right.
pub(super) fn sort(graph: &mut Graph) {
    let mut order: Vec<usize> = (0..graph.packages.len()).collect();
    order.sort_by_key(|place| {
        let package = &graph.packages[*place];
        (package.name.clone(), package.version.clone())
    });
    let place: BTreeMap<usize, usize> = order
        .iter()
        .enumerate()
        .map(|(new, old)| (*old, new))
        .collect();
    let mut packages: Vec<Package> = order
        .iter()
        .map(|old| graph.packages[*old].clone())
        .collect();
    for package in &mut packages {
        for need in &mut package.dependencies {
            need.package = place[&need.package];
        }
    }
    graph.packages = packages;
}
