//! Operations to SQL statements, one file a dialect: pure.
//!
//! The types and their order within a column follow SeaORM's own DDL, so that a table made here is the table
//! that SeaORM would make. Everything SeaORM cannot say (altering, dropping, rebuilding) is ours.

mod adopt;
mod compare;
mod conversion;
mod dialect;
mod enums;
mod gate;
mod lexical;
mod literals;
mod loss;
mod mysql;
mod postgres;
mod preflight;
mod rebuild;
mod reserved;
mod script;
mod sqlite;
pub(crate) mod statements;
mod stored;
mod table;
mod taken;
pub(crate) mod tokens;
mod transaction;

pub(crate) use adopt::{Adoption, Conflict, ConflictKind};
pub(crate) use compare::{Difference, Grade};
pub(crate) use conversion::{accept, is_accepted_gate};
pub(crate) use dialect::Dialect;
pub(crate) use gate::TABLE_GATE;
pub(crate) use loss::Loss;
pub(crate) use mysql::NewNames;
pub(crate) use script::{Part, Script};
pub(crate) use sqlite::{
    Effect, Frame, LiveTable, Rebuild, RebuildBase, Replacement, Resting, Statement,
    WrittenRebuild, are_bases_of, carry, count_on, read_script, rebuild_body, replacements,
    resting_on, restored, strict_add_column, take_base, trigger_event,
};
pub(crate) use transaction::NO_TRANSACTION;

use crate::operation::Operation;
use crate::schema::Schema;

/// The statements that carry out `operations` on a database that holds `before`.
///
/// # Errors
/// Why the dialect cannot do it, in words for the user.
pub(crate) fn render(
    dialect: Dialect,
    before: &Schema,
    operations: &[Operation],
) -> Result<Script, String> {
    dialect.check_reserved(operations)?;
    match dialect {
        Dialect::Sqlite => sqlite::render(before, operations),
        Dialect::Postgres => postgres::render(before, operations),
        Dialect::Mysql => mysql::render(before, operations),
    }
}

#[cfg(test)]
mod tests;
