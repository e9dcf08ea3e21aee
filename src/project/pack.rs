//! Finding a pack: among those that come with Luthier, or in a folder.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;

use super::manifest::NO_PACK;
use super::{FILE, Project, slashed};
use crate::error::{Error, Result};
use crate::files::unreadable;
use crate::scaffold::field::nearest;
use crate::scaffold::{
    Dev, Files, Language, Pack, PackQuestion, Rendered, Shipping, Verbs, new_project, values,
};
use crate::sql::Dialect;

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
    let names = Pack::built_in_names();
    let mut error = Error::bad_input(format_args!("there is no pack `{wanted}`"));
    if let Some(near) = nearest(wanted, names.iter().map(String::as_str)) {
        error = error.hint(format!("did you mean `{near}`?"));
    }
    let mut there_is = String::from("there is");
    for name in names {
        let pack = find(&name, directory)?.pack;
        there_is += &format!(" `{name}`: {};", pack.manifest.description);
    }
    Err(error.hint(there_is + " a pack of your own is given as a path to its folder"))
}

/// A pack that comes with Luthier, in a line.
#[derive(Debug, Serialize)]
pub(crate) struct Listed {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) language: Language,
    pub(crate) description: String,
    /// How many packages its lock file holds, with all that is on by default.
    pub(crate) packages: usize,
    /// How many files a project of it has, with all that is on by default.
    pub(crate) files: usize,
}

/// The packs that come with Luthier, by name.
pub(crate) fn list() -> Result<Vec<Listed>> {
    let packs = Pack::built_in_names().into_iter();
    let packs = packs.filter_map(|name| Pack::built_in(&name));
    packs
        .map(|pack| {
            let pack = pack?;
            let files = default_files(&pack)?;
            let manifest = pack.manifest;
            Ok(Listed {
                packages: packages(&files),
                files: files.len(),
                name: manifest.name,
                version: manifest.version,
                language: manifest.language,
                description: manifest.description,
            })
        })
        .collect()
}

/// The files of a project for which nothing is chosen.
fn default_files(pack: &Pack) -> Result<Vec<Rendered>> {
    let mut ask = |_: &str, question: &PackQuestion| Ok(question.choices.concat());
    let choices = pack.manifest.choices(&BTreeMap::new(), &mut ask)?;
    let dialects = [Dialect::Sqlite, Dialect::Postgres];
    let values = values::of_project("example", &dialects, pack, &choices);
    new_project::files(pack, &values, &choices)
}

/// The packages of its lock file, without the project's own.
fn packages(files: &[Rendered]) -> usize {
    let is_lock = |file: &&Rendered| {
        ["Cargo.lock", "uv.lock"]
            .iter()
            .any(|name| file.path == Path::new(name))
    };
    let lock = files.iter().find(is_lock).map(|file| &file.contents);
    let text = lock
        .map(|lock| String::from_utf8_lossy(lock))
        .unwrap_or_default();
    let packages = text.split("[[package]]").skip(1);
    // Only what comes from elsewhere has a registry.
    packages
        .filter(|package| package.contains("registry"))
        .count()
}

impl Project {
    /// `[dev]`, as `luthier.toml` has it and as the pack has it.
    pub(crate) fn dev(&self) -> Result<Dev> {
        let dev = self.dev.clone();
        Ok(match self.is_adopted() {
            true => dev,
            false => dev.or(&self.pack()?.manifest.dev),
        })
    }

    /// What `luthier VERB` starts, by verb.
    pub(crate) fn verbs(&self) -> Result<Verbs> {
        let mut verbs = match self.is_adopted() {
            true => Verbs::new(),
            false => self.pack()?.manifest.verbs,
        };
        verbs.extend(self.verbs.clone());
        Ok(verbs)
    }

    /// How it is shipped, as `luthier.toml` has it and as the pack has it.
    pub(crate) fn shipping(&self) -> Result<Shipping> {
        let shipping = self.shipping.clone();
        Ok(match self.is_adopted() {
            true => shipping,
            false => shipping.or(&self.pack()?.manifest.package),
        })
    }

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
            ("wbe", "there is no pack `wbe`", "did you mean `web`?"),
            ("rails", "there is no pack `rails`", "`web`: "),
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
