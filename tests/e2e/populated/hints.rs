//! Hints in entities (`renamed_from`), followed or told to be of no use, with rows on all three databases.

use crate::common::Sandbox;
use crate::common::databases::Database;

use super::{project, set};

/// What `makemigrations` makes of a hint.
enum Ends {
    /// The query on `t`, whose row has 5 in `a` and 6 in `b`, answers so afterwards; and these flags were needed.
    Moves(&'static [&'static str], &'static str, &'static str),
    /// It writes nothing of a rename, and says so.
    Useless(&'static str),
}
use Ends::{Moves, Useless};

const BEFORE: &str = "    pub a: i32,\n    pub b: i32,";

fn cases() -> [(&'static str, Ends); 7] {
    [
        // A new field takes the old name.
        (
            "    #[sea_orm(renamed_from = \"a\")]\n    pub c: i32,\n    pub a: Option<i32>,\n    pub b: i32,",
            Moves(&[], "c", "5"),
        ),
        // A new name and a new type at once.
        (
            "    #[sea_orm(renamed_from = \"a\")]\n    pub c: i64,\n    pub b: i32,",
            Moves(&[], "c", "5"),
        ),
        // A chain.
        (
            "    #[sea_orm(renamed_from = \"a\")]\n    pub b: i32,\n    #[sea_orm(renamed_from = \"b\")]\n    pub c: i32,",
            Moves(
                &["--rename", "t.a=t.b", "--rename", "t.b=t.c"],
                "b * 10 + c",
                "56",
            ),
        ),
        // A swap.
        (
            "    #[sea_orm(renamed_from = \"b\")]\n    pub a: i32,\n    #[sea_orm(renamed_from = \"a\")]\n    pub b: i32,",
            Moves(
                &["--rename", "t.a=t.b", "--rename", "t.b=t.a"],
                "a * 10 + b",
                "65",
            ),
        ),
        (
            "    #[sea_orm(renamed_from = \"b\")]\n    pub a: i32,\n    #[sea_orm(renamed_from = \"a\")]\n    pub b: i32,",
            Useless("--rename t.a=t.b --rename t.b=t.a"),
        ),
        (
            "    pub a: i32,\n    pub b: i32,\n    #[sea_orm(renamed_from = \"nothing\")]\n    pub c: Option<i32>,",
            Useless("there was no column `nothing`"),
        ),
        // A slip on a column that is there: nothing was followed.
        (
            "    #[sea_orm(renamed_from = \"aa\")]\n    pub a: i32,\n    pub b: i32,",
            Useless("no migration has renamed a `aa` to it"),
        ),
    ]
}

#[test_with::env(LUTHIER_TEST_POSTGRES, LUTHIER_TEST_MYSQL)]
#[test]
fn hints_rename_or_are_told() {
    let databases = Database::of_folder(Sandbox::new()).and_others();
    for (after, ends) in cases() {
        let sandbox = project();
        set(&sandbox, &[("t", BEFORE)]);
        sandbox.run(["makemigrations", "-m", "first"]).success();
        set(&sandbox, &[("t", after)]);
        let (args, expression, expected) = match ends {
            Useless(said) => {
                sandbox
                    .run(["makemigrations", "-m", "second"])
                    .success()
                    .stderr_has(said);
                continue;
            }
            Moves(args, expression, expected) => (args, expression, expected),
        };
        sandbox
            .run([&["makemigrations", "-m", "second"], args].concat())
            .success();
        for database in &databases {
            database.empty();
            database.migrate(&sandbox, &["first"]).success();
            database.execute("INSERT INTO t (a, b) VALUES (5, 6)");
            database.migrate(&sandbox, &[]).success();
            let sql = format!("SELECT CAST({expression} AS CHAR(2)) FROM t");
            let found = database.texts(&sql).concat();
            assert_eq!(found.trim(), expected, "{after} on {}", database.dialect);
            database.migrate(&sandbox, &["first"]).success();
            let found = database
                .texts("SELECT CAST(a * 10 + b AS CHAR(2)) FROM t")
                .concat();
            assert_eq!(
                found.trim(),
                "56",
                "{after} and back on {}",
                database.dialect
            );
        }
        // Kept, the hint changes nothing.
        sandbox.run(["makemigrations", "--check"]).success();
    }
}
