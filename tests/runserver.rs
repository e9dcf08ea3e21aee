//! `luthier runserver` on a site small enough to compile in a blink.
#![cfg(unix)]

mod common;

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};

use common::Sandbox;
use common::running::{Running, alive, signal};

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

/// A site that answers every request with `answer`, its process, and the text of `.env`; `/slow` takes half a second.
///
/// It takes the listener that it is handed when `.env` says `handed`, and else listens where `ADDRESS` says.
fn site(answer: &str) -> String {
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

fn sandbox() -> Sandbox {
    let mut sandbox = Sandbox::new();
    sandbox.cd("site").make_folder("");
    sandbox
        .write("Cargo.toml", MANIFEST)
        .write("luthier.toml", LUTHIER);
    sandbox.write("src/main.rs", site("one"));
    sandbox
}

fn start(sandbox: &Sandbox) -> (Running, String) {
    start_with(sandbox, &[])
}

fn start_with(sandbox: &Sandbox, options: &[&str]) -> (Running, String) {
    let mut command = sandbox.command([&["runserver", "0"], options].concat());
    command.env("CARGO_TARGET_DIR", sandbox.path("target"));
    let server = Running::start(&mut command);
    let heard = server.says("Ctrl-C stops", 1);
    let (_, url) = heard.split_once("http://").expect("a URL");
    let (address, _) = url.split_once('/').expect("a path");
    (server, address.to_owned())
}

/// The body of a good answer to `GET /`.
fn get(address: &str) -> Option<String> {
    ask(address, "/")
}

fn ask(address: &str, path: &str) -> Option<String> {
    let mut stream = TcpStream::connect(address).ok()?;
    write!(stream, "GET {path} HTTP/1.0\r\n\r\n").ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    head.contains(" 200 ").then(|| body.to_owned())
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
    server.says("generation 2 in ", 1);
    server.until("the old site is gone", |_| (!alive(first)).then_some(()));

    let second = process(&address);
    sandbox.write("src/main.rs", "fn main() { mistake }");
    let heard = server.says("the site from before goes on", 1);
    assert!(heard.contains("cannot find value `mistake`"), "{heard}");
    assert!(heard.contains("src/main.rs:1:13"), "{heard}");
    assert_eq!(process(&address), second);

    sandbox.write("src/main.rs", "fn main() { panic!(\"no luck\") }");
    let heard = server.says("the one from before goes on", 1);
    assert!(heard.contains("no luck"), "{heard}");
    assert_eq!(process(&address), second);

    sandbox.write("src/main.rs", site("three"));
    answers(&server, &address, "three");
}

#[test]
fn no_request_fails_while_generations_follow_each_other() {
    let sandbox = sandbox();
    sandbox.write(".env", "handed");
    let (server, address) = start(&sandbox);
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let path = |path: &'static str| {
            let (address, done) = (&address, &done);
            move || {
                let mut count = 0;
                while !done.load(Ordering::SeqCst) {
                    let answer = ask(address, path);
                    assert!(
                        answer.is_some_and(|answer| answer.contains("handed")),
                        "{path}"
                    );
                    count += 1;
                }
                count
            }
        };
        let asking = [path("/"), path("/slow"), path("/")].map(|ask| scope.spawn(ask));
        for number in 2..5 {
            // Settings change, and with them nothing but the generation.
            sandbox.write(".env", format!("handed {number}"));
            server.says(&format!("generation {number} in "), 1);
        }
        done.store(true, Ordering::SeqCst);
        for asked in asking {
            assert!(asked.join().expect("no request fails") > 0);
        }
    });
    assert!(get(&address).expect("an answer").ends_with("handed 4"));
}

#[test]
fn what_cannot_run_twice_is_stopped_first_while_requests_wait() {
    let sandbox = sandbox();
    // Two of them cannot hold the same lock.
    let lock = "let lock = std::fs::File::create(\"lock\").expect(\"a file\"); lock.try_lock().expect(\"the lock\");";
    let alone = |answer| site(answer).replace("let settings", &format!("{lock} let settings"));
    sandbox.write("src/main.rs", alone("one"));
    let (server, address) = start_with(&sandbox, &["--stop-first"]);
    assert!(get(&address).expect("an answer").starts_with("one"));
    sandbox.write("src/main.rs", alone("two"));
    server.until(
        "the new site answers, and every request is answered",
        |_| {
            get(&address)
                .expect("an answer")
                .starts_with("two")
                .then_some(())
        },
    );
}

#[test]
fn a_request_that_comes_before_the_first_build_is_done_waits_for_it() {
    let sandbox = sandbox();
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    drop(taken);
    let mut command = sandbox.command(["runserver", &address]);
    command.env("CARGO_TARGET_DIR", sandbox.path("target"));
    let server = Running::start(&mut command);
    // Connections are taken long before there is a site.
    let answer = server.until("it listens", |_| {
        TcpStream::connect(&address).ok()?;
        Some(get(&address))
    });
    assert!(answer.expect("an answer").starts_with("one"));
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
    // Saved as it was, which is no change, and then with a word that changes no code.
    sandbox.write("src/main.rs", site("one"));
    sandbox.write("src/main.rs", format!("{}// a word\n", site("one")));
    let heard = server.says("Unchanged", 1);
    assert_eq!(heard.matches("Built").count(), 2, "{heard}");
    assert_eq!(process(&address), first);

    sandbox.write(".env", "hello");
    server.says("generation 2 in ", 1);
    assert!(get(&address).expect("an answer").ends_with("hello"));
    assert_eq!(
        server.heard().matches("Built").count(),
        2,
        "settings need no build"
    );
}

#[test]
fn a_change_is_told_by_what_the_file_is_for() {
    let sandbox = sandbox();
    let uses = "const DATA: &str = include_str!(\"../templates/data.html\"); fn main() { println!(\"{DATA}{}\", side::two());";
    sandbox
        .write(
            "Cargo.toml",
            format!("{MANIFEST}[dependencies]\nside = {{ path = \"../side\" }}\n"),
        )
        .write(
            "../side/Cargo.toml",
            MANIFEST.replace("\"site\"", "\"side\""),
        )
        .write("../side/src/lib.rs", "pub fn two() -> u32 { 2 }\n")
        .write("templates/data.html", "data")
        .write("src/main.rs", site("one").replace("fn main() {", uses));
    let (server, _) = start_with(&sandbox, &["--json"]);
    // Each change, and the events that it must lead to, and no others.
    let mut expected = vec!["building", "serving"];
    let mut events = |path: &str, text: &str, more: &[&'static str]| {
        sandbox.write(path, text);
        expected.extend(more);
        server.until(&format!("{path} leads to {more:?}"), |server| {
            (server.heard().matches("\"event\":").count() >= expected.len()).then_some(())
        });
        let heard = server.heard();
        let told: Vec<&str> = heard
            .lines()
            .filter_map(|line| line.strip_prefix("{\"event\":\"")?.split('"').next())
            .collect();
        assert_eq!(told, expected, "after {path}: {heard}");
    };
    events("static/site.css", "a {}", &["styles"]);
    events("templates/page.html", "<p>", &["reload"]);
    events("templates/new/deep/page.html", "<p>", &["reload"]);
    events("templates/new/deep/page.html", "<b>", &["reload"]);
    events("templates/data.html", "new data", &["building", "serving"]);
    events(
        "../side/src/lib.rs",
        "pub fn two() -> u32 { 3 }\n",
        &["building", "serving"],
    );
    events(
        "src/main.rs",
        "fn main() { mistake }",
        &["building", "failed"],
    );
    let heard = server.heard();
    let failed = heard.lines().rfind(|line| line.contains("\"failed\""));
    let failed = failed.expect("an event");
    for part in [
        "\"file\":\"src/main.rs\"",
        "\"line\":1",
        "\"column\":13",
        "E0425",
    ] {
        assert!(failed.contains(part), "{part}: {failed}");
    }
}

#[test]
fn files_are_looked_at_where_nobody_tells_of_changes() {
    let sandbox = sandbox();
    let (server, _) = start_with(&sandbox, &["--json", "--poll"]);
    sandbox.write("static/site.css", "a {}");
    server.says("\"event\":\"styles\"", 1);
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
fn nothing_outlives_a_server_that_is_killed() {
    let sandbox = sandbox();
    let (server, address) = start(&sandbox);
    let site = process(&address);
    assert!(signal("-KILL", server.id()));
    server.until("the site is gone", |_| (!alive(site)).then_some(()));
    TcpListener::bind(&address).expect("a free port");
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
        .stderr_has(&format!("already listens on {address}"))
        .stderr_has("is free: `luthier runserver ");
    sandbox
        .run(["runserver", "http"])
        .code(2)
        .stderr_has("0.0.0.0:8000");
    assert!(!sandbox.exists("target"), "nothing was built");
}
