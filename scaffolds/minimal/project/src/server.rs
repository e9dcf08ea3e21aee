//! Listening, and stopping without leaving anybody hanging.

use std::io::{self, Read, Write};
use std::time::Duration;

use listenfd::ListenFd;
use tokio::net::TcpListener;
use tokio::signal;

/// Where the service listens when nobody says otherwise.
const ADDRESS: &str = "127.0.0.1:8000";

/// Takes over the listener of whoever started the service (systemd, `luthier runserver`), or listens at `ADDRESS`.
pub async fn listen() -> io::Result<TcpListener> {
    if let Some(listener) = ListenFd::from_env().take_tcp_listener(0)? {
        listener.set_nonblocking(true)?;
        return TcpListener::from_std(listener);
    }
    TcpListener::bind(address()).await
}

/// Resolves at Ctrl-C or SIGTERM; requests under way are finished.
pub async fn asked_to_stop() {
    #[cfg(unix)]
    if let Ok(mut term) = signal::unix::signal(signal::unix::SignalKind::terminate()) {
        tokio::select! {
            _ = term.recv() => return,
            _ = signal::ctrl_c() => return,
        }
    }
    let _ = signal::ctrl_c().await;
}

/// Asks the service that runs on this machine whether it is alive: for a container, which holds no other program to
/// ask with.
pub fn check_health() -> io::Result<()> {
    let address = address().replace("0.0.0.0", "127.0.0.1");
    let mut service = std::net::TcpStream::connect(&address)?;
    service.set_read_timeout(Some(Duration::from_secs(3)))?;
    write!(service, "GET /healthz HTTP/1.0\r\nHost: {address}\r\n\r\n")?;
    let mut answer = String::new();
    service.read_to_string(&mut answer)?;
    match answer.lines().next() {
        Some(status) if status.contains(" 200 ") => Ok(()),
        status => Err(io::Error::other(format!("the service answers {status:?}"))),
    }
}

fn address() -> String {
    std::env::var("ADDRESS").unwrap_or_else(|_| ADDRESS.to_owned())
}
