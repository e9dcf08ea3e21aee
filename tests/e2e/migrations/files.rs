//! Files of migrations: rebuilds, work by hand, a new dialect, branches.

use crate::common::databases::Database;
use crate::common::servers::Postgres;

use super::{bookstore, edit, migrations, targets};

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
