//! `/healthz` and `/readyz`: for the machine that watches over this one.

use axum::extract::State;
use axum::http::StatusCode;

use crate::error::{Error, Result};
use crate::migrations;
use crate::site::Site;

/// The process is alive.
pub async fn alive() -> &'static str {
    "ok\n"
}

/// The database answers, and has seen every migration.
pub async fn ready(State(site): State<Site>) -> Result<&'static str> {
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
