//! A live database as a schema, and in words what a schema cannot hold.
//!
//! Catalogues are asked for one JSON object a row, so that one way of reading serves all three.

mod catalogue;
mod live;
mod mysql;
mod postgres;
mod sqlite;

use super::Database;
use crate::error::Result;

pub(in crate::database) use catalogue::{is_bookkeeping, unreadable};
pub(in crate::database) use live::Introspect;
pub(crate) use live::{Live, schemas_of};

impl Database {
    /// Reads the catalogue: the tables of the schema that the connection works in, and of `also`, which only
    /// PostgreSQL knows. The tables that migration tools keep for themselves are left out.
    pub(crate) async fn introspect(&mut self, also: &[String]) -> Result<Live> {
        dispatch!(self, database => database.introspect(also).await)
    }
}

#[cfg(test)]
mod tests;
