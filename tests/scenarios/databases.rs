//! One database on each server that there is, emptied between scenarios.

use sqlx::{AssertSqlSafe, Connection, Executor, Row};

use crate::common::servers::{Mysql, Postgres};
use crate::common::{Outcome, Sandbox};

/// An empty database. What keeps it there goes away with it.
pub(crate) struct Database {
    pub(crate) folder: &'static str,
    pub(crate) url: String,
    _server: Server,
}

enum Server {
    Sqlite { _folder: Sandbox },
    Postgres { _database: Postgres },
    Mysql { _database: Mysql },
}

pub(crate) fn block_on<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.expect("a runtime").block_on(work)
}

/// A database of each kind, as far as there are servers.
pub(crate) fn all() -> Vec<Database> {
    let folder = Sandbox::in_memory();
    let mut all = vec![Database {
        folder: "sqlite",
        url: format!("sqlite://{}?mode=rwc", folder.path("test.db").display()),
        _server: Server::Sqlite { _folder: folder },
    }];
    all.extend(Postgres::fresh().map(|database| Database {
        folder: "postgres",
        url: database.url(),
        _server: Server::Postgres {
            _database: database,
        },
    }));
    all.extend(Mysql::fresh().map(|database| Database {
        folder: "mysql",
        url: database.url(),
        _server: Server::Mysql {
            _database: database,
        },
    }));
    all
}

/// Runs `$work` with `$connection` open, whatever the database is.
macro_rules! connected {
    ($database:expr, $connection:ident => $work:expr) => {
        block_on(async {
            match $database.folder {
                "sqlite" => {
                    let $connection = &mut sqlx::SqliteConnection::connect(&$database.url).await?;
                    $work
                }
                "postgres" => {
                    let $connection = &mut sqlx::PgConnection::connect(&$database.url).await?;
                    $work
                }
                _ => {
                    let $connection = &mut sqlx::MySqlConnection::connect(&$database.url).await?;
                    $work
                }
            }
        })
    };
}

impl Database {
    pub(crate) fn execute(&self, statements: &[&str]) {
        for sql in statements {
            let sql = AssertSqlSafe(*sql);
            let done: Result<(), sqlx::Error> =
                connected!(self, connection => connection.execute(sql).await.map(|_| ()));
            done.unwrap_or_else(|error| panic!("{}: {statements:?}: {error}", self.folder));
        }
    }

    /// The rows of a query of one text column.
    pub(crate) fn texts(&self, sql: &str) -> Vec<String> {
        let query = AssertSqlSafe(sql);
        let rows: Result<Vec<String>, sqlx::Error> = connected!(self, connection => {
            let rows = connection.fetch_all(query).await?;
            rows.iter().map(|row| row.try_get(0)).collect()
        });
        let rows = rows.unwrap_or_else(|error| panic!("{}: {sql}: {error}", self.folder));
        rows.iter().map(|text| text.trim().to_owned()).collect()
    }

    /// Takes everything away that is in it.
    pub(crate) fn empty(&self) {
        match &self._server {
            Server::Sqlite { _folder: folder } => {
                folder.write("test.db", "");
            }
            Server::Postgres { .. } => {
                self.execute(&["DROP SCHEMA public CASCADE", "CREATE SCHEMA public"]);
            }
            Server::Mysql { .. } => {
                let name = self.url.rsplit('/').next().unwrap_or_default();
                self.execute(&[&format!("DROP DATABASE {name}; CREATE DATABASE {name}")]);
            }
        }
    }

    /// Tables, columns, keys and indexes as the database knows them, whatever the order of columns.
    pub(crate) fn shape(&self) -> Vec<String> {
        let mut lines = self.texts(match self.folder {
            "sqlite" => include_str!("../../src/sql/tests/shape_sqlite.sql"),
            "postgres" => include_str!("../../src/sql/tests/shape_postgres.sql"),
            _ => include_str!("../../src/sql/tests/shape_mysql.sql"),
        });
        lines.retain(|line| !line.contains("_sqlx_migrations"));
        lines.sort();
        lines
    }

    pub(crate) fn migrate(&self, sandbox: &Sandbox, args: &[&str]) -> Outcome {
        let own = ["--database-url", &self.url];
        sandbox.run([&["migrate"], args, &own].concat())
    }

    /// Runs sqlx's own migrator over the project's files.
    pub(crate) fn sqlx(&self, sandbox: &Sandbox) -> Result<(), sqlx::migrate::MigrateError> {
        let folder = sandbox.path(format!("migrations/{}", self.folder));
        connected!(self, connection => {
            let migrator = sqlx::migrate::Migrator::new(folder).await?;
            migrator.run_direct(None, connection, false).await
        })
    }

    /// The descriptions of the migrations that are recorded as done.
    pub(crate) fn recorded(&self) -> Vec<String> {
        self.texts("SELECT description FROM _sqlx_migrations WHERE success ORDER BY version")
    }
}
