use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, RwLock};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::{mpsc, watch};

use super::upstream::Upstream;
use super::*;
use crate::devserver::browser::Pages;

mod framing;

/// Takes connections as a site would, each handled by `talk`; the count of connections so far.
async fn site<F, T>(talk: F) -> (SocketAddr, Arc<AtomicUsize>)
where
    F: Fn(TcpStream) -> T + Send + 'static,
    T: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let count = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&count);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            counter.fetch_add(1, Ordering::SeqCst);
            tokio::spawn(talk(stream));
        }
    });
    (address, count)
}

/// A site that answers every request on a connection with `name` and the request's head.
async fn echo(name: &'static str) -> SocketAddr {
    let talk = move |mut stream: TcpStream| async move {
        while let Some(head) = head(&mut stream).await {
            let body = format!("{name}\n{head}");
            let length = body.len();
            let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n{body}");
            if stream.write_all(answer.as_bytes()).await.is_err() {
                return;
            }
        }
    };
    site(talk).await.0
}

/// Reads up to the empty line; `None` at the end of the connection.
async fn head(stream: &mut TcpStream) -> Option<String> {
    until(stream, "\r\n\r\n").await
}

/// Reads until what was read ends with `end`.
async fn until(stream: &mut TcpStream, end: &str) -> Option<String> {
    let mut read = Vec::new();
    while !read.ends_with(end.as_bytes()) {
        let mut byte = [0];
        if stream.read(&mut byte).await.ok()? == 0 {
            return None;
        }
        read.push(byte[0]);
    }
    String::from_utf8(read).ok()
}

/// A proxy before nothing yet.
async fn proxy() -> (SocketAddr, Switch) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let switch = Switch::default();
    let (migrate_requests, mut requests) = mpsc::unbounded_channel::<MigrateRequest>();
    tokio::spawn(async move {
        while let Some(request) = requests.recv().await {
            request.send(Ok("Applied".into())).expect("heard");
        }
    });
    let shared = Shared {
        switch: switch.clone(),
        pages: Pages::default(),
        reload: true,
        token: "t0ken".into(),
        hosts: RwLock::new(vec!["site.test".into()]),
        migrate_requests,
    };
    tokio::spawn(run(listener, Arc::new(shared)));
    (address, switch)
}

/// A proxy before one site.
async fn before(site: SocketAddr) -> (SocketAddr, Switch, Arc<Upstream>) {
    let (address, switch) = proxy().await;
    let upstream = Upstream::new(1, site);
    switch.set(Target::To(Arc::clone(&upstream)));
    (address, switch, upstream)
}

async fn connect(address: SocketAddr) -> TcpStream {
    TcpStream::connect(address).await.expect("a connection")
}

async fn send(stream: &mut TcpStream, text: &str) {
    stream.write_all(text.as_bytes()).await.expect("sent");
}

/// Sends `request` on a connection of its own; all that comes back until it is closed.
async fn ask(address: SocketAddr, request: &str) -> String {
    let mut stream = connect(address).await;
    send(&mut stream, request).await;
    rest(&mut stream).await
}

async fn rest(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.expect("an answer");
    String::from_utf8_lossy(&answer).into_owned()
}

const GET: &str = "GET / HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n";

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
async fn a_request_waits_for_the_first_site() {
    let (address, switch) = proxy().await;
    let waiting = tokio::spawn(ask(address, GET));
    switch.is_waited_for(1).await;
    assert!(!waiting.is_finished());
    switch.set(Target::To(Upstream::new(1, echo("first").await)));
    assert!(waiting.await.expect("an answer").contains("first"));
}

#[tokio::test]
async fn without_a_site_it_is_said_why_as_a_page_or_a_problem() {
    let (address, switch) = proxy().await;
    switch.set(Target::Down("<mistake>".into()));
    let problem = ask(address, GET).await;
    assert!(problem.starts_with("HTTP/1.1 503 "), "{problem}");
    assert!(problem.contains("application/problem+json"), "{problem}");
    assert!(problem.contains(r#""detail":"<mistake>""#), "{problem}");
    let page = ask(address, &GET.replace("Host", "Accept: text/html\r\nHost")).await;
    assert!(page.starts_with("HTTP/1.1 503 "), "{page}");
    assert!(page.contains("&lt;mistake&gt;"), "{page}");
}

#[tokio::test]
async fn a_swap_lets_the_old_site_answer_what_it_was_asked() {
    let (finish, finished) = watch::channel(false);
    let slow = move |mut stream: TcpStream| {
        let mut finished = finished.clone();
        async move {
            while head(&mut stream).await.is_some() {
                finished
                    .wait_for(|finished| *finished)
                    .await
                    .expect("a word");
                send(
                    &mut stream,
                    "HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nold",
                )
                .await;
            }
        }
    };
    let (address, switch, old) = before(site(slow).await.0).await;
    let mut stream = connect(address).await;
    send(&mut stream, &GET.replace("close", "keep-alive")).await;
    // The request is on its way when the swap comes.
    old.is_busy().await;
    switch.set(Target::To(Upstream::new(2, echo("new").await)));
    assert!(ask(address, GET).await.contains("new"));
    finish.send(true).expect("heard");
    let answer = until(&mut stream, "old").await.expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    old.idle().await;
    // The same connection goes on with the new site.
    send(&mut stream, GET).await;
    assert!(rest(&mut stream).await.contains("new"));
}

#[tokio::test]
async fn what_the_site_may_have_read_is_never_sent_again() {
    let rude = |mut stream: TcpStream| async move {
        head(&mut stream).await;
    };
    let (site, count) = site(rude).await;
    let (address, _, _) = before(site).await;
    for method in ["GET", "POST"] {
        count.store(0, Ordering::SeqCst);
        let answer = ask(address, &GET.replace("GET", method)).await;
        assert!(answer.starts_with("HTTP/1.1 502 "), "{answer}");
        assert_eq!(count.load(Ordering::SeqCst), 1, "{method}");
    }
}

#[tokio::test]
async fn what_was_not_sent_goes_to_the_next_site() {
    // Nobody listens there any more.
    let gone = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let (address, switch, _) = before(gone.local_addr().expect("an address")).await;
    drop(gone);
    let waiting = tokio::spawn(ask(address, GET));
    // It was refused, and waits for another site.
    switch.is_waited_for(1).await;
    switch.set(Target::Hold);
    switch.is_waited_for(1).await;
    switch.set(Target::To(Upstream::new(2, echo("next").await)));
    assert!(waiting.await.expect("an answer").contains("next"));
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
    switch.set(Target::To(Upstream::new(2, keeps)));
    for _ in 0..3 {
        send(&mut stream, &GET.replace("close", "keep-alive")).await;
        assert!(until(&mut stream, "ok").await.is_some());
    }
    assert_eq!(count.load(Ordering::SeqCst), 1);
}

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

/// A site that answers everything with this.
async fn says(answer: &'static str) -> SocketAddr {
    let talk = move |mut stream: TcpStream| async move {
        while head(&mut stream).await.is_some() {
            send(&mut stream, answer).await;
        }
    };
    site(talk).await.0
}

#[tokio::test]
async fn a_page_gets_the_script_and_nothing_else_does() {
    let page = "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\netag: \"e\"\r\ncontent-length: 29\r\n\r\n<html><head></head>ok!</html>";
    let (address, _, _) = before(says(page).await).await;
    let asked = |more: &str| {
        format!("GET / HTTP/1.1\r\nHost: localhost\r\n{more}Connection: close\r\n\r\n")
    };
    let navigation = "Sec-Fetch-Dest: document\r\nAccept-Encoding: gzip\r\n";
    let answer = ask(address, &asked(navigation)).await;
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
    let script = body
        .strip_prefix("<html><head><script src=\"/__luthier/client.js\" ")
        .and_then(|rest| rest.strip_suffix("></script></head>ok!</html>"))
        .unwrap_or_else(|| panic!("{body}"));
    assert!(
        script.contains("data-token=\"t0ken\" data-version=\"0\""),
        "{script}"
    );
    assert!(
        head.contains(&format!("content-length: {}", body.len())),
        "{head}"
    );
    assert!(!head.contains("etag"), "{head}");

    for other in [
        "Sec-Fetch-Dest: empty\r\n",
        "Accept: text/html\r\nHX-Request: true\r\n",
        "Accept: */*\r\n",
    ] {
        let answer = ask(address, &asked(other)).await;
        assert!(
            answer.ends_with("<html><head></head>ok!</html>"),
            "{other}: {answer}"
        );
        assert!(answer.contains("etag: \"e\""), "{other}: {answer}");
    }
    // A name that anybody may point here gets no token.
    let rebound = asked(navigation).replace("localhost", "evil.example");
    assert!(!ask(address, &rebound).await.contains("t0ken"));
}

#[tokio::test]
async fn a_page_in_pieces_gets_the_script_where_it_belongs() {
    let page = "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ntransfer-encoding: chunked\r\n\r\n\
        8\r\n<html><h\r\n8\r\nead><b>x\r\n4\r\n</b>\r\n0\r\n\r\n";
    let (address, _, _) = before(says(page).await).await;
    let request = "GET / HTTP/1.0\r\nHost: localhost\r\nAccept: text/html\r\n\r\n";
    let answer = ask(address, request).await;
    assert!(answer.contains("\r\n\r\n<html><head><script "), "{answer}");
    assert!(answer.ends_with("</script><b>x</b>"), "{answer}");
}

#[tokio::test]
async fn what_cannot_take_the_script_arrives_as_it_was_sent() {
    let utf_16 = "\u{0}<\u{0}p\u{0}>";
    for (kind, more, page) in [
        ("text/html; charset=utf-16", "", utf_16),
        ("text/html", "content-encoding: zstd\r\n", "(zstd) <head>"),
        ("text/html", "content-disposition: attachment\r\n", "<head>"),
        ("application/xhtml+xml", "", "<html><head/></html>"),
        ("application/json", "", "\"<head>\""),
    ] {
        let length = page.len();
        let answer: &str = format!("HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\netag: \"e\"\r\n{more}content-length: {length}\r\n\r\n{page}").leak();
        let (address, _, _) = before(says(answer).await).await;
        let asked = GET.replace("here", "localhost\r\nSec-Fetch-Dest: document");
        let got = ask(address, &asked).await;
        assert!(got.ends_with(&format!("\r\n\r\n{page}")), "{got}");
        assert!(got.contains("etag: \"e\""), "{got}");
    }
}

#[tokio::test]
async fn a_mark_of_another_encoding_outdoes_the_headers() {
    let talk = |mut stream: TcpStream| async move {
        head(&mut stream).await.expect("a request");
        let page = b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 8\r\n\r\n\xff\xfe<\0p\0>\0";
        stream.write_all(page).await.expect("sent");
    };
    let (address, _, _) = before(site(talk).await.0).await;
    let mut stream = connect(address).await;
    let asked = GET.replace("here", "localhost\r\nSec-Fetch-Dest: document");
    send(&mut stream, &asked).await;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.expect("an answer");
    assert!(answer.ends_with(b"\r\n\r\n\xff\xfe<\0p\0>\0"), "{answer:?}");
}

#[tokio::test]
async fn a_page_that_breaks_off_is_told_of() {
    let talk = |mut stream: TcpStream| async move {
        head(&mut stream).await.expect("a request");
        send(
            &mut stream,
            "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 99\r\n\r\n<!-- half",
        )
        .await;
    };
    let (address, _, _) = before(site(talk).await.0).await;
    let asked = GET.replace("here", "localhost\r\nSec-Fetch-Dest: document");
    let answer = ask(address, &asked).await;
    assert!(answer.starts_with("HTTP/1.1 502 "), "{answer}");
    assert!(answer.contains("without a complete response"), "{answer}");
    assert!(
        answer.contains("data-token") && !answer.contains("half"),
        "{answer}"
    );
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
    switch.set(Target::To(Arc::clone(&upstream)));
    assert!(until(&mut stream, "settings").await.is_some());
    // A swap does not wait for it.
    upstream.idle().await;
    send(&mut stream, "request").await;
    assert_eq!(rest(&mut stream).await, "answer");
}

#[tokio::test]
async fn the_endpoints_are_for_our_own_pages_alone() {
    let (address, _) = proxy().await;
    let asked = |method: &str, path: &str, more: &str| {
        format!(
            "{method} /__luthier/{path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{more}\r\n"
        )
    };
    let script = ask(address, &asked("GET", "client.js", "")).await;
    assert!(script.contains("text/javascript"), "{script}");
    assert!(!script.contains("t0ken"));

    let good = "X-Luthier-Token: t0ken\r\n";
    let answer = ask(address, &asked("POST", "migrate", good)).await;
    assert!(answer.ends_with("Applied\n"), "{answer}");
    for (request, expected) in [
        (asked("POST", "migrate", ""), "403"),
        (
            asked("POST", "migrate", "X-Luthier-Token: guess\r\n"),
            "403",
        ),
        (
            asked(
                "POST",
                "migrate",
                &format!("{good}Origin: http://evil.example\r\n"),
            ),
            "403",
        ),
        (
            asked(
                "POST",
                "migrate",
                &format!("{good}Sec-Fetch-Site: cross-site\r\n"),
            ),
            "403",
        ),
        (
            asked("POST", "migrate", good).replace("localhost", "evil.example"),
            "403",
        ),
        (
            asked("POST", "migrate", good).replace("localhost", "site.test:80"),
            "200",
        ),
        (asked("GET", "migrate", good), "403"),
        (asked("GET", "events", ""), "403"),
        (asked("GET", "events?token=guess", ""), "403"),
        (asked("GET", "other", ""), "404"),
    ] {
        let answer = ask(address, &request).await;
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {expected} ")),
            "{request}: {answer}"
        );
    }
    let mut stream = connect(address).await;
    send(&mut stream, &asked("GET", "events?token=t0ken", "")).await;
    let event = until(&mut stream, "\n\n\r\n").await.expect("an event");
    assert!(event.contains("text/event-stream"), "{event}");
    assert!(event.contains(r#"data: {"version":0,"#), "{event}");
}

#[tokio::test]
async fn a_client_that_has_closed_its_side_gets_its_answer() {
    let (address, switch) = proxy().await;
    let mut stream = connect(address).await;
    send(&mut stream, GET).await;
    stream.shutdown().await.expect("closed");
    // The site comes up after the client has closed its side.
    switch.is_waited_for(1).await;
    switch.set(Target::To(Upstream::new(1, echo("site").await)));
    let answer = rest(&mut stream).await;
    assert!(answer.contains("site\nGET / HTTP/1.1"), "{answer}");
}

#[tokio::test]
async fn early_hints_arrive_before_the_site_has_answered() {
    let (finish, finished) = watch::channel(false);
    let hints = move |mut stream: TcpStream| {
        let mut finished = finished.clone();
        async move {
            while head(&mut stream).await.is_some() {
                send(
                    &mut stream,
                    "HTTP/1.1 103 Early Hints\r\nlink: </style.css>; rel=preload\r\nconnection: x-own\r\nx-own: 1\r\n\r\n",
                )
                .await;
                finished
                    .wait_for(|finished| *finished)
                    .await
                    .expect("a word");
                send(
                    &mut stream,
                    "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok",
                )
                .await;
            }
        }
    };
    let (address, _, _) = before(site(hints).await.0).await;
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
