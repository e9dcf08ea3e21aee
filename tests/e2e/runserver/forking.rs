//! The fork server of sites in Python, without any library of PyPI: what it imports, and when it is not used.

use std::process::Command;

use super::site::{ask, start_with};
use crate::common::running::{Running, signal};
use crate::common::{Outcome, Sandbox};

const LUTHIER: &str = r#"[project]
name = "shop"
language = "python"

[scaffold]
name = "none"
version = "0.1.0"

[dev]
command = ["python", "-m", "tinyserver", "shop.wsgi:app"]
listen = "fds"
fork = true
restart = ["**/*.py", ".env"]
"#;

/// A server as a library: of the socket that it is passed.
const SERVER: &str = r#"import importlib, os, socket, sys
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer


class Handler(WSGIRequestHandler):
    def log_message(self, *args):
        pass


def main():
    module, name = sys.argv[-1].split(":")
    sys.path.insert(0, os.getcwd())
    app = getattr(importlib.import_module(module), name)
    server = WSGIServer(("127.0.0.1", 0), Handler, bind_and_activate=False)
    server.socket = socket.socket(fileno=3)
    server.socket.setblocking(True)
    server.server_name, server.server_port = "localhost", 0
    server.setup_environ()
    server.set_app(app)
    server.serve_forever()


if __name__ == "__main__":
    main()
"#;

/// What Django's settings are to its libraries: read when they are first used, from the module that a variable names.
const SETTINGS: &str = r#"import importlib, os


class Settings:
    def __getattr__(self, name):
        return getattr(importlib.import_module(os.environ["DJANGO_SETTINGS_MODULE"]), name)


settings = Settings()
"#;

/// It says in which process it was imported, and by what settings.
const NEEDS_SETTINGS: &str = r#"import os
from django.conf import settings

VALUE, PROCESS = settings.VALUE, os.getpid()
"#;

const THREADED: &str = r#"import os, threading, time

threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()
PROCESS = os.getpid()
"#;

/// Answers a text of the project, a setting, and which libraries were there before the process began.
const WSGI: &str = r#"import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")

import needs_settings
import threaded
from shop import text


def early(module):
    return "early" if module.PROCESS != os.getpid() else "late"


def app(environ, start_response):
    says = f"{text.TEXT} {needs_settings.VALUE} {early(needs_settings)} {early(threaded)} {os.getppid()}"
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [says.encode()]
"#;

const SITE_SETTINGS: &str = "VALUE = open('.env').read().strip()\nDEBUG = True\n";

struct Shop {
    sandbox: Sandbox,
    /// Where libraries are.
    libraries: String,
}

impl Shop {
    fn new() -> Self {
        let mut sandbox = Sandbox::in_folder_with_prefix("my sité-");
        sandbox.cd("shop").make_folder("");
        let mut venv = Command::new("python3");
        venv.args(["-m", "venv", "--without-pip", ".venv"]);
        Outcome::of(venv.current_dir(sandbox.root())).success();
        let lib = std::fs::read_dir(sandbox.path(".venv/lib")).expect("a folder");
        let python = lib.map(|entry| entry.expect("readable").file_name());
        let python = python.last().expect("a version of Python");
        let libraries = format!(".venv/lib/{}/site-packages", python.to_string_lossy());
        let shop = Self { sandbox, libraries };
        for (name, text) in [
            ("tinyserver.py", SERVER),
            ("django/__init__.py", ""),
            ("django/conf.py", SETTINGS),
            ("needs_settings.py", NEEDS_SETTINGS),
            ("threaded.py", THREADED),
        ] {
            shop.sandbox
                .write(format!("{}/{name}", shop.libraries), text);
        }
        for (path, text) in [
            ("luthier.toml", LUTHIER),
            (".env", "blue"),
            ("shop/__init__.py", ""),
            ("shop/settings.py", SITE_SETTINGS),
            ("shop/wsgi.py", WSGI),
        ] {
            shop.sandbox.write(path, text);
        }
        shop.say("one");
        shop
    }

    fn say(&self, text: &str) {
        self.sandbox
            .write("shop/text.py", format!("TEXT = '{text}'\n"));
    }
}

/// Waits for an answer that starts with `start`; the process that forked it.
fn answers(server: &Running, address: &str, start: &str) -> String {
    let answer = server.until(&format!("{address} answers {start}"), |_| {
        ask(address, "/").filter(|answer| answer.starts_with(start))
    });
    answer.rsplit(' ').next().unwrap_or_default().to_owned()
}

#[test]
fn what_needs_settings_is_there_until_the_settings_change() {
    let shop = Shop::new();
    let (server, address) = start_with(&shop.sandbox, &["-v"]);
    answers(&server, &address, "one blue late late");
    server.says("the fork server is ready", 1);
    server.says("the fork server has read the settings", 1);
    shop.say("two");
    answers(&server, &address, "two blue early late");
    // An edit of what the settings are made from is seen at once, by a process that has not read them.
    shop.sandbox.write(".env", "green");
    answers(&server, &address, "two green late late");
    server.says("the fork server has read the settings", 2);
    shop.say("three");
    answers(&server, &address, "three green early late");
    let settings = SITE_SETTINGS.replace("strip()", "strip().upper()");
    shop.sandbox.write("shop/settings.py", settings);
    answers(&server, &address, "three GREEN late late");
    // Settings that cannot be read are the site's to tell of, and are no end of the fork server.
    shop.sandbox.write("shop/settings.py", "1 / 0\n");
    let heard = server.says("still serving the previous version", 1);
    assert!(heard.contains("ZeroDivisionError"), "{heard}");
    shop.sandbox.write("shop/settings.py", SITE_SETTINGS);
    answers(&server, &address, "three green late late");
    assert!(server.stop("-TERM").success());
}

#[test]
fn whatever_becomes_of_the_fork_server_every_edit_is_served() {
    let shop = Shop::new();
    let (server, address) = start_with(&shop.sandbox, &["-v"]);
    answers(&server, &address, "one");
    server.says("the fork server is ready", 1);
    // A version that ends while it is imported, by itself or by a signal.
    for (times, end) in ["os._exit(7)", "os.kill(os.getpid(), 11)"]
        .iter()
        .enumerate()
    {
        let text = format!("import os\n{end}\n");
        shop.sandbox.write("shop/text.py", text);
        server.says("still serving the previous version", times + 1);
    }
    shop.say("two");
    answers(&server, &address, "two");
    // What was imported is out of date once something is installed.
    let library = format!("{}/more.py", shop.libraries);
    shop.sandbox.write(library, "");
    shop.say("three");
    answers(&server, &address, "three");
    server.says("the fork server is ready", 2);
    shop.say("four");
    let parent = answers(&server, &address, "four");
    let parent: u32 = parent.parse().expect("a process");
    assert!(signal("-KILL", parent));
    server.says("no fork server: ", 1);
    shop.say("five");
    answers(&server, &address, "five");
    assert!(server.stop("-TERM").success());
}

#[test]
fn a_site_that_could_not_be_imported_gets_its_fork_server_later() {
    let shop = Shop::new();
    // Fails where it is imported to learn what it imports, as after an edit that came too early.
    let text = "import sys\n\nassert sys.argv[0] != '-c', 'not yet'\nTEXT = 'one'\n";
    shop.sandbox.write("shop/text.py", text);
    let (server, address) = start_with(&shop.sandbox, &["-v"]);
    answers(&server, &address, "one");
    server.says("no fork server yet: AssertionError: not yet", 1);
    shop.say("two");
    answers(&server, &address, "two");
    server.says("the fork server is ready", 1);
    assert!(server.stop("-TERM").success());
}

#[test]
fn a_fork_leaves_nothing_behind_in_what_forks() {
    let shop = Shop::new();
    let (server, address) = start_with(&shop.sandbox, &["-v"]);
    server.says("the fork server has read the settings", 1);
    let holds = |process: &str| {
        let count = |what: &str| {
            let folder = std::fs::read_dir(format!("/proc/{process}/{what}"));
            folder.expect("a process").count()
        };
        (count("task"), count("fd"))
    };
    shop.say("number 0,");
    let parent = answers(&server, &address, "number 0,");
    let before = holds(&parent);
    for number in 1..=25 {
        let text = format!("number {number},");
        shop.say(&text);
        assert_eq!(answers(&server, &address, &text), parent);
    }
    // The versions before the last may still be ending.
    server.until("nothing more is open than after the first fork", |_| {
        (holds(&parent) == before).then_some(())
    });
    assert!(server.stop("-TERM").success());
}
