//! Whether a site that has started is ready: what it answers to a request.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// How often a request is repeated that no site answered.
const ASK_EVERY: Duration = Duration::from_millis(5);
/// The longest status line that is read: `HTTP/1.1 200 …`.
const STATUS_LINE: usize = 12;

/// The status with which the site at `address` answers a GET request for `path`, as soon as it answers one.
pub(super) async fn status(address: SocketAddr, host: &str, path: &str) -> u16 {
    loop {
        if let Some(status) = ask(address, host, path).await {
            return status;
        }
        tokio::time::sleep(ASK_EVERY).await;
    }
}

async fn ask(address: SocketAddr, host: &str, path: &str) -> Option<u16> {
    let mut stream = TcpStream::connect(address).await.ok()?;
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: luthier\r\nAccept: */*\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await.ok()?;
    let mut start = [0; STATUS_LINE];
    stream.read_exact(&mut start).await.ok()?;
    let status = parse(&start);
    // A server that is cut off while it writes would report that.
    let _ = tokio::io::copy(&mut stream, &mut tokio::io::sink()).await;
    status
}

/// The status of the first bytes of an answer.
fn parse(start: &[u8; STATUS_LINE]) -> Option<u16> {
    let text = std::str::from_utf8(start).ok()?;
    let (version, status) = text.split_once(' ')?;
    version.starts_with("HTTP/1.").then_some(())?;
    status.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_status_is_read_from_the_start_of_an_answer() {
        for (start, expected) in [
            (b"HTTP/1.1 200", Some(200)),
            (b"HTTP/1.0 503", Some(503)),
            (b"SSH-2.0-Open", None),
            (b"HTTP/1.1 abc", None),
            (b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", None),
        ] {
            assert_eq!(parse(start), expected);
        }
    }
}
