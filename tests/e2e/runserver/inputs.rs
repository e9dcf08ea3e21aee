//! No edit is missed: files that come into use with any kind of build are watched, wherever they are.

use std::os::unix::fs::symlink;

use super::fast_rebuild::Shop;

const BOOKS: &str = "books/src/lib.rs";
const STORE: &str = "store/src/lib.rs";

/// Saves `books` so that its list ends with an included file.
fn include(shop: &Shop, file: &str) {
    shop.edit(
        BOOKS,
        "    format!(\"list one, visit {}\", store::visit())\n",
        &format!("    format!(\"{{}}, visit {{}}\", include_str!(\"{file}\"), store::visit())\n"),
    );
}

/// A shop whose crate `books` is rebuilt fast.
fn shop() -> Shop {
    let mut shop = Shop::open();
    shop.edit(BOOKS, "pub fn pick", "// Pick.\npub fn pick");
    shop.serves_by_cargo("list one", "a crate is edited for the first time");
    shop
}

#[test]
fn a_file_that_a_fast_rebuild_includes_is_watched() {
    let mut shop = shop();
    shop.sandbox.write("books/note.txt", "note one");
    include(&shop, "../note.txt");
    shop.serves_by_fast_rebuild("hello; note one");
    shop.sandbox.write("books/note.txt", "note two");
    shop.serves("hello; note two");
    // Its deletion is an error, and its return the fix.
    std::fs::remove_file(shop.sandbox.path("books/note.txt")).expect("removed");
    shop.server.says("couldn't read", 1);
    shop.sandbox.write("books/note.txt", "note three");
    shop.serves("hello; note three");
}

#[test]
fn a_missing_file_that_is_written_after_the_error_is_the_fix() {
    let shop = shop();
    shop.sandbox.make_folder("books/notes");
    include(&shop, "../notes/note.txt");
    shop.server.says("couldn't read", 1);
    shop.sandbox.write("books/notes/note.txt", "note one");
    shop.serves("hello; note one");
}

#[test]
fn an_edit_of_an_included_file_beside_a_body_counts() {
    let mut shop = shop();
    shop.sandbox.write("books/note.txt", "note one");
    include(&shop, "../note.txt");
    shop.serves_by_fast_rebuild("hello; note one");
    shop.edit("src/main.rs", "hello; {page}", "good day; {page}");
    shop.sandbox.write("books/note.txt", "note two");
    shop.serves("good day; note two");
}

#[test]
fn links_are_followed_to_where_they_lead() {
    let mut shop = shop();
    shop.sandbox
        .write("../elsewhere/folder/note.txt", "note one");
    shop.sandbox.write("../elsewhere/single.txt", "single one");
    let root = shop.sandbox.root();
    let elsewhere = |path: &str| root.join("../elsewhere").join(path);
    symlink(elsewhere("folder"), root.join("books/linked")).expect("a link");
    symlink(elsewhere("single.txt"), root.join("books/single.txt")).expect("a link");
    include(&shop, "../linked/note.txt");
    shop.serves_by_fast_rebuild("hello; note one");
    shop.sandbox
        .write("../elsewhere/folder/note.txt", "note two");
    shop.serves("hello; note two");
    shop.edit(BOOKS, "../linked/note.txt", "../single.txt");
    shop.serves("hello; single one");
    shop.sandbox.write("../elsewhere/single.txt", "single two");
    shop.serves("hello; single two");
    // A link that leads elsewhere.
    shop.sandbox.write("../elsewhere/other.txt", "other one");
    std::fs::remove_file(shop.sandbox.path("books/single.txt")).expect("removed");
    symlink(elsewhere("other.txt"), root.join("books/single.txt")).expect("a link");
    shop.serves("hello; other one");
    shop.sandbox.write("../elsewhere/other.txt", "other two");
    shop.serves("hello; other two");
}

#[test]
fn two_crates_of_which_one_is_wrong_are_both_built_after_the_fix() {
    let shop = shop();
    shop.edit(STORE, ") + 1", ") + 10000");
    shop.serves("visit 10000;");
    shop.edit(STORE, ") + 10000", ") + 20000");
    shop.serves("visit 20000;");
    shop.edit(
        BOOKS,
        "list one, visit {}\", ",
        "list two, visit {}\", wrong_",
    );
    shop.edit(STORE, ") + 20000", ") + 30000");
    shop.server.says("still serving the previous version", 1);
    shop.edit(BOOKS, "wrong_", "");
    shop.serves("list two, visit 30000;");
}

#[test]
fn every_file_of_a_package_counts_for_a_build_script_that_names_none() {
    let shop = shop();
    shop.sandbox.write("store/data.txt", "40000");
    shop.sandbox.write(
        "store/build.rs",
        "fn main() {\n    let data = std::fs::read_to_string(\"data.txt\").expect(\"data\");\n    \
         println!(\"cargo::rustc-env=STEP={}\", data.trim());\n}\n",
    );
    shop.edit(
        STORE,
        ") + 1",
        ") + env!(\"STEP\").parse::<u32>().expect(\"a number\")",
    );
    shop.serves("visit 40000;");
    shop.sandbox.write("store/data.txt", "50000");
    shop.serves("visit 50000;");
    // Together with an edit that could be rebuilt fast.
    shop.edit(BOOKS, "list one", "list two");
    shop.sandbox.write("store/data.txt", "60000");
    shop.serves("list two, visit 60000;");
}
