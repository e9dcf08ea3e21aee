//! Listening, and stopping without leaving anybody hanging.

use std::io;

use axum::ServiceExt;
use axum::extract::Request;
use tokio::net::TcpListener;
use tokio::signal;

use crate::site::Service;

/// Serves until Ctrl-C or SIGTERM, then finishes the requests under way.
pub async fn serve(listener: TcpListener, service: Service) -> io::Result<()> {
    axum::serve(listener, ServiceExt::<Request>::into_make_service(service))
        .with_graceful_shutdown(asked_to_stop())
        .await
}

async fn asked_to_stop() {
    let interrupted = async {
        if let Err(error) = signal::ctrl_c().await {
            tracing::warn!("Ctrl-C will not be noticed: {error}");
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        () = interrupted => {}
        () = terminated() => {}
    }
    tracing::info!("stopping");
}

#[cfg(unix)]
async fn terminated() {
    match signal::unix::signal(signal::unix::SignalKind::terminate()) {
        Ok(mut terminate) => {
            terminate.recv().await;
        }
        Err(error) => {
            tracing::warn!("SIGTERM will not be noticed: {error}");
            std::future::pending::<()>().await;
        }
    }
}

#[cfg(not(unix))]
async fn terminated() {
    std::future::pending::<()>().await;
}
