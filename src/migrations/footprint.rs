//! What migrations change and what they rely on, so that those of another branch can be looked at for being in the way.

use std::collections::BTreeSet;
use std::fmt;

use crate::operation::Operation;
use crate::schema::{Column, ForeignKey, Schema};

use super::history::History;

/// Something that one branch may change while the other changes it too, or relies on it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    /// The definition of a table.
    Table(String),
    /// That there is a table of this name.
    TableName(String),
    /// What makes rows of the table unique.
    Key(String),
    /// The definition of a column.
    Column(String, String),
    /// That the table has a column of this name.
    ColumnName(String, String),
    Enum(String),
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Table(table) | Self::TableName(table) | Self::Key(table) => {
                write!(f, "table {table}")
            }
            Self::Column(table, column) | Self::ColumnName(table, column) => {
                write!(f, "column {table}.{column}")
            }
            Self::Enum(name) => write!(f, "enum {name}"),
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Footprint {
    changed: BTreeSet<Part>,
    /// Not changed itself, but needed: the table of a reference, the enum of a column.
    used: BTreeSet<Part>,
}

impl History {
    /// The footprints of what each of two heads has alone.
    pub(super) fn footprints(&self, one: &str, other: &str) -> (Footprint, Footprint) {
        let (a, b) = (self.ancestry(one), self.ancestry(other));
        (
            self.footprint(a.difference(&b)),
            self.footprint(b.difference(&a)),
        )
    }

    /// The footprint of the migrations with these names, each after its own parents.
    pub(super) fn footprint<'a>(&self, names: impl Iterator<Item = &'a String>) -> Footprint {
        let mut footprint = Footprint::default();
        for name in names {
            let Some(meta) = self.get(name).and_then(|m| m.meta.as_ref()) else {
                continue;
            };
            // Where the parents contradict each other, the names in the operations tell most.
            let mut state = self.state_before(name).unwrap_or_default();
            for operation in &meta.operations {
                footprint.add(&state, operation);
                let _ = operation.apply(&mut state);
            }
        }
        footprint
    }
}

impl Footprint {
    /// What both change, or one changes and the other relies on, in words.
    pub(super) fn collisions(&self, other: &Self) -> Vec<String> {
        let both: Vec<&Part> = self.changed.intersection(&other.changed).collect();
        let told = |part: &&&Part| match part {
            Part::Column(table, _) | Part::ColumnName(table, _) => {
                !both.contains(&&Part::Table(table.clone()))
            }
            _ => true,
        };
        let words: BTreeSet<String> = both.iter().filter(told).map(|p| p.to_string()).collect();
        let mut words: Vec<String> = words.into_iter().collect();
        for needed in self.pulled_away(other) {
            if !words.contains(&needed) {
                words.push(needed);
            }
        }
        words
    }

    /// What one relies on and the other changes, in words.
    pub(super) fn pulled_away(&self, other: &Self) -> Vec<String> {
        let ours = self.used.intersection(&other.changed);
        let theirs = other.used.intersection(&self.changed);
        let words: BTreeSet<String> = ours.chain(theirs).map(Part::to_string).collect();
        words.into_iter().collect()
    }

    fn add(&mut self, state: &Schema, operation: &Operation) {
        if let Some(table) = operation.table() {
            self.changed.insert(Part::Table(table.to_owned()));
        }
        match operation {
            Operation::CreateEnum { kind } => {
                self.changed.insert(Part::Enum(kind.name.clone()));
            }
            Operation::DropEnum { name } => {
                self.changed.insert(Part::Enum(name.clone()));
            }
            Operation::AlterEnum { name, .. } => self.add_enum_change(state, name),
            Operation::CreateTable { table } => {
                for column in &table.columns {
                    self.use_enum(column);
                }
                for key in table
                    .foreign_keys
                    .iter()
                    .filter(|key| key.table != table.name)
                {
                    self.use_target(key);
                }
            }
            Operation::RenameTable { from, .. } => {
                self.changed.insert(Part::Table(from.clone()));
                self.changed.insert(Part::TableName(from.clone()));
            }
            Operation::DropTable { name } => {
                self.changed.insert(Part::TableName(name.clone()));
            }
            Operation::AddColumn { table, column, .. } => {
                self.use_enum(column);
                self.use_columns_of_expression(state, table, column);
            }
            Operation::AlterColumn { table, column, .. } => {
                let part = Part::Column(table.clone(), column.name.clone());
                self.changed.insert(part);
                self.use_enum(column);
                self.use_columns_of_expression(state, table, column);
                self.use_names_of_targets(state, table);
            }
            Operation::DropColumn {
                table,
                name: column,
            }
            | Operation::RenameColumn {
                table,
                from: column,
                ..
            } => {
                let part = Part::ColumnName(table.clone(), column.clone());
                self.changed.insert(part);
                self.use_names_of_targets(state, table);
            }
            Operation::AlterPrimaryKey { table, .. } | Operation::DropIndex { table, .. } => {
                self.changed.insert(Part::Key(table.clone()));
                self.use_names_of_targets(state, table);
            }
            Operation::AddForeignKey { table, key } => {
                if key.table != *table {
                    self.use_target(key);
                }
                self.use_names_of_targets(state, table);
            }
            Operation::DropForeignKey { table, .. } => self.use_names_of_targets(state, table),
            _ => {}
        }
    }

    /// Databases that keep values with each column write all columns of the enum.
    fn add_enum_change(&mut self, state: &Schema, name: &str) {
        self.changed.insert(Part::Enum(name.to_owned()));
        for table in state.tables.values() {
            let of_enum = |column: &&Column| column.kind.enum_name() == Some(name);
            for column in table.columns.iter().filter(of_enum) {
                let place = (table.name.clone(), column.name.clone());
                self.changed
                    .insert(Part::Column(place.0.clone(), place.1.clone()));
                self.used.insert(Part::ColumnName(place.0, place.1));
                self.used.insert(Part::TableName(table.name.clone()));
            }
        }
    }

    fn use_enum(&mut self, column: &Column) {
        let name = column.kind.enum_name();
        self.used
            .extend(name.map(|name| Part::Enum(name.to_owned())));
    }

    /// A generated column is computed from others.
    fn use_columns_of_expression(&mut self, state: &Schema, table: &str, column: &Column) {
        let columns = state.table(table).map(|table| &table.columns);
        let is_used = |other: &&Column| column.is_generated() && column.mentions(&other.name);
        for other in columns.into_iter().flatten().filter(is_used) {
            let part = Part::ColumnName(table.to_owned(), other.name.clone());
            self.used.insert(part);
        }
    }

    /// A new reference needs its table, and the column there as it is.
    fn use_target(&mut self, key: &ForeignKey) {
        self.used.insert(Part::Key(key.table.clone()));
        for column in &key.references {
            let part = Part::Column(key.table.clone(), column.clone());
            self.used.insert(part);
        }
        self.use_names(key);
    }

    /// A table that SQLite builds again says the names of all tables that it refers to.
    fn use_names_of_targets(&mut self, state: &Schema, table: &str) {
        let keys = state.table(table).map(|table| &table.foreign_keys);
        for key in keys.into_iter().flatten().filter(|key| key.table != table) {
            self.use_names(key);
        }
    }

    fn use_names(&mut self, key: &ForeignKey) {
        self.used.insert(Part::TableName(key.table.clone()));
        for column in &key.references {
            let part = Part::ColumnName(key.table.clone(), column.clone());
            self.used.insert(part);
        }
    }
}
