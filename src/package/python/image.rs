//! The image of a project in Python: `Dockerfile` and `.dockerignore`.

use std::collections::BTreeMap;

use serde::Serialize;

use super::lock::{self, LockSource, Locked};
use super::native::Needs;
use crate::cargo::graph::{Graph, Source};
use crate::error::{Error, Result};
use crate::package::dockerfile::{Image, PORT, Wanted};
use crate::package::text;
use crate::scaffold::Shipping;

/// The uv that installs what the image needs.
const UV: &str = "0.13.9";
/// The Python of images where nothing says which.
pub(crate) const PYTHON: &str = "3.13";
/// Minor versions of Python 3 that there are images for, the best first.
const MINORS: [u32; 6] = [13, 12, 11, 10, 14, 9];
/// Servers that are installed where the project does not name them.
const SERVERS: &[(&str, &str)] = &[
    ("gunicorn", "gunicorn==27.0.1"),
    ("uvicorn", "uvicorn==0.54.0"),
];

/// What lies around the project and decides how its image is made.
#[derive(Clone, Debug, Default)]
pub(crate) struct Surroundings {
    /// `.python-version`.
    pub(crate) pinned: Option<String>,
    /// `requires-python` of `pyproject.toml`.
    pub(crate) requires: Option<String>,
    /// The version with which the Dockerfile was made before, or that of the environment.
    pub(crate) known: Option<String>,
    /// The site may keep its data in a file of SQLite.
    pub(crate) data: Option<&'static str>,
    /// The folder of the project that the site writes to.
    pub(crate) instance: Option<String>,
    /// Files of pip that include each other.
    pub(crate) requirements: Vec<String>,
}

/// How the site is served and built.
#[derive(Clone, Debug)]
pub(crate) struct PythonSite<'a> {
    pub(crate) name: &'a str,
    /// `{project}` in commands.
    pub(crate) module: &'a str,
    pub(crate) shipping: &'a Shipping,
}

#[derive(Serialize)]
struct Values<'a> {
    name: &'a str,
    python: String,
    python_why: String,
    uv: &'static str,
    build_packages: String,
    build_why: Vec<String>,
    run_packages: String,
    run_why: Vec<String>,
    uv_lock: bool,
    /// What is installed without the lock file of uv: `--requirement requirements.txt`.
    install: String,
    /// The files that say what to install, and the folder to put them into.
    copies: Vec<String>,
    /// All of the source is needed to install it: parts of it lie in folders.
    local: bool,
    /// The project itself is installed.
    is_package: bool,
    /// The server, where the project has none.
    server: Option<&'static str>,
    /// What is run when all is there.
    steps: Vec<String>,
    /// The names of the variables that are set for it.
    environment: String,
    data: Option<&'static str>,
    instance: Option<&'a str>,
    port: u16,
    health: &'a str,
    serve: String,
}

#[derive(Serialize)]
struct Ignored<'a> {
    dockerfile: &'a str,
    dockerignore: &'a str,
    instance: Option<&'a str>,
}

/// The image of `site`, whose dependencies are `locked`.
///
/// # Errors
/// `BadInput` if nothing says what to install or what to serve, or if a dependency is out of reach.
pub(crate) fn image(
    site: &PythonSite<'_>,
    locked: &Locked,
    around: &Surroundings,
    wanted: &Wanted,
) -> Result<Image> {
    if locked.kind == LockSource::Installed {
        return Err(
            Error::bad_input("no file says what the image has to install")
                .hint("`uv lock` makes a uv.lock from pyproject.toml")
                .hint(
                    "or write down what is installed here: luthier requirements > requirements.txt",
                ),
        );
    }
    let local = local(&locked.graph)?;
    let serve = site.shipping.serve.as_ref().ok_or_else(|| {
        Error::bad_input("luthier.toml does not say what serves the site in production")
            .hint("name it: [package] serve = [\"gunicorn\", \"--bind\", \"0.0.0.0:{port}\", \"shop.wsgi\"]")
    })?;
    let port = wanted.port.unwrap_or(PORT);
    let fill = |words: &[String]| -> Vec<String> {
        let words = words.iter();
        words
            .map(|word| {
                word.replace("{project}", site.module)
                    .replace("{port}", &port.to_string())
            })
            .collect()
    };
    let has = |name: &str| {
        locked
            .graph
            .packages
            .iter()
            .any(|package| package.name == name)
    };
    let needs = Needs::from_graph(&locked.graph);
    let (python, python_why) = python(around);
    let project = locked.graph.packages.iter().find(|package| package.member);
    let mut servers = SERVERS
        .iter()
        .filter(|(name, _)| serve[0] == *name && !has(name));
    let server = servers.next();
    let environment: BTreeMap<String, String> =
        site.shipping.build_environment.clone().unwrap_or_default();
    let values = Values {
        name: site.name,
        python,
        python_why,
        uv: UV,
        build_packages: needs.build.join(" "),
        build_why: needs.build_why,
        run_packages: needs.run.join(" "),
        run_why: needs.run_why,
        uv_lock: locked.kind == LockSource::Uv,
        install: match locked.kind {
            LockSource::Requirements(file) => format!("--requirement {file}"),
            _ => format!("--requirement {}", lock::PYLOCK),
        },
        copies: match locked.kind {
            LockSource::Uv => vec![format!("{} {} ./", lock::PYPROJECT, lock::UV)],
            LockSource::Requirements(_) => copies(&around.requirements),
            _ => vec![format!("{} ./", lock::PYLOCK)],
        },
        local,
        is_package: locked.kind == LockSource::Uv
            && project.is_some_and(|project| !project.dir.is_empty()),
        server: server.map(|(_, pinned)| *pinned),
        environment: environment.keys().cloned().collect::<Vec<_>>().join(", "),
        steps: steps(site.shipping, &environment, around, &fill),
        data: around.data,
        instance: around.instance.as_deref(),
        port,
        health: site.shipping.health.as_deref().unwrap_or("/"),
        serve: serde_json::to_string(&fill(serve))?.replace("\",\"", "\", \""),
    };
    let mut notes = Vec::new();
    if let Some((name, pinned)) = server {
        notes.push(format!(
            "the project does not name {name}: the image installs {pinned} beside what it names"
        ));
    }
    let ignored = Ignored {
        dockerfile: &wanted.file,
        dockerignore: &wanted.ignored,
        instance: around.instance.as_deref(),
    };
    Ok(Image {
        files: vec![
            text::file(&wanted.file, "python/Dockerfile", &values)?,
            text::file(&wanted.ignored, "python/dockerignore", &ignored)?,
        ],
        notes,
    })
}

/// Files, and the folder they come from: `requirements/base.txt requirements/more.txt requirements/`.
fn copies(files: &[String]) -> Vec<String> {
    let mut folders: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for file in files {
        let folder = file.rsplit_once('/').map_or(".", |(folder, _)| folder);
        folders.entry(folder).or_default().push(file);
    }
    let copies = folders.into_iter();
    copies
        .map(|(folder, files)| format!("{} {folder}/", files.join(" ")))
        .collect()
}

/// The commands that are run in the image when all is there.
fn steps(
    shipping: &Shipping,
    environment: &BTreeMap<String, String>,
    around: &Surroundings,
    fill: &dyn Fn(&[String]) -> Vec<String>,
) -> Vec<String> {
    let variables: String = environment
        .iter()
        .map(|(name, value)| format!(" {name}={}", shell(std::slice::from_ref(value))))
        .collect();
    let build = shipping.build.iter().flatten();
    let build = build.map(|words| {
        format!(
            "PATH=/app/.venv/bin:$PATH{variables} {}",
            shell(&fill(words))
        )
    });
    let data = around.data.map(|_| "/image/data".to_owned());
    let instance = around.instance.as_ref();
    let folders = data
        .into_iter()
        .chain(instance.map(|folder| format!("/app/{folder}")));
    let folders = folders.map(|folder| {
        let folder = shell(std::slice::from_ref(&folder));
        format!("install --directory --owner=65532 --group=65532 {folder}")
    });
    build.chain(folders).collect()
}

/// Whether packages lie in folders of the project.
fn local(graph: &Graph) -> Result<bool> {
    let mut local = false;
    for package in graph
        .packages
        .iter()
        .filter(|package| package.source == Source::Path)
    {
        if package.dir.starts_with("..")
            || package.dir.starts_with('/')
            || package.dir.starts_with("file:")
        {
            return Err(Error::bad_input(format_args!(
                "the dependency {} lies outside of the project, at {}: no build of an image can see it",
                package.name, package.dir
            ))
            .hint("move it into the project, or depend on it by git or registry"));
        }
        local |= !package.member;
    }
    Ok(local)
}

/// The Python of the image, and why that.
fn python(around: &Surroundings) -> (String, String) {
    if let Some(version) = around.pinned.as_deref().and_then(version_in) {
        return (version, "As .python-version says.".to_owned());
    }
    if let Some(requires) = &around.requires {
        let known = around
            .known
            .as_deref()
            .and_then(minor)
            .filter(|minor| allows(requires, *minor));
        let fit = known.or_else(|| MINORS.into_iter().find(|minor| allows(requires, *minor)));
        let why = format!("pyproject.toml asks for {requires}.");
        return (format!("3.{}", fit.unwrap_or(MINORS[0])), why);
    }
    let known = around.known.clone().unwrap_or_else(|| PYTHON.to_owned());
    (
        known,
        "The one this file was made with: nothing in the project says which.".to_owned(),
    )
}

/// `3.12` of `3.12.4`, `cpython-3.12-linux`.
pub(crate) fn version_in(text: &str) -> Option<String> {
    let start = text.find("3.")?;
    let digits: String = text[start + 2..]
        .chars()
        .take_while(char::is_ascii_digit)
        .collect();
    (!digits.is_empty()).then(|| format!("3.{digits}"))
}

fn minor(version: &str) -> Option<u32> {
    version.strip_prefix("3.")?.split('.').next()?.parse().ok()
}

/// Whether `>=3.10,<3.14` allows a minor version of Python 3.
fn allows(requires: &str, minor: u32) -> bool {
    requires.split(',').map(str::trim).all(|part| {
        let end = part
            .find(|c: char| c.is_ascii_digit())
            .unwrap_or(part.len());
        let (operator, version) = part.split_at(end);
        let mut numbers = version.split('.').map(|number| number.parse::<u32>().ok());
        let major = numbers.next().flatten().unwrap_or(3);
        let Some(wanted) = numbers.next().flatten().filter(|_| major == 3) else {
            return match operator.trim() {
                "<" => major > 3,
                "<=" => major >= 3,
                _ => major <= 3,
            };
        };
        match operator.trim() {
            ">=" | "~=" => minor >= wanted,
            ">" => minor > wanted || version.split('.').count() > 2 && minor == wanted,
            "<" => minor < wanted,
            "<=" => minor <= wanted,
            "==" | "===" => minor == wanted,
            "!=" => minor != wanted || version.split('.').count() > 2 && !version.ends_with(".*"),
            _ => true,
        }
    })
}

/// A command as a shell takes it.
fn shell(words: &[String]) -> String {
    let plain = |word: &String| {
        !word.is_empty()
            && word
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "-_./:=@,+%".contains(c))
    };
    let quoted = |word: &String| match plain(word) {
        true => word.clone(),
        false => format!("'{}'", word.replace('\'', "'\\''")),
    };
    let words: Vec<String> = words.iter().map(quoted).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_python_is_one_that_the_project_runs_on() {
        let of = |pinned: &str, requires: &str, known: &str| {
            let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
            let around = Surroundings {
                pinned: some(pinned),
                requires: some(requires),
                known: some(known),
                ..Surroundings::default()
            };
            python(&around).0
        };
        for (pinned, requires, known, expected) in [
            ("3.12.4\n", ">=3.9", "", "3.12"),
            ("cpython-3.10-linux-x86_64", "", "", "3.10"),
            ("pypy", ">=3.11", "", "3.13"),
            ("", ">=3.11", "3.11", "3.11"),
            ("", ">=3.9, <3.12", "", "3.11"),
            ("", ">=3.14", "3.11", "3.14"),
            ("", "~=3.10", "", "3.13"),
            ("", "==3.11.*", "", "3.11"),
            ("", ">3.9,!=3.13.*", "", "3.12"),
            ("", ">=3", "", "3.13"),
            ("", ">=3.11,<4", "", "3.13"),
            ("", "", "3.11", "3.11"),
            ("", "", "", "3.13"),
        ] {
            assert_eq!(
                of(pinned, requires, known),
                expected,
                "{pinned} {requires} {known}"
            );
        }
    }

    #[test]
    fn words_reach_the_shell_as_they_are() {
        let words = [
            "a b".to_owned(),
            "c's".to_owned(),
            "--d=e".to_owned(),
            String::new(),
        ];
        assert_eq!(shell(&words), r"'a b' 'c'\''s' --d=e ''");
    }
}
