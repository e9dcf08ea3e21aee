//! What every command gets, resolved once from the global options.

use std::io::IsTerminal;
use std::path::PathBuf;

use chrono::{DateTime, Utc};

use crate::output::Output;

/// The surroundings of one run.
#[derive(Clone, Debug)]
pub(crate) struct Context {
    /// The folder the command works from, absolute: `--directory`, or the current one.
    pub(crate) directory: PathBuf,
    /// The database of the workspace to work on, where it has several: `--db`.
    pub(crate) database: Option<String>,
    pub(crate) output: Output,
    /// Print the plan or report as JSON where the command lists or reports.
    pub(crate) json: bool,
    /// The time that new migrations are named after: when the command started, or `SOURCE_DATE_EPOCH` where it is set
    /// (<https://reproducible-builds.org/specs/source-date-epoch/>).
    pub(crate) now: DateTime<Utc>,
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
            now: source_date().unwrap_or_else(Utc::now),
            interactive,
        }
    }
}

/// The time of `SOURCE_DATE_EPOCH`, in seconds since 1970.
fn source_date() -> Option<DateTime<Utc>> {
    let seconds = std::env::var("SOURCE_DATE_EPOCH").ok()?;
    DateTime::from_timestamp(seconds.trim().parse().ok()?, 0)
}
