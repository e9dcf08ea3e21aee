//! A clean database of each kind, and what its catalogue knows, for comparing.

use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::{AssertSqlSafe, Connection, Executor, Row};

use super::super::{Dialect, Script};

pub(super) enum Server {
    Sqlite(sqlx::SqliteConnection),
    Postgres(sqlx::PgConnection, String),
    Mysql(sqlx::MySqlConnection, String),
}

/// Why a script did not run.
pub(super) enum Failure {
    /// The rows do not fit.
    Rows,
    Other(String),
}

static NUMBER: AtomicU32 = AtomicU32::new(0);

impl Server {
    pub(super) async fn open(dialect: Dialect) -> Self {
        let name = format!(
            "evolve_{}_{}",
            std::process::id(),
            NUMBER.fetch_add(1, Ordering::Relaxed)
        );
        match dialect {
            Dialect::Sqlite => {
                let connection = sqlx::SqliteConnection::connect("sqlite::memory:").await;
                Self::Sqlite(connection.expect("SQLite opens"))
            }
            Dialect::Postgres => {
                let url = dialect.test_server();
                let connection = sqlx::PgConnection::connect(&url).await;
                let mut connection = connection.expect("PostgreSQL answers");
                let sql = format!("CREATE SCHEMA {name}; SET search_path TO {name}");
                connection
                    .execute(AssertSqlSafe(sql))
                    .await
                    .expect("a schema");
                Self::Postgres(connection, name)
            }
            Dialect::Mysql => {
                let url = dialect.test_server();
                let connection = sqlx::MySqlConnection::connect(&url).await;
                let mut connection = connection.expect("MySQL answers");
                let sql = format!("CREATE DATABASE {name}; USE {name}");
                connection
                    .execute(AssertSqlSafe(sql))
                    .await
                    .expect("a database");
                Self::Mysql(connection, name)
            }
        }
    }

    pub(super) async fn close(self) {
        match self {
            Self::Sqlite(_) => {}
            Self::Postgres(mut connection, name) => {
                let sql = format!("DROP SCHEMA {name} CASCADE");
                connection
                    .execute(AssertSqlSafe(sql))
                    .await
                    .expect("it goes");
            }
            Self::Mysql(mut connection, name) => {
                let sql = format!("DROP DATABASE {name}");
                connection
                    .execute(AssertSqlSafe(sql))
                    .await
                    .expect("it goes");
            }
        }
    }

    pub(super) async fn execute(&mut self, sql: &str) -> Result<(), sqlx::Error> {
        let sql = AssertSqlSafe(sql.to_owned());
        match self {
            Self::Sqlite(connection) => connection.execute(sql).await.map(|_| ()),
            Self::Postgres(connection, _) => connection.execute(sql).await.map(|_| ()),
            Self::Mysql(connection, _) => connection.execute(sql).await.map(|_| ()),
        }
    }

    pub(super) async fn texts(&mut self, sql: &str) -> Vec<String> {
        let sql = AssertSqlSafe(sql.to_owned());
        let texts: Result<Vec<String>, sqlx::Error> = match self {
            Self::Sqlite(connection) => {
                let rows = connection.fetch_all(sql).await.expect("the query runs");
                rows.iter().map(|row| row.try_get(0)).collect()
            }
            Self::Postgres(connection, _) => {
                let rows = connection.fetch_all(sql).await.expect("the query runs");
                rows.iter().map(|row| row.try_get(0)).collect()
            }
            Self::Mysql(connection, _) => {
                let rows = connection.fetch_all(sql).await.expect("the query runs");
                rows.iter().map(|row| row.try_get(0)).collect()
            }
        };
        texts.expect("texts")
    }

    /// Runs a script as a migrator would.
    pub(super) async fn run(&mut self, script: &Script) -> Result<(), Failure> {
        let text = script.text("test");
        let own = script.no_transaction || matches!(self, Self::Mysql(..));
        let result = if own {
            self.execute(&text).await
        } else {
            self.execute(&format!("BEGIN;\n{text}COMMIT;\n")).await
        };
        let Err(error) = result else {
            return Ok(());
        };
        // Whatever transaction is open ends here, as the migrator ends it.
        let _ = self.execute("ROLLBACK").await;
        if let Self::Sqlite(_) = self {
            let pragma = self.execute("PRAGMA foreign_keys = ON").await;
            pragma.expect("a pragma");
        }
        Err(if is_about_rows(&error) {
            Failure::Rows
        } else {
            Failure::Other(format!("{error}\n{text}"))
        })
    }

    /// Tables, columns, keys and indexes as the database knows them, whatever the order of columns.
    pub(super) async fn shape(&mut self) -> Vec<String> {
        let (sql, name) = match self {
            Self::Sqlite(_) => (include_str!("shape_sqlite.sql"), String::new()),
            Self::Postgres(_, name) => (include_str!("shape_postgres.sql"), format!("{name}.")),
            Self::Mysql(_, name) => (include_str!("shape_mysql.sql"), format!("`{name}`.")),
        };
        let mut lines = self.texts(sql).await;
        for line in &mut lines {
            *line = line.replace(&name, "");
        }
        lines.sort();
        lines
    }
}

fn is_about_rows(error: &sqlx::Error) -> bool {
    let Some(database) = error.as_database_error() else {
        return false;
    };
    let message = database.message();
    if let Some(error) = database.try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>() {
        // Duplicate, out of range, incorrect, truncated, too long, a broken reference.
        return matches!(
            error.number(),
            1062 | 1264 | 1292 | 1366 | 1265 | 1406 | 1452 | 1138 | 1411 | 4025
        );
    }
    match database.code().as_deref() {
        // PostgreSQL: data exceptions and broken constraints.
        Some(code) if code.len() == 5 => code.starts_with("22") || code.starts_with("23"),
        _ => message.contains(" holds ") || message.contains("constraint failed"),
    }
}
