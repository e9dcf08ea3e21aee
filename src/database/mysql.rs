//! MySQL and MariaDB: a named lock; DDL commits by itself, so a failure leaves its row marked.

use std::str::FromStr;
use std::time::{Duration, Instant};

use sqlx::migrate::Migrate;
use sqlx::mysql::{MySqlConnectOptions, MySqlConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor, Row};

use crate::error::Result;
use crate::migrations::{Applied, Direction, Interrupted, Step, Takeover};
use crate::schema::hex;

mod statements;

use statements::split;

use super::{Done, TABLE, Waiting, deletion, explain, failed, lock, migration, unreachable};

pub(crate) struct Mysql {
    connection: MySqlConnection,
    lock: String,
}

impl Mysql {
    pub(super) async fn connect(url: &str) -> Result<Self> {
        let options = MySqlConnectOptions::from_str(&url.replacen("mariadb:", "mysql:", 1))
            .map_err(|error| unreachable(url, error))?;
        let mut connection = options
            .connect()
            .await
            .map_err(|error| unreachable(url, error))?;
        let name: String = sqlx::query_scalar("SELECT DATABASE()")
            .fetch_one(&mut connection)
            .await?;
        Ok(Self {
            connection,
            lock: format!("{:x}", lock::number(&name)),
        })
    }

    pub(super) async fn applied(&mut self) -> Result<Vec<Applied>> {
        let exists: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM information_schema.tables \
             WHERE table_schema = DATABASE() AND table_name = '_sqlx_migrations'",
        )
        .fetch_one(&mut self.connection)
        .await?;
        if exists == 0 {
            return Ok(Vec::new());
        }
        let rows = sqlx::query(
            "SELECT version, description, CAST(installed_on AS CHAR), success, checksum, execution_time \
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
                    interrupted: Interrupted::of(row.try_get(5)?),
                })
            })
            .collect()
    }

    pub(super) async fn lock(&mut self, waiting: Waiting<'_>) -> Result<()> {
        let name = self.lock.clone();
        lock::poll(
            &mut self.connection,
            waiting,
            // A negative timeout would mean no lock at all on MariaDB.
            async |connection: &mut MySqlConnection| {
                let got: Option<i64> = sqlx::query_scalar("SELECT GET_LOCK(?, 1)")
                    .bind(&name)
                    .fetch_one(connection)
                    .await?;
                Ok(got == Some(1))
            },
            async |connection: &mut MySqlConnection| {
                let id: Result<Option<u64>, _> = sqlx::query_scalar("SELECT IS_USED_LOCK(?)")
                    .bind(&name)
                    .fetch_one(connection)
                    .await;
                match id {
                    Ok(Some(id)) => format!("connection {id}"),
                    _ => "another connection".into(),
                }
            },
        )
        .await?;
        self.connection.ensure_migrations_table(TABLE).await?;
        Ok(())
    }

    pub(super) async fn unlock(&mut self) -> Result<()> {
        sqlx::query("SELECT RELEASE_LOCK(?)")
            .bind(&self.lock)
            .execute(&mut self.connection)
            .await?;
        Ok(())
    }

    pub(super) async fn run(&mut self, step: &Step, done: Done<'_>) -> Result<Duration> {
        if let Some(statements) = split(&step.sql) {
            return self.run_counted(step, &statements, done).await;
        }
        let migration = migration(step);
        let result = match step.direction {
            Direction::Apply => self.connection.apply(TABLE, &migration).await,
            Direction::Revert => self.connection.revert(TABLE, &migration).await,
        };
        result.map_err(|error| {
            let kept = "MySQL keeps what ran before the failing statement, so look at what it left";
            failed(step, error, kept)
        })
    }

    /// Runs one statement after the other and writes down how far it got: MySQL cannot take statements back, so
    /// the next run goes on from there. For sqlx the migration has failed until it is done.
    async fn run_counted(
        &mut self,
        step: &Step,
        statements: &[&str],
        done: Done<'_>,
    ) -> Result<Duration> {
        let start = Instant::now();
        if step.resume.is_none() {
            self.mark_started(step).await?;
        }
        let first = step.resume.unwrap_or(0);
        for (number, statement) in statements.iter().enumerate().skip(first) {
            done(number);
            let result = self.carry_out(step, statement, number + 1).await;
            // A run that was killed may have got further than it could write down.
            let repeated = step.resume == Some(number);
            match result {
                Ok(()) => {}
                Err(error) if repeated && is_done_already(&error, statement) => {
                    self.note_progress(step, number + 1).await?;
                }
                Err(error) if number == 0 => {
                    self.mark_untouched(step).await?;
                    return Err(explain(step, error, "nothing of it was kept"));
                }
                Err(error) => {
                    let kept = format!(
                        "the {number} statements before it are kept, MySQL cannot take them back. `luthier migrate` \
                         goes on with statement {} of {}: {}",
                        number + 1,
                        statements.len(),
                        statement.lines().next().unwrap_or_default()
                    );
                    return Err(explain(step, error, &kept));
                }
            }
        }
        let elapsed = start.elapsed();
        match step.direction {
            Direction::Apply => {
                let nanos = i64::try_from(elapsed.as_nanos()).unwrap_or(i64::MAX);
                sqlx::query("UPDATE _sqlx_migrations SET success = TRUE, execution_time = ? WHERE version = ?")
                    .bind(nanos)
                    .bind(step.version)
                    .execute(&mut self.connection)
                    .await?;
            }
            Direction::Revert => self.delete_row(step).await?,
        }
        Ok(elapsed)
    }

    /// Runs one statement and writes down that `done` are done: in one transaction where it changes rows, since
    /// nothing tells whether such a statement has run before.
    async fn carry_out(
        &mut self,
        step: &Step,
        statement: &str,
        done: usize,
    ) -> Result<(), sqlx::Error> {
        if !changes_rows(statement) {
            self.execute(statement).await?;
            return self.note_progress(step, done).await;
        }
        self.execute("START TRANSACTION").await?;
        let mut result = self.execute(statement).await;
        if result.is_ok() {
            result = self.note_progress(step, done).await;
        }
        let end = if result.is_ok() { "COMMIT" } else { "ROLLBACK" };
        let ended = self.execute(end).await;
        result.and(ended)
    }

    async fn execute(&mut self, sql: &str) -> Result<(), sqlx::Error> {
        let sql = AssertSqlSafe(sql.to_owned());
        self.connection.execute(sql).await.map(|_| ())
    }

    async fn mark_started(&mut self, step: &Step) -> Result<()> {
        match step.direction {
            Direction::Apply => {
                sqlx::query(
                    "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                     VALUES (?, ?, FALSE, ?, ?)",
                )
                .bind(step.version)
                .bind(&step.description)
                .bind(&*migration(step).checksum)
                .bind(Interrupted::mark(step.direction, 0))
                .execute(&mut self.connection)
                .await?;
                Ok(())
            }
            Direction::Revert => Ok(self.note_progress(step, 0).await?),
        }
    }

    /// Puts the row back to what it was before the first statement.
    async fn mark_untouched(&mut self, step: &Step) -> Result<()> {
        match step.direction {
            Direction::Apply => self.delete_row(step).await,
            Direction::Revert => {
                sqlx::query("UPDATE _sqlx_migrations SET success = TRUE, execution_time = -1 WHERE version = ?")
                    .bind(step.version)
                    .execute(&mut self.connection)
                    .await?;
                Ok(())
            }
        }
    }

    async fn note_progress(&mut self, step: &Step, done: usize) -> Result<(), sqlx::Error> {
        sqlx::query(
            "UPDATE _sqlx_migrations SET success = FALSE, execution_time = ? WHERE version = ?",
        )
        .bind(Interrupted::mark(step.direction, done))
        .bind(step.version)
        .execute(&mut self.connection)
        .await?;
        Ok(())
    }

    async fn delete_row(&mut self, step: &Step) -> Result<()> {
        sqlx::query("DELETE FROM _sqlx_migrations WHERE version = ?")
            .bind(step.version)
            .execute(&mut self.connection)
            .await?;
        Ok(())
    }

    pub(super) async fn take_over(&mut self, takeover: &Takeover) -> Result<bool> {
        let mut transaction = self.connection.begin().await?;
        let sql = AssertSqlSafe(deletion(takeover));
        let gone = transaction.execute(sql).await?.rows_affected();
        if gone != takeover.versions.len() as u64 {
            transaction.rollback().await?;
            return Ok(false);
        }
        let row = migration(&takeover.step);
        transaction.skip(TABLE, &row).await?;
        transaction.commit().await?;
        Ok(true)
    }

    pub(super) async fn fake(&mut self, step: &Step) -> Result<()> {
        match step.direction {
            Direction::Apply => self.connection.skip(TABLE, &migration(step)).await?,
            Direction::Revert => self.delete_row(step).await?,
        }
        Ok(())
    }

    /// The rows of a query of one text column.
    pub(super) async fn texts(&mut self, sql: &str) -> Result<Vec<String>, sqlx::Error> {
        let rows = self
            .connection
            .fetch_all(AssertSqlSafe(sql.to_owned()))
            .await?;
        rows.iter().map(|row| row.try_get(0)).collect()
    }

    pub(super) async fn insert(&mut self, sql: &'static str) -> Result<u64> {
        let done = sqlx::query(sql).execute(&mut self.connection).await?;
        Ok(done.rows_affected())
    }

    pub(super) async fn close(self) {
        // The server notices a closed socket as well.
        let _ = self.connection.close().await;
    }
}

/// Whether a statement changes rows alone, so that a transaction can hold it.
fn changes_rows(statement: &str) -> bool {
    let word = statement.split_whitespace().next().unwrap_or_default();
    let words = ["INSERT", "UPDATE", "DELETE", "REPLACE", "WITH"];
    words.iter().any(|known| word.eq_ignore_ascii_case(known))
}

/// Whether a statement fails only because it has run before.
fn is_done_already(error: &sqlx::Error, statement: &str) -> bool {
    let code = error
        .as_database_error()
        .and_then(|error| error.try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>())
        .map(sqlx::mysql::MySqlDatabaseError::number);
    match code {
        // A table, column, index, primary or foreign key that exists, or is gone.
        Some(1050 | 1051 | 1060 | 1061 | 1068 | 1091 | 1022 | 1826 | 1005) => true,
        // The old name of something that has the new one.
        Some(1054 | 1146 | 1176) => statement.contains("RENAME "),
        _ => false,
    }
}
