//! A new project: the files of its pack, and the apps of its features made known like any other. Pure.

use std::path::Path;

use serde_json::{Map, Value};

use super::feature::Choices;
use super::{Pack, Rendered, app};
use crate::cargo::lockfile;
use crate::error::Result;
use crate::paths::slashed;

const LOCK: &str = "Cargo.lock";

/// The files of a new project for `values`, which tell of `choices`; sorted by path.
pub(crate) fn files(
    pack: &Pack,
    values: &Map<String, Value>,
    choices: &Choices,
) -> Result<Vec<Rendered>> {
    let mut files = pack.render("project", values)?;
    for (name, feature) in &pack.manifest.features {
        if let Some(app) = feature.wired().filter(|_| choices.has(name)) {
            let read = |path: &str| text(&files, path);
            let edited = app::wire(app, &read)?.texts();
            for (path, text) in edited {
                set(&mut files, &path, text);
            }
        }
    }
    if let Some(lock) = text(&files, LOCK)? {
        let mut manifests = Vec::new();
        for file in &files {
            let path = slashed(&file.path);
            if file.path.ends_with("Cargo.toml") {
                manifests.push((path.clone(), text(&files, &path)?.unwrap_or_default()));
            }
        }
        set(&mut files, LOCK, lockfile::pruned(&lock, &manifests)?);
    }
    Ok(files)
}

/// The text of a rendered file; `None` if there is no such file.
pub(super) fn text(files: &[Rendered], path: &str) -> Result<Option<String>> {
    let file = files.iter().find(|file| file.path == Path::new(path));
    let contents = file.map(|file| file.contents.clone());
    Ok(contents.map(String::from_utf8).transpose()?)
}

fn set(files: &mut [Rendered], path: &str, text: String) {
    if let Some(file) = files.iter_mut().find(|file| file.path == Path::new(path)) {
        file.contents = text.into_bytes();
    }
}
