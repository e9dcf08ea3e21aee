//! Running rustc and the linker in cargo's place.

use std::process::Stdio;

use tokio::io::AsyncReadExt;
use tokio::sync::mpsc::UnboundedReceiver;

use super::Compiled;
use crate::devserver::browser::Problem;
use crate::devserver::build::Build;
use crate::devserver::cargo_output::{Said, diagnostic};
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
    /// Compiles the crate into its folder.
    #[expect(
        clippy::disallowed_methods,
        reason = "what is built is no file of the project"
    )]
    pub(super) async fn compile(
        &self,
        build: &Build,
        orders: &mut UnboundedReceiver<Order>,
    ) -> std::io::Result<Rustc> {
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
            command.arg(format!("-Clinker={}", self.keeper()?.display()));
        }
        let (end, said) = run(build, command, orders).await?;
        let mut rustc = Rustc {
            end,
            errors: Vec::new(),
            warnings: Vec::new(),
        };
        for line in said.lines() {
            match diagnostic(line) {
                Some(Said::Error(problem)) => rustc.errors.push(problem),
                Some(Said::Warning(text)) => rustc.warnings.push(text),
                _ => {}
            }
        }
        Ok(rustc)
    }
}

/// Links a program or a library.
pub(super) async fn link(
    build: &Build,
    linker: &std::ffi::OsStr,
    arguments: &[String],
    orders: &mut UnboundedReceiver<Order>,
) -> std::io::Result<End> {
    let mut command = process::command(linker);
    command.args(arguments).env("LC_ALL", "C");
    let (end, said) = run(build, command, orders).await?;
    if end == End::Failed {
        let first = said.lines().next().unwrap_or("it said nothing");
        return Err(std::io::Error::other(format!("the linker failed: {first}")));
    }
    Ok(end)
}

/// Runs a command to its end, and returns what it wrote to its standard error.
async fn run(
    build: &Build,
    mut command: tokio::process::Command,
    orders: &mut UnboundedReceiver<Order>,
) -> std::io::Result<(End, String)> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()?;
    let _guarded = child.id().map(|group| build.watchdog.guard(group));
    let stderr = child.stderr.take();
    let mut said = Vec::new();
    let listen = async {
        match stderr {
            Some(mut stderr) => stderr.read_to_end(&mut said).await,
            None => Ok(0),
        }
    };
    let (ended, heard) = tokio::join!(process::supervise(&mut child, orders), listen);
    let (ended, _) = (ended?, heard?);
    let end = match ended.status.success() {
        _ if ended.asked => End::Stopped,
        true => End::Good,
        false => End::Failed,
    };
    Ok((end, String::from_utf8_lossy(&said).into_owned()))
}
