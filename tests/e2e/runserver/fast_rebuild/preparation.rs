//! What is prepared before an edit, and kept for the next session.

use super::Shop;

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
    shop.serves_each(&[
        [
            "books/src/lib.rs",
            "list one",
            "list two",
            "hello; list two, visit",
        ],
        [
            "store/src/lib.rs",
            ") + 1",
            ") + 20000",
            "list two, visit 20000;",
        ],
        [
            "src/lib.rs",
            "{}; {}; ",
            "{} and {}; ",
            " and pick one of 1;",
        ],
        ["src/main.rs", "hello", "good day", "good day; list two"],
        [
            "books/src/lib.rs",
            "list two",
            "list three",
            "good day; list three",
        ],
    ]);
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
fn the_other_crates_are_prepared_after_an_early_edit_too() {
    let mut shop = Shop::open_with("");
    // Sooner than a session that nobody edits in would prepare them.
    shop.edit("store/src/lib.rs", ") + 1", ") + 20000");
    shop.serves_by_fast_rebuild("visit 20000");
    shop.edit("src/main.rs", "hello", "good day");
    shop.serves_by_fast_rebuild("good day; list one, visit 20000");
    shop.server.says("all crates are prepared", 1);
    shop.serves_each(&[
        [
            "books/src/lib.rs",
            "list one",
            "list two",
            "good day; list two, visit 20000",
        ],
        [
            "src/lib.rs",
            "{}; {}; ",
            "{} and {}; ",
            "list two, visit 20000 and pick one",
        ],
        [
            "store/src/lib.rs",
            ") + 20000",
            ") + 1",
            "good day; list two, visit 1 and pick one",
        ],
        ["src/main.rs", "good day", "hello", "hello; list two"],
    ]);
}
