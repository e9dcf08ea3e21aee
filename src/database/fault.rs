//! Faults on request, for the tests: `LUTHIER_FAULT=query:7` ends the process before the seventh query of a migration
//! on MySQL, as abruptly as a kill. Not in release builds.

#[cfg(not(debug_assertions))]
pub(super) fn due() {}

#[cfg(debug_assertions)]
#[expect(
    clippy::disallowed_methods,
    reason = "a kill runs no destructor, and reads no settings"
)]
pub(super) fn due() {
    use std::sync::atomic::{AtomicU32, Ordering};
    static QUERIES: AtomicU32 = AtomicU32::new(0);

    let query = 1 + QUERIES.fetch_add(1, Ordering::Relaxed);
    let fault = std::env::var("LUTHIER_FAULT").unwrap_or_default();
    let wanted = fault
        .strip_prefix("query:")
        .and_then(|at| at.parse::<u32>().ok());
    if wanted == Some(query) {
        std::process::exit(137);
    }
}
