//! A pack: what a project, an app and a model are made from. Pure; see [`super::manifest`] for its description file.
//!
//! ```text
//! scaffold.toml      name, version, questions, conditions
//! project/**         a new project
//! app/**             a new app; paths hold its name as `__app__`
//! model/**           a new model
//! ```
//!
//! A file that ends in `.hbs` is a template, and its name loses the ending; any other is copied byte for byte.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::path::{Component, Path, PathBuf};

use include_dir::{Dir, include_dir};
use serde_json::{Map, Value};

use super::manifest::{self, Only, PackManifest, Without};
use super::{feature, render};
use crate::cargo::lockfile;
use crate::error::{Error, Result};

/// The packs that come with Luthier.
static BUILT_IN: Dir = include_dir!("$CARGO_MANIFEST_DIR/scaffolds");

/// The folder of those that are only there to be extended.
const BASES: &str = "bases";

/// The ending of templates.
const TEMPLATE: &str = ".hbs";

/// `__init__.py` makes a folder a Python package: the name is no variable.
const PYTHON_PACKAGE: &str = "init";

/// The files of a pack by their paths in it, with `/`.
pub(crate) type Files = BTreeMap<String, Cow<'static, [u8]>>;

/// A scaffold pack, read and checked.
#[derive(Debug)]
pub(crate) struct Pack {
    pub(crate) manifest: PackManifest,
    files: Files,
}

/// A file made from a pack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rendered {
    /// Relative to what is being made.
    pub(crate) path: PathBuf,
    pub(crate) contents: Vec<u8>,
}

impl Pack {
    /// The pack of that name that comes with Luthier.
    pub(crate) fn built_in(name: &str) -> Option<Result<Self>> {
        let is_name = name != BASES && !name.contains('/');
        let folder = BUILT_IN.get_dir(name).filter(|_| is_name)?;
        Some(Self::in_folder(folder))
    }

    /// The pack that others by that name are made from: one that only they know, or one that anybody may take.
    fn base(name: &str) -> Option<Result<Self>> {
        match BUILT_IN.get_dir(format!("{BASES}/{name}")) {
            Some(folder) => Some(Self::in_folder(folder)),
            None => Self::built_in(name),
        }
    }

    fn in_folder(folder: &'static Dir) -> Result<Self> {
        let mut files = Files::new();
        collect(folder, folder.path(), &mut files);
        Self::new(&folder.path().display().to_string(), files)
    }

    /// The names of the packs that come with Luthier, sorted.
    pub(crate) fn built_in_names() -> Vec<String> {
        let names = BUILT_IN
            .dirs()
            .map(|folder| folder.path().display().to_string());
        let mut names: Vec<String> = names.filter(|name| name != BASES).collect();
        names.sort();
        names
    }

    /// A pack of these files; errors name them as files in `origin`.
    pub(crate) fn new(origin: &str, files: Files) -> Result<Self> {
        let file = format!("{origin}/{}", manifest::FILE);
        let text = files.get(manifest::FILE).ok_or_else(|| {
            Error::bad_input(format_args!(
                "{origin} is not a pack: it has no {}",
                manifest::FILE
            ))
        })?;
        let text = std::str::from_utf8(text)
            .map_err(|_| Error::bad_input(format_args!("{file} is not UTF-8 text")))?;
        let mut manifest = PackManifest::parse(&file, text)?;
        let mut files = files;
        if let Some(base) = manifest.extends.clone() {
            extend(&file, &mut manifest, &mut files, &base)?;
        }
        for path in manifest.only.iter().map(|only| &only.files) {
            if !files.keys().any(|file| covers(path, file)) {
                return Err(Error::bad_input(format_args!(
                    "{file}: only: the pack has no `{path}`"
                )));
            }
        }
        Ok(Self { manifest, files })
    }

    /// Whether there is anything to make `part` from.
    pub(crate) fn has(&self, part: &str) -> bool {
        self.files.keys().any(|path| covers(part, path))
    }

    /// The files of `part` (`project`, `app`, `model`) for `values`, sorted by path.
    ///
    /// # Errors
    /// When the pack has no such part, a template is broken or wants a value that is not there, or a path would lead
    /// out of what is being made. The message names the template and the line.
    pub(crate) fn render(&self, part: &str, values: &Map<String, Value>) -> Result<Vec<Rendered>> {
        let name = &self.manifest.name;
        let prefix = format!("{part}/");
        let files = self
            .files
            .iter()
            .filter(|(path, _)| path.starts_with(&prefix));
        let renderer = render::Renderer::new(name);
        let mut rendered = Vec::new();
        for (source, contents) in files {
            if !self.is_wanted(source, values)? {
                continue;
            }
            let target = source[prefix.len()..].strip_suffix(TEMPLATE);
            let target_path = target.unwrap_or(&source[prefix.len()..]);
            let path = path(source, target_path, values)?;
            let mut contents = match target {
                Some(_) => renderer.render(source, contents, values)?.into_bytes(),
                None => contents.to_vec(),
            };
            if path == Path::new("Cargo.lock") {
                contents = lockfile::sorted(&String::from_utf8(contents)?).into_bytes();
            }
            rendered.push(Rendered { path, contents });
        }
        if rendered.is_empty() {
            return Err(Error::failed(format_args!(
                "the pack `{name}` has nothing for `{part}`"
            )));
        }
        rendered.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(rendered)
    }

    fn is_wanted(&self, source: &str, values: &Map<String, Value>) -> Result<bool> {
        let concerned = |only: &&Only| covers(&only.files, source);
        for only in self.manifest.only.iter().filter(concerned) {
            if !only.when.holds(values)? {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// Adds what the pack `base` has and this one neither has itself nor leaves out.
fn extend(file: &str, manifest: &mut PackManifest, files: &mut Files, base: &str) -> Result<()> {
    let refused = |reason: String| Error::bad_input(format_args!("{file}: {reason}"));
    let names = || Pack::built_in_names().join(", ");
    let found = Pack::base(base).filter(|_| manifest.name != base);
    let mut base_pack = found.ok_or_else(|| {
        refused(format!("extends: luthier comes without a pack `{base}`"))
            .hint(format!("it comes with {}", names()))
    })??;
    for without in &manifest.without {
        let without = match without {
            Without::Files(files) => files,
            Without::Feature(name) => {
                if base_pack.manifest.features.remove(name).is_none() {
                    return Err(refused(format!(
                        "without: the pack `{base}` has no feature `{name}`"
                    )));
                }
                let mut others = base_pack.manifest.features.iter();
                if let Some((other, _)) = others.find(|(_, other)| other.needs.contains(name)) {
                    return Err(refused(format!(
                        "without: the feature `{other}` needs `{name}`: leave it out before"
                    )));
                }
                // Its files are still only there when it is.
                base_pack
                    .manifest
                    .values
                    .insert(feature::variable(name), false.into());
                continue;
            }
        };
        let before = base_pack.files.len();
        base_pack.files.retain(|path, _| !covers(without, path));
        if base_pack.files.len() == before {
            return Err(refused(format!(
                "without: the pack `{base}` has no `{without}`"
            )));
        }
    }
    let is_there = |only: &Only| base_pack.files.keys().any(|path| covers(&only.files, path));
    base_pack.manifest.only.retain(is_there);
    // A file of the same name with or without the ending of templates is the same file.
    let plain = |path: &str| path.strip_suffix(TEMPLATE).unwrap_or(path).to_owned();
    let own: BTreeSet<String> = files.keys().map(|path| plain(path)).collect();
    base_pack
        .files
        .retain(|path, _| !own.contains(&plain(path)));
    files.append(&mut base_pack.files);
    manifest.extend(base_pack.manifest);
    Ok(())
}

fn collect(folder: &'static Dir, root: &Path, files: &mut Files) {
    for file in folder.files() {
        let path = file.path().strip_prefix(root).unwrap_or(file.path());
        let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
        files.insert(parts.join("/"), Cow::Borrowed(file.contents()));
    }
    for folder in folder.dirs() {
        collect(folder, root, files);
    }
}

/// Whether `rule` names the file or a folder above it.
fn covers(rule: &str, file: &str) -> bool {
    let rest = file.strip_prefix(rule.trim_end_matches('/'));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// `target` with every `__name__` replaced by the variable `name`.
fn path(source: &str, target: &str, values: &Map<String, Value>) -> Result<PathBuf> {
    let mut pieces = target.split("__");
    let mut path = pieces.next().unwrap_or_default().to_owned();
    while let Some(name) = pieces.next() {
        if name == PYTHON_PACKAGE {
            path = format!("{path}__{name}__{}", pieces.next().unwrap_or_default());
            continue;
        }
        let value = values.get(name).and_then(Value::as_str);
        let value = value.filter(|_| !name.is_empty()).ok_or_else(|| {
            Error::failed(format_args!(
                "{source}: `__{name}__` in the path has no value"
            ))
        })?;
        path.push_str(value);
        path.push_str(pieces.next().unwrap_or_default());
    }
    let path = PathBuf::from(path);
    let shown = path.display();
    let normal = |part: Component| matches!(part, Component::Normal(_));
    if path.as_os_str().is_empty() || !path.components().all(normal) {
        return Err(Error::failed(format_args!(
            "{source}: `{shown}` leads out of what is being made"
        )));
    }
    // A hook of git's would be code that runs, and Luthier's own records are for Luthier to write.
    let reserved = |part: &OsStr| {
        [".git", ".luthier"]
            .iter()
            .any(|own| part.eq_ignore_ascii_case(own))
    };
    if path.iter().any(reserved) {
        return Err(Error::failed(format_args!(
            "{source}: a pack cannot write into `{shown}`"
        )));
    }
    Ok(path)
}

#[cfg(test)]
mod tests;
