//! A program of several parts is one program: its statics, threads, panics and allocator.

use super::Shop;

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
