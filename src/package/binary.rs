//! Which of a workspace's binaries is the one to ship.

use crate::cargo::workspace::{Binary, Member, Workspace};
use crate::error::{Error, Result};

/// A binary, and the package that it belongs to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Chosen<'a> {
    pub(crate) member: &'a Member,
    pub(crate) binary: &'a Binary,
}

/// The binary called `wanted`; without that the only one, the one that bears the name of Luthier's project, or the
/// `default-run` of the only package that has one.
///
/// # Errors
/// `BadInput` if there is none, or no reason to prefer one.
pub(crate) fn choose<'a>(
    workspace: &'a Workspace,
    project: Option<&str>,
    wanted: Option<&str>,
) -> Result<Chosen<'a>> {
    let all: Vec<Chosen> = workspace
        .members
        .iter()
        .flat_map(|member| {
            let binaries = member.binaries.iter();
            binaries.map(move |binary| Chosen { member, binary })
        })
        .collect();
    if all.is_empty() {
        return Err(Error::bad_input(
            "there is nothing to run: no package of this workspace has a binary",
        )
        .hint("a package has one if there is a `src/main.rs`, or a `[[bin]]` in its Cargo.toml"));
    }
    let found = match wanted {
        Some(name) => named(&all, name),
        None if all.len() == 1 => all.clone(),
        None => match project.map(|name| named(&all, name)) {
            Some(found) if found.len() == 1 => found,
            _ => defaults(&all),
        },
    };
    match (found.as_slice(), wanted) {
        ([one], _) => Ok(*one),
        ([], Some(name)) => Err(Error::bad_input(format_args!(
            "there is no binary `{name}` in this workspace"
        ))
        .hint(format!("there is {}", list(&all)))),
        (_, Some(name)) => Err(Error::bad_input(format_args!(
            "several packages have a binary `{name}`: {}",
            list(&found)
        ))
        .hint("give one of them another name: `[[bin]] name = …` in its Cargo.toml")),
        (_, None) => Err(Error::bad_input(format_args!(
            "there are {} binaries: {}",
            all.len(),
            list(&all)
        ))
        .hint(format!("say which one: --bin {}", all[0].binary.name))),
    }
}

fn named<'a>(all: &[Chosen<'a>], name: &str) -> Vec<Chosen<'a>> {
    let same = |chosen: &&Chosen| chosen.binary.name == name;
    all.iter().filter(same).copied().collect()
}

fn defaults<'a>(all: &[Chosen<'a>]) -> Vec<Chosen<'a>> {
    let is_default =
        |chosen: &&Chosen| chosen.member.default_run.as_ref() == Some(&chosen.binary.name);
    all.iter().filter(is_default).copied().collect()
}

fn list(chosen: &[Chosen]) -> String {
    let names = chosen.iter().map(|program| {
        format!(
            "`{}` (package {})",
            program.binary.name, program.member.name
        )
    });
    names.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn workspace(members: &[(&str, &[&str], Option<&str>)]) -> Workspace {
        let member = |(name, binaries, default): &(&str, &[&str], Option<&str>)| Member {
            name: (*name).to_owned(),
            binaries: binaries
                .iter()
                .map(|name| Binary {
                    name: (*name).to_owned(),
                    ..Binary::default()
                })
                .collect(),
            default_run: default.map(str::to_owned),
            ..Member::default()
        };
        Workspace {
            root: "/w".into(),
            members: members.iter().map(member).collect(),
            channel: None,
            vendored: Vec::new(),
        }
    }

    #[test]
    fn the_binary_is_the_one_that_is_meant_or_an_error_says_what_to_do() {
        let one = workspace(&[("a", &[], None), ("b", &["serve"], None)]);
        let two = workspace(&[("a", &["x"], None), ("b", &["y"], None)]);
        let default = workspace(&[("a", &["x", "y"], Some("y")), ("b", &["z"], None)]);
        let same = workspace(&[("a", &["x"], None), ("b", &["x"], None)]);
        let none = workspace(&[("a", &[], None)]);
        let cases = [
            (&one, None, Ok("serve")),
            (&one, Some("other"), Err("no binary `other`")),
            (
                &two,
                None,
                Err("there are 2 binaries: `x` (package a), `y`"),
            ),
            (&two, Some("y"), Ok("y")),
            (&default, None, Ok("y")),
            (&same, Some("x"), Err("several packages")),
            (&none, None, Err("nothing to run")),
        ];
        for (workspace, wanted, expected) in cases {
            match (choose(workspace, None, wanted), expected) {
                (Ok(chosen), Ok(name)) => assert_eq!(chosen.binary.name, name),
                (Err(error), Err(message)) => {
                    assert!(error.to_string().contains(message), "{error}");
                    assert_eq!(error.kind, crate::error::ErrorKind::BadInput);
                    assert!(!error.hints.is_empty());
                }
                (found, expected) => panic!("{wanted:?}: {found:?}, expected {expected:?}"),
            }
        }
    }
}
