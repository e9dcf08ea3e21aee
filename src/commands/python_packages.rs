//! What a Python project depends on, as its files and its environment say it.

use crate::context::Context;
use crate::error::{Error, Result};
use crate::files::nearest;
use crate::package::python::lock::Installed;
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

/// What it depends on.
///
/// # Errors
/// When nothing says it.
pub(super) fn locked(project: &Project) -> Result<Locked> {
    let installed: Vec<Installed> = installed::packages(&project.root)?
        .iter()
        .filter_map(|found| metadata::read(&found.text, found.origin.as_deref()))
        .collect();
    let name = project.name.to_lowercase();
    let locked = Locked::read(&name, &|path| project.read(path), &installed)?;
    locked.ok_or_else(|| {
        Error::bad_input(format_args!(
            "nothing in {} says what the project depends on: no uv.lock, pylock.toml or requirements.txt, and no environment",
            project.root.display()
        ))
        .hint("`uv lock` makes a uv.lock from pyproject.toml")
    })
}
