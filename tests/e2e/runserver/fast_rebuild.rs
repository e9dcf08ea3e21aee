//! `luthier runserver` rebuilds edited crates without cargo when that is correct, and with cargo otherwise.

use super::site::{LUTHIER, get, start_with};
use crate::common::Sandbox;
use crate::common::running::Running;

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

#[test]
fn function_bodies_are_rebuilt_fast_and_everything_else_by_cargo() {
    let mut shop = Shop::open();
    let books = "books/src/lib.rs";
    // The file written last is where one goes on: its crate is ready from the start.
    shop.edit("store/src/lib.rs", ") + 1", ") + 2");
    shop.serves_by_fast_rebuild("list one, visit 2; pick one of 1; later one; visits 1");
    shop.edit("store/src/lib.rs", ") + 2", ") + 1");
    shop.serves_by_fast_rebuild("list one, visit 1; pick one of 1; later one; visits 1");
    shop.edit(books, "list one", "list two");
    shop.serves_by_cargo("list two", "a crate is edited for the first time");
    shop.edit(books, "list two", "list three");
    shop.serves_by_fast_rebuild("list three, visit 1; pick one of 1; later one; visits 1");

    // A mistake is shown as cargo would, and the site goes on.
    shop.edit(books, "store::visit()", "store::visitors()");
    let heard = shop.server.says("still serving the previous version", 1);
    assert!(heard.contains("cannot find function `visitors`"), "{heard}");
    assert!(heard.contains("books/src/lib.rs:2:"), "{heard}");
    shop.check_fast_rebuilds();
    shop.edit(
        books,
        "three, visit {}\", store::visitors()",
        "four, visit {}\", store::visit()",
    );
    shop.serves_by_fast_rebuild("list four, visit");

    // Back to what cargo compiled.
    shop.edit(books, "list four", "list two");
    shop.serves_by_fast_rebuild("list two");

    // What no other crate can have.
    shop.edit(
        books,
        "pub fn list() -> String {\n    format!(\"list two, visit {}\", store::visit())",
        "/// A list.\nstruct List { name: &'static str, visit: u32 }\n\n\
         pub fn list() -> String {\n    let list = List { name: \"of its own\", visit: store::visit() };\n    \
         format!(\"list {}, visit {}\", list.name, list.visit)",
    );
    shop.serves_by_fast_rebuild("list of its own, visit");
    shop.edit(books, "of its own", "two");
    shop.serves_by_fast_rebuild("list two, visit");
    // Another crate begins to use something of it.
    shop.edit(
        books,
        "struct List",
        "pub fn more() -> u32 { 7 }\n\nstruct List",
    );
    shop.fast_rebuilds += 1;
    shop.server.says("fast rebuild: rustc", shop.fast_rebuilds);
    let (plain, more) = ("hello; {page}\")", "hello {}; {page}\", books::more())");
    shop.edit("src/main.rs", plain, more);
    shop.serves_by_cargo(
        "hello 7; list two",
        "a crate that uses books has changed as well",
    );
    shop.edit("src/main.rs", more, plain);
    shop.serves_by_fast_rebuild("hello; list two");

    // What other crates hold copies of.
    shop.edit(books, "pick one", "pick two");
    shop.serves_by_cargo("pick two", "other crates may use `pick` of books");
    shop.edit(books, "later one", "later two");
    shop.serves_by_cargo("later two", "other crates contain copies of `later`");
    shop.edit(books, "name: \"two\"", "name: \"three\"");
    shop.serves_by_fast_rebuild("list three");
    shop.edit(
        books,
        "pub fn list() -> String",
        "pub fn list() -> impl std::fmt::Display",
    );
    shop.server.says("other crates may use `list` of books", 1);
    shop.is_ready();

    shop.edit(books, "name: \"three\"", "name: \"four\"");
    shop.server.says("other crates may use `list` of books", 2);
    shop.serves("list four");
    shop.is_ready();
    shop.check_fast_rebuilds();

    // The program's own crate, alone and with another.
    shop.edit("src/main.rs", "hello", "good day");
    shop.serves_by_fast_rebuild("good day; list four");
    shop.edit(
        "src/main.rs",
        "\"good day; {page}\")",
        "\"good {}; {page}\", 7)",
    );
    shop.serves_by_fast_rebuild("good 7; list four");

    // Manifests are cargo's.
    shop.edit("books/Cargo.toml", "0.1.0", "0.1.1");
    shop.server.says("books/Cargo.toml has changed", 1);
    shop.is_ready();
    shop.check_fast_rebuilds();
}

#[test]
fn what_was_ready_is_ready_again_in_the_next_session() {
    let mut shop = Shop::open();
    shop.edit("books/src/lib.rs", "pub fn pick", "// Pick.\npub fn pick");
    shop.serves_by_cargo("list one", "a crate is edited for the first time");
    shop.edit("store/src/lib.rs", ") + 1", ") + 50000");
    shop.serves_by_fast_rebuild("visit 50000");
    let Shop {
        sandbox, server, ..
    } = shop;
    server.stop("-TERM");

    let mut shop = Shop::serve(sandbox);
    shop.edit("store/src/lib.rs", ") + 50000", ") + 60000");
    shop.serves_by_fast_rebuild("visit 60000");
    // Two crates, of which one depends on the other.
    shop.edit("store/src/lib.rs", ") + 60000", ") + 70000");
    shop.edit("books/src/lib.rs", "list one", "list two");
    shop.serves("list two, visit 70000");
    let heard = shop.server.heard();
    assert!(heard.contains("books, store in "), "{heard}");

    // A site that exits at its start is built again by cargo; the previous version still serves.
    shop.edit(
        "src/main.rs",
        "let listener",
        "assert!(store::visits() > 0); let listener",
    );
    let heard = shop.server.says("exited before it was ready", 2);
    assert!(heard.contains("store::visits() > 0"), "{heard}");
    shop.serves("list two");
}

#[test]
fn the_first_edit_of_each_crate_is_fast_once_all_are_prepared() {
    let mut shop = Shop::open_with("");
    shop.server.says("all crates are prepared", 1);
    for (file, from, to, wanted) in [
        (
            "books/src/lib.rs",
            "list one",
            "list two",
            "hello; list two, visit",
        ),
        (
            "store/src/lib.rs",
            ") + 1",
            ") + 20000",
            "list two, visit 20000;",
        ),
        (
            "src/lib.rs",
            "{}; {}; ",
            "{} and {}; ",
            " and pick one of 1;",
        ),
        ("src/main.rs", "hello", "good day", "good day; list two"),
        (
            "books/src/lib.rs",
            "list two",
            "list three",
            "good day; list three",
        ),
    ] {
        shop.edit(file, from, to);
        shop.serves_by_fast_rebuild(wanted);
    }
    // What cargo builds is prepared again, and then the others are.
    shop.edit(
        "store/src/lib.rs",
        "pub fn visit() -> u32",
        "pub fn visit() -> u64",
    );
    shop.edit(
        "store/src/lib.rs",
        "VISITS.fetch_add(1, Ordering::Relaxed)",
        "u64::from(VISITS.fetch_add(1, Ordering::Relaxed))",
    );
    shop.serves_by_cargo(
        "list three, visit 20000",
        "other crates may use `visit` of store",
    );
    shop.server.says("all crates are prepared", 2);
    shop.edit("books/src/lib.rs", "pick one", "pick two");
    shop.serves("pick two of 1");
}

#[test]
fn deleted_build_output_is_built_again() {
    let mut shop = Shop::open();
    shop.sandbox.remove("target/debug/runserver");
    shop.edit("store/src/lib.rs", ") + 1", ") + 20000");
    shop.serves("visit 20000;");
    shop.is_ready();
    shop.edit("store/src/lib.rs", ") + 20000", ") + 30000");
    shop.serves_by_fast_rebuild("visit 30000;");

    // As `cargo clean` does.
    shop.sandbox.remove("target");
    shop.edit("store/src/lib.rs", ") + 30000", ") + 40000");
    shop.serves("visit 40000;");
    shop.is_ready();
    shop.edit("store/src/lib.rs", ") + 40000", ") + 50000");
    shop.serves_by_fast_rebuild("visit 50000;");
}

/// What goes wrong when two parts of a program have each a copy of the same.
#[test]
fn a_program_of_several_parts_is_one_program() {
    let mut shop = Shop::open();
    shop.sandbox.write(
        "store/src/lib.rs",
        r#"use std::any::Any;
use std::cell::Cell;
use std::sync::LazyLock;

thread_local! {
    pub static COUNT: Cell<u32> = const { Cell::new(0) };
    pub static NAMES: Cell<Vec<String>> = Cell::new(Vec::new());
}

pub static SHELF: LazyLock<String> = LazyLock::new(|| "shelf".to_owned());

#[derive(Debug)]
pub struct Torn;

pub fn boxed() -> Box<dyn Any + Send> {
    Box::new(Torn)
}

pub fn visit() -> u32 {
    COUNT.set(COUNT.get() + 100);
    NAMES.set(vec![SHELF.clone()]);
    1
}

pub fn tear() {
    std::panic::panic_any(Torn)
}

pub fn visits() -> u32 {
    COUNT.get()
}
"#,
    );
    let books = shop.sandbox.read("books/src/lib.rs");
    let list = r#"pub fn list() -> String {
    store::COUNT.set(0);
    let step = store::visit();
    let torn = std::panic::catch_unwind(store::tear).expect_err("a panic");
    format!(
        "list {step} {} {:?} {} {} {}",
        store::COUNT.get(),
        store::NAMES.take(),
        torn.is::<store::Torn>(),
        store::boxed().is::<store::Torn>(),
        std::ptr::eq(&*store::SHELF, &*store::SHELF),
    )
}
"#;
    let (_, rest) = books.split_once("\npub fn pick").expect("a function");
    shop.sandbox
        .write("books/src/lib.rs", format!("{list}\npub fn pick{rest}"));
    shop.serves("list 1 100 [\"shelf\"] true true true");
    shop.is_ready();
    // Each of them made anew, and both.
    shop.edit("store/src/lib.rs", "    1\n", "    2\n");
    shop.serves_by_fast_rebuild(
        "list 2 100 [\"shelf\"] true true true; pick one of 1; later one; visits 100",
    );
    shop.edit("books/src/lib.rs", "list {step}", "list of {step}");
    shop.serves("list of 2 100 [\"shelf\"] true true true");
    shop.edit("store/src/lib.rs", "    2\n", "    3\n");
    shop.edit("books/src/lib.rs", "list of", "lists of");
    shop.serves("lists of 3 100 [\"shelf\"] true true true; pick one of 1; later one; visits 100");
    let heard = shop.server.heard();
    assert!(!heard.contains("exited before it was ready"), "{heard}");
}

#[test]
fn an_allocator_of_its_own_is_used_in_all_of_a_program() {
    let shop = Shop::open();
    let main = shop.sandbox.read("src/main.rs");
    let allocator = r#"
struct Counting;

static ALLOCATED: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);

unsafe impl std::alloc::GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: std::alloc::Layout) -> *mut u8 {
        ALLOCATED.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        unsafe { std::alloc::System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: std::alloc::Layout) {
        unsafe { std::alloc::System.dealloc(memory, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

fn greet"#;
    let main = main.replace("\nfn greet", allocator);
    let main = main.replace(
        "    format!(\"hello; {page}\")",
        "    let before = ALLOCATED.load(std::sync::atomic::Ordering::Relaxed);\n    let _ = books::pick(1);\n    \
         let counted = ALLOCATED.load(std::sync::atomic::Ordering::Relaxed) > before;\n    format!(\"counted {counted}; {page}\")",
    );
    shop.sandbox.write("src/main.rs", main);
    shop.server
        .says("the program has an allocator of its own", 1);
    shop.serves("counted true; list one");
    for (from, to) in [
        ("list one", "list two"),
        ("list two", "list three"),
        ("list three", "list four"),
    ] {
        shop.edit("books/src/lib.rs", from, to);
        shop.serves(&format!("counted true; {to}"));
    }
}

#[test]
fn a_copy_of_a_generic_function_that_others_use_is_missed() {
    let shop = Shop::open();
    // Both crates push; they share the copy of what that needs, which is in `books`, the lower of the two.
    let pushes = "let mut text = String::new();\n    text += \"list one\";\n    text";
    let books = "books/src/lib.rs";
    shop.edit(
        books,
        "format!(\"list one, visit {}\", store::visit())",
        pushes,
    );
    shop.edit(
        "src/lib.rs",
        "    format!(\"{}; {}",
        "    \"the \".to_owned() + &format!(\"{}; {}",
    );
    shop.serves("the list one");
    shop.edit(books, "list one", "list two");
    shop.serves("the list two");
    shop.server.until("a fast rebuild is prepared", |server| {
        let heard = server.heard();
        let (_, last) = heard.rsplit_once("changed: ")?;
        let prepared = ["fast rebuild is prepared", "fast rebuild: rustc"];
        prepared
            .iter()
            .any(|text| last.contains(text))
            .then_some(())
    });
    shop.edit(
        books,
        &pushes.replace("one", "two"),
        "\"list three\".to_owned()",
    );
    shop.serves("the list three");
    let heard = shop.server.heard();
    assert!(
        heard.contains("of books, which is without it now"),
        "{heard}"
    );
}
