//! What every site has besides its API: pages, files, health, headers.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Command;
use std::time::Duration;

use reqwest::Method;
use serde_json::json;

use crate::client::Client;
use crate::common::servers::chromium;

const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

pub(crate) fn walk(site: &Client) {
    welcome_and_files(site);
    health(site);
    errors_fit_who_asks(site);
    headers(site);
    documentation(site);
    bad_connections(site);
}

fn welcome_and_files(site: &Client) {
    let page = site.get_as("/", BROWSER).status(200);
    assert!(
        page.header("content-type").starts_with("text/html"),
        "{}",
        page.header("content-type")
    );
    let page = page.text();
    assert!(page.contains("<title>"), "{page}");
    let styles = page
        .split('"')
        .find(|part| part.starts_with("/static/") && part.contains(".css"));
    let style = site.get(styles.expect("a stylesheet")).status(200);
    assert!(style.header("content-type").starts_with("text/css"));
    assert!(!style.header("cache-control").is_empty() || !style.header("etag").is_empty());
    for outside in [
        "/static/",
        "/static",
        "/static/nothing.css",
        "/static/../Cargo.toml",
        "/static/%2e%2e/Cargo.toml",
        "/static/..%2fCargo.toml",
        "/static//etc/passwd",
        "/static/%00",
        "/static/%ff",
    ] {
        let answer = site.get(outside);
        assert!(
            [400, 404].contains(&answer.code),
            "{outside}: {}",
            answer.code
        );
    }
}

fn health(site: &Client) {
    for path in ["/healthz", "/readyz", "/healthz/"] {
        site.get(path).status(200);
        site.bare(Method::HEAD, path).status(200).empty();
    }
}

fn errors_fit_who_asks(site: &Client) {
    let page = site.get_as("/nothing", BROWSER).status(404);
    assert!(
        page.header("content-type").starts_with("text/html"),
        "{}",
        page.header("content-type")
    );
    assert!(page.text().contains("<title>"));
    for accept in ["application/json", "*/*", "application/problem+json"] {
        site.get_as("/nothing", accept).problem(404);
    }
    site.get_as("/api/nothing", "application/json").problem(404);
}

fn headers(site: &Client) {
    for path in ["/", "/healthz", "/nothing", "/api/openapi.json"] {
        let answer = site.get(path);
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert!(!answer.header("referrer-policy").is_empty(), "{path}");
        assert!(!answer.header("x-request-id").is_empty(), "{path}");
        let policy = answer.header("content-security-policy");
        assert!(
            policy.contains("frame-ancestors") || answer.header("x-frame-options") == "DENY",
            "{path}"
        );
    }
    assert!(!site.get("/").header("content-security-policy").is_empty());
    let [one, other] = [site.get("/healthz"), site.get("/healthz")];
    assert_ne!(one.header("x-request-id"), other.header("x-request-id"));
}

fn documentation(site: &Client) {
    let document = site.get("/api/openapi.json").status(200).json();
    let version = document["openapi"].as_str().expect("a version");
    assert!(version.starts_with("3."), "{version}");
    assert!(document["info"]["title"].is_string());
    assert!(document["paths"].is_object());
    assert_ne!(document["info"]["title"], json!(""));
    let page = site.get_as("/api/docs", BROWSER).status(200);
    assert!(page.header("content-type").starts_with("text/html"));
}

/// What is not HTTP is not answered as if it were, and breaks nothing.
fn bad_connections(site: &Client) {
    for bytes in [
        b"\0\0\0\0\r\n\r\n".as_slice(),
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n",
        b"POST /api/books HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\nzz",
        b"\x16\x03\x01\x02\x00",
    ] {
        let address = site.base.trim_start_matches("http://");
        let mut stream = TcpStream::connect(address).expect("a connection");
        stream.set_read_timeout(Some(Duration::from_millis(500))).expect("a timeout");
        stream.write_all(bytes).expect("writable");
        let mut answer = Vec::new();
        // No answer and a closed connection are answers too.
        let _ = stream.read_to_end(&mut answer);
        let answer = String::from_utf8_lossy(&answer);
        assert!(!answer.contains(" 500 "), "{bytes:?}: {answer}");
    }
    site.get("/healthz").status(200);
}

/// Opens the welcome page in a browser: it renders, and the browser has nothing to complain of.
pub(crate) fn look(site: &Client) {
    let Some(chromium) = chromium() else {
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    for path in ["/", "/api/docs", "/nothing"] {
        let output = Command::new(&chromium)
            .args([
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--enable-logging=stderr",
                "--v=0",
            ])
            .args(["--virtual-time-budget=5000", "--window-size=1280,900"])
            .arg(format!("--user-data-dir={}", folder.path().display()))
            .arg(format!(
                "--screenshot={}",
                folder.path().join("page.png").display()
            ))
            .arg(format!("{}{path}", site.base))
            .output()
            .expect("the browser starts");
        let said = String::from_utf8_lossy(&output.stderr);
        let complaints: Vec<_> = said
            .lines()
            .filter(|line| line.contains("CONSOLE"))
            .collect();
        // The page that is not there is told as such by the browser, too.
        let complaints = complaints
            .iter()
            .filter(|line| path != "/nothing" || !line.contains("404"));
        assert_eq!(complaints.count(), 0, "{path}: {said}");
        let picture = std::fs::metadata(folder.path().join("page.png")).expect("a picture");
        assert!(
            picture.len() > 5_000,
            "{path} is blank: {} bytes",
            picture.len()
        );
    }
}
