//! Changes that need an answer: renames, values for rows that exist, what would be lost.

use super::{bookstore, edit, targets};

#[test_with::env(LUTHIER_TEST_POSTGRES, LUTHIER_TEST_MYSQL)]
#[test]
fn a_required_column_needs_a_value_for_the_rows_that_exist() {
    let sandbox = bookstore();
    sandbox.run(["makemigrations"]).success();
    edit(
        &sandbox,
        "// more",
        "pub pages: i32,\n    pub note: Option<String>,",
    );
    let before = sandbox.snapshot("");
    sandbox
        .run(["makemigrations"])
        .code(3)
        .stderr_has("`books.pages` (apps/books/src/models/book.rs:")
        .stderr_has("--default books.pages=SQL");
    sandbox
        .run(["makemigrations", "--default", "books.pagse=7"])
        .code(3);
    sandbox
        .run([
            "makemigrations",
            "--default",
            "books.pages=7",
            "--default",
            "books.x=1",
        ])
        .code(2)
        .stderr_has("no such column is added or changed");
    assert!(sandbox.snapshot("") == before, "something was written");
    sandbox
        .run(["makemigrations", "--default", "books.pages=length(title)"])
        .success()
        .stderr_has("_add_pages_and_note_to_books");
    for target in targets(&sandbox) {
        target.migrate(&sandbox, &["initial"]).success();
        target.execute("INSERT INTO authors (name) VALUES ('Ursula')");
        target.execute(
            "INSERT INTO books (title, isbn, price, mood, author_id) VALUES ('Dune', '1', 5, 'happy', 1)",
        );
        target.migrate(&sandbox, &[]).success();
        let rows = target.texts("SELECT title FROM books WHERE pages = 4 AND note IS NULL");
        assert_eq!(rows, ["Dune"]);
        target.migrate(&sandbox, &["initial"]).success();
        assert_eq!(target.texts("SELECT title FROM books"), ["Dune"]);
        target.migrate(&sandbox, &[]).success();
    }
}

#[test_with::env(LUTHIER_TEST_POSTGRES, LUTHIER_TEST_MYSQL)]
#[test]
fn a_rename_is_never_guessed() {
    let sandbox = bookstore();
    sandbox.run(["makemigrations"]).success();
    edit(&sandbox, "pub isbn: String", "pub number: String");
    let before = sandbox.snapshot("");
    sandbox
        .run(["makemigrations"])
        .code(3)
        .stderr_has("`books.number` appeared while `isbn` went away")
        .stderr_has("--rename books.isbn=books.number");
    sandbox
        .run(["makemigrations", "--rename", "books.isbn=books.nummer"])
        .code(2)
        .stderr_has("no entity has the column `books.nummer`");
    sandbox
        .run(["makemigrations", "--rename", "isbn"])
        .code(2)
        .stderr_has("TABLE.OLD=TABLE.NEW");
    assert!(sandbox.snapshot("") == before, "something was written");
    sandbox
        .run(["makemigrations", "--rename", "books.isbn=books.number"])
        .success()
        .stderr_has("_rename_isbn_to_number_in_books");
    for target in targets(&sandbox) {
        target.migrate(&sandbox, &["initial"]).success();
        target.execute("INSERT INTO authors (name) VALUES ('Ursula')");
        target.execute(
            "INSERT INTO books (title, isbn, price, mood, author_id) VALUES ('Dune', '42', 5, 'sad', 1)",
        );
        target.migrate(&sandbox, &[]).success();
        assert_eq!(target.texts("SELECT number FROM books"), ["42"]);
        target.migrate(&sandbox, &["initial"]).success();
        assert_eq!(target.texts("SELECT isbn FROM books"), ["42"]);
    }
}

#[test]
fn renamed_from_is_taken_once() {
    let sandbox = bookstore();
    sandbox.run(["makemigrations"]).success();
    edit(
        &sandbox,
        "#[sea_orm(unique)]\n    pub isbn",
        "#[sea_orm(unique, renamed_from = \"isbn\")]\n    pub number",
    );
    sandbox
        .run(["makemigrations"])
        .success()
        .stderr_has("~ Rename column books.isbn to number");
    sandbox
        .run(["makemigrations"])
        .success()
        .stderr_has("No changes detected");
}

#[test_with::env(LUTHIER_TEST_POSTGRES, LUTHIER_TEST_MYSQL)]
#[test]
fn a_new_enum_value_that_is_used_at_once_takes_two_migrations() {
    let sandbox = bookstore();
    sandbox.run(["makemigrations"]).success();
    edit(&sandbox, "Happy, Sad", "Happy, Bored, Sad");
    edit(
        &sandbox,
        "pub mood: Mood",
        "#[sea_orm(default_value = \"bored\")]\n    pub mood: Mood",
    );
    sandbox
        .run(["makemigrations"])
        .success()
        .stderr_has("_alter_mood.up.sql")
        .stderr_has("_alter_mood_of_books.up.sql");
    for target in targets(&sandbox) {
        target.migrate(&sandbox, &["initial"]).success();
        target.execute("INSERT INTO authors (name) VALUES ('Ursula')");
        target.execute(
            "INSERT INTO books (title, isbn, price, mood, author_id) VALUES ('A', '1', 5, 'sad', 1)",
        );
        target.migrate(&sandbox, &[]).success();
        target.execute("INSERT INTO books (title, isbn, price, author_id) VALUES ('B', '2', 5, 1)");
        assert_eq!(
            target.texts("SELECT title FROM books WHERE mood = 'bored'"),
            ["B"]
        );
        target.execute("DELETE FROM books WHERE mood = 'bored'");
        target.migrate(&sandbox, &["initial"]).success();
        assert_eq!(
            target.texts("SELECT title FROM books WHERE mood = 'sad'"),
            ["A"]
        );
    }
}

#[test_with::env(LUTHIER_TEST_POSTGRES, LUTHIER_TEST_MYSQL)]
#[test]
fn what_would_be_lost_needs_a_yes() {
    let sandbox = bookstore();
    sandbox.run(["makemigrations"]).success();
    edit(&sandbox, "pub price: Decimal,", "");
    sandbox
        .run(["makemigrations"])
        .code(3)
        .stderr_has("column books.price")
        .stderr_has("--allow-drop");
    sandbox
        .run(["makemigrations", "--allow-drop"])
        .success()
        .stderr_has("- Drop column books.price");
    for target in targets(&sandbox) {
        target.migrate(&sandbox, &["initial"]).success();
        target.execute("INSERT INTO authors (name) VALUES ('Ursula')");
        target.execute(
            "INSERT INTO books (title, isbn, price, mood, author_id) VALUES ('Dune', '42', 5, 'sad', 1)",
        );
        target.migrate(&sandbox, &[]).success();
        target.migrate(&sandbox, &["initial"]).success();
        assert_eq!(
            target.texts("SELECT title FROM books WHERE price = 0"),
            ["Dune"]
        );
    }
}
