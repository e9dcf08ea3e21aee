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
    let wish = std::env::var("LUTHIER_FAULT").unwrap_or_default();
    let wished = wish
        .strip_prefix("query:")
        .and_then(|at| at.parse::<u32>().ok());
    if wished == Some(query) {
        std::process::exit(137);
    }
}
