//! What a workspace depends on: a list, in several formats, and the rules that it is held to.

mod cyclonedx;
mod freeze;
mod identity;
mod list;
mod policy;
mod spdx;
mod table;

use clap::ValueEnum;
use serde::Serialize;

use crate::cargo::graph::Ecosystem;
use crate::error::Result;
use identity::source;

pub(crate) use list::{Requirements, Scope, SystemEntry, system};
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

impl Requirements<'_> {
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
