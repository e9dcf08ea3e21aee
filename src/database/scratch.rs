//! Databases that live as long as one check: made beside a given one, and dropped again whatever happens.

use std::future::Future;
use std::str::FromStr;
use std::time::{SystemTime, UNIX_EPOCH};

use sqlx::mysql::MySqlConnectOptions;
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor};

use crate::error::{Error, Result};
use crate::interrupt;
use crate::sql::Dialect;

use super::dialect;
use super::errors::unreachable;

/// Where a scratch database is made.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Beside<'a> {
    /// In a temporary file, which needs no server.
    Nothing,
    /// On the server of this URL, beside the database that it names.
    Server(&'a str),
}

/// Makes a database, does `work` with its URL, and drops it: after success, failure and Ctrl-C alike.
///
/// # Errors
/// No database could be made, the work failed or was stopped, or the database could not be dropped.
pub(crate) async fn with_scratch<T>(
    beside: Beside<'_>,
    stop: &mut Stop,
    work: impl AsyncFnOnce(&str) -> Result<T>,
) -> Result<T> {
    let url = match beside {
        Beside::Nothing => {
            let folder = tempfile::Builder::new()
                .prefix("luthier-check-")
                .tempdir()?;
            let file = folder.path().join("scratch.db");
            let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&file);
            return stop.or(work(options.to_url_lossy().as_str())).await;
        }
        Beside::Server(url) => url,
    };
    let scratch = Scratch::create(url).await?;
    let result = stop.or(work(&scratch.url)).await;
    let dropped = scratch.drop().await;
    let result = result?;
    dropped?;
    Ok(result)
}

/// Listens for Ctrl-C, and whatever else asks to stop, from the start of a check to its end.
pub(crate) struct Stop {
    #[cfg(unix)]
    signals: [tokio::signal::unix::Signal; 2],
}

impl Stop {
    pub(crate) fn listen() -> Result<Self> {
        interrupt::hand_over();
        #[cfg(unix)]
        {
            use tokio::signal::unix::{SignalKind, signal};
            let signals = [
                signal(SignalKind::interrupt())?,
                signal(SignalKind::terminate())?,
            ];
            Ok(Self { signals })
        }
        #[cfg(not(unix))]
        Ok(Self {})
    }

    /// Does `work` to its end, or to the signal.
    async fn or<T>(&mut self, work: impl Future<Output = Result<T>>) -> Result<T> {
        tokio::select! {
            result = work => result,
            () = self.requested() => Err(Error::failed("interrupted")),
        }
    }

    #[cfg(unix)]
    async fn requested(&mut self) {
        let [interrupted, terminated] = &mut self.signals;
        tokio::select! {
            _ = interrupted.recv() => {}
            _ = terminated.recv() => {}
        }
    }

    #[cfg(not(unix))]
    async fn requested(&mut self) {
        let _ = tokio::signal::ctrl_c().await;
    }
}

struct Scratch<'a> {
    server: &'a str,
    name: String,
    url: String,
}

impl<'a> Scratch<'a> {
    async fn create(server: &'a str) -> Result<Self> {
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        let name = format!("luthier_check_{}_{:x}", std::process::id(), now.as_nanos());
        let url = renamed(server, &name).ok_or_else(|| {
            Error::bad_input(format_args!("`{server}` is not the URL of a server"))
                .hint("postgres://user@host/database or mysql://user@host/database")
        })?;
        let scratch = Self { server, name, url };
        scratch
            .tell(&format!("CREATE DATABASE {}", scratch.name))
            .await
            .map_err(|error| {
                error.hint(
                    "the user needs the right to make databases; it is dropped again at the end",
                )
            })?;
        Ok(scratch)
    }

    async fn drop(self) -> Result<()> {
        // Whoever is still connected came from here, and was interrupted.
        let force = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        let plain = format!("DROP DATABASE IF EXISTS {}", self.name);
        if dialect(self.server)? == Dialect::Postgres && self.tell(&force).await.is_ok() {
            return Ok(());
        }
        self.tell(&plain)
            .await
            .map_err(|error| error.hint(format!("drop the database {} by hand", self.name)))
    }

    /// Runs one statement on the server.
    async fn tell(&self, sql: &str) -> Result<()> {
        let lost = |error| unreachable(self.server, error);
        let sql = AssertSqlSafe(sql.to_owned());
        match dialect(self.server)? {
            Dialect::Postgres => {
                let options = PgConnectOptions::from_str(self.server).map_err(lost)?;
                let mut connection = options.connect().await.map_err(lost)?;
                connection.execute(sql).await?;
                connection.close().await?;
            }
            Dialect::Mysql => {
                let url = self.server.replacen("mariadb:", "mysql:", 1);
                let options = MySqlConnectOptions::from_str(&url).map_err(lost)?;
                let mut connection = options.connect().await.map_err(lost)?;
                connection.execute(sql).await?;
                connection.close().await?;
            }
            Dialect::Sqlite => {}
        }
        Ok(())
    }
}

/// The URL of another database on the same server.
fn renamed(url: &str, name: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
    let server = place.split('/').next().unwrap_or_default();
    // sqlx lets a parameter name the database as well.
    let kept: Vec<&str> = query
        .split('&')
        .filter(|pair| !pair.is_empty() && !pair.starts_with("dbname="))
        .collect();
    let query = match kept.as_slice() {
        [] => String::new(),
        kept => format!("?{}", kept.join("&")),
    };
    Some(format!("{scheme}://{server}/{name}{query}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_database_of_the_same_server_is_named() {
        for (url, expected) in [
            ("postgres://u:p@h:1/shop", "postgres://u:p@h:1/x"),
            ("postgres://h", "postgres://h/x"),
            (
                "postgresql:///shop?host=/run/pg&dbname=shop&sslmode=disable",
                "postgresql:///x?host=/run/pg&sslmode=disable",
            ),
            (
                "mysql://root@h:3306/shop?ssl-mode=DISABLED",
                "mysql://root@h:3306/x?ssl-mode=DISABLED",
            ),
        ] {
            assert_eq!(renamed(url, "x").as_deref(), Some(expected), "{url}");
        }
        assert_eq!(renamed("shop", "x"), None);
    }
}
