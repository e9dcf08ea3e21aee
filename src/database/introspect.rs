//! A live database as a schema, and in words what a schema cannot hold.
//!
//! Catalogues are asked for one JSON object a row, so that one way of reading serves all three.

mod mysql;
mod postgres;
mod sqlite;

use serde::de::DeserializeOwned;

use crate::error::{Error, Result};
use crate::schema::{Action, Schema};
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
    /// The table it belongs to; for a view, its own name.
    pub(crate) table: String,
    pub(crate) message: String,
}

impl Live {
    fn note(&mut self, table: &str, message: impl Into<String>) {
        self.notes.push(Note {
            table: table.to_owned(),
            message: message.into(),
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

    pub(crate) fn dialect(&self) -> Dialect {
        match self {
            Self::Sqlite(_) => Dialect::Sqlite,
            Self::Postgres(_) => Dialect::Postgres,
            Self::Mysql(_) => Dialect::Mysql,
        }
    }

    /// The rows of a query of one JSON object each.
    async fn objects<T: DeserializeOwned>(&mut self, sql: &str) -> Result<Vec<T>> {
        let texts = self.texts(sql).await.map_err(unreadable)?;
        let rows = texts.iter().map(|text| serde_json::from_str(text));
        rows.collect::<Result<_, _>>().map_err(unreadable)
    }
}

fn unreadable(error: impl Into<anyhow::Error>) -> Error {
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
fn is_bookkeeping(table: &str) -> bool {
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
