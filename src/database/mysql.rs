//! MySQL and MariaDB: a named lock; DDL commits by itself, so a failure leaves its row marked.

use std::str::FromStr;
use std::time::Duration;

use sqlx::migrate::Migrate;
use sqlx::mysql::{MySqlConnectOptions, MySqlConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor, Row};

use crate::error::Result;
use crate::migrations::{Applied, Direction, Step};
use crate::schema::hex;

use super::{TABLE, Waiting, failed, lock, migration, unreachable};

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
            "SELECT version, description, CAST(installed_on AS CHAR), success, checksum \
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

    pub(super) async fn run(&mut self, step: &Step) -> Result<Duration> {
        let migration = migration(step);
        let result = match step.direction {
            Direction::Apply => self.connection.apply(TABLE, &migration).await,
            Direction::Revert => self.connection.revert(TABLE, &migration).await,
        };
        result.map_err(|error| {
            failed(
                step,
                error,
                "MySQL keeps what ran before the failing statement, so look at what it left",
            )
        })
    }

    pub(super) async fn fake(&mut self, step: &Step) -> Result<()> {
        match step.direction {
            Direction::Apply => self.connection.skip(TABLE, &migration(step)).await?,
            Direction::Revert => {
                sqlx::query("DELETE FROM _sqlx_migrations WHERE version = ?")
                    .bind(step.version)
                    .execute(&mut self.connection)
                    .await?;
            }
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

    pub(super) async fn close(self) {
        // The server notices a closed socket as well.
        let _ = self.connection.close().await;
    }
}
