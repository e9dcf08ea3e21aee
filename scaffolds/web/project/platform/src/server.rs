//! Listening, and stopping without leaving anybody hanging.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use axum::ServiceExt;
use axum::extract::Request;
use listenfd::ListenFd;
use tokio::net::TcpListener;
use tokio::signal;
use tokio::sync::oneshot;
use tokio::time::sleep;

use crate::site::Service;

/// How long those get who were being answered when the site is asked to stop: longer than any request may take.
const FAREWELL: Duration = Duration::from_secs(32);

/// Takes over the listener of whoever started the site (systemd, `luthier runserver`), or listens at `address`.
pub async fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    if let Some(listener) = ListenFd::from_env().take_tcp_listener(0)? {
        listener.set_nonblocking(true)?;
        return TcpListener::from_std(listener);
    }
    let listener = TcpListener::bind(address).await?;
    tracing::info!("serving on http://{}", listener.local_addr()?);
    Ok(listener)
}

/// Serves until Ctrl-C or SIGTERM, then finishes the requests under way.
pub async fn serve(listener: TcpListener, service: Service) -> io::Result<()> {
    // The listener queues what arrives from here on.
    #[cfg(unix)]
    if let Err(error) = sd_notify::notify(&[sd_notify::NotifyState::Ready]) {
        tracing::warn!("nobody hears that the site is ready: {error}");
    }
    let (stopping, stopped) = oneshot::channel();
    let serving = axum::serve(listener, ServiceExt::<Request>::into_make_service(service))
        .with_graceful_shutdown(async {
            asked_to_stop().await;
            let _ = stopping.send(());
        });
    let too_late = async {
        let _ = stopped.await;
        sleep(FAREWELL).await;
    };
    tokio::select! {
        done = serving.into_future() => done,
        // Somebody may have begun a request and never end it.
        () = too_late => {
            tracing::warn!("stopped, though somebody was still sending");
            Ok(())
        }
    }
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
