//! What is refused before anything is written.

use crate::common::Sandbox;

use super::{BOOK, project, startmodel};

#[test]
fn the_same_again_changes_nothing_and_other_fields_are_refused() {
    let sandbox = project(&["books"]);
    startmodel(&sandbox, "books Tag name:text").success();
    let line = format!("{BOOK} tags:many(books.Tag) sequel:one(books.Book)?");
    startmodel(&sandbox, &line).success();
    let before = sandbox.snapshot("");
    startmodel(&sandbox, &line)
        .success()
        .stderr_has("identical  apps/books/src/models/book_tag.rs")
        .stderr_has("identical  Cargo.lock")
        .stderr_lacks("create")
        .stderr_lacks("edit");
    startmodel(&sandbox, "books Book title:text")
        .code(2)
        .stderr_has("the model `Book` is there already, and apps/books/src/api/book.rs is not what this command makes")
        .stderr_has("then run `luthier makemigrations`");
    startmodel(&sandbox, "books book title:text")
        .code(2)
        .stderr_has("`book` cannot name a model");
    startmodel(&sandbox, "books BOOK title:text")
        .code(2)
        .stderr_has("only case tells it from the model `Book`");
    assert_eq!(sandbox.snapshot(""), before);
}

#[test]
fn bad_input_is_refused_before_anything_is_written() {
    let sandbox = project(&["books", "shop"]);
    startmodel(&sandbox, "books Author name:text").success();
    let before = sandbox.snapshot("");
    for (line, said) in [
        ("book Book title:text", "did you mean `books`?"),
        (
            "library Book title:text",
            "make it with `luthier startapp library`",
        ),
        ("books Book", "<FIELD>"),
        ("books Entity a:int", "`Entity` cannot name a model"),
        ("books Book title:strng(9)", "did you mean `string(n)`?"),
        (
            "books Book title:string(0)",
            "a length is a whole number from 1 to 16383",
        ),
        (
            "books Book price:decimal(2,5)",
            "did you mean `decimal(5,2)`?",
        ),
        ("books Book a:int a:text", "the field `a` is there twice"),
        ("books Book id:int", "every model has an `id` already"),
        (
            "books Book author:ref(books.author)",
            "did you mean `books.Author`?",
        ),
        (
            "books Book author:ref(shop.Cart)",
            "the models are books.Author, books.Book",
        ),
        (
            "books Book a:int --access staff",
            "--access staff needs users, and this project has no accounts",
        ),
        (
            "books Book a:int --access everybody",
            "[possible values: public, read-only, authenticated, staff, owner]",
        ),
        (
            "books Book a:int --route Books",
            "`Books` cannot be a segment of an address",
        ),
        (
            "books Book a:int --route docs",
            "`/api/docs` is where the documentation is",
        ),
        (
            "books Doc a:int",
            "`/api/docs` is where the documentation is",
        ),
        ("books Book a:int --pk int", "[possible values: i64, uuid]"),
    ] {
        startmodel(&sandbox, line).code(2).stderr_has(said);
    }
    assert_eq!(sandbox.snapshot(""), before);
    Sandbox::new()
        .run(["startmodel", "books", "Book", "title:text"])
        .code(2)
        .stderr_has("luthier startproject NAME");
}

#[test]
fn an_address_belongs_to_one_model() {
    let sandbox = project(&["books", "shop"]);
    startmodel(&sandbox, "books Book title:text").success();
    startmodel(&sandbox, "shop Book title:text")
        .code(2)
        .stderr_has("`/api/books` is the address of books's `book` already")
        .stderr_has("--route shop-books");
    startmodel(&sandbox, "shop Book title:text --route shop-books").success();
    let model = sandbox.read("apps/shop/src/models/book.rs");
    assert!(model.contains("table_name = \"shop_books\""), "{model}");
    assert!(
        sandbox
            .read("apps/shop/src/api.rs")
            .contains(".nest(\"/shop-books\", book::router())")
    );
}

#[test]
fn references_lead_from_crate_to_crate_but_never_in_a_cycle() {
    let sandbox = project(&["books", "shop", "people"]);
    startmodel(&sandbox, "people Person name:text").success();
    startmodel(&sandbox, "books Book author:ref(people.Person)").success();
    startmodel(
        &sandbox,
        "shop Cart book:ref(books.Book) buyer:ref(people.Person)",
    )
    .success();
    assert!(
        sandbox
            .read("apps/shop/Cargo.toml")
            .contains("books.workspace = true\n")
    );
    let model = sandbox.read("apps/books/src/models/book.rs");
    assert!(
        model.contains("pub author: BelongsTo<people::models::person::Entity>"),
        "{model}"
    );
    let before = sandbox.snapshot("");
    startmodel(&sandbox, "people Wish book:ref(shop.Cart)")
        .code(2)
        .stderr_has("in a cycle: people → shop → books → people")
        .stderr_has("put the models in one app");
    assert_eq!(sandbox.snapshot(""), before);
}

#[test]
fn a_lost_shape_fails_with_the_line_to_add() {
    let sandbox = project(&["books"]);
    sandbox.write(
        "apps/books/src/api.rs",
        "pub fn router() -> Routes {\n    routes![]\n}\n",
    );
    let before = sandbox.snapshot("");
    startmodel(&sandbox, "books Book title:text")
        .code(1)
        .stderr_has("apps/books/src/api.rs cannot be edited: what the function `router` answers is not a chain of calls")
        .stderr_has("    .nest(\"/books\", book::router())\n");
    assert_eq!(sandbox.snapshot(""), before);
}
