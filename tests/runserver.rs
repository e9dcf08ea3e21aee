//! `luthier runserver` on a site small enough to compile in a blink.
#![cfg(unix)]

mod common;

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};

use common::Sandbox;
use common::running::{Running, alive};

const MANIFEST: &str = r#"[package]
name = "site"
version = "0.1.0"
edition = "2024"
"#;

const LUTHIER: &str = r#"[project]
name = "site"
apps = []

[scaffold]
name = "web"
version = "0.1.0"

[database]
dialects = ["sqlite"]
"#;

/// A site that answers every request with `answer`, its process, and `GREETING` of the environment.
fn site(answer: &str) -> String {
    format!(
        r#"use std::io::{{Read, Write}};

fn main() {{
    assert_eq!(std::env::args().nth(1).as_deref(), Some("serve"));
    let address = std::env::var("ADDRESS").expect("an address");
    let greeting = std::fs::read_to_string(".env").unwrap_or_default();
    let listener = std::net::TcpListener::bind(address).expect("a free address");
    for stream in listener.incoming() {{
        let mut stream = stream.expect("a connection");
        let _ = stream.read(&mut [0; 1024]);
        let _ = write!(stream, "{answer} {{}} {{greeting}}", std::process::id());
    }}
}}
"#
    )
}

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox
        .write("Cargo.toml", MANIFEST)
        .write("luthier.toml", LUTHIER);
    sandbox.write("src/main.rs", site("one"));
    sandbox
}

fn start(sandbox: &Sandbox) -> (Running, String) {
    let mut command = sandbox.command(["runserver", "0"]);
    command.env("CARGO_TARGET_DIR", sandbox.path("target"));
    let server = Running::start(&mut command);
    let heard = server.says("Ctrl-C stops", 1);
    let (_, url) = heard.split_once("http://").expect("a URL");
    let (address, _) = url.split_once('/').expect("a path");
    (server, address.to_owned())
}

fn get(address: &str) -> Option<String> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.write_all(b"GET / HTTP/1.0\r\n\r\n").ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    Some(answer)
}

/// The process that answers.
fn process(address: &str) -> u32 {
    let answer = get(address).expect("an answer");
    let id = answer.split_whitespace().nth(1).expect("a process");
    id.parse().expect("a number")
}

fn answers(server: &Running, address: &str, start: &str) {
    server.until(&format!("{address} answers {start}"), |_| {
        get(address).filter(|answer| answer.starts_with(start))
    });
}

#[test]
fn a_save_is_served_and_a_mistake_leaves_the_old_site_up() {
    let sandbox = sandbox();
    let (server, address) = start(&sandbox);
    answers(&server, &address, "one");
    let first = process(&address);

    sandbox.write("src/main.rs", site("two"));
    answers(&server, &address, "two");
    server.says("again", 1);
    assert!(!alive(first), "the old site is still there");

    let second = process(&address);
    sandbox.write("src/main.rs", "fn main() { mistake }");
    let heard = server.says("the site from before goes on", 1);
    assert!(heard.contains("cannot find value `mistake`"), "{heard}");
    assert!(heard.contains("src/main.rs:1:13"), "{heard}");
    assert_eq!(process(&address), second);

    sandbox.write("src/main.rs", site("three"));
    answers(&server, &address, "three");
}

#[test]
fn what_changes_nothing_restarts_nothing() {
    let sandbox = sandbox();
    let (server, address) = start(&sandbox);
    let first = process(&address);

    sandbox
        .write("templates/page.html", "new")
        .write("static/site.css", "new");
    sandbox
        .write("apps/books/tests/book.rs", "")
        .write("README.md", "");
    sandbox.write("src/main.rs", site("one"));
    let heard = server.says("Unchanged", 1);
    assert_eq!(heard.matches("Built").count(), 2, "{heard}");
    assert_eq!(process(&address), first);

    sandbox.write(".env", "hello");
    server.says("again", 1);
    assert!(get(&address).expect("an answer").ends_with("hello"));
    assert_eq!(
        server.heard().matches("Built").count(),
        2,
        "settings need no build"
    );
}

#[test]
fn the_end_leaves_no_process_and_a_free_port() {
    let sandbox = sandbox();
    for ask in ["-TERM", "-INT", "-HUP"] {
        let (server, address) = start(&sandbox);
        let site = process(&address);
        assert!(server.stop(ask).success(), "{ask}");
        assert!(!alive(site), "the site outlived its server");
        TcpListener::bind(&address).expect("a free port");
    }
}

#[test]
fn a_site_that_cannot_start_waits_for_its_cure() {
    let sandbox = sandbox();
    sandbox.write("src/main.rs", "fn main() { panic!(\"no luck\") }");
    let mut command = sandbox.command(["runserver", "0"]);
    command.env("CARGO_TARGET_DIR", sandbox.path("target"));
    let server = Running::start(&mut command);
    let heard = server.says("starts again when a file changes", 1);
    assert!(heard.contains("no luck"), "{heard}");
    sandbox.write("src/main.rs", site("cured"));
    server.says("Ctrl-C stops", 1);
}

#[test]
fn a_taken_port_is_told_with_a_free_one() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    let sandbox = sandbox();
    sandbox
        .run(["runserver", &address])
        .code(1)
        .stderr_has(&format!("something already listens on {address}"))
        .stderr_has("is free: `luthier runserver ");
    sandbox
        .run(["runserver", "http"])
        .code(2)
        .stderr_has("0.0.0.0:8000");
    assert!(!sandbox.exists("target"), "nothing was built");
}
