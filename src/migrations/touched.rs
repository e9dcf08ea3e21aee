//! What a migration does to the columns and tables that were there before it, by the names that they had then.

use std::collections::{BTreeMap, BTreeSet};

use crate::operation::Operation;
use crate::schema::{Column, Schema};
use crate::sql::Dialect;

mod names;

use names::Names;

/// What a step touches: databases hold more at these places than entities know.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Touched {
    pub(crate) columns: Vec<TouchedColumn>,
    /// Tables that get another name or go away.
    pub(crate) tables: Vec<TouchedTable>,
    /// Tables whose keys, indexes or references change.
    pub(crate) rekeyed: BTreeSet<String>,
    /// Tables whose rows get values.
    pub(crate) filled: BTreeSet<String>,
    /// The names of indexes, keys and constraints that the migrations before it know of.
    pub(crate) known: BTreeSet<String>,
    /// The tables that the migrations before it know of.
    pub(crate) known_tables: BTreeSet<String>,
    /// Columns that are computed, as `table.column`: the migration knows what rests on what there.
    pub(crate) computed: BTreeMap<String, Column>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TouchedTable {
    pub(crate) name: String,
    /// Its name in the end; `None` where it goes away.
    pub(crate) now: Option<String>,
    pub(crate) dropped: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TouchedColumn {
    pub(crate) table: String,
    pub(crate) column: String,
    /// Its name in the end; `None` where it goes away.
    pub(crate) now: Option<String>,
    /// What the migrations before it know.
    pub(crate) before: Column,
    /// What the column is in the end, where more than its name changes.
    pub(crate) after: Option<Column>,
    /// The type changes, or the values of its enum.
    pub(crate) retyped: bool,
    pub(crate) renamed: bool,
    pub(crate) dropped: bool,
}

impl TouchedColumn {
    pub(crate) fn place(&self) -> String {
        format!("{}.{}", self.table, self.column)
    }

    /// Whether the column gets a new definition, beside a unique key that comes or goes.
    pub(crate) fn is_redefined(&self) -> bool {
        let plain = |column: &Column| Column {
            unique: false,
            name: String::new(),
            ..column.clone()
        };
        let after = self.after.as_ref();
        self.retyped || after.is_some_and(|after| plain(after) != plain(&self.before))
    }

    /// Whether it goes away or gets another name: whoever names it in text no longer finds it.
    pub(crate) fn loses_its_name(&self) -> bool {
        self.renamed || self.dropped
    }
}

impl Touched {
    /// Whether nothing of what was there before is changed.
    pub(crate) fn is_empty(&self) -> bool {
        let nothing = self.filled.is_empty() && self.rekeyed.is_empty();
        nothing && self.columns.is_empty() && self.tables.is_empty()
    }

    /// The columns that the migration does not name and defines again, since they are computed from one that gets another
    /// name, or is computed otherwise from now on: then they are dropped and added again (`retyped`).
    pub(crate) fn computed_again(&self) -> Vec<TouchedColumn> {
        let mut found: Vec<TouchedColumn> = Vec::new();
        let is_touched = |place: &str| self.columns.iter().any(|column| column.place() == place);
        let is_computed = |column: &TouchedColumn| self.computed.contains_key(&column.place());
        loop {
            let before = found.len();
            for (place, computed) in &self.computed {
                let sources = self.columns.iter().chain(&found);
                let mut sources = sources.filter(|source| {
                    *place == format!("{}.{}", source.table, computed.name)
                        && computed.mentions(&source.column)
                });
                let is_known = is_touched(place) || found.iter().any(|c| c.place() == *place);
                let again = sources.find_map(|source| {
                    let replaced = source.retyped && is_computed(source);
                    (replaced || source.renamed && is_touched(&source.place()))
                        .then(|| (source.table.clone(), replaced))
                });
                let Some((table, retyped)) = again.filter(|_| !is_known) else {
                    continue;
                };
                found.push(TouchedColumn {
                    table,
                    column: computed.name.clone(),
                    now: Some(computed.name.clone()),
                    before: computed.clone(),
                    after: Some(computed.clone()),
                    retyped,
                    renamed: false,
                    dropped: false,
                });
            }
            if found.len() == before {
                return found;
            }
        }
    }

    /// What `operations` do to a database that holds `before`.
    pub(crate) fn by_operations(before: &Schema, operations: &[Operation]) -> Self {
        let mut names = Names::from_schema(before);
        let mut touched = Self {
            known: known_names(before),
            known_tables: before.tables.keys().cloned().collect(),
            computed: computed(before),
            ..Self::default()
        };
        for operation in operations {
            touched.follow(&mut names, operation);
        }
        for table in &mut touched.tables {
            table.now = names.table_now(&table.name).cloned();
        }
        for column in &mut touched.columns {
            column.now = names.column_now(&column.table, &column.column).cloned();
        }
        touched
    }

    fn follow(&mut self, names: &mut Names<'_>, operation: &Operation) {
        match operation {
            Operation::RenameTable { from, to } => {
                if let Some(name) = names.table(from) {
                    self.tables.push(TouchedTable {
                        name,
                        now: None,
                        dropped: false,
                    });
                }
                names.rename_table(from, to);
            }
            Operation::DropTable { name } => {
                if let Some(name) = names.table(name) {
                    self.tables.push(TouchedTable {
                        name,
                        now: None,
                        dropped: true,
                    });
                }
                names.tables.remove(name);
                names.columns.retain(|(table, _), _| table != name);
            }
            Operation::RenameColumn { table, from, to } => {
                if let Some(column) = self.column(names, table, from) {
                    column.renamed = true;
                }
                names.rename_column(table, from, to);
            }
            Operation::DropColumn { table, name } => {
                if let Some(column) = self.column(names, table, name) {
                    column.dropped = true;
                }
                names.columns.remove(&(table.clone(), name.clone()));
            }
            Operation::AlterColumn {
                table,
                column,
                fill,
                ..
            } => {
                if let Some(found) = self.column(names, table, &column.name) {
                    // What is computed is dropped and made again.
                    let computed = column.is_generated() || found.before.is_generated();
                    found.retyped |= computed || found.before.kind != column.kind;
                    found.after = Some(column.clone());
                    let required = found.before.nullable && !column.nullable;
                    let filled = required && (fill.is_some() || column.default.is_some());
                    if (filled || found.retyped)
                        && let Some(table) = names.table(table)
                    {
                        self.filled.insert(table);
                    }
                }
            }
            Operation::AddColumn {
                table,
                fill: Some(_),
                ..
            } => {
                self.filled.extend(names.table(table));
            }
            Operation::AlterEnum {
                name,
                values,
                renamed,
            } => self.enum_changes(names, name, values, renamed),
            Operation::AlterPrimaryKey { table, .. } => {
                self.rekeyed.extend(names.table(table));
                self.key_changes(names, table);
            }
            Operation::AddForeignKey { table, .. }
            | Operation::DropForeignKey { table, .. }
            | Operation::AddIndex { table, .. }
            | Operation::DropIndex { table, .. } => self.rekeyed.extend(names.table(table)),
            _ => {}
        }
    }

    /// Columns of an enum are defined again where it changes, and their rows where a value gets another name.
    fn enum_changes(
        &mut self,
        names: &Names<'_>,
        name: &str,
        values: &[String],
        renamed: &[(String, String)],
    ) {
        // Values that go, or another order, are a new type on PostgreSQL.
        let rebuilt = names.before.enums.get(name).is_some_and(|old| {
            let now = |value: &String| {
                let renamed = renamed.iter().find(|(from, _)| from == value);
                renamed.map_or_else(|| value.clone(), |(_, to)| to.clone())
            };
            let current: Vec<String> = old.values.iter().map(now).collect();
            let kept = values.iter().filter(|value| current.contains(value));
            !kept.eq(current.iter())
        });
        let is_of_enum = |(table, column): &(String, String)| {
            let place = names.column(table, column);
            let before = place.and_then(|(table, column)| names.before.column(&table, &column));
            before.is_some_and(|column| column.kind.enum_name() == Some(name))
        };
        let of_enum: Vec<(String, String)> = names
            .columns
            .keys()
            .filter(|key| is_of_enum(key))
            .cloned()
            .collect();
        for (table, column) in of_enum {
            let Some(found) = self.column(names, &table, &column) else {
                continue;
            };
            found.retyped |= rebuilt;
            let before = found.before.clone();
            found.after.get_or_insert(before);
            if !renamed.is_empty() {
                self.filled.extend(names.table(&table));
            }
        }
    }

    /// What counts up is defined again where it leads the key no longer, or does now.
    fn key_changes(&mut self, names: &Names<'_>, table: &str) {
        let Some(at) = names
            .table(table)
            .and_then(|name| names.before.table(&name))
        else {
            return;
        };
        let counts = |column: &&Column| column.auto_increment;
        let columns: Vec<String> = at
            .columns
            .iter()
            .filter(counts)
            .map(|column| column.name.clone())
            .collect();
        for column in columns {
            let now = names
                .columns
                .iter()
                .find(|((t, _), before)| t == table && **before == column);
            let Some(((_, now), _)) = now else {
                continue;
            };
            if let Some(found) = self.column(names, table, &now.clone()) {
                let before = found.before.clone();
                found.after.get_or_insert(Column {
                    auto_increment: !before.auto_increment,
                    ..before
                });
            }
        }
    }

    /// The entry of a column, by its names now; `None` where the migration itself made it.
    fn column(
        &mut self,
        names: &Names<'_>,
        table: &str,
        column: &str,
    ) -> Option<&mut TouchedColumn> {
        let (table, column) = names.column(table, column)?;
        let before = names.before.column(&table, &column)?;
        let known = self
            .columns
            .iter()
            .position(|c| c.table == table && c.column == column);
        let at = known.unwrap_or_else(|| {
            self.columns.push(TouchedColumn {
                table,
                column,
                now: None,
                before: before.clone(),
                after: None,
                retyped: false,
                renamed: false,
                dropped: false,
            });
            self.columns.len() - 1
        });
        self.columns.get_mut(at)
    }
}

/// Everything with a name of its own in a schema, but what was made by hand and adopted.
fn known_names(schema: &Schema) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for table in schema.tables.values() {
        names.extend(table.indexes.iter().map(|index| index.name.clone()));
        names.extend(table.foreign_keys.iter().map(|key| key.name.clone()));
        names.extend(table.unsaid.constraints.iter().cloned());
        names.insert(Dialect::Postgres.primary_key_name(table));
        for column in table.columns.iter().filter(|column| column.unique) {
            names.insert(column.name.clone());
            names.insert(Dialect::Postgres.unique_name(&table.name, &column.name));
        }
    }
    names
}

fn computed(schema: &Schema) -> BTreeMap<String, Column> {
    let mut places = BTreeMap::new();
    for table in schema.tables.values() {
        let columns = table.columns.iter().filter(|column| column.is_generated());
        places.extend(
            columns.map(|column| (format!("{}.{}", table.name, column.name), column.clone())),
        );
    }
    places
}

#[cfg(test)]
mod tests;
