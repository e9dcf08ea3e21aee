//! Finding a pack: among those that come with Luthier, or in a folder.

use std::path::Path;

use super::manifest::NO_PACK;
use super::{FILE, Project, slashed};
use crate::error::{Error, Result};
use crate::files::unreadable;
use crate::scaffold::{Files, Pack};

/// Packs that are announced but not there yet.
const PLANNED: &[&str] = &["api", "minimal", "static"];

/// A pack and where it came from.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) pack: Pack,
    /// The folder it was read from; `None` if it came with Luthier.
    pub(crate) source: Option<String>,
}

/// The pack that `wanted` names: one that comes with Luthier, or a folder, relative to `directory`.
pub(crate) fn find(wanted: &str, directory: &Path) -> Result<Found> {
    if let Some(pack) = Pack::built_in(wanted) {
        let pack = pack?;
        return Ok(Found { pack, source: None });
    }
    if is_url(wanted) {
        return Err(
            Error::bad_input("packs cannot be fetched from git yet").hint(format!(
                "clone {wanted} and give the folder: --scaffold PATH"
            )),
        );
    }
    let folder = directory.join(wanted);
    if folder.is_dir() {
        let folder = folder.canonicalize().unwrap_or(folder);
        let source = folder.display().to_string();
        let pack = in_folder(&folder)?;
        return Ok(Found {
            pack,
            source: Some(source),
        });
    }
    let error = match PLANNED.contains(&wanted) {
        true => Error::bad_input(format_args!("the pack `{wanted}` is not there yet")),
        false => Error::bad_input(format_args!("there is no pack `{wanted}`")),
    };
    let mut there_is = String::from("there is");
    for name in Pack::built_in_names() {
        let pack = find(&name, directory)?.pack;
        there_is += &format!(" `{name}`: {};", pack.manifest.description);
    }
    Err(error.hint(there_is + " a pack of your own is given as a path to its folder"))
}

impl Project {
    /// The pack that this project was made from.
    pub(crate) fn pack(&self) -> Result<Pack> {
        let name = &self.scaffold.name;
        if name == NO_PACK {
            return Err(Error::bad_input(
                "no pack made this project, and so it gets no apps and models from one",
            )
            .hint("entities are added by hand here, or with `luthier inspectdb` from tables"));
        }
        let pack = match &self.scaffold.source {
            Some(source) => in_folder(&self.root.join(source)),
            None => Pack::built_in(name).unwrap_or_else(|| {
                Err(Error::bad_input(format_args!(
                    "{FILE}: scaffold.name: luthier comes without a pack `{name}`"
                ))
                .hint("name its folder: scaffold.source = \"PATH\""))
            }),
        }?;
        let features = &pack.manifest.features;
        let unknown = |feature: &&String| !features.contains_key(*feature);
        match self.scaffold.features.iter().find(unknown) {
            Some(feature) => Err(Error::bad_input(format_args!(
                "{FILE}: scaffold.features: the pack `{name}` has no feature `{feature}`"
            ))
            .hint(format!(
                "take it out; the pack has: {}",
                names(features.keys())
            ))),
            None => Ok(pack),
        }
    }
}

fn names<'a>(features: impl Iterator<Item = &'a String>) -> String {
    let names: Vec<&str> = features.map(String::as_str).collect();
    match names.is_empty() {
        true => "none".to_owned(),
        false => names.join(", "),
    }
}

fn is_url(wanted: &str) -> bool {
    wanted.contains("://") || wanted.starts_with("git@") || wanted.ends_with(".git")
}

/// Reads the pack in `folder`. Links are refused: they could bring in files from anywhere.
fn in_folder(folder: &Path) -> Result<Pack> {
    let shown = folder.display();
    let mut files = Files::new();
    for entry in walkdir::WalkDir::new(folder).sort_by_file_name() {
        let entry = entry.map_err(|error| {
            Error::bad_input(format_args!("the pack {shown} cannot be read: {error}"))
        })?;
        let path = entry.path();
        if entry.path_is_symlink() {
            return Err(Error::bad_input(format_args!(
                "{} is a symbolic link, which a pack cannot hold",
                path.display()
            )));
        }
        if entry.file_type().is_file() {
            let inside = path.strip_prefix(folder).unwrap_or(path);
            let contents = std::fs::read(path).map_err(|error| unreadable(path, error))?;
            files.insert(slashed(inside), contents.into());
        }
    }
    Pack::new(&shown.to_string(), files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packs_that_cannot_be_had_are_refused_with_what_to_do() {
        let cases = [
            ("api", "the pack `api` is not there yet", "there is `web`: "),
            ("wbe", "there is no pack `wbe`", "there is `web`: "),
            (
                "https://example.com/pack",
                "cannot be fetched from git yet",
                "clone https",
            ),
            (
                "git@example.com:me/pack",
                "cannot be fetched from git yet",
                "clone git@",
            ),
        ];
        let folder = tempfile::tempdir().unwrap();
        for (wanted, message, hint) in cases {
            let error = find(wanted, folder.path()).unwrap_err();
            assert!(error.to_string().contains(message), "{wanted}: {error}");
            assert!(error.hints[0].contains(hint), "{wanted}: {:?}", error.hints);
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_pack_that_holds_a_link_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let pack = folder.path().join("pack");
        std::fs::create_dir_all(pack.join("project")).unwrap();
        std::os::unix::fs::symlink("/etc/passwd", pack.join("project/passwd")).unwrap();
        let message = find("pack", folder.path()).unwrap_err().to_string();
        assert!(
            message.contains("project/passwd is a symbolic link"),
            "{message}"
        );
    }
}
