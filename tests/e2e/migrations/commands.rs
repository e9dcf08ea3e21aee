//! What each command shows and does: from the first migration to the last.

use super::{bookstore, edit, migrations, targets};

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
