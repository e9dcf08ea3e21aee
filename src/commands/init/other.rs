//! Adopting what has no entities: a site in Python, or a cargo binary that listens.

use std::path::Path;
use std::process::ExitCode;

use super::Args;
use crate::apply;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::files;
use crate::plan::Plan;
use crate::project::adoptable::Adoptable;
use crate::project::adoptable_python::{self, AdoptablePython};
use crate::project::{FILE, Project};
use crate::scaffold::python::adopt;
use crate::scaffold::python::framework::{self, Framework};

/// Adopts the site in Python in the folder `root`.
pub(super) fn python(context: &Context, root: &Path, args: &Args) -> Result<ExitCode> {
    let flags = [
        ("--database", !args.database.is_empty()),
        ("--migrations", args.migrations.is_some()),
        ("--database-url", args.database_url.is_some()),
    ];
    if let Some((flag, _)) = flags.iter().find(|(_, given)| *given) {
        return Err(Error::bad_input(format_args!(
            "{flag} is for cargo projects with SeaORM entities"
        ))
        .hint("this is a project in Python: run `luthier init` without"));
    }
    let found = AdoptablePython::read(root)?;
    let Some(framework) = framework::find(&found.sources) else {
        return Err(Error::bad_input(format_args!(
            "{} is a project in Python, but no site of Django, Flask or FastAPI was found in it",
            root.display()
        ))
        .hint("for another server, write luthier.toml by hand: `luthier runserver --help` shows [dev]"));
    };
    check_factory(&framework)?;
    let text = adopt::text(&found.name, &framework)?;
    let done = write(context, root, &text, args.dry_run)?;
    if done {
        context.output.status(match &framework {
            Framework::Django(_) => {
                "Found a site of Django. Every verb but Luthier's own is manage.py's.".to_owned()
            }
            Framework::Flask(found) => {
                format!(
                    "Found an application of Flask: {} in {}.",
                    found.name, found.path
                )
            }
            Framework::Asgi(found) => format!(
                "Found an ASGI application, which uvicorn serves: {} in {}.",
                found.name, found.path
            ),
        });
        context.output.status(
            "`luthier runserver` serves it, `luthier dockerfile` ships it, `luthier requirements` lists what it depends on.",
        );
    }
    Ok(ExitCode::SUCCESS)
}

/// Refuses an application that is only made by a call which no server makes.
fn check_factory(framework: &Framework) -> Result<()> {
    let (Framework::Flask(found) | Framework::Asgi(found)) = framework else {
        return Ok(());
    };
    if found.needs.is_empty() {
        return Ok(());
    }
    let name = found.name.trim_end_matches("()");
    let needs = found.needs.join(", ");
    Err(Error::bad_input(format_args!(
        "{}: {name} makes the application, but has to be told {needs}, which no server does",
        found.path
    ))
    .hint(format!(
        "make it in a file of its own, wsgi.py: `from {module} import {name}` and `app = {name}({needs})`",
        module = found.module
    )))
}

/// Refuses a folder that is no project of cargo, where those below it are projects in Python.
pub(super) fn check_below(directory: &Path) -> Result<()> {
    if files::nearest(directory, "Cargo.toml").is_some() {
        return Ok(());
    }
    let found = adoptable_python::below(directory)?;
    let Some(first) = found.first() else {
        return Ok(());
    };
    let names = found.join(", ");
    Err(Error::bad_input(format_args!(
        "there is no project in {} itself, but one in Python in {names}",
        directory.display()
    ))
    .hint(format!("adopt it where it is: luthier -C {first} init")))
}

/// Adopts a workspace that has no entities, but a program.
pub(super) fn binary(context: &Context, workspace: &Adoptable, dry_run: bool) -> Result<ExitCode> {
    let mut document: toml_edit::DocumentMut = "[project]\n\n[scaffold]\n".parse()?;
    document["project"]["name"] = toml_edit::value(workspace.name.as_str());
    document["scaffold"]["name"] = toml_edit::value("none");
    document["scaffold"]["version"] = toml_edit::value(env!("CARGO_PKG_VERSION"));
    if write(context, &workspace.root, &document.to_string(), dry_run)? {
        context.output.status(
            "There are no SeaORM entities here. `luthier runserver` serves the program where PORT and HOST (or ADDRESS, or \
             LISTEN_FDS) say, `luthier dockerfile` ships it.",
        );
    }
    Ok(ExitCode::SUCCESS)
}

/// Writes `luthier.toml`, unless it is there already.
fn write(context: &Context, root: &Path, text: &str, dry_run: bool) -> Result<bool> {
    // What was found has to make sense.
    Project::of_text(root, text)?;
    let there = files::read(&root.join(FILE))?;
    if there.is_some_and(|there| there != text) {
        return Err(Error::bad_input(format_args!(
            "this is a Luthier project already: {} has a {FILE}, which says something else",
            root.display()
        ))
        .hint(format!("edit {FILE}, or remove it to start again")));
    }
    let mut plan = Plan::new("init", root);
    plan.create(FILE, text);
    Ok(apply::run(context, &plan, dry_run)?.changed && !dry_run)
}
