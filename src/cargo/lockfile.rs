//! `Cargo.lock`, kept as cargo would write it when crates of the workspace come or gain dependencies: pure.
//!
//! With it `cargo build --locked` works right after a generator. Only packages that are locked already can be added:
//! for any other it takes cargo to choose a version, which it does at the next build.
//!
//! `cargo-lock` was tried and left out: it writes lock files of version 4 byte for byte as cargo does, in about 15 ms for
//! 260 packages, but refuses any later version, while text that packages are only added to stays what cargo wrote.

mod packages;

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::error::Result;
use crate::plan::{Plan, Step};
use crate::toml;

pub(crate) use packages::{pruned, with_packages_of};

const FILE: &str = "Cargo.lock";
const PACKAGE: &str = "[[package]]\n";

/// `lock` with its packages in cargo's order. In a pack the project's crate has the place of the author's project;
/// `--locked` wants it in the place of its own name.
pub(crate) fn sorted(lock: &str) -> String {
    let (header, mut packages) = split(lock);
    // Versions of one name are in order already, and cargo's order of them is not that of their text.
    packages.sort_by_key(|package| name(package));
    let mut sorted = header.to_owned();
    for package in packages {
        sorted += &format!("\n\n{PACKAGE}{package}");
    }
    sorted + "\n"
}

/// Adds to `plan` what its `Cargo.toml` files mean for the `Cargo.lock`, if there is one and cargo is not needed.
pub(crate) fn keep_up(
    plan: &mut Plan,
    read: &dyn Fn(&str) -> Result<Option<String>>,
) -> Result<()> {
    let Some(lock) = read(FILE)? else {
        return Ok(());
    };
    let mut manifests: BTreeMap<&Path, &str> = BTreeMap::new();
    for step in &plan.steps {
        let text = match step {
            Step::Create { contents, .. } | Step::Refresh { contents, .. } => {
                std::str::from_utf8(contents)?
            }
            Step::Edit { after, .. } => after,
            Step::Remove { .. } => continue,
        };
        if step.path().ends_with("Cargo.toml") {
            manifests.insert(step.path(), text);
        }
    }
    let shared = match manifests.get(Path::new("Cargo.toml")) {
        Some(text) => Some((*text).to_owned()),
        None => read("Cargo.toml")?,
    };
    let shared: CrateManifest = toml::parse("Cargo.toml", &shared.unwrap_or_default())?;
    let mut members = Vec::new();
    for (path, text) in manifests {
        members.push(toml::parse(&path.display().to_string(), text)?);
    }
    if let Some(kept_up) = kept_up(&lock, &shared.workspace.dependencies, &members) {
        plan.edit(FILE, lock, kept_up);
    }
    Ok(())
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
struct CrateManifest {
    package: Crate,
    dependencies: Map<String, Value>,
    dev_dependencies: Map<String, Value>,
    build_dependencies: Map<String, Value>,
    /// What is for some platforms only; a lock file is for all of them.
    target: BTreeMap<String, PlatformTables>,
    workspace: WorkspaceDependencies,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
struct PlatformTables {
    dependencies: Map<String, Value>,
    dev_dependencies: Map<String, Value>,
    build_dependencies: Map<String, Value>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Crate {
    name: String,
    /// Text, or `version.workspace = true`.
    version: Value,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct WorkspaceDependencies {
    dependencies: Map<String, Value>,
}

/// `lock` with `members` and all that they depend on; `None` where only cargo can say what that is.
fn kept_up(lock: &str, shared: &Map<String, Value>, members: &[CrateManifest]) -> Option<String> {
    if lock.contains('\r') {
        return None;
    }
    let (header, packages) = split(lock);
    let mut packages: Vec<String> = packages.into_iter().map(str::to_owned).collect();
    for member in members {
        let known = |package: &String| name(package) == member.package.name && is_member(package);
        if !packages.iter().any(known) {
            let (name, version) = (&member.package.name, member.package.version.as_str()?);
            packages.push(format!("name = \"{name}\"\nversion = \"{version}\""));
        }
    }
    for member in members {
        let wanted = wanted(member, shared, &packages)?;
        let known =
            |package: &&mut String| name(package) == member.package.name && is_member(package);
        let package = packages.iter_mut().find(known)?;
        *package = with_dependencies(package, wanted);
    }
    let packages: String = packages
        .iter()
        .map(|package| format!("\n\n{PACKAGE}{package}"))
        .collect();
    Some(sorted(&format!("{header}{packages}")))
}

/// What `member` depends on, as a lock file has it: the name, and the version where there are several.
fn wanted(
    member: &CrateManifest,
    shared: &Map<String, Value>,
    packages: &[String],
) -> Option<Vec<String>> {
    let tables = [
        &member.dependencies,
        &member.dev_dependencies,
        &member.build_dependencies,
    ];
    let of_targets = member.target.values().flat_map(|target| {
        [
            &target.dependencies,
            &target.dev_dependencies,
            &target.build_dependencies,
        ]
    });
    let mut wanted = Vec::new();
    for (key, value) in tables.into_iter().chain(of_targets).flatten() {
        let package = |value: &Value| value.get("package")?.as_str().map(str::to_owned);
        let inherited = || shared.get(key).and_then(package);
        let package = package(value)
            .or_else(inherited)
            .unwrap_or_else(|| key.clone());
        let locked = packages
            .iter()
            .filter(|locked| name(locked) == package)
            .count();
        wanted.push(match locked {
            0 => return None,
            1 => package,
            // The crates of a workspace share their versions.
            _ => {
                let members = packages.iter().filter(|package| is_member(package));
                let of_this = |entry: &&str| entry.split(' ').next() == Some(package.as_str());
                members
                    .flat_map(|member| dependencies(member))
                    .find(of_this)?
                    .to_owned()
            }
        });
    }
    Some(wanted)
}

fn with_dependencies(package: &str, mut wanted: Vec<String>) -> String {
    wanted.extend(dependencies(package).map(str::to_owned));
    wanted.sort();
    wanted.dedup();
    let head = package
        .split("\ndependencies = [")
        .next()
        .unwrap_or(package);
    if wanted.is_empty() {
        return head.to_owned();
    }
    let list: String = wanted
        .iter()
        .map(|entry| format!(" \"{entry}\",\n"))
        .collect();
    format!("{head}\ndependencies = [\n{list}]")
}

fn split(lock: &str) -> (&str, Vec<&str>) {
    let mut sections = lock.split(PACKAGE).map(str::trim_end);
    (sections.next().unwrap_or_default(), sections.collect())
}

fn name(package: &str) -> &str {
    let line = package.lines().next().unwrap_or_default();
    line.trim_start_matches("name = \"").trim_end_matches('"')
}

/// Packages from elsewhere have a source.
fn is_member(package: &str) -> bool {
    !package.contains("\nsource = ")
}

fn dependencies(package: &str) -> impl Iterator<Item = &str> {
    package
        .lines()
        .filter_map(|line| line.strip_prefix(" \"")?.strip_suffix("\","))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = r#"# made by cargo
version = 4

[[package]]
name = "axum"
version = "0.8.0"
source = "registry"
dependencies = [
 "rand 0.10.0",
]

[[package]]
name = "platform"
version = "0.1.0"
dependencies = [
 "axum",
 "rand 0.9.0",
]

[[package]]
name = "rand"
version = "0.9.0"
source = "registry"

[[package]]
name = "rand"
version = "0.10.0"
source = "registry"

[[package]]
name = "shop"
version = "0.1.0"
dependencies = [
 "platform",
]
"#;

    const ROOT: &str = "[package]\nname = 'shop'\nversion = '0.1.0'\n[dependencies]\nbooks.workspace = true\nplatform.workspace = true\n";

    fn planned(app: &str, lock: Option<&str>) -> Plan {
        let mut plan = Plan::new("startapp books", "");
        plan.create("apps/books/Cargo.toml", app);
        plan.edit("Cargo.toml", "", ROOT);
        keep_up(&mut plan, &|path| {
            Ok(lock.filter(|_| path == FILE).map(str::to_owned))
        })
        .unwrap();
        plan
    }

    #[test]
    fn the_projects_crate_comes_where_its_name_belongs() {
        let moved = LOCK.replace("name = \"shop\"", "name = \"alpha\"");
        let names: Vec<String> = split(&sorted(&moved))
            .1
            .into_iter()
            .map(|p| name(p).to_owned())
            .collect();
        assert_eq!(names, ["alpha", "axum", "platform", "rand", "rand"]);
        assert_eq!(sorted(LOCK), LOCK);
    }

    #[test]
    fn a_new_crate_and_who_depends_on_it_are_locked() {
        let app = "[package]\nname = 'books'\nversion = '0.1.0'\n[dependencies]\nplatform.workspace = true\naxum.workspace = true\n[dev-dependencies]\nrand.workspace = true\n";
        let plan = planned(app, Some(LOCK));
        let Some(Step::Edit { after, .. }) = plan.steps.last() else {
            panic!("no edit: {plan:?}");
        };
        let mut options = diffy::DiffOptions::new();
        let diff = options
            .set_context_len(1)
            .create_patch(LOCK, after)
            .to_string();
        insta::assert_snapshot!(diff, @r#"
        --- original
        +++ modified
        @@ -12,2 +12,11 @@
         [[package]]
        +name = "books"
        +version = "0.1.0"
        +dependencies = [
        + "axum",
        + "platform",
        + "rand 0.9.0",
        +]
        +
        +[[package]]
         name = "platform"
        @@ -33,2 +42,3 @@
         dependencies = [
        + "books",
          "platform",
        "#);
        let again = planned(app, Some(after));
        assert!(
            matches!(again.steps.last(), Some(Step::Edit { before, after, .. }) if before == after)
        );
    }

    #[test]
    fn what_only_cargo_can_resolve_is_left_to_cargo() {
        let app = |dependency: &str| {
            format!(
                "[package]\nname = 'books'\nversion = '0.1.0'\n[dependencies]\n{dependency} = '1'\n"
            )
        };
        assert_eq!(planned(&app("tokio"), Some(LOCK)).steps.len(), 2);
        assert_eq!(planned(&app("axum"), Some(LOCK)).steps.len(), 3);
        assert_eq!(planned(&app("axum"), None).steps.len(), 2);
        let windows = LOCK.replace('\n', "\r\n");
        assert_eq!(planned(&app("axum"), Some(&windows)).steps.len(), 2);
        let ambiguous = LOCK.replace(" \"rand 0.9.0\",\n", "");
        assert_eq!(planned(&app("rand"), Some(&ambiguous)).steps.len(), 2);
    }
}
