//! A project in Python that is not a Luthier project yet: its files, read to find what serves it.

use std::path::Path;

use ignore::WalkBuilder;

use crate::error::Result;
use crate::files::{names_in, nearest, read};
use crate::paths::slashed;
use crate::scaffold::python::framework::Sources;

/// Files that make a folder a project in Python.
const MARKS: &[&str] = &[
    "manage.py",
    "pyproject.toml",
    "requirements.txt",
    "Pipfile",
    "setup.py",
    "setup.cfg",
];
/// Files that serve a site, in a folder without any of those.
const SCRIPTS: &[&str] = &["app.py", "main.py", "wsgi.py", "asgi.py"];
/// The folder that many projects keep their sources in.
const SOURCES: &str = "src";
/// How deep its application may lie.
const DEPTH: usize = 4;
/// More files than this need not be read to find it.
const MOST: usize = 2_000;

/// A project in Python.
#[derive(Debug)]
pub(crate) struct AdoptablePython {
    pub(crate) name: String,
    pub(crate) sources: Sources,
}

/// The folder of the nearest project in Python, unless one in Rust is nearer.
pub(crate) fn root(directory: &Path) -> Option<&Path> {
    let depth = |folder: &&Path| folder.components().count();
    let marked = MARKS
        .iter()
        .filter_map(|mark| nearest(directory, mark))
        .max_by_key(depth);
    // A script alone says nothing of what it needs.
    let rust = nearest(directory, "Cargo.toml");
    let mut scripts = SCRIPTS.iter().filter(|_| rust.is_none());
    let has_script = scripts.any(|name| directory.join(name).is_file());
    let script = has_script.then_some(directory);
    let python = marked.or(script)?;
    // Packages of Python may have parts in Rust: only what is a site of Django is surely not that.
    let wins =
        rust.is_none_or(|rust| depth(&rust) < depth(&python) || python.join("manage.py").is_file());
    // A manage.py in a folder of its own belongs to the repository around.
    wins.then_some(python)
}

/// The folders directly below that are projects in Python, where this one is no project at all: their names.
pub(crate) fn below(directory: &Path) -> Result<Vec<String>> {
    let names = names_in(directory)?;
    let is_project = |name: &std::ffi::OsString| {
        let folder = directory.join(name);
        !folder.join("pyvenv.cfg").exists() && MARKS.iter().any(|mark| folder.join(mark).is_file())
    };
    let found = names.into_iter().filter(is_project);
    let found = found.map(|name| name.to_string_lossy().into_owned());
    Ok(found.filter(|name| !name.starts_with('.')).collect())
}

impl AdoptablePython {
    /// The project in the folder `root`.
    pub(crate) fn read(root: &Path) -> Result<Self> {
        let mut sources = Sources::new();
        let walk = WalkBuilder::new(root)
            .max_depth(Some(DEPTH))
            .require_git(false)
            .parents(false)
            .sort_by_file_name(std::ffi::OsStr::cmp)
            .filter_entry(|entry| {
                let name = entry.file_name().to_string_lossy();
                let is_environment = entry.path().join("pyvenv.cfg").exists();
                !is_environment
                    && !["node_modules", "migrations", "site-packages", "__pycache__"]
                        .contains(&&*name)
            })
            .build();
        // What cannot be read serves nothing.
        for entry in walk.filter_map(std::result::Result::ok) {
            let path = entry.path();
            if sources.len() == MOST || path.extension().is_none_or(|found| found != "py") {
                continue;
            }
            if let Some(text) = read(path).unwrap_or_default() {
                sources.insert(slashed(path.strip_prefix(root).unwrap_or(path)), text);
            }
        }
        Ok(Self {
            name: name(root)?,
            sources,
        })
    }
}

#[derive(serde::Deserialize)]
struct PyProject {
    project: Option<Named>,
}

#[derive(serde::Deserialize)]
struct Named {
    name: Option<String>,
}

/// As pyproject.toml has it, or the folder; in letters that names of images may have.
fn name(root: &Path) -> Result<String> {
    let text = read(&root.join("pyproject.toml"))?;
    let project: Option<PyProject> = match text {
        Some(text) => Some(crate::toml::parse("pyproject.toml", &text)?),
        None => None,
    };
    let named = project.and_then(|project| project.project?.name);
    let last = |folder: &Path| {
        folder
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
    };
    // `src` is no name: the folder around it has one.
    let folder = || match last(root).filter(|name| name != SOURCES) {
        Some(name) => Some(name),
        None => root.parent().and_then(last),
    };
    let name = named.or_else(folder).unwrap_or_default().to_lowercase();
    let name: String = name
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || c == '_' {
                c
            } else {
                '-'
            }
        })
        .collect();
    let name = name.trim_matches(['-', '_']);
    let starts_well = name.starts_with(|c: char| c.is_ascii_alphabetic());
    Ok(match starts_well {
        true => name.to_owned(),
        false => "site".to_owned(),
    })
}
