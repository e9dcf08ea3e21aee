//! Connect, introspect, execute: the only module that talks to databases.
//!
//! What is applied is recorded as sqlx 0.9 records it, so that `sqlx migrate` and a `Migrator` in the project's
//! own program agree with this tool in both directions.

mod dump;
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

use std::future::Future;
use std::time::Duration;

use futures_util::TryStreamExt;
use sqlx::{AssertSqlSafe, Executor};

use crate::error::{Error, Result};
use crate::migrations::{Applied, Loss, Step, Takeover};
use crate::operation::DataCheck;
use crate::sql::Dialect;

pub(crate) use dump::{Dump, is_seaorm_table};
pub(crate) use introspect::{Live, schemas_of};
pub(crate) use location::displayed;
pub(crate) use scratch::{Beside, Stop, with_scratch};

/// Where sqlx keeps its rows.
const TABLE: &str = "_sqlx_migrations";

/// An open connection.
pub(crate) enum Database {
    Sqlite(sqlite::Sqlite),
    Postgres(postgres::Postgres),
    Mysql(mysql::Mysql),
}

/// What all three can do alike. Where they differ, as in how they lock, a `match` says so.
macro_rules! dispatch {
    ($self:expr, $database:ident => $work:expr) => {
        match $self {
            Self::Sqlite($database) => $work,
            Self::Postgres($database) => $work,
            Self::Mysql($database) => $work,
        }
    };
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
        Error::bad_input(format_args!("`{scheme}:` is no database this tool knows"))
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
        let locked = match self {
            Self::Sqlite(database) => database.prepare(waiting).await,
            Self::Postgres(database) => database.lock(waiting).await,
            Self::Mysql(database) => database.lock(waiting).await,
        };
        locked.map_err(refused::with_way_out)
    }

    pub(crate) async fn unlock(&mut self) -> Result<()> {
        match self {
            Self::Sqlite(_) => Ok(()),
            Self::Postgres(database) => database.unlock().await,
            Self::Mysql(database) => database.unlock().await,
        }
    }

    /// Applies or takes back one migration with its row, in one transaction where the database can. `None` when
    /// another process did it meanwhile.
    pub(crate) async fn run(
        &mut self,
        step: &Step,
        waiting: Waiting<'_>,
        done: Done<'_>,
    ) -> Result<Option<Duration>> {
        match self {
            Self::Sqlite(database) => database.run(step, waiting, done).await,
            Self::Postgres(database) => database.run(step, done).await.map(Some),
            Self::Mysql(database) => database.run(step, done).await.map(Some),
        }
    }

    /// Puts the row of a squashed migration in the place of those that it stands for, in one transaction. `false`
    /// when another process did it meanwhile.
    pub(crate) async fn take_over(
        &mut self,
        takeover: &Takeover,
        waiting: Waiting<'_>,
    ) -> Result<bool> {
        match self {
            Self::Sqlite(database) => database.take_over(takeover, waiting).await,
            Self::Postgres(database) => database.take_over(takeover).await,
            Self::Mysql(database) => database.take_over(takeover).await,
        }
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
        match self {
            Self::Mysql(database) => database.character_sets().await,
            _ => Ok(CharacterSets::default()),
        }
    }

    /// What the catalogue knows, in sorted lines for a person: tables, columns, keys, indexes, enums, views, triggers;
    /// without the table of migrations, and whatever the order of columns.
    pub(crate) async fn shape(&mut self) -> Result<Vec<String>> {
        let sql = match self {
            Self::Sqlite(_) => include_str!("database/shape/sqlite.sql"),
            Self::Postgres(_) => include_str!("database/shape/postgres.sql"),
            Self::Mysql(_) => include_str!("database/shape/mysql.sql"),
        };
        let mut lines = self.texts(sql).await?;
        lines.sort();
        Ok(lines)
    }

    /// Runs one `INSERT`; how many rows it made.
    pub(crate) async fn insert(&mut self, sql: &'static str) -> Result<u64> {
        dispatch!(self, database => database.insert(sql).await)
    }

    pub(crate) async fn close(self) {
        dispatch!(self, database => database.close().await)
    }
}

/// Runs the statements of `sql` one after the other, and says after each how many are done.
async fn execute<'c, C>(connection: C, sql: &str, done: Done<'_>) -> Result<(), sqlx::Error>
where
    C: Executor<'c>,
{
    let mut results = connection.execute_many(AssertSqlSafe(sql.to_owned()));
    let mut number = 0;
    while results.try_next().await?.is_some() {
        number += 1;
        done(number);
    }
    Ok(())
}

/// The statement that deletes the rows that a takeover replaces.
fn deletion(takeover: &Takeover) -> String {
    let versions: Vec<String> = takeover.versions.iter().map(i64::to_string).collect();
    format!(
        "DELETE FROM {TABLE} WHERE version IN ({})",
        versions.join(", ")
    )
}

/// A step as sqlx's own migrator knows it.
fn migration(step: &Step) -> sqlx::migrate::Migration {
    use sqlx::SqlSafeStr;
    use sqlx::migrate::{Migration, MigrationType};
    let up = Migration::new(
        step.version,
        step.description.clone().into(),
        MigrationType::ReversibleUp,
        AssertSqlSafe(step.up.clone()).into_sql_str(),
        false,
    );
    let mut migration = Migration::new(
        step.version,
        step.description.clone().into(),
        MigrationType::ReversibleUp,
        AssertSqlSafe(step.sql.clone()).into_sql_str(),
        step.sql.starts_with("-- no-transaction"),
    );
    // Always that of the up file.
    migration.checksum = up.checksum;
    migration
}

/// The refusal of a step that would lose something, with the way out.
pub(crate) fn would_lose(step: &Step, losses: &[Loss]) -> Error {
    let messages: Vec<&str> = losses.iter().map(|loss| loss.message.as_str()).collect();
    let mut error = Error::failed(format_args!(
        "{} was not applied, it would lose what no migration names:\n  {}",
        step.name,
        messages.join("\n  ")
    ));
    let mut told: Vec<&str> = Vec::new();
    for loss in losses {
        if !told.contains(&loss.way_out.as_str()) {
            told.push(&loss.way_out);
            error = error.hint(&loss.way_out);
        }
    }
    let mut flags: Vec<String> = losses
        .iter()
        .map(|loss| format!("--accept-loss '{}'", loss.name))
        .collect();
    flags.dedup();
    let mut names: Vec<String> = losses
        .iter()
        .map(|loss| format!("\"{}\"", loss.name))
        .collect();
    names.dedup();
    error
        .hint(format!(
            "or accept the loss: luthier migrate {}",
            flags.join(" ")
        ))
        .hint(format!(
            "or on every database: `\"accepted_losses\": [{}]` in migrations/meta/{}.json, which `luthier makemigrations \
             --accept-loss` writes into a new migration",
            names.join(", "),
            step.name
        ))
}

/// What a database said about a migration, in its own words, after whose it was.
fn explain(step: &Step, cause: sqlx::Error, kept: &str) -> Error {
    let message = match &cause {
        sqlx::Error::Database(database) => {
            let mut text = database.message().to_owned();
            if let Some(postgres) = database.try_downcast_ref::<sqlx::postgres::PgDatabaseError>() {
                for more in [postgres.detail(), postgres.hint()].into_iter().flatten() {
                    text.push_str(&format!("; {more}"));
                }
                if let Some(sqlx::postgres::PgErrorPosition::Original(at)) = postgres.position() {
                    text.push_str(&format!(" (line {})", line_of(&step.sql, at)));
                }
            }
            text
        }
        other => other.to_string(),
    };
    let error =
        Error::from(anyhow::anyhow!("{message}").context(format!("{} failed; {kept}", step.name)));
    match refused::way_out(&cause) {
        Some(hint) => error.hint(hint),
        None => error,
    }
}

/// The line of the character number `at`, both from 1.
fn line_of(sql: &str, at: usize) -> usize {
    1 + sql
        .chars()
        .take(at.saturating_sub(1))
        .filter(|c| *c == '\n')
        .count()
}

/// A connection error with the URL's place, but never its password.
fn unreachable(url: &str, error: sqlx::Error) -> Error {
    let shown = location::displayed(url);
    let hint = match Dialect::of_url(url) {
        Some(Dialect::Sqlite) => "does its folder exist, and may this user write there?",
        _ => "is the server running, and is DATABASE_URL right?",
    };
    Error::from(anyhow::Error::new(error).context(format!("cannot connect to {shown}"))).hint(hint)
}

#[cfg(test)]
mod tests;
