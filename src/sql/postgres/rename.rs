//! New names of tables and columns, and of what PostgreSQL names after them.

use super::names::{key_name, made_name};
use crate::schema::Schema;
use crate::sql::Dialect;
use crate::sql::table::base_name;

const PG: Dialect = Dialect::Postgres;

/// The names PostgreSQL gave to constraints follow the table, so that later migrations find them.
pub(super) fn rename_table(state: &Schema, from: &str, to: &str) -> Vec<String> {
    let (from_schema, to_schema) = (schema_of(from), schema_of(to));
    let mut statements = Vec::new();
    let mut at = PG.table(from);
    if base_name(from) != base_name(to) {
        statements.push(format!(
            "ALTER TABLE {at} RENAME TO {}",
            PG.quote(base_name(to))
        ));
        at = match from_schema {
            Some(schema) => format!("{}.{}", PG.quote(schema), PG.quote(base_name(to))),
            None => PG.quote(base_name(to)),
        };
    }
    if from_schema != to_schema {
        let schema = to_schema.unwrap_or("public");
        statements.push(format!("CREATE SCHEMA IF NOT EXISTS {}", PG.quote(schema)));
        statements.push(format!("ALTER TABLE {at} SET SCHEMA {}", PG.quote(schema)));
    }
    let Some(table) = state.table(from) else {
        return statements;
    };
    let mut names = Vec::new();
    // A name that the database chose is kept.
    if !table.primary_key.is_empty() && table.unsaid.primary_key_name.is_none() {
        names.push((
            key_name(from, &table.primary_key),
            key_name(to, &table.primary_key),
        ));
    }
    for column in table.columns.iter().filter(|column| column.unique) {
        let name = |table| made_name(base_name(table), Some(&column.name), "key");
        names.push((name(from), name(to)));
    }
    for (old, new) in names.into_iter().filter(|(old, new)| old != new) {
        statements.push(rename_constraint(to, &old, &new));
    }
    statements
}

fn schema_of(table: &str) -> Option<&str> {
    table.split_once('.').map(|(schema, _)| schema)
}

pub(super) fn rename_constraint(table: &str, from: &str, to: &str) -> String {
    format!(
        "ALTER TABLE {} RENAME CONSTRAINT {} TO {}",
        PG.table(table),
        PG.quote(from),
        PG.quote(to)
    )
}

pub(super) fn rename_column(state: &Schema, table: &str, from: &str, to: &str) -> Vec<String> {
    let mut statements = vec![format!(
        "ALTER TABLE {} RENAME COLUMN {} TO {}",
        PG.table(table),
        PG.quote(from),
        PG.quote(to)
    )];
    if state
        .column(table, from)
        .is_some_and(|column| column.unique)
    {
        let name = |column| made_name(base_name(table), Some(column), "key");
        statements.push(rename_constraint(table, &name(from), &name(to)));
    }
    statements
}
