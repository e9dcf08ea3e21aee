//! `makemigrations`, `migrate`, `showmigrations` and `sqlmigrate`, on real databases.

#![expect(
    clippy::disallowed_methods,
    reason = "tests take files away as users do"
)]

use std::path::PathBuf;

use crate::common::Sandbox;
use crate::common::databases::Database;
use crate::common::servers::Postgres;

const BOOK: &str = r#"
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "books")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    #[sea_orm(column_type = "String(StringLen::N(200))", indexed)]
    pub title: String,
    #[sea_orm(unique)]
    pub isbn: String,
    pub price: Decimal,
    pub mood: Mood,
    pub author_id: i64,
    #[sea_orm(belongs_to, from = "author_id", to = "id", on_delete = "Cascade")]
    pub author: BelongsTo<super::author::Entity>,
    // more
}

#[derive(Clone, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Enum", rename_all = "snake_case")]
pub enum Mood { Happy, Sad }
"#;

const AUTHOR: &str = r#"
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "authors")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub name: String,
    #[sea_orm(has_many)]
    pub books: HasMany<super::book::Entity>,
}
"#;

/// A project of one app with two entities.
fn bookstore() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox
        .write(
            "luthier.toml",
            "[project]\nname = \"bookstore\"\napps = [\"books\"]\n\
             [scaffold]\nname = \"web\"\nversion = \"0.1.0\"\n\
             [database]\ndialects = [\"sqlite\", \"postgres\", \"mysql\"]\n",
        )
        .write(".env", "DATABASE_URL=sqlite://dev.db\n")
        .write("apps/books/src/lib.rs", "pub mod models;\n")
        .write(
            "apps/books/src/models.rs",
            "pub mod author;\npub mod book;\n",
        )
        .write("apps/books/src/models/author.rs", AUTHOR)
        .write("apps/books/src/models/book.rs", BOOK);
    sandbox
}

fn edit(sandbox: &Sandbox, from: &str, to: &str) {
    let path = "apps/books/src/models/book.rs";
    let text = sandbox.read(path);
    assert!(text.contains(from), "{from}");
    sandbox.write(path, text.replace(from, to));
}

fn migrations(sandbox: &Sandbox, folder: &str) -> Vec<PathBuf> {
    let files = sandbox.snapshot(format!("migrations/{folder}"));
    files.into_iter().map(|(path, _)| path).collect()
}

/// The databases to try: SQLite and the others.
fn targets(sandbox: &Sandbox) -> Vec<Database> {
    let file = sandbox.path("test.db");
    Database::of_file(format!("sqlite://{}", file.display())).and_others()
}

#[test_with::env(LUTHIER_TEST_POSTGRES, LUTHIER_TEST_MYSQL)]
#[test]
fn the_first_migration_is_written_once_and_applied_once() {
    let sandbox = bookstore();
    sandbox
        .run(["makemigrations", "--check"])
        .code(1)
        .stdout_has("+ Create table books");
    assert!(!sandbox.exists("migrations"));
    sandbox
        .run(["makemigrations", "--dry-run"])
        .success()
        .stdout_has("CREATE TABLE \"books\"");
    assert!(!sandbox.exists("migrations"));
    sandbox
        .run(["makemigrations"])
        .success()
        .stderr_has("+ Create table authors")
        .stderr_has("_initial.up.sql");
    assert_eq!(migrations(&sandbox, "sqlite").len(), 2);
    assert_eq!(migrations(&sandbox, "postgres").len(), 2);
    assert_eq!(migrations(&sandbox, "meta").len(), 1);
    sandbox
        .run(["makemigrations"])
        .success()
        .stderr_has("No changes detected");
    sandbox.run(["makemigrations", "--check"]).success();
    for target in targets(&sandbox) {
        let show = |text: &str| {
            sandbox
                .run(["showmigrations", "--database-url", &target.url])
                .success()
                .stdout_has(text);
        };
        show("[ ] ");
        target
            .migrate(&sandbox, &["--check"])
            .code(1)
            .stdout_has("apply  ");
        target
            .migrate(&sandbox, &["--plan"])
            .success()
            .stdout_has("_initial");
        show("[ ] ");
        target
            .migrate(&sandbox, &[])
            .success()
            .stderr_has("_initial… OK (");
        show("[X] ");
        target
            .migrate(&sandbox, &[])
            .success()
            .stderr_has("Nothing to migrate");
        target.migrate(&sandbox, &["--check"]).success();
        target.execute("INSERT INTO authors (name) VALUES ('Ursula')");
        target.execute(
            "INSERT INTO books (title, isbn, price, mood, author_id) VALUES ('A', '1', 5, 'happy', 1)",
        );
        target
            .migrate(&sandbox, &["zero"])
            .success()
            .stderr_has("Reverting ");
        show("[ ] ");
        target
            .migrate(&sandbox, &["initial"])
            .success()
            .stderr_has("Applying ");
    }
}

#[test]
fn looking_at_an_sqlite_database_does_not_make_it() {
    let sandbox = bookstore();
    sandbox.run(["makemigrations"]).success();
    sandbox.run(["showmigrations"]).success().stdout_has("[ ] ");
    sandbox.run(["migrate", "--plan"]).success();
    assert!(!sandbox.exists("dev.db"));
    sandbox.run(["migrate"]).success();
    assert!(sandbox.exists("dev.db"));
}

#[test_with::env(LUTHIER_TEST_POSTGRES, LUTHIER_TEST_MYSQL)]
#[test]
fn sqlx_and_this_tool_agree_in_both_directions() {
    let sandbox = bookstore();
    sandbox.run(["makemigrations"]).success();
    edit(&sandbox, "// more", "pub pages: i32,");
    sandbox
        .run(["makemigrations", "--default", "books.pages=7"])
        .success();
    for target in targets(&sandbox) {
        target.migrate(&sandbox, &["initial"]).success();
        target
            .sqlx(&sandbox)
            .expect("sqlx goes on where we stopped");
        target.migrate(&sandbox, &["--check"]).success();
        target.migrate(&sandbox, &["zero"]).success();
        target.sqlx(&sandbox).expect("sqlx starts from nothing");
        target
            .migrate(&sandbox, &[])
            .success()
            .stderr_has("Nothing to migrate");
    }
}

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

#[test_with::env(LUTHIER_TEST_POSTGRES, LUTHIER_TEST_MYSQL)]
#[test]
fn a_failing_migration_leaves_nothing_behind() {
    let sandbox = bookstore();
    sandbox.run(["makemigrations"]).success();
    sandbox
        .run(["makemigrations", "--empty", "-m", "half"])
        .success();
    for folder in ["sqlite", "postgres"] {
        let file = migrations(&sandbox, folder)
            .into_iter()
            .find(|path| path.to_string_lossy().ends_with("_half.up.sql"))
            .expect("it was written");
        sandbox.write(
            format!("migrations/{folder}/{}", file.display()),
            "INSERT INTO authors (name) VALUES ('half');\nINSERT INTO nowhere VALUES (1);\n",
        );
    }
    // MySQL has no transactions for this.
    for target in targets(&sandbox)
        .iter()
        .filter(|target| target.dialect != "mysql")
    {
        target
            .migrate(&sandbox, &[])
            .code(1)
            .stderr_has("_initial… OK")
            .stderr_has("_half… FAILED")
            .stderr_has("nothing of it was kept")
            .stderr_has("nowhere");
        assert!(target.texts("SELECT name FROM authors").is_empty());
        target
            .migrate(&sandbox, &["--check"])
            .code(1)
            .stdout_has("_half");
    }
}

#[test_with::env(LUTHIER_TEST_POSTGRES, LUTHIER_TEST_MYSQL)]
#[test]
fn on_mysql_a_failed_migration_goes_on_where_it_stopped() {
    let sandbox = bookstore();
    sandbox.run(["makemigrations"]).success();
    sandbox
        .run(["makemigrations", "--empty", "-m", "half"])
        .success();
    let file = migrations(&sandbox, "mysql")
        .into_iter()
        .find(|path| path.to_string_lossy().ends_with("_half.up.sql"))
        .expect("it was written");
    sandbox.write(
        format!("migrations/mysql/{}", file.display()),
        "CREATE TABLE first (a int);\nINSERT INTO second VALUES (1);\nCREATE TABLE third (a int);\n",
    );
    let all = targets(&sandbox);
    let Some(target) = all.iter().find(|target| target.dialect == "mysql") else {
        return;
    };
    target
        .migrate(&sandbox, &[])
        .code(1)
        .stderr_has("the 1 statements before it are kept")
        .stderr_has("goes on with statement 2 of 3: INSERT INTO second");
    sandbox
        .run(["showmigrations", "--database-url", &target.url])
        .success()
        .stdout_has("[!]");
    assert!(
        target.sqlx(&sandbox).is_err(),
        "sqlx sees that it is not done"
    );
    target.execute("CREATE TABLE second (a int)");
    target
        .migrate(&sandbox, &[])
        .success()
        .stderr_has("_half… OK");
    target.sqlx(&sandbox).expect("it is done");
    assert_eq!(target.texts("SELECT CAST(a AS CHAR) FROM second"), ["1"]);
}

#[test_with::env(LUTHIER_TEST_POSTGRES, LUTHIER_TEST_MYSQL)]
#[test]
fn rows_that_do_not_fit_stop_a_migration_before_it_starts() {
    let sandbox = bookstore();
    sandbox.run(["makemigrations"]).success();
    edit(
        &sandbox,
        "#[sea_orm(column_type = \"String(StringLen::N(200))\", indexed)]",
        "#[sea_orm(column_type = \"String(StringLen::N(3))\", unique)]",
    );
    edit(
        &sandbox,
        "// more",
        "pub copy_of: Option<i64>,\n    // more",
    );
    sandbox.run(["makemigrations", "-m", "shorter"]).success();
    edit(
        &sandbox,
        "// more",
        "#[sea_orm(self_ref, relation_enum = \"Copy\", from = \"copy_of\", to = \"id\")]\n    \
         pub copy: BelongsTo<Option<Entity>>,",
    );
    sandbox.run(["makemigrations", "-m", "copies"]).success();
    for target in targets(&sandbox) {
        target.migrate(&sandbox, &["initial"]).success();
        target.execute("INSERT INTO authors (name) VALUES ('Ursula')");
        for isbn in 1..=2 {
            target.execute(&format!(
                "INSERT INTO books (title, isbn, price, mood, author_id) VALUES ('Dune', '{isbn}', 5, 'sad', 1)"
            ));
        }
        target
            .migrate(&sandbox, &["shorter"])
            .code(1)
            .stderr_has("_shorter would fail, so it was not started")
            .stderr_has("2 values of `books.title` longer than 3: Dune, Dune")
            .stderr_has("1 value of `books` (title), which becomes unique, is there more than once: Dune (2 times)");
        target.execute("UPDATE books SET title = isbn");
        target.migrate(&sandbox, &["shorter"]).success();
        target.execute("UPDATE books SET copy_of = 77 WHERE isbn = '2'");
        target
            .migrate(&sandbox, &[])
            .code(1)
            .stderr_has("1 row of `books` points with (copy_of) at no row of `books`: 77");
        target.execute("UPDATE books SET copy_of = NULL");
        target.migrate(&sandbox, &[]).success();
    }
}

#[test_with::env(LUTHIER_TEST_POSTGRES, LUTHIER_TEST_MYSQL)]
#[test]
fn rebuilding_a_table_spares_its_children_and_its_triggers() {
    let sandbox = bookstore();
    sandbox.run(["makemigrations"]).success();
    let author = sandbox.read("apps/books/src/models/author.rs");
    let author = author.replace("pub name: String", "pub name: Option<String>");
    sandbox.write("apps/books/src/models/author.rs", author);
    sandbox
        .run(["makemigrations"])
        .success()
        .stderr_has("~ Change column authors.name: string → string, nullable");
    let target = &targets(&sandbox)[0];
    target.migrate(&sandbox, &["initial"]).success();
    for sql in [
        "INSERT INTO authors (id, name) VALUES (7, 'Ursula'), (9, 'Gone')",
        "DELETE FROM authors WHERE id = 9",
        "INSERT INTO books (title, isbn, price, mood, author_id) VALUES ('Dune', '42', 5, 'sad', 7)",
        "CREATE TRIGGER loud AFTER INSERT ON authors BEGIN UPDATE authors SET name = upper(name); END",
        "CREATE INDEX by_hand ON authors (name) WHERE id > 1",
        "CREATE VIEW names AS SELECT name FROM authors",
    ] {
        target.execute(sql);
    }
    target.migrate(&sandbox, &[]).success();
    assert_eq!(target.texts("SELECT title FROM books"), ["Dune"]);
    target.execute("INSERT INTO authors (name) VALUES ('new')");
    assert_eq!(
        target.texts("SELECT name || ' ' || id FROM authors ORDER BY id"),
        ["URSULA 7", "NEW 10"],
        "the trigger is there, and ids are not used twice"
    );
    assert_eq!(target.texts("SELECT name FROM names"), ["URSULA", "NEW"]);
    assert_eq!(
        target.texts("SELECT name FROM sqlite_master WHERE name = 'by_hand'"),
        ["by_hand"]
    );
}

#[test]
fn an_edited_or_missing_file_stops_migrate() {
    let sandbox = bookstore();
    sandbox.run(["makemigrations"]).success();
    sandbox.run(["migrate"]).success();
    let file = format!(
        "migrations/sqlite/{}",
        migrations(&sandbox, "sqlite")[1].display()
    );
    assert!(file.ends_with("_initial.up.sql"), "{file}");
    let text = sandbox.read(&file);
    sandbox.write(&file, format!("{text}-- edited\n"));
    sandbox
        .run(["migrate"])
        .code(1)
        .stderr_has("was edited after it was applied");
    sandbox.run(["showmigrations"]).success().stdout_has("[!]");
    std::fs::remove_file(sandbox.path(&file)).expect("it is there");
    sandbox
        .run(["migrate"])
        .code(1)
        .stderr_has("its file is missing");
    sandbox
        .run(["makemigrations"])
        .code(1)
        .stderr_has("is missing");
}

#[test]
fn an_empty_migration_is_filled_in_by_hand() {
    let sandbox = bookstore();
    sandbox.run(["makemigrations"]).success();
    sandbox
        .run(["makemigrations", "--empty", "--name", "Shout loud!"])
        .success()
        .stderr_has("_shout_loud.up.sql");
    let file = migrations(&sandbox, "sqlite")
        .into_iter()
        .find(|path| path.to_string_lossy().ends_with("_shout_loud.up.sql"))
        .expect("it was written");
    sandbox.write(
        format!("migrations/sqlite/{}", file.display()),
        "INSERT INTO authors (name) VALUES ('by hand');\n",
    );
    sandbox.run(["migrate"]).success();
    let url = format!("sqlite://{}", sandbox.path("dev.db").display());
    let target = Database::of_file(url);
    assert_eq!(target.texts("SELECT name FROM authors"), ["by hand"]);
    sandbox
        .run(["makemigrations"])
        .success()
        .stderr_has("No changes detected");
}

#[test_with::env(LUTHIER_TEST_POSTGRES, LUTHIER_TEST_MYSQL)]
#[test]
fn faking_records_and_does_nothing() {
    let sandbox = bookstore();
    sandbox.run(["makemigrations"]).success();
    for target in targets(&sandbox) {
        target
            .migrate(&sandbox, &["--fake"])
            .success()
            .stderr_has("FAKED");
        target.migrate(&sandbox, &["--check"]).success();
        target.sqlx(&sandbox).expect("sqlx believes it");
        target.migrate(&sandbox, &["zero", "--fake"]).success();
        target.migrate(&sandbox, &[]).success().stderr_has("OK");
    }
}

#[test]
fn what_cannot_be_read_is_an_error_with_its_place() {
    let sandbox = bookstore();
    edit(&sandbox, "// more", "pub weight: Grams,");
    sandbox
        .run(["makemigrations"])
        .code(2)
        .stderr_has("cannot tell which column type `Grams` is")
        .stderr_has("--> apps/books/src/models/book.rs:19:17")
        .stderr_has("pub weight: Grams,\n   |                 ^^^^^")
        .stderr_has("column_type");
    assert!(!sandbox.exists("migrations"));
}

#[test_with::env(LUTHIER_TEST_POSTGRES, LUTHIER_TEST_MYSQL)]
#[test]
fn a_new_dialect_gets_the_migrations_that_are_there() {
    let sandbox = bookstore();
    let settings = sandbox.read("luthier.toml");
    sandbox.write(
        "luthier.toml",
        settings.replace(", \"postgres\", \"mysql\"", ""),
    );
    sandbox.run(["makemigrations"]).success();
    sandbox
        .run(["makemigrations", "--empty", "-m", "by_hand"])
        .success();
    sandbox.run(["migrate"]).success();
    assert!(!sandbox.exists("migrations/postgres"));
    sandbox.write("luthier.toml", settings);
    sandbox
        .run(["migrate", "--database-url", &Postgres::fresh().url()])
        .code(1)
        .stderr_has("not written for PostgreSQL")
        .stderr_has("makemigrations");
    sandbox.run(["makemigrations", "--check"]).code(1);
    sandbox
        .run(["makemigrations"])
        .success()
        .stderr_has("_by_hand was written by hand")
        .stderr_has("edit  migrations/meta/");
    sandbox
        .run(["makemigrations"])
        .success()
        .stderr_has("No changes detected");
    sandbox
        .run(["migrate"])
        .success()
        .stderr_has("Nothing to migrate");
    for target in targets(&sandbox) {
        target
            .migrate(&sandbox, &[])
            .success()
            .stderr_has("_by_hand… OK");
    }
}

#[test]
fn migrate_says_when_the_entities_have_moved_on() {
    let sandbox = bookstore();
    sandbox
        .run(["migrate"])
        .success()
        .stderr_has("no migration has yet");
    sandbox.run(["makemigrations"]).success();
    sandbox
        .run(["migrate"])
        .success()
        .stderr_lacks("no migration has yet");
}

#[test]
fn sqlmigrate_prints_one_file() {
    let sandbox = bookstore();
    sandbox.run(["makemigrations"]).success();
    sandbox
        .run(["sqlmigrate", "initial"])
        .success()
        .stdout_has("AUTOINCREMENT");
    sandbox
        .run(["sqlmigrate", "initial", "--dialect", "postgres"])
        .success()
        .stdout_has("CREATE TYPE \"Mood\" AS ENUM ('happy', 'sad');");
    sandbox
        .run(["sqlmigrate", "initial", "--backwards"])
        .success()
        .stdout_has("DROP TABLE \"books\";");
    sandbox.run(["sqlmigrate", "nothing"]).code(2);
}

#[test]
fn json_is_one_document() {
    let sandbox = bookstore();
    let json = |args: &[&str]| -> serde_json::Value {
        let outcome = sandbox.run(args);
        serde_json::from_str(&outcome.stdout).expect("one JSON document")
    };
    let report = json(&["makemigrations", "--check", "--json"]);
    assert_eq!(report["changes"][0]["operation"], "create_enum");
    let report = json(&["makemigrations", "--dry-run", "--json"]);
    assert_eq!(report["dry_run"], true);
    assert!(!sandbox.exists("migrations"));
    let report = json(&["makemigrations", "--json"]);
    assert_eq!(
        report["migrations"][0]["files"].as_array().map(Vec::len),
        Some(7)
    );
    let report = json(&["makemigrations", "--json"]);
    assert_eq!(report["changes"], serde_json::json!([]));
    let report = json(&["migrate", "--json"]);
    assert_eq!(report["steps"][0]["direction"], "apply");
    let report = json(&["showmigrations", "--json"]);
    assert_eq!(report["migrations"][0]["applied"], true);
}

#[test]
fn branches_meet_by_themselves_or_are_named() {
    let sandbox = bookstore();
    sandbox.run(["makemigrations"]).success();
    let start = sandbox.snapshot("");
    edit(&sandbox, "// more", "pub pages: Option<i32>,\n    // more");
    sandbox.run(["makemigrations", "-m", "pages"]).success();
    let ours = sandbox.snapshot("migrations");
    // The other branch starts where this one did.
    std::fs::remove_dir_all(sandbox.path("migrations")).expect("it is there");
    for (path, contents) in &start {
        sandbox.write(path, contents);
    }
    edit(
        &sandbox,
        "// more",
        "pub note: Option<String>,\n    // more",
    );
    sandbox
        .run_later(["makemigrations", "-m", "note"])
        .success();
    for (path, contents) in &ours {
        sandbox.write(format!("migrations/{}", path.display()), contents);
    }
    edit(&sandbox, "// more", "pub pages: Option<i32>,");
    sandbox
        .run(["makemigrations"])
        .code(1)
        .stderr_has("both touch table books")
        .stderr_has("--merge");
    sandbox
        .run(["makemigrations", "--merge"])
        .success()
        .stderr_has("_merge");
    sandbox
        .run(["makemigrations"])
        .success()
        .stderr_has("No changes detected");
    sandbox.run(["migrate"]).success();
}
