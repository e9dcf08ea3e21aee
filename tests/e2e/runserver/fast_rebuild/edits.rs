//! Edits one after the other: which are rebuilt fast, which by cargo.

use super::Shop;

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
