//! `luthier runserver` rebuilds edited crates without cargo when that is correct, and with cargo otherwise.

mod edits;
mod preparation;
mod whole_program;

use crate::common::Sandbox;
use crate::common::running::Running;

use super::site::{LUTHIER, get, start_with};

const MANIFEST: &str = r#"[package]
name = "shop"
version = "0.1.0"
edition = "2024"

[workspace]
members = ["books", "store"]

[dependencies]
books = { path = "books" }
store = { path = "store" }
"#;

const MAIN: &str = r#"use std::io::{Read, Write};
use std::net::TcpListener;
use std::os::fd::FromRawFd;

fn main() {
    let listener = unsafe { TcpListener::from_raw_fd(3) };
    listener.set_nonblocking(false).expect("a blocking listener");
    for stream in listener.incoming() {
        let mut stream = stream.expect("a connection");
        // Whoever only looks whether there is a site is no visitor.
        if stream.read(&mut [0; 1024]).is_ok_and(|length| length == 0) {
            continue;
        }
        let body = greet(&shop::page());
        let length = body.len();
        let _ = write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}");
    }
}

fn greet(page: &str) -> String {
    format!("hello; {page}")
}
"#;

const SHOP: &str = r#"use std::pin::pin;
use std::task::{Context, Poll, Waker};

pub fn page() -> String {
    let later = now(books::later());
    format!("{}; {}; {later}; visits {}", books::list(), books::pick(1), store::visits())
}

fn now(it: impl Future<Output = String>) -> String {
    match pin!(it).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(it) => it,
        Poll::Pending => "never".to_owned(),
    }
}
"#;

const BOOKS: &str = r#"pub fn list() -> String {
    format!("list one, visit {}", store::visit())
}

pub fn pick<T: std::fmt::Display>(it: T) -> String {
    format!("pick one of {it}")
}

pub async fn later() -> String {
    "later one".to_owned()
}
"#;

const STORE: &str = r#"use std::sync::atomic::{AtomicU32, Ordering};

static VISITS: AtomicU32 = AtomicU32::new(0);

pub fn visit() -> u32 {
    VISITS.fetch_add(1, Ordering::Relaxed) + 1
}

pub fn visits() -> u32 {
    VISITS.load(Ordering::Relaxed)
}
"#;

/// A workspace of four crates that depend on each other, its server, and what it has built so far.
pub(crate) struct Shop {
    pub(crate) sandbox: Sandbox,
    pub(crate) server: Running,
    address: String,
    /// How often a fast rebuild was prepared, and done.
    ready: usize,
    fast_rebuilds: usize,
}

impl Shop {
    pub(crate) fn open() -> Self {
        Self::open_with("\n[dev]\nprepare-all-crates = false\n")
    }

    /// With these settings.
    pub(crate) fn open_with(settings: &str) -> Self {
        let mut sandbox = Sandbox::new();
        sandbox.cd("shop").make_folder("");
        for name in ["books", "store"] {
            let store = match name {
                "books" => "store = { path = \"../store\" }\n",
                _ => "",
            };
            let manifest = format!(
                "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\n{store}"
            );
            sandbox.write(format!("{name}/Cargo.toml"), manifest);
        }
        sandbox
            .write("luthier.toml", LUTHIER.replace("site", "shop") + settings)
            .write("Cargo.toml", MANIFEST)
            .write("src/main.rs", MAIN)
            .write("src/lib.rs", SHOP)
            .write("books/src/lib.rs", BOOKS)
            .write("store/src/lib.rs", STORE);
        Self::serve(sandbox)
    }

    fn serve(sandbox: Sandbox) -> Self {
        let (server, address) = start_with(&sandbox, &["-v"]);
        let mut shop = Self {
            address,
            sandbox,
            server,
            ready: 0,
            fast_rebuilds: 0,
        };
        shop.is_ready();
        shop
    }

    /// Waits until the next fast rebuild is prepared.
    fn is_ready(&mut self) {
        self.ready += 1;
        self.server.says("fast rebuild is prepared", self.ready);
    }

    #[track_caller]
    pub(crate) fn edit(&self, file: &str, from: &str, to: &str) {
        let text = self.sandbox.read(file);
        assert!(text.contains(from), "{file} has {from}");
        self.sandbox.write(file, text.replace(from, to));
    }

    /// Makes these edits, each after the one before is served by a fast rebuild: a file, what is replaced by what, and what
    /// is served.
    fn serves_each(&mut self, edits: &[[&str; 4]]) {
        for [file, from, to, wanted] in edits {
            self.edit(file, from, to);
            self.serves_by_fast_rebuild(wanted);
        }
    }

    #[track_caller]
    pub(crate) fn serves(&self, wanted: &str) {
        self.server.until(&format!("it serves {wanted:?}"), |_| {
            get(&self.address).filter(|page| page.contains(wanted))
        });
    }

    /// The edit is served, and was built by a fast rebuild.
    #[track_caller]
    pub(crate) fn serves_by_fast_rebuild(&mut self, wanted: &str) {
        self.serves(wanted);
        self.fast_rebuilds += 1;
        self.check_fast_rebuilds();
    }

    /// What was edited is served, and was built by cargo, for the reason.
    #[track_caller]
    pub(crate) fn serves_by_cargo(&mut self, wanted: &str, reason: &str) {
        self.server.says(reason, 1);
        self.serves(wanted);
        self.is_ready();
        self.check_fast_rebuilds();
    }

    #[track_caller]
    pub(crate) fn check_fast_rebuilds(&self) {
        let heard = self.server.heard();
        let times = heard.matches("fast rebuild: rustc").count();
        assert_eq!(times, self.fast_rebuilds, "{heard}");
    }
}
