//! The script that pages get, and the endpoints that it asks.

use super::*;

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
