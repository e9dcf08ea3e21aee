//! Databases to try things on: SQLite, PostgreSQL and MySQL or MariaDB.

use sqlx::{AssertSqlSafe, Connection, Executor, Row};

use super::servers::{Mysql, Postgres};
use super::{Outcome, Sandbox};

/// An empty database. What keeps it there goes away with it.
pub(crate) struct Database {
    /// As the folder of its migrations is called: `sqlite`, `postgres` or `mysql`.
    pub(crate) dialect: &'static str,
    pub(crate) url: String,
    server: Server,
}

enum Server {
    File,
    Folder(Sandbox),
    Postgres { _database: Postgres },
    Mysql { _database: Mysql },
}

pub(crate) fn block_on<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.expect("a runtime").block_on(work)
}

/// Runs `$work` with `$connection` open, whatever the database is.
macro_rules! connected {
    ($database:expr, $connection:ident => $work:expr) => {
        block_on(async {
            match $database.dialect {
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
    /// The SQLite file that `url` names.
    pub(crate) fn of_file(url: String) -> Self {
        Self {
            dialect: "sqlite",
            url,
            server: Server::File,
        }
    }

    /// SQLite in `folder`, which goes away with it.
    pub(crate) fn of_folder(folder: Sandbox) -> Self {
        Self {
            dialect: "sqlite",
            url: format!("sqlite://{}?mode=rwc", folder.path("test.db").display()),
            server: Server::Folder(folder),
        }
    }

    pub(crate) fn postgres() -> Self {
        let database = Postgres::fresh();
        Self {
            dialect: "postgres",
            url: database.url(),
            server: Server::Postgres {
                _database: database,
            },
        }
    }

    pub(crate) fn mysql() -> Self {
        let database = Mysql::fresh();
        Self {
            dialect: "mysql",
            url: database.url(),
            server: Server::Mysql {
                _database: database,
            },
        }
    }

    /// Itself and one of each other kind.
    pub(crate) fn and_others(self) -> Vec<Self> {
        vec![self, Self::postgres(), Self::mysql()]
    }

    pub(crate) fn execute(&self, sql: &str) {
        let statements = AssertSqlSafe(sql);
        let done: Result<(), sqlx::Error> =
            connected!(self, connection => connection.execute(statements).await.map(|_| ()));
        done.unwrap_or_else(|error| panic!("{}: {sql}: {error}", self.dialect));
    }

    /// The rows of a query of one text column.
    pub(crate) fn texts(&self, sql: &str) -> Vec<String> {
        let query = AssertSqlSafe(sql);
        let rows: Result<Vec<String>, sqlx::Error> = connected!(self, connection => {
            let rows = connection.fetch_all(query).await?;
            rows.iter().map(|row| row.try_get(0)).collect()
        });
        rows.unwrap_or_else(|error| panic!("{}: {sql}: {error}", self.dialect))
    }

    /// Takes everything away that is in it.
    pub(crate) fn empty(&self) {
        match &self.server {
            Server::File => panic!("a file may be somebody else's"),
            Server::Folder(folder) => {
                folder.write("test.db", "");
            }
            Server::Postgres { .. } => {
                self.execute("DROP SCHEMA public CASCADE");
                self.execute("CREATE SCHEMA public");
            }
            Server::Mysql { .. } => {
                let name = self.url.rsplit('/').next().unwrap_or_default();
                self.execute(&format!("DROP DATABASE {name}; CREATE DATABASE {name}"));
            }
        }
    }

    /// Runs `luthier` on it.
    pub(crate) fn run(&self, sandbox: &Sandbox, args: &[&str]) -> Outcome {
        sandbox.run([args, &["--database-url", &self.url]].concat())
    }

    pub(crate) fn migrate(&self, sandbox: &Sandbox, args: &[&str]) -> Outcome {
        self.run(sandbox, &[&["migrate"], args].concat())
    }

    /// Runs sqlx's own migrator over the project's files.
    pub(crate) fn sqlx(&self, sandbox: &Sandbox) -> Result<(), sqlx::migrate::MigrateError> {
        let folder = sandbox.path(format!("migrations/{}", self.dialect));
        connected!(self, connection => {
            let migrator = sqlx::migrate::Migrator::new(folder).await?;
            migrator.run_direct(None, connection, false).await
        })
    }
}
