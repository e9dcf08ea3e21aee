//! A site that is no cargo binary: any command that listens.

use std::sync::atomic::{AtomicBool, Ordering};

use super::site::{answers, ask, command, get, start, start_with};
use crate::common::Sandbox;
use crate::common::running::{Running, alive};

const LUTHIER: &str = r#"[project]
name = "site"
language = "python"

[scaffold]
name = "none"
version = "0.1.0"

[dev]
"#;

/// A server of Python's standard library that takes the socket which `LISTEN_FDS`, `--fd` or `--port` tells of, and
/// answers with what `answer.py` says.
const SERVER: &str = r#"import os, socket, socketserver, sys, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/slow":
            time.sleep(0.5)
        try:
            import answer
            status, body = 200, answer.body()
        except Exception:
            import traceback
            traceback.print_exc()
            status, body = 500, "error"
        body = f"{body} {os.getpid()}".encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


how, value = sys.argv[1], int(sys.argv[2])
if how == "port":
    server = ThreadingHTTPServer(("127.0.0.1", value), Handler)
else:
    if how == "fds":
        assert os.environ["LISTEN_FDS"] == "1"
        assert int(os.environ["LISTEN_PID"]) == os.getpid()
    assert "NOTIFY_SOCKET" not in os.environ
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler, bind_and_activate=False)
    server.socket = socket.socket(fileno=3)
    server.socket.setblocking(True)
server.serve_forever()
"#;

fn answer(body: &str) -> String {
    format!("def body():\n    return {body}\n")
}

fn sandbox(dev: &str) -> Sandbox {
    let mut sandbox = Sandbox::in_folder_with_prefix("my sité-");
    sandbox.cd("site").make_folder("");
    sandbox.write("luthier.toml", format!("{LUTHIER}{dev}"));
    sandbox.write("server.py", SERVER);
    sandbox.write("answer.py", answer("'one'"));
    sandbox
}

const BY_PORT: &str = "command = ['python', '-B', 'server.py', 'port', '{port}']\n";
const BY_FDS: &str = "command = ['python', '-B', 'server.py', 'fds', '0']\nlisten = 'fds'\n";
const BY_FD: &str = "command = ['python', '-B', 'server.py', 'fd', '{fd}']\nlisten = 'fd'\n";

#[test]
fn a_save_is_served_however_the_command_gets_its_socket() {
    for dev in [BY_PORT, BY_FDS, BY_FD] {
        let sandbox = sandbox(dev);
        let (server, address) = start(&sandbox);
        answers(&server, &address, "one");
        sandbox.write("answer.py", answer("'two'"));
        answers(&server, &address, "two");
        server.says("generation 2 in ", 1);
        assert!(server.stop("-TERM").success(), "{dev}");
    }
}

#[test]
fn what_fails_only_at_the_first_request_does_not_take_over() {
    let sandbox = sandbox(BY_FDS);
    let (server, address) = start_with(&sandbox, &["--json"]);
    answers(&server, &address, "one");
    sandbox.write("answer.py", answer("missing"));
    let heard = server.says("\"event\":\"failed\"", 1);
    assert!(heard.contains("it answers GET / with 500"), "{heard}");
    assert!(
        heard.contains("NameError: name 'missing' is not defined"),
        "{heard}"
    );
    assert!(
        heard.contains("\"file\":\"answer.py\",\"line\":2"),
        "{heard}"
    );
    assert!(get(&address).is_some_and(|body| body.starts_with("one")));

    sandbox.write("answer.py", "def body(:\n");
    let heard = server.says("\"event\":\"failed\"", 2);
    assert!(heard.contains("SyntaxError"), "{heard}");
    assert!(
        heard.contains("\"file\":\"answer.py\",\"line\":1"),
        "{heard}"
    );

    sandbox.write("answer.py", answer("'two'"));
    answers(&server, &address, "two");

    // A table that is missing is for a migration to make: no edit of the site would.
    let lacks = "class OperationalError(Exception):\n    pass\n\n\ndef body():\n    raise OperationalError('no such table: books')\n";
    sandbox.write("answer.py", lacks);
    server.says("\"generation\":5", 1);
}

#[test]
fn no_request_is_lost_while_commands_follow_each_other() {
    let sandbox = sandbox(BY_FDS);
    let (server, address) = start(&sandbox);
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for path in ["/", "/slow"] {
            let (address, done) = (&address, &done);
            scope.spawn(move || {
                while !done.load(Ordering::SeqCst) {
                    assert!(ask(address, path).is_some(), "{path}");
                }
            });
        }
        for number in 0..5 {
            let body = format!("'{number}'");
            sandbox.write("answer.py", answer(&body));
            answers(&server, &address, &number.to_string());
        }
        done.store(true, Ordering::SeqCst);
    });
}

#[test]
fn each_kind_of_file_takes_its_path() {
    let globs = "restart = ['**/*.py', '.env']\nreload = ['templates/**', 'static/**']\n";
    let sandbox = sandbox(&format!("{BY_FDS}{globs}"));
    let (server, address) = start_with(&sandbox, &["--json"]);
    let before = get(&address);
    for (path, event) in [("templates/a.html", "reload"), ("static/a.css", "styles")] {
        sandbox.write(path, "x");
        server.says(&format!("\"event\":\"{event}\""), 1);
    }
    sandbox
        .write("README.md", "x")
        .write("venv/pyvenv.cfg", "")
        .write("venv/lib/a.py", "");
    assert_eq!(get(&address), before);
    sandbox.write(".env", "A=1");
    server.says("\"generation\":2", 1);
    assert_ne!(get(&address), before);
}

#[test]
fn a_burst_of_saves_is_one_restart() {
    let sandbox = sandbox(BY_FDS);
    let (server, address) = start_with(&sandbox, &["--json"]);
    for number in 0..29 {
        sandbox.write(format!("part_{number}.py"), "");
    }
    sandbox.write("answer.py", answer("'two'"));
    answers(&server, &address, "two");
    sandbox.write("answer.py", answer("'three'"));
    answers(&server, &address, "three");
    let heard = server.heard();
    let last = heard.rsplit("\"generation\":").next().unwrap_or_default();
    let last: u32 = last
        .split(',')
        .next()
        .and_then(|number| number.parse().ok())
        .expect("a number");
    // One more at the most, where the machine paused between the files.
    assert!((3..=4).contains(&last), "{heard}");
}

#[test]
fn an_interrupt_while_the_site_starts_ends_both() {
    let sandbox = sandbox(BY_FDS);
    let slow = "import os, sys, time\nprint('starting', os.getpid(), file=sys.stderr, flush=True)\ntime.sleep(600)\n";
    sandbox.write("server.py", slow);
    let server = Running::start(&mut command(&sandbox, &[]));
    let heard = server.says("starting ", 1);
    let (_, rest) = heard.split_once("starting ").expect("it is said");
    let process = rest.lines().next().unwrap_or_default().trim();
    let process: u32 = process.parse().expect("a process");
    assert!(server.stop("-INT").success());
    assert!(!alive(process), "the site is left");
}

#[test]
fn what_cannot_be_started_is_said_with_the_way_out() {
    let sandbox = sandbox("command = ['no-such-server', '{port}']\n");
    let refused = sandbox.run(["runserver", "0"]).code(1);
    refused
        .stderr_has("`no-such-server` is not installed")
        .stderr_has("uv sync");
    sandbox.write(
        "luthier.toml",
        format!("{LUTHIER}{BY_FD}listen = 'port'\n").replace("listen = 'fd'\n", ""),
    );
    sandbox
        .run(["runserver", "0"])
        .code(2)
        .stderr_has("command has {fd}");
    sandbox.write("luthier.toml", format!("{LUTHIER}{BY_PORT}"));
    sandbox.write(".venv/pyvenv.cfg", "");
    let refused = sandbox.run(["runserver", "0"]).code(1);
    refused
        .stderr_has("the project's environment is broken")
        .stderr_has("make it again");
}
