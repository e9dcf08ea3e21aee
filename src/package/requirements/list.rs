//! The dependencies of a workspace, and what every format says of them.

use std::collections::BTreeMap;

use serde::Serialize;

use super::identity::purl;
use crate::cargo::graph::{Ecosystem, Graph, Package};
use crate::package::dockerfile::Base;
use crate::package::system::{Needs, SystemPackage};

/// The dependencies of a workspace, and what is said about them in every format.
#[derive(Debug)]
pub(crate) struct Requirements<'a> {
    /// What they are the dependencies of.
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) members: Vec<&'a Package>,
    pub(crate) entries: Vec<Entry<'a>>,
    pub(crate) ecosystem: Ecosystem,
    /// Whether the form of `requirements.txt` has the hashes of Python packages.
    pub(crate) hashes: bool,
    /// Packages of the operating system in the image; empty if no image is made.
    pub(crate) system: Vec<SystemEntry>,
    pub(super) graph: &'a Graph,
}

/// One crate that is not a member.
#[derive(Debug)]
pub(crate) struct Entry<'a> {
    pub(crate) place: usize,
    pub(crate) package: &'a Package,
    /// The members that name it in their manifest, sorted; empty if only others need it.
    pub(crate) direct: Vec<&'a str>,
    /// The shortest way to it: a member, what that needs, …, the crate itself.
    pub(crate) path: Vec<&'a str>,
}

/// One package of the operating system.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct SystemEntry {
    pub(crate) name: String,
    pub(crate) license: String,
    /// `build` or `run`.
    pub(crate) stage: &'static str,
    /// The crate that needs it, or the base image that holds it.
    pub(crate) why: String,
}

impl SystemEntry {
    pub(crate) fn new(package: &SystemPackage, stage: &'static str) -> Self {
        Self {
            name: package.name.to_owned(),
            license: package.license.to_owned(),
            stage,
            why: package.why.clone(),
        }
    }
}

/// What the image of a program with these `needs` holds of the system, and what compiles it.
pub(crate) fn system(needs: &Needs, base: Base) -> Vec<SystemEntry> {
    const SCRATCH: &[(&str, &str)] = &[
        ("libc6", "LGPL-2.1-or-later"),
        ("ca-certificates", "MPL-2.0 AND GPL-2.0-or-later"),
    ];
    const DISTROLESS: &[(&str, &str)] = &[
        ("base-files", "GPL-2.0-or-later"),
        ("ca-certificates", "MPL-2.0 AND GPL-2.0-or-later"),
        ("libc6", "LGPL-2.1-or-later"),
        ("libgcc-s1", "GPL-3.0-or-later WITH GCC-exception-3.1"),
        ("libgomp1", "GPL-3.0-or-later WITH GCC-exception-3.1"),
        ("libssl3", "Apache-2.0"),
        ("libstdc++6", "GPL-3.0-or-later WITH GCC-exception-3.1"),
        ("netbase", "GPL-2.0-or-later"),
        ("tzdata", "CC-PDDC"),
    ];
    const DEBIAN: &[(&str, &str)] = &[
        ("ca-certificates", "MPL-2.0 AND GPL-2.0-or-later"),
        ("libc6", "LGPL-2.1-or-later"),
    ];
    let (held, why) = match base {
        Base::Scratch => (SCRATCH, "part of the image"),
        Base::Distroless => (DISTROLESS, "the base, gcr.io/distroless/cc-debian12"),
        Base::Debian => (
            DEBIAN,
            "the base, debian:bookworm-slim, and what comes with it",
        ),
    };
    let held = held.iter().map(|(name, license)| SystemEntry {
        name: (*name).to_owned(),
        license: (*license).to_owned(),
        stage: "run",
        why: why.to_owned(),
    });
    let mut entries: Vec<SystemEntry> = held.collect();
    let run = needs
        .run
        .iter()
        .map(|package| SystemEntry::new(package, "run"));
    for entry in run {
        entries.retain(|held| held.name != entry.name);
        entries.push(entry);
    }
    entries.extend(
        needs
            .build
            .iter()
            .map(|package| SystemEntry::new(package, "build")),
    );
    entries
}

/// What to list.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Scope {
    /// Also what only dependencies depend on.
    pub(crate) all: bool,
    /// Also what only tests need.
    pub(crate) dev: bool,
}

impl<'a> Requirements<'a> {
    /// The dependencies in `graph` of the workspace called `name`.
    pub(crate) fn from_graph(graph: &'a Graph, name: &str, version: &str, scope: Scope) -> Self {
        let members: Vec<usize> = (0..graph.packages.len())
            .filter(|place| graph.packages[*place].member)
            .collect();
        let below = graph.below(&members, scope.dev);
        let direct = direct(graph, &members, scope.dev);
        let entries = below.keys().filter_map(|place| {
            let package = &graph.packages[*place];
            let direct = direct.get(place).cloned().unwrap_or_default();
            if package.member || !scope.all && direct.is_empty() {
                return None;
            }
            Some(Entry {
                place: *place,
                package,
                direct,
                path: path(graph, &below, *place),
            })
        });
        Self {
            name: name.to_owned(),
            version: version.to_owned(),
            entries: entries.collect(),
            members: members
                .iter()
                .map(|place| &graph.packages[*place])
                .collect(),
            ecosystem: members
                .first()
                .map(|place| graph.packages[*place].ecosystem)
                .unwrap_or_default(),
            hashes: false,
            system: Vec::new(),
            graph,
        }
    }
}

fn direct<'a>(graph: &'a Graph, members: &[usize], dev: bool) -> BTreeMap<usize, Vec<&'a str>> {
    let mut direct: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
    for place in members {
        let member = &graph.packages[*place];
        for need in &member.dependencies {
            if need.normal || need.build || dev {
                direct.entry(need.package).or_default().push(&member.name);
            }
        }
    }
    direct
}

fn path<'a>(
    graph: &'a Graph,
    below: &BTreeMap<usize, Option<usize>>,
    place: usize,
) -> Vec<&'a str> {
    let mut path = Vec::new();
    let mut here = Some(place);
    while let Some(place) = here {
        path.push(graph.packages[place].name.as_str());
        here = below.get(&place).copied().flatten();
    }
    path.reverse();
    path
}

impl Requirements<'_> {
    /// What tells this list apart from others.
    pub(super) fn seed(&self) -> String {
        let lines = self.entries.iter().map(|entry| {
            let package = entry.package;
            format!(
                "{} {} {:?}",
                purl(package),
                package.version,
                package.checksum
            )
        });
        let mut seed = format!("{} {}\n", self.name, self.version);
        seed.extend(lines.map(|line| line + "\n"));
        seed.extend(
            self.system
                .iter()
                .map(|entry| format!("{} {}\n", entry.name, entry.stage)),
        );
        seed
    }
}
