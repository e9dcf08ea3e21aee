//! The rows of a database that say which migrations are applied, and how far one got that stopped.

use sha2::{Digest, Sha256};

use crate::schema::hex;

use super::step::Direction;

/// A row of the table of applied migrations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Applied {
    pub(crate) version: i64,
    pub(crate) description: String,
    /// As text, in the database's own words.
    pub(crate) installed_on: String,
    /// False where a database without transactional DDL stopped half-way.
    pub(crate) success: bool,
    /// SHA-384 of the up file, in hexadecimal.
    pub(crate) checksum: String,
    /// How far this tool got, where it did not succeed.
    pub(crate) interrupted: Option<Interrupted>,
}

/// A migration that stopped between two statements, on a database that keeps each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Interrupted {
    pub(crate) direction: Direction,
    /// How many statements ran.
    pub(crate) done: usize,
    /// The hashes of the statements that ran; `None` where they were not written down.
    pub(crate) statements: Option<Vec<String>>,
}

/// A statement's hash, whatever its line ends.
pub(crate) fn statement_hash(statement: &str) -> String {
    hex(&Sha256::digest(statement.replace("\r\n", "\n")))[..16].to_owned()
}

impl Interrupted {
    /// Marks for `execution_time`, where sqlx writes -1 or nanoseconds: below these numbers.
    const APPLY: i64 = -1_000;
    const REVERT: i64 = -1_000_000;

    pub(crate) fn mark(direction: Direction, done: usize) -> i64 {
        let start = match direction {
            Direction::Apply => Self::APPLY,
            Direction::Revert => Self::REVERT,
        };
        start - i64::try_from(done).unwrap_or(0)
    }

    pub(crate) fn from_execution_time(execution_time: i64) -> Option<Self> {
        let (direction, start) = if execution_time <= Self::REVERT {
            (Direction::Revert, Self::REVERT)
        } else {
            (Direction::Apply, Self::APPLY)
        };
        let done = usize::try_from(start - execution_time).ok()?;
        Some(Self {
            direction,
            done,
            statements: None,
        })
    }
}
