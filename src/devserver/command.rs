//! What serves a site that is not a cargo binary: a command, how it gets its socket, and which files it reads. Pure.

use std::path::{Path, PathBuf};

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use super::watch::change::{Change, is_scratch};
use crate::error::{Error, Result};
use crate::scaffold::Listen;

/// The file descriptor of the socket that a command is handed.
const SOCKET: &str = "3";

/// Puts the id of the process that is to listen where programs look for it, and becomes that process.
const WITH_LISTEN_PID: &str = r#"LISTEN_PID=$$; export LISTEN_PID; exec "$@""#;

/// The command that serves a site.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ServerCommand {
    pub(crate) program: PathBuf,
    pub(crate) arguments: Vec<String>,
    pub(crate) listen: Listen,
    pub(crate) ready: Ready,
    /// Variables besides those of this process.
    pub(crate) environment: Vec<(String, String)>,
    /// What is run beside the site after each start.
    pub(crate) check: Option<(PathBuf, Vec<String>)>,
    /// What compiles templates that have changed: paths in, faults out. See [`super::templates`].
    pub(crate) templates: Option<(PathBuf, Vec<String>)>,
    /// What says which migrations are missing: `{"pending": [NAME…], "unmade": [WHAT…]}` on standard output.
    pub(crate) migrations: Option<(PathBuf, Vec<String>)>,
    pub(crate) inputs: Rules,
    pub(crate) fork: Fork,
}

/// Whether each version is forked from a process that has imported the site's libraries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fork {
    Off,
    /// By this interpreter.
    By(PathBuf),
    /// Asked for, but not possible; the reason.
    Unavailable(String),
}

/// How a site shows that it is ready.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Ready {
    /// It answers a request for this path.
    Answer(String),
    /// It writes `READY=1` to the socket at `NOTIFY_SOCKET`.
    Notification,
}

impl ServerCommand {
    /// The program to start and its arguments, for a site that is to listen on `port` if it is handed no socket.
    pub(super) fn words(&self, port: u16) -> Vec<String> {
        let (program, arguments) = self.filled(port);
        let shell = ["sh", "-c", WITH_LISTEN_PID, "sh"].map(str::to_owned);
        match self.listen {
            Listen::Fds => shell
                .into_iter()
                .chain([program])
                .chain(arguments)
                .collect(),
            Listen::Fd | Listen::Port => [program].into_iter().chain(arguments).collect(),
        }
    }

    /// The program and its arguments, with what stands for the socket filled in.
    pub(super) fn filled(&self, port: u16) -> (String, Vec<String>) {
        let port = port.to_string();
        let fill = |word: &String| {
            word.replace("{port}", &port)
                .replace("{host}", "127.0.0.1")
                .replace("{fd}", SOCKET)
        };
        let program = self.program.to_string_lossy().into_owned();
        (program, self.arguments.iter().map(fill).collect())
    }

    /// Whether it is handed a socket that is bound already.
    pub(super) fn takes_socket(&self) -> bool {
        self.listen != Listen::Port
    }
}

/// Which files a site reads when it starts, and which at each request, as globs relative to the project.
#[derive(Clone, Debug)]
pub(crate) struct Rules {
    restart: GlobSet,
    reload: GlobSet,
    /// As they were written, to tell whether they changed.
    written: (Vec<String>, Vec<String>),
}

impl PartialEq for Rules {
    fn eq(&self, other: &Self) -> bool {
        self.written == other.written
    }
}

impl Rules {
    /// # Errors
    /// When a glob cannot be read; the message names the key.
    pub(crate) fn new(restart: &[String], reload: &[String]) -> Result<Self> {
        Ok(Self {
            restart: set("restart", restart)?,
            reload: set("reload", reload)?,
            written: (restart.to_vec(), reload.to_vec()),
        })
    }

    /// What a change of `path`, relative to the project, asks for; `None` for files that the site does not use.
    pub(super) fn classify(&self, path: &Path) -> Option<Change> {
        let name = path.file_name()?.to_string_lossy();
        if is_scratch(&name) {
            return None;
        }
        if self.restart.is_match(path) || path == Path::new("luthier.toml") {
            return Some(Change::Restart);
        }
        let is_style = path.extension().is_some_and(|extension| extension == "css");
        self.reload.is_match(path).then_some(match is_style {
            true => Change::Styles,
            false => Change::Reload,
        })
    }
}

fn set(key: &str, globs: &[String]) -> Result<GlobSet> {
    let refused = |error: globset::Error| {
        Error::bad_input(format_args!("luthier.toml: dev.{key}: {error}"))
            .hint("a glob is like \"**/*.py\", \"templates/**\" or \".env\"")
    };
    let mut set = GlobSetBuilder::new();
    for glob in globs {
        // `*.py` are files of the root, as in a shell.
        let glob = GlobBuilder::new(glob).literal_separator(true).build();
        set.add(glob.map_err(refused)?);
    }
    set.build().map_err(refused)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(restart: &[&str], reload: &[&str]) -> Result<Rules> {
        let owned = |globs: &[&str]| -> Vec<String> {
            globs.iter().map(|glob| (*glob).to_owned()).collect()
        };
        Rules::new(&owned(restart), &owned(reload))
    }

    #[test]
    fn files_are_classified_by_globs() {
        use Change::{Reload, Restart, Styles};
        let rules = rules(
            &["**/*.py", "pyproject.toml", ".env"],
            &["templates/**", "**/static/**"],
        );
        let rules = rules.unwrap();
        for (path, expected) in [
            ("manage.py", Some(Restart)),
            ("books/views.py", Some(Restart)),
            (".env", Some(Restart)),
            ("luthier.toml", Some(Restart)),
            ("books/.env", None),
            ("books/.#views.py", None),
            ("books/views.py~", None),
            ("templates/base.html", Some(Reload)),
            ("books/static/books/site.css", Some(Styles)),
            ("static/site.js", Some(Reload)),
            ("db.sqlite3", None),
            ("README.md", None),
        ] {
            assert_eq!(rules.classify(Path::new(path)), expected, "{path}");
        }
    }

    #[test]
    fn a_glob_that_cannot_be_read_is_refused_by_its_key() {
        let error = rules(&[], &["static/{a"]).unwrap_err();
        assert!(
            error.to_string().starts_with("luthier.toml: dev.reload: "),
            "{error}"
        );
    }

    #[test]
    fn the_socket_is_handed_over_as_the_command_wants_it() {
        let command = |listen, arguments: &[&str]| ServerCommand {
            program: "/venv/bin/server".into(),
            arguments: arguments.iter().map(|word| (*word).to_owned()).collect(),
            listen,
            ready: Ready::Notification,
            environment: Vec::new(),
            check: None,
            templates: None,
            migrations: None,
            inputs: rules(&[], &[]).unwrap(),
            fork: Fork::Off,
        };
        let words = |listen, arguments: &[&str]| command(listen, arguments).words(9000).join(" ");
        assert_eq!(
            words(Listen::Port, &["-b", "{host}:{port}"]),
            "/venv/bin/server -b 127.0.0.1:9000"
        );
        assert_eq!(
            words(Listen::Fd, &["--fd", "{fd}"]),
            "/venv/bin/server --fd 3"
        );
        assert_eq!(
            words(Listen::Fds, &["shop.wsgi"]),
            "sh -c LISTEN_PID=$$; export LISTEN_PID; exec \"$@\" sh /venv/bin/server shop.wsgi"
        );
    }
}
