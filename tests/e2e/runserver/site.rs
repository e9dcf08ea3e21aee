//! A site small enough to compile in a blink, and the server before it.
#![expect(
    clippy::disallowed_methods,
    reason = "tests look at the outside on purpose"
)]

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;

use crate::common::Sandbox;
use crate::common::running::Running;

pub(crate) const MANIFEST: &str = r#"[package]
name = "site"
version = "0.1.0"
edition = "2024"
"#;

pub(crate) const LUTHIER: &str = r#"[project]
name = "site"
apps = []

[scaffold]
name = "web"
version = "0.1.0"

[database]
dialects = ["sqlite"]
"#;

/// A site that answers every request with `answer`, its process, and the text of `.env`; `/slow` takes half a second.
///
/// It takes the listener that it is handed when `.env` says `handed`, and else listens where `ADDRESS` says.
pub(crate) fn site(answer: &str) -> String {
    format!(
        r#"use std::io::{{Read, Write}};
use std::net::{{TcpListener, TcpStream}};
use std::os::fd::FromRawFd;

fn main() {{
    assert_eq!(std::env::args().nth(1).as_deref(), Some("serve"));
    let settings = std::fs::read_to_string(".env").unwrap_or_default();
    let listener = if settings.contains("handed") {{
        assert_eq!(std::env::var("LISTEN_FDS").as_deref(), Ok("1"));
        let listener = unsafe {{ TcpListener::from_raw_fd(3) }};
        listener.set_nonblocking(false).expect("a blocking listener");
        listener
    }} else {{
        TcpListener::bind(std::env::var("ADDRESS").expect("an address")).expect("a free address")
    }};
    for stream in listener.incoming() {{
        let (stream, settings) = (stream.expect("a connection"), settings.clone());
        std::thread::spawn(move || answer(stream, &settings));
    }}
}}

fn answer(mut stream: TcpStream, settings: &str) {{
    let mut request = [0; 1024];
    let length = stream.read(&mut request).unwrap_or_default();
    if request[..length].starts_with(b"GET /slow") {{
        std::thread::sleep(std::time::Duration::from_millis(500));
    }}
    let body = format!("{answer} {{}} {{settings}}", std::process::id());
    let length = body.len();
    let _ = write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: {{length}}\r\nconnection: close\r\n\r\n{{body}}");
}}
"#
    )
}

pub(crate) fn sandbox() -> Sandbox {
    let mut sandbox = Sandbox::new();
    sandbox.cd("site").make_folder("");
    sandbox
        .write("Cargo.toml", MANIFEST)
        .write("luthier.toml", LUTHIER);
    sandbox.write("src/main.rs", site("one"));
    sandbox
}

pub(crate) fn start(sandbox: &Sandbox) -> (Running, String) {
    start_with(sandbox, &[])
}

pub(crate) fn start_with(sandbox: &Sandbox, options: &[&str]) -> (Running, String) {
    start_command(&mut command(sandbox, options))
}

pub(crate) fn command(sandbox: &Sandbox, options: &[&str]) -> Command {
    let mut command = sandbox.command([&["runserver", "0"], options].concat());
    command.env("CARGO_TARGET_DIR", sandbox.path("target"));
    command
}

pub(crate) fn start_command(command: &mut Command) -> (Running, String) {
    let server = Running::start(command);
    let heard = server.says("Ctrl-C stops", 1);
    // A site may print addresses, too.
    let (_, url) = heard.split_once("Serving  http://").expect("a URL");
    let (address, _) = url.split_once('/').expect("a path");
    (server, address.to_owned())
}

/// How many files and folders of ours a folder holds.
pub(crate) fn of_luthier(folder: &Path) -> usize {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let names = entries.map(|entry| entry.expect("readable").file_name());
    let ours = names.filter(|name| name.to_string_lossy().starts_with("luthier-"));
    ours.count()
}

/// The body of a good answer to `GET /`.
pub(crate) fn get(address: &str) -> Option<String> {
    ask(address, "/")
}

pub(crate) fn ask(address: &str, path: &str) -> Option<String> {
    let mut stream = TcpStream::connect(address).ok()?;
    write!(stream, "GET {path} HTTP/1.0\r\n\r\n").ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    head.contains(" 200 ").then(|| body.to_owned())
}

/// The process that answers.
pub(crate) fn process(address: &str) -> u32 {
    let answer = get(address).expect("an answer");
    let id = answer.split_whitespace().nth(1).expect("a process");
    id.parse().expect("a number")
}

pub(crate) fn answers(server: &Running, address: &str, start: &str) {
    server.until(&format!("{address} answers {start}"), |_| {
        get(address).filter(|answer| answer.starts_with(start))
    });
}
