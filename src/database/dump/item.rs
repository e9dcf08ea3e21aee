//! A database as statements: its objects, one by one.

use std::collections::BTreeMap;

use crate::database::introspect::is_bookkeeping;
use crate::error::Result;
use crate::schema::Object;
use crate::sql::Dialect;

/// Where sea-orm-migration keeps its rows.
pub(super) const SEAORM_TABLE: &str = "seaql_migrations";

/// Reads the objects of one dialect as statements.
pub(super) trait DumpObjects {
    /// What [`crate::database::Database::dump`] answers, without the rows of sea-orm-migration.
    async fn dump_objects(&mut self, also: &[String]) -> Result<Dump>;
}

/// One object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Item {
    /// `table`, `view`, `trigger`, …
    pub(crate) kind: &'static str,
    /// The table it belongs to; empty for what stands alone.
    pub(crate) table: String,
    pub(crate) name: String,
    pub(crate) create: String,
    /// The statement that takes it away; `None` for what goes with something else.
    pub(crate) drop: Option<String>,
    /// What the session must be set to for it (`sql_mode = '…'`), which the database keeps with it. MySQL alone.
    pub(crate) settings: Vec<String>,
}

/// Whether it is the table of sea-orm-migration.
pub(crate) fn is_seaorm_table(item: &Item) -> bool {
    item.kind == "table" && item.name == SEAORM_TABLE
}

/// Whether sea-orm-migration keeps its rows there: a `Migrator` may give its table another name, and several of them may
/// share a database.
pub(crate) fn is_seaorm_history(item: &Item) -> bool {
    if is_seaorm_table(item) {
        return true;
    }
    let is = |column: &(&str, String), name: &str, kinds: &[&str]| {
        column.0 == name && kinds.iter().any(|kind| column.1.starts_with(kind))
    };
    match columns(&item.create).as_slice() {
        [version, time] if item.kind == "table" => {
            is(
                version,
                "version",
                &["varchar", "character varying", "text"],
            ) && is(time, "applied_at", &["bigint", "integer"])
        }
        _ => false,
    }
}

/// The columns in a `CREATE TABLE` as far as their names are plain words, each with what follows its name, in small
/// letters.
fn columns(create: &str) -> Vec<(&str, String)> {
    let Some((_, body)) = create.split_once('(') else {
        return Vec::new();
    };
    let mut depth = 0_usize;
    let parts = body.split(|c| {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        c == ',' && depth == 0
    });
    let parts = parts.filter_map(|part| part.trim().split_once(char::is_whitespace));
    parts
        .filter(|(word, _)| !["CONSTRAINT", "PRIMARY"].contains(&word.to_uppercase().as_str()))
        .map(|(word, rest)| (word.trim_matches(['"', '`']), rest.trim().to_lowercase()))
        .collect()
}

/// Whether a table is that of a migration tool that a new database makes for itself.
pub(super) fn is_made_by_tools(table: &str) -> bool {
    is_bookkeeping(table) && table != SEAORM_TABLE
}

impl Item {
    /// As migrations keep it.
    pub(crate) fn object(&self, dialect: Dialect) -> Object {
        Object {
            dialect: dialect.name().to_owned(),
            kind: self.kind.to_owned(),
            table: self.table.clone(),
            name: self.name.clone(),
            definition: self.create.clone(),
        }
    }
}

/// A database as statements.
#[derive(Clone, Debug, Default)]
pub(crate) struct Dump {
    /// In an order in which they can be made.
    pub(crate) items: Vec<Item>,
    /// What cannot be made again from the catalogue, in words.
    pub(crate) left_out: Vec<String>,
    /// By table, the migrations that sea-orm-migration has applied, oldest first, each with its time in seconds.
    pub(crate) seaorm: BTreeMap<String, Vec<(String, String)>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn histories_are_known_by_their_columns() {
        for (create, expected) in [
            (
                r#"CREATE TABLE "own" ( "version" varchar NOT NULL PRIMARY KEY, "applied_at" bigint NOT NULL )"#,
                true,
            ),
            (
                "CREATE TABLE own (\n    version character varying(255) NOT NULL,\n    applied_at bigint NOT NULL,\n    CONSTRAINT own_pkey PRIMARY KEY (version)\n)",
                true,
            ),
            (
                "CREATE TABLE `own` (\n  `version` varchar(255) NOT NULL,\n  `applied_at` bigint(20) NOT NULL,\n  PRIMARY KEY (`version`)\n) ENGINE=InnoDB",
                true,
            ),
            (
                r#"CREATE TABLE "own" ("version" numeric(3, 1), "applied_at" bigint, "by" text)"#,
                false,
            ),
            (r#"CREATE TABLE "own" ("version" varchar)"#, false),
            (
                "CREATE TABLE own (version varchar(9) primary key, applied_at timestamp)",
                false,
            ),
            (
                "CREATE TABLE own (version bigint primary key, applied_at bigint)",
                false,
            ),
        ] {
            let item = Item {
                kind: "table",
                table: String::new(),
                name: "own".into(),
                create: create.into(),
                drop: None,
                settings: Vec::new(),
            };
            assert_eq!(is_seaorm_history(&item), expected, "{create}");
        }
    }
}
