//! What every command gets, resolved once from the global options.

use std::io::IsTerminal;
use std::path::PathBuf;

use crate::output::Output;

/// The surroundings of one run.
#[derive(Debug)]
pub(crate) struct Context {
    /// The folder the command works from, absolute: `--directory`, or the current one.
    pub(crate) directory: PathBuf,
    /// The database of the workspace to work on, where it has several: `--db`.
    pub(crate) database: Option<String>,
    pub(crate) output: Output,
    /// Print the plan or report as JSON where the command lists or reports.
    pub(crate) json: bool,
    /// Questions may be asked: there is a terminal and no `--no-input`.
    pub(crate) interactive: bool,
}

impl Context {
    pub(crate) fn new(directory: PathBuf, output: Output, json: bool, no_input: bool) -> Self {
        let interactive =
            !no_input && std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
        Self {
            directory,
            database: None,
            output,
            json,
            interactive,
        }
    }
}
