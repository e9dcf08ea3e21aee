//! Guards in a migration's SQL: statements that fail, naming the reason, where a row would not survive a change.
//!
//! `luthier migrate` looks before it starts; the guards are for rows that come later, and for other runners.

use crate::schema::{Column, Schema};

use super::conversion;
use super::family::enum_values;
use crate::sql::{Dialect, gate as sqlite_gate};

/// A change of a column's type.
pub(in super::super) struct Alteration<'a> {
    pub(in super::super) table: &'a str,
    pub(in super::super) old: &'a Column,
    pub(in super::super) new: &'a Column,
    pub(in super::super) schema: &'a Schema,
    /// Values may change.
    pub(in super::super) lossy: bool,
}

impl Alteration<'_> {
    pub(in super::super) fn gates(&self, dialect: Dialect) -> Vec<String> {
        // What is computed has no values of its own.
        if self.new.is_generated() {
            return Vec::new();
        }
        let table = dialect.table(self.table);
        let name = match dialect {
            Dialect::Sqlite => format!("{table}.{}", dialect.quote(&self.new.name)),
            _ => dialect.quote(&self.new.name),
        };
        let kinds = (&self.old.kind, &self.new.kind);
        let found = conversion(dialect, &name, kinds, enum_values(self.schema, self.new));
        let place = format!("{}.{}", self.table, self.new.name);
        let mut gates = Vec::new();
        // PostgreSQL's casts refuse the same, but for dates that it reads as its settings say.
        let unreadable = found
            .unreadable
            .filter(|condition| !condition.contains("pg_temp."));
        if let Some(condition) = unreadable {
            let reason = format!("{place} cannot become {}", self.new.kind);
            gates.extend(gate(
                dialect,
                &reason,
                &format!("FROM {table} WHERE {condition}"),
            ));
        }
        if let Some(condition) = found.changed.filter(|_| !self.lossy) {
            let reason = would_change(&place);
            gates.extend(gate(
                dialect,
                &reason,
                &format!("FROM {table} WHERE {condition}"),
            ));
        }
        gates
    }
}

fn would_change(place: &str) -> String {
    format!("{place} would change")
}

fn gate(dialect: Dialect, reason: &str, rows: &str) -> Vec<String> {
    match dialect {
        Dialect::Sqlite => sqlite_gate::gate(reason, rows),
        Dialect::Postgres => vec![format!(
            "DO $luthier$ BEGIN\n    IF EXISTS (SELECT 1 {rows}) THEN\n        RAISE EXCEPTION USING ERRCODE = 'check_violation', MESSAGE = {};\n    \
             END IF;\nEND $luthier$",
            dialect.literal(reason)
        )],
        Dialect::Mysql => vec![
            format!(
                "CREATE TEMPORARY TABLE `luthier_gate` (`ok` int NOT NULL, CONSTRAINT {} CHECK (`ok` = 1))",
                dialect.short(reason)
            ),
            format!("INSERT INTO `luthier_gate` SELECT 0 {rows} LIMIT 1"),
            "DROP TEMPORARY TABLE `luthier_gate`".into(),
        ],
    }
}

/// Whether the statement of MySQL makes a guard against changes that were accepted, as `table.column`.
pub(crate) fn is_accepted_gate(statement: &str, accepted: &[String]) -> bool {
    statement.starts_with("CREATE TEMPORARY TABLE `luthier_gate`")
        && accepted.iter().any(|place| {
            let reason = Dialect::Mysql.short(&would_change(place));
            statement.contains(&format!("CONSTRAINT {reason} CHECK"))
        })
}

/// The script without the guards against changes that were accepted, as `table.column`. On MySQL they are left out
/// while it runs, so that its statements keep their numbers.
pub(crate) fn accept(dialect: Dialect, script: &str, accepted: &[String]) -> String {
    let (start, end, mark) = match dialect {
        Dialect::Mysql => return script.to_owned(),
        Dialect::Postgres => (
            "DO $luthier$ BEGIN",
            "END $luthier$;\n",
            Dialect::literal as fn(Dialect, &str) -> String,
        ),
        Dialect::Sqlite => (
            "CREATE TEMP TABLE \"luthier_gate\"",
            "DROP TABLE \"luthier_gate\";\n",
            Dialect::short as fn(Dialect, &str) -> String,
        ),
    };
    let reasons: Vec<String> = accepted
        .iter()
        .map(|place| mark(dialect, &would_change(place)))
        .collect();
    let mut kept = String::with_capacity(script.len());
    let mut rest = script;
    while let Some(at) = rest.find(start) {
        let length = rest[at..]
            .find(end)
            .map_or(rest.len() - at, |found| found + end.len());
        let gate = &rest[at..at + length];
        kept.push_str(&rest[..at]);
        if !reasons.iter().any(|reason| gate.contains(reason.as_str())) {
            kept.push_str(gate);
        }
        rest = &rest[at + length..];
    }
    kept.push_str(rest);
    kept
}
