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
mod shared;
mod site_stream;
mod splice;
mod switch;
pub(super) mod upstream;

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};

use early_hints::{EarlyHints, WithHints};
use forward::Connection;
use shared::MOST_HEADERS;

pub(super) use shared::{MigrateRequest, Shared};
pub(super) use switch::{Destination, Switch};

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
