//! What a `Cargo.toml` brings into scope: pure.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::error::Result;
use crate::toml;

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
struct CargoToml {
    package: Package,
    lib: Package,
    bin: Vec<Package>,
    features: BTreeMap<String, Vec<String>>,
    dependencies: Map<String, Value>,
    dev_dependencies: Map<String, Value>,
    build_dependencies: Map<String, Value>,
    workspace: WorkspaceTable,
}

/// What has a name: a package, its library, or a program of it.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Package {
    name: Option<String>,
    /// The root file of a library or a program, where it is not the usual one.
    path: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct WorkspaceTable {
    members: Vec<String>,
    dependencies: Map<String, Value>,
}

/// The crates that the `Cargo.toml` at `file` depends on or shares in its workspace: by the names that code uses,
/// and by those of their packages.
pub(crate) fn dependencies(file: &str, text: &str) -> Result<Vec<String>> {
    let manifest: CargoToml = toml::parse(file, text)?;
    let tables = [
        manifest.dependencies,
        manifest.dev_dependencies,
        manifest.build_dependencies,
        manifest.workspace.dependencies,
    ];
    let mut names = Vec::new();
    for (name, value) in tables.into_iter().flatten() {
        let package = value.get("package").and_then(Value::as_str);
        names.extend(package.map(str::to_owned));
        names.push(name);
    }
    Ok(names)
}

/// Whether a manifest is the root of a workspace.
pub(crate) fn is_workspace(text: &str) -> bool {
    let manifest = toml::parse::<BTreeMap<String, Value>>("Cargo.toml", text);
    manifest.is_ok_and(|manifest| manifest.contains_key("workspace"))
}

/// The members of a workspace: folders, or `folder/*`.
pub(crate) fn members(file: &str, text: &str) -> Result<Vec<String>> {
    let manifest: CargoToml = toml::parse(file, text)?;
    Ok(manifest.workspace.members)
}

/// The root files of a crate that its `Cargo.toml` names: the library's, and those of programs.
pub(crate) fn roots(file: &str, text: &str) -> Result<(Option<String>, Vec<String>)> {
    let manifest: CargoToml = toml::parse(file, text)?;
    let programs = manifest.bin.into_iter().filter_map(|program| program.path);
    Ok((manifest.lib.path, programs.collect()))
}

/// The folders of the crates in the same workspace that a crate depends on, relative to the workspace's root.
/// `dir` is the crate's own folder, `shared` the text of the workspace's manifest.
pub(crate) fn neighbours(dir: &str, text: &str, shared: Option<&str>) -> Result<Vec<String>> {
    let file = |dir: &str| match dir {
        "" => "Cargo.toml".to_owned(),
        dir => format!("{dir}/Cargo.toml"),
    };
    let manifest: CargoToml = toml::parse(&file(dir), text)?;
    let shared: CargoToml = match shared {
        Some(text) => toml::parse(&file(""), text)?,
        None => CargoToml::default(),
    };
    let mut folders = Vec::new();
    for (name, value) in manifest.dependencies {
        let path = |value: &Value| Some(value.get("path")?.as_str()?.to_owned());
        let inherited = value.get("workspace").and_then(Value::as_bool) == Some(true);
        let folder = match inherited {
            true => shared.workspace.dependencies.get(&name).and_then(path),
            false => path(&value).map(|path| format!("{dir}/{path}")),
        };
        folders.extend(folder.and_then(|folder| inside(&folder)));
    }
    Ok(folders)
}

/// The path without `.` and `..`; `None` if it leads out of the workspace.
fn inside(path: &str) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// The name of a crate's library as its `Cargo.toml` gives it: its own, or the package's.
pub(crate) fn library(file: &str, text: &str) -> Result<Option<String>> {
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Named {
        name: Option<String>,
    }
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Crate {
        package: Named,
        lib: Named,
    }
    let found: Crate = toml::parse(file, text)?;
    Ok(found.lib.name.or(found.package.name))
}

/// A crate as code names it.
fn code_name(name: &str) -> String {
    name.replace('-', "_")
}

/// The features of each crate that a plain build turns on: its default ones, and those that the crates of `manifests`,
/// each a file and its text, ask of each other. By the names that code uses.
pub(crate) fn features(
    manifests: &[(String, String)],
) -> Result<BTreeMap<String, BTreeSet<String>>> {
    let mut crates: BTreeMap<String, CargoToml> = BTreeMap::new();
    let mut waiting: Vec<(String, String)> = Vec::new();
    for (file, text) in manifests {
        let manifest: CargoToml = toml::parse(file, text)?;
        if let Some(name) = &manifest.package.name {
            crates.insert(code_name(name), manifest);
        } else {
            waiting.extend(asked_for(&manifest));
        }
    }
    for (name, manifest) in &crates {
        waiting.push((name.clone(), "default".into()));
        waiting.extend(asked_for(manifest));
    }
    let mut on: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    while let Some((name, feature)) = waiting.pop() {
        let Some(manifest) = crates.get(&name) else {
            continue;
        };
        if !on.entry(name.clone()).or_default().insert(feature.clone()) {
            continue;
        }
        for more in manifest.features.get(&feature).into_iter().flatten() {
            match more.split_once('/') {
                Some((dependency, feature)) => {
                    let weak = dependency.ends_with('?');
                    let dependency = dependency.trim_end_matches('?');
                    waiting.push((package_of(manifest, dependency), feature.into()));
                    if !weak {
                        waiting.push((name.clone(), dependency.into()));
                    }
                }
                None if more.starts_with("dep:") => {}
                None => waiting.push((name.clone(), more.clone())),
            }
        }
    }
    // Code that names the library by another name is in the crate all the same.
    for (name, manifest) in &crates {
        if let Some(library) = &manifest.lib.name {
            let features = on.get(name).cloned().unwrap_or_default();
            on.entry(library.clone()).or_insert(features);
        }
    }
    Ok(on)
}

/// The package, as code would name it, that `manifest` calls `dependency`.
fn package_of(manifest: &CargoToml, dependency: &str) -> String {
    let tables = [&manifest.dependencies, &manifest.workspace.dependencies];
    let package = tables
        .iter()
        .find_map(|table| table.get(dependency)?.get("package")?.as_str());
    code_name(package.unwrap_or(dependency))
}

/// The features that a manifest asks of its dependencies.
fn asked_for(manifest: &CargoToml) -> Vec<(String, String)> {
    let tables = [&manifest.dependencies, &manifest.workspace.dependencies];
    let mut asked = Vec::new();
    for (name, value) in tables.into_iter().flatten() {
        let features = value.get("features").and_then(Value::as_array);
        for feature in features.into_iter().flatten().filter_map(Value::as_str) {
            asked.push((package_of(manifest, name), feature.to_owned()));
        }
    }
    asked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn default_features_are_on_and_those_that_others_ask_for() {
        let manifest = |file: &str, text: &str| (file.to_owned(), text.to_owned());
        let manifests = [
            manifest(
                "Cargo.toml",
                r#"
                [package]
                name = "my-shop"
                [features]
                default = ["search", "dep:tantivy", "goods/stock", "orders?/fast"]
                search = ["index"]
                off = []
                [dependencies]
                goods = { package = "my-goods", path = "goods" }
                orders = { path = "orders", features = ["gift"], optional = true }
                [workspace.dependencies]
                my-goods = { path = "goods", features = ["shared"] }
                "#,
            ),
            manifest(
                "goods/Cargo.toml",
                "[package]\nname = 'my-goods'\n[features]\nstock = []\nshared = []\nnever = []\n",
            ),
            manifest("orders/Cargo.toml", "[package]\nname = 'orders'\n"),
        ];
        let on = features(&manifests).unwrap();
        let features = |name: &str| on[name].iter().map(String::as_str).collect::<Vec<_>>();
        assert_eq!(features("my_shop"), ["default", "goods", "index", "search"]);
        assert_eq!(features("my_goods"), ["default", "shared", "stock"]);
        assert_eq!(features("orders"), ["default", "fast", "gift"]);
    }

    #[test]
    fn every_table_of_dependencies_counts() {
        let text = r#"
            [package]
            name = "shop"
            [dependencies]
            axum = { workspace = true }
            orm = { package = "sea-orm", version = "2" }
            [dev-dependencies]
            insta = "1"
            [workspace.dependencies]
            serde = { version = "1" }
        "#;
        let names = dependencies("Cargo.toml", text).unwrap();
        assert_eq!(names, ["axum", "sea-orm", "orm", "insta", "serde"]);
        let error = dependencies("apps/x/Cargo.toml", "[dependencies").unwrap_err();
        assert!(error.to_string().starts_with("apps/x/Cargo.toml:1: "));
    }
}
