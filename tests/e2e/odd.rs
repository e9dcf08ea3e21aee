//! Databases of rare types and names: what `inspectdb` writes is compiled here, and adopts its database.

#![allow(
    clippy::disallowed_methods,
    reason = "tests look at the outside on purpose"
)]

/// What `inspectdb` prints for `odd/mysql.sql`.
#[rustfmt::skip]
#[allow(
    unreachable_pub,
    dead_code,
    reason = "entities as they are written for projects"
)]
#[path = "odd/mysql.rs"]
mod of_mysql;

/// What `inspectdb` prints for `odd/postgres.sql`.
#[rustfmt::skip]
#[allow(
    unreachable_pub,
    dead_code,
    reason = "entities as they are written for projects"
)]
#[path = "odd/postgres.rs"]
mod of_postgres;

/// What `inspectdb` prints for `odd/sqlite.sql`.
#[rustfmt::skip]
#[allow(
    unreachable_pub,
    dead_code,
    reason = "entities as they are written for projects"
)]
#[path = "odd/sqlite.rs"]
mod of_sqlite;

use crate::adoption::{all, assert_green, assert_replay_is_equal, package};

#[test_with::env(LUTHIER_TEST_POSTGRES, LUTHIER_TEST_MYSQL)]
#[test]
fn entities_of_rare_types_and_names_compile_and_adopt_their_database() {
    for database in all() {
        let (sql, expected) = match database.dialect {
            "sqlite" => (
                include_str!("odd/sqlite.sql"),
                include_str!("odd/sqlite.rs"),
            ),
            "postgres" => (
                include_str!("odd/postgres.sql"),
                include_str!("odd/postgres.rs"),
            ),
            _ => (include_str!("odd/mysql.sql"), include_str!("odd/mysql.rs")),
        };
        database.execute(sql);
        let sandbox = package();
        let printed = database.run(&sandbox, &["inspectdb"]).success();
        // No two of its remarks are of one key that is there and is not.
        let printed = printed.stderr_lacks("the unique key on `a`, `b` is missing");
        if std::env::var_os("UPDATE").is_some() {
            let file = format!(
                "{}/tests/e2e/odd/{}.rs",
                env!("CARGO_MANIFEST_DIR"),
                database.dialect
            );
            std::fs::write(file, &printed.stdout).expect("the file can be written");
        } else {
            assert_eq!(printed.stdout, expected, "{}", database.dialect);
        }
        let into = ["inspectdb", "--output", "src/entities"];
        database.run(&sandbox, &into).success();
        database
            .run(&sandbox, &["init"])
            .success()
            .stderr_lacks("left as the database has it")
            .stderr_has("Kept in the baseline without an entity: keyless");
        assert_green(&sandbox, &database);
        assert_replay_is_equal(&sandbox, &database);
    }
}
