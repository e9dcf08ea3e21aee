//! Running rustc and the linker in cargo's place.

use std::process::Stdio;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command};
use tokio::sync::mpsc::UnboundedReceiver;

use super::preload::{self, PausedProcess};
use super::prewarm::Prewarmed;
use super::{Compiled, Prepared};
use crate::devserver::browser::Problem;
use crate::devserver::build::Build;
use crate::devserver::build::cargo_output::{CargoMessage, diagnostic, is_library_written};
use crate::devserver::process::watchdog::Guarded;
use crate::devserver::process::{self, Order};

/// How a program of ours ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    Good,
    Failed,
    /// It was told to.
    Stopped,
}

/// What rustc said.
pub(super) struct Rustc {
    pub(super) end: End,
    pub(super) errors: Vec<Problem>,
    pub(super) warnings: Vec<String>,
}

impl Compiled {
    /// Compiles the crate into its folder, by the compiler that waits for it if there is one.
    pub(super) async fn compile(
        &self,
        build: &Build,
        prewarmed: Option<Prewarmed>,
        orders: &mut UnboundedReceiver<Order>,
    ) -> std::io::Result<Rustc> {
        if let Some(prewarmed) = prewarmed {
            let rustc = rustc(prewarmed.gone(), orders).await?;
            // Should it have died while it waited, or not have waited, another does its work.
            if rustc.end != End::Failed || !rustc.errors.is_empty() {
                return Ok(rustc);
            }
        }
        rustc(Running::start(build, self.rustc()?)?, orders).await
    }

    /// The command that compiles the crate into its folder.
    #[expect(
        clippy::disallowed_methods,
        reason = "what is built is no file of the project"
    )]
    pub(super) fn rustc(&self) -> std::io::Result<Command> {
        let arguments = self
            .invocation
            .arguments_for(&self.folder)
            .ok_or_else(|| std::io::Error::other("rustc is run in an unknown way"))?;
        std::fs::create_dir_all(self.folder.join("out"))?;
        let mut command = process::compiler(self.invocation.program());
        command
            .args(arguments)
            .envs(self.invocation.environment())
            .current_dir(&self.directory);
        if self.invocation.is_binary() {
            command.arg(format!("-Clinker={}", self.recorder()?.display()));
        }
        Ok(command)
    }
}

async fn rustc(running: Running, orders: &mut UnboundedReceiver<Order>) -> std::io::Result<Rustc> {
    let (end, said) = running.end(orders, is_library_written).await?;
    let mut rustc = Rustc {
        end,
        errors: Vec::new(),
        warnings: Vec::new(),
    };
    for line in said.lines() {
        match diagnostic(line) {
            Some(CargoMessage::Error(problem)) => rustc.errors.push(problem),
            Some(CargoMessage::Warning(text)) => rustc.warnings.push(text),
            _ => {}
        }
    }
    Ok(rustc)
}

impl Prepared {
    /// Starts to link a crate that is still being compiled: the linker waits for it.
    pub(super) fn prewarm_linker(
        &self,
        build: &Build,
        of: &Compiled,
        arguments: &[String],
    ) -> Option<PausedProcess> {
        let (wait, library) = (self.wait.as_ref()?, of.library());
        // A linker driver looks whether there is such a file.
        if !library.is_file() {
            return None;
        }
        let mut command = linker(self.linker(), arguments);
        // It is not the driver that opens it.
        command.env("LUTHIER_WAIT_BELOW", "yes");
        PausedProcess::start(build, command, wait, library.to_str()?).ok()
    }
}

fn linker(linker: &std::ffi::OsStr, arguments: &[String]) -> Command {
    let mut command = process::command(linker);
    command.args(arguments).env("LC_ALL", "C");
    command
}

/// Links a program or a library.
pub(super) async fn link(
    build: &Build,
    driver: &std::ffi::OsStr,
    arguments: &[String],
    orders: &mut UnboundedReceiver<Order>,
) -> std::io::Result<End> {
    run(build, linker(driver, arguments), orders).await
}

/// Runs a command to its end; that it failed is an error with the first that it said.
pub(super) async fn run(
    build: &Build,
    command: Command,
    orders: &mut UnboundedReceiver<Order>,
) -> std::io::Result<End> {
    let program = command.as_std().get_program().display().to_string();
    let (end, said) = Running::start(build, command)?
        .end(orders, |_| false)
        .await?;
    if end == End::Failed {
        let first = said.lines().next().unwrap_or("it said nothing");
        return Err(std::io::Error::other(format!("{program} failed: {first}")));
    }
    Ok(end)
}

/// A command that runs, and ends with us.
#[derive(Debug)]
pub(super) struct Running {
    child: Child,
    stderr: Option<ChildStderr>,
    /// Where one that is to wait says that it has.
    waited: Option<ChildStdout>,
    guarded: Option<Guarded>,
}

impl Running {
    pub(super) fn start(build: &Build, mut command: Command) -> std::io::Result<Self> {
        command.stdin(Stdio::null()).stdout(Stdio::null());
        Self::spawn(build, command)
    }

    /// Starts a program that waits until it reads from its input.
    pub(super) fn start_to_wait(build: &Build, mut command: Command) -> std::io::Result<Self> {
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        Self::spawn(build, command)
    }

    fn spawn(build: &Build, mut command: Command) -> std::io::Result<Self> {
        let mut child = command.stderr(Stdio::piped()).spawn()?;
        Ok(Self {
            guarded: child.id().map(|group| build.watchdog.guard(group)),
            stderr: child.stderr.take(),
            waited: child.stdout.take(),
            child,
        })
    }

    pub(super) fn input(&mut self) -> Option<ChildStdin> {
        self.child.stdin.take()
    }

    /// Waits for its end, or for a line on its standard error that says its work is done, and returns what it wrote
    /// there. One that was to wait and has not has failed without a word, whatever it did.
    pub(super) async fn end(
        mut self,
        orders: &mut UnboundedReceiver<Order>,
        is_done: impl Fn(&str) -> bool,
    ) -> std::io::Result<(End, String)> {
        let waited = self.waited.take();
        let (end, said) = self.really_end(orders, is_done).await?;
        if let Some(mut waited) = waited
            && end != End::Stopped
        {
            let mut first = [0];
            if waited.read(&mut first).await? == 0 || first != *preload::ACK {
                return Ok((End::Failed, String::new()));
            }
        }
        Ok((end, said))
    }

    async fn really_end(
        mut self,
        orders: &mut UnboundedReceiver<Order>,
        is_done: impl Fn(&str) -> bool,
    ) -> std::io::Result<(End, String)> {
        let mut said = String::new();
        let mut stderr = self.stderr.take().map(BufReader::new);
        let listen = async {
            let mut line = Vec::new();
            while let Some(stderr) = &mut stderr
                && stderr.read_until(b'\n', &mut line).await? > 0
            {
                let text = String::from_utf8_lossy(&line);
                said.push_str(&text);
                if is_done(&text) {
                    return Ok(true);
                }
                line.clear();
            }
            std::io::Result::Ok(false)
        };
        let ended = {
            let (mut listen, mut ending) = (
                std::pin::pin!(listen),
                std::pin::pin!(process::supervise(&mut self.child, orders)),
            );
            tokio::select! {
                done = &mut listen => match done? {
                    true => None,
                    false => Some(ending.await?),
                },
                ended = &mut ending => {
                    listen.await?;
                    Some(ended?)
                }
            }
        };
        let Some(ended) = ended else {
            // It clears up behind itself.
            tokio::spawn(async move {
                if let Some(stderr) = &mut stderr {
                    // Nothing that it may still say is of use, but somebody has to hear it.
                    let _ = tokio::io::copy(stderr, &mut tokio::io::sink()).await;
                }
                let _ = self.child.wait().await;
                drop(self.guarded);
            });
            return Ok((End::Good, said));
        };
        let end = match ended.status.success() {
            _ if ended.by_order => End::Stopped,
            true => End::Good,
            false => End::Failed,
        };
        Ok((end, said))
    }
}
