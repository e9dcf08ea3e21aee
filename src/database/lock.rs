//! How long to wait for others, and how to say so.

use std::future::Future;
use std::time::{Duration, Instant};

use crate::error::{Error, Result};

use super::driver::Waiting;

/// Long migrations exist; after this long something is stuck.
const PATIENCE: Duration = Duration::from_secs(15 * 60);
const PAUSE: Duration = Duration::from_millis(200);

/// sqlx's number for the lock of a database, so that its migrators and this tool wait for each other.
pub(super) fn number(database: &str) -> i64 {
    0x3d32_ad9e * i64::from(crc32fast::hash(database.as_bytes()))
}

/// Calls `attempt` until it says `true`; after the first refusal `holder` tells who is in the way.
pub(super) async fn poll<C>(
    connection: &mut C,
    waiting: Waiting<'_>,
    attempt: impl AsyncFn(&mut C) -> Result<bool>,
    holder: impl AsyncFn(&mut C) -> String,
) -> Result<()> {
    let start = Instant::now();
    let mut told = false;
    while !attempt(connection).await? {
        if !told {
            waiting(&holder(connection).await);
            told = true;
        }
        if start.elapsed() > PATIENCE {
            let who = holder(connection).await;
            return Err(Error::failed(format_args!(
                "another process is migrating this database: {who}"
            )));
        }
        pause().await;
    }
    Ok(())
}

pub(super) fn pause() -> impl Future<Output = ()> {
    tokio::time::sleep(PAUSE)
}
