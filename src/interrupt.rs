//! Ctrl-C and SIGTERM: put off while files are moved, immediate otherwise, until someone else takes over.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, Once, PoisonError};

use crate::error::{Error, Result};

/// Held by whoever may not be stopped: the work that is deferred to, or the end of the process.
static BUSY: Mutex<()> = Mutex::new(());
static REQUESTED: AtomicBool = AtomicBool::new(false);
static HANDED_OVER: AtomicBool = AtomicBool::new(false);

/// Does `work` to its end whatever signal comes; whoever needs to know asks [`stop_if_requested`].
pub(crate) fn deferred<T>(work: impl FnOnce() -> T) -> T {
    watch();
    let _busy = BUSY.lock().unwrap_or_else(PoisonError::into_inner);
    work()
}

/// An error if a signal came while it was deferred.
pub(crate) fn stop_if_requested() -> Result<()> {
    if REQUESTED.load(Ordering::SeqCst) {
        return Err(Error::failed("interrupted"));
    }
    Ok(())
}

/// From now on the caller listens for signals, and none of them ends the process from here.
pub(crate) fn hand_over() {
    HANDED_OVER.store(true, Ordering::SeqCst);
}

/// Ends the process in good order on a signal, unless work is [`deferred`] to.
#[expect(
    clippy::disallowed_methods,
    reason = "a signal ends the process from a thread that has no caller"
)]
pub(crate) fn watch() {
    static ONCE: Once = Once::new();
    if HANDED_OVER.load(Ordering::SeqCst) {
        return;
    }
    ONCE.call_once(|| {
        // Without a handler the default stays: the process ends at once, and the next run recovers.
        let _ = ctrlc::set_handler(|| {
            REQUESTED.store(true, Ordering::SeqCst);
            if HANDED_OVER.load(Ordering::SeqCst) {
                return;
            }
            // Kept to the end, so that no work starts in between.
            if let Ok(_busy) = BUSY.try_lock() {
                // Questions hide the cursor.
                let _ = dialoguer::console::Term::stderr().show_cursor();
                // 128 + SIGINT, as shells report it.
                std::process::exit(130);
            }
        });
    });
}
