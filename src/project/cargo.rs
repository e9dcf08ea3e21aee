//! What a `Cargo.toml` brings into scope: pure.

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::error::Result;
use crate::toml;

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
struct Manifest {
    dependencies: Map<String, Value>,
    dev_dependencies: Map<String, Value>,
    build_dependencies: Map<String, Value>,
    workspace: Workspace,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Workspace {
    dependencies: Map<String, Value>,
}

/// The crates that the `Cargo.toml` at `file` depends on or shares in its workspace: by the names that code uses,
/// and by those of their packages.
pub(crate) fn dependencies(file: &str, text: &str) -> Result<Vec<String>> {
    let manifest: Manifest = toml::parse(file, text)?;
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

/// The name of a crate's library as its `Cargo.toml` gives it: its own, or the package's.
pub(super) fn library(file: &str, text: &str) -> Result<Option<String>> {
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

#[cfg(test)]
mod tests {
    use super::*;

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
