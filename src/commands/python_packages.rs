//! What a Python project depends on, as its files and its environment say it.

use crate::context::Context;
use crate::error::{Error, Result};
use crate::files::nearest;
use crate::package::python::lock::{Installed, LockSource};
use crate::package::python::{Locked, metadata};
use crate::project::python::installed;
use crate::project::{FILE, Project};
use crate::scaffold::Language;

/// The project around, if it is one in Python.
pub(super) fn project(context: &Context) -> Result<Option<Project>> {
    let Some(root) = nearest(&context.directory, FILE) else {
        return Ok(None);
    };
    let project = Project::open(root)?;
    Ok((project.language == Language::Python).then_some(project))
}

/// Lock files of other tools, each with what makes a list of it that pip, and the image, can install.
const OTHERS: &[(&str, &str)] = &[
    (
        "poetry.lock",
        "`poetry export --output requirements.txt` (with poetry-plugin-export)",
    ),
    (
        "Pipfile.lock",
        "`pipenv requirements --hash > requirements.txt`",
    ),
    ("pdm.lock", "`pdm export --prod --output requirements.txt`"),
];

/// What it depends on.
///
/// # Errors
/// When nothing says it, or a lock file that is not read.
pub(super) fn locked(project: &Project) -> Result<Locked> {
    let installed: Vec<Installed> = installed::packages(&project.root)?
        .iter()
        .filter_map(|found| metadata::read(&found.text, found.origin.as_deref()))
        .collect();
    let name = project.name.to_lowercase();
    let locked = Locked::read(&name, &|path| project.read(path), &installed)?;
    if locked
        .as_ref()
        .is_none_or(|locked| locked.kind == LockSource::Installed)
    {
        for (file, export) in OTHERS {
            if project.read(file)?.is_some() {
                return Err(Error::bad_input(format_args!(
                    "{file} says what the project depends on, and only its own tool reads that"
                ))
                .hint(format!("write it down for all: {export}"))
                .hint("uv.lock, pylock.toml and requirements.txt are read as they are"));
            }
        }
    }
    locked.ok_or_else(|| {
        Error::bad_input(format_args!(
            "nothing in {} says what the project depends on: no uv.lock, pylock.toml or requirements.txt, and no environment",
            project.root.display()
        ))
        .hint("`uv lock` makes a uv.lock from pyproject.toml")
    })
}
