//! Modification times that lie: files from an archive, from a backup, from a clock that is ahead.
#![expect(
    clippy::disallowed_methods,
    reason = "tests look at the outside on purpose"
)]

use std::fs::File;
use std::time::{Duration, SystemTime};

use super::fast_rebuild::Shop;
use super::site::*;
use crate::common::Sandbox;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Puts a file in the place of another at once, as `cp --preserve`, `rsync --times` and `tar` do.
fn restore(sandbox: &Sandbox, path: &str, text: &str, modified: SystemTime) {
    let beside = sandbox.path(format!("{path}.new"));
    std::fs::write(&beside, text).expect("written");
    let file = File::options().write(true).open(&beside).expect("opened");
    file.set_modified(modified).expect("times can be set");
    std::fs::rename(beside, sandbox.path(path)).expect("renamed");
}

#[test]
fn a_file_from_the_past_is_built_by_cargo_too() {
    let sandbox = sandbox();
    let (server, address) = start(&sandbox);
    answers(&server, &address, "one");
    let now = SystemTime::now();
    restore(&sandbox, "src/main.rs", &site("two"), now - DAY);
    answers(&server, &address, "two");
    restore(&sandbox, "src/main.rs", &site("three"), now - 2 * DAY);
    answers(&server, &address, "three");
}

#[test]
fn a_file_from_the_past_is_rebuilt_fast() {
    let mut shop = Shop::open();
    let books = "books/src/lib.rs";
    let text = shop.sandbox.read(books);
    let past = SystemTime::now() - DAY;
    restore(
        &shop.sandbox,
        books,
        &text.replace("list one", "list two"),
        past,
    );
    shop.serves_by_cargo("list two", "a crate is edited for the first time");
    restore(
        &shop.sandbox,
        books,
        &text.replace("list one", "list three"),
        past,
    );
    shop.serves_by_fast_rebuild("list three");
    // Cargo builds the next edit, and has never seen the last.
    restore(
        &shop.sandbox,
        books,
        &text.replace("list one", "list four"),
        past - DAY,
    );
    shop.sandbox.write(
        "store/Cargo.toml",
        shop.sandbox.read("store/Cargo.toml") + "\n[features]\nx = []\n",
    );
    shop.serves("list four");
}

#[test]
fn a_file_from_the_future_is_built_once_and_later_edits_too() {
    let sandbox = sandbox();
    let (server, address) = start(&sandbox);
    let future = SystemTime::now() + DAY;
    restore(&sandbox, "src/main.rs", &site("two"), future);
    answers(&server, &address, "two");
    let built = server.heard().matches("Built").count();
    sandbox.write("static/site.css", "a {}");
    restore(&sandbox, "src/main.rs", &site("three"), future);
    answers(&server, &address, "three");
    sandbox.write("src/main.rs", site("four"));
    answers(&server, &address, "four");
    assert_eq!(server.heard().matches("Built").count(), built + 2);
}
