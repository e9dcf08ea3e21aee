//! `/healthz` and `/readyz`: for the machine that watches over this one.

use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context, ensure};
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use utoipa_axum::router::OpenApiRouter;

use crate::error::{Error, Result};
use crate::migrations;
use crate::site::Site;

/// Routes for both questions.
pub fn router() -> OpenApiRouter<Site> {
    OpenApiRouter::new()
        .route("/healthz", get(alive))
        .route("/readyz", get(ready))
}

/// The process is alive.
async fn alive() -> &'static str {
    "ok\n"
}

/// The database answers, and has seen every migration.
async fn ready(State(site): State<Site>) -> Result<&'static str> {
    match migrations::pending(&site.db, &site.migrations).await {
        Ok(0) => Ok("ok\n"),
        Ok(count) => Err(not_ready(format!("{count} migrations are pending."))),
        Err(error) => {
            tracing::error!("{error:#}");
            Err(not_ready("The database does not answer.".to_owned()))
        }
    }
}

fn not_ready(reason: String) -> Error {
    Error::Refused(StatusCode::SERVICE_UNAVAILABLE, reason)
}

/// Asks the site that listens on `address` whether it is alive: for a container, which holds no other program to ask
/// with.
///
/// # Errors
/// Nothing listens there, or it does not answer `200` within a few seconds.
pub fn check(mut address: SocketAddr) -> anyhow::Result<()> {
    if address.ip().is_unspecified() {
        address.set_ip(match address {
            SocketAddr::V4(_) => IpAddr::V4(Ipv4Addr::LOCALHOST),
            SocketAddr::V6(_) => IpAddr::V6(Ipv6Addr::LOCALHOST),
        });
    }
    let patience = Duration::from_secs(3);
    let mut site = TcpStream::connect_timeout(&address, patience)
        .with_context(|| format!("nothing listens on {address}"))?;
    site.set_read_timeout(Some(patience))?;
    write!(site, "GET /healthz HTTP/1.0\r\nHost: {address}\r\n\r\n")?;
    let mut answer = String::new();
    site.read_to_string(&mut answer)?;
    let status = answer.lines().next().unwrap_or_default();
    ensure!(status.contains(" 200 "), "the site answers `{status}`");
    Ok(())
}
