//! Columns that are computed, and columns that others are computed from: PostgreSQL changes neither in place.

use crate::schema::{Column, Schema, Table};
use crate::sql::Dialect;

use super::{add_column, alter_column};

const PG: Dialect = Dialect::Postgres;

/// The statements for a change of a column.
pub(super) fn alter(
    state: &Schema,
    table: &str,
    new: &Column,
    fill: Option<&str>,
) -> Result<Vec<String>, String> {
    let (at, old) = state.place(table, &new.name)?;
    if new.is_generated() && (old.extra != new.extra || old.kind != new.kind) {
        let mut statements = vec![drop(table, new)];
        statements.extend(add_again(state, at, new)?);
        return Ok(statements);
    }
    if old.is_generated() && !new.is_generated() {
        let name = PG.quote(&new.name);
        let mut statements = vec![format!(
            "ALTER TABLE {} ALTER COLUMN {name} DROP EXPRESSION",
            PG.table(table)
        )];
        let plain = Column {
            extra: None,
            ..old.clone()
        };
        statements.extend(alter_column(table, &plain, new, fill)?);
        return Ok(statements);
    }
    let mut statements = alter_column(table, old, new, fill)?;
    if PG.column_type(old, state)? == PG.column_type(new, state)? {
        return Ok(statements);
    }
    // PostgreSQL does not change the type of what is used in an expression.
    let computed = at.columns.iter();
    for other in computed.filter(|other| other.is_generated() && other.mentions(&new.name)) {
        statements.insert(0, drop(table, other));
        statements.extend(add_again(state, at, other)?);
    }
    Ok(statements)
}

fn drop(table: &str, column: &Column) -> String {
    let name = PG.quote(&column.name);
    format!("ALTER TABLE {} DROP COLUMN {name}", PG.table(table))
}

/// Adds a column that was dropped, with the indexes and foreign keys that went with it.
fn add_again(state: &Schema, at: &Table, column: &Column) -> Result<Vec<String>, String> {
    let uses = |columns: &[String]| columns.contains(&column.name);
    let mut statements = add_column(state, &at.name, column, None)?;
    let indexes = at.indexes.iter().filter(|index| uses(&index.columns));
    statements.extend(indexes.map(|index| PG.create_index(&at.name, index)));
    for key in at.foreign_keys.iter().filter(|key| uses(&key.columns)) {
        let table = PG.table(&at.name);
        statements.push(format!("ALTER TABLE {table} ADD {}", PG.foreign_key(key)));
    }
    Ok(statements)
}
