//! What flows while both sides are open: events, bodies, interim answers and other protocols.

use super::*;

#[tokio::test]
async fn another_protocol_passes_through_both_ways() {
    let speaks = |mut stream: TcpStream| async move {
        let head = head(&mut stream).await.expect("a request");
        assert!(
            head.to_ascii_lowercase().contains("upgrade: echo"),
            "{head}"
        );
        send(
            &mut stream,
            "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: echo\r\n\r\nhello",
        )
        .await;
        let (mut read, mut write) = stream.split();
        tokio::io::copy(&mut read, &mut write)
            .await
            .expect("echoed");
    };
    let (address, _, upstream) = before(site(speaks).await.0).await;
    let mut stream = connect(address).await;
    let ask = "GET /ws HTTP/1.1\r\nHost: here\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n";
    send(&mut stream, ask).await;
    let head = head(&mut stream).await.expect("an answer");
    assert!(head.starts_with("HTTP/1.1 101 "), "{head}");
    assert!(
        head.to_ascii_lowercase().contains("upgrade: echo"),
        "{head}"
    );
    assert_eq!(until(&mut stream, "hello").await.as_deref(), Some("hello"));
    send(&mut stream, "\0there").await;
    assert_eq!(
        until(&mut stream, "there").await.as_deref(),
        Some("\0there")
    );
    // A swap does not wait for it.
    upstream.idle().await;
    stream.shutdown().await.expect("closed");
    assert_eq!(rest(&mut stream).await, "");
}

#[tokio::test]
async fn a_stream_of_events_flows_and_ends_with_its_generation() {
    let speaks = |mut stream: TcpStream| async move {
        let _ = head(&mut stream).await;
        send(
            &mut stream,
            "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n9\r\ndata: 1\n\n\r\n",
        )
        .await;
        std::future::pending::<()>().await;
    };
    let (address, _, upstream) = before(site(speaks).await.0).await;
    let mut stream = connect(address).await;
    send(&mut stream, &GET.replace("close", "keep-alive")).await;
    assert!(until(&mut stream, "data: 1\n\n\r\n").await.is_some());
    upstream.idle().await;
    upstream.close();
    // A proper end, after which a browser asks again.
    assert_eq!(
        until(&mut stream, "0\r\n\r\n").await.as_deref(),
        Some("0\r\n\r\n")
    );
}

#[tokio::test]
async fn a_body_is_asked_for_when_the_site_asks_for_it() {
    let asks = |mut stream: TcpStream| async move {
        let head = head(&mut stream).await.expect("a request");
        if head.starts_with("PUT /no") {
            send(&mut stream, "HTTP/1.1 417 No\r\ncontent-length: 0\r\n\r\n").await;
            // Nothing else must come.
            let more = rest(&mut stream).await;
            assert_eq!(more, "");
            return;
        }
        send(&mut stream, "HTTP/1.1 100 Continue\r\n\r\n").await;
        let body = until(&mut stream, "body").await.expect("a body");
        let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\n{body}");
        send(&mut stream, &answer).await;
    };
    let (address, _, _) = before(site(asks).await.0).await;
    for (path, expected) in [("/yes", "HTTP/1.1 100 "), ("/no", "HTTP/1.1 417 ")] {
        let mut stream = connect(address).await;
        let ask = format!(
            "PUT {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n"
        );
        send(&mut stream, &ask).await;
        let said = head(&mut stream).await.expect("an answer");
        assert!(said.starts_with(expected), "{path}: {said}");
        if path == "/yes" {
            send(&mut stream, "body").await;
            let answer = until(&mut stream, "body").await.expect("an answer");
            assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
        }
    }
}

#[tokio::test]
async fn a_site_that_answers_early_and_closes_has_answered() {
    let (closed, mut is_closed) = mpsc::unbounded_channel();
    let hasty = move |mut stream: TcpStream| {
        let closed = closed.clone();
        async move {
            head(&mut stream).await.expect("a request");
            send(
                &mut stream,
                "HTTP/1.1 413 Too Large\r\nconnection: close\r\ncontent-length: 3\r\n\r\nbig",
            )
            .await;
            // Bytes of the body are left unread: the connection is reset.
            stream.readable().await.expect("a part of the body");
            drop(stream);
            closed.send(()).expect("heard");
        }
    };
    let (address, _, _) = before(site(hasty).await.0).await;
    let mut stream = connect(address).await;
    // The body is not read before it has been sent, again and again on one connection.
    for _ in 0..3 {
        send(
            &mut stream,
            "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3000000\r\n\r\n",
        )
        .await;
        send(&mut stream, &"a".repeat(100_000)).await;
        is_closed.recv().await.expect("the site closes it");
        send(&mut stream, &"a".repeat(2_900_000)).await;
        let answer = until(&mut stream, "big").await.expect("an answer");
        assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    }
}

#[tokio::test]
async fn bodies_flow_both_ways_at_once_and_end_with_trailers() {
    let heard = Arc::new(Mutex::new(String::new()));
    let hears = Arc::clone(&heard);
    let talks = move |mut stream: TcpStream| {
        let hears = Arc::clone(&hears);
        async move {
            head(&mut stream).await.expect("a request");
            send(
                &mut stream,
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ntrailer: x-back\r\n\r\n",
            )
            .await;
            until(&mut stream, "one\r\n").await.expect("the first part");
            send(&mut stream, "3\r\nuno\r\n").await;
            let end = until(&mut stream, "\r\n\r\n").await.expect("the rest");
            hears.lock().expect("no panic").push_str(&end);
            send(&mut stream, "0\r\nx-back: b\r\n\r\n").await;
        }
    };
    let (address, _, _) = before(site(talks).await.0).await;
    let mut stream = connect(address).await;
    send(
        &mut stream,
        "POST / HTTP/1.1\r\nHost: x\r\nTE: trailers\r\nTrailer: x-sum\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n",
    )
    .await;
    // The answer begins before the question has ended.
    let answer = until(&mut stream, "uno\r\n").await.expect("the first part");
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    send(&mut stream, "3\r\ntwo\r\n0\r\nx-sum: a\r\n\r\n").await;
    let end = until(&mut stream, "\r\n\r\n").await.expect("the end");
    assert!(end.contains("x-back: b"), "{end}");
    let heard = heard.lock().expect("no panic").clone();
    assert!(
        heard.contains("two") && heard.contains("x-sum: a"),
        "{heard}"
    );
}

#[tokio::test]
async fn http_2_passes_through_as_it_is() {
    let talk = |mut stream: TcpStream| async move {
        until(&mut stream, "\r\n\r\nSM\r\n\r\n")
            .await
            .expect("the preface");
        send(&mut stream, "settings").await;
        until(&mut stream, "request").await.expect("a request");
        send(&mut stream, "answer").await;
    };
    let (address, switch) = proxy().await;
    let mut stream = connect(address).await;
    // Before there is a site.
    send(&mut stream, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await;
    let upstream = Upstream::new(1, site(talk).await.0);
    switch.set(Destination::To(Arc::clone(&upstream)));
    assert!(until(&mut stream, "settings").await.is_some());
    // A swap does not wait for it.
    upstream.idle().await;
    send(&mut stream, "request").await;
    assert_eq!(rest(&mut stream).await, "answer");
}

#[tokio::test]
async fn early_hints_arrive_before_the_site_has_answered() {
    let (hints, finish) = patient(
        "HTTP/1.1 103 Early Hints\r\nlink: </style.css>; rel=preload\r\nconnection: x-own\r\nx-own: 1\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok",
    )
    .await;
    let (address, _, _) = before(hints).await;
    let mut stream = connect(address).await;
    send(&mut stream, &GET.replace("close", "keep-alive")).await;
    let early = head(&mut stream).await.expect("hints");
    assert!(early.starts_with("HTTP/1.1 103 Early Hints\r\n"), "{early}");
    assert!(early.contains("link: </style.css>; rel=preload"), "{early}");
    assert!(!early.contains("x-own"), "{early}");
    finish.send(true).expect("heard");
    let answer = until(&mut stream, "ok").await.expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    // Both at once, and on a connection that is used again.
    send(&mut stream, GET).await;
    let answers = rest(&mut stream).await;
    let (early, answer) = answers.split_once("\r\n\r\n").expect("two heads");
    assert!(early.starts_with("HTTP/1.1 103 "), "{answers}");
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answers}");
    // A client of HTTP/1.0 does not understand them.
    let answer = ask(address, "GET / HTTP/1.0\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.0 200 "), "{answer}");
}
