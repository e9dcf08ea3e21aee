//! What stands in the way of a statement of a generated migration on MySQL: once it is gone, the migration goes on to the
//! same end, whatever ran before.

use crate::common::databases::Database;
use crate::common::{Outcome, Sandbox};

use super::resume::{evolution, start, state};
use super::{file, recorded};

/// The statements of the file, each on one line and without quotes around names.
fn statements(sandbox: &Sandbox) -> Vec<String> {
    let text = sandbox.read(file(sandbox, "mysql", "second", "up"));
    let lines = text.lines().filter(|line| !line.starts_with("--"));
    let joined: String = lines.map(|line| format!("{line} ")).collect();
    let each = joined.split(';');
    let words = each.map(|one| {
        let bare = one.replace('`', "");
        bare.split_whitespace().collect::<Vec<_>>().join(" ")
    });
    words.filter(|one| !one.is_empty()).collect()
}

/// SQL that makes a statement fail, and SQL that takes that away again.
fn obstacle(statement: &str) -> Option<(String, String)> {
    let words: Vec<&str> = statement.split(' ').collect();
    let behind = |word: &str| {
        let at = words.iter().position(|found| *found == word)?;
        words.get(at + 1).map(|name| (*name).to_owned())
    };
    Some(match words.as_slice() {
        ["CREATE", "TABLE", name, ..] => (
            format!("CREATE TABLE {name} (legacy text)"),
            format!("DROP TABLE {name}"),
        ),
        ["CREATE", ..] => {
            let (index, table) = (behind("INDEX")?, behind("ON")?);
            if table == "invoice" {
                // The migration itself makes it.
                return None;
            }

            (
                format!("CREATE INDEX `{index}` ON {table} (id)"),
                format!("DROP INDEX `{index}` ON {table}"),
            )
        }
        ["ALTER", "TABLE", table, "ADD", "COLUMN", name, ..] => (
            format!("ALTER TABLE {table} ADD COLUMN `{name}` text"),
            format!("ALTER TABLE {table} DROP COLUMN `{name}`"),
        ),
        [
            "ALTER",
            "TABLE",
            table,
            "RENAME",
            "COLUMN",
            _,
            "TO",
            name,
            ..,
        ] => (
            format!("ALTER TABLE {table} ADD COLUMN `{name}` text"),
            format!("ALTER TABLE {table} DROP COLUMN `{name}`"),
        ),
        ["ALTER", "TABLE", table, "ADD", "CONSTRAINT", ..] => (
            format!(
                "SET foreign_key_checks = 0; INSERT INTO {table} (id, label, author_id) VALUES (9, 'o', 99)"
            ),
            format!("DELETE FROM {table} WHERE id = 9"),
        ),
        ["UPDATE", table, ..] => (
            format!(
                "CREATE TRIGGER obstacle BEFORE UPDATE ON {table} FOR EACH ROW SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'no'"
            ),
            "DROP TRIGGER obstacle".to_owned(),
        ),
        ["DROP", "TABLE", name] => (
            format!("CREATE TABLE obstacle (x bigint, FOREIGN KEY (x) REFERENCES {name} (id))"),
            "DROP TABLE obstacle".to_owned(),
        ),
        _ => return None,
    })
}

#[test_with::env(LUTHIER_TEST_MYSQL)]
#[test]
fn a_name_that_is_taken_anywhere_is_no_end() {
    let database = Database::mysql();
    let sandbox = evolution();
    start(&database, &sandbox);
    database.migrate(&sandbox, &[]).success();
    let end = state(&database);
    let mut tried = 0;
    for statement in statements(&sandbox) {
        let Some((made, removed)) = obstacle(&statement) else {
            continue;
        };
        tried += 1;
        start(&database, &sandbox);
        if made.contains("'o', 99") {
            // A row that refers to nobody, from the moment on that the column is there.
            database.execute("ALTER TABLE event MODIFY begin int NOT NULL DEFAULT 0");
        }
        database.execute(&made);
        for _ in 0..2 {
            database.migrate(&sandbox, &[]).code(1);
            assert_eq!(recorded(&database), ["first"], "{statement}");
        }
        database.execute(&removed);
        if made.contains("'o', 99") {
            database.execute("ALTER TABLE event ALTER begin DROP DEFAULT");
        }
        database.migrate(&sandbox, &[]).success();
        assert_eq!(state(&database), end, "{statement}");
        assert_eq!(recorded(&database), ["first", "second"], "{statement}");
    }
    assert!(tried > 6, "{tried} statements");
}

/// A run is killed at every query; then a table is elsewhere, so that the next statement of it fails; then it is back.
#[test_with::env(LUTHIER_TEST_MYSQL)]
#[test]
fn a_table_that_is_away_after_a_kill_is_no_end() {
    let database = Database::mysql();
    let sandbox = evolution();
    start(&database, &sandbox);
    database.migrate(&sandbox, &[]).success();
    let end = state(&database);
    let mut refused = 0;
    for query in (1..).step_by(3) {
        start(&database, &sandbox);
        let mut command = sandbox.command(["migrate", "--database-url", &database.url]);
        let outcome = Outcome::of(command.env("LUTHIER_FAULT", format!("query:{query}")));
        if outcome.code == Some(0) {
            break;
        }
        database.execute("RENAME TABLE event TO elsewhere");
        let outcome = database.migrate(&sandbox, &[]);
        refused += u32::from(outcome.code == Some(1));
        database.execute("RENAME TABLE elsewhere TO event");
        database.migrate(&sandbox, &[]).success();
        assert_eq!(state(&database), end, "killed at query {query}");
        assert_eq!(recorded(&database), ["first", "second"]);
    }
    assert!(refused > 6, "{refused} refused");
}
