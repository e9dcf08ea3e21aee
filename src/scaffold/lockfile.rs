//! The `Cargo.lock` of a pack, fitted to one project: pure.
//!
//! A pack's lock file holds the packages of every choice, and the project's crate wherever the author's had its place.
//! `cargo build --locked` wants exactly the packages in use, sorted, so both are put right here.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::{Error, Result};

const PACKAGE: &str = "[[package]]\n";

/// One `[[package]]`.
#[derive(Debug)]
struct Package<'a> {
    name: &'a str,
    version: &'a str,
    /// The lines up to the dependencies.
    head: &'a str,
    /// `name`, or `name version` where the lock file has several of that name.
    dependencies: Vec<&'a str>,
}

impl<'a> Package<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let text = text.trim_end();
        let (head, dependencies) = match text.split_once("dependencies = [\n") {
            Some((head, list)) => (head, list.strip_suffix(']')?),
            None => (text, ""),
        };
        let entry = |line: &'a str| line.trim().strip_prefix('"')?.strip_suffix("\",");
        let dependencies: Option<Vec<_>> = dependencies.lines().map(entry).collect();
        Some(Self {
            name: field(head, "name")?,
            version: field(head, "version")?,
            head: head.trim_end(),
            dependencies: dependencies?,
        })
    }

    /// Members of the workspace have no source.
    fn is_member(&self) -> bool {
        field(self.head, "source").is_none()
    }

    /// Whether `dependency`, as a lock file writes it, means this package.
    fn is(&self, dependency: &str) -> bool {
        let mut words = dependency.split(' ');
        words.next() == Some(self.name) && words.next().is_none_or(|v| v == self.version)
    }
}

/// The value of `key = "value"` at the start of a line.
fn field<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    let value = |line: &'a str| {
        line.strip_prefix(key)?
            .strip_prefix(" = \"")?
            .strip_suffix('"')
    };
    text.lines().find_map(value)
}

/// `text` without the packages `unwanted`, without those that only they needed, and in cargo's order.
pub(super) fn fitted(text: &str, unwanted: &[&str]) -> Result<String> {
    let mut sections = text.split(PACKAGE);
    let header = sections.next().unwrap_or_default();
    let packages: Option<Vec<Package>> = sections.map(Package::parse).collect();
    let mut packages = packages.ok_or_else(|| {
        Error::failed("the pack's Cargo.lock is not as cargo writes it")
            .hint("the pack's author can make it anew with `cargo generate-lockfile`")
    })?;
    packages.retain(|package| !unwanted.contains(&package.name));
    let needed = needed(&packages);
    let mut index = 0..;
    packages.retain(|_| index.next().is_some_and(|index| needed.contains(&index)));
    // Versions of one name are in order already, and cargo's order of them is not that of their text.
    packages.sort_by_key(|package| package.name);
    Ok(write(header, &packages))
}

/// The indices of the packages that the workspace's members need, themselves included.
fn needed(packages: &[Package]) -> BTreeSet<usize> {
    let mut by_name: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, package) in packages.iter().enumerate() {
        by_name.entry(package.name).or_default().push(index);
    }
    let mut needed = BTreeSet::new();
    let members = 0..packages.len();
    let mut open: Vec<usize> = members
        .filter(|index| packages[*index].is_member())
        .collect();
    while let Some(index) = open.pop() {
        if !needed.insert(index) {
            continue;
        }
        for dependency in &packages[index].dependencies {
            let name = dependency.split(' ').next().unwrap_or_default();
            let named = by_name.get(name).into_iter().flatten();
            open.extend(named.filter(|index| packages[**index].is(dependency)));
        }
    }
    needed
}

fn write(header: &str, packages: &[Package]) -> String {
    let mut versions: BTreeMap<&str, usize> = BTreeMap::new();
    for package in packages {
        *versions.entry(package.name).or_default() += 1;
    }
    let mut sections = vec![header.trim_end().to_owned()];
    for package in packages {
        let mut section = format!("{PACKAGE}{}\n", package.head);
        let dependencies = package.dependencies.iter().filter_map(|dependency| {
            let name = dependency.split(' ').next().unwrap_or_default();
            match versions.get(name)? {
                // The version is written only where it is needed to tell packages apart.
                1 => Some(name),
                _ => Some(*dependency),
            }
        });
        let dependencies: Vec<String> =
            dependencies.map(|name| format!(" \"{name}\",\n")).collect();
        if !dependencies.is_empty() {
            section += &format!("dependencies = [\n{}]\n", dependencies.concat());
        }
        sections.push(section.trim_end().to_owned());
    }
    sections.join("\n\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = r#"# This file is automatically @generated by Cargo.
# It is not intended for manual editing.
version = 4

[[package]]
name = "a"
version = "1.0.0"
source = "registry"
checksum = "0a"
dependencies = [
 "mysql",
 "rand 0.9.0",
]

[[package]]
name = "zoo"
version = "0.1.0"
dependencies = [
 "a",
]

[[package]]
name = "mysql"
version = "1.0.0"
source = "registry"
dependencies = [
 "rand 0.10.0",
 "rsa",
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
name = "rsa"
version = "1.0.0"
source = "registry"
"#;

    #[test]
    fn with_everything_wanted_only_the_order_is_put_right() {
        let fitted = fitted(LOCK, &[]).unwrap();
        let names: Vec<_> = fitted
            .lines()
            .filter(|line| line.starts_with("name"))
            .collect();
        assert_eq!(names.last(), Some(&"name = \"zoo\""));
        assert_eq!(fitted.len(), LOCK.len());
        assert_eq!(super::fitted(&fitted, &[]).unwrap(), fitted);
    }

    #[test]
    fn an_unwanted_package_goes_with_what_only_it_needed() {
        insta::assert_snapshot!(fitted(LOCK, &["mysql"]).unwrap(), @r#"
        # This file is automatically @generated by Cargo.
        # It is not intended for manual editing.
        version = 4

        [[package]]
        name = "a"
        version = "1.0.0"
        source = "registry"
        checksum = "0a"
        dependencies = [
         "rand",
        ]

        [[package]]
        name = "rand"
        version = "0.9.0"
        source = "registry"

        [[package]]
        name = "zoo"
        version = "0.1.0"
        dependencies = [
         "a",
        ]
        "#);
    }

    #[test]
    fn what_cargo_did_not_write_is_refused() {
        assert!(fitted("[[package]]\nname = 'x'\n", &[]).is_err());
    }
}
