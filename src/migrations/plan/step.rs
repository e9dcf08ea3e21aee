//! One step of a plan, and where plans lead.

use serde::{Deserialize, Serialize};

use crate::migrations::touched::Touched;
use crate::operation::{DataCheck, Made};
use crate::sql::RebuildBase;

/// Where to go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum MigrationTarget {
    /// Everything there is.
    Latest,
    /// Up to and with this version.
    Version(i64),
    /// Nothing.
    Zero,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Direction {
    #[default]
    Apply,
    Revert,
}

impl Direction {
    /// Its part of a file's name.
    pub(crate) fn file(self) -> &'static str {
        match self {
            Self::Apply => "up",
            Self::Revert => "down",
        }
    }
}

/// One migration to apply or to take back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) direction: Direction,
    pub(crate) version: i64,
    pub(crate) name: String,
    pub(crate) description: String,
    /// The text to run.
    pub(crate) sql: String,
    /// The text of the up file, whose checksum is recorded.
    pub(crate) up: String,
    /// The number of statements that ran before, where it goes on from there.
    pub(crate) resume: Option<usize>,
    /// What to look for in the rows first.
    pub(crate) data_checks: Vec<DataCheck>,
    /// Indexes that go for good, where others vanish only because their table is rebuilt.
    pub(crate) dropped_indexes: Vec<String>,
    /// What the rebuilds of SQLite tables were written for, in order.
    pub(crate) rebuilds: Vec<RebuildBase>,
    /// What it changes of what was there before; nothing where its file was written or edited by hand.
    pub(crate) touched: Touched,
    /// What it makes or calls by a new name.
    pub(crate) made: Vec<Made>,
    /// It does nothing else.
    pub(crate) makes_only: bool,
    /// The file is as this tool wrote it.
    pub(crate) generated: bool,
    /// Views that stand in the way are dropped and made again.
    pub(crate) recreate_views: bool,
    /// SQL that takes out of the way what may be lost, where the database cannot do it in the same transaction.
    pub(crate) removals: Vec<String>,
    /// SQL that makes views again by the new names, where the database cannot do it in the same transaction.
    pub(crate) recreations: Vec<Recreation>,
    /// What may be lost, as `migrate --accept-loss` names it.
    pub(crate) accepted_losses: Vec<String>,
}

/// A view, and what makes it again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Recreation {
    pub(crate) view: String,
    pub(crate) statements: Vec<String>,
}
