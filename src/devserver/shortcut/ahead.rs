//! A compiler that is started before it is needed, and waits for the edit.
//!
//! It has read what it remembers of the last time, and has memory at hand, when it comes to the first source file that
//! may change; there a library that is loaded into it, [`SOURCE`], holds it until [`Ahead::go`]. What it has read by
//! then must not change meanwhile: that is the crate's first file, unless that is the one which is edited.

use std::io::Error;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::SystemTime;

use tokio::io::AsyncWriteExt;
use tokio::process::ChildStdin;
use tokio::sync::mpsc::UnboundedReceiver;

use super::Compiled;
use super::files::{free_memory, modified, sources_as_read};
use super::keep::write;
use super::run::{End, Running, run};
use crate::devserver::build::Build;
use crate::devserver::process::{self, Order};

const SOURCE: &str = include_str!("ahead/wait.rs");

/// How much memory is laid out beforehand, in bytes: what an edit of a crate with one model takes.
const MEMORY: u64 = 192 << 20;

/// What has to remain free, in bytes.
const REST: u64 = 1 << 30;

/// A compiler that waits.
#[derive(Debug)]
pub(super) struct Ahead {
    /// The crate that it is to compile, by its id.
    of: String,
    /// A file that it has read, and when that was written.
    read: Option<(PathBuf, Option<SystemTime>)>,
    running: Running,
    door: ChildStdin,
}

impl Ahead {
    /// Has a compiler wait for the next edit of a crate, in the library `wait`.
    pub(super) fn start(build: &Build, of: &Compiled, wait: &Path) -> std::io::Result<Self> {
        let free = free_memory().unwrap_or_default();
        if free < MEMORY + REST {
            return Err(Error::other("there is little memory left"));
        }
        let Some(root) = of.invocation.source() else {
            return Err(Error::other("the crate has no first file"));
        };
        let mut files = sources_as_read(&of.dep_info())?;
        files.insert(root.clone());
        let written = |file: &PathBuf| modified(&of.directory.join(file));
        let is_edited = files.iter().max_by_key(|it| written(it)) == Some(&root);
        let read = (!is_edited && files.len() > 1).then(|| {
            files.retain(|it| *it != root);
            let path = of.directory.join(&root);
            let time = modified(&path);
            (path, time)
        });
        let files: Option<Vec<&str>> = files.iter().map(|it| it.to_str()).collect();
        let files = files.ok_or_else(|| Error::other("a file has an odd name"))?;
        let mut command = of.rustc()?;
        command
            .env("LD_PRELOAD", wait)
            .env("LUTHIER_WAIT", files.join("\n"))
            .env("LUTHIER_WAIT_MEMORY", MEMORY.to_string())
            .stdin(Stdio::piped());
        let mut running = Running::start_with_input(build, command)?;
        let Some(door) = running.input() else {
            return Err(Error::other("rustc was started without pipes"));
        };
        Ok(Self {
            of: of.invocation.id(),
            read,
            running,
            door,
        })
    }

    /// Whether it can compile the crate as it is now.
    pub(super) fn is_for(&self, of: &Compiled) -> bool {
        let read = self.read.as_ref();
        self.of == of.invocation.id() && read.is_none_or(|(file, time)| modified(file) == *time)
    }

    /// Lets it go on.
    pub(super) async fn go(mut self) -> Running {
        // One that has died meanwhile does not hear it, which shows soon enough.
        let _ = self.door.write_all(b"\n").await;
        self.running
    }
}

/// The library that makes a compiler wait, in `folder`; compiled when it is not there.
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
        let made = folder.join("wait.new");
        let mut command = process::command(compiler);
        command
            .args(["--edition=2021", "--crate-name=wait", "--crate-type=cdylib"])
            .args(["-Copt-level=2", "-Cpanic=abort", "-Cstrip=symbols", "-o"])
            .args([&made, &source]);
        if run(build, command, orders).await? == End::Stopped {
            return Err(Error::other("it was stopped"));
        }
        super::files::put(&made, &library)?;
    }
    Ok(library)
}
