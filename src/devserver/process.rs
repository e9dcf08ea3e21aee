//! Child processes that are stopped together with their descendants; the differences between operating systems.
#![expect(
    clippy::disallowed_methods,
    reason = "the processes of the development server start here"
)]

pub(super) mod watchdog;

use std::path::Path;
use std::process::ExitStatus;
use std::time::Duration;

use tokio::process::{Child, Command};
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::time::Instant;

use crate::error::{Error, Result};

/// How long a process may take to exit after it was asked to.
const GRACE: Duration = Duration::from_secs(5);

/// What to do with a running process.
#[derive(Clone, Copy, Debug)]
pub(super) enum Order {
    /// Ask it to exit, and kill it if it has not after a few seconds.
    Stop,
    Kill,
}

/// A command that runs in a process group of its own, so that Ctrl-C in the terminal reaches it only through us.
///
/// The variables that `cargo run` set for us are removed.
pub(super) fn command(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(program);
    for name in crate::cargo::inherited_variables() {
        command.env_remove(name);
    }
    command.kill_on_drop(true);
    system::own_group(&mut command);
    command
}

/// A [`command`] that runs cargo, which may compile.
pub(super) fn cargo() -> Command {
    compiler(crate::cargo::program())
}

/// Checks that there is a cargo to run.
///
/// # Errors
/// When it is neither where `CARGO` says nor on the `PATH`.
pub(super) fn check_cargo() -> Result<()> {
    let cargo = crate::cargo::program();
    let name = Path::new(&cargo);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let is_found = match name.components().count() {
        1 => std::env::split_paths(&path).any(|folder| {
            let program = folder.join(name);
            program.is_file() || program.with_extension("exe").is_file()
        }),
        _ => name.exists(),
    };
    match is_found {
        true => Ok(()),
        false => {
            Err(Error::failed(format_args!("{} was not found", name.display())).hint(NO_CARGO))
        }
    }
}

/// What to do when cargo does not start.
pub(super) const NO_CARGO: &str =
    "install Rust from https://rustup.rs, put cargo on the PATH, or set CARGO to the cargo to use";

/// A [`command`] that compiles.
///
/// rustc's allocator, jemalloc, is told to use huge pages, unless the user has configured it: on Linux that takes a
/// seventh off the time of an edit.
pub(super) fn compiler(program: impl AsRef<std::ffi::OsStr>) -> Command {
    const SETTING: &str = "MALLOC_CONF";
    let mut command = command(program);
    if cfg!(target_os = "linux") && std::env::var_os(SETTING).is_none() {
        command.env(SETTING, "thp:always,metadata_thp:always");
    }
    command
}

/// How a process exited.
#[derive(Debug)]
pub(super) struct Ended {
    pub(super) status: ExitStatus,
    /// It was ordered to.
    pub(super) by_order: bool,
}

/// Waits for `child`, following `orders`.
pub(super) async fn supervise(
    child: &mut Child,
    orders: &mut UnboundedReceiver<Order>,
) -> std::io::Result<Ended> {
    let mut by_order = false;
    let mut deadline = None;
    loop {
        let late = async {
            match deadline {
                Some(deadline) => tokio::time::sleep_until(deadline).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            status = child.wait() => return Ok(Ended { status: status?, by_order }),
            Some(order) = orders.recv() => {
                by_order = true;
                match order {
                    Order::Stop => {
                        system::terminate(child);
                        deadline = Some(Instant::now() + GRACE);
                    }
                    Order::Kill => system::kill(child),
                }
            }
            () = late => {
                system::kill(child);
                deadline = None;
            }
        }
    }
}

pub(super) use system::{interrupted, kill_rest, reader_is_gone, yield_to_others};

#[cfg(unix)]
mod system {
    use std::os::fd::AsFd;

    use rustix::event::{PollFd, PollFlags, poll};
    use rustix::fs::FileType;
    use rustix::process::{Pid, Signal, kill_process_group, setpriority_process};
    use tokio::process::{Child, Command};
    use tokio::signal::unix::{SignalKind, signal};

    pub(super) fn own_group(command: &mut Command) {
        command.process_group(0);
    }

    pub(super) fn terminate(child: &mut Child) {
        send(child, Signal::TERM);
    }

    pub(super) fn kill(child: &mut Child) {
        send(child, Signal::KILL);
    }

    fn send(child: &Child, signal: Signal) {
        // No id: it has been waited for, and the number may belong to another process by now.
        if let Some(id) = child.id() {
            send_to(id, signal);
        }
    }

    fn send_to(group: u32, signal: Signal) {
        if let Some(group) = Pid::from_raw(group.cast_signed()) {
            // A group that is gone needs no signal.
            let _ = kill_process_group(group, signal);
        }
    }

    /// Lets all other processes have the processor first. Threads and processes that it starts do so, too.
    pub(in super::super) fn yield_to_others(id: u32) {
        const LOWEST: i32 = 19;
        // Nothing but the time that it takes depends on this.
        let _ = setpriority_process(Pid::from_raw(id.cast_signed()), LOWEST);
    }

    /// Kills the rest of the group of a process that has just exited.
    pub(in super::super) fn kill_rest(group: u32) {
        send_to(group, Signal::KILL);
    }

    /// Blocks until whoever reads our standard output, or our standard error, has closed the pipe; forever if both are
    /// no pipes.
    pub(in super::super) fn reader_is_gone() {
        let (stdout, stderr) = (std::io::stdout(), std::io::stderr());
        let is_pipe = |file: &dyn AsFd| {
            rustix::fs::fstat(file.as_fd())
                .is_ok_and(|data| FileType::from_raw_mode(data.st_mode) == FileType::Fifo)
        };
        let outputs: [&dyn AsFd; 2] = [&stdout, &stderr];
        let pipes = outputs.into_iter().filter(|output| is_pipe(*output));
        let mut pipes: Vec<PollFd<'_>> = pipes
            .map(|output| PollFd::from_borrowed_fd(output.as_fd(), PollFlags::empty()))
            .collect();
        loop {
            if pipes.is_empty() {
                std::thread::park();
            } else if poll(&mut pipes, None).is_ok() {
                return;
            }
        }
    }

    /// Resolves when the user or the system asks us to stop.
    pub(in super::super) async fn interrupted() -> std::io::Result<()> {
        let mut terminate = signal(SignalKind::terminate())?;
        let mut hangup = signal(SignalKind::hangup())?;
        tokio::select! {
            done = tokio::signal::ctrl_c() => done?,
            _ = terminate.recv() => {}
            _ = hangup.recv() => {}
        }
        Ok(())
    }
}

#[cfg(not(unix))]
mod system {
    use tokio::process::{Child, Command};

    pub(super) fn own_group(_: &mut Command) {}

    pub(super) fn terminate(child: &mut Child) {
        kill(child);
    }

    pub(super) fn kill(child: &mut Child) {
        // A process that has exited cannot be killed.
        let _ = child.start_kill();
    }

    /// A closed pipe is noticed when it is written to.
    pub(in super::super) fn reader_is_gone() {
        loop {
            std::thread::park();
        }
    }

    /// Every process has the same priority here.
    pub(in super::super) fn yield_to_others(_: u32) {}

    /// There are no groups here.
    pub(in super::super) fn kill_rest(_: u32) {}

    /// Resolves when the user or the system asks us to stop.
    pub(in super::super) async fn interrupted() -> std::io::Result<()> {
        tokio::signal::ctrl_c().await
    }
}
