//! The compiler that is started before the edit, and what comes between.
#![expect(
    clippy::disallowed_methods,
    reason = "tests look at the outside on purpose"
)]

use super::fast_rebuild::Shop;
use crate::common::running::{alive, signal};

const STORE: &str = "store/src/lib.rs";
const TALLY: &str = "store/src/tally.rs";

/// A shop whose store has two files; both are known to the compiler.
fn shop() -> Shop {
    let mut shop = Shop::open();
    let store = shop.sandbox.read(STORE);
    let store = store
        .replace(") + 1", ") + tally::step()")
        .replace("pub fn visit()", "#[must_use]\npub fn visit()");
    // The module comes last: a build that begins between the two fails, and nothing is prepared after it.
    shop.sandbox
        .write(STORE, format!("mod tally;\n\n{store}"))
        .write(TALLY, "pub fn step() -> u32 {\n    7\n}\n");
    shop.serves_by_cargo("visit 7;", "other crates may use `visit` of store");
    shop
}

/// The compilers that wait in the sandbox, as process ids.
fn waiting(shop: &Shop) -> Vec<u32> {
    let place = format!("{}/target/debug/runserver/", shop.sandbox.root().display());
    let processes = std::fs::read_dir("/proc").expect("Linux");
    let ids = processes.filter_map(|process| process.ok()?.file_name().to_str()?.parse().ok());
    ids.filter(|id: &u32| {
        let read = |what| std::fs::read(format!("/proc/{id}/{what}")).unwrap_or_default();
        let line = String::from_utf8_lossy(&read("cmdline")).into_owned();
        let environment = String::from_utf8_lossy(&read("environ")).into_owned();
        line.contains(&place) && environment.contains("LUTHIER_WAIT=")
    })
    .collect()
}

/// Waits for a compiler to wait that is not one of these.
#[track_caller]
fn another(shop: &Shop, old: &[u32]) -> u32 {
    shop.server.until("a compiler waits", |_| {
        waiting(shop)
            .into_iter()
            .find(|process| !old.contains(process))
    })
}

/// How many edits a compiler had waited for.
fn waited(shop: &Shop) -> usize {
    shop.server.heard().matches("rustc (prewarmed)").count()
}

#[test]
fn a_compiler_waits_for_the_next_edit() {
    let mut shop = shop();
    let first = another(&shop, &[]);
    // What it has yet to read.
    shop.edit(TALLY, "    7", "    20000");
    // This file was written last: at it the compiler waited.
    shop.serves_by_fast_rebuild("visit 20000;");
    assert_eq!(waited(&shop), 1, "{}", shop.server.heard());
    shop.server
        .until("it ends", |_| (!alive(first)).then_some(()));

    // Many editors truncate a file before they write it.
    let second = another(&shop, &[first]);
    shop.sandbox.write(TALLY, "");
    std::thread::sleep(std::time::Duration::from_millis(4));
    shop.sandbox
        .write(TALLY, "pub fn step() -> u32 {\n    30000\n}\n");
    shop.serves_by_fast_rebuild("visit 30000;");
    assert_eq!(waited(&shop), 2, "{}", shop.server.heard());

    // What it has read already.
    let third = another(&shop, &[first, second]);
    shop.edit(STORE, "+ tally::step()", "+ tally::step() + 10000");
    shop.serves_by_fast_rebuild("visit 40000;");
    assert_eq!(waited(&shop), 2, "{}", shop.server.heard());
    shop.server
        .until("it ends", |_| (!alive(third)).then_some(()));

    // One that dies.
    let fourth = another(&shop, &[first, second, third]);
    assert!(signal("-KILL", fourth));
    shop.edit(STORE, "+ 10000", "+ 20000");
    shop.serves_by_fast_rebuild("visit 50000;");

    // A mistake, and its cure.
    another(&shop, &[first, second, third, fourth]);
    shop.edit(TALLY, "    30000", "    three");
    shop.server.says("still serving the previous version", 1);
    shop.check_fast_rebuilds();
    shop.edit(TALLY, "    three", "    40000");
    shop.serves_by_fast_rebuild("visit 60000;");
}

#[test]
fn what_is_written_twice_is_served_as_it_was_written_last() {
    let shop = shop();
    let mut old = Vec::new();
    for round in 1..=12 {
        old.push(another(&shop, &old));
        let write = |step: usize| {
            let text = format!("pub fn step() -> u32 {{\n    {step}\n}}\n");
            shop.sandbox.write(TALLY, text);
        };
        write(10000 + round);
        // From at once to after the compiler has been let go, and after the build has begun.
        std::thread::sleep(std::time::Duration::from_millis(5 * round as u64 - 5));
        write(20000 + round);
        shop.serves(&format!("visit {};", 20000 + round));
    }
    shop.edit(TALLY, "20012", "70000");
    shop.serves("visit 70000;");
}

#[test]
fn a_program_of_one_crate_is_waited_for_too() {
    let mut shop = Shop::open();
    let mut old = vec![another(&shop, &[])];
    for (edit, (from, to)) in [("hello", "good day"), ("good day", "good night")]
        .into_iter()
        .enumerate()
    {
        // Written last, it is where one goes on.
        shop.edit("src/main.rs", from, to);
        shop.serves_by_fast_rebuild(to);
        assert_eq!(waited(&shop), edit, "{}", shop.server.heard());
        old.push(another(&shop, &old));
    }
    shop.edit("src/main.rs", "good night", "good {}");
    shop.server.says("still serving the previous version", 1);
    shop.edit("src/main.rs", "page}\")", "page}\", 7)");
    shop.serves_by_fast_rebuild("good 7;");
    // A library, while the compiler waits for the program.
    another(&shop, &old);
    shop.edit(STORE, ") + 1", ") + 20000");
    shop.serves_by_fast_rebuild("visit 20000;");
    shop.edit("src/main.rs", "good {}", "bad {}");
    shop.serves_by_fast_rebuild("bad 7;");
    shop.serves("visit ");
}

#[test]
fn memory_can_be_spared() {
    let mut shop =
        Shop::open_with("\n[dev]\nprewarm-compiler = false\nprepare-all-crates = false\n");
    shop.edit(STORE, ") + 1", ") + 20000");
    shop.serves_by_fast_rebuild("visit 20000;");
    assert_eq!(waiting(&shop), Vec::<u32>::new());
    assert_eq!(waited(&shop), 0);
}

#[test]
fn a_compiler_that_waits_ends_with_the_server() {
    for end in ["-KILL", "-TERM"] {
        let shop = shop();
        let compiler = another(&shop, &[]);
        assert!(signal(end, shop.server.id()));
        shop.server
            .until("it ends", |_| (!alive(compiler)).then_some(()));
    }
}

#[test]
fn what_is_gathered_from_a_whole_program_is_left_to_cargo() {
    let shop = Shop::open();
    shop.edit(
        STORE,
        "pub fn visit()",
        "#[used]\n#[unsafe(link_section = \"visitors\")]\nstatic VISITOR: u32 = 1;\n\npub fn visit()",
    );
    shop.server.says(
        "store contributes to a linker section of the whole program",
        1,
    );
    shop.edit(STORE, ") + 1", ") + 20000");
    shop.serves("visit 20000;");
    shop.check_fast_rebuilds();
}

#[test]
fn what_is_gathered_in_the_program_itself_is_left_to_cargo_too() {
    let shop = Shop::open();
    shop.edit(
        "src/main.rs",
        "fn greet",
        "#[used]\n#[unsafe(link_section = \"visitors\")]\nstatic VISITOR: u32 = 1;\n\nfn greet",
    );
    shop.server.says(
        "shop contributes to a linker section of the whole program",
        2,
    );
    shop.edit("src/main.rs", "hello", "good day");
    shop.serves("good day;");
    shop.check_fast_rebuilds();
}
