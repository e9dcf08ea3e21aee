//! The owner of the public port: every request goes to the generation that serves now, or waits for one.
//!
//! A request reaches the site at most once. A request that was not sent yet (the connection was refused, or closed while
//! idle) goes to the next generation; one that the site may have read is never sent again.

mod body;
mod early_hints;
mod endpoints;
mod forward;
mod headers;
mod inject;
mod page;
pub(super) mod port;
mod splice;
pub(super) mod upstream;

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};

use super::browser::Pages;
use early_hints::{EarlyHints, WithHints};
pub(super) use endpoints::MigrateRequest;
use forward::Connection;
use upstream::{Lease, Upstream};

/// How many headers a message may have: more than servers accept by default, so that the site decides.
const MOST_HEADERS: usize = 1000;

/// Where requests go; all connections read it.
#[derive(Clone, Debug, Default)]
pub(super) enum Target {
    /// They wait.
    #[default]
    Hold,
    To(Arc<Upstream>),
    /// They are answered with the reason.
    Down(Arc<str>),
}

/// Sets the target for all connections. Clones are the same.
#[derive(Clone, Debug, Default)]
pub(super) struct Switch(Arc<watch::Sender<Target>>);

impl Switch {
    pub(super) fn set(&self, target: Target) {
        self.0.send_replace(target);
    }

    /// Waits for a generation; the error is the reason why there is none.
    ///
    /// The lease is taken under the lock that a swap needs: after a swap, no request can start on the old generation.
    async fn lease(&self) -> Result<Lease, Arc<str>> {
        let mut target = self.0.subscribe();
        loop {
            match &*target.borrow_and_update() {
                Target::Hold => {}
                Target::To(upstream) => return Ok(upstream.lease()),
                Target::Down(reason) => return Err(Arc::clone(reason)),
            }
            if target.changed().await.is_err() {
                return Err("the development server is stopping".into());
            }
        }
    }

    /// Resolves when this many requests wait for another target.
    #[cfg(test)]
    async fn is_waited_for(&self, requests: usize) {
        while self.0.receiver_count() < requests {
            tokio::task::yield_now().await;
        }
    }

    /// Waits until requests go elsewhere than to `number`, for a moment at most.
    async fn moved_on(&self, number: u32) {
        let mut target = self.0.subscribe();
        let elsewhere = target.wait_for(
            |target| !matches!(target, Target::To(upstream) if upstream.number == number),
        );
        let _ = tokio::time::timeout(Duration::from_millis(500), elsewhere).await;
    }
}

/// State that all connections share.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) switch: Switch,
    pub(super) pages: Pages,
    /// Whether pages get our script, which keeps them current.
    pub(super) reload: bool,
    /// The secret that our script sends; new in each run.
    pub(super) token: String,
    /// Names of this machine besides the local ones.
    pub(super) hosts: RwLock<Vec<String>>,
    /// Requests of pages to apply pending migrations.
    pub(super) migrate_requests: mpsc::UnboundedSender<MigrateRequest>,
}

impl Shared {
    pub(super) fn set_hosts(&self, hosts: Vec<String>) {
        *self.hosts.write().unwrap_or_else(PoisonError::into_inner) = hosts;
    }
}

/// Accepts connections until dropped.
pub(super) async fn run(listener: TcpListener, shared: Arc<Shared>) {
    loop {
        match listener.accept().await {
            Ok((stream, client)) => {
                tokio::spawn(serve(stream, client, Arc::clone(&shared)));
            }
            // Probably out of file descriptors: the connection waits in the queue.
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}

async fn serve(stream: TcpStream, client: SocketAddr, shared: Arc<Shared>) {
    // Small answers must not be delayed; a stream that cannot be configured is closed.
    let _ = stream.set_nodelay(true);
    if splice::speaks_http2(&stream).await {
        return splice::splice(stream, &shared.switch).await;
    }
    let hints = EarlyHints::default();
    let connection = Arc::new(Connection::new(client.ip(), hints.clone()));
    let service = service_fn(move |request: Request<Incoming>| {
        let (connection, shared) = (Arc::clone(&connection), Arc::clone(&shared));
        async move { Ok::<_, Infallible>(forward::answer(&connection, &shared, request).await) }
    });
    // Errors of a connection concern its client alone, which notices them itself.
    let _ = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(None)
        .preserve_header_case(true)
        .auto_date_header(false)
        .max_headers(MOST_HEADERS)
        // A client that has sent its request and closed its side still gets the response.
        .half_close(true)
        .serve_connection(WithHints::new(TokioIo::new(stream), hints), service)
        .with_upgrades()
        .await;
}

#[cfg(test)]
mod tests;
