//! Names that a migration gives and that something made by hand has: told before the first statement, with the way out.

use crate::common::Sandbox;
use crate::common::databases::Database;

use super::{project, recorded, set};

/// The entity of `t` before and after, what was made by hand, for which databases, and what is said of it.
struct Case {
    before: &'static str,
    after: &'static str,
    by_hand: &'static str,
    dialects: &'static [&'static str],
    said: &'static [&'static str],
    /// What makes way.
    way: Way,
}

enum Way {
    /// `--fake` records it as done.
    Fake,
    /// The statements of the hint.
    Aside,
}

const ALL: &[&str] = &["sqlite", "postgres", "mysql"];
const NONE: &str = "";
const A: &str = "    pub a: Option<i32>,";
const A_AND_B: &str = "    pub a: Option<i32>,\n    pub b: Option<i64>,";
const INDEXED: &str = "    #[sea_orm(indexed)]\n    pub a: Option<i32>,";
const RENAMED: &str = "    #[sea_orm(renamed_from = \"a\")]\n    pub b: Option<i32>,";
const BOTH: &str = "    #[sea_orm(indexed)]\n    pub a: Option<i32>,\n    pub b: Option<i64>,";

fn cases() -> Vec<Case> {
    vec![
        Case {
            before: A,
            after: A_AND_B,
            by_hand: "ALTER TABLE t ADD COLUMN b bigint",
            dialects: ALL,
            said: &[
                "`t.b` is there already, made by hand, and is what the migration makes",
                "second --fake`",
            ],
            way: Way::Fake,
        },
        Case {
            before: A,
            after: A_AND_B,
            by_hand: "ALTER TABLE t ADD COLUMN b varchar(9)",
            dialects: ALL,
            said: &[
                "`t.b` is there already, made by hand, and is not what the migration makes",
                "RENAME COLUMN",
                "b_by_hand",
            ],
            way: Way::Aside,
        },
        // Part of it is there: the rest would be missing.
        Case {
            before: A,
            after: BOTH,
            by_hand: "ALTER TABLE t ADD COLUMN b bigint",
            dialects: ALL,
            said: &["`t.b` is there already", "b_by_hand"],
            way: Way::Aside,
        },
        Case {
            before: A,
            after: INDEXED,
            by_hand: "CREATE INDEX \"idx-t-a\" ON t (a)",
            dialects: &["sqlite", "postgres"],
            said: &["the index `idx-t-a` is there already", "second --fake`"],
            way: Way::Fake,
        },
        Case {
            before: A,
            after: INDEXED,
            by_hand: "CREATE INDEX `idx-t-a` ON t (id)",
            dialects: &["mysql"],
            said: &[
                "is not what the migration makes: it is on `id`",
                "DROP INDEX",
            ],
            way: Way::Aside,
        },
        Case {
            before: A,
            after: RENAMED,
            by_hand: "ALTER TABLE t ADD COLUMN b integer",
            dialects: ALL,
            said: &["`t.b` is there already, made by hand\n", "b_by_hand"],
            way: Way::Aside,
        },
        Case {
            before: NONE,
            after: "    pub n: Option<Mood>,\n---\n#[derive(Clone, Debug, PartialEq, EnumIter, DeriveActiveEnum)]\n\
                #[sea_orm(rs_type = \"String\", db_type = \"Enum\", enum_name = \"mood\", rename_all = \"snake_case\")]\n\
                pub enum Mood { Happy, Sad }\n",
            by_hand: "CREATE TYPE mood AS ENUM ('sad')",
            dialects: &["postgres"],
            said: &["the type `mood` is there already", "ALTER TYPE"],
            way: Way::Aside,
        },
    ]
}

#[test_with::env(LUTHIER_TEST_POSTGRES, LUTHIER_TEST_MYSQL)]
#[test]
fn names_that_are_taken_are_told_before_the_first_statement() {
    for case in cases() {
        let sandbox = project();
        set(&sandbox, &[("t", case.before)]);
        sandbox.run(["makemigrations", "-m", "first"]).success();
        // Something before it in the same migration: nothing of it may stay.
        set(&sandbox, &[("t", case.after)]);
        sandbox.run(["makemigrations", "-m", "second"]).success();
        for database in Database::of_folder(Sandbox::new()).and_others() {
            if !case.dialects.contains(&database.dialect) {
                continue;
            }
            database.migrate(&sandbox, &["first"]).success();
            database.execute(case.by_hand);
            let mut outcome = database.migrate(&sandbox, &[]).code(1);
            for said in case.said {
                outcome = outcome.stderr_has(said);
            }
            assert_eq!(recorded(&database), ["first"], "{}", case.by_hand);
            match case.way {
                Way::Fake => {
                    database.migrate(&sandbox, &["second", "--fake"]).success();
                    database
                        .run(&sandbox, &["check", "--tag", "drift"])
                        .success()
                        .stdout_lacks("LUT3");
                }
                Way::Aside => {
                    let (_, hint) = outcome
                        .stderr
                        .split_once("what is to stay: `")
                        .expect("a hint");
                    let line = hint.lines().next().unwrap_or_default();
                    database.execute(line.trim_end_matches('`'));
                    database.migrate(&sandbox, &[]).success();
                }
            }
            assert_eq!(recorded(&database), ["first", "second"], "{}", case.by_hand);
        }
    }
}

#[test_with::env(LUTHIER_TEST_POSTGRES, LUTHIER_TEST_MYSQL)]
#[test]
fn a_table_that_is_there_is_compared() {
    let sandbox = project();
    set(&sandbox, &[("t", A)]);
    sandbox.run(["makemigrations", "-m", "first"]).success();
    set(&sandbox, &[("t", A_AND_B), ("u", "    pub total: i64,")]);
    sandbox.run(["makemigrations", "-m", "second"]).success();
    for database in Database::of_folder(Sandbox::new()).and_others() {
        database.migrate(&sandbox, &["first"]).success();
        database.execute("CREATE TABLE u (legacy varchar(9))");
        for _ in 0..2 {
            database
                .migrate(&sandbox, &[])
                .code(1)
                .stderr_has("the table `u` is there already, made by hand, and is not what the migration makes")
                .stderr_has("u_by_hand");
        }
        database.execute("ALTER TABLE u RENAME TO legacy");
        database.migrate(&sandbox, &[]).success();
        assert_eq!(recorded(&database), ["first", "second"]);
    }
}

/// Whoever may not write is told why.
#[test_with::env(LUTHIER_TEST_POSTGRES)]
#[test]
fn databases_that_are_only_read_are_told_apart() {
    let sandbox = project();
    set(&sandbox, &[("t", A)]);
    sandbox.run(["makemigrations", "-m", "first"]).success();
    let folder = Sandbox::new();
    let file = Database::of_folder(folder);
    file.execute("CREATE TABLE x (a int)");
    let url = format!("{}?mode=ro", file.url.replace("?mode=rwc", ""));
    sandbox
        .run(["migrate", "--database-url", &url])
        .code(1)
        .stderr_has("readonly")
        .stderr_has("is not this user's to write");
    let database = Database::postgres();
    let sign = if database.url.contains('?') { '&' } else { '?' };
    let url = format!(
        "{}{sign}options[default_transaction_read_only]=on",
        database.url
    );
    sandbox
        .run(["migrate", "--database-url", &url])
        .code(1)
        .stderr_has("read-only transaction")
        .stderr_has("default_transaction_read_only");
    database.migrate(&sandbox, &[]).success();
}
