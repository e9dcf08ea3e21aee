//! SQLite: what `ALTER TABLE` cannot do is done by building the table again.
//!
//! Operations run natively where SQLite can. The others of one table wait until the last of them and become
//! one rebuild, from the table as it is in the database (`actual`) to the table as it shall be (`target`).

use std::collections::{BTreeMap, BTreeSet};

use crate::operation::Operation;
use crate::schema::{Column, ForeignKey, Schema, Table};

use super::Dialect;
use super::conversion::Alteration;
use super::enums;
use super::rebuild::{self, Fills};
use super::script::Script;

mod carry;
mod column_type;
mod definition;
mod merge;
mod native;
mod resting;
mod statements;

pub(crate) use carry::{
    LiveTable, Rebuild, RebuildBase, Written as WrittenRebuild, are_bases_of, carry, count_on,
    restored, strict_add_column, take_base, trigger_event,
};
pub(super) use column_type::column_type;
use native::{can_be_added, inline_key, is_always_native, renames, touched_later};
pub(crate) use resting::{Resting, resting_on};
pub(crate) use statements::{
    Effect, Frame, Replacement, Statement, body as rebuild_body, read as read_script, replacements,
};

const LITE: Dialect = Dialect::Sqlite;

pub(super) fn render(before: &Schema, operations: &[Operation]) -> Result<Script, String> {
    let mut writer = Writer {
        actual: before.clone(),
        target: before.clone(),
        script: Script::default(),
        pending: BTreeMap::new(),
        created: BTreeSet::new(),
        rebuilt: BTreeSet::new(),
        keys_off: false,
    };
    for (number, operation) in operations.iter().enumerate() {
        writer.operation(operation, &operations[number + 1..])?;
    }
    debug_assert!(writer.pending.is_empty());
    Ok(writer.finish())
}

struct Writer {
    /// What the statements so far make of the database.
    actual: Schema,
    /// What the operations so far ask for.
    target: Schema,
    script: Script,
    /// By table: what its rebuild will have to do.
    pending: BTreeMap<String, PendingRebuild>,
    /// Tables made by this script, with all their foreign keys.
    created: BTreeSet<String>,
    rebuilt: BTreeSet<String>,
    /// Foreign keys must not be enforced while the script runs.
    keys_off: bool,
}

#[derive(Default)]
struct PendingRebuild {
    comments: Vec<String>,
    fills: Fills,
}

impl Writer {
    fn operation(&mut self, operation: &Operation, later: &[Operation]) -> Result<(), String> {
        let comment = operation.describe(&self.target);
        let table = operation.table().unwrap_or_default().to_owned();
        self.flush_before(operation)?;
        operation.apply(&mut self.target)?;
        if self.is_dropped_later(operation, later) {
            self.keys_off = true;
            self.actual_follows(operation, comment, Vec::new());
            return Ok(());
        }
        let native = if self.pending.contains_key(&table) && !is_always_native(operation) {
            None
        } else {
            self.native(operation, later)?
        };
        match native {
            Some(statements) => self.actual_follows(operation, comment, statements),
            None => {
                let pending = self.pending.entry(table.clone()).or_default();
                pending.comments.push(comment);
                if let Operation::AlterColumn {
                    column,
                    lossy: true,
                    ..
                } = operation
                {
                    pending.fills.lossy.insert(column.name.clone());
                }
                if let Operation::AddColumn { column, fill, .. }
                | Operation::AlterColumn { column, fill, .. } = operation
                    && let Some(fill) = fill
                {
                    pending
                        .fills
                        .values
                        .insert(column.name.clone(), fill.clone());
                }
            }
        }
        // A rename moves what waits along.
        if let Operation::RenameTable { from, to } = operation {
            if let Some(pending) = self.pending.remove(from) {
                self.pending.insert(to.clone(), pending);
            }
            for names in [&mut self.created, &mut self.rebuilt] {
                if names.remove(from) {
                    names.insert(to.clone());
                }
            }
        }
        if self.pending.contains_key(&table) && !touched_later(&table, later) {
            self.rebuild(&table)?;
        }
        Ok(())
    }

    /// A rename that the pending changes stand in the way of.
    fn flush_before(&mut self, operation: &Operation) -> Result<(), String> {
        if let Operation::RenameColumn { table, from, to } = operation {
            let clashes =
                |actual: &Table| actual.column(from).is_none() || actual.column(to).is_some();
            if self.pending.contains_key(table) && self.actual.table(table).is_some_and(clashes) {
                return self.rebuild(&table.clone());
            }
        }
        Ok(())
    }

    /// Changes to a table that goes away anyway: its foreign keys are dropped only to break a cycle.
    fn is_dropped_later(&self, operation: &Operation, later: &[Operation]) -> bool {
        matches!(operation, Operation::DropForeignKey { .. })
            && later.iter().any(|other| {
                matches!(other, Operation::DropTable { name } if Some(name.as_str()) == operation.table())
            })
    }

    fn actual_follows(&mut self, operation: &Operation, comment: String, statements: Vec<String>) {
        // `actual` differs from `target` only by what waits, so what fits there fits here.
        let _ = operation.apply(&mut self.actual);
        if !statements.is_empty() {
            self.script.push(comment, statements);
        }
    }

    /// The statements of an operation that SQLite can carry out in place; `None` where it cannot.
    fn native(
        &mut self,
        operation: &Operation,
        later: &[Operation],
    ) -> Result<Option<Vec<String>>, String> {
        Ok(match operation {
            // Enums are text here; comments and the names of foreign keys have no place.
            Operation::AlterEnum { name, renamed, .. } => Some(
                enums::columns(&self.actual, name)
                    .flat_map(|(table, column)| enums::renames(LITE, table, column, renamed))
                    .collect(),
            ),
            Operation::CreateEnum { .. }
            | Operation::DropEnum { .. }
            | Operation::CommentTable { .. }
            | Operation::Adopt { .. }
            | Operation::Forget { .. }
            | Operation::RenameForeignKey { .. } => Some(Vec::new()),
            Operation::CreateTable { table } => Some(self.create_table(table, later)?),
            Operation::DropTable { name } => Some(self.drop_table(name)),
            Operation::RenameTable { from, to } => Some(renames(from, to, |from, to| {
                let (from, to) = (LITE.table(from), LITE.table(to));
                format!("ALTER TABLE {from} RENAME TO {to}")
            })),
            Operation::RenameColumn { table, from, to } => Some(renames(from, to, |from, to| {
                let (at, from, to) = (LITE.table(table), LITE.quote(from), LITE.quote(to));
                format!("ALTER TABLE {at} RENAME COLUMN {from} TO {to}")
            })),
            Operation::AddColumn {
                table,
                column,
                fill: None,
            } if can_be_added(column) => {
                let mut definition = LITE.column(column, false, &self.target)?;
                if let Some(key) = inline_key(column, table, later) {
                    if let Some(actual) = self.actual.tables.get_mut(table) {
                        actual.add_foreign_key(key.clone());
                    }
                    definition.push_str(&format!(
                        " CONSTRAINT {} {}",
                        LITE.quote(&key.name),
                        LITE.references(key)
                    ));
                }
                Some(vec![format!(
                    "ALTER TABLE {} ADD COLUMN {definition}",
                    LITE.table(table)
                )])
            }
            Operation::AddForeignKey { table, key } => {
                let done = self.created.contains(table) || self.is_inline(table, key);
                done.then(Vec::new)
            }
            Operation::DropColumn { table, name } => self.drop_column(table, name),
            Operation::AlterColumn {
                table,
                column,
                lossy,
                ..
            } => self.alter_column(table, column, *lossy)?,
            Operation::AddIndex { table, index } => Some(vec![LITE.create_index(table, index)]),
            Operation::DropIndex { table, name } => {
                let actual = self.actual.table(table);
                if actual.is_some_and(|table| table.unsaid.constraints.contains(name)) {
                    return Ok(None);
                }
                Some(vec![format!("DROP INDEX {}", LITE.quote(name))])
            }
            // The name of a constraint means nothing.
            Operation::RenameIndex { table, to, .. }
                if self
                    .target
                    .table(table)
                    .is_some_and(|table| table.unsaid.constraints.contains(to)) =>
            {
                Some(Vec::new())
            }
            Operation::RenameIndex { table, from, to } => {
                let index = self.target.table(table).and_then(|table| table.index(to));
                let mut statements = vec![format!("DROP INDEX {}", LITE.quote(from))];
                statements.extend(index.map(|index| LITE.create_index(table, index)));
                Some(statements)
            }
            Operation::AddColumn { .. }
            | Operation::DropForeignKey { .. }
            | Operation::AlterPrimaryKey { .. } => None,
        })
    }

    /// A cycle of references needs no second step here: a foreign key may name a table that is not there yet.
    fn create_table(&mut self, table: &Table, later: &[Operation]) -> Result<Vec<String>, String> {
        if table.name.contains('.') {
            return Err(format!(
                "`{}` names a schema, which SQLite does not have",
                table.name
            ));
        }
        let mut table = table.clone();
        for operation in later {
            if let Operation::AddForeignKey { table: at, key } = operation
                && *at == table.name
                && table.foreign_key(&key.name).is_none()
            {
                table.add_foreign_key(key.clone());
            }
        }
        self.created.insert(table.name.clone());
        let mut statements = vec![LITE.create_table(&table.name, &table, &self.target)?];
        let indexes = table.own_indexes();
        statements.extend(indexes.map(|index| LITE.create_index(&table.name, index)));
        Ok(statements)
    }

    /// SQLite deletes a table's rows one by one before it drops it, which foreign keys would notice.
    fn drop_table(&mut self, name: &str) -> Vec<String> {
        let referenced = self
            .actual
            .tables
            .values()
            .any(|table| table.foreign_keys.iter().any(|key| key.table == name));
        self.keys_off |= referenced;
        self.pending.remove(name);
        vec![format!("DROP TABLE {}", LITE.table(name))]
    }

    fn drop_column(&self, table: &str, name: &str) -> Option<Vec<String>> {
        let actual = self.actual.table(table)?;
        let column = actual.column(name)?;
        let used = |columns: &[String]| columns.iter().any(|column| column == name);
        let tied = column.unique
            || column.extra.is_some()
            || actual.columns.iter().any(|other| other.mentions(name))
            || used(&actual.primary_key)
            || actual.indexes.iter().any(|index| used(&index.columns))
            || actual.foreign_keys.iter().any(|key| used(&key.columns));
        (!tied).then(|| {
            vec![format!(
                "ALTER TABLE {} DROP COLUMN {}",
                LITE.table(table),
                LITE.quote(name)
            )]
        })
    }

    /// Many changes mean nothing to SQLite: `i32` and `i64` are both `integer`.
    fn alter_column(
        &self,
        table: &str,
        column: &Column,
        lossy: bool,
    ) -> Result<Option<Vec<String>>, String> {
        let Some(actual) = self.actual.table(table) else {
            return Ok(None);
        };
        let Some(old) = actual.column(&column.name) else {
            return Ok(None);
        };
        let is_key = actual.is_sole_primary_key(&column.name);
        let same =
            LITE.column(old, is_key, &self.actual)? == LITE.column(column, is_key, &self.target)?;
        if !same {
            return Ok(None);
        }
        let guards = rebuild::guards(&Alteration {
            table,
            old,
            new: column,
            schema: &self.target,
            lossy,
        });
        Ok(Some(guards))
    }

    fn is_inline(&self, table: &str, key: &ForeignKey) -> bool {
        self.actual
            .table(table)
            .is_some_and(|table| table.foreign_key(&key.name) == Some(key))
    }

    fn rebuild(&mut self, table: &str) -> Result<(), String> {
        let Some(pending) = self.pending.remove(table) else {
            return Ok(());
        };
        let (Some(old), Some(new)) = (self.actual.table(table), self.target.table(table)) else {
            return Err(format!("there is no table `{table}` to rebuild"));
        };
        let statements = rebuild::statements(old, new, &pending.fills, &self.target)?;
        let indexes = |table: &Table| -> Vec<(String, String)> {
            let indexes = table.indexes.iter();
            indexes
                .map(|index| (index.name.clone(), LITE.create_index(&table.name, index)))
                .collect()
        };
        self.script.rebuilds.push(RebuildBase {
            table: table.to_owned(),
            before: LITE.create_table(table, old, &self.actual)?,
            after: LITE.create_table(table, new, &self.target)?,
            indexes_before: indexes(old),
            indexes_after: indexes(new),
        });
        let new = new.clone();
        let mut comment = pending.comments.join("\n");
        comment.push_str(
            "\nSQLite cannot do this in place: the table is rebuilt and its rows are copied.",
        );
        self.script.push(comment, statements);
        self.rebuilt.insert(table.to_owned());
        self.actual.tables.insert(table.to_owned(), new);
        self.keys_off = true;
        Ok(())
    }

    fn finish(mut self) -> Script {
        if !self.keys_off {
            return self.script;
        }
        let checked: Vec<&str> = self
            .actual
            .tables
            .values()
            .filter(|table| {
                let touches = |name: &String| self.rebuilt.contains(name);
                touches(&table.name) || table.foreign_keys.iter().any(|key| touches(&key.table))
            })
            .map(|table| table.name.as_str())
            .collect();
        rebuild::without_foreign_keys(&mut self.script, &checked);
        self.script
    }
}
