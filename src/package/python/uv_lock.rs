//! `uv.lock`: <https://docs.astral.sh/uv/concepts/projects/layout/#the-lockfile>. Its schema has a version, which is
//! raised when an older reader would misunderstand it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::locked::{LockSource, Locked, UV, need, sort};
use super::marker::{self, Edge};
use super::requirement::{Requirement, normal};
use crate::cargo::graph::{Ecosystem, Graph, Package, Source as From};
use crate::error::{Error, Result};
use crate::toml;

/// The version of the schema that is understood.
const VERSION: u32 = 1;

#[derive(Deserialize)]
struct File {
    version: u32,
    #[serde(default)]
    manifest: ManifestTable,
    #[serde(default)]
    package: Vec<Entry>,
}

#[derive(Default, Deserialize)]
struct ManifestTable {
    #[serde(default)]
    members: Vec<String>,
}

#[derive(Deserialize)]
struct Entry {
    name: String,
    #[serde(default)]
    version: String,
    source: Source,
    #[serde(default)]
    dependencies: Vec<Need>,
    #[serde(default, rename = "optional-dependencies")]
    optional: BTreeMap<String, Vec<Need>>,
    #[serde(default, rename = "dev-dependencies")]
    groups: BTreeMap<String, Vec<Need>>,
    sdist: Option<Artifact>,
    #[serde(default)]
    wheels: Vec<Artifact>,
    #[serde(default)]
    metadata: Metadata,
}

#[derive(Default, Deserialize)]
struct Source {
    registry: Option<String>,
    git: Option<String>,
    url: Option<String>,
    path: Option<String>,
    directory: Option<String>,
    editable: Option<String>,
    r#virtual: Option<String>,
}

#[derive(Deserialize)]
struct Need {
    name: String,
    version: Option<String>,
    #[serde(default)]
    extra: Vec<String>,
    marker: Option<String>,
}

#[derive(Deserialize)]
struct Artifact {
    url: Option<String>,
    path: Option<String>,
    filename: Option<String>,
    hash: Option<String>,
}

#[derive(Default, Deserialize)]
struct Metadata {
    #[serde(default, rename = "requires-dist")]
    requires: Vec<Asked>,
    #[serde(default, rename = "requires-dev")]
    groups: BTreeMap<String, Vec<Asked>>,
}

#[derive(Deserialize)]
struct Asked {
    name: String,
    #[serde(default)]
    extras: Vec<String>,
    #[serde(default)]
    specifier: String,
    marker: Option<String>,
}

/// What the lock file's project asked for when the file was written.
#[derive(Debug, Default)]
pub(super) struct AskedFor {
    pub(super) normal: Vec<Requirement>,
    pub(super) groups: BTreeMap<String, Vec<Requirement>>,
}

impl Entry {
    fn is_member(&self, manifest: &ManifestTable) -> bool {
        let Source {
            editable,
            r#virtual,
            directory,
            ..
        } = &self.source;
        let folder = editable
            .as_ref()
            .or(r#virtual.as_ref())
            .or(directory.as_ref());
        folder.is_some_and(|folder| folder == ".") || manifest.members.contains(&self.name)
    }

    fn package(&self, member: bool) -> Package {
        let artifacts = self.sdist.iter().chain(&self.wheels);
        let hashes: Vec<String> = artifacts
            .filter_map(|artifact| artifact.hash.clone())
            .collect();
        let source = self.source();
        let is_url = matches!(source, From::Url(_));
        Package {
            name: self.name.clone(),
            version: self.version.clone(),
            ecosystem: Ecosystem::Python,
            checksum: hashes
                .first()
                .and_then(|hash| hash.strip_prefix("sha256:"))
                .map(str::to_owned),
            // A member with a folder is installed itself; one that is virtual is not.
            dir: self.folder().unwrap_or_default(),
            source_only: !member && !is_url && !self.wheels.iter().any(Artifact::runs_on_linux),
            source,
            member,
            hashes,
            ..Package::default()
        }
    }

    fn folder(&self) -> Option<String> {
        let Source {
            path,
            directory,
            editable,
            ..
        } = &self.source;
        let folder = path.as_ref().or(directory.as_ref()).or(editable.as_ref());
        folder.map(|folder| folder.trim_start_matches("./").replace('\\', "/"))
    }

    fn source(&self) -> From {
        let Source {
            registry, git, url, ..
        } = &self.source;
        if let Some(registry) = registry {
            return match registry.trim_end_matches('/') {
                "https://pypi.org/simple" => From::PyPi,
                other => From::Registry(other.to_owned()),
            };
        }
        if let Some(git) = git {
            let (url, commit) = git.split_once('#').unwrap_or((git, ""));
            return From::Git {
                url: url.to_owned(),
                commit: commit.to_owned(),
            };
        }
        match url {
            Some(url) => From::Url(url.clone()),
            None => From::Path,
        }
    }
}

impl Artifact {
    /// Whether it is a wheel for any system, or for Linux.
    fn runs_on_linux(&self) -> bool {
        let name = self
            .filename
            .as_ref()
            .or(self.url.as_ref())
            .or(self.path.as_ref());
        name.is_some_and(|name| {
            name.ends_with("-any.whl")
                || name.contains("manylinux")
                || name.contains("linux_x86_64")
        })
    }
}

fn parse(text: &str) -> Result<File> {
    let file: File = toml::parse(UV, text)?;
    match file.version {
        VERSION => Ok(file),
        other => Err(Error::failed(format_args!(
            "{UV} has version {other} of its format, and this understands {VERSION}"
        ))
        .hint("take a newer luthier, or `uv export --format requirements.txt` in the meantime")),
    }
}

/// The packages of the lock file, as far as its project needs them.
pub(super) fn read(text: &str) -> Result<Locked> {
    let file = parse(text)?;
    let mut packages: Vec<Package> = file
        .package
        .iter()
        .map(|entry| entry.package(entry.is_member(&file.manifest)))
        .collect();
    let members: Vec<usize> = (0..packages.len())
        .filter(|place| packages[*place].member)
        .collect();
    if members.is_empty() {
        return Err(
            Error::bad_input(format_args!("{UV} names no project of its own"))
                .hint("make it again: `uv lock`"),
        );
    }
    let find = |need: &Need| {
        let same = |entry: &Entry| {
            entry.name == need.name
                && need
                    .version
                    .as_ref()
                    .is_none_or(|version| *version == entry.version)
        };
        file.package.iter().position(same)
    };
    let (edges, for_development) = edges(&file, &members, &find);
    let markers = marker::of_each(&members, &edges);
    for (place, marker) in markers {
        packages[place].marker = marker;
    }
    for edge in &edges {
        need(&mut packages, edge.from, edge.to, true);
    }
    for (from, to) in for_development {
        need(&mut packages, from, to, false);
    }
    let mut graph = Graph { packages };
    sort(&mut graph);
    Ok(Locked {
        kind: LockSource::Uv,
        graph,
        notes: Vec::new(),
    })
}

/// Which package needs which, with the extras that are asked for; and what is needed for development alone.
fn edges<'a>(
    file: &'a File,
    members: &[usize],
    find: &dyn Fn(&Need) -> Option<usize>,
) -> (Vec<Edge<'a>>, Vec<(usize, usize)>) {
    let mut edges = Vec::new();
    let mut seen: BTreeSet<(usize, Option<&str>)> = BTreeSet::new();
    let mut waiting: Vec<(usize, Option<&str>)> =
        members.iter().map(|place| (*place, None)).collect();
    let mut follow = |waiting: &mut Vec<(usize, Option<&'a str>)>, edges: &mut Vec<Edge<'a>>| {
        while let Some((from, extra)) = waiting.pop() {
            if !seen.insert((from, extra)) {
                continue;
            }
            let entry = &file.package[from];
            let needs = match extra {
                None => Some(&entry.dependencies),
                Some(extra) => entry.optional.get(extra),
            };
            for need in needs.into_iter().flatten() {
                let Some(to) = find(need) else { continue };
                edges.push(Edge {
                    from,
                    to,
                    marker: need.marker.as_deref(),
                });
                waiting.push((to, None));
                waiting.extend(need.extra.iter().map(|extra| (to, Some(extra.as_str()))));
            }
        }
    };
    follow(&mut waiting, &mut edges);
    let groups = members.iter().flat_map(|place| {
        let groups = file.package[*place].groups.values().flatten();
        groups.map(move |need| (*place, need))
    });
    let mut for_development = Vec::new();
    for (member, need) in groups {
        let Some(to) = find(need) else { continue };
        for_development.push((member, to));
        let mut waiting: Vec<(usize, Option<&str>)> = vec![(to, None)];
        waiting.extend(need.extra.iter().map(|extra| (to, Some(extra.as_str()))));
        let mut below = Vec::new();
        follow(&mut waiting, &mut below);
        for_development.extend(below.iter().map(|edge| (member, edge.to)));
    }
    (edges, for_development)
}

/// What the project asked for when the file was written.
pub(super) fn asked_for(text: &str) -> Result<AskedFor> {
    let file = parse(text)?;
    let root = file.package.iter().find(|entry| {
        let Source {
            editable,
            r#virtual,
            ..
        } = &entry.source;
        editable.as_deref() == Some(".") || r#virtual.as_deref() == Some(".")
    });
    let Some(root) = root else {
        return Ok(AskedFor::default());
    };
    let read = |asked: &Vec<Asked>| -> Vec<Requirement> {
        // What an extra of the project asks for is not asked for by the project.
        let own = asked.iter().filter(|asked| {
            !asked
                .marker
                .as_ref()
                .is_some_and(|marker| marker.contains("extra =="))
        });
        own.map(|asked| Requirement {
            name: normal(&asked.name),
            extras: asked.extras.iter().map(|extra| normal(extra)).collect(),
            specifier: asked.specifier.split_whitespace().collect(),
            ..Requirement::default()
        })
        .collect()
    };
    let groups = root.metadata.groups.iter();
    Ok(AskedFor {
        normal: read(&root.metadata.requires),
        groups: groups
            .map(|(name, asked)| (name.clone(), read(asked)))
            .collect(),
    })
}
