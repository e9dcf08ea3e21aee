//! Columns that are computed: MySQL and MariaDB change only some of them in place.

use crate::schema::{Column, Schema, Table};
use crate::sql::Dialect;

use super::{alter, alter_column, definition, nullable};

const MY: Dialect = Dialect::Mysql;

/// The statements for a change of a column.
pub(super) fn change(
    state: &Schema,
    table: &str,
    new: &Column,
    fill: Option<&str>,
) -> Result<Vec<String>, String> {
    let (at, old) = state.place(table, &new.name)?;
    if new.is_generated() && (old.extra != new.extra || old.kind != new.kind) {
        let statements = vec![drop(table, &new.name), add(state, table, new)?];
        return beside(state, at, new, statements);
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
    let statements = vec![
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
    ];
    beside(state, at, new, statements)
}

/// The new definitions of columns that are computed from one that gets another name, for the same `ALTER TABLE`: MySQL
/// refuses the rename without them, and MariaDB does where the table was last read by an alias.
pub(super) fn follow_rename(
    state: &Schema,
    table: &Table,
    from: &str,
    to: &str,
) -> Result<Vec<String>, String> {
    let computed = table
        .columns
        .iter()
        .filter(|column| column.name != from && column.is_generated() && column.mentions(from));
    computed
        .map(|column| {
            let mut column = column.clone();
            column.follow_rename(from, to);
            Ok(format!("MODIFY COLUMN {}", definition(&column, state)?))
        })
        .collect()
}

fn add(state: &Schema, table: &str, column: &Column) -> Result<String, String> {
    let definition = MY.column(column, false, state)?;
    Ok(alter(table, &[format!("ADD COLUMN {definition}")]))
}

fn drop(table: &str, column: &str) -> String {
    alter(table, &[format!("DROP COLUMN {}", MY.quote(column))])
}

/// The columns that are computed from `column`, and from those, each behind what it is computed from.
fn computed_from<'a>(at: &'a Table, column: &str) -> Vec<&'a Column> {
    let mut found: Vec<&Column> = Vec::new();
    for other in at.columns.iter().filter(|other| other.is_generated()) {
        let uses = other.mentions(column) || found.iter().any(|known| other.mentions(&known.name));
        if uses && other.name != column {
            found.push(other);
        }
    }
    found
}

/// Takes what rests on a column away, and adds it again after the column was replaced: other computed columns, indexes
/// and foreign keys.
fn beside(
    state: &Schema,
    at: &Table,
    column: &Column,
    statements: Vec<String>,
) -> Result<Vec<String>, String> {
    let computed = computed_from(at, &column.name);
    let is_replaced =
        |name: &String| *name == column.name || computed.iter().any(|other| other.name == *name);
    let uses = |columns: &[String]| columns.iter().any(is_replaced);
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
    for other in computed.iter().rev() {
        before.push(drop(&at.name, &other.name));
        after.insert(0, add(state, &at.name, other)?);
    }
    Ok([before, statements, after].concat())
}
