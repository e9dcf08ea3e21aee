//! Queries for rows that make a migration fail.

use crate::operation::DataCheck;

use super::Dialect;
use super::conversion::conversion;

/// How many samples to show.
const SAMPLES: u8 = 3;

impl Dialect {
    /// Two queries of one text column: how many (no row or `0` where all is well), and a few samples.
    pub(crate) fn queries(self, check: &DataCheck) -> (String, Option<String>) {
        match check {
            DataCheck::Missing { table, column } => {
                let at = self.table(table);
                let condition = format!("{} IS NULL", self.quote(column));
                (self.count(&format!("FROM {at} WHERE {condition}")), None)
            }
            DataCheck::NoValue { table, .. } => {
                (self.count(&format!("FROM {}", self.table(table))), None)
            }
            DataCheck::SameValue { table, .. } => {
                let count = self.text("count(*)");
                let at = self.table(table);
                (
                    format!("SELECT {count} FROM {at} HAVING count(*) > 1"),
                    None,
                )
            }
            DataCheck::Duplicates { table, columns } => {
                let list = self.list(columns);
                let present: Vec<String> = columns
                    .iter()
                    .map(|column| format!("{} IS NOT NULL", self.quote(column)))
                    .collect();
                let groups = format!(
                    "FROM {} WHERE {} GROUP BY {list} HAVING count(*) > 1",
                    self.table(table),
                    present.join(" AND ")
                );
                let times = self.text("count(*)");
                let sample = self.joined(&[
                    self.values(columns, ""),
                    "' ('".into(),
                    times,
                    "' times)'".into(),
                ]);
                (
                    self.count(&format!("FROM (SELECT {list} {groups}) AS duplicated")),
                    Some(format!("SELECT {sample} {groups} LIMIT {SAMPLES}")),
                )
            }
            DataCheck::Orphans {
                table,
                columns,
                parent,
                references,
            } => {
                let pairs = columns.iter().zip(references);
                let matches: Vec<String> = pairs
                    .map(|(column, reference)| {
                        format!(
                            "parent.{} = child.{}",
                            self.quote(reference),
                            self.quote(column)
                        )
                    })
                    .collect();
                let present: Vec<String> = columns
                    .iter()
                    .map(|column| format!("child.{} IS NOT NULL", self.quote(column)))
                    .collect();
                let rows = format!(
                    "FROM {} AS child WHERE {} AND NOT EXISTS (SELECT 1 FROM {} AS parent WHERE {})",
                    self.table(table),
                    present.join(" AND "),
                    self.table(parent),
                    matches.join(" AND ")
                );
                let sample = self.values(columns, "child.");
                (
                    self.count(&rows),
                    Some(format!("SELECT DISTINCT {sample} {rows} LIMIT {SAMPLES}")),
                )
            }
            DataCheck::TooLong {
                table,
                column,
                room,
                on_mysql_alone,
            } => {
                let name = self.quote(column);
                let length = match self {
                    Self::Sqlite | Self::Postgres => "length",
                    Self::Mysql => "char_length",
                };
                let condition = match *on_mysql_alone && self != Self::Mysql {
                    true => "FALSE".to_owned(),
                    false => format!("{length}({name}) > {room}"),
                };
                self.values_where(table, column, &condition)
            }
            DataCheck::ValueGone {
                table,
                column,
                values,
            } => {
                let values: Vec<String> = values.iter().map(|value| self.literal(value)).collect();
                let condition = format!("{} IN ({})", self.quote(column), values.join(", "));
                self.values_where(table, column, &condition)
            }
            DataCheck::Unreadable(of) | DataCheck::Changed(of) => {
                let name = self.quote(&of.column);
                let found = conversion(self, &name, (&of.from, &of.to), &of.values);
                let condition = match check {
                    DataCheck::Unreadable(_) => found.unreadable,
                    _ => found.changed,
                };
                let none = || ("SELECT '0'".to_owned(), None);
                condition.map_or_else(none, |condition| {
                    self.values_where(&of.table, &of.column, &condition)
                })
            }
            DataCheck::OutOfRange {
                table,
                column,
                low,
                high,
            } => {
                let name = self.quote(column);
                self.values_where(
                    table,
                    column,
                    &format!("{name} NOT BETWEEN {low} AND {high}"),
                )
            }
        }
    }

    fn values_where(self, table: &str, column: &str, condition: &str) -> (String, Option<String>) {
        let rows = format!("FROM {} WHERE {condition}", self.table(table));
        let sample = self.values(&[column.to_owned()], "");
        (
            self.count(&rows),
            Some(format!("SELECT {sample} {rows} LIMIT {SAMPLES}")),
        )
    }

    fn count(self, rows: &str) -> String {
        format!("SELECT {} {rows}", self.text("count(*)"))
    }

    /// An expression as text.
    fn text(self, expression: &str) -> String {
        match self {
            Self::Sqlite | Self::Postgres => format!("CAST({expression} AS text)"),
            Self::Mysql => format!("CAST({expression} AS char)"),
        }
    }

    fn values(self, columns: &[String], from: &str) -> String {
        let mut parts = Vec::new();
        for column in columns {
            if !parts.is_empty() {
                parts.push("', '".to_owned());
            }
            parts.push(self.text(&format!("{from}{}", self.quote(column))));
        }
        self.joined(&parts)
    }

    fn joined(self, parts: &[String]) -> String {
        match (self, parts) {
            (_, [one]) => one.clone(),
            (Self::Mysql, parts) => format!("concat({})", parts.join(", ")),
            (_, parts) => parts.join(" || "),
        }
    }
}
