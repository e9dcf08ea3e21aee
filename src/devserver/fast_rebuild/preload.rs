//! Processes that are started before they are needed, and pause when they open a file.

use std::io::Error;
use std::path::{Path, PathBuf};

use tokio::io::AsyncWriteExt;
use tokio::process::{ChildStdin, Command};
use tokio::sync::mpsc::UnboundedReceiver;

use super::run::{End, Running, run};
use crate::devserver::cargo_build::accelerator::Tools;
use crate::devserver::fingerprint;
use crate::devserver::process::{self, Order};

/// The source of the library that makes them pause.
const SOURCE: &str = include_str!("preload/library.rs");

/// The flags that it is compiled with.
const FLAGS: [&str; 6] = [
    "--edition=2021",
    "--crate-name=wait",
    "--crate-type=cdylib",
    "-Copt-level=2",
    "-Cpanic=abort",
    "-Cstrip=symbols",
];

/// One byte for each process that may pause: a compiler alone, a linker after the drivers that start it.
const RESUME: &[u8] = b"\n\n\n\n";

/// What a process writes first that has paused.
pub(super) const ACK: &[u8; 1] = b"\x06";

/// A process that pauses.
#[derive(Debug)]
pub(super) struct Paused {
    running: Running,
    input: Option<ChildStdin>,
}

impl Paused {
    /// Starts a process that pauses when it opens one of the files, named as it names them.
    pub(super) fn start(
        tools: &Tools,
        mut command: Command,
        preload: &Path,
        files: &str,
    ) -> std::io::Result<Self> {
        command
            .env("LD_PRELOAD", preload)
            .env("LUTHIER_WAIT", files);
        let mut running = Running::start_paused(tools, command)?;
        let input = running.input();
        Ok(Self { running, input })
    }

    /// Lets it continue.
    pub(super) fn open(&mut self) {
        if let Some(mut input) = self.input.take() {
            // A process that has died meanwhile is noticed when it is waited for.
            tokio::spawn(async move { input.write_all(RESUME).await });
        }
    }

    /// The process, which continues.
    pub(super) fn resume(mut self) -> Running {
        self.open();
        self.running
    }
}

/// The library that makes processes pause, in `folder`; compiled if it is not there.
pub(super) async fn library(
    tools: &Tools,
    compiler: &str,
    folder: &Path,
    orders: &mut UnboundedReceiver<Order>,
) -> std::io::Result<PathBuf> {
    let is_supported = cfg!(any(target_arch = "x86_64", target_arch = "aarch64"));
    // A bare `rustc` may be rustup's proxy, which starts the real compiler.
    if !is_supported || !Path::new(compiler).is_absolute() {
        return Err(Error::other("the compiler cannot be paused"));
    }
    let hash = fingerprint::bytes(SOURCE.as_bytes());
    let library = folder.join(format!("wait-{hash:016x}.so"));
    if !library.is_file() {
        let source = folder.join("wait.rs");
        std::fs::write(&source, SOURCE)?;
        let new = folder.join("wait.new");
        let mut command = process::command(compiler);
        command.args(FLAGS).arg("-o").args([&new, &source]);
        if run(tools, command, orders).await? == End::Stopped {
            return Err(Error::other("it was stopped"));
        }
        std::fs::rename(&new, &library)?;
    }
    Ok(library)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn the_library_compiles_without_warnings() {
        let folder = tempfile::tempdir().expect("a folder");
        let source = folder.path().join("wait.rs");
        std::fs::write(&source, SOURCE).expect("written");
        let rustc = std::process::Command::new("rustc")
            .args(FLAGS)
            .args(["-D", "warnings", "-o"])
            .arg(folder.path().join("wait.so"))
            .arg(&source)
            .output()
            .expect("rustc starts");
        let errors = String::from_utf8_lossy(&rustc.stderr);
        assert!(rustc.status.success(), "{errors}");
    }
}
