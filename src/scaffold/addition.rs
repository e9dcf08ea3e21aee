//! A feature that comes to a project later: the difference between the project with it and without. Pure.

use std::path::Path;

use super::new_project::text;
use super::wire::{Edits, Read, Unwirable, text as lines, toml};
use super::{Rendered, app};
use crate::cargo::lockfile;
use crate::error::{Error, Result};
use crate::paths::slashed;
use crate::plan::Plan;

/// Files that other generators edit as well: their pristine text is no ancestor of a new one.
const WIRED: [&str; 2] = ["Cargo.toml", "src/urls.rs"];
/// Folders of code that a feature needs as it is in its own version of the pack.
const SHARED: [&str; 2] = ["platform/", "src/"];

/// What is to come.
pub(crate) struct Addition<'a> {
    pub(crate) feature: &'a str,
    /// The crate that it brings.
    pub(crate) app: Option<app::Wired<'a>>,
    /// What `luthier.toml` is to remember: a question and its answer.
    pub(crate) answer: Option<(&'a str, &'a str)>,
    /// The project as the pack makes it without the feature, and with it.
    pub(crate) before: &'a [Rendered],
    pub(crate) after: &'a [Rendered],
}

/// Adds to `plan` what makes `addition` part of the project that `read` sees; `pristine` reads a file as generators
/// alone would have it. Answers what could not be done in pages and texts, which work without it.
///
/// # Errors
/// Every place in the code that is not as it was generated any more, with the lines to write there.
pub(crate) fn plan(
    plan: &mut Plan,
    addition: &Addition<'_>,
    read: Read<'_>,
    pristine: Read<'_>,
) -> Result<Vec<Error>> {
    let known = made_known(addition, read)?;
    let known_before = made_known(addition, &|path| text(addition.before, path))?;
    let current = |path: &str| match text_at(&known, path) {
        Some(text) => Ok(Some(text.to_owned())),
        None => read(path),
    };
    let mut left_out = Vec::new();
    let mut errors = Vec::new();
    for file in addition.after {
        let path = slashed(&file.path);
        if matches!(&*path, "Cargo.lock" | "luthier.toml") {
            continue;
        }
        let Some(before) = find(addition.before, &file.path) else {
            plan.refresh(&file.path, file.contents.clone());
            continue;
        };
        let Ok(after) = std::str::from_utf8(&file.contents) else {
            continue;
        };
        let before = match text_at(&known_before, &path) {
            Some(before) => before.to_owned(),
            None => String::from_utf8(before.contents.clone())?,
        };
        let differs = before != after || text_at(&known, &path).is_some();
        let ancestor = ancestor(&path, before, pristine)?;
        if ancestor == after && !differs {
            continue;
        }
        let is_code = path.ends_with(".rs") || path.ends_with(".toml");
        let failed = if is_code { &mut errors } else { &mut left_out };
        let Some(text) = current(&path)? else {
            failed.push(missing(&path, &ancestor, after));
            continue;
        };
        let carried = match path.ends_with(".toml") {
            true => toml::carry_over(&ancestor, after, &text),
            false => lines::carry_over(&ancestor, after, &text),
        };
        match carried {
            Ok(carried) => plan.edit(path.clone(), read(&path)?.unwrap_or_default(), carried),
            Err(lost) => failed.extend(lost.into_iter().map(|lost| lost.in_file(&path))),
        }
    }
    if let Some(error) = together(errors) {
        return Err(error);
    }
    // A module may also be a folder: `src/urls/mod.rs`.
    let is_elsewhere = |path: &str| find(addition.after, Path::new(path)).is_none();
    for (path, text) in known.iter().filter(|(path, _)| is_elsewhere(path)) {
        plan.edit(path.clone(), read(path)?.unwrap_or_default(), text.clone());
    }
    let manifest = current("luthier.toml")?.unwrap_or_default();
    let with_feature = toml::add_feature(&manifest, addition.feature)
        .and_then(|text| match addition.answer {
            Some((question, answer)) => toml::add_answer(&text, question, answer),
            None => Ok(text),
        })
        .map_err(|unwirable| unwirable.in_file("luthier.toml"))?;
    plan.edit(
        "luthier.toml",
        read("luthier.toml")?.unwrap_or_default(),
        with_feature,
    );
    lock(plan, addition, read)?;
    Ok(left_out)
}

fn text_at<'a>(texts: &'a [(String, String)], path: &str) -> Option<&'a str> {
    let found = texts.iter().find(|(known, _)| known == path);
    found.map(|(_, text)| text.as_str())
}

/// The files in which the feature's app is made known, as they shall be.
fn made_known(addition: &Addition<'_>, read: Read<'_>) -> Result<Vec<(String, String)>> {
    match addition.app {
        Some(app) => app::wire(app, read).map(Edits::texts),
        None => Ok(Vec::new()),
    }
}

/// What the newer text is compared with: the file without the feature, or, where nobody but its pack writes it, as
/// that wrote it once.
fn ancestor(path: &str, before: String, pristine: Read<'_>) -> Result<String> {
    let is_shared = SHARED.iter().any(|folder| path.starts_with(folder));
    match is_shared && !WIRED.contains(&path) {
        true => Ok(pristine(path)?.unwrap_or(before)),
        false => Ok(before),
    }
}

/// Locks what the feature's crates depend on, as far as that can be said without cargo.
fn lock(plan: &mut Plan, addition: &Addition<'_>, read: Read<'_>) -> Result<()> {
    let Some(lock) = read("Cargo.lock")? else {
        return Ok(());
    };
    let packages = match text(addition.after, "Cargo.lock")? {
        Some(other) if !lock.contains('\r') => lockfile::with_packages_of(&lock, &other),
        _ => lock.clone(),
    };
    let read = |path: &str| match path {
        "Cargo.lock" => Ok(Some(packages.clone())),
        path => read(path),
    };
    let steps = plan.steps.len();
    lockfile::keep_up(plan, &read)?;
    // What cargo has to resolve it also locks.
    if plan.steps.len() > steps
        && let Some(crate::plan::Step::Edit { before, .. }) = plan.steps.last_mut()
    {
        *before = lock;
    }
    Ok(())
}

fn find<'a>(files: &'a [Rendered], path: &Path) -> Option<&'a Rendered> {
    files.iter().find(|file| file.path == path)
}

/// A file that is edited but not there.
fn missing(path: &str, ancestor: &str, after: &str) -> Error {
    let lost = lines::carry_over(ancestor, after, "").err();
    let lines: Vec<String> = lost.into_iter().flatten().map(|lost| lost.add).collect();
    Unwirable {
        why: "there is no such file".to_owned(),
        add: lines.join("\n"),
        place: "to it, or to what stands in its place".to_owned(),
    }
    .in_file(path)
}

/// One error that says all that `errors` do.
pub(crate) fn together(errors: Vec<Error>) -> Option<Error> {
    let mut errors = errors.into_iter();
    let mut first = errors.next()?;
    for error in errors {
        first = first.hint(error.to_string());
        first.hints.extend(error.hints);
    }
    Some(first)
}
