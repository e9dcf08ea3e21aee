//! A generation as the proxy sees it: its address, and the number of requests in progress.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::sync::watch;

/// A generation that accepts requests.
#[derive(Debug)]
pub(in crate::devserver) struct Upstream {
    pub(in crate::devserver) number: u32,
    pub(in crate::devserver) address: SocketAddr,
    /// The number of requests in progress.
    busy: watch::Sender<usize>,
    /// Streams without an end of their own are to be cut.
    closed: watch::Sender<bool>,
}

/// The right to send one request; held until its response is complete.
#[derive(Debug)]
pub(in crate::devserver) struct Lease(Arc<Upstream>);

impl Upstream {
    pub(in crate::devserver) fn new(number: u32, address: SocketAddr) -> Arc<Self> {
        Arc::new(Self {
            number,
            address,
            busy: watch::Sender::new(0),
            closed: watch::Sender::new(false),
        })
    }

    pub(in crate::devserver) fn lease(self: &Arc<Self>) -> Lease {
        self.busy.send_modify(|count| *count += 1);
        Lease(Arc::clone(self))
    }

    /// Resolves when no request is in progress.
    pub(in crate::devserver) async fn idle(&self) {
        // The sender is ours: there is no error.
        let _ = self.busy.subscribe().wait_for(|count| *count == 0).await;
    }

    /// Resolves when a request is in progress.
    #[cfg(test)]
    pub(in crate::devserver) async fn is_busy(&self) {
        let _ = self.busy.subscribe().wait_for(|count| *count > 0).await;
    }

    /// Cuts the streams that have no end of their own.
    pub(in crate::devserver) fn close(&self) {
        self.closed.send_replace(true);
    }

    /// Resolves when [`Upstream::close`] has been called.
    pub(in crate::devserver) async fn closed(&self) {
        let _ = self.closed.subscribe().wait_for(|closed| *closed).await;
    }
}

impl Lease {
    pub(in crate::devserver) fn upstream(&self) -> &Arc<Upstream> {
        &self.0
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.0.busy.send_modify(|count| *count -= 1);
    }
}
