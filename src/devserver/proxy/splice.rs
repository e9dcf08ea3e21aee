//! HTTP/2 without TLS, as gRPC speaks it: its connections pass through as they are.
//!
//! One connection carries many requests at once, so it belongs to the generation that took it. That says itself, when
//! it is asked to end, that it takes no more of them, and the client opens another.

use std::time::Duration;

use tokio::net::TcpStream;

use super::Switch;

/// What such a connection begins with (RFC 9113, 3.4).
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
/// How often a beginning is looked at that is not whole yet.
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// Whether the client speaks HTTP/2; nothing is taken from the stream.
pub(super) async fn speaks_http2(stream: &TcpStream) -> bool {
    let mut start = [0; PREFACE.len()];
    loop {
        let Ok(length @ 1..) = stream.peek(&mut start).await else {
            return false;
        };
        if start[..length] != PREFACE[..length] {
            return false;
        }
        if length == PREFACE.len() {
            return true;
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// Carries bytes both ways until a side has ended. A client that cannot be served is left without a word: there is no
/// plain one in this protocol.
pub(super) async fn splice(mut client: TcpStream, switch: &Switch) {
    // One that is refused has died, and the news is on its way.
    for _ in 0..3 {
        let Ok(lease) = switch.lease().await else {
            return;
        };
        let (number, address) = (lease.upstream().number, lease.upstream().address);
        let Ok(mut site) = TcpStream::connect(address).await else {
            drop(lease);
            switch.moved_on(number).await;
            continue;
        };
        drop(lease);
        // A stream that cannot is gone, which the copy will find out.
        let _ = site.set_nodelay(true);
        // A side that breaks off is how such connections end.
        let _ = tokio::io::copy_bidirectional(&mut client, &mut site).await;
        return;
    }
}
