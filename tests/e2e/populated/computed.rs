//! Columns that the database computes, through every change and back, on all three.

use crate::common::Sandbox;
use crate::common::databases::Database;

use super::{project, set};

/// Definitions of the table `t` one after the other, each with flags for `makemigrations` and what the table then holds.
struct Case {
    steps: &'static [(&'static str, &'static [&'static str], &'static str)],
    row: &'static str,
}

const PLAIN: &str = "    pub a: i32,";
const NEXT: &str = "    pub a: i32,\n    #[sea_orm(extra = \"GENERATED ALWAYS AS (a + 1) STORED\")]\n    pub g: Option<i32>,";
const UNIQUE: &str = "    pub a: i32,\n    #[sea_orm(unique, extra = \"GENERATED ALWAYS AS (a + 1) STORED\")]\n    pub g: Option<i32>,";
const OTHER: &str = "    pub a: i32,\n    #[sea_orm(unique, extra = \"GENERATED ALWAYS AS (a + 5) STORED\")]\n    pub g: Option<i32>,";
const STATED: &str = "    pub a: i32,\n    pub g: Option<i32>,";
const WIDE: &str = "    pub a: i64,\n    #[sea_orm(indexed, extra = \"GENERATED ALWAYS AS (a + 1) STORED\")]\n    pub g: Option<i64>,";
const RENAMED: &str = "    pub z: i64,\n    #[sea_orm(indexed, extra = \"GENERATED ALWAYS AS (z + 1) STORED\")]\n    pub g: Option<i64>,";
const TEXT: &str = "    pub s: String,";
const LOWER: &str = "    pub s: String,\n    #[sea_orm(unique, extra = \"GENERATED ALWAYS AS (lower(s)) STORED\")]\n    pub g: Option<String>,";
const UPPER: &str = "    pub s: String,\n    #[sea_orm(unique, extra = \"GENERATED ALWAYS AS (upper(s)) STORED\")]\n    pub g: Option<String>,";

fn cases() -> [Case; 4] {
    [
        Case {
            steps: &[
                (PLAIN, &[], "1"),
                (UNIQUE, &[], "1,2"),
                (OTHER, &[], "1,6"),
                (PLAIN, &["--allow-drop"], "1"),
            ],
            row: "INSERT INTO t (a) VALUES (1)",
        },
        Case {
            steps: &[
                (UNIQUE, &[], "1,2"),
                (NEXT, &[], "1,2"),
                (STATED, &[], "1,2"),
                (UNIQUE, &["--allow-drop"], "1,2"),
            ],
            row: "INSERT INTO t (a) VALUES (1)",
        },
        Case {
            steps: &[
                (NEXT, &[], "1,2"),
                (WIDE, &[], "1,2"),
                (RENAMED, &["--rename", "t.a=t.z"], "1,2"),
            ],
            row: "INSERT INTO t (a) VALUES (1)",
        },
        Case {
            steps: &[
                (TEXT, &[], "aB"),
                (LOWER, &[], "aB,ab"),
                (UPPER, &[], "aB,AB"),
                (TEXT, &["--allow-drop"], "aB"),
            ],
            row: "INSERT INTO t (s) VALUES ('aB')",
        },
    ]
}

/// The row of `t`, its values beside the `id`.
fn row(database: &Database, fields: &str) -> String {
    let names = fields
        .lines()
        .filter_map(|line| line.trim().strip_prefix("pub ")?.split(':').next())
        .map(|name| match database.dialect {
            "mysql" => format!("CAST({name} AS CHAR)"),
            _ => format!("CAST({name} AS text)"),
        });
    let names: Vec<String> = names.collect();
    let sql = match database.dialect {
        "mysql" => format!("SELECT CONCAT_WS(',', {}) FROM t", names.join(", ")),
        _ => format!("SELECT {} FROM t", names.join(" || ',' || ")),
    };
    database.texts(&sql).concat()
}

#[test_with::env(LUTHIER_TEST_POSTGRES, LUTHIER_TEST_MYSQL)]
#[test]
fn computed_columns_go_through_every_change_and_back() {
    for case in cases() {
        let sandbox = project();
        for (number, (fields, args, _)) in case.steps.iter().enumerate() {
            set(&sandbox, &[("t", fields)]);
            let name = format!("step{number}");
            sandbox
                .run([&["makemigrations", "-m", &name], *args].concat())
                .success();
        }
        for database in Database::of_folder(Sandbox::new()).and_others() {
            database.migrate(&sandbox, &["step0"]).success();
            database.execute(case.row);
            let last = case.steps.len() - 1;
            for (number, (fields, _, expected)) in case.steps.iter().enumerate() {
                database
                    .migrate(&sandbox, &[&format!("step{number}")])
                    .success();
                assert_eq!(
                    row(&database, fields),
                    *expected,
                    "{} {number}",
                    database.dialect
                );
            }
            database
                .run(&sandbox, &["check", "--tag", "drift"])
                .success()
                .stdout_lacks("LUT3");
            for number in (0..last).rev() {
                database
                    .migrate(&sandbox, &[&format!("step{number}")])
                    .success();
                let (fields, _, expected) = case.steps[number];
                assert_eq!(
                    row(&database, fields),
                    expected,
                    "{} back to {number}",
                    database.dialect
                );
            }
            database.migrate(&sandbox, &["zero"]).success();
        }
    }
}

/// What a generated column of one kind of database goes through; each step is the fields of `t` and flags for `makemigrations`.
struct Chain {
    dialects: &'static [&'static str],
    steps: &'static [(&'static str, &'static [&'static str])],
    row: &'static str,
    expected: &'static str,
}

const ON_PLAIN: &str = "    pub a: i32,\n    #[sea_orm(extra = \"GENERATED ALWAYS AS (a + 1) STORED\")]\n    pub g: Option<i32>,\n    \
    #[sea_orm(indexed, extra = \"GENERATED ALWAYS AS (g * 2) STORED\")]\n    pub h: Option<i32>,";
const ON_CHANGED: &str = "    pub a: i32,\n    #[sea_orm(extra = \"GENERATED ALWAYS AS (a + 3) STORED\")]\n    pub g: Option<i32>,\n    \
    #[sea_orm(indexed, extra = \"GENERATED ALWAYS AS (g * 2) STORED\")]\n    pub h: Option<i32>,";
const ON_RENAMED: &str = "    #[sea_orm(renamed_from = \"a\")]\n    pub z: i32,\n    #[sea_orm(renamed_from = \"g\", \
    extra = \"GENERATED ALWAYS AS (z + 3) STORED\")]\n    pub k: Option<i32>,\n    \
    #[sea_orm(indexed, extra = \"GENERATED ALWAYS AS (k * 2) STORED\")]\n    pub h: Option<i32>,";
const READ: &str = "    pub a: i32,\n    #[sea_orm(extra = \"GENERATED ALWAYS AS (a + 1) VIRTUAL\")]\n    pub g: Option<i32>,\n    \
    #[sea_orm(extra = \"GENERATED ALWAYS AS (g * 2) VIRTUAL\")]\n    pub h: Option<i32>,";
const READ_OF_PLAIN: &str = "    pub a: i32,\n    pub g: Option<i32>,\n    \
    #[sea_orm(extra = \"GENERATED ALWAYS AS (g * 2) VIRTUAL\")]\n    pub h: Option<i32>,";
const TWO: &str = "    pub a: i32,\n    pub b: i32,\n    #[sea_orm(extra = \"GENERATED ALWAYS AS (a + b) STORED\")]\n    \
    pub g: Option<i32>,";
const ONE_OF_TWO: &str = "    pub b: i32,\n    #[sea_orm(extra = \"GENERATED ALWAYS AS (b + 1) STORED\")]\n    pub g: Option<i32>,";
const REFERENCE: &str = "    pub a: i32,\n    #[sea_orm(unique, extra = \"GENERATED ALWAYS AS (a + 1) STORED\")]\n    pub g: Option<i64>,\n    \
    pub up: Option<i64>,\n    #[sea_orm(belongs_to, from = \"g\", to = \"id\")]\n    pub parent: BelongsTo<Option<super::p::Entity>>,";
const OTHER_REFERENCE: &str = "    pub a: i32,\n    #[sea_orm(unique, extra = \"GENERATED ALWAYS AS (a + 2) STORED\")]\n    pub g: Option<i64>,\n    \
    pub up: Option<i64>,\n    #[sea_orm(belongs_to, from = \"g\", to = \"id\")]\n    pub parent: BelongsTo<Option<super::p::Entity>>,";

const CHAINS: [Chain; 5] = [
    Chain {
        dialects: &["sqlite", "mysql"],
        steps: &[
            (PLAIN, &[]),
            (ON_PLAIN, &[]),
            (ON_CHANGED, &[]),
            (ON_RENAMED, &[]),
        ],
        row: "INSERT INTO t (a) VALUES (1)",
        expected: "1,4,8",
    },
    Chain {
        dialects: &["sqlite", "mysql"],
        steps: &[(READ, &[]), (READ_OF_PLAIN, &[]), (READ, &["--allow-drop"])],
        row: "INSERT INTO t (a) VALUES (1)",
        expected: "1,2,4",
    },
    Chain {
        dialects: &["sqlite", "postgres", "mysql"],
        steps: &[(TWO, &[]), (ONE_OF_TWO, &["--allow-drop"])],
        row: "INSERT INTO t (a, b) VALUES (1, 2)",
        expected: "2,3",
    },
    Chain {
        dialects: &["sqlite", "postgres", "mysql"],
        steps: &[(PLAIN, &[]), (REFERENCE, &[]), (OTHER_REFERENCE, &[])],
        row: "INSERT INTO p (id) VALUES (2), (3); INSERT INTO t (a) VALUES (1)",
        expected: "1,3",
    },
    Chain {
        dialects: &["sqlite", "mysql"],
        steps: &[
            (NEXT, &[]),
            (
                "    pub a: i32,\n    #[sea_orm(extra = \"GENERATED ALWAYS AS (a + 1) VIRTUAL\")]\n    pub g: Option<i32>,",
                &["--allow-drop"],
            ),
            (NEXT, &["--allow-drop"]),
        ],
        row: "INSERT INTO t (a) VALUES (1)",
        expected: "1,2",
    },
];

#[test_with::env(LUTHIER_TEST_POSTGRES, LUTHIER_TEST_MYSQL)]
#[test]
fn computed_columns_that_others_rest_on_go_through_every_change_and_back() {
    for case in CHAINS {
        let sandbox = project();
        let dialects: Vec<String> = case.dialects.iter().map(|d| format!("\"{d}\"")).collect();
        let settings = sandbox.read("luthier.toml");
        sandbox.write(
            "luthier.toml",
            settings.replace("\"sqlite\", \"postgres\", \"mysql\"", &dialects.join(", ")),
        );
        for (number, (fields, args)) in case.steps.iter().enumerate() {
            set(&sandbox, &[("t", fields), ("p", "")]);
            let name = format!("step{number}");
            sandbox
                .run([&["makemigrations", "-m", &name], *args].concat())
                .success();
        }
        let last = case.steps.len() - 1;
        let databases = Database::of_folder(Sandbox::new()).and_others();
        for database in databases
            .iter()
            .filter(|database| case.dialects.contains(&database.dialect))
        {
            database.migrate(&sandbox, &["step0"]).success();
            database.execute(case.row);
            for number in 1..=last {
                // A table that was read under an alias stays open under it on MariaDB.
                database.texts("SELECT CAST(count(*) AS CHAR(2)) FROM t x, t y");
                let step = format!("step{number}");
                database.migrate(&sandbox, &[&step]).success();
            }
            let fields = case.steps[last]
                .0
                .replace("    pub parent", "")
                .replace("    pub up", "");
            assert_eq!(
                row(database, &fields),
                case.expected,
                "{}",
                database.dialect
            );
            database
                .run(&sandbox, &["check", "--tag", "drift"])
                .success()
                .stdout_lacks("LUT3");
            database.texts("SELECT CAST(count(*) AS CHAR(2)) FROM t x, t y");
            for number in (0..last).rev() {
                let step = format!("step{number}");
                database.migrate(&sandbox, &[&step]).success();
            }
            database.migrate(&sandbox, &["zero"]).success();
        }
    }
}

/// Columns that are computed by hand follow a new name, and are named where what they are computed from goes away.
#[test_with::env(LUTHIER_TEST_POSTGRES, LUTHIER_TEST_MYSQL)]
#[test]
fn columns_computed_by_hand_follow_or_are_named() {
    for (after, flags, refused) in [
        (
            "    #[sea_orm(renamed_from = \"a\")]\n    pub z: i32,\n    pub b: Option<i32>,",
            "",
            false,
        ),
        ("    pub a: i64,\n    pub b: Option<i32>,", "", false),
        (
            "    pub a: Option<i32>,\n    pub b: Option<i32>,",
            "",
            false,
        ),
        ("    pub b: Option<i32>,", "--allow-drop", true),
    ] {
        let sandbox = project();
        set(
            &sandbox,
            &[("t", "    pub a: i32,\n    pub b: Option<i32>,")],
        );
        sandbox.run(["makemigrations", "-m", "first"]).success();
        set(&sandbox, &[("t", after)]);
        let args = ["makemigrations", "-m", "second", flags];
        sandbox
            .run(args.into_iter().filter(|arg| !arg.is_empty()))
            .success();
        for database in Database::of_folder(Sandbox::new()).and_others() {
            // PostgreSQL has such columns stored alone, and keeps their source from changing its type.
            if database.dialect == "postgres" && after.contains("i64") {
                continue;
            }
            database.migrate(&sandbox, &["first"]).success();
            database.execute("INSERT INTO t (a) VALUES (1), (41)");
            let add = match database.dialect {
                "postgres" => "ALTER TABLE t ADD COLUMN g int GENERATED ALWAYS AS (a + 1) STORED",
                _ => {
                    "ALTER TABLE t ADD COLUMN g int AS (a + 1) VIRTUAL; CREATE INDEX of_g ON t (g)"
                }
            };
            database.execute(add);
            database.execute("CREATE VIEW v AS SELECT x.id FROM t x");
            if refused {
                database
                    .migrate(&sandbox, &[])
                    .code(1)
                    .stderr_has("the generated column `g")
                    .stderr_has("uses `t.a`, which goes away");
                database
                    .migrate(&sandbox, &["--accept-loss", "g", "--accept-loss", "of_g"])
                    .success();
                continue;
            }
            for target in ["second", "first"] {
                database.texts("SELECT CAST(x.id AS CHAR(2)) FROM t x");
                database.migrate(&sandbox, &[target]).success();
                let values = database.texts("SELECT CAST(g AS CHAR(2)) FROM t ORDER BY id");
                let values: Vec<&str> = values.iter().map(|value| value.trim()).collect();
                assert_eq!(values, ["2", "42"], "{} {target}", database.dialect);
            }
        }
    }
}

/// MariaDB writes computed columns whole where their source gets another name, and drops and adds them where they are
/// computed otherwise: what somebody set on them, or built on them, is named before.
#[test_with::env(LUTHIER_TEST_MYSQL)]
#[test]
fn what_was_set_by_hand_on_computed_columns_is_named() {
    let database = Database::mysql();
    let g = |source: &str, more: &str| {
        format!(
            "    pub {source}: Option<i32>,\n    #[sea_orm(extra = \"GENERATED ALWAYS AS ({source} + {more}) STORED\")]\n    \
             pub g: Option<i32>,"
        )
    };
    let other = g("a", "2");
    let renamed = g("z", "1").replace("pub z", "#[sea_orm(renamed_from = \"a\")]\n    pub z");
    const COMMENTED: &str =
        "ALTER TABLE t MODIFY g int GENERATED ALWAYS AS (a + 1) STORED COMMENT 'by hand'";
    const INVISIBLE: &str =
        "ALTER TABLE t MODIFY g int GENERATED ALWAYS AS (a + 1) STORED INVISIBLE";
    const INDEXED: &str = "CREATE INDEX hand ON t (id, g)";
    for (after, by_hand, named, accepted) in [
        (
            &renamed,
            COMMENTED,
            "`t.g` has the comment `by hand`",
            "t.g",
        ),
        (
            &renamed,
            INVISIBLE,
            "`t.g` has the attribute `INVISIBLE`",
            "t.g",
        ),
        (&other, COMMENTED, "`t.g` has the comment `by hand`", "t.g"),
        (
            &other,
            INDEXED,
            "the index `hand` (id,g) has `t.g`, which is dropped and computed again",
            "hand",
        ),
    ] {
        let sandbox = project();
        set(&sandbox, &[("t", &g("a", "1"))]);
        sandbox.run(["makemigrations", "-m", "first"]).success();
        set(&sandbox, &[("t", after)]);
        sandbox.run(["makemigrations", "-m", "second"]).success();
        database.empty();
        database.migrate(&sandbox, &["first"]).success();
        database.execute("INSERT INTO t (a) VALUES (1)");
        database.execute(by_hand);
        database.migrate(&sandbox, &[]).code(1).stderr_has(named);
        database
            .migrate(&sandbox, &["--accept-loss", accepted])
            .success();
    }
}
