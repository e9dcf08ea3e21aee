//! What a project depends on, from whichever file says it: `uv.lock`, `pylock.toml`, `requirements.txt`, or what is
//! installed.

use std::collections::{BTreeMap, BTreeSet};

use super::requirement::{Requirement, normal};
use super::{pylock, requirements_txt, uv_lock};
use crate::cargo::graph::{Ecosystem, Graph, Package, Source};
use crate::error::Result;
use crate::toml;

/// The file of a tool of its own, uv.
pub(crate) const UV: &str = "uv.lock";
/// The file of the standard: <https://packaging.python.org/en/latest/specifications/pylock-toml/>.
pub(crate) const PYLOCK: &str = "pylock.toml";
/// The files of pip, the first of which counts.
pub(crate) const REQUIREMENTS: &[&str] = &[
    "requirements.txt",
    "requirements/production.txt",
    "requirements/base.txt",
];
/// What says what the project asks for.
pub(crate) const PYPROJECT: &str = "pyproject.toml";

/// Where a list of dependencies comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
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
    pub(crate) kind: Kind,
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

impl Locked {
    /// The dependencies of the project called `name`, whose files `read` gives, and in whose environment is `installed`.
    /// `None` where nothing says what they are.
    pub(crate) fn read(
        name: &str,
        read: &dyn Fn(&str) -> Result<Option<String>>,
        installed: &[Installed],
    ) -> Result<Option<Self>> {
        let mut locked = if let Some(text) = read(UV)? {
            uv_lock::read(&text)?
        } else if let Some(text) = read(PYLOCK)? {
            pylock::read(name, &text)?
        } else if let Some(file) = first(REQUIREMENTS, read)? {
            requirements_txt::read(name, file, read, installed)?
        } else if !installed.is_empty() {
            of_environment(name, installed)
        } else {
            return Ok(None);
        };
        describe(&mut locked.graph, installed);
        Ok(Some(locked))
    }
}

/// The first of `files` that is there.
fn first(
    files: &'static [&'static str],
    read: &dyn Fn(&str) -> Result<Option<String>>,
) -> Result<Option<&'static str>> {
    for file in files {
        if read(file)?.is_some() {
            return Ok(Some(file));
        }
    }
    Ok(None)
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

/// What an environment holds, as the dependencies of the project.
fn of_environment(name: &str, installed: &[Installed]) -> Locked {
    let listed: Vec<&Installed> = installed.iter().filter(|package| !package.local).collect();
    let needed: BTreeSet<String> = listed
        .iter()
        .flat_map(|package| {
            package
                .requires
                .iter()
                .filter_map(|line| Requirement::parse(line))
        })
        .map(|requirement| requirement.name)
        .collect();
    let packages = listed.iter().map(|package| Package {
        name: package.name.clone(),
        version: package.version.clone(),
        ecosystem: Ecosystem::Python,
        source: Source::PyPi,
        ..Package::default()
    });
    let edges = listed.iter().enumerate().flat_map(|(from, package)| {
        let requires = package
            .requires
            .iter()
            .filter_map(|line| Requirement::parse(line));
        let requires = requires.filter(|requirement| {
            !requirement
                .marker
                .as_ref()
                .is_some_and(|marker| marker.contains("extra"))
        });
        let find = |requirement: Requirement| {
            listed
                .iter()
                .position(|other| other.name == requirement.name)
        };
        requires
            .filter_map(find)
            .map(move |to| (from, to))
            .collect::<Vec<_>>()
    });
    let edges: Vec<(usize, usize)> = edges.collect();
    // Asked for by the project itself is what nothing else needs.
    let direct = |place: &usize| !needed.contains(&listed[*place].name);
    let direct: Vec<usize> = (0..listed.len()).filter(direct).collect();
    Locked {
        kind: Kind::Installed,
        graph: graph(member(name), packages.collect(), &direct, &edges),
        notes: vec![
            "no lock file says what the project depends on: this is what its environment holds"
                .to_owned(),
        ],
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

/// Adds what only the installed packages say: their licences.
fn describe(graph: &mut Graph, installed: &[Installed]) {
    for package in graph.packages.iter_mut().filter(|package| !package.member) {
        let same =
            |found: &&Installed| found.name == package.name && found.version == package.version;
        if let Some(found) = installed.iter().find(same) {
            package.license.clone_from(&found.license);
            package.description.clone_from(&found.summary);
            package.repository.clone_from(&found.repository);
        }
    }
}

#[derive(serde::Deserialize)]
struct PyProject {
    project: Option<Project>,
    #[serde(default, rename = "dependency-groups")]
    groups: BTreeMap<String, Vec<serde_json::Value>>,
}

#[derive(serde::Deserialize)]
struct Project {
    dependencies: Option<Vec<String>>,
    #[serde(rename = "requires-python")]
    requires_python: Option<String>,
}

/// Which Pythons the project says that it runs on: `>=3.11`.
pub(crate) fn requires_python(pyproject: &str) -> Result<Option<String>> {
    let read: PyProject = toml::parse(PYPROJECT, pyproject)?;
    Ok(read.project.and_then(|project| project.requires_python))
}

/// How `uv.lock` differs from what `pyproject.toml` asks for: one line each.
pub(crate) fn out_of_date(pyproject: &str, lock: &str) -> Result<Vec<String>> {
    let read: PyProject = toml::parse(PYPROJECT, pyproject)?;
    let Some(project) = read.project else {
        return Ok(Vec::new());
    };
    let locked = uv_lock::asked_for(lock)?;
    let asked: Vec<Requirement> = project
        .dependencies
        .unwrap_or_default()
        .iter()
        .filter_map(|line| Requirement::parse(line))
        .collect();
    let mut lines = differences(&asked, &locked.normal, "");
    for (group, asked) in &read.groups {
        let asked: Vec<Requirement> = asked
            .iter()
            .filter_map(|line| Requirement::parse(line.as_str()?))
            .collect();
        let known = locked
            .groups
            .get(group)
            .map(Vec::as_slice)
            .unwrap_or_default();
        lines.extend(differences(
            &asked,
            known,
            &format!(" in the group `{group}`"),
        ));
    }
    Ok(lines)
}

fn differences(asked: &[Requirement], locked: &[Requirement], place: &str) -> Vec<String> {
    let key = |requirement: &Requirement| {
        let mut extras = requirement.extras.clone();
        extras.sort();
        (
            requirement.name.clone(),
            extras,
            requirement.sorted_specifier(),
        )
    };
    let missing = asked
        .iter()
        .filter(|one| !locked.iter().any(|other| key(other) == key(one)));
    let superfluous = locked
        .iter()
        .filter(|one| !asked.iter().any(|other| other.name == one.name));
    let missing =
        missing.map(|one| format!("{PYPROJECT} asks for {}{}{place}", one.name, one.specifier));
    let superfluous = superfluous.map(|one| {
        format!(
            "{PYPROJECT} no longer asks for {}{place}",
            normal(&one.name)
        )
    });
    missing.chain(superfluous).collect()
}

#[cfg(test)]
mod tests;
