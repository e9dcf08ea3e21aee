//! The fork server of a site of Python: a process that has imported the libraries, and forks one for each version.
//!
//! Importing the libraries takes most of the time between an edit and an answer. A generation is started as ever, as a
//! process group of its own, but its first process only hands its files and variables to the fork server, whose child
//! joins the group. Where that fails, it starts the command itself.
#![expect(
    clippy::disallowed_methods,
    reason = "the fork server's socket is not a project file"
)]

use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};

use super::command::{Fork, Ready, ServerCommand};
use super::process;
use super::process::watchdog::Watchdog;
use super::terminal::Terminal;

/// The process that forks: one program, in three parts.
const SERVER: &str = concat!(
    include_str!("fork_server/libraries.py"),
    include_str!("fork_server/settings.py"),
    include_str!("fork_server/server.py"),
);

/// The first process of a generation.
const CLIENT: &str = include_str!("fork_server/client.py");

/// The name of its socket; the watchdog removes what begins like this.
const SOCKET: &str = "ready-fork";

/// Files that every process has: standard input, output and error.
const STANDARD_FILES: u8 = 3;

/// The status it ends with where it cannot import the site.
const NOT_NOW: i32 = 3;

/// How often it is started again, after an edit, where it could not import the site.
const RETRIES: u32 = 5;

/// The fork server of the site, if it has one.
#[derive(Debug, Default)]
pub(super) struct ForkServer {
    /// One runs, or cannot run.
    started: Arc<AtomicBool>,
    /// How often the site could not be imported by it.
    failures: Arc<AtomicU32>,
}

/// How a fork server has ended.
enum End {
    /// It is to be started again.
    OutOfDate,
    /// The site could not be imported: perhaps it can be after the next edit.
    NotNow(String),
    Unavailable(String),
}

impl ForkServer {
    /// Starts it, unless it runs, for a site that has just answered.
    pub(super) fn ensure(
        &self,
        command: &ServerCommand,
        root: &Path,
        watchdog: Arc<Watchdog>,
        terminal: &Terminal,
    ) {
        if command.fork == Fork::Off || self.started.swap(true, Ordering::SeqCst) {
            return;
        }
        let interpreter = match &command.fork {
            Fork::By(interpreter) => interpreter.clone(),
            Fork::Unavailable(reason) => return unavailable(terminal, reason),
            Fork::Off => return,
        };
        let (program, arguments) = command.filled(0);
        let path = match &command.ready {
            Ready::Answer(path) => path,
            Ready::Notification => "/",
        };
        let socket = watchdog.folder().join(SOCKET);
        let mut process = process::command(interpreter);
        process
            .args(["-c", SERVER])
            .arg(&socket)
            .args([path, &program])
            .args(arguments)
            .envs(
                command
                    .environment
                    .iter()
                    .map(|(name, value)| (name, value)),
            )
            .current_dir(root)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let (started, terminal) = (Arc::clone(&self.started), terminal.clone());
        let failures = Arc::clone(&self.failures);
        tokio::spawn(async move {
            let ended = follow(process, &watchdog, &terminal).await;
            // A socket that nobody listens on.
            let _ = std::fs::remove_file(&socket);
            match ended {
                Ok(End::OutOfDate) => started.store(false, Ordering::SeqCst),
                Ok(End::NotNow(reason)) if failures.fetch_add(1, Ordering::SeqCst) < RETRIES => {
                    terminal.detail(format_args!("no fork server yet: {reason}"));
                    started.store(false, Ordering::SeqCst);
                }
                Ok(End::NotNow(reason) | End::Unavailable(reason)) => {
                    unavailable(&terminal, &reason);
                }
                Err(error) => unavailable(&terminal, &error.to_string()),
            }
        });
    }
}

/// Runs the fork server to its end.
async fn follow(
    mut process: tokio::process::Command,
    watchdog: &Arc<Watchdog>,
    terminal: &Terminal,
) -> std::io::Result<End> {
    let mut child = process.spawn()?;
    let _guarded = child.id().map(|group| watchdog.guard(group));
    let (Some(stdout), Some(mut stderr)) = (child.stdout.take(), child.stderr.take()) else {
        return Err(std::io::Error::other("it was started without pipes"));
    };
    let errors = tokio::spawn(async move {
        let mut text = Vec::new();
        // What was read before an error is what there is.
        let _ = stderr.read_to_end(&mut text).await;
        String::from_utf8_lossy(&text).into_owned()
    });
    let mut lines = BufReader::new(stdout).lines();
    while let Some(line) = lines.next_line().await? {
        if let Some(modules) = line.strip_prefix("READY ") {
            terminal.detail(format_args!(
                "the fork server is ready, with {modules} modules"
            ));
        } else if line == "SETTINGS" {
            terminal.detail("the fork server has read the settings, too");
        }
    }
    let status = child.wait().await?;
    if status.success() {
        return Ok(End::OutOfDate);
    }
    let errors = errors.await.unwrap_or_default();
    let last = errors.trim().lines().next_back();
    let reason = last.map_or_else(|| status.to_string(), str::to_owned);
    Ok(if status.code() == Some(NOT_NOW) {
        End::NotNow(reason)
    } else {
        End::Unavailable(reason)
    })
}

fn unavailable(terminal: &Terminal, reason: &str) {
    terminal.warning(format_args!(
        "no fork server: {reason}; every edit starts Python again (fork = false in luthier.toml asks for that)"
    ));
}

/// What starts the site by way of the fork server whose socket is in `folder`, if one listens there.
pub(super) fn words(command: &ServerCommand, port: u16, folder: &Path) -> Option<Vec<String>> {
    let files = STANDARD_FILES + u8::from(command.takes_socket());
    let (program, arguments) = command.filled(port);
    forked(command, files, program, &arguments, folder)
}

/// What starts another program in Python with the site's libraries, in the same way.
pub(super) fn words_of_helper(
    command: &ServerCommand,
    program: &Path,
    arguments: &[String],
    folder: &Path,
) -> Option<Vec<String>> {
    let program = program.to_string_lossy().into_owned();
    forked(command, STANDARD_FILES, program, arguments, folder)
}

/// The words that have the fork server start a program, with the first `files` of its files.
fn forked(
    command: &ServerCommand,
    files: u8,
    program: String,
    arguments: &[String],
    folder: &Path,
) -> Option<Vec<String>> {
    let Fork::By(interpreter) = &command.fork else {
        return None;
    };
    let socket = folder.join(SOCKET);
    if !socket.exists() {
        return None;
    }
    let words = [
        interpreter.to_str()?,
        "-I",
        "-S",
        "-c",
        CLIENT,
        socket.to_str()?,
    ];
    let words = words.map(str::to_owned).into_iter();
    Some(
        words
            .chain([files.to_string(), program])
            .chain(arguments.iter().cloned())
            .collect(),
    )
}
