//! The list as an SPDX 2.3 document, as JSON: <https://spdx.github.io/spdx-spec/v2.3/>. The same list makes the same
//! document: its time is always that of the epoch.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::identity::{encoded, expression, purl, uuid};
use super::list::{Requirements, SystemEntry};
use crate::cargo::graph::{Package, Source};
use crate::error::Result;

pub(super) fn document(requirements: &Requirements) -> Result<String> {
    const ROOT: &str = "SPDXRef-project";
    let graph = requirements.graph;
    let mut ids: BTreeMap<usize, String> = BTreeMap::new();
    for (place, package) in graph.packages.iter().enumerate() {
        if package.member
            || requirements
                .entries
                .iter()
                .any(|entry| entry.place == place)
        {
            // The place keeps apart what a name and a version do not: the same crate from two sources.
            let name = identifier(&format!("{}-{}-{place}", package.name, package.version));
            ids.insert(place, format!("SPDXRef-crate-{name}"));
        }
    }
    let mut packages = vec![json!({
        "SPDXID": ROOT,
        "name": requirements.name,
        "versionInfo": requirements.version,
        "downloadLocation": "NOASSERTION",
        "filesAnalyzed": false,
        "primaryPackagePurpose": "APPLICATION",
    })];
    let mut relationships = vec![relationship("SPDXRef-DOCUMENT", "DESCRIBES", ROOT)];
    for (place, id) in &ids {
        let package = &graph.packages[*place];
        packages.push(described(package, id));
        if package.member {
            relationships.push(relationship(ROOT, "CONTAINS", id));
        }
        for need in &package.dependencies {
            let Some(below) = ids.get(&need.package) else {
                continue;
            };
            relationships.push(if need.normal {
                relationship(id, "DEPENDS_ON", below)
            } else if need.build {
                relationship(below, "BUILD_DEPENDENCY_OF", id)
            } else {
                relationship(below, "DEV_DEPENDENCY_OF", id)
            });
        }
    }
    for package in &requirements.system {
        let id = format!(
            "SPDXRef-system-{}-{}",
            package.stage,
            identifier(&package.name)
        );
        packages.push(system(package, &id));
        relationships.push(match package.stage {
            "run" => relationship(ROOT, "DEPENDS_ON", &id),
            _ => relationship(&id, "BUILD_TOOL_OF", ROOT),
        });
    }
    let uuid = uuid(&requirements.seed());
    let name = &requirements.name;
    let document = json!({
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": format!("{name}-{}", requirements.version),
        "documentNamespace": format!("https://spdx.org/spdxdocs/{}-{uuid}", encoded(name)),
        "creationInfo": {
            "created": "1970-01-01T00:00:00Z",
            "creators": [concat!("Tool: luthier-", env!("CARGO_PKG_VERSION"))],
        },
        "packages": packages,
        "relationships": relationships,
    });
    Ok(serde_json::to_string_pretty(&document)? + "\n")
}

fn relationship(from: &str, kind: &str, to: &str) -> Value {
    json!({"spdxElementId": from, "relationshipType": kind, "relatedSpdxElement": to})
}

/// Letters, digits, `.` and `-` are all that an identifier may hold.
fn identifier(text: &str) -> String {
    let allowed = |c: char| c.is_ascii_alphanumeric() || c == '.';
    text.chars()
        .map(|c| if allowed(c) { c } else { '-' })
        .collect()
}

fn described(package: &Package, id: &str) -> Value {
    let license = package.license.as_deref().and_then(expression);
    let mut described = json!({
        "SPDXID": id,
        "name": package.name,
        "downloadLocation": location(package),
        "filesAnalyzed": false,
        "licenseDeclared": license.as_deref().unwrap_or("NOASSERTION"),
        "licenseConcluded": "NOASSERTION",
        "copyrightText": "NOASSERTION",
    });
    if !package.version.is_empty() {
        described["versionInfo"] = json!(package.version);
    }
    if let Some(checksum) = &package.checksum {
        described["checksums"] = json!([{"algorithm": "SHA256", "checksumValue": checksum}]);
    }
    if package.source != Source::Path {
        described["externalRefs"] = json!([reference(&purl(package))]);
    }
    described
}

fn location(package: &Package) -> String {
    match &package.source {
        Source::CratesIo => format!(
            "https://static.crates.io/crates/{0}/{0}-{1}.crate",
            package.name,
            encoded(&package.version)
        ),
        Source::PyPi => format!(
            "https://pypi.org/project/{}/{}/",
            package.name,
            encoded(&package.version)
        ),
        Source::Url(url) if url.starts_with("https://") => url.clone(),
        Source::Git { url, commit } if url.starts_with("https://") => {
            let url = url.split('?').next().unwrap_or_default();
            format!("git+{url}@{commit}")
        }
        _ => "NOASSERTION".to_owned(),
    }
}

fn reference(purl: &str) -> Value {
    json!({
        "referenceCategory": "PACKAGE-MANAGER",
        "referenceType": "purl",
        "referenceLocator": purl,
    })
}

fn system(package: &SystemEntry, id: &str) -> Value {
    let purl = format!("pkg:deb/debian/{}?distro=debian-12", encoded(&package.name));
    json!({
        "SPDXID": id,
        "name": package.name,
        "downloadLocation": "NOASSERTION",
        "filesAnalyzed": false,
        "licenseDeclared": package.license,
        "licenseConcluded": "NOASSERTION",
        "copyrightText": "NOASSERTION",
        "externalRefs": [reference(&purl)],
    })
}
