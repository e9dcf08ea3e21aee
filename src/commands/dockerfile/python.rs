//! `luthier dockerfile` in a Python project.

use std::path::PathBuf;
use std::process::ExitCode;

use super::super::deployment::{self, OutputFolder};
use super::super::python_packages;
use super::super::saved_options::SavedOptions as _;
use super::Args;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::files;
use crate::package::File;
use crate::package::dockerfile::Wanted;
use crate::package::python::image::{self, PythonSite, Surroundings};
use crate::package::python::instance;
use crate::package::python::lock::{self, LockSource};
use crate::package::python::{Locked, requirements_files};
use crate::paths::slashed;
use crate::project::Project;
use crate::project::adoptable_python::AdoptablePython;
use crate::project::python::version_of_environment;
use crate::sql::Dialect;

/// Where the data of a site with SQLite lie in its image.
const DATA: &str = "sqlite:////data/db.sqlite3";

pub(super) fn run(context: &Context, project: &Project, args: Args) -> Result<ExitCode> {
    let cargos = [
        ("--bin", args.bin.is_some()),
        ("--base", args.base.is_some()),
    ];
    if let Some((flag, _)) = cargos.iter().find(|(_, given)| *given) {
        return Err(Error::bad_input(format_args!("{flag} is for Rust projects"))
            .hint("[package] in luthier.toml says what serves a Python project, and `luthier dockerfile` the rest"));
    }
    let to_stdout = args
        .output
        .as_deref()
        .is_some_and(|path| path.as_os_str() == "-");
    let output = args.output.clone().filter(|_| !to_stdout);
    let output = output.unwrap_or_else(|| project.root.join("Dockerfile"));
    let (mut place, name) = OutputFolder::file(context, &project.root, &output)?;
    let file = slashed(&place.prefix.join(&name));
    let (args, store) = args.load(&place, &name, &file)?;
    let wanted = Wanted {
        base: None,
        port: args.port,
        ignored: match place.root == project.root && file == "Dockerfile" {
            true => ".dockerignore".to_owned(),
            false => format!("{file}.dockerignore"),
        },
        file,
    };
    let locked = python_packages::locked(project)?;
    let written = files::read(&place.root.join(&wanted.file))?;
    let around = surroundings(project, &locked, written.as_deref())?;
    let site = PythonSite {
        name: &project.name,
        module: &project.module(),
        shipping: &project.shipping()?,
    };
    let image = image::image(&site, &locked, &around, &wanted)?;
    let generated = args.save(store, image.files)?;
    if to_stdout {
        print(context, &generated.files, &wanted.file);
        return Ok(ExitCode::SUCCESS);
    }
    place.prefix = PathBuf::new();
    let done = deployment::write(context, "dockerfile", &place, generated, args.writing)?;
    if !args.writing.check {
        for note in image.notes.iter().chain(&locked.notes) {
            context.output.warning(note);
        }
    }
    Ok(done)
}

fn print(context: &Context, files: &[File], file: &str) {
    for file in files.iter().filter(|written| written.path == file) {
        context.output.data(file.text.trim_end());
    }
}

/// Reads what lies around the project, for which `written` was generated before.
fn surroundings(project: &Project, locked: &Locked, written: Option<&str>) -> Result<Surroundings> {
    let pyproject = project.read(lock::PYPROJECT)?;
    let requires = match &pyproject {
        Some(text) => lock::requires_python(text)?,
        None => None,
    };
    let before = written.and_then(|text| {
        let mut lines = text.lines();
        lines.find_map(|line| line.strip_prefix("ARG PYTHON_VERSION="))
    });
    let environment = || version_of_environment(&project.root);
    let known = before.map(str::to_owned).or_else(environment);
    let sqlite = project.dialects.contains(&Dialect::Sqlite) && !project.is_adopted();
    let requirements = match locked.kind {
        LockSource::Requirements(file) => requirements_files(file, &|path| project.read(path))?,
        _ => Vec::new(),
    };
    let instance = match project.is_adopted() {
        true => instance::folder(&AdoptablePython::read(&project.root)?.sources),
        false => None,
    };
    Ok(Surroundings {
        pinned: project.read(".python-version")?,
        requires,
        known: known.as_deref().and_then(image::version_in),
        data: sqlite.then_some(DATA),
        instance,
        requirements,
    })
}
