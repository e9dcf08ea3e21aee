//! The Python of a project: its interpreter, the programs installed beside it, and what it says of a source file.
#![expect(
    clippy::disallowed_methods,
    reason = "this module asks the project's interpreter"
)]

pub(crate) mod installed;

use std::ffi::OsString;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::de::DeserializeOwned;

use crate::error::{Error, Result};

/// The word of commands that stands for the interpreter.
const PYTHON: &str = "python";

/// Where an environment has its programs.
const PROGRAMS: &str = if cfg!(windows) { "Scripts" } else { "bin" };

/// Folders that people make environments in.
const ENVIRONMENTS: [&str; 3] = [".venv", "venv", "env"];

/// How programs of the project are started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Python {
    /// From an environment.
    Environment(PathBuf),
    /// By uv, which makes the environment that the lock file describes.
    Uv(PathBuf),
    /// From wherever the `PATH` leads.
    Path(PathBuf),
}

/// A program to start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Words {
    pub(crate) program: PathBuf,
    pub(crate) arguments: Vec<String>,
}

impl Python {
    /// The interpreter of the project in `root`: that of its environment, of the active one, of uv, of the system.
    ///
    /// # Errors
    /// When an environment is broken, or there is no interpreter at all.
    pub(crate) fn find(root: &Path) -> Result<Self> {
        for name in ENVIRONMENTS {
            let folder = root.join(name);
            if folder.join("pyvenv.cfg").is_file() {
                return Self::environment(folder);
            }
        }
        if let Some(active) = std::env::var_os("VIRTUAL_ENV").filter(|path| !path.is_empty()) {
            return Self::environment(active.into());
        }
        if root.join("uv.lock").is_file()
            && let Some(uv) = uv()
        {
            return Ok(Self::Uv(uv));
        }
        let names = ["python3", PYTHON];
        match names.iter().find_map(|name| on_path(name)) {
            Some(python) => Ok(Self::Path(python)),
            None => Err(Error::failed("no Python was found").hint(
                "install Python 3.11 or newer, or uv (https://docs.astral.sh/uv), and put it on the PATH",
            )),
        }
    }

    fn environment(folder: PathBuf) -> Result<Self> {
        let python = folder.join(PROGRAMS).join(PYTHON);
        if python.is_file() || python.with_extension("exe").is_file() {
            return Ok(Self::Environment(folder));
        }
        let leads_to = std::fs::read_link(&python).ok();
        let reason = match leads_to {
            Some(target) => format!(
                "{} is a link to {}, which is not there",
                python.display(),
                target.display()
            ),
            None => format!("{} is not there", python.display()),
        };
        Err(broken(&folder, reason))
    }

    /// The program that the first of `words` names, with the rest as arguments.
    ///
    /// # Errors
    /// When the program is not installed.
    pub(crate) fn resolve(&self, words: &[String]) -> Result<Words> {
        let (name, arguments) = words
            .split_first()
            .ok_or_else(|| Error::bad_input("there is no command to start"))?;
        let with = |program: PathBuf, before: &[&str]| Words {
            program,
            arguments: before
                .iter()
                .map(|word| (*word).to_owned())
                .chain(arguments.iter().cloned())
                .collect(),
        };
        let missing = || {
            Error::failed(format_args!("`{name}` is not installed"))
                .hint(format!("install what the project needs: {INSTALL}"))
        };
        match self {
            Self::Uv(uv) => Ok(with(
                uv.clone(),
                &["run", "--frozen", "--quiet", "--", name],
            )),
            Self::Environment(folder) => {
                let own = folder.join(PROGRAMS).join(name);
                let own = [own.with_extension("exe"), own]
                    .into_iter()
                    .find(|own| own.is_file());
                if let Some(interpreter) = own.as_deref().and_then(lost_interpreter) {
                    return Err(broken(
                        folder,
                        format_args!("{name} is a script for {interpreter}, which is not there"),
                    ));
                }
                own.or_else(|| on_path(name))
                    .map(|program| with(program, &[]))
                    .ok_or_else(missing)
            }
            Self::Path(python) if name == PYTHON => Ok(with(python.clone(), &[])),
            Self::Path(_) => on_path(name)
                .map(|program| with(program, &[]))
                .ok_or_else(missing),
        }
    }

    /// The interpreter that runs `words`.
    ///
    /// # Errors
    /// Why none of the project's own does.
    pub(crate) fn interpreter_of(&self, words: &Words) -> Result<PathBuf, String> {
        let Self::Environment(folder) = self else {
            return Err("the project has no environment of its own yet".to_owned());
        };
        let programs = folder.join(PROGRAMS);
        let interpreter = programs.join(PYTHON);
        let name = words.program.display();
        if words.program == interpreter {
            return match words.arguments.first().map(String::as_str) {
                Some("-m") => Ok(interpreter),
                Some(script) if script.ends_with(".py") => Ok(interpreter),
                _ => Err(format!("{name} is started with options of its own")),
            };
        }
        let is_script = std::fs::read(&words.program).is_ok_and(|text| text.starts_with(b"#!"));
        match words.program.starts_with(&programs) && is_script {
            true => Ok(interpreter),
            false => Err(format!(
                "{name} is not a script of the project's environment"
            )),
        }
    }

    /// The variables that an activated environment has.
    pub(crate) fn variables(&self) -> Vec<(String, String)> {
        let Self::Environment(folder) = self else {
            return Vec::new();
        };
        let path = std::env::var_os("PATH").unwrap_or_default();
        let folders = [folder.join(PROGRAMS)]
            .into_iter()
            .chain(std::env::split_paths(&path));
        let path = std::env::join_paths(folders).unwrap_or(path);
        vec![
            ("VIRTUAL_ENV".to_owned(), folder.display().to_string()),
            ("PATH".to_owned(), path.to_string_lossy().into_owned()),
        ]
    }

    /// What `script` prints as JSON for `input`, without the project's code and its packages.
    pub(crate) fn ask<T: DeserializeOwned>(root: &Path, script: &str, input: &str) -> Result<T> {
        let program = match Self::find(root)? {
            Self::Environment(folder) => folder.join(PROGRAMS).join(PYTHON),
            Self::Path(python) => python,
            // Which Python reads the file does not matter; uv would first make an environment.
            Self::Uv(_) => {
                let names = ["python3", PYTHON];
                let found = names.iter().find_map(|name| on_path(name));
                found.ok_or_else(|| {
                    Error::failed("no Python was found to read the project's files with")
                        .hint("make the project's environment first: `uv sync`")
                })?
            }
        };
        let refused = |reason: String| {
            Error::failed(format_args!(
                "{} cannot be asked about the project's files: {reason}",
                program.display()
            ))
            .hint(format!("make the project's environment: {INSTALL}"))
        };
        let mut child = Command::new(&program)
            .args(["-I", "-S", "-c", script])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| refused(error.to_string()))?;
        if let Some(mut stdin) = child.stdin.take() {
            // One that stops early says why itself.
            let _ = stdin.write_all(input.as_bytes());
        }
        let output = child.wait_with_output()?;
        if !output.status.success() {
            let error = String::from_utf8_lossy(&output.stderr);
            let last = error.trim().lines().last().unwrap_or_default();
            return Err(refused(format!("{} {last}", output.status)));
        }
        serde_json::from_slice(&output.stdout).map_err(|error| refused(error.to_string()))
    }
}

/// The error of an environment that does not work.
fn broken(folder: &Path, reason: impl std::fmt::Display) -> Error {
    Error::failed(format_args!(
        "the project's environment is broken: {reason}"
    ))
    .hint(format!(
        "remove {} and make it again: {INSTALL}",
        folder.display()
    ))
}

/// The interpreter that the first line of a script names, if it is not there: an environment that was moved has those.
fn lost_interpreter(program: &Path) -> Option<String> {
    let mut start = [0; 512];
    let mut file = std::fs::File::open(program).ok()?;
    let count = file.read(&mut start).ok()?;
    let line = std::str::from_utf8(start[..count].split(|byte| *byte == b'\n').next()?).ok()?;
    let interpreter = line.strip_prefix("#!")?.trim();
    let interpreter = interpreter.split(" -").next().unwrap_or(interpreter);
    (interpreter.starts_with('/') && !Path::new(interpreter).exists() && !interpreter.contains(' '))
        .then(|| interpreter.to_owned())
}

/// The version of the Python in the environment of the project in `root`, if there is one: `3.13.1`.
pub(crate) fn version_of_environment(root: &Path) -> Option<String> {
    let configured = ENVIRONMENTS.iter().find_map(|name| {
        let path = root.join(name).join("pyvenv.cfg");
        crate::files::read(&path).ok().flatten()
    })?;
    let lines = configured.lines().filter_map(|line| line.split_once('='));
    let mut versions = lines.filter(|(key, _)| ["version", "version_info"].contains(&key.trim()));
    versions
        .next()
        .map(|(_, version)| version.trim().to_owned())
}

/// How an environment is made.
pub(crate) const INSTALL: &str = "`uv sync`, or `python3 -m venv .venv` and its pip";

/// uv, where its installer puts it or the `PATH` leads.
pub(crate) fn uv() -> Option<PathBuf> {
    let home = std::env::var_os("HOME").map(PathBuf::from);
    let installed = home.map(|home| home.join(".local/bin/uv"));
    on_path("uv").or(installed.filter(|uv| uv.is_file()))
}

fn on_path(name: &str) -> Option<PathBuf> {
    if Path::new(name).components().count() > 1 {
        return Some(name.into());
    }
    let path: OsString = std::env::var_os("PATH")?;
    let programs = std::env::split_paths(&path).map(|folder| folder.join(name));
    let mut programs =
        programs.flat_map(|program| [program.clone(), program.with_extension("exe")]);
    programs.find(|program| program.is_file())
}
