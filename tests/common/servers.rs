//! What some tests need besides Rust: a database server, a browser, a fuzzer.
//!
//! `scripts/test` provides all of it. Tests of a database server name its variable, `#[test_with::env(…)]`, and are
//! reported as ignored where it is not set. Of what is only a part of a test it is said past the test harness, which
//! would hide it, that it is missing. With `LUTHIER_REQUIRE_SERVERS` set all that is missing is a failure.

use std::io::Write;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor};

/// The name of a database that no other test of any process has.
fn name() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    format!("luthier_{}_{number}", std::process::id())
}

/// The URL of another database on the same server.
fn url(server: &str, name: &str) -> String {
    let (server, _) = server.rsplit_once('/').expect("a URL names a database");
    format!("{server}/{name}")
}

/// Runs a statement on a server.
fn execute<O: ConnectOptions>(server: &str, sql: &str)
where
    O::Connection: Sized,
    for<'c> &'c mut O::Connection: Executor<'c>,
{
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.expect("a runtime").block_on(async {
        let options: O = server.parse().expect("a URL");
        let mut connection = options.connect().await.expect("the server answers");
        connection.execute(AssertSqlSafe(sql)).await.expect(sql);
        connection.close().await.expect("the server says goodbye");
    });
}

/// A fresh database on the PostgreSQL server at `LUTHIER_TEST_POSTGRES`. Dropped when dropped.
pub(crate) struct Postgres {
    server: String,
    name: String,
}

impl Postgres {
    pub(crate) fn fresh() -> Self {
        let server = server("LUTHIER_TEST_POSTGRES");
        let database = Self {
            server,
            name: name(),
        };
        database.on_server(&format!(
            "DROP DATABASE IF EXISTS {} WITH (FORCE)",
            database.name
        ));
        database.on_server(&format!("CREATE DATABASE {}", database.name));
        database
    }

    pub(crate) fn url(&self) -> String {
        url(&self.server, &self.name)
    }

    fn on_server(&self, sql: &str) {
        execute::<sqlx::postgres::PgConnectOptions>(&self.server, sql);
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.on_server(&format!(
                "DROP DATABASE IF EXISTS {} WITH (FORCE)",
                self.name
            ));
        }
    }
}

/// A fresh database on the MySQL or MariaDB server at `LUTHIER_TEST_MYSQL`. Dropped when dropped.
pub(crate) struct Mysql {
    server: String,
    name: String,
}

impl Mysql {
    pub(crate) fn fresh() -> Self {
        let server = server("LUTHIER_TEST_MYSQL");
        let database = Self {
            server,
            name: name(),
        };
        database.on_server(&format!("DROP DATABASE IF EXISTS {}", database.name));
        // Not every server's own choice holds all of Unicode.
        let name = &database.name;
        database.on_server(&format!("CREATE DATABASE {name} CHARACTER SET utf8mb4"));
        database
    }

    pub(crate) fn url(&self) -> String {
        url(&self.server, &self.name)
    }

    fn on_server(&self, sql: &str) {
        execute::<sqlx::mysql::MySqlConnectOptions>(&self.server, sql);
    }
}

impl Drop for Mysql {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.on_server(&format!("DROP DATABASE IF EXISTS {}", self.name));
        }
    }
}

/// The fuzzer of HTTP interfaces, `schemathesis`.
pub(crate) fn schemathesis() -> Option<PathBuf> {
    wanted("LUTHIER_SCHEMATHESIS", "schemathesis").map(PathBuf::from)
}

/// The folder of the programs that judge what is generated, by `scripts/requirements.txt`: `hadolint`,
/// `kubernetes-validate`, `check-jsonschema`, `pyspdxtools`, and a `python` that knows CycloneDX.
pub(crate) fn validators() -> Option<PathBuf> {
    wanted("LUTHIER_VALIDATORS", "validators").map(PathBuf::from)
}

/// The web server `nginx`.
pub(crate) fn nginx() -> Option<PathBuf> {
    wanted("LUTHIER_NGINX", "nginx").map(PathBuf::from)
}

/// A browser that runs without a window: Chromium.
pub(crate) fn chromium() -> Option<PathBuf> {
    wanted("LUTHIER_CHROMIUM", "Chromium").map(PathBuf::from)
}

/// Which tests are ignored is decided when they are compiled, so they are compiled again when one of these changes.
const _: [Option<&str>; 2] = [
    option_env!("LUTHIER_TEST_POSTGRES"),
    option_env!("LUTHIER_TEST_MYSQL"),
];

/// Where a database server is.
fn server(variable: &str) -> String {
    std::env::var(variable).unwrap_or_else(|_| {
        panic!("set {variable} to the address of a server, or run scripts/test")
    })
}

/// Otherwise they would be ignored, which looks like success.
#[test]
fn servers_are_there_where_they_are_required() {
    if std::env::var_os("LUTHIER_REQUIRE_SERVERS").is_some() {
        for variable in ["LUTHIER_TEST_POSTGRES", "LUTHIER_TEST_MYSQL"] {
            server(variable);
        }
    }
}

/// The script of axe-core, which judges whether everybody can use a page. It may be missing even where servers are
/// required.
pub(crate) fn axe() -> Option<String> {
    let Ok(path) = std::env::var("LUTHIER_AXE") else {
        let message = "SKIPPED for want of axe-core: set LUTHIER_AXE, or run scripts/test";
        let _ = writeln!(std::io::stderr(), "{message}");
        return None;
    };
    Some(std::fs::read_to_string(path).expect("LUTHIER_AXE is a script"))
}

fn wanted(variable: &str, what: &str) -> Option<String> {
    let found = std::env::var(variable)
        .ok()
        .filter(|value| !value.is_empty());
    if found.is_none() {
        let message = format!("SKIPPED for want of {what}: set {variable}, or run scripts/test");
        assert!(
            std::env::var_os("LUTHIER_REQUIRE_SERVERS").is_none(),
            "{message}"
        );
        let _ = writeln!(std::io::stderr(), "{message}");
    }
    found
}
