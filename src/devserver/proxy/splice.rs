//! HTTP/2 without TLS, as gRPC uses it: its connections are forwarded byte by byte.
//!
//! One connection carries many requests at once, so it stays with the generation that accepted it. That generation sends
//! GOAWAY when it is asked to exit, and the client opens another connection.

use std::time::Duration;

use tokio::net::TcpStream;

use super::switch::Switch;

/// The connection preface (RFC 9113, 3.4).
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
/// How often an incomplete preface is read again.
const CHECK_EVERY: Duration = Duration::from_millis(10);

/// Whether the client speaks HTTP/2; the stream is only peeked at.
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
        tokio::time::sleep(CHECK_EVERY).await;
    }
}

/// Copies bytes both ways until a side has ended. If no generation is up, the connection is closed without a message:
/// this protocol has no plain one.
pub(super) async fn splice(mut client: TcpStream, switch: &Switch) {
    // A generation that refuses has exited, and the event is on its way.
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
        // A stream that cannot be configured is closed, which the copy will notice.
        let _ = site.set_nodelay(true);
        // Such connections end when a side closes or breaks off.
        let _ = tokio::io::copy_bidirectional(&mut client, &mut site).await;
        return;
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncWriteExt;
    use tokio::net::TcpListener;

    use super::*;

    #[tokio::test]
    async fn a_preface_is_recognized_however_it_arrives() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        for (first, second, expected) in [
            ("PRI * HT", "TP/2.0\r\n\r\nSM\r\n\r\n", true),
            ("P", "OST / HTTP/1.1\r\n\r\n", false),
        ] {
            let mut client = TcpStream::connect(address).await.expect("connected");
            let (server, _) = listener.accept().await.expect("accepted");
            client.write_all(first.as_bytes()).await.expect("sent");
            server.readable().await.expect("readable");
            let mut speaks = std::pin::pin!(speaks_http2(&server));
            tokio::select! {
                biased;
                _ = &mut speaks => panic!("one part decides nothing"),
                () = std::future::ready(()) => {}
            }
            client.write_all(second.as_bytes()).await.expect("sent");
            assert_eq!(speaks.await, expected, "{first}{second}");
        }
    }
}
