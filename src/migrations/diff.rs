//! Two schemas → the operations that lead from one to the other, in an order every database accepts.
//!
//! Foreign keys and indexes that stand in the way go first, then renames, enums, new tables, columns,
//! primary keys, indexes, foreign keys; what is dropped goes last.

use std::collections::{BTreeMap, BTreeSet};

use crate::schema::{
    Column, ColumnType, Default, EnumType, ForeignKey, Index, Schema, Table, creation_order,
};

use super::renames::Renames;
use super::unsaid::with_unsaid;
use crate::operation::Operation;

mod renaming;

/// SQL for existing rows, by table and column.
pub(crate) type Fills = BTreeMap<(String, String), String>;

/// The operations that lead from `before` to `after`. Applying them gives `after`, but for the order of columns.
///
/// # Errors
/// A rename that does not fit the schemas.
pub(crate) fn diff(
    before: &Schema,
    after: &Schema,
    renames: &Renames,
    fills: &Fills,
) -> Result<Vec<Operation>, String> {
    renames.check(before, after)?;
    let mut renaming = Diff {
        state: before.clone(),
        after,
        fills,
        operations: Vec::new(),
    };
    renaming.rename(renames)?;
    // What the entities leave open follows a table and a column to their new names.
    let after = with_unsaid(&renaming.state, after);
    let mut diff = Diff {
        state: renaming.state,
        after: &after,
        fills,
        operations: renaming.operations,
    };
    diff.rename_parts()?;
    let affected = diff.affected_keys();
    diff.drop_keys_and_indexes(&affected)?;
    diff.enums(renames)?;
    diff.create_tables()?;
    diff.columns()?;
    diff.indexes_and_keys()?;
    diff.drops()?;
    Ok(diff.operations)
}

struct Diff<'a> {
    /// What the operations so far lead to.
    state: Schema,
    after: &'a Schema,
    fills: &'a Fills,
    operations: Vec<Operation>,
}

/// A table and one of its foreign keys.
type KeyName = (String, String);

impl<'a> Diff<'a> {
    fn push(&mut self, operation: Operation) -> Result<(), String> {
        operation.apply(&mut self.state)?;
        self.operations.push(operation);
        Ok(())
    }

    /// The tables on both sides: as they are now, and as they shall be.
    fn pairs(&self) -> Vec<(Table, &'a Table)> {
        self.after
            .tables
            .values()
            .filter_map(|new| Some((self.state.table(&new.name)?.clone(), new)))
            .collect()
    }

    /// The columns of tables that stay whose type or uniqueness changes.
    fn changed_columns(&self) -> BTreeSet<(&'a str, String)> {
        let mut changed = BTreeSet::new();
        for (old, new) in self.pairs() {
            let mut note = |column: &String| changed.insert((new.name.as_str(), column.clone()));
            for column in &new.columns {
                let same = old
                    .column(&column.name)
                    .is_some_and(|o| o.kind == column.kind && o.unique == column.unique);
                if !same {
                    note(&column.name);
                }
            }
            if old.primary_key != new.primary_key {
                for column in old.primary_key.iter().chain(&new.primary_key) {
                    note(column);
                }
            }
            // A key may rest on a unique index that comes or goes.
            let unique = |table: &Table| -> Vec<Index> {
                let indexes = table.indexes.iter().filter(|index| index.unique);
                indexes.cloned().collect()
            };
            let (before, after) = (unique(&old), unique(new));
            for index in before.iter().chain(&after) {
                if !(before.contains(index) && after.contains(index)) {
                    for column in &index.columns {
                        note(column);
                    }
                }
            }
        }
        changed
    }

    /// Foreign keys that stay, but stand in the way of a change to a column or key at either end.
    fn affected_keys(&self) -> BTreeSet<KeyName> {
        let changed = self.changed_columns();
        self.state
            .tables
            .values()
            .flat_map(|table| table.foreign_keys.iter().map(move |key| (table, key)))
            .filter(|(table, key)| {
                touches(&changed, &table.name, &key.columns)
                    || touches(&changed, &key.table, &key.references)
            })
            .map(|(table, key)| (table.name.clone(), key.name.clone()))
            .collect()
    }

    fn drop_keys_and_indexes(&mut self, affected: &BTreeSet<KeyName>) -> Result<(), String> {
        for table in self.state.clone().tables.values() {
            let new = self.after.table(&table.name);
            for key in &table.foreign_keys {
                let name = (table.name.clone(), key.name.clone());
                let stays = match new {
                    Some(new) => new.foreign_key(&key.name) == Some(key),
                    // Tables that go away hold on to each other only in cycles.
                    None => !self.is_in_dropped_cycle(table, key),
                };
                if !stays || affected.contains(&name) {
                    self.push(Operation::DropForeignKey {
                        table: table.name.clone(),
                        name: key.name.clone(),
                    })?;
                }
            }
        }
        for (old, new) in self.pairs() {
            for index in &old.indexes {
                if new.index(&index.name) != Some(index) {
                    self.push(Operation::DropIndex {
                        table: new.name.clone(),
                        name: index.name.clone(),
                    })?;
                }
            }
        }
        Ok(())
    }

    fn is_in_dropped_cycle(&self, table: &Table, key: &ForeignKey) -> bool {
        let dropped = self.dropped_tables();
        let (_, late) = creation_order(&dropped);
        late.contains(&(table.name.as_str(), key.name.as_str()))
    }

    fn dropped_tables(&self) -> Vec<&Table> {
        self.state
            .tables
            .values()
            .filter(|table| self.after.table(&table.name).is_none())
            .collect()
    }

    fn enums(&mut self, renames: &Renames) -> Result<(), String> {
        for kind in self.after.enums.values() {
            self.lost_defaults(kind)?;
            match self.state.enums.get(&kind.name) {
                None => self.push(Operation::CreateEnum { kind: kind.clone() })?,
                Some(old) if old.values != kind.values => self.push(Operation::AlterEnum {
                    name: kind.name.clone(),
                    values: kind.values.clone(),
                    renamed: renames
                        .values
                        .get(&kind.name)
                        .map(|values| values.clone().into_iter().collect())
                        .unwrap_or_default(),
                })?,
                Some(_) => {}
            }
        }
        Ok(())
    }

    /// A default goes before the value that it names does; the change of its column brings another.
    fn lost_defaults(&mut self, kind: &EnumType) -> Result<(), String> {
        let lost = |column: &&Column| {
            let Some(Default::Text(default)) = &column.default else {
                return false;
            };
            column.kind.enum_name() == Some(&kind.name)
                && match &column.kind {
                    ColumnType::Array(_) => array_elements(default)
                        .iter()
                        .any(|element| !kind.values.contains(element)),
                    _ => !kind.values.contains(default),
                }
        };
        for (old, new) in self.pairs() {
            for column in old.columns.iter().filter(lost) {
                if new.column(&column.name).is_some() {
                    self.push(Operation::AlterColumn {
                        table: old.name.clone(),
                        column: Column {
                            default: None,
                            ..column.clone()
                        },
                        fill: None,
                        lossy: false,
                    })?;
                }
            }
        }
        Ok(())
    }

    fn create_tables(&mut self) -> Result<(), String> {
        let after = self.after;
        let new: Vec<&Table> = after
            .tables
            .values()
            .filter(|table| self.state.table(&table.name).is_none())
            .collect();
        let (order, late) = creation_order(&new);
        let changed = self.changed_columns();
        for name in order {
            let Some(table) = after.table(name) else {
                continue;
            };
            let mut table = table.clone();
            // Until what it points at is there and as it shall be, a key waits.
            let held = |key: &ForeignKey| {
                late.contains(&(name, key.name.as_str()))
                    || touches(&changed, &key.table, &key.references)
            };
            table.foreign_keys.retain(|key| !held(key));
            self.push(Operation::CreateTable { table })?;
        }
        Ok(())
    }

    fn columns(&mut self) -> Result<(), String> {
        for (old, new) in self.pairs() {
            if old.comment != new.comment {
                self.push(Operation::CommentTable {
                    name: new.name.clone(),
                    comment: new.comment.clone(),
                })?;
            }
            // What leaves the primary key changes after it has left: no database lets a part of a key be empty.
            let leaves = |column: &Column| {
                old.primary_key.contains(&column.name) && !new.primary_key.contains(&column.name)
            };
            let (leaving, others): (Vec<&Column>, Vec<&Column>) =
                new.columns.iter().partition(|column| leaves(column));
            // What is computed comes after what it is computed from.
            let (computed, plain): (Vec<&Column>, Vec<&Column>) =
                others.into_iter().partition(|column| column.is_generated());
            for column in plain.into_iter().chain(computed) {
                self.column(&old, column)?;
            }
            if old.primary_key != new.primary_key {
                self.push(Operation::AlterPrimaryKey {
                    table: new.name.clone(),
                    columns: new.primary_key.clone(),
                })?;
            }
            for column in leaving {
                self.column(&old, column)?;
            }
        }
        Ok(())
    }

    fn column(&mut self, old: &Table, column: &Column) -> Result<(), String> {
        let table = old.name.clone();
        let name = (table.clone(), column.name.clone());
        let fill = self.fills.get(&name).cloned();
        let column = column.clone();
        match old.column(&column.name) {
            None => self.push(Operation::AddColumn {
                table,
                column,
                fill,
            }),
            Some(before) if *before != column => self.push(Operation::AlterColumn {
                table,
                column,
                fill,
                lossy: false,
            }),
            Some(_) => Ok(()),
        }
    }

    fn indexes_and_keys(&mut self) -> Result<(), String> {
        for (old, new) in self.pairs() {
            for index in new.indexes.iter().filter(|i| old.index(&i.name).is_none()) {
                self.push(Operation::AddIndex {
                    table: new.name.clone(),
                    index: index.clone(),
                })?;
            }
        }
        for (old, new) in self.pairs() {
            let missing = |key: &&ForeignKey| old.foreign_key(&key.name).is_none();
            for key in new.foreign_keys.iter().filter(missing) {
                self.push(Operation::AddForeignKey {
                    table: new.name.clone(),
                    key: key.clone(),
                })?;
            }
        }
        Ok(())
    }

    fn drops(&mut self) -> Result<(), String> {
        for (old, new) in self.pairs() {
            let gone = |column: &&Column| new.column(&column.name).is_none();
            let gone = old.columns.iter().filter(gone);
            // What is computed goes before what it is computed from.
            let (computed, plain): (Vec<&Column>, Vec<&Column>) =
                gone.partition(|column| column.is_generated());
            for column in computed.into_iter().chain(plain) {
                self.push(Operation::DropColumn {
                    table: new.name.clone(),
                    name: column.name.clone(),
                })?;
            }
        }
        let dropped: Vec<Table> = self.dropped_tables().into_iter().cloned().collect();
        let dropped: Vec<&Table> = dropped.iter().collect();
        let (order, _) = creation_order(&dropped);
        for name in order.into_iter().rev() {
            self.push(Operation::DropTable { name: name.into() })?;
        }
        let enums: Vec<String> = self.state.enums.keys().cloned().collect();
        for name in enums {
            if !self.after.enums.contains_key(&name) {
                self.push(Operation::DropEnum { name })?;
            }
        }
        Ok(())
    }
}

/// What the literal of an array (`{sad,"very happy"}`) holds.
fn array_elements(literal: &str) -> Vec<String> {
    let inner = literal.trim().trim_start_matches('{').trim_end_matches('}');
    let mut elements = Vec::new();
    let mut element = String::new();
    let mut in_quotes = false;
    let mut letters = inner.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => element.extend(letters.next()),
            '"' => in_quotes = !in_quotes,
            ',' if !in_quotes => elements.push(std::mem::take(&mut element)),
            '{' | '}' if !in_quotes => {}
            letter if letter.is_whitespace() && !in_quotes && element.is_empty() => {}
            letter => element.push(letter),
        }
    }
    if !inner.is_empty() {
        elements.push(element);
    }
    elements
}

fn touches(changed: &BTreeSet<(&str, String)>, table: &str, columns: &[String]) -> bool {
    columns
        .iter()
        .any(|column| changed.contains(&(table, column.clone())))
}
