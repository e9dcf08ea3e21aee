//! How the site is served: the options, and what happens when they change while it is served.

mod address;

use std::path::PathBuf;
use std::sync::Arc;

use super::browser::Editor;
use super::command::ServerCommand;
use super::terminal::Terminal;
use crate::error::Result;

pub(crate) use address::Address;

/// How the site is served.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    /// Open the site in a browser when it is up.
    pub(crate) open: bool,
    /// Poll the files instead of waiting for change notifications.
    pub(crate) poll: bool,
    /// Build with optimisations.
    pub(crate) release: bool,
    /// Stop the old generation before the new one starts.
    pub(crate) stop_first: bool,
    /// Rebuild an edited crate without cargo where that is possible.
    pub(crate) fast_rebuild: bool,
    /// Keep a compiler started for the next edit.
    pub(crate) prewarm_compiler: bool,
    /// While nothing is edited, prepare fast rebuilds of all crates, not only of edited ones.
    pub(crate) prepare_all_crates: bool,
    /// Keep open pages current.
    pub(crate) reload: bool,
    /// Report events as JSON, one per line, on standard output.
    pub(crate) json: bool,
    pub(crate) editor: Editor,
    /// What serves the site, if that is not a cargo binary.
    pub(crate) command: Option<ServerCommand>,
    /// Names of this machine besides the local ones.
    pub(crate) hosts: Vec<String>,
    /// Cargo's target directory, if not the default one.
    pub(crate) target_dir: Option<PathBuf>,
    /// What to tell the user about the settings, once: keys that have a new name.
    pub(crate) notes: Vec<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            open: false,
            poll: false,
            release: false,
            stop_first: false,
            fast_rebuild: true,
            prewarm_compiler: true,
            prepare_all_crates: true,
            reload: true,
            json: false,
            editor: Editor::default(),
            command: None,
            hosts: Vec::new(),
            target_dir: None,
            notes: Vec::new(),
        }
    }
}

/// Reads again where and how the site is to be served, flags included.
#[derive(Clone)]
pub(crate) struct ReloadOptions(
    pub(crate) Arc<dyn Fn() -> Result<(Address, Options)> + Send + Sync>,
);

impl std::fmt::Debug for ReloadOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ReloadOptions")
    }
}

/// The options as they were last read.
pub(super) struct ReloadableOptions {
    reload: ReloadOptions,
    address: Address,
    options: Options,
    /// The command that serves the site, for hints.
    command: String,
}

impl ReloadableOptions {
    pub(super) fn new(
        reload: ReloadOptions,
        address: Address,
        options: Options,
        command: &str,
    ) -> Self {
        Self {
            reload,
            address,
            options,
            command: command.to_owned(),
        }
    }

    /// Reads them again after a file changed that may hold them, and says what takes effect only after a restart.
    /// `None` when they cannot be read: the error has been shown.
    pub(super) fn refresh(&mut self, terminal: &Terminal) -> Option<&Options> {
        let (address, options) = match (self.reload.0)() {
            Ok(read) => read,
            Err(error) => {
                terminal.error(&error);
                return None;
            }
        };
        let command = &self.command;
        if address != self.address {
            terminal.warning(format_args!(
                "run `{command}` again to listen on {address} instead"
            ));
        }
        if options.poll != self.options.poll {
            terminal.warning(format_args!(
                "run `{command}` again for `poll` to take effect"
            ));
        }
        let inputs = |options: &Options| {
            options
                .command
                .as_ref()
                .map(|command| command.inputs.clone())
        };
        if inputs(&options) != inputs(&self.options) {
            terminal.warning(format_args!(
                "run `{command}` again for `restart` and `reload` to take effect"
            ));
        }
        if options.notes != self.options.notes {
            show_notes(&options, terminal);
        }
        (self.address, self.options) = (address, options);
        Some(&self.options)
    }
}

/// Says which settings have a new name.
pub(super) fn show_notes(options: &Options, terminal: &Terminal) {
    for note in &options.notes {
        terminal.warning(note);
    }
}
