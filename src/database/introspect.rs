//! A live database as a schema, and in words what a schema cannot hold.
//!
//! Catalogues are asked for one JSON object a row, so that one way of reading serves all three.

mod mysql;
mod postgres;
mod sqlite;

use serde::de::DeserializeOwned;

use crate::error::{Error, Result};
use crate::schema::{Action, Object, Schema};
use crate::sql::Dialect;

use super::Database;

/// What a database holds.
#[derive(Clone, Debug, Default)]
pub(crate) struct Live {
    pub(crate) schema: Schema,
    /// What the schema leaves out, one sentence each: views, triggers, checks, unusual indexes.
    pub(crate) notes: Vec<Note>,
}

/// Something that a schema has no place for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Note {
    /// `trigger`, `check`, `collation`, …
    pub(crate) kind: &'static str,
    /// The table it belongs to; for a view, its own name.
    pub(crate) table: String,
    /// Its name, or that of its column; empty for the whole table.
    pub(crate) name: String,
    /// As the database tells it.
    pub(crate) definition: String,
}

impl Note {
    /// What it is, for a sentence about its table.
    pub(crate) fn message(&self) -> String {
        let Self {
            name, definition, ..
        } = self;
        match self.kind {
            "trigger" => format!("the trigger `{name}`"),
            "check" if name.is_empty() => format!("the constraint {definition}"),
            "check" => format!("the constraint `{name}`: {definition}"),
            "exclusion" => format!("the exclusion constraint `{name}`"),
            "deferrable" => format!("the deferrable constraint `{name}`"),
            "nulls not distinct" => format!("the unique key `{name}` is NULLS NOT DISTINCT"),
            "generated" => format!("the generated column `{name}`"),
            "collation" => format!("the column `{name}` has the collation {definition}"),
            "on update" => format!("the column `{name}` has {definition}"),
            "on conflict" => format!("an ON CONFLICT clause: {definition}"),
            "invisible" => format!("the column `{name}` is INVISIBLE"),
            "identity" => format!("the column `{name}` is GENERATED ALWAYS AS IDENTITY"),
            "sequence" => format!(
                "the column `{name}` takes its numbers from a sequence (`serial`), not from an identity column"
            ),
            "index" => format!("an index that is more than a list of columns: {definition}"),
            _ => definition.clone(),
        }
    }

    /// As migrations keep it.
    pub(crate) fn object(&self, dialect: Dialect) -> Object {
        Object {
            dialect: dialect.name().to_owned(),
            kind: self.kind.to_owned(),
            table: self.table.clone(),
            name: self.name.clone(),
            definition: self.definition.clone(),
        }
    }
}

impl Live {
    fn note(
        &mut self,
        kind: &'static str,
        table: &str,
        name: impl Into<String>,
        definition: impl Into<String>,
    ) {
        self.notes.push(Note {
            kind,
            table: table.to_owned(),
            name: name.into(),
            definition: definition.into(),
        });
    }
}

impl Database {
    /// Reads the catalogue: the tables of the schema that the connection works in, and of `also`, which only
    /// PostgreSQL knows. The tables that migration tools keep for themselves are left out.
    pub(crate) async fn introspect(&mut self, also: &[String]) -> Result<Live> {
        match self {
            Self::Sqlite(_) => sqlite::read(self).await,
            Self::Postgres(_) => postgres::read(self, also).await,
            Self::Mysql(_) => mysql::read(self).await,
        }
    }

    /// The names of all views, as entities call them.
    pub(crate) async fn view_names(&mut self) -> Result<Vec<String>> {
        let sql = match self {
            Self::Sqlite(_) => "SELECT name FROM sqlite_master WHERE type = 'view' ORDER BY name",
            Self::Postgres(_) => {
                "SELECT (CASE WHEN n.nspname = current_schema() THEN '' ELSE n.nspname || '.' END) || c.relname FROM pg_class c \
                 JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('v', 'm') \
                 AND n.nspname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1"
            }
            Self::Mysql(_) => {
                "SELECT CAST(table_name AS CHAR) FROM information_schema.views WHERE table_schema = DATABASE() ORDER BY 1"
            }
        };
        self.texts(sql).await.map_err(unreadable)
    }

    pub(crate) fn dialect(&self) -> Dialect {
        match self {
            Self::Sqlite(_) => Dialect::Sqlite,
            Self::Postgres(_) => Dialect::Postgres,
            Self::Mysql(_) => Dialect::Mysql,
        }
    }

    /// The rows of a query of one JSON object each.
    pub(super) async fn objects<T: DeserializeOwned>(&mut self, sql: &str) -> Result<Vec<T>> {
        let texts = self.texts(sql).await.map_err(unreadable)?;
        let rows = texts.iter().map(|text| serde_json::from_str(text));
        rows.collect::<Result<_, _>>().map_err(unreadable)
    }
}

pub(super) fn unreadable(error: impl Into<anyhow::Error>) -> Error {
    Error::from(
        error
            .into()
            .context("the database's catalogue cannot be read"),
    )
}

/// The schemas that tables are named with: `shop` of `shop.orders`.
pub(crate) fn schemas_of<'a>(tables: impl Iterator<Item = &'a String>) -> Vec<String> {
    let mut schemas: Vec<String> = tables
        .filter_map(|table| table.split_once('.'))
        .map(|(schema, _)| schema.to_owned())
        .collect();
    schemas.sort();
    schemas.dedup();
    schemas
}

/// Tables of migration tools.
pub(super) fn is_bookkeeping(table: &str) -> bool {
    let name = table.rsplit_once('.').map_or(table, |(_, name)| name);
    matches!(
        name,
        "_sqlx_migrations" | "seaql_migrations" | "sqlite_sequence"
    ) || name.starts_with("_luthier")
}

/// The action called `name` in SQL; nothing for the one that databases take by themselves.
fn action(name: &str) -> Option<Action> {
    match name {
        "CASCADE" => Some(Action::Cascade),
        "SET NULL" => Some(Action::SetNull),
        "SET DEFAULT" => Some(Action::SetDefault),
        "RESTRICT" => Some(Action::Restrict),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
