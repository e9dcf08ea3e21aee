//! MySQL and MariaDB: a named lock, a session that does not depend on the server's settings, and the table of
//! migrations.

use std::str::FromStr;
use std::time::Duration;

use sqlx::migrate::Migrate;
use sqlx::mysql::{MySqlConnectOptions, MySqlConnection, MySqlRow};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor, Row};

use crate::error::Result;
use crate::migrations::{Applied, Direction, Interrupted, Step, Takeover};
use crate::schema::hex;
use crate::sql::Dialect;

mod effect;
mod progress;
mod proof;
mod rows;
mod run;
mod views;

use super::driver::{CharacterSets, Done, Driver, TABLE, Waiting};
use super::errors::unreachable;
use super::statements::{self, migration};
use super::takeover::take_over;
use super::{fault, lock};

/// Values that do not fit are errors, whatever the server is told to do with them; a row with the number 0 keeps it;
/// references and checks are looked at. What the server adds to this (`ANSI_QUOTES`, `NO_ZERO_DATE`) stays.
const SESSION: &str = "SET SESSION sql_mode = CONCAT_WS(',', REPLACE(REPLACE(@@sql_mode, 'NO_BACKSLASH_ESCAPES', ''), \
    'ALLOW_INVALID_DATES', ''), 'STRICT_ALL_TABLES,STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,\
    NO_ENGINE_SUBSTITUTION,NO_AUTO_VALUE_ON_ZERO'), \
    autocommit = 1, foreign_key_checks = 1, unique_checks = 1, sql_safe_updates = 0, sql_select_limit = 18446744073709551615";

/// What not every server has, or lets be set. A table of MyISAM would silently be without its foreign keys; with
/// `sql_if_exists` what is not there would silently be left alone.
const MORE: [&str; 6] = [
    "SET SESSION innodb_strict_mode = 1",
    "SET SESSION check_constraint_checks = 1",
    "SET SESSION explicit_defaults_for_timestamp = 1",
    "SET SESSION default_storage_engine = IF(@@default_storage_engine IN ('MyISAM', 'Aria', 'MEMORY', 'CSV', 'ARCHIVE', \
     'BLACKHOLE'), 'InnoDB', @@default_storage_engine)",
    "SET SESSION sql_if_exists = 0",
    "SET SESSION alter_algorithm = 'DEFAULT'",
];

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
        set_session(&mut connection).await?;
        let name: String = sqlx::query_scalar("SELECT DATABASE()")
            .fetch_one(&mut connection)
            .await?;
        Ok(Self {
            connection,
            lock: format!("{:x}", lock::number(&name)),
        })
    }

    async fn execute(&mut self, sql: &str) -> Result<(), sqlx::Error> {
        fault::due();
        let sql = AssertSqlSafe(sql.to_owned());
        self.connection.execute(sql).await.map(|_| ())
    }

    /// The first row of a query.
    async fn row(&mut self, sql: &str) -> Result<Option<MySqlRow>, sqlx::Error> {
        let sql = AssertSqlSafe(sql.to_owned());
        self.connection.fetch_optional(sql).await
    }

    async fn delete_row(&mut self, version: i64) -> Result<()> {
        fault::due();
        sqlx::query("DELETE FROM _sqlx_migrations WHERE version = ?")
            .bind(version)
            .execute(&mut self.connection)
            .await?;
        Ok(())
    }

    /// One value of a query of one row, whose column `at` is text.
    pub(super) async fn cell(&mut self, sql: &str, at: usize) -> Result<String, sqlx::Error> {
        let statement = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
        let row = statement.fetch_one(&mut self.connection).await?;
        row.try_get(at)
    }
}

impl Driver for Mysql {
    const DIALECT: Dialect = Dialect::Mysql;
    const SHAPE: &'static str = include_str!("shape/mysql.sql");
    const VIEW_NAMES: &'static str = "SELECT CAST(table_name AS CHAR) FROM information_schema.views WHERE table_schema = DATABASE() ORDER BY 1";

    async fn applied(&mut self) -> Result<Vec<Applied>> {
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
        let applied = rows.iter().map(|row| {
            Ok(Applied {
                version: row.try_get(0)?,
                description: row.try_get(1)?,
                installed_on: row.try_get(2)?,
                success: row.try_get(3)?,
                checksum: hex(row.try_get::<&[u8], _>(4)?),
                interrupted: Interrupted::from_execution_time(row.try_get(5)?),
            })
        });
        let mut applied: Vec<Applied> = applied.collect::<Result<_>>()?;
        for row in applied.iter_mut().filter(|row| !row.success) {
            if let Some(interrupted) = &mut row.interrupted {
                self.complete(row.version, interrupted).await?;
            }
        }
        Ok(applied)
    }

    async fn lock(&mut self, waiting: Waiting<'_>) -> Result<()> {
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

    async fn unlock(&mut self) -> Result<()> {
        sqlx::query("SELECT RELEASE_LOCK(?)")
            .bind(&self.lock)
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
        self.run_statements(step, done).await.map(Some)
    }

    async fn take_over(&mut self, takeover: &Takeover, _: Waiting<'_>) -> Result<bool> {
        take_over(&mut self.connection, takeover).await
    }

    async fn fake(&mut self, step: &Step) -> Result<()> {
        match step.direction {
            Direction::Apply => {
                // One that stopped half-way has a row.
                self.delete_row(step.version).await?;
                self.connection.skip(TABLE, &migration(step)).await?;
            }
            Direction::Revert => self.delete_row(step.version).await?,
        }
        self.end_progress(step.version).await
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

    async fn character_sets(&mut self) -> Result<CharacterSets> {
        let database: (String, String) = sqlx::query_as(
            "SELECT CAST(DATABASE() AS CHAR), CAST(@@character_set_database AS CHAR)",
        )
        .fetch_one(&mut self.connection)
        .await?;
        let tables: Vec<(String, String)> = sqlx::query_as(
            "SELECT CAST(t.table_name AS CHAR), CAST(SUBSTRING_INDEX(t.table_collation, '_', 1) AS CHAR) \
             FROM information_schema.tables t WHERE t.table_schema = DATABASE() AND t.table_type = 'BASE TABLE' \
             AND t.table_collation NOT LIKE 'utf8mb4%' ORDER BY t.table_name",
        )
        .fetch_all(&mut self.connection)
        .await?;
        Ok(CharacterSets {
            database: Some(database).filter(|(_, set)| set != "utf8mb4"),
            tables,
        })
    }
}

/// Makes a session that does not depend on the server's settings.
async fn set_session(connection: &mut MySqlConnection) -> Result<(), sqlx::Error> {
    connection.execute(SESSION).await?;
    for setting in MORE {
        // An error says that there is nothing to set.
        let _ = connection.execute(setting).await;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A server may be told to be lenient; sessions of this tool are not.
    #[test_with::env(LUTHIER_TEST_MYSQL)]
    #[tokio::test]
    async fn sessions_are_strict_whatever_the_server_is_told() {
        let url = crate::sql::Dialect::Mysql.test_server();
        let options = MySqlConnectOptions::from_str(&url).expect("a URL");
        let mut connection = options.connect().await.expect("the server answers");
        for lenient in ["", "NO_BACKSLASH_ESCAPES,ALLOW_INVALID_DATES"] {
            let sql = format!("SET SESSION sql_mode = '{lenient}', foreign_key_checks = 0");
            connection
                .execute(AssertSqlSafe(sql))
                .await
                .expect("a setting");
            for setting in [
                "SET SESSION default_storage_engine = MyISAM",
                "SET SESSION sql_select_limit = 1",
                "SET SESSION sql_if_exists = 1",
                "SET SESSION alter_algorithm = 'NOCOPY'",
            ] {
                // Not every server has these.
                let _ = connection.execute(setting).await;
            }
            set_session(&mut connection).await.expect("a session");
            let engine: String = sqlx::query_scalar("SELECT @@default_storage_engine")
                .fetch_one(&mut connection)
                .await
                .expect("a setting");
            assert_eq!(engine, "InnoDB");
            let rows = connection.fetch_all("SELECT 1 UNION SELECT 2").await;
            assert_eq!(rows.expect("two rows").len(), 2);
            let dropped = connection.execute("DROP TABLE nothing_of_this_name").await;
            assert!(dropped.is_err(), "what is not there is told");
            let sql = "CREATE TEMPORARY TABLE strict_test (d decimal(4, 1), e enum('a'), i tinyint, t date, s varchar(2))";
            connection.execute(sql).await.expect("a table");
            for (column, value) in [
                ("d", "12345.6"),
                ("e", "'b'"),
                ("i", "300"),
                ("i", "'x'"),
                ("t", "'2024-02-31'"),
                ("s", "'abc'"),
            ] {
                let sql = format!("INSERT INTO strict_test ({column}) VALUES ({value})");
                assert!(
                    connection
                        .execute(AssertSqlSafe(sql.clone()))
                        .await
                        .is_err(),
                    "{sql} after `{lenient}`"
                );
            }
            connection
                .execute("DROP TEMPORARY TABLE strict_test")
                .await
                .expect("it goes");
        }
    }
}
