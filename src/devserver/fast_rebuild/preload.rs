//! Programs that are started before they are needed, and wait at the door of a file.

use std::io::Error;
use std::path::{Path, PathBuf};

use tokio::io::AsyncWriteExt;
use tokio::process::{ChildStdin, Command};
use tokio::sync::mpsc::UnboundedReceiver;

use super::files::put;
use super::link_recorder::write;
use super::run::{End, Running, run};
use crate::devserver::build::Build;
use crate::devserver::process::{self, Order};

const SOURCE: &str = include_str!("preload/library.rs");

/// How many programs may come to the door: a compiler alone, a linker after those that start it.
const ALL: &[u8] = b"\n\n\n\n";

/// What one says first that has waited.
pub(super) const ACK: &[u8; 1] = b"\x06";

/// A program that waits, or did.
#[derive(Debug)]
pub(super) struct PausedProcess {
    running: Running,
    door: Option<ChildStdin>,
}

impl PausedProcess {
    /// Starts a program that will wait when it opens one of the files, in the way that it opens them.
    pub(super) fn start(
        build: &Build,
        mut command: Command,
        library: &Path,
        files: &str,
    ) -> std::io::Result<Self> {
        command
            .env("LD_PRELOAD", library)
            .env("LUTHIER_WAIT", files);
        let mut running = Running::start_to_wait(build, command)?;
        let door = running.input();
        Ok(Self { running, door })
    }

    /// Lets it go on.
    pub(super) fn open(&mut self) {
        if let Some(mut door) = self.door.take() {
            // One that has died meanwhile does not hear it, which shows soon enough.
            tokio::spawn(async move { door.write_all(ALL).await });
        }
    }

    /// The program, which goes on.
    pub(super) fn opened(mut self) -> Running {
        self.open();
        self.running
    }
}

/// The library that makes programs wait, in `folder`; compiled when it is not there.
pub(super) async fn library(
    build: &Build,
    compiler: &str,
    folder: &Path,
    orders: &mut UnboundedReceiver<Order>,
) -> std::io::Result<PathBuf> {
    let is_known = cfg!(any(target_arch = "x86_64", target_arch = "aarch64"));
    // The program that cargo is told of by its name alone may be a stand-in that starts the real one.
    if !is_known || !Path::new(compiler).is_absolute() {
        return Err(Error::other("the compiler cannot be made to wait"));
    }
    let hash = crc32fast::hash(SOURCE.as_bytes());
    let library = folder.join(format!("wait-{hash:08x}.so"));
    if !library.is_file() {
        let source = folder.join("wait.rs");
        write(&source, SOURCE.as_bytes())?;
        let compiled = folder.join("wait.new");
        let mut command = process::command(compiler);
        command
            .args(["--edition=2021", "--crate-name=wait", "--crate-type=cdylib"])
            .args(["-Copt-level=2", "-Cpanic=abort", "-Cstrip=symbols", "-o"])
            .args([&compiled, &source]);
        if run(build, command, orders).await? == End::Stopped {
            return Err(Error::other("it was stopped"));
        }
        put(&compiled, &library)?;
    }
    Ok(library)
}
