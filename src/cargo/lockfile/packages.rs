//! Which packages a `Cargo.lock` holds: those that members reach, and those of another lock file.

use super::{CrateManifest, PACKAGE, dependencies, is_member, name, sorted, split, wanted};
use crate::error::Result;
use crate::toml;

/// `lock` for a workspace of just the crates in `manifests`, texts of `Cargo.toml` files with their paths. A pack's
/// lock file holds what any choice of features needs.
pub(crate) fn pruned(lock: &str, manifests: &[(String, String)]) -> Result<String> {
    let mut members = Vec::new();
    for (path, text) in manifests {
        members.push(toml::parse::<CrateManifest>(path, text)?);
    }
    let root = manifests.iter().position(|(path, _)| path == "Cargo.toml");
    let shared = root.map(|root| &members[root].workspace.dependencies);
    let (header, packages) = split(lock);
    let all: Vec<String> = packages.into_iter().map(str::to_owned).collect();
    let mut kept = Vec::new();
    for package in &all {
        let member = members
            .iter()
            .find(|member| member.package.name == name(package));
        kept.push(match (is_member(package), member) {
            (false, _) => package.clone(),
            (true, None) => continue,
            (true, Some(member)) => {
                let wanted = shared.and_then(|shared| wanted(member, shared, &all));
                match wanted {
                    Some(wanted) => with_exactly(package, wanted),
                    None => package.clone(),
                }
            }
        });
    }
    let kept = unambiguous(reachable(kept));
    Ok(joined(header, &kept))
}

/// `lock` and what `other`, the lock file of a larger workspace, has beyond it: packages, and what packages of both
/// depend on. A version that is chosen stays where the other would do as well.
pub(crate) fn with_packages_of(lock: &str, other: &str) -> String {
    let (header, ours) = split(lock);
    let (_, others) = split(other);
    let is_new = |package: &&str| found(&ours, name(package), version(package)).is_none();
    let new: Vec<&str> = others.iter().copied().filter(is_new).collect();
    let all = [ours.as_slice(), new.as_slice()].concat();
    let entry = |of: &[&str], entry: &str| {
        let mut words = entry.split(' ');
        let wanted = words.next()?;
        let of_name = |package: &&&str| name(package) == wanted;
        let wanted_version = match words.next() {
            Some(version) => version,
            None => of.iter().find(of_name).map(|package| version(package))?,
        };
        let package = found(&all, wanted, wanted_version)?;
        Some(format!("{wanted} {}", version(package)))
    };
    let merged = |package: &&str| {
        let own = if ours.contains(package) {
            &ours
        } else {
            &others
        };
        let mut wanted: Vec<String> = dependencies(package)
            .filter_map(|line| entry(own, line))
            .collect();
        let same =
            |other: &&&str| name(other) == name(package) && version(other) == version(package);
        let twin = others.iter().find(same).copied().unwrap_or_default();
        wanted.extend(dependencies(twin).filter_map(|line| entry(&others, line)));
        with_exactly(package, wanted)
    };
    let mut merged: Vec<String> = all.iter().map(merged).collect();
    merged.sort_by_key(|package| (name(package).to_owned(), numbers(version(package))));
    joined(header, &unambiguous(merged))
}

/// The numbers in a version, which sort as versions do.
fn numbers(version: &str) -> Vec<u64> {
    let numbers = version.split(|c: char| !c.is_ascii_digit());
    numbers.filter_map(|number| number.parse().ok()).collect()
}

/// The package of that name in that version, or in one that does as well.
fn found<'a>(packages: &[&'a str], wanted: &str, wanted_version: &str) -> Option<&'a str> {
    let mut named = packages.iter().filter(|package| name(package) == wanted);
    let exact = named
        .clone()
        .find(|package| version(package) == wanted_version);
    exact
        .or_else(|| {
            named.find(|package| compatible(version(package)) == compatible(wanted_version))
        })
        .copied()
}

/// What versions that go for each other have in common: `1` of `1.2.3`, `0.9` of `0.9.3`.
fn compatible(version: &str) -> &str {
    let end = match version.starts_with("0.") {
        true => version[2..].find('.').map(|dot| dot + 2),
        false => version.find('.'),
    };
    &version[..end.unwrap_or(version.len())]
}

fn version(package: &str) -> &str {
    let version = package
        .lines()
        .find_map(|line| line.strip_prefix("version = \"")?.strip_suffix('"'));
    version.unwrap_or_default()
}

fn joined(header: &str, packages: &[String]) -> String {
    let packages: String = packages
        .iter()
        .map(|package| format!("\n\n{PACKAGE}{package}"))
        .collect();
    sorted(&format!("{header}{packages}"))
}

/// The package with these dependencies and no other.
fn with_exactly(package: &str, wanted: Vec<String>) -> String {
    let head = package.split("\ndependencies = [").next();
    super::with_dependencies(head.unwrap_or(package), wanted)
}

/// The members and what they depend on, directly or not.
fn reachable(packages: Vec<String>) -> Vec<String> {
    let mut reached = vec![false; packages.len()];
    let mut open: Vec<usize> = (0..packages.len())
        .filter(|at| is_member(&packages[*at]))
        .collect();
    while let Some(at) = open.pop() {
        if std::mem::replace(&mut reached[at], true) {
            continue;
        }
        for entry in dependencies(&packages[at]) {
            let is_meant = |other: &usize| is_meant_by(entry, &packages[*other]);
            open.extend((0..packages.len()).filter(is_meant));
        }
    }
    let mut reached = reached.into_iter();
    let mut packages = packages;
    packages.retain(|_| reached.next().unwrap_or(true));
    packages
}

/// Versions are said only where there are several.
fn unambiguous(packages: Vec<String>) -> Vec<String> {
    let count = |wanted: &str| {
        let names = packages.iter().map(|package| name(package));
        names.filter(|name| *name == wanted).count()
    };
    let shortened = |package: &String| {
        let mut short = package.clone();
        for entry in dependencies(package) {
            if let Some((name, _)) = entry.split_once(' ')
                && count(name) == 1
            {
                short = short.replace(&format!(" \"{entry}\",\n"), &format!(" \"{name}\",\n"));
            }
        }
        short
    };
    packages.iter().map(shortened).collect()
}

/// `rand`, or `rand 0.9.0` where there are several.
fn is_meant_by(entry: &str, package: &str) -> bool {
    let mut words = entry.split(' ');
    let version = package
        .lines()
        .find_map(|line| line.strip_prefix("version = \"")?.strip_suffix('"'));
    words.next() == Some(name(package)) && words.next().is_none_or(|wanted| Some(wanted) == version)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = r#"# made by cargo
version = 4

[[package]]
name = "accounts"
version = "0.1.0"
dependencies = [
 "argon2",
 "platform",
 "rand 0.9.0",
]

[[package]]
name = "argon2"
version = "0.6.0"
source = "registry"
dependencies = [
 "blake2",
 "rand 0.9.0",
]

[[package]]
name = "axum"
version = "0.8.0"
source = "registry"
dependencies = [
 "rand 0.10.0",
]

[[package]]
name = "blake2"
version = "0.11.0"
source = "registry"

[[package]]
name = "platform"
version = "0.1.0"
dependencies = [
 "argon2",
 "axum",
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
 "accounts",
 "platform",
]
"#;

    fn manifests(platform: &str, accounts: bool) -> Vec<(String, String)> {
        let root = format!(
            "[package]\nname = 'shop'\nversion = '0.1.0'\n[workspace.dependencies]\npassword-hash = {{ package = 'argon2', version = '1' }}\n\
             [dependencies]\nplatform.workspace = true\n{}",
            if accounts {
                "accounts.workspace = true\n"
            } else {
                ""
            }
        );
        let platform = format!(
            "[package]\nname = 'platform'\nversion = '0.1.0'\n[dependencies]\naxum = '1'\n{platform}"
        );
        let app = "[package]\nname = 'accounts'\nversion = '0.1.0'\n[dependencies]\nargon2 = '1'\nplatform = '1'\n[dev-dependencies]\nrand = '1'\n";
        let mut all = vec![("Cargo.toml", root), ("platform/Cargo.toml", platform)];
        if accounts {
            all.push(("apps/accounts/Cargo.toml", app.to_owned()));
        }
        all.into_iter()
            .map(|(path, text)| (path.to_owned(), text))
            .collect()
    }

    #[test]
    fn what_no_member_reaches_goes() {
        let all = manifests("password-hash.workspace = true", true);
        assert_eq!(pruned(LOCK, &all).unwrap(), LOCK);
        let without = pruned(LOCK, &manifests("", false)).unwrap();
        insta::assert_snapshot!(without, @r#"
        # made by cargo
        version = 4

        [[package]]
        name = "axum"
        version = "0.8.0"
        source = "registry"
        dependencies = [
         "rand",
        ]

        [[package]]
        name = "platform"
        version = "0.1.0"
        dependencies = [
         "axum",
        ]

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
        "#);
    }

    #[test]
    fn packages_of_another_lock_come_once_and_keep_what_is_chosen() {
        let without = pruned(LOCK, &manifests("", false)).unwrap();
        assert_eq!(with_packages_of(&without, LOCK), LOCK);
        assert_eq!(with_packages_of(LOCK, &without), LOCK);
        let chosen = without
            .replace("0.8.0", "0.8.7")
            .replace("0.10.0", "0.10.4");
        let with = with_packages_of(&chosen, LOCK);
        let expected = LOCK.replace("0.8.0", "0.8.7").replace("0.10.0", "0.10.4");
        assert_eq!(with, expected);
        assert_eq!(with_packages_of(&with, LOCK), with);
    }
}
