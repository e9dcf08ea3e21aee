//! Two branches from one parent, brought together on all three databases in both orders, or refused before anything runs.

use crate::common::Sandbox;
use crate::common::databases::Database;

use super::{Entities, project, recorded, set};

struct Case {
    before: Entities,
    one: (Entities, &'static [&'static str]),
    other: (Entities, &'static [&'static str]),
    ends: Ends,
}

enum Ends {
    /// `--merge` says why not; after the way out that it names, the entities are these.
    Refused(&'static str, Entities),
    /// Whichever came first, the query answers so afterwards; the entities are these.
    Merged(Entities, &'static str, &'static str),
}
use Ends::{Merged, Refused};

const DROP: &[&str] = &["--allow-drop"];
const T: Entities = &[("t", "    pub a: Option<i32>,\n    pub b: Option<i32>,")];
const BIG: Entities = &[("t", "    pub a: Option<i64>,\n    pub b: Option<i32>,")];
const P_AND_T: Entities = &[
    ("p", "    pub n: i32,"),
    ("t", "    pub a: Option<i32>,\n    pub b: Option<i32>,"),
];
const REFERENCE: &str = "    pub a: Option<i32>,\n    pub b: Option<i32>,\n    pub p_id: Option<i64>,\n    \
    #[sea_orm(belongs_to, from = \"p_id\", to = \"id\")]\n    pub p: BelongsTo<Option<super::p::Entity>>,";

fn cases() -> Vec<Case> {
    let default =
        "    #[sea_orm(default_value = 3)]\n    pub a: Option<i32>,\n    pub b: Option<i32>,";
    vec![
        // The same column in two ways.
        Case {
            before: T,
            one: (BIG, &[]),
            other: (leaked("t", default), &[]),
            ends: Refused(
                "both change `t.a`, and the last one would win",
                leaked(
                    "t",
                    "    #[sea_orm(default_value = 3)]\n    pub a: Option<i64>,\n    pub b: Option<i32>,",
                ),
            ),
        },
        // One renames what the other changes.
        Case {
            before: T,
            one: (
                leaked("t", "    pub z: Option<i32>,\n    pub b: Option<i32>,"),
                &["--rename", "t.a=t.z"],
            ),
            other: (BIG, &[]),
            ends: Refused(
                "do not fit together",
                leaked("t", "    pub z: Option<i64>,\n    pub b: Option<i32>,"),
            ),
        },
        // One drops what the other computes from.
        Case {
            before: T,
            one: (leaked("t", "    pub a: Option<i32>,"), DROP),
            other: (
                leaked(
                    "t",
                    "    pub a: Option<i32>,\n    pub b: Option<i32>,\n    #[sea_orm(extra = \"GENERATED ALWAYS AS (b + 1) STORED\")]\n    pub c: Option<i32>,",
                ),
                &[],
            ),
            ends: Refused(
                "the column t.b, which the other relies on",
                leaked("t", "    pub a: Option<i32>,"),
            ),
        },
        // One drops the table that the other refers to.
        Case {
            before: P_AND_T,
            one: (T, DROP),
            other: (pair(REFERENCE), &[]),
            ends: Refused("the table p, which the other relies on", T),
        },
        // One renames it.
        Case {
            before: P_AND_T,
            one: (
                Box::leak(Box::new([("q", "    pub n: i32,"), T[0]])),
                &["--rename-table", "p=q"],
            ),
            other: (pair(REFERENCE), &[]),
            ends: Refused(
                "the table p, which the other relies on",
                Box::leak(Box::new([("q", "    pub n: i32,"), T[0]])),
            ),
        },
        // Columns beside each other; on SQLite the second is a rebuild.
        Case {
            before: T,
            one: (
                leaked(
                    "t",
                    "    pub a: Option<i32>,\n    pub b: Option<i32>,\n    pub x: Option<i32>,",
                ),
                &[],
            ),
            other: (
                leaked(
                    "t",
                    "    pub a: Option<i32>,\n    pub b: Option<i32>,\n    #[sea_orm(unique)]\n    pub y: Option<i32>,",
                ),
                &[],
            ),
            ends: Merged(
                leaked(
                    "t",
                    "    pub a: Option<i32>,\n    pub b: Option<i32>,\n    pub x: Option<i32>,\n    #[sea_orm(unique)]\n    pub y: Option<i32>,",
                ),
                "SELECT CAST(a * 10 + b AS CHAR(3)) FROM t WHERE x IS NULL AND y IS NULL",
                "56",
            ),
        },
        // Two columns of one table change, and one goes.
        Case {
            before: T,
            one: (BIG, &[]),
            other: (leaked("t", "    pub a: Option<i32>,"), DROP),
            ends: Merged(
                leaked("t", "    pub a: Option<i64>,"),
                "SELECT CAST(a AS CHAR(3)) FROM t",
                "5",
            ),
        },
    ]
}

fn leaked(table: &'static str, fields: &'static str) -> Entities {
    Box::leak(Box::new([(table, fields)]))
}

fn pair(fields: &'static str) -> Entities {
    Box::leak(Box::new([P_AND_T[0], ("t", fields)]))
}

/// The project with the migrations of the first branch alone, of the second alone, and of both.
fn branches(case: &Case) -> [Sandbox; 3] {
    let sandbox = project();
    set(&sandbox, case.before);
    sandbox.run(["makemigrations", "-m", "first"]).success();
    let second = sandbox.copy();
    set(&sandbox, case.one.0);
    let args = ["makemigrations", "-m", "one"];
    sandbox.run([&args, case.one.1].concat()).success();
    set(&second, case.other.0);
    let args = ["makemigrations", "-m", "other"];
    second.run_later([&args, case.other.1].concat()).success();
    let both = sandbox.copy();
    for (path, contents) in second.snapshot("migrations") {
        both.write(format!("migrations/{}", path.display()), contents);
    }
    [sandbox, second, both]
}

fn start(database: &Database, sandbox: &Sandbox) {
    database.empty();
    database.migrate(sandbox, &["first"]).success();
    database.execute("INSERT INTO t (a, b) VALUES (5, 6)");
}

#[test_with::env(LUTHIER_TEST_POSTGRES, LUTHIER_TEST_MYSQL)]
#[test]
fn branches_are_merged_or_refused() {
    let databases = Database::of_folder(Sandbox::new()).and_others();
    for case in cases() {
        let [one, other, both] = branches(&case);
        for database in &databases {
            for sandbox in [&one, &other] {
                start(database, sandbox);
                database.migrate(sandbox, &[]).success();
                let before = recorded(database);
                let refused = database.migrate(&both, &[]).code(1);
                refused.stderr_has("nobody has brought them together");
                assert_eq!(recorded(database), before);
            }
        }
        both.run(["makemigrations", "--check"]).code(1);
        let (Refused(_, entities) | Merged(entities, ..)) = case.ends;
        set(&both, entities);
        let merge = both.run(["makemigrations", "--merge"]);
        match case.ends {
            Refused(why, entities) => {
                merge
                    .code(1)
                    .stderr_has(why)
                    .stderr_has("write it again after the other");
                way_out(&databases, &one, entities);
            }
            Merged(_, query, expected) => {
                merge.success();
                both.run(["makemigrations", "--check"]).success();
                for database in &databases {
                    for first in [&one, &other] {
                        start(database, first);
                        database.migrate(first, &[]).success();
                        database.migrate(&both, &[]).success();
                        let held = database.texts(query).concat();
                        assert_eq!(held.trim(), expected, "on {}", database.dialect);
                        database.run(&both, &["check", "--tag", "drift"]).success();
                    }
                }
            }
        }
    }
}

/// The files of one branch are gone, and what its entities say is written again after the other.
fn way_out(databases: &[Database], one: &Sandbox, entities: Entities) {
    set(one, entities);
    let again = one.run_later(["makemigrations", "-m", "again", "--allow-drop"]);
    again.success();
    for database in databases {
        start(database, one);
        database.migrate(one, &[]).success();
        database.run(one, &["check", "--tag", "drift"]).success();
    }
}
