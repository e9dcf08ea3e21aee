//! The command that serves a site which is not a cargo binary, from what `luthier.toml` and the pack say of it.

use std::path::Path;

use super::helpers::{self, Helpers};
use crate::devserver::{Fork, Ready, Rules, ServerCommand};
use crate::error::Result;
use crate::project::Project;
use crate::project::python::{Python, Words};
use crate::scaffold::{Dev, Language};

/// Files that a site of Python reads when it starts.
const PYTHON_FILES: &[&str] = &[
    "**/*.py",
    "pyproject.toml",
    "uv.lock",
    "requirements*.txt",
    ".env",
];

/// `None` where the site is a cargo binary.
pub(super) fn find(project: &Project) -> Result<Option<ServerCommand>> {
    let dev = project.dev()?;
    let Some(words) = &dev.command else {
        return Ok(None);
    };
    let python = match project.language {
        Language::Python => Some(Python::find(&project.root)?),
        Language::Rust => None,
    };
    let module = project.module();
    let fill = |words: &[String]| -> Vec<String> {
        let words = words.iter();
        words
            .map(|word| word.replace("{project}", &module))
            .collect()
    };
    let resolve = |words: &[String]| match &python {
        Some(python) => python
            .resolve(&fill(words))
            .map(|words| (words.program, words.arguments)),
        None => Ok((words[0].clone().into(), words[1..].to_vec())),
    };
    let (program, arguments) = resolve(words)?;
    let helpers = match &python {
        Some(_) => helpers::find(project, &fill(words)),
        None => Helpers::default(),
    };
    // Without them everything is served all the same.
    let helper = |words: Option<Vec<String>>| words.and_then(|words| resolve(&words).ok());
    let check = dev.check.as_deref().filter(|words| !words.is_empty());
    let mut environment = Vec::new();
    if let Some(python) = &python {
        environment = python.variables();
        // What it writes is shown at once.
        environment.push(("PYTHONUNBUFFERED".to_owned(), "1".to_owned()));
    }
    let fork = match (dev.fork, &python) {
        (Some(true), Some(python)) => fork(python, &program, &arguments),
        _ => Fork::Off,
    };
    Ok(Some(ServerCommand {
        program,
        arguments,
        listen: dev.listen.unwrap_or_default(),
        ready: ready(&dev),
        environment,
        check: check.map(resolve).transpose()?,
        templates: helper(helpers.templates),
        migrations: helper(helpers.migrations),
        inputs: inputs(&dev, project.language)?,
        fork,
    }))
}

/// How the site is forked, on systems where a process may be.
fn fork(python: &Python, program: &Path, arguments: &[String]) -> Fork {
    if !cfg!(target_os = "linux") {
        return Fork::Off;
    }
    let words = Words {
        program: program.to_owned(),
        arguments: arguments.to_vec(),
    };
    python
        .interpreter_of(&words)
        .map_or_else(Fork::Unavailable, Fork::By)
}

fn ready(dev: &Dev) -> Ready {
    match dev.ready.as_deref() {
        Some("notify") => Ready::Notification,
        path => Ready::Answer(path.unwrap_or("/").to_owned()),
    }
}

fn inputs(dev: &Dev, language: Language) -> Result<Rules> {
    let owned = |globs: &[&str]| globs.iter().map(|glob| (*glob).to_owned()).collect();
    let reload = dev.reload.clone().unwrap_or_default();
    let restart = dev.restart.clone().unwrap_or_else(|| match language {
        Language::Python => owned(PYTHON_FILES),
        // Of a program in another language nothing is known: every file may be part of it.
        Language::Rust => owned(&["**/*", ".env"]),
    });
    Rules::new(&restart, &reload)
}
