//! What surrounds `MODIFY COLUMN`, so that values become what they would on PostgreSQL.

use crate::schema::{Column, ColumnType, Schema, Table};
use crate::sql::Dialect;
use crate::sql::conversion::{Alteration, Family, conversion, enum_values, family};

const MY: Dialect = Dialect::Mysql;

/// The statements before the column gets its new type: guards, and values made ready for it.
pub(super) fn before(
    state: &Schema,
    table: &str,
    new: &Column,
    lossy: bool,
) -> Result<Vec<String>, String> {
    let Some((at, old)) = state
        .table(table)
        .and_then(|at| Some((at, at.column(&new.name)?)))
    else {
        return Ok(Vec::new());
    };
    let alteration = Alteration {
        table,
        old,
        new,
        schema: state,
        lossy,
    };
    let mut statements = alteration.gates(MY);
    let Some(value) = value(state, old, new) else {
        return Ok(statements);
    };
    match (family(&old.kind), family(&new.kind)) {
        // Neither characters nor 16 bytes hold the other.
        (Family::Text, Family::Uuid) | (Family::Uuid, Family::Text) => {
            let required = if old.nullable { "" } else { " NOT NULL" };
            statements.push(format!(
                "ALTER TABLE {} MODIFY COLUMN {} varbinary(255){required}",
                MY.table(table),
                MY.quote(&new.name)
            ));
            statements.push(update(at, &new.name, &value));
        }
        _ if is_written_afterwards(old, new) => {}
        _ => statements.push(update(at, &new.name, &value)),
    }
    Ok(statements)
}

/// The statements after it.
pub(super) fn after(state: &Schema, table: &str, new: &Column) -> Vec<String> {
    let Some((at, old)) = state
        .table(table)
        .and_then(|at| Some((at, at.column(&new.name)?)))
    else {
        return Vec::new();
    };
    match value(state, old, new) {
        Some(value) if is_written_afterwards(old, new) => vec![update(at, &new.name, &value)],
        _ => Vec::new(),
    }
}

/// Whether only the new type has room for the new values.
fn is_written_afterwards(old: &Column, new: &Column) -> bool {
    matches!(
        (family(&old.kind), family(&new.kind)),
        (Family::Boolean, _) | (Family::Moment, Family::Text)
    )
}

fn value(state: &Schema, old: &Column, new: &Column) -> Option<String> {
    if old.is_generated() || new.is_generated() {
        return None;
    }
    let name = MY.quote(&new.name);
    conversion(MY, &name, (&old.kind, &new.kind), enum_values(state, new)).value
}

/// Columns that note the time of every change keep it: nothing changed for them.
fn update(table: &Table, column: &str, value: &str) -> String {
    let notes_time = |column: &&Column| {
        let extra = column.extra.as_deref().unwrap_or_default();
        matches!(
            column.kind,
            ColumnType::DateTime | ColumnType::Timestamp | ColumnType::TimestampWithTimeZone
        ) && extra.to_ascii_uppercase().contains("ON UPDATE")
    };
    let name = MY.quote(column);
    let kept: String = table
        .columns
        .iter()
        .filter(|other| other.name != column)
        .filter(notes_time)
        .map(|other| format!(", {0} = {0}", MY.quote(&other.name)))
        .collect();
    format!(
        "UPDATE {} SET {name} = {value}{kept} WHERE {name} IS NOT NULL",
        MY.table(&table.name)
    )
}
