//! What a project depends on, from whichever file says it: `uv.lock`, `pylock.toml`, `requirements.txt`, or what is
//! installed.

use std::collections::{BTreeMap, BTreeSet};

pub(crate) use super::locked::{Installed, LockSource, Locked, PYLOCK, UV};
use super::locked::{graph, member};
use super::requirement::{Requirement, normal};
use super::{pylock, requirements_txt, uv_lock};
use crate::cargo::graph::{Ecosystem, Graph, Package, Source};
use crate::error::Result;
use crate::toml;

/// The files of pip, the first of which counts.
pub(crate) const REQUIREMENTS: &[&str] = &[
    "requirements.txt",
    "requirements/production.txt",
    "requirements/base.txt",
];
/// What says what the project asks for.
pub(crate) const PYPROJECT: &str = "pyproject.toml";

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
        kind: LockSource::Installed,
        graph: graph(member(name), packages.collect(), &direct, &edges),
        notes: vec![
            "no lock file says what the project depends on: this is what its environment holds"
                .to_owned(),
        ],
    }
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
