//! Connect, introspect, execute: the only module that talks to databases.
//!
//! What is applied is recorded as sqlx 0.9 records it, so that `sqlx migrate` and a `Migrator` in the project's
//! own program agree with this tool in both directions.

/// Asks the implementation of the open database's dialect.
macro_rules! dispatch {
    ($self:expr, $database:ident => $work:expr) => {
        match $self {
            Self::Sqlite($database) => $work,
            Self::Postgres($database) => $work,
            Self::Mysql($database) => $work,
        }
    };
}

mod driver;
mod dump;
mod errors;
mod fault;
mod introspect;
mod location;
mod lock;
mod losses;
mod mysql;
mod obstacles;
mod postgres;
mod refused;
mod scratch;
mod sqlite;
mod statements;
mod takeover;

use std::future::Future;
use std::time::Duration;

use crate::error::{Error, Result};
use crate::migrations::{Applied, Loss, Step, Takeover};
use crate::operation::DataCheck;
use crate::sql::Dialect;
use driver::{Done, Driver, Waiting};
use introspect::unreadable;

pub(crate) use driver::CharacterSets;
pub(crate) use dump::{Dump, is_seaorm_history};
pub(crate) use errors::would_lose;
pub(crate) use introspect::{Live, schemas_of};
pub(crate) use location::displayed;
pub(crate) use scratch::{Beside, Stop, with_scratch};

/// An open connection.
pub(crate) enum Database {
    Sqlite(sqlite::Sqlite),
    Postgres(postgres::Postgres),
    Mysql(mysql::Mysql),
}

/// Runs `work` on a small runtime of its own: commands that need no database pay for none.
pub(crate) fn block_on<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(work)
}

/// The dialect of a URL.
///
/// # Errors
/// `BadInput` for schemes that name no database we know.
pub(crate) fn dialect(url: &str) -> Result<Dialect> {
    Dialect::of_url(url).ok_or_else(|| {
        let scheme = url.split(':').next().unwrap_or_default();
        Error::bad_input(format_args!(
            "`{scheme}:` is not a database that this tool knows"
        ))
        .hint("sqlite:…, postgres://… or mysql://…")
    })
}

impl Database {
    /// Connects; an SQLite file that does not exist is made.
    pub(crate) async fn connect(url: &str) -> Result<Self> {
        Ok(match dialect(url)? {
            Dialect::Sqlite => Self::Sqlite(sqlite::Sqlite::connect(url, true).await?),
            Dialect::Postgres => Self::Postgres(postgres::Postgres::connect(url).await?),
            Dialect::Mysql => Self::Mysql(mysql::Mysql::connect(url).await?),
        })
    }

    /// Connects to look only: `None` for an SQLite file that does not exist, which stays so.
    pub(crate) async fn look(url: &str) -> Result<Option<Self>> {
        if dialect(url)? == Dialect::Sqlite && !sqlite::exists(url)? {
            return Ok(None);
        }
        Self::connect(url).await.map(Some)
    }

    /// The rows of the migrations table, oldest first; none where there is no such table.
    pub(crate) async fn applied(&mut self) -> Result<Vec<Applied>> {
        dispatch!(self, database => database.applied().await)
    }

    /// Makes the migrations table where there is none, and keeps other migrators out until [`Database::unlock`].
    pub(crate) async fn lock(&mut self, waiting: Waiting<'_>) -> Result<()> {
        let locked = dispatch!(self, database => database.lock(waiting).await);
        locked.map_err(refused::with_way_out)
    }

    pub(crate) async fn unlock(&mut self) -> Result<()> {
        dispatch!(self, database => database.unlock().await)
    }

    /// Applies or takes back one migration with its row, in one transaction where the database can. `None` when
    /// another process did it meanwhile.
    pub(crate) async fn run(
        &mut self,
        step: &Step,
        waiting: Waiting<'_>,
        done: Done<'_>,
    ) -> Result<Option<Duration>> {
        dispatch!(self, database => database.run(step, waiting, done).await)
    }

    /// Puts the row of a squashed migration in the place of those that it stands for, in one transaction. `false`
    /// when another process did it meanwhile.
    pub(crate) async fn take_over(
        &mut self,
        takeover: &Takeover,
        waiting: Waiting<'_>,
    ) -> Result<bool> {
        dispatch!(self, database => database.take_over(takeover, waiting).await)
    }

    /// Writes or deletes the row alone.
    pub(crate) async fn fake(&mut self, step: &Step) -> Result<()> {
        dispatch!(self, database => database.fake(step).await)
    }

    /// What the rows hold against `step`, in sentences. A query that fails finds nothing: the migration itself
    /// will tell.
    pub(crate) async fn failing_checks(&mut self, step: &Step) -> Vec<String> {
        let accepted = |check: &DataCheck| match check {
            DataCheck::Changed(conversion) => step.accepted_losses.contains(&conversion.place()),
            _ => false,
        };
        let checks: Vec<DataCheck> = step
            .data_checks
            .iter()
            .filter(|check| !accepted(check))
            .cloned()
            .collect();
        let found = self.check_rows(&checks).await;
        found.into_iter().map(|(_, sentence)| sentence).collect()
    }

    /// The checks that find rows, with a sentence about them.
    pub(crate) async fn check_rows(&mut self, checks: &[DataCheck]) -> Vec<(DataCheck, String)> {
        let dialect = self.dialect();
        if let Self::Postgres(database) = self
            && checks
                .iter()
                .any(|check| matches!(check, DataCheck::Unreadable(_)))
        {
            database.prepare_checks().await;
        }
        let mut found = Vec::new();
        for check in checks {
            let (count, samples) = dialect.queries(check);
            let counted = self.texts(&count).await.unwrap_or_default();
            let Some(count) = counted.first().filter(|count| *count != "0") else {
                continue;
            };
            let samples = match samples {
                Some(samples) => self.texts(&samples).await.unwrap_or_default(),
                None => Vec::new(),
            };
            found.push((check.clone(), check.sentence(count, &samples)));
        }
        found
    }

    /// What `step` would take away or break without naming it: looked at before its first statement. What was accepted
    /// is left out, and taken out of the way where that is for this tool to do. SQLite tells in [`Database::run`], whose
    /// transaction is taken back then.
    pub(crate) async fn losses(&mut self, step: &mut Step) -> Result<Vec<Loss>> {
        let losses = self.losses_beforehand(step).await?;
        let dialect = self.dialect();
        let losses = losses.into_iter();
        let losses = losses.filter(|loss| !step.says(dialect, &loss.name));
        let is_accepted = |loss: &Loss| loss.is_accepted(&step.accepted_losses);
        let (accepted, refused): (Vec<Loss>, Vec<Loss>) = losses.partition(is_accepted);
        step.removals = accepted
            .into_iter()
            .filter_map(|loss| loss.removal)
            .collect();
        Ok(refused)
    }

    /// The rows of a query of one text column.
    pub(crate) async fn texts(&mut self, sql: &str) -> Result<Vec<String>, sqlx::Error> {
        dispatch!(self, database => database.texts(sql).await)
    }

    /// Where MySQL keeps text in another character set than utf8mb4.
    pub(crate) async fn character_sets(&mut self) -> Result<CharacterSets> {
        dispatch!(self, database => database.character_sets().await)
    }

    /// What the catalogue knows, in sorted lines for a person: tables, columns, keys, indexes, enums, views, triggers;
    /// without the table of migrations, and whatever the order of columns.
    pub(crate) async fn shape(&mut self) -> Result<Vec<String>> {
        let sql = dispatch!(self, database => database.shape());
        let mut lines = self.texts(sql).await?;
        lines.sort();
        Ok(lines)
    }

    /// The names of all views, as entities call them.
    pub(crate) async fn view_names(&mut self) -> Result<Vec<String>> {
        let sql = dispatch!(self, database => database.view_names());
        self.texts(sql).await.map_err(unreadable)
    }

    pub(crate) fn dialect(&self) -> Dialect {
        dispatch!(self, database => database.dialect())
    }

    /// Runs one `INSERT`; how many rows it made.
    pub(crate) async fn insert(&mut self, sql: &'static str) -> Result<u64> {
        dispatch!(self, database => database.insert(sql).await)
    }

    pub(crate) async fn close(self) {
        dispatch!(self, database => database.close().await)
    }
}

#[cfg(test)]
mod tests;
