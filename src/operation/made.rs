//! The names that a migration gives: free as far as the migrations know, and perhaps taken by something made by hand.

use std::collections::BTreeMap;

use crate::schema::{Column, Schema, Table};

use super::Operation;

/// Something that a migration makes, or calls by a new name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Made {
    pub(crate) what: MadeKind,
    /// Its table, by the name before the migration; itself for a table, empty for an enum.
    pub(crate) table: String,
    pub(crate) name: String,
    /// What is made, alone; `None` where something that is there gets this name.
    pub(crate) wanted: Option<Schema>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MadeKind {
    Table,
    Column,
    Index,
    ForeignKey,
    Enum,
}

impl Made {
    /// As sentences name it.
    pub(crate) fn place(&self) -> String {
        match self.what {
            MadeKind::Table => format!("the table `{}`", self.table),
            MadeKind::Column => format!("`{}.{}`", self.table, self.name),
            MadeKind::Index => format!("the index `{}`", self.name),
            MadeKind::ForeignKey => {
                format!("the foreign key `{}` of `{}`", self.name, self.table)
            }
            MadeKind::Enum => format!("the type `{}`", self.name),
        }
    }
}

/// What `operations` make in a database that holds `before`, as far as that has no such thing.
pub(crate) fn made(before: &Schema, operations: &[Operation]) -> Vec<Made> {
    let mut walk = Walk {
        before,
        state: before.clone(),
        tables: before
            .tables
            .keys()
            .map(|name| (name.clone(), name.clone()))
            .collect(),
        made: Vec::new(),
    };
    for operation in operations {
        walk.operation(operation);
        // They are those of a migration that folds.
        let _ = operation.apply(&mut walk.state);
    }
    walk.made
}

struct Walk<'a> {
    before: &'a Schema,
    state: Schema,
    /// The name now of each table of before.
    tables: BTreeMap<String, String>,
    made: Vec<Made>,
}

impl Walk<'_> {
    fn operation(&mut self, operation: &Operation) {
        match operation {
            Operation::CreateTable { table } => {
                let wanted = self.alone(table.clone());
                self.table(&table.name, Some(wanted));
            }
            Operation::RenameTable { from, to } => {
                self.table(to, None);
                if let Some(before) = self.tables.remove(from) {
                    self.tables.insert(to.clone(), before);
                }
            }
            Operation::DropTable { name } => {
                self.tables.remove(name);
            }
            Operation::AddColumn { table, column, .. } => {
                self.column(table, &column.name, Some(column));
            }
            Operation::RenameColumn { table, to, .. } => self.column(table, to, None),
            Operation::AddIndex { table, index } => {
                let wanted = self.with(table, |alone| alone.indexes.push(index.clone()));
                self.part(MadeKind::Index, table, &index.name, wanted);
            }
            Operation::RenameIndex { table, to, .. } => {
                self.part(MadeKind::Index, table, to, None);
            }
            Operation::AddForeignKey { table, key } => {
                let wanted = self.with(table, |alone| alone.foreign_keys.push(key.clone()));
                self.part(MadeKind::ForeignKey, table, &key.name, wanted);
            }
            Operation::CreateEnum { kind } if !self.before.enums.contains_key(&kind.name) => {
                let enums = [(kind.name.clone(), kind.clone())];
                let wanted = Schema {
                    enums: enums.into(),
                    ..Schema::default()
                };
                self.made.push(Made {
                    what: MadeKind::Enum,
                    table: String::new(),
                    name: kind.name.clone(),
                    wanted: Some(wanted),
                });
            }
            _ => {}
        }
    }

    fn table(&mut self, name: &str, wanted: Option<Schema>) {
        // To SQLite names that differ by case alone are the same.
        let is_known = |known: &String| known.eq_ignore_ascii_case(name);
        if !self.before.tables.keys().any(is_known) {
            self.made.push(Made {
                what: MadeKind::Table,
                table: name.to_owned(),
                name: name.to_owned(),
                wanted,
            });
        }
    }

    fn column(&mut self, table: &str, name: &str, column: Option<&Column>) {
        let Some(at) = self.tables.get(table) else {
            return;
        };
        let is_known = |known: &Column| known.name.eq_ignore_ascii_case(name);
        let known = self.before.table(at);
        if !known.is_some_and(|table| table.columns.iter().any(is_known)) {
            let wanted = column
                .and_then(|column| self.with(table, |alone| alone.columns.push(column.clone())));
            self.made.push(Made {
                what: MadeKind::Column,
                table: at.clone(),
                name: name.to_owned(),
                wanted,
            });
        }
    }

    /// An index or a key of a table that was there before.
    fn part(&mut self, what: MadeKind, table: &str, name: &str, wanted: Option<Schema>) {
        let Some(at) = self.tables.get(table) else {
            return;
        };
        let is_known =
            |table: &Table| table.index(name).is_some() || table.foreign_key(name).is_some();
        if !self.before.tables.values().any(is_known) {
            self.made.push(Made {
                what,
                table: at.clone(),
                name: name.to_owned(),
                wanted,
            });
        }
    }

    /// The table by its name before, with nothing but what `add` adds.
    fn with(&self, table: &str, add: impl FnOnce(&mut Table)) -> Option<Schema> {
        let mut alone = Table {
            name: self.tables.get(table)?.clone(),
            ..Table::default()
        };
        add(&mut alone);
        Some(self.alone(alone))
    }

    fn alone(&self, table: Table) -> Schema {
        let kinds = table
            .columns
            .iter()
            .filter_map(|column| column.kind.enum_name());
        let enums =
            kinds.filter_map(|name| Some((name.to_owned(), self.state.enums.get(name)?.clone())));
        Schema {
            enums: enums.collect(),
            tables: [(table.name.clone(), table)].into(),
            ..Schema::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::ColumnType;

    fn table(name: &str, columns: &[&str]) -> Table {
        let columns = columns
            .iter()
            .map(|name| Column::new(*name, ColumnType::Integer));
        Table {
            name: name.to_owned(),
            columns: columns.collect(),
            ..Table::default()
        }
    }

    #[test]
    fn names_are_made_where_nothing_was_before() {
        let before = table("t", &["a", "b"]);
        let before = Schema {
            tables: [("t".to_owned(), before)].into(),
            ..Schema::default()
        };
        let (from, to) = ("t".to_owned(), "u".to_owned());
        let add = |table: &str, name: &str| Operation::AddColumn {
            table: table.to_owned(),
            column: Column::new(name, ColumnType::Text),
            fill: None,
        };
        let operations = [
            Operation::DropColumn {
                table: "t".to_owned(),
                name: "a".to_owned(),
            },
            // It was there before, and goes.
            add("t", "a"),
            Operation::RenameTable { from, to },
            add("u", "c"),
            Operation::CreateTable {
                table: table("v", &["x"]),
            },
            // The table is new itself.
            add("v", "y"),
        ];
        let found = made(&before, &operations);
        let places: Vec<String> = found.iter().map(Made::place).collect();
        assert_eq!(places, ["the table `u`", "`t.c`", "the table `v`"]);
        assert_eq!(found[0].wanted, None);
        assert!(
            found[1]
                .wanted
                .as_ref()
                .is_some_and(|schema| schema.column("t", "c").is_some())
        );
    }
}
