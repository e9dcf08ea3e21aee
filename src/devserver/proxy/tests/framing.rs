//! Requests whose length can be read in two ways never reach a site in two ways (RFC 9112, section 11.2).

use super::*;

/// A site that notes all bytes that it is sent, and answers each connection once.
async fn recorder() -> (SocketAddr, Arc<Mutex<String>>) {
    let heard = Arc::new(Mutex::new(String::new()));
    let notes = Arc::clone(&heard);
    let talk = move |mut stream: TcpStream| {
        let notes = Arc::clone(&notes);
        async move {
            let mut bytes = [0; 4096];
            while let Ok(length @ 1..) = stream.read(&mut bytes).await {
                let text = String::from_utf8_lossy(&bytes[..length]).into_owned();
                let ends = text.contains("\r\n\r\n");
                notes.lock().expect("no panic").push_str(&text);
                if ends {
                    let answer =
                        "HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
                    let _ = stream.write_all(answer.as_bytes()).await;
                }
            }
        }
    };
    (site(talk).await.0, heard)
}

const SMUGGLED: &str = "GET /smuggled HTTP/1.1\r\nHost: here\r\n\r\n";

#[tokio::test]
async fn a_length_that_can_be_read_in_two_ways_is_refused_or_said_in_one() {
    let length = SMUGGLED.len();
    let chunk = format!("{length:x}\r\n{SMUGGLED}\r\n0\r\n\r\n");
    let cases = [
        // Both lengths; the body ends where the chunks end.
        (
            format!("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n{chunk}"),
            "chunks beat a length",
        ),
        (
            format!(
                "Transfer-Encoding: chunked\r\nContent-Length: {length}\r\n\r\n0\r\n\r\n{SMUGGLED}"
            ),
            "chunks first",
        ),
        (
            format!("Content-Length: 0\r\nContent-Length: {length}\r\n\r\n{SMUGGLED}"),
            "two lengths",
        ),
        (
            format!("Content-Length: 0, {length}\r\n\r\n{SMUGGLED}"),
            "a list of lengths",
        ),
        (
            format!("Content-Length: +{length}\r\n\r\n{SMUGGLED}"),
            "a sign",
        ),
        (
            format!("Content-Length: 0x{length:x}\r\n\r\n{SMUGGLED}"),
            "another base",
        ),
        (
            format!("Content-Length : {length}\r\n\r\n{SMUGGLED}"),
            "a space before the colon",
        ),
        (
            format!("Content-Length:\r\n {length}\r\n\r\n{SMUGGLED}"),
            "a folded line",
        ),
        (
            format!("Transfer-Encoding: xchunked\r\n\r\n{SMUGGLED}"),
            "an unknown encoding",
        ),
        (
            format!("Transfer-Encoding: chunked, identity\r\n\r\n{chunk}"),
            "chunks that are not last",
        ),
        (
            format!("Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n\r\n{chunk}"),
            "two encodings",
        ),
        (
            format!("Transfer-Encoding: chunked\r\n\r\n-1\r\n{SMUGGLED}"),
            "a negative chunk",
        ),
        (
            format!("Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n{SMUGGLED}"),
            "a chunk beyond all",
        ),
        (
            format!("X: y\rContent-Length: {length}\r\n\r\n{SMUGGLED}"),
            "a bare carriage return",
        ),
        (format!("X\0: y\r\n\r\n{SMUGGLED}"), "a zero byte"),
    ];
    for (rest, name) in cases {
        let (site, heard) = recorder().await;
        let (address, _, _) = before(site).await;
        let mut stream = connect(address).await;
        let request = format!("POST / HTTP/1.1\r\nHost: here\r\nConnection: close\r\n{rest}");
        send(&mut stream, &request).await;
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        let answer = String::from_utf8_lossy(&answer);
        let heard = heard.lock().expect("no panic").to_lowercase();
        assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{name}: {answer}");
        let refused = answer.starts_with("HTTP/1.1 400 ");
        let Some((head, body)) = heard.split_once("\r\n\r\n") else {
            assert!(refused, "{name}: {answer}");
            continue;
        };
        // What was passed on has one length, and the smuggled text, if at all, inside of it.
        let lengths = head.matches("content-length").count();
        let chunks = head.matches("transfer-encoding: chunked").count();
        assert_eq!(
            head.matches("transfer-encoding").count(),
            chunks,
            "{name}: {head}"
        );
        assert!(lengths + chunks <= 1, "{name}: {head}");
        let inside = match (lengths, chunks) {
            (1, 0) => head.contains(&format!("content-length: {length}")),
            // A body that turns out to be wrong is never ended, so that nothing can follow.
            (0, 1) if refused => body.is_empty(),
            (0, 1) => body.starts_with(&format!("{length:x}\r\n")) || body.starts_with("0\r\n\r\n"),
            _ => !body.contains("smuggled"),
        };
        let after_the_end = body.strip_prefix("0\r\n\r\n").unwrap_or_default();
        assert!(inside && after_the_end.is_empty(), "{name}: {heard}");
    }
}
