//! Checks of the rows that a migration finds, made before it starts.

use std::collections::BTreeMap;

use crate::schema::{Column, ColumnType, Length, Schema};

use super::Operation;

mod sentence;

/// A property of rows that makes a migration fail. Names are those before the migration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum DataCheck {
    /// Rows without a value that is about to be required.
    Missing { table: String, column: String },
    /// Rows that need a value for a new column, and there is none.
    NoValue { table: String, column: String },
    /// Rows that all get the same value in a new column that is unique.
    SameValue { table: String, column: String },
    /// Values that are about to be unique.
    Duplicates { table: String, columns: Vec<String> },
    /// References to rows that are not there.
    Orphans {
        table: String,
        columns: Vec<String>,
        parent: String,
        references: Vec<String>,
    },
    TooLong {
        table: String,
        column: String,
        room: u32,
        /// Only the type of MySQL has this limit, the entity does not say it.
        on_mysql_alone: bool,
    },
    OutOfRange {
        table: String,
        column: String,
        low: i64,
        high: i64,
    },
    /// Rows with a value that their enum is about to lose.
    ValueGone {
        table: String,
        column: String,
        values: Vec<String>,
    },
    /// Values that mean nothing in the new type of their column.
    Unreadable(Conversion),
    /// Values that the new type of their column rounds, cuts or folds together.
    Changed(Conversion),
}

/// A column that changes its type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Conversion {
    pub(crate) table: String,
    pub(crate) column: String,
    pub(crate) from: ColumnType,
    pub(crate) to: ColumnType,
    /// The values of the enum that it becomes.
    pub(crate) values: Vec<String>,
}

impl Conversion {
    /// As `--accept-loss` names it.
    pub(crate) fn place(&self) -> String {
        format!("{}.{}", self.table, self.column)
    }
}

/// The checks of rows to make before `operations` change a database that holds `before`.
pub(crate) fn data_checks(before: &Schema, operations: &[Operation]) -> Vec<DataCheck> {
    let mut walk = Walk::new(before);
    for operation in operations {
        walk.operation(operation);
        // They are those of a migration that folds.
        let _ = operation.apply(&mut walk.state);
    }
    walk.data_checks
}

struct Walk {
    state: Schema,
    /// Present name to name before, of the tables that were there before.
    tables: BTreeMap<String, String>,
    /// The same for columns, by table.
    columns: BTreeMap<(String, String), String>,
    data_checks: Vec<DataCheck>,
}

impl Walk {
    fn new(before: &Schema) -> Self {
        let tables = before
            .tables
            .keys()
            .map(|name| (name.clone(), name.clone()));
        let columns = before.tables.values().flat_map(|table| {
            let names = table.columns.iter().map(|column| column.name.clone());
            names.map(|name| ((table.name.clone(), name.clone()), name))
        });
        Self {
            state: before.clone(),
            tables: tables.collect(),
            columns: columns.collect(),
            data_checks: Vec::new(),
        }
    }

    /// The names before of columns that were all there before.
    fn old(&self, table: &str, columns: &[String]) -> Option<(String, Vec<String>)> {
        let old = |column: &String| {
            self.columns
                .get(&(table.to_owned(), column.clone()))
                .cloned()
        };
        let columns = columns.iter().map(old).collect::<Option<Vec<_>>>()?;
        Some((self.tables.get(table)?.clone(), columns))
    }

    fn operation(&mut self, operation: &Operation) {
        match operation {
            Operation::RenameTable { from, to } => {
                if let Some(old) = self.tables.remove(from) {
                    self.tables.insert(to.clone(), old);
                }
                let moved = std::mem::take(&mut self.columns);
                self.columns = moved
                    .into_iter()
                    .map(|((table, column), old)| {
                        let table = if table == *from { to.clone() } else { table };
                        ((table, column), old)
                    })
                    .collect();
            }
            Operation::RenameColumn { table, from, to } => {
                if let Some(old) = self.columns.remove(&(table.clone(), from.clone())) {
                    self.columns.insert((table.clone(), to.clone()), old);
                }
            }
            Operation::AddColumn {
                table,
                column,
                fill,
            } => self.add_column(table, column, fill.as_deref()),
            Operation::AlterColumn {
                table,
                column,
                fill,
                lossy,
            } => {
                self.alter_column(table, column, fill.is_some());
                self.convert(table, column, *lossy);
            }
            Operation::AddIndex { table, index } if index.unique => {
                if let Some((table, columns)) = self.old(table, &index.columns) {
                    self.data_checks
                        .push(DataCheck::Duplicates { table, columns });
                }
            }
            Operation::AlterEnum {
                name,
                values,
                renamed,
            } => self.alter_enum(name, values, renamed),
            Operation::AlterPrimaryKey { table, columns } => {
                if let Some((table, columns)) = self.old(table, columns) {
                    self.data_checks
                        .push(DataCheck::Duplicates { table, columns });
                }
            }
            Operation::AddForeignKey { table, key } => {
                let from = self.old(table, &key.columns);
                let to = self.old(&key.table, &key.references);
                if let (Some((table, columns)), Some((parent, references))) = (from, to) {
                    self.data_checks.push(DataCheck::Orphans {
                        table,
                        columns,
                        parent,
                        references,
                    });
                }
            }
            _ => {}
        }
    }

    fn alter_enum(&mut self, name: &str, values: &[String], renamed: &[(String, String)]) {
        let Some(kind) = self.state.enums.get(name) else {
            return;
        };
        let stays = |value: &String| {
            values.contains(value) || renamed.iter().any(|(from, _)| from == value)
        };
        let gone: Vec<String> = kind.values.iter().filter(|v| !stays(v)).cloned().collect();
        if gone.is_empty() {
            return;
        }
        for (table, column) in self.state.tables.values().flat_map(|table| {
            let columns = table.columns.iter();
            columns.map(move |column| (&table.name, column))
        }) {
            if column.kind == ColumnType::Enum(name.to_owned())
                && let Some((table, mut columns)) =
                    self.old(table, std::slice::from_ref(&column.name))
                && let Some(column) = columns.pop()
            {
                self.data_checks.push(DataCheck::ValueGone {
                    table,
                    column,
                    values: gone.clone(),
                });
            }
        }
    }

    fn add_column(&mut self, table: &str, column: &Column, fill: Option<&str>) {
        let Some(table) = self.tables.get(table).cloned() else {
            return;
        };
        let column_name = column.name.clone();
        if column.needs_value() && fill.is_none() {
            self.data_checks.push(DataCheck::NoValue {
                table,
                column: column_name,
            });
        } else if column.unique && !column.nullable && fill.is_none_or(is_constant) {
            self.data_checks.push(DataCheck::SameValue {
                table,
                column: column_name,
            });
        }
    }

    /// What no cast can read, and what one would silently change.
    fn convert(&mut self, table: &str, new: &Column, lossy: bool) {
        let Some(before) = self.state.column(table, &new.name) else {
            return;
        };
        let from = before.kind.clone();
        if from == new.kind || new.is_generated() {
            return;
        }
        let Some((table, columns)) = self.old(table, std::slice::from_ref(&new.name)) else {
            return;
        };
        let enums = &self.state.enums;
        let kind = new.kind.enum_name().and_then(|name| enums.get(name));
        let conversion = Conversion {
            table,
            column: columns.concat(),
            from,
            to: new.kind.clone(),
            values: kind.map(|kind| kind.values.clone()).unwrap_or_default(),
        };
        self.data_checks
            .push(DataCheck::Unreadable(conversion.clone()));
        if !lossy {
            self.data_checks.push(DataCheck::Changed(conversion));
        }
    }

    fn alter_column(&mut self, table: &str, new: &Column, filled: bool) {
        let Some(before) = self.state.column(table, &new.name).cloned() else {
            return;
        };
        if new.is_generated() {
            return;
        }
        let Some((table, mut columns)) = self.old(table, std::slice::from_ref(&new.name)) else {
            return;
        };
        let Some(column) = columns.pop() else {
            return;
        };
        if before.nullable && !new.nullable && new.default.is_none() && !filled {
            self.data_checks.push(DataCheck::Missing {
                table: table.clone(),
                column: column.clone(),
            });
        }
        if new.unique && !before.unique {
            self.data_checks.push(DataCheck::Duplicates {
                table: table.clone(),
                columns: vec![column.clone()],
            });
        }
        if let Some((room, on_mysql_alone)) = room(&before.kind, &new.kind) {
            self.data_checks.push(DataCheck::TooLong {
                table: table.clone(),
                column: column.clone(),
                room,
                on_mysql_alone,
            });
        }
        if let (Some((was_low, was_high)), Some((low, high))) =
            (before.kind.integer_range(), new.kind.integer_range())
            && (low > was_low || high < was_high)
        {
            self.data_checks.push(DataCheck::OutOfRange {
                table,
                column,
                low,
                high,
            });
        }
    }
}

/// How much room a column has from now on where it had more: characters, or bytes, which MySQL alone counts.
fn room(before: &ColumnType, after: &ColumnType) -> Option<(u32, bool)> {
    let is_less = |room: u32, had: Option<u32>| had.is_none_or(|had| had > room);
    if before.is_text() {
        let had = before.max_characters();
        return match after.max_characters() {
            Some(room) => is_less(room, had).then_some((room, false)),
            // What the entity leaves open is so long there.
            None if matches!(after, ColumnType::String(Length::None)) => {
                is_less(255, had).then_some((255, true))
            }
            None => None,
        };
    }
    let bytes = |kind: &ColumnType| match kind {
        ColumnType::Binary(room) | ColumnType::VarBinary(Length::N(room)) => Some(*room),
        ColumnType::VarBinary(Length::None) => Some(255),
        _ => None,
    };
    let is_bytes = matches!(
        before,
        ColumnType::Blob | ColumnType::Binary(_) | ColumnType::VarBinary(_)
    );
    let room = bytes(after).filter(|room| is_bytes && is_less(*room, bytes(before)))?;
    Some((room, true))
}

/// Whether SQL is a number or one string, the same for every row.
fn is_constant(sql: &str) -> bool {
    let sql = sql.trim();
    let quoted = sql.len() > 1
        && sql.starts_with('\'')
        && sql.ends_with('\'')
        && !sql[1..sql.len() - 1].replace("''", "").contains('\'');
    quoted || sql.parse::<f64>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constants_are_numbers_and_strings() {
        for (sql, expected) in [
            ("7", true),
            (" -1.5 ", true),
            ("'x'", true),
            ("'it''s'", true),
            ("''", true),
            ("'a' || 'b'", false),
            ("id", false),
            ("'", false),
            ("now()", false),
        ] {
            assert_eq!(is_constant(sql), expected, "{sql}");
        }
    }
}
