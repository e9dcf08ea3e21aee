//! A bill of materials as CycloneDX 1.6 JSON: <https://cyclonedx.org/docs/1.6/json/>. The same list makes the same
//! document: there is no time in it.

use serde_json::{Value, json};

use super::identity::{encoded, expression, purl, uuid};
use super::list::{Requirements, SystemEntry};
use crate::cargo::graph::{Package, Source};
use crate::error::Result;

pub(super) fn document(requirements: &Requirements) -> Result<String> {
    let root = format!("{}@{}", requirements.name, requirements.version);
    let members = requirements.members.iter().map(|member| reference(member));
    let members: Vec<String> = members.collect();
    let mut components: Vec<Value> = requirements
        .members
        .iter()
        .map(|member| component(member, "library"))
        .collect();
    let listed = |place: usize| {
        requirements.graph.packages[place].member
            || requirements
                .entries
                .iter()
                .any(|entry| entry.place == place)
    };
    let mut dependencies = vec![json!({"ref": root, "dependsOn": members})];
    let graph = requirements.graph;
    for (place, package) in graph.packages.iter().enumerate() {
        if !listed(place) {
            continue;
        }
        if !package.member {
            components.push(component(package, "library"));
        }
        let mut below: Vec<String> = package
            .dependencies
            .iter()
            .filter(|need| need.normal || need.build || package.member)
            .filter(|need| listed(need.package))
            .map(|need| reference(&graph.packages[need.package]))
            .collect();
        below.sort();
        below.dedup();
        dependencies.push(json!({"ref": reference(package), "dependsOn": below}));
    }
    components.extend(requirements.system.iter().map(system));
    let document = json!({
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": format!("urn:uuid:{}", uuid(&requirements.seed())),
        "version": 1,
        "metadata": {
            "tools": {"components": [{
                "type": "application",
                "name": "luthier",
                "version": env!("CARGO_PKG_VERSION"),
            }]},
            "component": {
                "type": "application",
                "bom-ref": root,
                "name": requirements.name,
                "version": requirements.version,
            },
        },
        "components": components,
        "dependencies": dependencies,
    });
    Ok(serde_json::to_string_pretty(&document)? + "\n")
}

/// What other parts of the document call the package.
fn reference(package: &Package) -> String {
    match package.source {
        Source::Path => format!("path:{}#{}@{}", package.dir, package.name, package.version),
        _ => purl(package),
    }
}

fn component(package: &Package, kind: &str) -> Value {
    let mut component = json!({
        "type": kind,
        "bom-ref": reference(package),
        "name": package.name,
    });
    if !package.version.is_empty() {
        component["version"] = json!(package.version);
    }
    if let Some(description) = &package.description {
        component["description"] = json!(description.trim());
    }
    if let Some(license) = &package.license {
        component["licenses"] = match expression(license) {
            Some(expression) => json!([{"expression": expression}]),
            None => json!([{"license": {"name": license}}]),
        };
    }
    if let Some(checksum) = &package.checksum {
        component["hashes"] = json!([{"alg": "SHA-256", "content": checksum}]);
    }
    if package.source != Source::Path {
        component["purl"] = json!(purl(package));
    }
    if let Some(url) = package.repository.as_deref().filter(|url| is_url(url)) {
        component["externalReferences"] = json!([{"type": "vcs", "url": url}]);
    }
    component
}

/// Manifests hold whatever was written there; the schema wants a URL.
fn is_url(text: &str) -> bool {
    text.starts_with("https://") && !text.contains(char::is_whitespace)
}

fn system(package: &SystemEntry) -> Value {
    let purl = format!("pkg:deb/debian/{}?distro=debian-12", encoded(&package.name));
    json!({
        "type": "library",
        "bom-ref": format!("{purl}#{}", package.stage),
        "name": package.name,
        "purl": purl,
        "scope": if package.stage == "run" { "required" } else { "excluded" },
        "licenses": [{"expression": package.license}],
    })
}
