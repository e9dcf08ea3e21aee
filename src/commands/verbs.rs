//! Verbs that another tool answers: `luthier migrate` of a Django project is `manage.py migrate`.
#![expect(
    clippy::disallowed_methods,
    reason = "this module starts the tools that verbs stand for"
)]

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::sync::Arc;

use super::python::adopted;
use crate::context::Context;
use crate::devserver::Migrations;
use crate::error::{Error, Result};
use crate::output::Output;
use crate::project::python::{INSTALL, Python, Words};
use crate::project::{FILE, Project};
use crate::scaffold::Language;

/// Verbs of Luthier's own in every project, whatever `*` stands for.
const OWN: &[&str] = &[
    "startproject",
    "runserver",
    "dockerfile",
    "compose",
    "kubernetes",
    "systemd",
    "requirements",
    "init",
    "add",
    "demo",
    "completions",
    "help",
];

/// The verb that stands for every other one.
const EVERY_OTHER: &str = "*";

/// Flags of Luthier's own `makemigrations` and `migrate` that another tool would take for something else.
const OWN_FLAGS: &[(&str, &[&str])] = &[
    (
        "makemigrations",
        &["--allow-drop", "--rename", "--rename-table", "--default"],
    ),
    ("migrate", &["--database-url"]),
];

/// A verb as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Typed {
    directory: Option<PathBuf>,
    verb: String,
    rest: Vec<OsString>,
}

/// Runs what the verb of `args` (the program's name first) stands for in the project around, if that is another tool.
///
/// `is_command` says whether Luthier has a command of that name.
pub(crate) fn run(
    args: &[OsString],
    is_command: &dyn Fn(&str) -> bool,
) -> Option<Result<ExitCode>> {
    let typed = split(args)?;
    let start = std::env::current_dir().ok()?;
    let start = match &typed.directory {
        Some(directory) => start.join(directory),
        None => start,
    };
    let root = start
        .ancestors()
        .find(|folder| folder.join(FILE).is_file())?;
    // Whatever is wrong with it is said by the command that reads it.
    let project = Project::open(root).ok()?;
    if project.language == Language::Rust {
        return None;
    }
    let verbs = project.verbs().ok()?;
    let is_own = |verb: &str| {
        let made = ["startapp", "startmodel"].contains(&verb) && !project.is_adopted();
        made || OWN.contains(&verb)
    };
    let words = match verbs.get(&typed.verb) {
        Some(words) => words,
        None if is_own(&typed.verb) => return None,
        None => match verbs.get(EVERY_OTHER) {
            Some(words) => words,
            None if typed.verb == "startmodel" => return Some(Err(adopted::no_startmodel(false))),
            None if is_command(&typed.verb) => return Some(Err(without_meaning(&typed.verb))),
            None => return None,
        },
    };
    if project.is_adopted() && !verbs.contains_key(&typed.verb) {
        match typed.verb.as_str() {
            "startmodel" => return Some(Err(adopted::no_startmodel(is_django(words)))),
            "startapp" if is_django(words) => {
                return Some(start_app(&project, start, words, &typed));
            }
            _ => {}
        }
    }
    Some(start_tool(&project, &start, words, &typed))
}

/// `startapp` of a site of Django that was adopted.
fn start_app(
    project: &Project,
    start: PathBuf,
    words: &[String],
    typed: &Typed,
) -> Result<ExitCode> {
    let manage = words.iter().find_map(|word| word.strip_suffix("manage.py"));
    let base = manage.unwrap_or_default();
    let arguments: Vec<String> = typed
        .rest
        .iter()
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    let output = Output::new(anstream::ColorChoice::Auto, false, 0);
    let context = Context::new(start.clone(), output, false, true);
    adopted::startapp(&context, project, base, &arguments, |given| {
        let typed = Typed {
            rest: given.iter().map(OsString::from).collect(),
            ..typed.clone()
        };
        start_tool(project, &start, words, &typed)
    })
}

/// The error of a command of Luthier's own that is about Rust, in a project that does not say what else it stands for.
fn without_meaning(verb: &str) -> Error {
    Error::bad_input(format_args!(
        "`{verb}` is for Rust projects, and {FILE} does not say what it stands for in this one"
    ))
    .hint(format!(
        "say it: [verbs] {verb} = [\"PROGRAM\", \"ARGUMENT\"]"
    ))
}

fn start_tool(
    project: &Project,
    start: &Path,
    words: &[String],
    typed: &Typed,
) -> Result<ExitCode> {
    refuse_own_flags(typed)?;
    let words: Vec<String> = words
        .iter()
        .map(|word| word.replace("{verb}", &typed.verb))
        .collect();
    let python = Python::find(&project.root)?;
    let words = python.resolve(&words)?;
    let mut command = command(project, &python, &words);
    // Paths among the arguments are meant from where the user is.
    let inside = start.strip_prefix(&project.root).unwrap_or(Path::new(""));
    if !inside.as_os_str().is_empty() {
        command.env("PWD", start);
    }
    let status = command.args(&typed.rest).status().map_err(|error| {
        Error::failed(format_args!(
            "{} cannot be started: {error}",
            words.program.display()
        ))
    })?;
    if !status.success() && is_django(&words.arguments) {
        check_environment(&python)?;
    }
    Ok(match status.code() {
        Some(code) => ExitCode::from(u8::try_from(code).unwrap_or(1)),
        None => ExitCode::FAILURE,
    })
}

/// Tells whom a Python without Django has failed that the project has no environment: Django's traceback does not.
fn check_environment(python: &Python) -> Result<()> {
    let Python::Path(interpreter) = python else {
        return Ok(());
    };
    let has_django = Command::new(interpreter)
        .args(["-c", "import django"])
        .stderr(Stdio::null())
        .status();
    match has_django.is_ok_and(|status| status.success()) {
        true => Ok(()),
        false => Err(Error::failed(format_args!(
            "{} has no Django, and the project has no environment of its own",
            interpreter.display()
        ))
        .hint(format!("make it: {INSTALL}"))),
    }
}

fn command(project: &Project, python: &Python, words: &Words) -> Command {
    let mut command = Command::new(&words.program);
    command
        .args(&words.arguments)
        .envs(python.variables())
        .current_dir(&project.root);
    command
}

/// Django asks on its own; what Luthier's flags answer is not for it.
fn refuse_own_flags(typed: &Typed) -> Result<()> {
    let own = OWN_FLAGS.iter().find(|(verb, _)| *verb == typed.verb);
    let own = own.map(|(_, flags)| *flags).unwrap_or_default();
    let given = typed.rest.iter().filter_map(|word| word.to_str());
    let name = |word: &str| word.split('=').next().unwrap_or_default().to_owned();
    match given.map(name).find(|word| own.contains(&word.as_str())) {
        None => Ok(()),
        Some(flag) => Err(Error::bad_input(format_args!(
            "`{flag}` is for projects whose migrations Luthier writes; here `{}` is the framework's own, which asks itself",
            typed.verb
        ))
        .hint(format!("run without; `luthier {} --help` shows its flags", typed.verb))),
    }
}

/// The verb, and what comes behind it. `None` where the command line begins with something else.
fn split(args: &[OsString]) -> Option<Typed> {
    let mut words = args.iter().skip(1);
    let mut directory = None;
    while let Some(word) = words.next() {
        let text = word.to_str()?;
        match text {
            "-C" | "--directory" => directory = Some(words.next()?.into()),
            "--color" | "--db" => drop(words.next()?),
            "-q" | "--quiet" | "-v" | "--verbose" | "--no-input" | "--json" => {}
            _ if text.starts_with("--directory=") => {
                directory = Some(text["--directory=".len()..].into());
            }
            _ if text.starts_with("--color=") || text.starts_with("--db=") => {}
            _ if text.starts_with("-C") => directory = Some(text["-C".len()..].into()),
            _ if text.starts_with("-v") && text[1..].bytes().all(|byte| byte == b'v') => {}
            _ if text.starts_with('-') => return None,
            verb => {
                return Some(Typed {
                    directory,
                    verb: verb.to_owned(),
                    rest: words.cloned().collect(),
                });
            }
        }
    }
    None
}

/// How migrations are applied while the site is served, if the project's tool is Django's or Flask-Migrate.
pub(super) fn migrations(project: &Project) -> Result<Option<Migrations>> {
    const MIGRATE: &str = "migrate";
    let verbs = project.verbs()?;
    let words = verbs.get(MIGRATE).or_else(|| verbs.get(EVERY_OTHER));
    let is_flask = |words: &&Vec<String>| words.first().is_some_and(|word| word == "flask");
    let Some(words) = words.filter(|words| is_django(words) || is_flask(words)) else {
        return Ok(None);
    };
    let mut words: Vec<String> = words
        .iter()
        .map(|word| word.replace("{verb}", MIGRATE))
        .collect();
    if is_django(&words) {
        words.extend(["--no-input", "--no-color"].map(str::to_owned));
    }
    let root = project.root.clone();
    let apply = move || {
        let project = Project::open(&root)?;
        let python = Python::find(&root)?;
        let mut command = command(&project, &python, &python.resolve(&words)?);
        let output = command.stdin(Stdio::null()).output()?;
        if output.status.success() {
            return Ok(());
        }
        let error = String::from_utf8_lossy(&output.stderr);
        let last = error.trim().lines().last().unwrap_or_default();
        Err(Error::failed(format_args!("`{MIGRATE}` failed: {last}")))
    };
    Ok(Some(Migrations {
        pending: None,
        apply: Arc::new(apply),
    }))
}

fn is_django(words: &[String]) -> bool {
    words.iter().any(|word| word.ends_with("manage.py"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(line: &str) -> Option<Typed> {
        let words: Vec<OsString> = line.split_whitespace().map(OsString::from).collect();
        split(&words)
    }

    #[test]
    fn the_verb_is_found_behind_global_options() {
        for (line, directory, verb, rest) in [
            ("luthier migrate", None, "migrate", 0),
            (
                "luthier migrate books zero --database x",
                None,
                "migrate",
                4,
            ),
            ("luthier -C site -q migrate", Some("site"), "migrate", 0),
            (
                "luthier --directory=a --color always test -v",
                Some("a"),
                "test",
                1,
            ),
            ("luthier -Ca -vv shell", Some("a"), "shell", 0),
        ] {
            let typed = typed(line).unwrap();
            assert_eq!(typed.directory, directory.map(PathBuf::from), "{line}");
            assert_eq!((&*typed.verb, typed.rest.len()), (verb, rest), "{line}");
        }
        for line in [
            "luthier",
            "luthier --help",
            "luthier -V",
            "luthier -C",
            "luthier --unknown x",
        ] {
            assert_eq!(typed(line), None, "{line}");
        }
    }

    #[test]
    fn flags_of_luthiers_own_are_refused() {
        for line in [
            "luthier makemigrations --allow-drop",
            "luthier makemigrations books --rename=a.b=c",
        ] {
            let error = refuse_own_flags(&typed(line).unwrap()).unwrap_err();
            assert!(error.to_string().contains("which asks itself"), "{error}");
        }
        for line in [
            "luthier makemigrations --name x",
            "luthier migrate --plan",
            "luthier shell --default",
        ] {
            assert!(refuse_own_flags(&typed(line).unwrap()).is_ok(), "{line}");
        }
    }
}
