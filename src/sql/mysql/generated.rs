//! Columns that are computed: MySQL and MariaDB change only some of them in place.

use crate::schema::{Column, Schema, Table};

use super::{MY, alter, alter_column, definition, nullable};

/// The statements for a change of a column.
pub(super) fn change(
    state: &Schema,
    table: &str,
    new: &Column,
    fill: Option<&str>,
) -> Result<Vec<String>, String> {
    let at = state
        .table(table)
        .ok_or_else(|| format!("there is no table `{table}`"))?;
    let old = at
        .column(&new.name)
        .ok_or_else(|| format!("there is no `{table}.{}`", new.name))?;
    if new.is_generated() && (old.extra != new.extra || old.kind != new.kind) {
        let definition = MY.column(new, false, state)?;
        return Ok(beside_keys(
            at,
            new,
            vec![
                drop(table, &new.name),
                alter(table, &[format!("ADD COLUMN {definition}")]),
            ],
        ));
    }
    if old.is_generated() && !old.is_stored() && !new.is_generated() {
        return plain(state, at, new);
    }
    alter_column(state, table, new, fill)
}

/// A column that was computed whenever it was read keeps what it would be now.
fn plain(state: &Schema, at: &Table, new: &Column) -> Result<Vec<String>, String> {
    let table = &at.name;
    let aside = Column {
        name: format!("{}__new", new.name),
        ..nullable(new)
    };
    let (from, to) = (MY.quote(&new.name), MY.quote(&aside.name));
    let unique = match new.unique {
        true => format!(", ADD UNIQUE INDEX {from} ({from})"),
        false => String::new(),
    };
    Ok(beside_keys(
        at,
        new,
        vec![
            alter(
                table,
                &[format!("ADD COLUMN {}", definition(&aside, state)?)],
            ),
            format!("UPDATE {} SET {to} = {from}", MY.table(table)),
            drop(table, &new.name),
            alter(
                table,
                &[format!(
                    "CHANGE COLUMN {to} {}{unique}",
                    definition(new, state)?
                )],
            ),
        ],
    ))
}

fn drop(table: &str, column: &str) -> String {
    alter(table, &[format!("DROP COLUMN {}", MY.quote(column))])
}

/// Takes the indexes and foreign keys of a column away, and adds them again after it was replaced.
fn beside_keys(at: &Table, column: &Column, statements: Vec<String>) -> Vec<String> {
    let uses = |columns: &[String]| columns.contains(&column.name);
    let (mut before, mut after) = (Vec::new(), Vec::new());
    for key in at.foreign_keys.iter().filter(|key| uses(&key.columns)) {
        let name = MY.short(&key.name);
        before.push(alter(&at.name, &[format!("DROP FOREIGN KEY {name}")]));
        after.push(alter(&at.name, &[format!("ADD {}", MY.foreign_key(key))]));
    }
    for index in at.indexes.iter().filter(|index| uses(&index.columns)) {
        let name = MY.short(&index.name);
        before.push(alter(&at.name, &[format!("DROP INDEX {name}")]));
        after.insert(0, MY.create_index(&at.name, index));
    }
    [before, statements, after].concat()
}
