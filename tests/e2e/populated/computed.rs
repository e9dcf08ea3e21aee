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
