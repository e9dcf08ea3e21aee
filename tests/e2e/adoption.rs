//! `luthier init` on databases that others made: what the entity leaves unsaid the database decides, what no entity can
//! say comes along, and later migrations know both.

#![allow(
    clippy::disallowed_methods,
    reason = "tests look at the outside on purpose"
)]

mod entities;

use crate::common::Sandbox;
use crate::common::databases::Database;

/// A crate that declares the module `entities`.
pub(crate) fn package() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox
        .write(
            "Cargo.toml",
            "[package]\nname = \"shop\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[dependencies]\nsea-orm = \"2\"\n",
        )
        .write("src/main.rs", "mod entities;\nfn main() {}\n");
    sandbox
}

/// One empty database of each kind.
pub(crate) fn all() -> Vec<Database> {
    Database::of_folder(Sandbox::new()).and_others()
}

/// Another empty database of the same kind.
fn another(database: &Database) -> Database {
    match database.dialect {
        "postgres" => Database::postgres(),
        "mysql" => Database::mysql(),
        _ => Database::of_folder(Sandbox::new()),
    }
}

/// What the catalogue tells of all objects, in lines, by queries of its own.
fn catalogue(database: &Database) -> Vec<String> {
    let sql = match database.dialect {
        "sqlite" => include_str!("adoption/catalogue_sqlite.sql"),
        "postgres" => include_str!("adoption/catalogue_postgres.sql"),
        _ => include_str!("adoption/catalogue_mysql.sql"),
    };
    let mut lines = database.texts(sql);
    lines.sort();
    lines
}

/// A new database migrated from the files is what `database` is; `migrate` then has nothing more to do.
pub(crate) fn assert_replay_is_equal(sandbox: &Sandbox, database: &Database) {
    let fresh = another(database);
    fresh.migrate(sandbox, &[]).success();
    let (original, replayed) = (catalogue(database), catalogue(&fresh));
    assert!(original.len() > 3, "{original:?}");
    assert_eq!(original, replayed, "{}", database.dialect);
    fresh
        .run(sandbox, &["check", "--tag", "drift"])
        .success()
        .stdout_lacks("LUT3");
    // The way down takes everything away.
    fresh.migrate(sandbox, &["zero"]).success();
    let left = catalogue(&fresh);
    assert!(
        left.iter().all(|line| line.starts_with("extension ")),
        "{left:?}"
    );
}

pub(crate) fn assert_green(sandbox: &Sandbox, database: &Database) {
    database
        .run(sandbox, &["check", "--tag", "drift"])
        .success()
        .stdout_lacks("LUT3");
    sandbox
        .run(["makemigrations"])
        .success()
        .stderr_has("No changes detected");
    sandbox.run(["makemigrations", "--check"]).success();
}

#[test_with::env(LUTHIER_TEST_POSTGRES, LUTHIER_TEST_MYSQL)]
#[test]
fn a_database_with_everything_is_adopted_as_it_is() {
    for database in all() {
        database.execute(match database.dialect {
            "sqlite" => include_str!("adoption/sqlite.sql"),
            "postgres" => include_str!("adoption/postgres.sql"),
            _ => include_str!("adoption/mysql.sql"),
        });
        let sandbox = package();
        let into = ["inspectdb", "--output", "src/entities"];
        database.run(&sandbox, &into).success();
        let before = catalogue(&database);
        database
            .run(&sandbox, &["init"])
            .success()
            .stderr_has("Kept in the baseline: ")
            .stderr_has("trigger")
            .stderr_has("Kept in the baseline without an entity: logs")
            .stderr_has("_baseline as applied");
        assert_eq!(before, catalogue(&database), "init only records");
        assert_green(&sandbox, &database);
        assert_replay_is_equal(&sandbox, &database);
        // Known objects that go away or change are drift, and so are new ones.
        let (gone, made) = match database.dialect {
            "mysql" => (
                "DROP TRIGGER books_touch",
                "CREATE INDEX extra ON books (title(3))",
            ),
            "postgres" => (
                "DROP TRIGGER books_touch ON books",
                "CREATE INDEX extra ON books (upper(title))",
            ),
            _ => (
                "DROP TRIGGER books_touch",
                "CREATE INDEX extra ON books (upper(title))",
            ),
        };
        database.execute(gone);
        database.execute(made);
        database
            .run(&sandbox, &["check", "--tag", "drift"])
            .code(1)
            .stdout_has("`books`: the trigger `books_touch` is missing")
            .stdout_has("`extra`")
            .stdout_has("LUT306");
    }
}
