//! The workspaces around a folder in which cargo packages are to be made: whether cargo would then refuse either.

use std::path::Path;

use globset::GlobBuilder;
use serde::Deserialize;

use crate::error::{Error, Result};
use crate::files::read;
use crate::paths::slashed;
use crate::toml;

#[derive(Deserialize)]
struct WorkspaceManifest {
    workspace: Option<Patterns>,
}

/// What a workspace says of its members: `folder`, `folder/*`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Patterns {
    members: Vec<String>,
    exclude: Vec<String>,
}

/// What cargo does with a package below a workspace, as `find_workspace_root` and `find_path_deps` of
/// <https://github.com/rust-lang/cargo/blob/master/src/cargo/core/workspace.rs> have it.
#[derive(Debug, PartialEq)]
enum Membership {
    /// A pattern covers its folder.
    Member(String),
    Excluded,
    Unlisted,
}

impl Patterns {
    /// `folder` is relative to the root of the workspace, with `/`.
    fn membership(&self, folder: &str) -> Membership {
        let below = |pattern: &String| {
            let mut parts = segments(folder);
            segments(pattern).all(|part| parts.next() == Some(part))
        };
        let excluded = self.exclude.iter().any(below) && !self.members.iter().any(below);
        let pattern = self.members.iter().find(|pattern| covers(pattern, folder));
        match pattern {
            _ if excluded => Membership::Excluded,
            Some(pattern) => Membership::Member(pattern.clone()),
            None => Membership::Unlisted,
        }
    }
}

/// Refuses to make packages in the folder `root` where a workspace above takes them for its own. `folders` are those
/// of the packages, relative to `root`; `own` says whether they are a workspace.
///
/// # Errors
/// `BadInput` with the line that keeps the two apart.
pub(crate) fn check(root: &Path, folders: &[String], own: bool) -> Result<()> {
    for outer in root.ancestors().skip(1) {
        let path = outer.join("Cargo.toml");
        // A manifest that cannot be read is its owner's affair, and cargo's to report.
        let text = read(&path).ok().flatten().unwrap_or_default();
        let manifest: Option<WorkspaceManifest> =
            toml::parse(&path.display().to_string(), &text).ok();
        let Some(patterns) = manifest.and_then(|manifest| manifest.workspace) else {
            continue;
        };
        let inner = slashed(root.strip_prefix(outer).unwrap_or(root));
        for folder in folders {
            let folder = match folder.is_empty() {
                true => inner.clone(),
                false => format!("{inner}/{folder}"),
            };
            match patterns.membership(&folder) {
                Membership::Member(pattern) if own => {
                    let covered = format!("`members = [\"{pattern}\"]` covers {folder}");
                    return Err(refused(&path, &inner, &covered));
                }
                Membership::Unlisted if !own => {
                    let unlisted = format!("it does not list {folder}");
                    return Err(refused(&path, &inner, &unlisted));
                }
                _ => {}
            }
        }
        if !own {
            // The nearest workspace is the one that cargo takes.
            return Ok(());
        }
    }
    Ok(())
}

fn refused(manifest: &Path, inner: &str, why: &str) -> Error {
    let manifest = manifest.display();
    Error::bad_input(format_args!(
        "the folder lies in the workspace of {manifest}, and {why}: cargo would refuse to build in either"
    ))
    .hint(format!(
        "add `exclude = [\"{inner}\"]` to `[workspace]` in {manifest}, or make the project outside of that workspace"
    ))
}

/// Whether a pattern of workspace members (`apps/*`) covers a folder: as cargo reads one, `*` stays within a segment.
pub(crate) fn covers(pattern: &str, path: &str) -> bool {
    let pattern: Vec<&str> = segments(pattern).collect();
    let path: Vec<&str> = segments(path).collect();
    let glob = GlobBuilder::new(&pattern.join("/"))
        .literal_separator(true)
        .build();
    glob.is_ok_and(|glob| glob.compile_matcher().is_match(path.join("/")))
}

pub(crate) fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.split('/')
        .filter(|segment| !segment.is_empty() && *segment != ".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_found_as_cargo_finds_them() {
        let strings = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect();
        let member = |pattern: &str| Membership::Member(pattern.to_owned());
        for (members, exclude, folder, expected) in [
            (&["*"][..], &[][..], "shop", member("*")),
            (&["*"], &[], "crates/shop", Membership::Unlisted),
            (
                &["crates/*", "tools"],
                &[],
                "crates/shop",
                member("crates/*"),
            ),
            (&["./crates/*/"], &[], "crates/shop", member("./crates/*/")),
            (&["*"], &["shop"], "shop", Membership::Excluded),
            (&["*"], &["sho"], "shop", member("*")),
            (
                &["*/apps/*"],
                &["shop"],
                "shop/apps/books",
                Membership::Excluded,
            ),
            (&["shop"], &["shop"], "shop", member("shop")),
            (&["**"], &[], "a/b/c", member("**")),
            (&[], &[], "shop", Membership::Unlisted),
            (&["sh?p", "x"], &[], "shop", member("sh?p")),
        ] {
            let patterns = Patterns {
                members: strings(members),
                exclude: strings(exclude),
            };
            assert_eq!(
                patterns.membership(folder),
                expected,
                "{patterns:?} {folder}"
            );
        }
    }
}
