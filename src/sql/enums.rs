//! Enums in the dialects that keep their values in columns: MySQL in the column's type, SQLite as text.

use crate::schema::{Column, Schema, Table};

use super::Dialect;

/// The columns of the enum called `name`.
pub(super) fn columns<'a>(
    schema: &'a Schema,
    name: &'a str,
) -> impl Iterator<Item = (&'a Table, &'a Column)> {
    schema.tables.values().flat_map(move |table| {
        let of_it = |column: &&Column| column.kind.enum_name() == Some(name);
        let columns = table.columns.iter().filter(of_it);
        columns.map(move |column| (table, column))
    })
}

/// Statements that give the rows the new names of their values.
pub(super) fn renames(
    dialect: Dialect,
    table: &Table,
    column: &Column,
    renamed: &[(String, String)],
) -> Vec<String> {
    let (at, name) = (dialect.table(&table.name), dialect.quote(&column.name));
    let statement = |(from, to): &(String, String)| {
        let (from, to) = (dialect.literal(from), dialect.literal(to));
        format!("UPDATE {at} SET {name} = {to} WHERE {name} = {from}")
    };
    renamed.iter().map(statement).collect()
}
