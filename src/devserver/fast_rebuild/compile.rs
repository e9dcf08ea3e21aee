//! Compiles one crate with rustc in place of cargo.

use tokio::process::Command;
use tokio::sync::mpsc::UnboundedReceiver;

use super::Unit;
use super::prewarm::Prewarmed;
use super::run::{End, Running};
use crate::cargo::messages::{CargoMessage, diagnostic, is_library_written};
use crate::devserver::browser::Problem;
use crate::devserver::cargo_build::accelerator::Tools;
use crate::devserver::process::{self, Order};

/// The result of rustc.
pub(super) struct Rustc {
    pub(super) end: End,
    pub(super) errors: Vec<Problem>,
    pub(super) warnings: Vec<String>,
}

impl Unit {
    /// Compiles the crate in its folder, with the prewarmed compiler if there is one.
    pub(super) async fn compile(
        &self,
        tools: &Tools,
        prewarmed: Option<Prewarmed>,
        orders: &mut UnboundedReceiver<Order>,
    ) -> std::io::Result<Rustc> {
        if let Some(prewarmed) = prewarmed {
            let rustc = rustc(prewarmed.resume(), orders).await?;
            // If it died while it was paused, or did not pause, another takes its place.
            if rustc.end != End::Failed || !rustc.errors.is_empty() {
                return Ok(rustc);
            }
        }
        rustc(Running::start(tools, self.rustc()?)?, orders).await
    }

    /// The command that compiles the crate in its folder.
    pub(super) fn rustc(&self) -> std::io::Result<Command> {
        let arguments = self
            .invocation
            .arguments_for(&self.folder)
            .ok_or_else(|| std::io::Error::other("the arguments of rustc are not supported"))?;
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
    let (end, output) = running.wait(orders, is_library_written).await?;
    let mut rustc = Rustc {
        end,
        errors: Vec::new(),
        warnings: Vec::new(),
    };
    for line in output.lines() {
        match diagnostic(line) {
            Some(CargoMessage::Error(error)) => rustc.errors.push(error.into()),
            Some(CargoMessage::Warning(text)) => rustc.warnings.push(text),
            _ => {}
        }
    }
    Ok(rustc)
}
