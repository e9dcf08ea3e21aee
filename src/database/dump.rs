//! Everything that a database holds as statements that make it again, in the database's own words.
//!
//! The tables of migration tools are left out, but for that of sea-orm-migration: its rows let a program that still
//! runs those migrations find them done.

mod item;
mod mysql;
mod postgres;
mod sqlite;

use std::collections::BTreeSet;

use crate::error::Result;
use crate::schema::{Object, Schema};
use crate::sql::{Dialect, Script};

use super::introspect::unreadable;
use super::{Database, Live};

use item::{DumpObjects, Item, SEAORM_TABLE, is_seaorm_table};

pub(crate) use item::{Dump, is_seaorm_history};

impl Database {
    /// Reads the whole database, and of `also` the schemas that only PostgreSQL knows.
    pub(crate) async fn dump(&mut self, also: &[String]) -> Result<Dump> {
        let mut dump = dispatch!(self, database => database.dump_objects(also).await)?;
        let histories = dump.items.iter().filter(|item| is_seaorm_history(item));
        let histories: Vec<String> = histories.map(|item| item.name.clone()).collect();
        for table in histories {
            let quote = self.dialect().table(&table);
            let kind = match self.dialect() {
                Dialect::Mysql => "char",
                _ => "text",
            };
            let sql = format!("SELECT version FROM {quote} ORDER BY version");
            let versions = self.texts(&sql).await.map_err(unreadable)?;
            let sql = format!("SELECT CAST(applied_at AS {kind}) FROM {quote} ORDER BY version");
            let times = self.texts(&sql).await.map_err(unreadable)?;
            let rows: Vec<(String, String)> = versions.into_iter().zip(times).collect();
            if !rows.is_empty() {
                dump.seaorm.insert(table, rows);
            }
        }
        Ok(dump)
    }
}

impl Dump {
    /// What this database holds beside the tables of `managed` that no schema can say: with `live`, the same database
    /// as a schema and in notes.
    pub(crate) fn objects(
        &self,
        live: &Live,
        managed: &Schema,
        dialect: Dialect,
    ) -> BTreeSet<Object> {
        let is_managed = |name: &String| managed.table(name).is_some();
        let notes = live.notes.iter().filter(|note| {
            let made_of_statements = matches!(note.kind, "trigger" | "view");
            is_managed(&note.table) && !made_of_statements
        });
        let items = self.items.iter().filter(|item| match item.kind {
            "table" => !is_managed(&item.name) && !is_seaorm_table(item),
            // Those of managed tables are in the schema, or noted.
            "index" | "foreign key" | "constraint" | "comment" => {
                !item.table.is_empty() && !is_managed(&item.table) && item.table != SEAORM_TABLE
            }
            "owner of a sequence" | "schema" | "storage" => false,
            // One that belongs to a column comes and goes with it.
            "sequence" => item.drop.is_some(),
            "enum" => !managed.enums.contains_key(&item.name),
            _ => true,
        });
        let notes = notes.map(|note| note.object(dialect));
        notes
            .chain(items.map(|item| item.object(dialect)))
            .collect()
    }

    /// The statements that make everything, and those that take it away, as the files of a migration called `title`.
    pub(crate) fn scripts(&self, dialect: Dialect, title: &str) -> (String, String) {
        let mut up = Script::default();
        let has_functions = self.items.iter().any(|item| item.kind == "function");
        if dialect == Dialect::Postgres && has_functions {
            up.push(
                "Functions may speak of tables that come after them.",
                vec!["SET LOCAL check_function_bodies = false".into()],
            );
        }
        let mut kind = "";
        let mut in_force: &[String] = &[];
        for item in &self.items {
            if item.kind != kind {
                up.push(heading(item.kind), Vec::new());
                kind = item.kind;
            }
            if let Some(part) = up.parts.last_mut() {
                part.statements
                    .extend(change_settings(in_force, &item.settings));
                in_force = &item.settings;
                let statement = item.create.trim_end().trim_end_matches(';');
                part.statements.push(statement.to_owned());
                part.statements.extend(self.rows(item, dialect));
            }
        }
        if let Some(part) = up.parts.last_mut() {
            part.statements.extend(change_settings(in_force, &[]));
        }
        let mut down = Script::default();
        let drops = self.items.iter().rev().filter_map(|item| item.drop.clone());
        down.push("In the opposite order.", drops.collect());
        if dialect == Dialect::Sqlite {
            down = down.without_foreign_keys();
        }
        (
            up.text(title),
            down.text("Takes the adopted tables away, with all their rows."),
        )
    }

    /// The rows of sea-orm-migration, so that its programs find their migrations done.
    fn rows(&self, item: &Item, dialect: Dialect) -> Option<String> {
        if item.kind != "table" {
            return None;
        }
        let rows = self.seaorm.get(&item.name)?;
        let rows = rows.iter().map(|(version, applied_at)| {
            format!("    ('{}', {applied_at})", version.replace('\'', "''"))
        });
        let rows: Vec<String> = rows.collect();
        let (table, version, applied_at) = (
            dialect.table(&item.name),
            dialect.quote("version"),
            dialect.quote("applied_at"),
        );
        Some(format!(
            "INSERT INTO {table} ({version}, {applied_at}) VALUES\n{}",
            rows.join(",\n")
        ))
    }
}

/// What a stored program keeps of the session that made it.
const KEPT_SETTINGS: [&str; 4] = [
    "sql_mode",
    "time_zone",
    "character_set_client",
    "collation_connection",
];

/// The statements between an object that wants `before` of its session and one that wants `after`. What the session had
/// is kept in variables meanwhile.
fn change_settings(before: &[String], after: &[String]) -> Vec<String> {
    if before == after {
        return Vec::new();
    }
    let mut statements = Vec::new();
    let all = |each: fn(&str) -> String| KEPT_SETTINGS.map(each).join(", ");
    match before.is_empty() {
        true => statements.push(format!(
            "SET {}",
            all(|name| format!("@luthier_{name} = @@SESSION.{name}"))
        )),
        false => statements.push(format!(
            "SET {}",
            all(|name| format!("SESSION {name} = @luthier_{name}"))
        )),
    }
    if !after.is_empty() {
        statements.push(format!("SET SESSION {}", after.join(", SESSION ")));
    }
    statements
}

/// `Tables.` above tables.
fn heading(kind: &str) -> String {
    let plural = match kind {
        "owner of a sequence" => return "Which column each sequence belongs to.".into(),
        "index" => "indexes".into(),
        "policy" => "policies".into(),
        "storage" => return "How tables and columns are stored and read.".into(),
        kind if kind.ends_with('s') => kind.to_owned(),
        kind => format!("{kind}s"),
    };
    let mut letters = plural.chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string());
    format!("{}{}.", first.unwrap_or_default(), letters.as_str())
}
