//! A generation as the proxy sees it: where it listens, and how many requests it has still to answer.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::sync::watch;

/// A generation that takes requests.
#[derive(Debug)]
pub(super) struct Upstream {
    pub(super) number: u32,
    pub(super) address: SocketAddr,
    /// Requests that are not answered to their end.
    busy: watch::Sender<usize>,
    /// Streams without an end of their own are cut.
    closed: watch::Sender<bool>,
}

/// The right to send one request; held until the answer is through.
#[derive(Debug)]
pub(super) struct Lease(Arc<Upstream>);

impl Upstream {
    pub(super) fn new(number: u32, address: SocketAddr) -> Arc<Self> {
        Arc::new(Self {
            number,
            address,
            busy: watch::Sender::new(0),
            closed: watch::Sender::new(false),
        })
    }

    pub(super) fn lease(self: &Arc<Self>) -> Lease {
        self.busy.send_modify(|count| *count += 1);
        Lease(Arc::clone(self))
    }

    /// Resolves when no request is under way.
    pub(super) async fn idle(&self) {
        // The sender is ours: there is no error.
        let _ = self.busy.subscribe().wait_for(|count| *count == 0).await;
    }

    /// Ends the streams that would go on for ever.
    pub(super) fn close(&self) {
        self.closed.send_replace(true);
    }

    /// Resolves when [`Upstream::close`] has been called.
    pub(super) async fn closed(&self) {
        let _ = self.closed.subscribe().wait_for(|closed| *closed).await;
    }
}

impl Lease {
    pub(super) fn upstream(&self) -> &Arc<Upstream> {
        &self.0
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.0.busy.send_modify(|count| *count -= 1);
    }
}
