//! Runs processes of rustc and of the linker.

use std::process::Stdio;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command};
use tokio::sync::mpsc::UnboundedReceiver;

pub(super) use super::compile::Rustc;
use super::preload;
use crate::devserver::cargo_build::accelerator::Tools;
use crate::devserver::process::watchdog::Guarded;
use crate::devserver::process::{self, Order};

/// How a process ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    Succeeded,
    Failed,
    /// By an order.
    Stopped,
}

pub(super) fn linker(linker: &std::ffi::OsStr, arguments: &[String]) -> Command {
    let mut command = process::command(linker);
    command.args(arguments).env("LC_ALL", "C");
    command
}

/// Links a program or a library.
pub(super) async fn link(
    tools: &Tools,
    driver: &std::ffi::OsStr,
    arguments: &[String],
    orders: &mut UnboundedReceiver<Order>,
) -> std::io::Result<End> {
    run(tools, linker(driver, arguments), orders).await
}

/// Runs a command to its end; if it fails, the error is the first line of its output.
pub(super) async fn run(
    tools: &Tools,
    command: Command,
    orders: &mut UnboundedReceiver<Order>,
) -> std::io::Result<End> {
    let program = command.as_std().get_program().display().to_string();
    let (end, output) = Running::start(tools, command)?
        .wait(orders, |_| false)
        .await?;
    if end == End::Failed {
        let first = output.lines().next().unwrap_or("without output");
        return Err(std::io::Error::other(format!("{program} failed: {first}")));
    }
    Ok(end)
}

/// A process that runs, and ends with us.
#[derive(Debug)]
pub(super) struct Running {
    child: Child,
    stderr: Option<ChildStderr>,
    /// Where a process writes that it has paused.
    paused: Option<ChildStdout>,
    guarded: Option<Guarded>,
}

impl Running {
    pub(super) fn start(tools: &Tools, mut command: Command) -> std::io::Result<Self> {
        command.stdin(Stdio::null()).stdout(Stdio::null());
        Self::spawn(tools, command)
    }

    /// Starts a process that pauses until it can read from its input.
    pub(super) fn start_paused(tools: &Tools, mut command: Command) -> std::io::Result<Self> {
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        Self::spawn(tools, command)
    }

    fn spawn(tools: &Tools, mut command: Command) -> std::io::Result<Self> {
        let mut child = command.stderr(Stdio::piped()).spawn()?;
        if tools.is_background
            && let Some(id) = child.id()
        {
            process::yield_to_others(id);
        }
        Ok(Self {
            guarded: child.id().map(|group| tools.watchdog.guard(group)),
            stderr: child.stderr.take(),
            paused: child.stdout.take(),
            child,
        })
    }

    pub(super) fn input(&mut self) -> Option<ChildStdin> {
        self.child.stdin.take()
    }

    /// Waits until it exits, or until `is_done` of a line on its standard error, and returns what it wrote there. A process
    /// that should have paused and has not counts as failed without output, whatever it did.
    pub(super) async fn wait(
        mut self,
        orders: &mut UnboundedReceiver<Order>,
        is_done: impl Fn(&str) -> bool,
    ) -> std::io::Result<(End, String)> {
        let paused = self.paused.take();
        let (end, output) = self.wait_for_exit(orders, is_done).await?;
        if let Some(mut paused) = paused
            && end != End::Stopped
        {
            let mut first = [0];
            if paused.read(&mut first).await? == 0 || first != *preload::ACK {
                return Ok((End::Failed, String::new()));
            }
        }
        Ok((end, output))
    }

    async fn wait_for_exit(
        mut self,
        orders: &mut UnboundedReceiver<Order>,
        is_done: impl Fn(&str) -> bool,
    ) -> std::io::Result<(End, String)> {
        let mut output = String::new();
        let mut stderr = self.stderr.take().map(BufReader::new);
        let listen = async {
            let mut line = Vec::new();
            while let Some(stderr) = &mut stderr
                && stderr.read_until(b'\n', &mut line).await? > 0
            {
                let text = String::from_utf8_lossy(&line);
                output.push_str(&text);
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
            // It still cleans up.
            tokio::spawn(async move {
                if let Some(stderr) = &mut stderr {
                    // The rest of its output is of no use, but has to be read.
                    let _ = tokio::io::copy(stderr, &mut tokio::io::sink()).await;
                }
                let _ = self.child.wait().await;
                drop(self.guarded);
            });
            return Ok((End::Succeeded, output));
        };
        let end = match ended.status.success() {
            _ if ended.by_order => End::Stopped,
            true => End::Succeeded,
            false => End::Failed,
        };
        Ok((end, output))
    }
}
