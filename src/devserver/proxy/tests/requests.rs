//! Requests and answers of HTTP/1: what arrives on either side, and in which order.

use super::*;

#[tokio::test]
async fn a_request_arrives_as_it_was_sent() {
    let (address, _, _) = before(echo("site").await).await;
    let request = "GET /a%20b?c=%2F HTTP/1.1\r\nHost: site.local:8000\r\nX-Mine: 1\r\nOrigin: http://x\r\nConnection: close\r\n\r\n";
    let answer = ask(address, request).await;
    for expected in [
        "HTTP/1.1 200 OK\r\n",
        "GET /a%20b?c=%2F HTTP/1.1\r\n",
        "\r\nHost: site.local:8000\r\n",
        "\r\nX-Mine: 1\r\n",
        "\r\nOrigin: http://x\r\n",
        "\r\nx-forwarded-for: 127.0.0.1\r\n",
        "\r\nx-forwarded-host: site.local:8000\r\n",
        "\r\nx-forwarded-proto: http\r\n",
    ] {
        assert!(answer.contains(expected), "{expected:?}: {answer}");
    }
}

#[tokio::test]
async fn a_line_is_used_again_and_replaced_when_it_has_closed() {
    // Answers once, and closes the connection without a word.
    let (closed, mut is_closed) = mpsc::unbounded_channel();
    let curt = move |mut stream: TcpStream| {
        let closed = closed.clone();
        async move {
            if head(&mut stream).await.is_some() {
                send(
                    &mut stream,
                    "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok",
                )
                .await;
            }
            drop(stream);
            let _ = closed.send(());
        }
    };
    let (curt, count) = site(curt).await;
    let (address, switch, _) = before(curt).await;
    let mut stream = connect(address).await;
    for _ in 0..3 {
        send(&mut stream, &GET.replace("close", "keep-alive")).await;
        assert!(until(&mut stream, "ok").await.is_some());
        is_closed.recv().await.expect("the site closes it");
    }
    assert_eq!(count.load(Ordering::SeqCst), 3);

    let keeps = |mut stream: TcpStream| async move {
        while head(&mut stream).await.is_some() {
            send(
                &mut stream,
                "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok",
            )
            .await;
        }
    };
    let (keeps, count) = site(keeps).await;
    switch.set(Destination::To(Upstream::new(2, keeps)));
    for _ in 0..3 {
        send(&mut stream, &GET.replace("close", "keep-alive")).await;
        assert!(until(&mut stream, "ok").await.is_some());
    }
    assert_eq!(count.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn an_old_client_gets_an_answer_it_understands() {
    let chunks = |mut stream: TcpStream| async move {
        let head = head(&mut stream).await.expect("a request");
        assert!(head.starts_with("GET / HTTP/1.1"), "{head}");
        send(
            &mut stream,
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n",
        )
        .await;
    };
    let (address, _, _) = before(site(chunks).await.0).await;
    let answer = ask(address, "GET / HTTP/1.0\r\n\r\n").await;
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
    assert!(
        !head.to_ascii_lowercase().contains("transfer-encoding"),
        "{head}"
    );
    assert_eq!(body, "onetwo");
}

#[tokio::test]
async fn answers_without_a_body_keep_their_headers() {
    let says = |mut stream: TcpStream| async move {
        while let Some(head) = head(&mut stream).await {
            let answer = match head.split(' ').next() {
                Some("HEAD") => "HTTP/1.1 200 OK\r\ncontent-length: 12345\r\n\r\n",
                _ => "HTTP/1.1 304 Not Modified\r\netag: \"e\"\r\n\r\n",
            };
            send(&mut stream, answer).await;
        }
    };
    let (address, _, _) = before(site(says).await.0).await;
    let head = ask(address, &GET.replace("GET", "HEAD")).await;
    assert!(head.contains("content-length: 12345"), "{head}");
    let unchanged = ask(address, GET).await;
    assert!(unchanged.starts_with("HTTP/1.1 304 "), "{unchanged}");
    assert!(unchanged.contains("etag: \"e\""), "{unchanged}");
}

#[tokio::test]
async fn requests_in_a_row_are_answered_in_their_order() {
    let (address, _, _) = before(echo("site").await).await;
    let asked = ["/first", "/second", "/third"]
        .map(|path| {
            GET.replace("GET /", &format!("GET {path}"))
                .replace("close", "keep-alive")
        })
        .concat();
    let answer = ask(address, &format!("{asked}{GET}")).await;
    let places =
        ["GET /first ", "GET /second ", "GET /third ", "GET / "].map(|line| answer.find(line));
    assert!(
        places.is_sorted() && places[0].is_some(),
        "{places:?}: {answer}"
    );
}

#[tokio::test]
async fn many_and_long_headers_pass_both_ways() {
    let talk = |mut stream: TcpStream| async move {
        let head = head(&mut stream).await.expect("a request");
        let cookies: String = head
            .lines()
            .filter_map(|line| line.strip_prefix("X-Many-"))
            .map(|line| format!("set-cookie: many-{}\r\n", line.replace(": ", "=")))
            .collect();
        let answer = format!("HTTP/1.1 200 OK\r\n{cookies}content-length: 0\r\n\r\n");
        send(&mut stream, &answer).await;
    };
    let (address, _, _) = before(site(talk).await.0).await;
    let many: String = (0..300)
        .map(|number| format!("X-Many-{number}: {}\r\n", "v".repeat(500)))
        .collect();
    let answer = ask(address, &GET.replace("Host", &format!("{many}Host"))).await;
    assert_eq!(answer.matches("set-cookie: many-").count(), 300);
}

#[tokio::test]
async fn a_client_that_has_closed_its_side_gets_its_answer() {
    let (address, switch) = proxy().await;
    let mut stream = connect(address).await;
    send(&mut stream, GET).await;
    stream.shutdown().await.expect("closed");
    // The site comes up after the client has closed its side.
    switch.is_waited_for(1).await;
    switch.set(Destination::To(Upstream::new(1, echo("site").await)));
    let answer = rest(&mut stream).await;
    assert!(answer.contains("site\nGET / HTTP/1.1"), "{answer}");
}

#[tokio::test]
async fn requests_without_exactly_one_host_are_refused() {
    let (address, _, _) = before(echo("site").await).await;
    for (hosts, expected) in [
        ("", "400"),
        ("Host: a\r\nHost: b\r\n", "400"),
        ("Host: a b\r\n", "400"),
        ("Host: a\r\n", "200"),
    ] {
        let answer = ask(
            address,
            &format!("GET / HTTP/1.1\r\n{hosts}Connection: close\r\n\r\n"),
        )
        .await;
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {expected} ")),
            "{hosts:?}: {answer}"
        );
    }
}
