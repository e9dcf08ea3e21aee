//! The rules that dependencies are held to, one function each.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

use super::identity::source;
use super::list::Requirements;
use crate::cargo::graph::{Ecosystem, Package, Source};
use crate::cargo::index::Standing;
use crate::error::{Error, Result};
use crate::project::{Duplicates, Policy};

/// The ids of the rules, for `ignore`.
const RULES: &[&str] = &[
    "licence",
    "banned",
    "duplicate",
    "source",
    "unpinned",
    "yanked",
];

/// Something that breaks a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Finding {
    /// The rule's id, which stays the same.
    pub(crate) rule: &'static str,
    /// `name version`.
    pub(crate) package: String,
    pub(crate) message: String,
    /// What to do.
    pub(crate) hint: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {}", self.rule, self.package, self.message)
    }
}

fn finding(
    rule: &'static str,
    package: &Package,
    message: impl Into<String>,
    hint: impl Into<String>,
) -> Finding {
    Finding {
        rule,
        package: format!("{} {}", package.name, package.version),
        message: message.into(),
        hint: hint.into(),
    }
}

/// All that breaks `policy`, rule by rule. `standing` says what the registry is known to say of a name and a version.
///
/// # Errors
/// `BadInput` if the policy names what is not there: a licence, a rule.
pub(crate) fn check(
    requirements: &Requirements,
    policy: &Policy,
    standing: &dyn Fn(&Package) -> Standing,
) -> Result<Vec<Finding>> {
    sensible(policy)?;
    let packages: Vec<&Package> = requirements
        .entries
        .iter()
        .map(|entry| entry.package)
        .collect();
    let each = packages.iter().flat_map(|package| {
        let found = [
            licence(package, policy),
            banned(package, policy),
            foreign(package, policy),
            yanked(package, standing),
        ];
        found.into_iter().flatten()
    });
    let mut findings: Vec<Finding> = each.collect();
    findings.extend(duplicates(&packages, policy));
    let members = requirements.members.iter();
    findings.extend(members.flat_map(|member| unpinned(member)));
    findings.retain(|finding| !policy.ignore.iter().any(|rule| rule == finding.rule));
    let place = |finding: &Finding| RULES.iter().position(|rule| *rule == finding.rule);
    findings.sort_by_key(place);
    Ok(findings)
}

fn sensible(policy: &Policy) -> Result<()> {
    let exceptions = policy.exceptions.values().flatten();
    let licences = policy.licences.iter().flatten().chain(exceptions);
    for licence in licences {
        if ::spdx::Licensee::parse(licence).is_err() {
            return Err(Error::bad_input(format_args!(
                "luthier.toml: requirements: `{licence}` is no SPDX licence"
            ))
            .hint("https://spdx.org/licenses lists them: `MIT`, `Apache-2.0`, `BSD-3-Clause`"));
        }
    }
    match policy
        .ignore
        .iter()
        .find(|rule| !RULES.contains(&rule.as_str()))
    {
        Some(rule) => Err(Error::bad_input(format_args!(
            "luthier.toml: requirements.ignore: there is no rule `{rule}`"
        ))
        .hint(format!("there is {}", RULES.join(", ")))),
        None => Ok(()),
    }
}

fn licence(package: &Package, policy: &Policy) -> Option<Finding> {
    let name = &package.name;
    let Some(license) = &package.license else {
        let excepted = policy.exceptions.contains_key(name);
        let message = match package.license_file {
            true => "its licence is in a file, which nobody but you can judge",
            false => "it declares no licence",
        };
        let hint = format!("if you may use it: `exceptions.{name} = []` under [requirements]");
        return (!excepted).then(|| finding("licence", package, message, hint));
    };
    let excepted = policy.exceptions.get(name);
    if excepted.is_some_and(Vec::is_empty) {
        return None;
    }
    let mode = ::spdx::ParseMode::LAX;
    let Ok(parsed) = ::spdx::Expression::parse_mode(license, mode) else {
        let message = format!("`{license}` is no SPDX expression");
        let hint = format!("if you may use it: `exceptions.{name} = []` under [requirements]");
        return Some(finding("licence", package, message, hint));
    };
    let allowed = policy.licences.as_ref()?;
    let licensees: Vec<::spdx::Licensee> = allowed
        .iter()
        .chain(excepted.into_iter().flatten())
        .filter_map(|licence| ::spdx::Licensee::parse(licence).ok())
        .collect();
    let fits =
        parsed.evaluate(|wanted| licensees.iter().any(|licensee| licensee.satisfies(wanted)));
    (!fits).then(|| {
        let message = format!("`{license}` is not allowed");
        let hint = format!(
            "replace it, or add to `licences` under [requirements], or for it alone: `exceptions.{name} = [\"…\"]`"
        );
        finding("licence", package, message, hint)
    })
}

fn banned(package: &Package, policy: &Policy) -> Option<Finding> {
    let banned = policy.banned.iter().any(|banned| {
        let (name, version) = match banned.split_once('@') {
            Some((name, version)) => (name, Some(version)),
            None => (banned.as_str(), None),
        };
        let starts = |version: &str| {
            package.version == version || package.version.starts_with(&format!("{version}."))
        };
        name == package.name && version.is_none_or(starts)
    });
    banned.then(|| {
        let hint = match package.ecosystem {
            Ecosystem::Cargo => format!("`cargo tree --invert {}` says who needs it", package.name),
            Ecosystem::Python => {
                format!(
                    "`uv tree --invert --package {}` says who needs it",
                    package.name
                )
            }
        };
        finding("banned", package, "it is banned", hint)
    })
}

fn foreign(package: &Package, policy: &Policy) -> Option<Finding> {
    let url = match &package.source {
        Source::CratesIo | Source::PyPi | Source::Path => return None,
        Source::Registry(url) | Source::Url(url) | Source::Git { url, .. } => url,
    };
    let home = match package.ecosystem {
        Ecosystem::Cargo => "crates.io",
        Ecosystem::Python => "pypi.org",
    };
    let known = policy.sources.iter().any(|source| {
        let rest = url.strip_prefix(source.trim_end_matches('/'));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?', '.']))
    });
    (!known).then(|| {
        let plain = url.split('?').next().unwrap_or_default();
        let hint = format!("take it from {home}, or trust the source: `sources = [\"{plain}\"]`");
        let message = format!("it comes from {}", source(package));
        finding("source", package, message, hint)
    })
}

fn yanked(package: &Package, standing: &dyn Fn(&Package) -> Standing) -> Option<Finding> {
    let is_public = package.source == Source::CratesIo;
    (is_public && standing(package) == Standing::Yanked).then(|| {
        let hint = format!("`cargo update {}` takes another version", package.name);
        finding(
            "yanked",
            package,
            "its author has withdrawn this version",
            hint,
        )
    })
}

fn duplicates(packages: &[&Package], policy: &Policy) -> Vec<Finding> {
    if policy.duplicates == Duplicates::Allow {
        return Vec::new();
    }
    let mut versions: BTreeMap<&str, Vec<&Package>> = BTreeMap::new();
    for package in packages {
        versions.entry(&package.name).or_default().push(package);
    }
    let several = versions.iter().filter(|(name, packages)| {
        packages.len() > 1
            && !policy
                .duplicates_allowed
                .iter()
                .any(|allowed| allowed == *name)
    });
    several
        .map(|(name, packages)| {
            let all: Vec<&str> = packages
                .iter()
                .map(|package| package.version.as_str())
                .collect();
            finding(
                "duplicate",
                packages[0],
                format!("it is there in {} versions: {}", all.len(), all.join(", ")),
                format!(
                    "`{} tree` says why; or `duplicates-allowed = [\"{name}\"]`",
                    match packages[0].ecosystem {
                        Ecosystem::Cargo => "cargo",
                        Ecosystem::Python => "uv",
                    }
                ),
            )
        })
        .collect()
}

/// What a member asks for without saying which.
fn unpinned(member: &Package) -> Vec<Finding> {
    let loose = member.requirements.iter().filter_map(|requirement| {
        if let Some(git) = &requirement.git {
            let pinned = git.contains("?rev=") || git.contains("&rev=");
            let hint = "pin the commit: `rev = \"…\"`";
            let message = format!(
                "it takes {} from {git}, wherever that is just now",
                requirement.name
            );
            return (!pinned).then(|| finding("unpinned", member, message, hint));
        }
        let hint = match member.ecosystem {
            Ecosystem::Cargo => format!("say which version: `cargo add {}`", requirement.name),
            Ecosystem::Python => format!("say which version: `{}==VERSION`", requirement.name),
        };
        let message = format!("it takes any version of {}", requirement.name);
        (requirement.version == "*").then(|| finding("unpinned", member, message, hint))
    });
    loose.collect()
}
