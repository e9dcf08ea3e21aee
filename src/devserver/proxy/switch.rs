//! Where requests go, for all connections.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use super::upstream::{Lease, Upstream};

/// Where requests go; all connections read it.
#[derive(Clone, Debug, Default)]
pub(in crate::devserver) enum Destination {
    /// They wait.
    #[default]
    Hold,
    To(Arc<Upstream>),
    /// They are answered with the reason.
    Down(Arc<str>),
}

/// Sets the target for all connections. Clones are the same.
#[derive(Clone, Debug, Default)]
pub(in crate::devserver) struct Switch(Arc<watch::Sender<Destination>>);

impl Switch {
    pub(in crate::devserver) fn set(&self, target: Destination) {
        self.0.send_replace(target);
    }

    /// Waits for a generation; the error is the reason why there is none.
    ///
    /// The lease is taken under the lock that a swap needs: after a swap, no request can start on the old generation.
    pub(super) async fn lease(&self) -> Result<Lease, Arc<str>> {
        let mut target = self.0.subscribe();
        loop {
            match &*target.borrow_and_update() {
                Destination::Hold => {}
                Destination::To(upstream) => return Ok(upstream.lease()),
                Destination::Down(reason) => return Err(Arc::clone(reason)),
            }
            if target.changed().await.is_err() {
                return Err("the development server is stopping".into());
            }
        }
    }

    /// Resolves when this many requests wait for another target.
    #[cfg(test)]
    pub(super) async fn is_waited_for(&self, requests: usize) {
        while self.0.receiver_count() < requests {
            tokio::task::yield_now().await;
        }
    }

    /// Waits until requests go elsewhere than to `number`, for a moment at most.
    pub(super) async fn moved_on(&self, number: u32) {
        let mut target = self.0.subscribe();
        let elsewhere = target.wait_for(
            |target| !matches!(target, Destination::To(upstream) if upstream.number == number),
        );
        let _ = tokio::time::timeout(Duration::from_millis(500), elsewhere).await;
    }
}
