//! Enums in the dialects that keep their values in columns: MySQL in the column's type, SQLite as text.

use crate::schema::{Column, ColumnType, EnumType, Schema, Table};

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

impl Dialect {
    /// `schema` with columns of the type's SQL in place of those of an enum that `keep` is not true of.
    pub(crate) fn spell_enums(self, schema: &Schema, keep: impl Fn(&EnumType) -> bool) -> Schema {
        let mut spelled = schema.clone();
        spelled.enums.retain(|_, kind| keep(kind));
        let known = &spelled.enums;
        for table in spelled.tables.values_mut() {
            for column in &mut table.columns {
                let name = column.kind.enum_name();
                if name.is_some_and(|name| !known.contains_key(name))
                    && let Ok(sql) = self.column_type(column, schema)
                {
                    column.kind = ColumnType::Custom(self.enum_text(sql));
                }
            }
        }
        spelled
    }
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
