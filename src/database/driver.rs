//! What each database does in its own way: one implementation a dialect.

use std::time::Duration;

use serde::de::DeserializeOwned;

use super::introspect::unreadable;
use crate::error::Result;
use crate::migrations::{Applied, Step, Takeover};
use crate::sql::Dialect;

/// Where sqlx keeps its rows.
pub(super) const TABLE: &str = "_sqlx_migrations";

/// A connection to a database of one dialect.
pub(super) trait Driver {
    const DIALECT: Dialect;
    /// The query that [`super::Database::shape`] is read by.
    const SHAPE: &'static str;
    /// The query for the names of all views, as entities call them.
    const VIEW_NAMES: &'static str;

    fn dialect(&self) -> Dialect {
        Self::DIALECT
    }

    fn shape(&self) -> &'static str {
        Self::SHAPE
    }

    fn view_names(&self) -> &'static str {
        Self::VIEW_NAMES
    }

    /// The rows of the migrations table, oldest first; none where there is no such table.
    async fn applied(&mut self) -> Result<Vec<Applied>>;

    /// Makes the migrations table where there is none, and keeps other migrators out until [`Driver::unlock`], where
    /// the database does not do that by itself.
    async fn lock(&mut self, waiting: Waiting<'_>) -> Result<()>;

    async fn unlock(&mut self) -> Result<()>;

    /// Applies or takes back one migration with its row, in one transaction where the database can. `None` when
    /// another process did it meanwhile.
    async fn run(
        &mut self,
        step: &Step,
        waiting: Waiting<'_>,
        done: Done<'_>,
    ) -> Result<Option<Duration>>;

    /// Puts the row of a squashed migration in the place of those that it stands for, in one transaction. `false`
    /// when another process did it meanwhile.
    async fn take_over(&mut self, takeover: &Takeover, waiting: Waiting<'_>) -> Result<bool>;

    /// Writes or deletes the row alone.
    async fn fake(&mut self, step: &Step) -> Result<()>;

    /// The rows of a query of one text column.
    async fn texts(&mut self, sql: &str) -> Result<Vec<String>, sqlx::Error>;

    /// The rows of a query of one JSON object each.
    async fn objects<T: DeserializeOwned>(&mut self, sql: &str) -> Result<Vec<T>> {
        let texts = self.texts(sql).await.map_err(unreadable)?;
        let rows = texts.iter().map(|text| serde_json::from_str(text));
        rows.collect::<Result<_, _>>().map_err(unreadable)
    }

    /// Runs one `INSERT`; how many rows it made.
    async fn insert(&mut self, sql: &'static str) -> Result<u64>;

    /// Where text is kept in another character set than utf8mb4, which only MySQL does.
    async fn character_sets(&mut self) -> Result<CharacterSets> {
        Ok(CharacterSets::default())
    }

    async fn close(self);
}

/// What is not in utf8mb4.
#[derive(Clone, Debug, Default)]
pub(crate) struct CharacterSets {
    /// The database's name and the character set of new tables.
    pub(crate) database: Option<(String, String)>,
    /// Tables and theirs.
    pub(crate) tables: Vec<(String, String)>,
}

/// Says, once, that someone else holds the lock, and who.
pub(crate) type Waiting<'a> = &'a (dyn Fn(&str) + Sync);

/// Says how many statements of a migration are done.
pub(crate) type Done<'a> = &'a (dyn Fn(usize) + Sync);
