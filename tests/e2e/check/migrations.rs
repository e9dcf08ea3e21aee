//! Entities against migrations, and files of migrations against what they record.

use crate::common::Sandbox;

use super::{AUTHOR, ENTITY, block_on, bookstore, edit, file, ids, migrations};

#[test]
fn an_entity_that_cannot_be_read_is_shown_with_its_place() {
    let sandbox = bookstore("\"sqlite\"");
    edit(
        &sandbox,
        ENTITY,
        "pages: Option<i32>",
        "pages: Option<Mystery>",
    );
    sandbox
        .run(["check", "--tag", "models"])
        .code(1)
        .stdout_has("apps/books/src/models/book.rs:12: error[LUT101]")
        .stdout_has("pub pages: Option<Mystery>")
        .stdout_has("^^^")
        .stdout_has("Hint: ")
        .stderr_has("Checked models: 1 error");
    // The other tags still say what they can.
    let outcome = sandbox.run(["check", "--json"]).code(1);
    assert_eq!(ids(&outcome), ["LUT101"]);
}

#[test]
fn entities_ahead_of_the_migrations_are_found() {
    let sandbox = bookstore("\"sqlite\"");
    edit(
        &sandbox,
        ENTITY,
        "pub pages",
        "pub isbn: Option<String>,\n    pub pages",
    );
    let outcome = migrations(&sandbox).code(1);
    assert_eq!(ids(&outcome), ["LUT207"]);
    sandbox
        .run(["check", "--tag", "migrations", "--fail-level", "error"])
        .code(1)
        .stdout_has("Hint: `luthier makemigrations`");
}

#[test]
fn missing_and_edited_files_are_found() {
    let sandbox = bookstore("\"sqlite\"");
    let up = file(&sandbox, "sqlite", ".up.sql");
    let text = sandbox.read(&up);
    sandbox.write(&up, format!("{text}-- more\n"));
    let outcome = migrations(&sandbox).success();
    assert_eq!(ids(&outcome), ["LUT203"]);
    let down = file(&sandbox, "sqlite", ".down.sql");
    std::fs::remove_file(sandbox.path(&down)).expect("it is there");
    let outcome = migrations(&sandbox).code(1);
    assert_eq!(ids(&outcome).iter().filter(|id| *id == "LUT202").count(), 1);
    assert!(outcome.stdout.contains(&down), "{}", outcome.stdout);
}

#[test]
fn meta_that_was_edited_is_found() {
    let sandbox = bookstore("\"sqlite\"");
    let meta = file(&sandbox, "meta", ".json");
    edit(&sandbox, &meta, "\"pages\"", "\"sheets\"");
    let found = ids(&migrations(&sandbox).code(1));
    for id in ["LUT207", "LUT210", "LUT213"] {
        assert!(found.iter().any(|found| found == id), "{id}: {found:?}");
    }
    sandbox.write(&meta, "{}");
    assert_eq!(ids(&migrations(&sandbox).code(1)), ["LUT201"]);
}

#[test]
fn files_that_do_something_else_are_found_by_running_them() {
    let sandbox = bookstore("\"sqlite\"");
    let up = file(&sandbox, "sqlite", ".up.sql");
    let down = file(&sandbox, "sqlite", ".down.sql");
    let (up_text, down_text) = (sandbox.read(&up), sandbox.read(&down));
    edit(&sandbox, &up, "\"pages\" integer", "\"pages\" text");
    sandbox
        .run(["check", "--tag", "migrations"])
        .code(1)
        .stdout_has("error[LUT213]: on SQLite")
        .stdout_has("- column books.pages INTEGER")
        .stdout_has("+ column books.pages TEXT");
    sandbox.write(&up, format!("{up_text}FROBNICATE;\n"));
    sandbox
        .run(["check", "--tag", "migrations"])
        .code(1)
        .stdout_has("error[LUT211]")
        .stdout_has("syntax error");
    sandbox.write(&up, &up_text);
    sandbox.write(&down, "DROP TABLE \"nobody\";\n");
    let outcome = migrations(&sandbox).code(1);
    assert_eq!(ids(&outcome), ["LUT203", "LUT212"]);
    sandbox.write(&down, "DROP TABLE \"books\";\n");
    let outcome = migrations(&sandbox).code(1);
    assert_eq!(ids(&outcome), ["LUT215", "LUT203", "LUT211"]);
    sandbox.write(&down, down_text);
    assert_eq!(ids(&migrations(&sandbox).success()), [""; 0]);
}

#[test]
fn work_by_hand_is_run_and_told_apart() {
    let sandbox = bookstore("\"sqlite\"");
    sandbox
        .run(["makemigrations", "--empty", "--name", "by_hand"])
        .success();
    let up = file(&sandbox, "sqlite", "by_hand.up.sql");
    sandbox.write(
        &up,
        "CREATE VIEW thick AS SELECT * FROM books WHERE pages > 500;\n",
    );
    let found = ids(&migrations(&sandbox).code(1));
    // The view is in the way of dropping its table, or left behind.
    assert!(found.iter().any(|id| id == "LUT214"), "{found:?}");
    assert!(
        found.iter().any(|id| id == "LUT215" || id == "LUT212"),
        "{found:?}"
    );
    let down = file(&sandbox, "sqlite", "by_hand.down.sql");
    sandbox.write(&down, "DROP VIEW thick;\n");
    assert_eq!(ids(&migrations(&sandbox).success()), ["LUT214"]);
}

#[test]
fn two_branches_that_touch_the_same_are_found() {
    let sandbox = bookstore("\"sqlite\"");
    let other = sandbox.copy();
    edit(
        &sandbox,
        ENTITY,
        "pub pages",
        "pub isbn: Option<String>,\n    pub pages",
    );
    edit(
        &other,
        ENTITY,
        "pub pages",
        "pub blurb: Option<String>,\n    pub pages",
    );
    sandbox.run(["makemigrations", "--name", "isbn"]).success();
    // Versions are seconds: made at the same time, both would have the same one.
    other
        .run_later(["makemigrations", "--name", "blurb"])
        .success();
    for (path, contents) in other.snapshot("migrations") {
        sandbox.write(format!("migrations/{}", path.display()), contents);
    }
    let found = ids(&migrations(&sandbox).code(1));
    assert!(found.iter().any(|id| id == "LUT205"), "{found:?}");
}

/// Files that others wrote make the same in other words, and more than entities know of.
#[test]
fn an_adopted_project_is_compared_by_what_its_tables_mean() {
    let sandbox = Sandbox::in_memory();
    let entity = AUTHOR.replace("authors", "bakers");
    sandbox
        .write(
            "Cargo.toml",
            "[package]\nname = \"bakery\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\
             [dependencies]\nsqlx = { version = \"0.9\", features = [\"sqlite\"] }\n",
        )
        .write("src/main.rs", "mod baker;\nfn main() {}\n")
        .write("src/baker.rs", entity)
        .write(
            "migrations/1_first.sql",
            "CREATE TABLE bakers (name VARCHAR UNIQUE NOT NULL, id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL);\n\
             CREATE VIEW names AS SELECT name FROM bakers;\n",
        );
    let url = format!("sqlite://{}?mode=rwc", sandbox.path("dev.db").display());
    block_on(async {
        use sqlx::Connection;
        let migrator = sqlx::migrate::Migrator::new(sandbox.path("migrations")).await?;
        let mut connection = sqlx::SqliteConnection::connect(&url).await?;
        migrator.run_direct(None, &mut connection, false).await
    })
    .expect("sqlx migrates");
    sandbox.run(["init", "--database-url", &url]).success();
    let outcome = migrations(&sandbox).success();
    assert_eq!(ids(&outcome), ["LUT209", "LUT214", "LUT217"]);
    assert!(outcome.stdout.contains("no-way-back"), "{}", outcome.stdout);
    let file = file(&sandbox, "sqlite", "1_first.sql");
    edit(&sandbox, &file, "name VARCHAR", "name BLOB");
    sandbox
        .run(["check", "--tag", "migrations"])
        .code(1)
        .stdout_has("error[LUT213]: on SQLite the files make another schema")
        .stdout_has("`bakers.name`: ");
}
