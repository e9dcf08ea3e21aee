//! PostgreSQL: an advisory lock, and one transaction a migration.

use std::str::FromStr;
use std::time::{Duration, Instant};

use sqlx::migrate::Migrate;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor, Row};

use crate::error::Result;
use crate::migrations::{Applied, Direction, Loss, Step, Takeover};
use crate::schema::hex;
use crate::sql::statements::split;
use crate::sql::{Dialect, NO_TRANSACTION};

use super::driver::{Done, Driver, TABLE, Waiting};
use super::errors::{explain, unreachable};
use super::lock;
use super::losses::{Blocker, FindLosses, blockers, functions, hidden_rows};
use super::statements::{self, execute, migration};
use super::takeover::take_over;

mod aside;
mod kept;
mod marks;
mod rows;
mod stopped;
mod triggers;

use aside::put_aside;
use kept::Kept;
pub(super) use rows::json_rows;
use stopped::Stopped;
use triggers::Paused;

pub(crate) struct Postgres {
    connection: PgConnection,
    lock: i64,
}

impl Postgres {
    pub(super) async fn connect(url: &str) -> Result<Self> {
        let options = PgConnectOptions::from_str(url)
            .map_err(|error| unreachable(url, error))?
            .application_name("luthier migrate");
        let mut connection = options
            .connect()
            .await
            .map_err(|error| unreachable(url, error))?;
        // What the server's settings or the role's make of text is no matter of chance.
        connection
            .execute("SET standard_conforming_strings = on; SET datestyle = 'ISO, MDY'; SET intervalstyle = 'postgres'")
            .await?;
        let name: String = sqlx::query_scalar("SELECT current_database()")
            .fetch_one(&mut connection)
            .await?;
        Ok(Self {
            connection,
            lock: lock::number(&name),
        })
    }

    /// Runs each statement by itself: several at once would be a transaction to the server.
    async fn outside_of_transactions(&mut self, step: &Step, done: Done<'_>) -> Result<()> {
        let statements = split(Dialect::Postgres, &step.sql);
        for (number, statement) in statements.iter().enumerate() {
            done(number);
            let sql = AssertSqlSafe((*statement).to_owned());
            if let Err(error) = self.connection.execute(sql).await {
                let kept = format!(
                    "it runs outside of a transaction, so that the {number} statements before it are kept. This is statement \
                     {} of {}: {}",
                    number + 1,
                    statements.len(),
                    statement.lines().next().unwrap_or_default()
                );
                return Err(explain(step, error, &kept).hint(
                    "the next run begins with the first statement: `IF NOT EXISTS` and `IF EXISTS` let one that is done run \
                     again; an index that was being built concurrently is left invalid, drop it first",
                ));
            }
        }
        match step.direction {
            Direction::Apply => insert_row(&mut self.connection, step).await?,
            Direction::Revert => delete_row(&mut self.connection, step).await?,
        }
        Ok(())
    }

    async fn in_transaction(&mut self, step: &Step, done: Done<'_>) -> Result<(), Stopped> {
        let mut transaction = self.connection.begin().await?;
        // What waits for the end of the transaction would keep `ALTER TABLE` from running.
        transaction.execute("SET CONSTRAINTS ALL IMMEDIATE").await?;
        let views = clear_the_way(&mut transaction, step).await?;
        let kept = Kept::read(&mut transaction, step).await?;
        let aside = put_aside(&mut transaction, step).await?;
        let paused = Paused::pause(&mut transaction, step).await?;
        carry_out(&mut transaction, step, done).await?;
        paused.resume(&mut transaction).await?;
        for object in &aside {
            if let Err(error) = object.make_again(&mut transaction).await {
                let (kind, name) = (&object.kind, &object.name);
                return Err(Stopped::Again(format!("the {kind} `{name}`"), error));
            }
        }
        let mut losses = kept.restore(&mut transaction, step).await?;
        losses.retain(|loss| !loss.is_accepted(&step.accepted_losses));
        if !losses.is_empty() {
            return Err(Stopped::Losses(losses));
        }
        for view in &views {
            let statements = std::iter::once(&view.create).chain(&view.rest);
            for statement in statements {
                let sql = AssertSqlSafe(statement.clone());
                if let Err(error) = transaction.execute(sql).await {
                    return Err(Stopped::Again(format!("the view `{}`", view.name), error));
                }
            }
        }
        Ok(transaction.commit().await?)
    }

    /// Makes the functions that the checks of rows ask, for this connection alone: whether text is JSON, and bytes are text.
    pub(super) async fn prepare_checks(&mut self) {
        for (name, kind, attempt) in [
            ("luthier_is_json", "text", "PERFORM given::json"),
            (
                "luthier_is_text",
                "bytea",
                "PERFORM convert_from(given, 'UTF8')",
            ),
        ] {
            let sql = format!(
                "CREATE OR REPLACE FUNCTION pg_temp.{name}(given {kind}) RETURNS boolean LANGUAGE plpgsql AS $$ \
                 BEGIN {attempt}; RETURN TRUE; EXCEPTION WHEN OTHERS THEN RETURN FALSE; END $$"
            );
            // Without the right to make it, the migration itself tells.
            let _ = self.connection.execute(AssertSqlSafe(sql)).await;
        }
    }
}

impl FindLosses for Postgres {
    async fn find_losses(&mut self, step: &mut Step) -> Result<Vec<Loss>> {
        let mut losses = functions(&mut self.connection, step).await?;
        losses.extend(hidden_rows(&mut self.connection, step).await?);
        for blocker in blockers(&mut self.connection, step).await? {
            if !(step.recreate_views && blocker.is_view()) {
                losses.push(blocker.loss());
            }
        }
        Ok(losses)
    }
}

impl Driver for Postgres {
    const DIALECT: Dialect = Dialect::Postgres;
    const SHAPE: &'static str = include_str!("shape/postgres.sql");
    const VIEW_NAMES: &'static str = "SELECT (CASE WHEN n.nspname = current_schema() THEN '' ELSE n.nspname || '.' END) || c.relname FROM pg_class c \
         JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('v', 'm') \
         AND n.nspname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1";

    async fn applied(&mut self) -> Result<Vec<Applied>> {
        let exists: bool = sqlx::query_scalar("SELECT to_regclass('_sqlx_migrations') IS NOT NULL")
            .fetch_one(&mut self.connection)
            .await?;
        if !exists {
            return Ok(Vec::new());
        }
        let rows = sqlx::query(
            "SELECT version, description, to_char(installed_on AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS'), \
             success, checksum FROM _sqlx_migrations ORDER BY version",
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

    async fn lock(&mut self, waiting: Waiting<'_>) -> Result<()> {
        let number = self.lock;
        lock::poll(
            &mut self.connection,
            waiting,
            async |connection: &mut PgConnection| {
                Ok(sqlx::query_scalar("SELECT pg_try_advisory_lock($1)")
                    .bind(number)
                    .fetch_one(connection)
                    .await?)
            },
            async |connection: &mut PgConnection| holder(connection, number).await,
        )
        .await?;
        self.connection.ensure_migrations_table(TABLE).await?;
        Ok(())
    }

    async fn unlock(&mut self) -> Result<()> {
        sqlx::query("SELECT pg_advisory_unlock($1)")
            .bind(self.lock)
            .execute(&mut self.connection)
            .await?;
        Ok(())
    }

    async fn run(
        &mut self,
        step: &Step,
        _: Waiting<'_>,
        done: Done<'_>,
    ) -> Result<Option<Duration>> {
        let start = Instant::now();
        if step.sql.starts_with(NO_TRANSACTION) {
            self.outside_of_transactions(step, done).await?;
        } else {
            let result = self.in_transaction(step, done).await;
            result.map_err(|stopped| stopped.explain(step))?;
        }
        let elapsed = start.elapsed();
        // Nothing for the row of a migration that was taken back, which is gone.
        sqlx::query("UPDATE _sqlx_migrations SET execution_time = $1 WHERE version = $2")
            .bind(i64::try_from(elapsed.as_nanos()).unwrap_or(i64::MAX))
            .bind(step.version)
            .execute(&mut self.connection)
            .await?;
        Ok(Some(elapsed))
    }

    async fn take_over(&mut self, takeover: &Takeover, _: Waiting<'_>) -> Result<bool> {
        take_over(&mut self.connection, takeover).await
    }

    async fn fake(&mut self, step: &Step) -> Result<()> {
        match step.direction {
            Direction::Apply => insert_row(&mut self.connection, step).await?,
            Direction::Revert => delete_row(&mut self.connection, step).await?,
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
        // The server notices a closed socket as well.
        let _ = self.connection.close().await;
    }
}

/// Drops what keeps the columns from changing, as far as that was agreed to; the views that are to be made again.
async fn clear_the_way(
    connection: &mut PgConnection,
    step: &Step,
) -> Result<Vec<Blocker>, Stopped> {
    if step.accepted_losses.is_empty() && !step.recreate_views {
        return Ok(Vec::new());
    }
    let mut views = Vec::new();
    let mut found = blockers(connection, step).await?;
    // Views on views go first.
    while let Some(blocker) = found.pop() {
        let again = step.recreate_views && blocker.is_view();
        if again || blocker.loss().is_accepted(&step.accepted_losses) {
            connection
                .execute(AssertSqlSafe(blocker.drop.clone()))
                .await?;
        }
        if again {
            views.insert(0, blocker);
        }
    }
    Ok(views)
}

/// Runs the statements of `step`, and writes or deletes its row.
async fn carry_out(
    connection: &mut PgConnection,
    step: &Step,
    done: Done<'_>,
) -> Result<(), sqlx::Error> {
    execute(&mut *connection, &step.sql, done).await?;
    match step.direction {
        Direction::Apply => insert_row(connection, step).await,
        Direction::Revert => delete_row(connection, step).await,
    }
}

async fn insert_row(connection: &mut PgConnection, step: &Step) -> Result<(), sqlx::Error> {
    let migration = migration(step);
    sqlx::query(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         VALUES ($1, $2, TRUE, $3, -1)",
    )
    .bind(step.version)
    .bind(&step.description)
    .bind(&*migration.checksum)
    .execute(connection)
    .await?;
    Ok(())
}

async fn delete_row(connection: &mut PgConnection, step: &Step) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM _sqlx_migrations WHERE version = $1")
        .bind(step.version)
        .execute(connection)
        .await?;
    Ok(())
}

/// Who holds the advisory lock `number`: an answer for a person, so its own failure is one too.
async fn holder(connection: &mut PgConnection, number: i64) -> String {
    let row = sqlx::query(
        "SELECT a.pid, coalesce(nullif(a.application_name, ''), a.usename::text, '?'), \
                coalesce(a.client_addr::text, 'this machine'), to_char(a.backend_start, 'HH24:MI:SS') \
         FROM pg_locks l JOIN pg_stat_activity a USING (pid) \
         WHERE l.locktype = 'advisory' AND l.granted \
           AND (l.classid::bigint << 32 | l.objid::bigint) = $1",
    )
    .bind(number)
    .fetch_optional(connection)
    .await;
    match row {
        Ok(Some(row)) => {
            let pid: i32 = row.try_get(0).unwrap_or_default();
            let text = |at: usize| row.try_get::<String, _>(at).unwrap_or_default();
            format!(
                "`{}` from {} since {} (pid {pid})",
                text(1),
                text(2),
                text(3)
            )
        }
        _ => "another connection".into(),
    }
}
