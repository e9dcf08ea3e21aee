//! What a workspace depends on: a list, in several formats, and the rules that it is held to.

mod cyclonedx;
mod freeze;
mod policy;
mod spdx;
mod table;

use std::collections::BTreeMap;

use clap::ValueEnum;
use serde::Serialize;

use super::dockerfile::Base;
use super::system::{Needs, SystemPackage};
use crate::cargo::graph::{Ecosystem, Graph, Package, Source};
use crate::error::Result;

pub(crate) use policy::{Finding, check};

/// How the list is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Columns, for people
    Table,
    /// `name==version --hash=sha256:… # licence`, one a line
    Txt,
    /// All that is known, for programs
    Json,
    /// A CycloneDX 1.6 bill of materials, as JSON
    Cyclonedx,
    /// An SPDX 2.3 document, as JSON
    Spdx,
}

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
    graph: &'a Graph,
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

    /// The list as a text that ends with a newline.
    pub(crate) fn text(&self, format: Format) -> Result<String> {
        Ok(match format {
            Format::Table => table::table(self),
            Format::Txt => match self.ecosystem {
                Ecosystem::Cargo => table::txt(self),
                Ecosystem::Python => freeze::text(self),
            },
            Format::Json => json(self)?,
            Format::Cyclonedx => cyclonedx::document(self)?,
            Format::Spdx => spdx::document(self)?,
        })
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

/// Where a package comes from, in a word or as a URL.
pub(crate) fn source(package: &Package) -> String {
    match &package.source {
        Source::CratesIo => "crates.io".to_owned(),
        Source::PyPi => "pypi.org".to_owned(),
        Source::Url(url) => url.clone(),
        Source::Registry(url) => url.clone(),
        Source::Git { url, commit } => format!("git+{url}#{commit}"),
        Source::Path => format!("path:{}", package.dir),
    }
}

/// <https://github.com/package-url/purl-spec/blob/main/types-doc/cargo-definition.md>, and pypi-definition.md.
fn purl(package: &Package) -> String {
    let kind = match package.ecosystem {
        Ecosystem::Cargo => "cargo",
        Ecosystem::Python => "pypi",
    };
    let mut plain = format!("pkg:{kind}/{}", package.name);
    if !package.version.is_empty() {
        plain = format!("{plain}@{}", encoded(&package.version));
    }
    match &package.source {
        Source::CratesIo | Source::PyPi | Source::Path => plain,
        Source::Url(url) => format!("{plain}?download_url={}", encoded(url)),
        Source::Registry(url) => format!("{plain}?repository_url={}", encoded(url)),
        Source::Git { url, commit } => {
            let url = url.split('?').next().unwrap_or_default();
            format!(
                "{plain}?vcs_url={}",
                encoded(&format!("git+{url}@{commit}"))
            )
        }
    }
}

/// Percent-encoded, but for what a purl may hold as it is.
fn encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'_' | b'~' | b':' => {
                encoded.push(char::from(byte));
            }
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

/// An SPDX expression: `MIT/Apache-2.0`, as old crates have it, means a choice.
fn expression(license: &str) -> Option<String> {
    let mode = ::spdx::ParseMode::LAX;
    let parsed = ::spdx::Expression::parse_mode(license, mode).ok()?;
    let canonical = ::spdx::Expression::canonicalize(license).ok().flatten();
    Some(canonical.unwrap_or_else(|| parsed.to_string()))
}

/// An identifier made from `seed`: the same for the same list, as a version 8 UUID (RFC 9562).
fn uuid(seed: &str) -> String {
    use sha2::{Digest, Sha256};
    let hash = Sha256::digest(seed.as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    bytes[6] = bytes[6] & 0x0f | 0x80;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    [
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..],
    ]
    .join("-")
}

impl Requirements<'_> {
    /// What tells this list apart from others.
    fn seed(&self) -> String {
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

#[derive(Serialize)]
struct Json<'a> {
    name: &'a str,
    version: &'a str,
    requirements: Vec<JsonEntry<'a>>,
    system: &'a [SystemEntry],
}

#[derive(Serialize)]
struct JsonEntry<'a> {
    name: &'a str,
    version: &'a str,
    license: Option<&'a str>,
    source: String,
    /// SHA-256, in hex.
    checksum: Option<&'a str>,
    direct: bool,
    /// The members that name it.
    required_by: &'a [&'a str],
    why: &'a [&'a str],
    features: &'a [String],
    description: Option<&'a str>,
    repository: Option<&'a str>,
}

fn json(requirements: &Requirements) -> Result<String> {
    let entries = requirements.entries.iter().map(|entry| {
        let package = entry.package;
        JsonEntry {
            name: &package.name,
            version: &package.version,
            license: package.license.as_deref(),
            source: source(package),
            checksum: package.checksum.as_deref(),
            direct: !entry.direct.is_empty(),
            required_by: &entry.direct,
            why: &entry.path,
            features: &package.features,
            description: package.description.as_deref(),
            repository: package.repository.as_deref(),
        }
    });
    let json = Json {
        name: &requirements.name,
        version: &requirements.version,
        requirements: entries.collect(),
        system: &requirements.system,
    };
    Ok(serde_json::to_string_pretty(&json)? + "\n")
}

#[cfg(test)]
mod tests;
