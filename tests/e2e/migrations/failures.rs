//! Migrations that fail or cannot begin, and what is there afterwards.

use super::{bookstore, edit, migrations, targets};

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
