//! SQLite: writers take turns; a migration and its row are one transaction, with foreign keys off where a table
//! is rebuilt.

use std::path::Path;
use std::str::FromStr;
use std::time::{Duration, Instant};

use sqlx::migrate::Migrate;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor, Row};

use crate::error::{Error, Result};
use crate::migrations::{Applied, Direction, Step, Takeover};
use crate::schema::hex;
use crate::sql::{self, Dialect, Frame, Statement};

use super::driver::{Done, Driver, TABLE, Waiting};
use super::errors::{explain, unreachable, would_lose};
use super::lock;
use super::statements::{self, execute, migration};
use super::takeover::exchange;

mod objects;
mod script;

use script::{Script, Stopped};

pub(crate) struct Sqlite {
    connection: SqliteConnection,
}

/// Whether there is a database at `url`; one in memory always is.
pub(super) fn exists(url: &str) -> Result<bool> {
    let options = SqliteConnectOptions::from_str(url).map_err(|error| unreachable(url, error))?;
    let path = options.get_filename();
    Ok(path == Path::new(":memory:") || path.exists() || url.contains("mode=memory"))
}

impl Sqlite {
    pub(super) async fn connect(url: &str, create: bool) -> Result<Self> {
        let options = SqliteConnectOptions::from_str(url)
            .map_err(|error| unreachable(url, error))?
            .create_if_missing(create)
            .foreign_keys(true)
            .busy_timeout(Duration::from_millis(500));
        let connection = options
            .connect()
            .await
            .map_err(|error| unreachable(url, error))?;
        Ok(Self { connection })
    }

    /// Starts a transaction that writes, as soon as nobody else does.
    async fn begin(&mut self, waiting: Waiting<'_>) -> Result<()> {
        lock::poll(
            &mut self.connection,
            waiting,
            async |connection: &mut SqliteConnection| match connection
                .execute("BEGIN IMMEDIATE")
                .await
            {
                Ok(_) => Ok(true),
                Err(error) if is_busy(&error) => Ok(false),
                Err(error) => Err(Error::from(error)),
            },
            async |_: &mut SqliteConnection| "another process is writing to the file".into(),
        )
        .await
    }

    async fn execute(&mut self, sql: &str) -> Result<(), sqlx::Error> {
        self.connection
            .execute(AssertSqlSafe(sql.to_owned()))
            .await?;
        Ok(())
    }

    /// Runs the statements and keeps the row; `false` where another process was faster.
    async fn in_transaction(
        &mut self,
        step: &Step,
        statements: &[Statement],
        done: Done<'_>,
    ) -> Result<bool, Stopped> {
        let there: i64 =
            sqlx::query_scalar("SELECT count(*) FROM _sqlx_migrations WHERE version = ?")
                .bind(step.version)
                .fetch_one(&mut self.connection)
                .await?;
        let wanted = match step.direction {
            Direction::Apply => 0,
            Direction::Revert => 1,
        };
        if there != wanted {
            return Ok(false);
        }
        let script = Script::new(&mut self.connection, step, statements);
        script.run(done).await?;
        match step.direction {
            Direction::Apply => self.insert_row(step).await?,
            Direction::Revert => self.delete_row(step).await?,
        }
        Ok(true)
    }

    /// A script that manages its own transaction, as written by hand.
    async fn run_as_is(&mut self, step: &Step, done: Done<'_>) -> Result<Duration> {
        let start = Instant::now();
        let result = execute(&mut self.connection, &step.sql, done).await;
        if let Err(error) = result {
            // It may have stopped inside of its own transaction, with foreign keys off.
            let _ = self.execute("ROLLBACK").await;
            let _ = self.execute("PRAGMA foreign_keys = ON").await;
            return Err(explain(
                step,
                error,
                "it manages its own transactions, so look at what it left",
            ));
        }
        match step.direction {
            Direction::Apply => self.insert_row(step).await?,
            Direction::Revert => self.delete_row(step).await?,
        }
        let elapsed = start.elapsed();
        self.record_time(step, elapsed).await?;
        Ok(elapsed)
    }

    async fn insert_row(&mut self, step: &Step) -> Result<(), sqlx::Error> {
        let migration = migration(step);
        sqlx::query(
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
             VALUES (?1, ?2, TRUE, ?3, -1)",
        )
        .bind(step.version)
        .bind(&step.description)
        .bind(&*migration.checksum)
        .execute(&mut self.connection)
        .await?;
        Ok(())
    }

    async fn delete_row(&mut self, step: &Step) -> Result<(), sqlx::Error> {
        sqlx::query("DELETE FROM _sqlx_migrations WHERE version = ?")
            .bind(step.version)
            .execute(&mut self.connection)
            .await?;
        Ok(())
    }

    async fn record_time(&mut self, step: &Step, elapsed: Duration) -> Result<(), sqlx::Error> {
        sqlx::query("UPDATE _sqlx_migrations SET execution_time = ? WHERE version = ?")
            .bind(i64::try_from(elapsed.as_nanos()).unwrap_or(i64::MAX))
            .bind(step.version)
            .execute(&mut self.connection)
            .await?;
        Ok(())
    }
}

impl Driver for Sqlite {
    const DIALECT: Dialect = Dialect::Sqlite;
    const SHAPE: &'static str = include_str!("shape/sqlite.sql");
    const VIEW_NAMES: &'static str =
        "SELECT name FROM sqlite_master WHERE type = 'view' ORDER BY name";

    async fn applied(&mut self) -> Result<Vec<Applied>> {
        let exists: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = '_sqlx_migrations'",
        )
        .fetch_one(&mut self.connection)
        .await?;
        if exists == 0 {
            return Ok(Vec::new());
        }
        let rows = sqlx::query(
            "SELECT version, description, CAST(installed_on AS TEXT), success, checksum \
             FROM _sqlx_migrations ORDER BY version",
        )
        .fetch_all(&mut self.connection)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(Applied {
                    version: row.try_get(0)?,
                    description: row.try_get(1)?,
                    installed_on: row.try_get(2)?,
                    success: row.try_get(3)?,
                    checksum: hex(row.try_get::<&[u8], _>(4)?),
                    interrupted: None,
                })
            })
            .collect()
    }

    /// There is no lock to take: each migration takes the file for itself.
    async fn lock(&mut self, waiting: Waiting<'_>) -> Result<()> {
        self.begin(waiting).await?;
        self.connection.ensure_migrations_table(TABLE).await?;
        self.execute("COMMIT").await?;
        Ok(())
    }

    async fn unlock(&mut self) -> Result<()> {
        Ok(())
    }

    async fn run(
        &mut self,
        step: &Step,
        waiting: Waiting<'_>,
        done: Done<'_>,
    ) -> Result<Option<Duration>> {
        let start = Instant::now();
        let (frame, statements) = match sql::read_script(&step.sql) {
            Ok(read) => read,
            Err(why) => {
                let message = format!("{} cannot be read: {why}", step.name);
                return Err(Error::failed(message));
            }
        };
        if frame == Frame::Own {
            return self.run_as_is(step, done).await.map(Some);
        }
        let keys_off = frame == Frame::WithoutForeignKeys;
        // Inside a transaction this pragma would mean nothing.
        if keys_off {
            self.execute("PRAGMA foreign_keys = OFF").await?;
        }
        self.begin(waiting).await?;
        let result = match self.in_transaction(step, &statements, done).await {
            Ok(true) => self
                .execute("COMMIT")
                .await
                .map(|()| true)
                .map_err(Stopped::Sql),
            Ok(false) => self
                .execute("ROLLBACK")
                .await
                .map(|()| false)
                .map_err(Stopped::Sql),
            Err(error) => {
                // The first error is the one to tell.
                let _ = self.execute("ROLLBACK").await;
                Err(error)
            }
        };
        if keys_off {
            self.execute("PRAGMA foreign_keys = ON").await?;
        }
        match result {
            Ok(true) => {
                let elapsed = start.elapsed();
                self.record_time(step, elapsed).await?;
                Ok(Some(elapsed))
            }
            Ok(false) => Ok(None),
            Err(Stopped::Sql(error)) => Err(explain(step, error, "nothing of it was kept")),
            Err(Stopped::Losses(losses)) => Err(would_lose(step, &losses)),
            Err(Stopped::Unfit(why)) => Err(Error::failed(format_args!(
                "{} does not fit this database, so it was not applied: {why}",
                step.name
            ))
            .hint("`luthier check --tag drift` tells what was changed past the migrations; bring that in order first")),
        }
    }

    async fn take_over(&mut self, takeover: &Takeover, waiting: Waiting<'_>) -> Result<bool> {
        self.begin(waiting).await?;
        let result = exchange(&mut self.connection, takeover).await;
        let end = if matches!(result, Ok(true)) {
            "COMMIT"
        } else {
            "ROLLBACK"
        };
        self.execute(end).await?;
        result
    }

    async fn fake(&mut self, step: &Step) -> Result<()> {
        match step.direction {
            Direction::Apply => self.insert_row(step).await?,
            Direction::Revert => self.delete_row(step).await?,
        }
        Ok(())
    }

    async fn texts(&mut self, sql: &str) -> Result<Vec<String>, sqlx::Error> {
        statements::texts(&mut self.connection, sql).await
    }

    async fn insert(&mut self, sql: &'static str) -> Result<u64> {
        Ok(statements::insert(&mut self.connection, sql).await?)
    }

    async fn close(self) {
        // Everything is committed; closing only tidies.
        let _ = self.connection.close().await;
    }
}

fn is_busy(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(|error| error.code());
    // SQLITE_BUSY and SQLITE_LOCKED, in their extended forms too.
    code.and_then(|code| code.parse::<u32>().ok())
        .is_some_and(|code| matches!(code & 0xff, 5 | 6))
}
