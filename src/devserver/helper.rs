//! Helpers: processes of the site's own framework that answer what the development server wants to know of it.
//!
//! One is started by way of the fork server where there is one, so that the framework is imported already.

use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Arc;

use tokio::process::{Child, Command};

use super::command::ServerCommand;
use super::fork_server;
use super::process;
use super::process::watchdog::{Guarded, Watchdog};
use super::terminal::Terminal;

/// The site that is asked about.
#[derive(Clone, Debug)]
pub(super) struct Helper {
    pub(super) root: PathBuf,
    pub(super) command: ServerCommand,
    pub(super) environment: Vec<(&'static str, &'static str)>,
    pub(super) watchdog: Arc<Watchdog>,
    pub(super) terminal: Terminal,
}

/// A helper that runs. Its processes are killed when this is dropped.
#[derive(Debug)]
pub(super) struct Started {
    pub(super) child: Child,
    group: Option<u32>,
    _guarded: Option<Guarded>,
}

impl Drop for Started {
    fn drop(&mut self) {
        // Not waited for yet: the number is still its own.
        if let Some(group) = self.group.filter(|_| self.child.id().is_some()) {
            process::kill_rest(group);
        }
    }
}

impl Helper {
    /// Starts the words of a helper; its standard input and output are pipes.
    pub(super) fn start(&self, words: &(PathBuf, Vec<String>)) -> std::io::Result<Started> {
        let (program, arguments) = words;
        let folder = self.watchdog.folder();
        let forked = fork_server::words_of_helper(&self.command, program, arguments, folder);
        let mut command = match forked.as_deref() {
            Some([client, words @ ..]) => with(process::command(client), words),
            _ => with(process::command(program), arguments),
        };
        let variables = self.command.environment.iter();
        let child = command
            .envs(self.environment.iter().copied())
            .envs(variables.map(|(name, value)| (name, value)))
            .current_dir(&self.root)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let group = child.id();
        Ok(Started {
            _guarded: group.map(|group| self.watchdog.guard(group)),
            group,
            child,
        })
    }
}

fn with(mut command: Command, arguments: &[String]) -> Command {
    command.args(arguments);
    command
}
