//! `pylock.toml`, the lock file of the standard:
//! <https://packaging.python.org/en/latest/specifications/pylock-toml/>.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::locked::{LockSource, Locked, PYLOCK, graph, member};
use super::requirement::normal;
use crate::cargo::graph::{Ecosystem, Package, Source};
use crate::error::Result;
use crate::toml;

#[derive(Deserialize)]
struct File {
    #[serde(default)]
    packages: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    name: String,
    #[serde(default)]
    version: String,
    marker: Option<String>,
    index: Option<String>,
    #[serde(default)]
    dependencies: Vec<Need>,
    vcs: Option<Vcs>,
    directory: Option<Directory>,
    archive: Option<Artifact>,
    sdist: Option<Artifact>,
    #[serde(default)]
    wheels: Vec<Artifact>,
}

#[derive(Deserialize)]
struct Need {
    name: String,
}

#[derive(Deserialize)]
struct Vcs {
    url: Option<String>,
    #[serde(rename = "commit-id")]
    commit: String,
}

#[derive(Deserialize)]
struct Directory {
    path: String,
}

#[derive(Deserialize)]
struct Artifact {
    name: Option<String>,
    url: Option<String>,
    path: Option<String>,
    #[serde(default)]
    hashes: BTreeMap<String, String>,
}

impl Artifact {
    fn called(&self) -> &str {
        let name = self
            .name
            .as_deref()
            .or(self.url.as_deref())
            .or(self.path.as_deref());
        name.unwrap_or_default()
    }
}

pub(super) fn read(name: &str, text: &str) -> Result<Locked> {
    let file: File = toml::parse(PYLOCK, text)?;
    let find = |need: &Need| {
        file.packages
            .iter()
            .position(|entry| entry.name == need.name)
    };
    let edges = file.packages.iter().enumerate().flat_map(|(from, entry)| {
        let needs = entry.dependencies.iter().filter_map(find);
        needs.map(move |to| (from, to))
    });
    let edges: Vec<(usize, usize)> = edges.collect();
    let is_needed = |place: &usize| edges.iter().any(|(_, to)| to == place);
    let direct: Vec<usize> = (0..file.packages.len())
        .filter(|place| !is_needed(place))
        .collect();
    let packages = file.packages.iter().map(package).collect();
    Ok(Locked {
        kind: LockSource::Pylock,
        graph: graph(member(name), packages, &direct, &edges),
        notes: Vec::new(),
    })
}

fn package(entry: &Entry) -> Package {
    let artifacts = entry
        .sdist
        .iter()
        .chain(&entry.wheels)
        .chain(&entry.archive);
    let sha256 = |artifact: &Artifact| artifact.hashes.get("sha256").cloned();
    let hashes: Vec<String> = artifacts.filter_map(sha256).collect();
    let linux = |wheel: &Artifact| {
        wheel.called().ends_with("-any.whl") || wheel.called().contains("manylinux")
    };
    Package {
        name: normal(&entry.name),
        version: entry.version.clone(),
        ecosystem: Ecosystem::Python,
        marker: entry.marker.clone(),
        checksum: hashes.first().cloned(),
        hashes: hashes.iter().map(|hash| format!("sha256:{hash}")).collect(),
        dir: entry
            .directory
            .as_ref()
            .map(|directory| directory.path.clone())
            .unwrap_or_default(),
        source_only: entry.sdist.is_some() && !entry.wheels.iter().any(linux),
        source: source(entry),
        ..Package::default()
    }
}

fn source(entry: &Entry) -> Source {
    if let Some(vcs) = &entry.vcs {
        return Source::Git {
            url: vcs.url.clone().unwrap_or_default(),
            commit: vcs.commit.clone(),
        };
    }
    if let Some(archive) = &entry.archive {
        return match &archive.url {
            Some(url) => Source::Url(url.clone()),
            None => Source::Path,
        };
    }
    if entry.directory.is_some() {
        return Source::Path;
    }
    match entry
        .index
        .as_deref()
        .map(|index| index.trim_end_matches('/'))
    {
        None | Some("https://pypi.org/simple") => Source::PyPi,
        Some(other) => Source::Registry(other.to_owned()),
    }
}
