//! `luthier systemd`: a server of one's own, with nginx before it.

use std::io::{Read, Write};
use std::net::TcpListener;

use super::bookstore;
use super::deployment::listing;
use crate::common::nginx::Nginx;

#[test]
fn a_server_gets_a_unit_and_a_site_of_nginx() {
    let sandbox = bookstore();
    sandbox
        .run(["systemd", "--domain", "shop.example.org"])
        .success();
    let files = [
        "deploy/server/bookstore.service",
        "deploy/server/bookstore.socket",
        "deploy/server/bookstore.nginx.conf",
    ];
    insta::assert_snapshot!("server", listing(&sandbox, &files));
}

/// A site that says back what it was asked, once a connection.
fn echo() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.expect("a connection");
            let mut request = Vec::new();
            let mut byte = [0];
            while !request.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|n| n == 1) {
                request.push(byte[0]);
            }
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                request.len()
            );
            let _ = stream.write_all(&[head.as_bytes(), &request].concat());
        }
    });
    address
}

#[test]
fn nginx_passes_requests_on_and_tells_where_they_come_from() {
    let sandbox = bookstore();
    sandbox
        .run(["systemd", "--domain", "shop.example.org"])
        .success();
    let site = sandbox.read("deploy/server/bookstore.nginx.conf");
    assert!(site.contains("server 127.0.0.1:8000;"), "{site}");
    let site = site.replace("127.0.0.1:8000", &echo());
    let files = ["fullchain.pem", "privkey.pem"]
        .map(|file| format!("/etc/letsencrypt/live/shop.example.org/{file}"));
    let files = files.each_ref().map(String::as_str);
    let Some(nginx) = Nginx::start(&sandbox, "shop.example.org", &site, files) else {
        return;
    };
    let moved = nginx.ask(&nginx.plain_url("/books?page=2"), &[]);
    assert!(moved.starts_with("http/1.1 301"), "{moved}");
    assert!(
        moved.contains("location: https://shop.example.org/books?page=2"),
        "{moved}"
    );
    let books = nginx.url("/books");
    let answer = nginx.ask(&books, &["--header", "X-Forwarded-For: 6.6.6.6"]);
    let expected = [
        "http/2 200",
        "GET /books HTTP/1.1",
        "Host: shop.example.org",
        "X-Forwarded-For: 127.0.0.1",
        "X-Forwarded-Proto: https",
        "X-Real-IP: 127.0.0.1",
    ];
    for line in expected {
        assert!(answer.contains(line), "no {line:?} in {answer}");
    }
    assert!(!answer.contains("6.6.6.6"), "{answer}");
    // A site with accounts sends the header itself; twice would be once too often.
    assert!(!answer.contains("strict-transport-security"), "{answer}");
    let body = sandbox.path("body");
    sandbox.write("body", "x".repeat(3 * 1024 * 1024));
    let refused = nginx.ask(&books, &["--data-binary", &format!("@{}", body.display())]);
    assert!(refused.starts_with("http/2 413"), "{refused}");
    // Whether it is ready is for this machine to know, whatever slashes are added.
    for path in ["/readyz", "/readyz/", "/readyz//?x"] {
        // Other systems have no such second address.
        if cfg!(target_os = "linux") {
            let answer = nginx.ask(&nginx.url(path), &["--interface", "127.0.0.3"]);
            assert!(answer.starts_with("http/2 403"), "{path}: {answer}");
        }
        let answer = nginx.ask(&nginx.url(path), &[]);
        assert!(answer.starts_with("http/2 200"), "{path}: {answer}");
    }
}
