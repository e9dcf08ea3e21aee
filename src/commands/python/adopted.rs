//! `startapp` in a site of Django that somebody else made: Django's own, and the line of `INSTALLED_APPS` that it leaves
//! to its user.
#![expect(
    clippy::disallowed_methods,
    reason = "Django makes the app in a folder of its own, from where it is moved"
)]

use std::process::ExitCode;

use super::django;
use super::edits::Edits;
use crate::apply;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::plan::Plan;
use crate::project::Project;
use crate::scaffold::python::{Edit, NewItem};

/// Options of Django's `startapp` that take a value.
const WITH_VALUE: &[&str] = &[
    "--template",
    "--extension",
    "-e",
    "--name",
    "-n",
    "--exclude",
    "-x",
    "--settings",
    "--pythonpath",
    "--verbosity",
    "-v",
];

/// What Django is to make.
#[derive(Debug, PartialEq, Eq)]
struct NewApp {
    name: String,
    /// Where, relative to the project.
    folder: String,
    /// Whether the command line says where.
    is_placed: bool,
}

impl NewApp {
    /// Of the arguments of `startapp`, in a site whose modules are in `base`; `None` where they are about something else.
    fn new(arguments: &[String], base: &str) -> Option<Self> {
        let mut words = Vec::new();
        let mut rest = arguments.iter();
        while let Some(word) = rest.next() {
            match word.as_str() {
                "-h" | "--help" | "--version" => return None,
                word if WITH_VALUE.contains(&word) => drop(rest.next()),
                word if word.starts_with('-') => {}
                _ => words.push(word),
            }
        }
        let (name, folder) = match words[..] {
            [name] => (name, format!("{base}{name}")),
            [name, folder] => (name, folder.trim_end_matches('/').to_owned()),
            _ => return None,
        };
        Some(Self {
            name: name.clone(),
            folder,
            is_placed: words.len() == 2,
        })
    }

    /// The module that it is: `apps.books`; `None` outside of where modules are looked for.
    fn module(&self, base: &str) -> Option<String> {
        let folder = self.folder.trim_start_matches("./");
        let inside = folder.strip_prefix(base)?;
        let is_name = |part: &str| {
            part.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
                && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        };
        inside
            .split('/')
            .all(is_name)
            .then(|| inside.replace('/', "."))
    }
}

/// Runs Django's `startapp` by `start`, which is told the arguments, and registers what it made. Where that cannot be
/// done, nothing is written.
pub(in crate::commands) fn startapp(
    context: &Context,
    project: &Project,
    base: &str,
    arguments: &[String],
    start: impl FnOnce(&[String]) -> Result<ExitCode>,
) -> Result<ExitCode> {
    let Some(app) = NewApp::new(arguments, base) else {
        return start(arguments);
    };
    let folder = project.root.join(&app.folder);
    let Some(module) = app.module(base).filter(|_| !folder.exists()) else {
        // Django says itself what it does not like.
        return start(arguments);
    };
    let mut edits = Edits::new(project);
    let settings = django::settings(&edits, base)?;
    let quoted = format!("\"{module}\"");
    let item = Edit::Item(NewItem {
        list: "INSTALLED_APPS",
        item: &quoted,
        marker: &module,
        in_sum: false,
    });
    let listing = django::listing(&settings).to_owned();
    edits.edit(&listing, &item)?;
    // Django fills a folder that is there, and takes one where modules are looked for for a module of that name.
    let workshop = tempfile::tempdir_in(&project.root)?;
    let made = workshop.path().join(&app.name);
    std::fs::create_dir(&made)?;
    let placed = arguments
        .iter()
        .rposition(|word| app.is_placed && word.trim_end_matches('/') == app.folder);
    let rest = arguments.iter().enumerate();
    let rest = rest.filter(|(place, _)| Some(*place) != placed);
    let mut words: Vec<String> = rest.map(|(_, word)| word.clone()).collect();
    words.push(made.to_string_lossy().into_owned());
    let ended = start(&words)?;
    if ended != ExitCode::SUCCESS {
        return Ok(ended);
    }
    if let Some(parent) = folder.parent() {
        std::fs::create_dir_all(parent)?;
    }
    std::fs::rename(&made, &folder)?;
    let config = format!("{}/apps.py", app.folder);
    if module != app.name
        && let Some(text) = project.read(&config)?
    {
        let named = |name: &str, quote| format!("name = {quote}{name}{quote}");
        let renamed = ['"', '\''].iter().fold(text.clone(), |text, quote| {
            text.replacen(&named(&app.name, quote), &named(&module, quote), 1)
        });
        if renamed != text {
            edits.set(&config, renamed)?;
        }
    }
    let mut plan = Plan::new(format!("startapp {}", app.name), &project.root);
    edits.plan(&mut plan);
    apply::run(context, &plan, false)?;
    context.output.status(format_args!(
        "\nThe app {module} is made by Django and listed in {listing}. Its addresses and models are yours to write."
    ));
    Ok(ExitCode::SUCCESS)
}

/// The error of `startmodel` in a project that Luthier has not made.
pub(in crate::commands) fn no_startmodel(django: bool) -> Error {
    let error = Error::bad_input(
        "`startmodel` writes what fits the packs of Luthier, and this project was adopted",
    );
    error.hint(match django {
        true => "write the class in the app's models.py, then run `luthier makemigrations`",
        false => "write the class where the project has its models",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn app(line: &str, base: &str) -> Option<(String, String, Option<String>)> {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        let app = NewApp::new(&words, base)?;
        let module = app.module(base);
        Some((app.name, app.folder, module))
    }

    #[test]
    fn the_module_of_a_new_app_is_where_django_is_told_to_make_it() {
        let some = |name: &str, folder: &str, module: Option<&str>| {
            Some((
                name.to_owned(),
                folder.to_owned(),
                module.map(str::to_owned),
            ))
        };
        for (line, base, expected) in [
            ("books", "", some("books", "books", Some("books"))),
            ("books", "src/", some("books", "src/books", Some("books"))),
            (
                "-v 2 --template=a books ./apps/books/",
                "",
                some("books", "./apps/books", Some("apps.books")),
            ),
            (
                "books src/apps/books",
                "src/",
                some("books", "src/apps/books", Some("apps.books")),
            ),
            (
                "books apps/books",
                "src/",
                some("books", "apps/books", None),
            ),
            ("books ../books", "", some("books", "../books", None)),
            (
                "books my-apps/books",
                "",
                some("books", "my-apps/books", None),
            ),
            ("--help", "", None),
            ("a b c", "", None),
        ] {
            assert_eq!(app(line, base), expected, "{line}");
        }
    }
}
