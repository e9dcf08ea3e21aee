//! The one owner of the public port: every request goes to the generation that serves now, or waits for one.
//!
//! A request reaches the site at most once. What was not sent yet (the connection was refused, or closed while idle)
//! goes to the next generation; what may have been read by the site is never sent again.

mod body;
mod endpoints;
mod forward;
mod headers;
mod inject;
mod page;
mod splice;

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
use super::upstream::{Lease, Upstream};
pub(super) use endpoints::Wish;
use forward::Connection;

/// How many headers a message may have: more than a server takes by itself, so that it decides.
const MOST_HEADERS: usize = 1000;

/// Where requests go, for all connections to see.
#[derive(Clone, Debug, Default)]
pub(super) enum Target {
    /// They wait.
    #[default]
    Hold,
    To(Arc<Upstream>),
    /// They are told what is wrong.
    Down(Arc<str>),
}

/// What the proxy is told from outside, and tells its connections.
#[derive(Clone, Debug, Default)]
pub(super) struct Switch(Arc<watch::Sender<Target>>);

impl Switch {
    pub(super) fn set(&self, target: Target) {
        self.0.send_replace(target);
    }

    /// Waits for a generation; an error says why there is none.
    ///
    /// The lease is taken under the lock that a swap needs: after it, nobody is about to use the old generation.
    async fn lease(&self) -> Result<Lease, Arc<str>> {
        let mut target = self.0.subscribe();
        loop {
            match &*target.borrow_and_update() {
                Target::Hold => {}
                Target::To(upstream) => return Ok(upstream.lease()),
                Target::Down(why) => return Err(Arc::clone(why)),
            }
            if target.changed().await.is_err() {
                return Err("the development server is stopping".into());
            }
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

/// What all connections share.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) switch: Switch,
    pub(super) pages: Pages,
    /// Pages are given our script, which keeps them current.
    pub(super) reload: bool,
    /// What our script shows to be ours; new with each run.
    pub(super) token: String,
    /// Names of this machine besides those that always are.
    pub(super) hosts: RwLock<Vec<String>>,
    /// Where wishes of pages go.
    pub(super) wishes: mpsc::UnboundedSender<Wish>,
}

impl Shared {
    pub(super) fn set_hosts(&self, hosts: Vec<String>) {
        *self.hosts.write().unwrap_or_else(PoisonError::into_inner) = hosts;
    }
}

/// Takes connections until dropped.
pub(super) async fn run(listener: TcpListener, shared: Arc<Shared>) {
    loop {
        match listener.accept().await {
            Ok((stream, client)) => {
                tokio::spawn(serve(stream, client, Arc::clone(&shared)));
            }
            // Out of file handles, most likely: the connection waits in the queue.
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}

async fn serve(stream: TcpStream, client: SocketAddr, shared: Arc<Shared>) {
    // Small answers must not wait for one another; a stream that cannot is gone.
    let _ = stream.set_nodelay(true);
    if splice::speaks_http2(&stream).await {
        return splice::splice(stream, &shared.switch).await;
    }
    let connection = Arc::new(Connection::new(client.ip()));
    let service = service_fn(move |request: Request<Incoming>| {
        let (connection, shared) = (Arc::clone(&connection), Arc::clone(&shared));
        async move { Ok::<_, Infallible>(forward::answer(&connection, &shared, request).await) }
    });
    // What goes wrong with a connection concerns nobody but its client, who knows.
    let _ = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(None)
        .preserve_header_case(true)
        .auto_date_header(false)
        .max_headers(MOST_HEADERS)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades()
        .await;
}

#[cfg(test)]
mod tests;
