//! Migration files as people and version control keep them, run and taken back on all three databases.

#![allow(
    clippy::disallowed_methods,
    reason = "tests look at the outside on purpose"
)]

use crate::common::Sandbox;
use crate::common::databases::Database;

use super::{file, project, recorded, set};

const KINDS: [&str; 3] = ["sqlite", "postgres", "mysql"];

fn first() -> Sandbox {
    let sandbox = project();
    set(&sandbox, &[("t", "    pub a: i32,")]);
    sandbox.run(["makemigrations", "-m", "first"]).success();
    sandbox
}

/// Writes a migration by hand: the same text, or one of its own for MySQL.
fn second(up: &str, down: &str, mysql: Option<(&str, &str)>) -> Sandbox {
    let sandbox = first();
    sandbox
        .run(["makemigrations", "--empty", "-m", "second"])
        .success();
    for dialect in KINDS {
        let (up, down) = match mysql {
            Some(texts) if dialect == "mysql" => texts,
            _ => (up, down),
        };
        sandbox.write(file(&sandbox, dialect, "second", "up"), up);
        sandbox.write(file(&sandbox, dialect, "second", "down"), down);
    }
    sandbox
}

/// Up, up again, and down to nothing.
fn runs(sandbox: &Sandbox, names: &[&str], rows: &str) {
    for database in Database::of_folder(Sandbox::new()).and_others() {
        database.migrate(sandbox, &[]).success();
        assert_eq!(recorded(&database), names, "{}", database.dialect);
        let count = "SELECT CAST(count(*) AS CHAR(3)) FROM t";
        assert_eq!(
            database.texts(count).concat().trim(),
            rows,
            "{}",
            database.dialect
        );
        database
            .migrate(sandbox, &[])
            .success()
            .stderr_has("Nothing to migrate");
        database.migrate(sandbox, &["zero"]).success();
        assert_eq!(recorded(&database), Vec::<String>::new());
    }
}

#[test]
fn line_ends_and_marks_change_nothing() {
    let windows = |text: &str| text.replace('\n', "\r\n");
    let marked = |text: &str| format!("\u{feff}{text}");
    let both = |text: &str| format!("\u{feff}{}", text.replace('\n', "\r\n"));
    let spellings: [&dyn Fn(&str) -> String; 3] = [&windows, &marked, &both];
    for spelled in spellings {
        let sandbox = first();
        for dialect in KINDS {
            for direction in ["up", "down"] {
                let path = file(&sandbox, dialect, "first", direction);
                let text = sandbox.read(&path);
                sandbox.write(&path, spelled(&text));
            }
        }
        sandbox
            .run(["migrate", "--plan"])
            .success()
            .stderr_has("only line ends or a byte order mark differ");
        runs(&sandbox, &["first"], "0");
    }
}

#[cfg(unix)]
#[test_with::env(LUTHIER_TEST_POSTGRES, LUTHIER_TEST_MYSQL)]
#[test]
fn a_linked_folder_is_read_and_written() {
    let sandbox = first();
    std::fs::rename(sandbox.path("migrations"), sandbox.path("elsewhere")).expect("it moves");
    std::os::unix::fs::symlink("elsewhere", sandbox.path("migrations")).expect("a link");
    set(&sandbox, &[("t", "    pub a: i64,")]);
    sandbox.run(["makemigrations", "-m", "second"]).success();
    assert!(sandbox.path("migrations").is_symlink());
    runs(&sandbox, &["first", "second"], "0");
}

#[test_with::env(LUTHIER_TEST_POSTGRES, LUTHIER_TEST_MYSQL)]
#[test]
fn statements_are_found_however_they_are_written() {
    const DOWN: &str = "DELETE FROM t;\n";
    let insert = |value: u8| format!("INSERT INTO t (a) VALUES ({value});\n");
    let two = format!("{}{}", insert(1), insert(2));
    // Outside of a transaction.
    runs(
        &second(
            &format!("-- no-transaction\n{two}"),
            &format!("-- no-transaction\n{DOWN}{DOWN}"),
            None,
        ),
        &["first", "second"],
        "2",
    );
    let windows = format!("\u{feff}-- no-transaction\r\n{}", two.replace('\n', "\r\n"));
    runs(&second(&windows, DOWN, None), &["first", "second"], "2");
    // Comments with semicolons.
    let commented = format!(
        "--\tone; a tab\n{}/* two; */ {}--\tthree;\n",
        insert(1),
        insert(2)
    );
    runs(&second(&commented, DOWN, None), &["first", "second"], "2");
    // The command of the `mysql` client.
    for (sign, blank) in [("$$", ""), ("//", " "), (";;", "")] {
        let trigger = format!(
            "DELIMITER {sign}\nCREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW BEGIN SET NEW.a = 3; SET NEW.a = 4; END{blank}{sign}\n\
             DELIMITER ;\n{two}"
        );
        let down = format!("delimiter {sign}\nDROP TRIGGER tr{blank}{sign}\ndelimiter ;\n{DOWN}");
        let sandbox = second(&two, DOWN, Some((&trigger, &down)));
        runs(&sandbox, &["first", "second"], "2");
    }
}

/// What no database reads as it is meant is refused before anything runs.
#[test_with::env(LUTHIER_TEST_POSTGRES, LUTHIER_TEST_MYSQL)]
#[test]
fn files_that_no_database_reads_as_meant_are_refused() {
    const DOWN: &str = "DELETE FROM t;\n";
    const UP: &str = "INSERT INTO t (a) VALUES (1);\nINSERT INTO t (a) VALUES (2);\n";
    let wide = |text: &str| -> Vec<u8> {
        let units = text.encode_utf16();
        units.flat_map(u16::to_le_bytes).collect()
    };
    let cases: [(Vec<u8>, &[&str], &str); 8] = [
        (wide(&format!("\u{feff}{UP}")), &KINDS, "is UTF-16"),
        (wide(UP), &KINDS, "NUL byte in line 1"),
        (
            format!("-- One.\n{UP}\0").into_bytes(),
            &KINDS,
            "NUL byte in line 4",
        ),
        (
            format!("-- One.\n{UP}").replace('\n', "\r").into_bytes(),
            &KINDS,
            "carriage return alone",
        ),
        (
            format!("{UP}COMMIT;\nINSERT INTO t (b) VALUES (1);\n").into_bytes(),
            &["sqlite", "postgres"],
            "statement 3 is `COMMIT`",
        ),
        // A database would run what is before it, and nothing behind.
        (
            format!("-- One.\n{UP}/* Two.\n{UP}").into_bytes(),
            &KINDS,
            "has a comment that begins in line 4 and is never closed",
        ),
        (
            format!("{UP}UPDATE t SET a = 'it''s;\n{UP}").into_bytes(),
            &KINDS,
            "has a string that begins in line 3 and is never closed",
        ),
        (
            format!("{UP}DO $a$ BEGIN PERFORM 1; END $b$;\n").into_bytes(),
            &["postgres"],
            "has a dollar-quoted string that begins in line 3",
        ),
    ];
    for (text, dialects, message) in cases {
        let sandbox = second(UP, DOWN, None);
        for dialect in KINDS {
            sandbox.write(file(&sandbox, dialect, "second", "up"), &text);
        }
        for database in Database::of_folder(Sandbox::new()).and_others() {
            if dialects.contains(&database.dialect) {
                database.migrate(&sandbox, &[]).code(1).stderr_has(message);
                // There is no such table yet.
                database.execute("CREATE TABLE t (a int)");
            }
        }
    }
    // A transaction around the whole is that of the migration.
    let around = format!("-- One.\nBEGIN;\n{UP}COMMIT;\n");
    runs(&second(&around, DOWN, None), &["first", "second"], "2");
    // What is meant for the program psql is named.
    for text in ["\\set x 1\nSELECT 1;\n", "COPY t (a) FROM stdin;\n1\n\\.\n"] {
        let sandbox = second(UP, DOWN, None);
        sandbox.write(file(&sandbox, "postgres", "second", "up"), text);
        Database::postgres()
            .migrate(&sandbox, &[])
            .code(1)
            .stderr_has("commands of psql");
    }
}

#[test]
fn two_migrations_of_one_version_are_told_with_the_way_out() {
    let sandbox = first();
    let first = file(&sandbox, "sqlite", "first", "up");
    let name = first.rsplit('/').next().expect("a name");
    let version = name.split('_').next().expect("a version");
    for dialect in KINDS {
        sandbox.write(
            format!("migrations/{dialect}/{version}_other.up.sql"),
            "INSERT INTO t (a) VALUES (1);\n",
        );
        sandbox.write(
            format!("migrations/{dialect}/{version}_other.down.sql"),
            "DELETE FROM t;\n",
        );
    }
    let commands: [&[&str]; 5] = [
        &["migrate"],
        &["migrate", "zero"],
        &["makemigrations"],
        &["showmigrations"],
        &["sqlmigrate", "first"],
    ];
    let mut way = String::new();
    for command in commands {
        let outcome = sandbox.run(command).code(1);
        let outcome = outcome.stderr_has(&format!("two migrations have the version {version}"));
        let from = outcome
            .stderr
            .find("for f in")
            .expect("the way out is said");
        way = outcome.stderr[from..]
            .lines()
            .next()
            .unwrap_or_default()
            .to_owned();
    }
    // The way out, word by word.
    let done = std::process::Command::new("sh")
        .arg("-c")
        .arg(&way)
        .current_dir(sandbox.path(""))
        .status();
    assert!(done.expect("a shell").success(), "{way}");
    runs(&sandbox, &["first", "other"], "1");
}
