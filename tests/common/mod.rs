//! One place for end-to-end tests: a sandbox to run the tool in, and outcomes that read as sentences.
#![allow(
    dead_code,
    reason = "each test binary uses the part of this module that it needs"
)]
#![allow(
    clippy::disallowed_methods,
    reason = "tests look at the outside on purpose"
)]

pub(crate) mod databases;
pub(crate) mod fuzz;
pub(crate) mod nginx;
pub(crate) mod running;
pub(crate) mod servers;

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A temporary folder to run `luthier` in, away from the developer's own settings. Gone when dropped.
pub(crate) struct Sandbox {
    folder: tempfile::TempDir,
    /// Where commands start, relative to the folder.
    inside: PathBuf,
}

impl Sandbox {
    pub(crate) fn new() -> Self {
        Self::in_folder_with_prefix("sandbox-")
    }

    /// A sandbox in memory where the system has such a place, for tests that write a great many small files.
    pub(crate) fn in_memory() -> Self {
        let memory = Path::new("/dev/shm");
        match tempfile::Builder::new()
            .prefix("sandbox-")
            .tempdir_in(memory)
        {
            Ok(folder) => Self {
                folder,
                inside: PathBuf::new(),
            },
            Err(_) => Self::new(),
        }
    }

    /// A sandbox whose path holds `prefix`: spaces, Unicode, …
    pub(crate) fn in_folder_with_prefix(prefix: &str) -> Self {
        let folder = tempfile::Builder::new().prefix(prefix).tempdir();
        Self {
            folder: folder.expect("a temporary folder"),
            inside: PathBuf::new(),
        }
    }

    /// A sandbox whose path is always the same; what another run left there goes away.
    pub(crate) fn named(name: &str) -> Self {
        let path = std::env::temp_dir().join(name);
        match std::fs::remove_dir_all(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                panic!("{}: {error}", path.display())
            }
            _ => {}
        }
        let folder = tempfile::Builder::new()
            .prefix(name)
            .rand_bytes(0)
            .tempdir();
        Self {
            folder: folder.expect("a temporary folder"),
            inside: PathBuf::new(),
        }
    }

    /// Another sandbox that holds the same files and empty folders.
    pub(crate) fn copy(&self) -> Self {
        let beside = self.folder.path().parent().expect("it lies in a folder");
        let folder = tempfile::Builder::new()
            .prefix("sandbox-")
            .tempdir_in(beside);
        let mut copy = Self {
            folder: folder.expect("a temporary folder"),
            inside: PathBuf::new(),
        };
        copy.cd(&self.inside).make_folder("");
        let root = self.folder.path();
        for entry in walkdir::WalkDir::new(root).min_depth(1) {
            let entry = entry.expect("readable");
            let inside = entry.path().strip_prefix(root).expect("inside");
            let target = copy.folder.path().join(inside);
            if entry.file_type().is_dir() {
                std::fs::create_dir_all(target).expect("folders can be made");
            } else {
                std::fs::copy(entry.path(), target).expect("files can be copied");
            }
        }
        copy
    }

    /// Starts later commands in this folder of the sandbox, as `cd` would.
    pub(crate) fn cd(&mut self, folder: impl AsRef<Path>) -> &mut Self {
        self.inside = folder.as_ref().to_owned();
        self
    }

    /// The folder that commands start in.
    pub(crate) fn root(&self) -> PathBuf {
        // Canonical, for the systems whose temporary folder is behind a link.
        let folder = self.folder.path().canonicalize();
        folder.expect("the sandbox exists").join(&self.inside)
    }

    /// A path relative to the folder that commands start in.
    pub(crate) fn path(&self, relative: impl AsRef<Path>) -> PathBuf {
        self.root().join(relative)
    }

    /// Writes a file, making the folders above it.
    pub(crate) fn write(&self, relative: impl AsRef<Path>, text: impl AsRef<[u8]>) -> &Self {
        let path = self.path(relative);
        let folder = path.parent().expect("a file lies in a folder");
        std::fs::create_dir_all(folder).expect("folders can be made");
        std::fs::write(&path, text).expect("files can be written");
        self
    }

    /// Makes a folder and those above it.
    pub(crate) fn make_folder(&self, relative: impl AsRef<Path>) -> &Self {
        std::fs::create_dir_all(self.path(relative)).expect("folders can be made");
        self
    }

    /// Removes a folder with all that is in it, also while others write there.
    pub(crate) fn remove(&self, relative: impl AsRef<Path>) -> &Self {
        let folder = self.path(relative);
        let removed = (0..100).any(|_| std::fs::remove_dir_all(&folder).is_ok());
        assert!(removed, "{} is removed", folder.display());
        self
    }

    pub(crate) fn exists(&self, relative: impl AsRef<Path>) -> bool {
        self.path(relative).symlink_metadata().is_ok()
    }

    /// The text of a file; panics if there is none.
    pub(crate) fn read(&self, relative: impl AsRef<Path>) -> String {
        let path = self.path(relative);
        std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// Every file under `relative`, with its contents: to compare before and after.
    pub(crate) fn snapshot(&self, relative: impl AsRef<Path>) -> Vec<(PathBuf, Vec<u8>)> {
        let root = self.path(relative);
        let files = walkdir::WalkDir::new(&root).sort_by_file_name();
        let files = files.into_iter().map(|entry| entry.expect("readable"));
        files
            .filter(|entry| !entry.file_type().is_dir())
            .map(|entry| {
                let path = entry.path().strip_prefix(&root).expect("inside").to_owned();
                (path, std::fs::read(entry.path()).unwrap_or_default())
            })
            .collect()
    }

    /// The paths of [`Sandbox::snapshot`], with `/`.
    pub(crate) fn files(&self, relative: impl AsRef<Path>) -> Vec<String> {
        let slashed = |path: &Path| path.to_string_lossy().replace('\\', "/");
        let files = self.snapshot(relative);
        files.iter().map(|(path, _)| slashed(path)).collect()
    }

    /// `luthier`, ready to be given more arguments or variables, without a terminal.
    pub(crate) fn command<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_luthier"));
        command
            .args(args)
            .current_dir(self.root())
            .stdin(Stdio::null());
        for variable in ["DATABASE_URL", "NO_COLOR", "CLICOLOR_FORCE", "RUST_LOG"] {
            command.env_remove(variable);
        }
        forget_cargo(&mut command);
        // The developer's git hooks, templates and default branch are no business of the tests.
        command
            .env("GIT_CONFIG_GLOBAL", "")
            .env("GIT_CONFIG_NOSYSTEM", "1");
        command
    }

    /// Runs `luthier` with `args` to its end.
    pub(crate) fn run<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> Outcome {
        Outcome::of(&mut self.command(args))
    }

    /// Runs `luthier` as it would run in an hour, by its own clock.
    pub(crate) fn run_later<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> Outcome {
        let now = std::time::UNIX_EPOCH.elapsed().expect("a time after 1970");
        let later = now.as_secs() + 3600;
        Outcome::of(
            self.command(args)
                .env("SOURCE_DATE_EPOCH", later.to_string()),
        )
    }
}

/// Lets `command` see no variable that cargo has set for these tests: a cargo that sees other ones than the last builds
/// `ring` again, and with it most of what a site depends on.
pub(crate) fn forget_cargo(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        let is_set_by_cargo = name.to_str().is_some_and(|name| {
            name.starts_with("CARGO_PKG_")
                || name.starts_with("CARGO_MANIFEST_")
                || ["OUT_DIR", "CARGO_INCREMENTAL"].contains(&name)
        });
        if is_set_by_cargo {
            command.env_remove(name);
        }
    }
}

/// How a run ended. Every expectation panics with all that the run said.
#[derive(Debug)]
pub(crate) struct Outcome {
    shown: String,
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Outcome {
    /// Runs `command` to its end.
    pub(crate) fn of(command: &mut Command) -> Self {
        let output = command.output().expect("the command starts");
        let stdout = String::from_utf8(output.stdout).expect("stdout is UTF-8");
        let stderr = String::from_utf8(output.stderr).expect("stderr is UTF-8");
        let mut shown = format!("{command:?} ended with {}\n", output.status);
        let _ = write!(shown, "--- stdout\n{stdout}\n--- stderr\n{stderr}");
        Self {
            shown,
            code: output.status.code(),
            stdout,
            stderr,
        }
    }

    #[track_caller]
    pub(crate) fn success(self) -> Self {
        self.code(0)
    }

    /// `1` failed or a check said no, `2` bad usage or input, `3` a question needs an answer.
    #[track_caller]
    pub(crate) fn code(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{}", self.shown);
        self
    }

    #[track_caller]
    pub(crate) fn stdout_has(self, text: &str) -> Self {
        assert!(self.stdout.contains(text), "no {text:?}: {}", self.shown);
        self
    }

    #[track_caller]
    pub(crate) fn stderr_has(self, text: &str) -> Self {
        assert!(self.stderr.contains(text), "no {text:?}: {}", self.shown);
        self
    }

    #[track_caller]
    pub(crate) fn stdout_lacks(self, text: &str) -> Self {
        assert!(!self.stdout.contains(text), "{text:?}: {}", self.shown);
        self
    }

    #[track_caller]
    pub(crate) fn stderr_lacks(self, text: &str) -> Self {
        assert!(!self.stderr.contains(text), "{text:?}: {}", self.shown);
        self
    }
}
