//! `squashmigrations`: one migration in the place of several, on databases that have all of them, some, or none.

use super::databases;
use super::harness::{Entities, by_hand, project, set};
use crate::common::Sandbox;
use crate::common::databases::Database;

const FIRST: Entities = &[("author", "pub name: String,")];
const SECOND: Entities = &[(
    "author",
    "pub name: String, pub mood: Mood, pub age: Option<i32>,
    ---
    #[derive(EnumIter, DeriveActiveEnum)]
    #[sea_orm(rs_type = \"String\", db_type = \"Enum\", rename_all = \"snake_case\")]
    pub enum Mood { Happy, Sad }",
)];
const LAST: Entities = &[(
    "author",
    "pub name: Option<String>, pub mood: Mood, pub age: i64,
    ---
    #[derive(EnumIter, DeriveActiveEnum)]
    #[sea_orm(rs_type = \"String\", db_type = \"Enum\", rename_all = \"snake_case\")]
    pub enum Mood { Happy, Sad }",
)];

/// Four migrations, the third of which is written by hand.
pub(crate) fn four() -> Sandbox {
    let sandbox = project(FIRST);
    sandbox.run(["makemigrations", "-m", "first"]).success();
    set(&sandbox, SECOND);
    sandbox
        .run([
            "makemigrations",
            "-m",
            "second",
            "--default",
            "authors.mood='happy'",
        ])
        .success();
    by_hand(
        &sandbox,
        "third",
        "INSERT INTO authors (name, mood) VALUES ('by hand', 'sad')",
        "DELETE FROM authors WHERE name = 'by hand';\n",
    );
    set(&sandbox, LAST);
    sandbox
        .run([
            "makemigrations",
            "-m",
            "last",
            "--default",
            "authors.age=80",
        ])
        .success();
    sandbox
}

pub(crate) fn squashed(sandbox: &Sandbox) -> Sandbox {
    let squashed = sandbox.copy();
    squashed
        .run(["squashmigrations", "last"])
        .success()
        .stderr_has("_squashed_first_to_last stands for")
        .stderr_has("remove  migrations/sqlite/");
    squashed
}

fn names(database: &Database) -> Vec<String> {
    databases::texts(
        database,
        "SELECT concat(name, ' ', mood, ' ', age) FROM authors ORDER BY id",
    )
}

#[test_with::env(LUTHIER_TEST_POSTGRES, LUTHIER_TEST_MYSQL)]
#[test]
fn a_squashed_migration_takes_the_place_of_what_is_applied() {
    let before = four();
    let after = squashed(&before);
    assert_eq!(after.files("migrations/sqlite").len(), 2);
    after
        .run(["makemigrations"])
        .success()
        .stderr_has("No changes detected");
    for database in databases::all() {
        // A new database runs the squashed one alone, and leads to the same.
        database.migrate(&after, &[]).success();
        let shape = databases::shape(&database);
        assert_eq!(names(&database), ["by hand sad 80"]);
        database.migrate(&after, &["zero"]).success();
        database.empty();
        database
            .sqlx(&after)
            .expect("sqlx runs the squashed one, too");
        assert_eq!(databases::shape(&database), shape);
        assert_eq!(names(&database), ["by hand sad 80"]);

        // One that has all of them only changes its rows.
        database.empty();
        database.migrate(&before, &[]).success();
        assert_eq!(databases::shape(&database), shape);
        database.execute("INSERT INTO authors (name, mood, age) VALUES ('Ursula', 'happy', 88)");
        assert!(database.sqlx(&after).is_err(), "sqlx alone cannot know");
        database
            .migrate(&after, &["--check"])
            .code(1)
            .stdout_has("_squashed_first_to_last in place of 4 that are applied");
        let show = ["showmigrations", "--database-url", &database.url];
        after
            .run(show)
            .success()
            .stdout_has("[X]")
            .stdout_has("squashed into it");
        database
            .migrate(&after, &[])
            .success()
            .stderr_has("_squashed_first_to_last… OK (in place of 4 that are applied)");
        assert_eq!(databases::recorded(&database), ["squashed first to last"]);
        assert_eq!(names(&database), ["by hand sad 80", "Ursula happy 88"]);
        database.sqlx(&after).expect("now it knows");
        database
            .migrate(&after, &[])
            .success()
            .stderr_has("Nothing to migrate");
        // Whoever still has the old files runs none of them again.
        database
            .migrate(&before, &[])
            .code(1)
            .stderr_has("was edited after it was applied");
        assert!(database.sqlx(&before).is_err());
        assert_eq!(names(&database).len(), 2);
        database.migrate(&after, &["zero"]).success();
        assert_eq!(databases::recorded(&database).len(), 0);

        // One that has some of them has to get the others first.
        database.empty();
        database.migrate(&before, &["second"]).success();
        database
            .migrate(&after, &[])
            .code(1)
            .stderr_has("stands for 4 migrations, and this database has only some of them")
            .stderr_has("_third, ")
            .stderr_has("with the files from before they were squashed");
        assert!(database.sqlx(&after).is_err());
        assert_eq!(databases::recorded(&database), ["first", "second"]);
        database.migrate(&before, &[]).success();
        database.migrate(&after, &[]).success();
        assert_eq!(databases::recorded(&database), ["squashed first to last"]);
    }
}

#[test_with::env(LUTHIER_TEST_POSTGRES, LUTHIER_TEST_MYSQL)]
#[test]
fn a_squashed_migration_can_be_squashed_again() {
    let before = four();
    let once = before.copy();
    once.run(["squashmigrations", "second", "--name", "start"])
        .success();
    let twice = once.copy();
    twice
        .run(["squashmigrations", "start", "last", "--no-optimize"])
        .success();
    for database in databases::all() {
        database.migrate(&twice, &[]).success();
        let shape = databases::shape(&database);
        // Straight from what nobody squashed, and by way of the first squash.
        for via in [
            &[&before, &twice][..],
            &[&before, &once, &twice],
            &[&once, &twice],
        ] {
            database.empty();
            for project in via {
                database.migrate(project, &[]).success();
            }
            assert_eq!(databases::recorded(&database), ["squashed start to last"]);
            assert_eq!(databases::shape(&database), shape);
            database.sqlx(&twice).expect("sqlx agrees");
        }
    }
}

#[test]
fn what_is_no_run_is_refused_and_nothing_is_written() {
    let sandbox = four();
    let before = sandbox.snapshot("");
    for (args, says) in [
        (
            &["last", "first"][..],
            "the first migration comes after the last",
        ),
        (&["first"], "nothing to squash"),
        (&["nothing"], "there is no migration `nothing`"),
        (&["zero"], "`zero` is not a migration"),
        (&["last", "--name", "first"], "is called"),
    ] {
        sandbox
            .run([&["squashmigrations"], args].concat())
            .code(2)
            .stderr_has(says);
    }
    sandbox
        .run(["squashmigrations", "last", "--dry-run"])
        .success()
        .stdout_has("-- replaces ")
        .stdout_has("INSERT INTO authors (name, mood) VALUES ('by hand', 'sad');");
    assert!(sandbox.snapshot("") == before, "something was written");

    // PostgreSQL must commit a new value before anything rests on it.
    set(
        &sandbox,
        &[(
            "author",
            "pub name: Option<String>, #[sea_orm(default_value = \"bored\")] pub mood: Mood, pub age: i64,
            ---
            #[derive(EnumIter, DeriveActiveEnum)]
            #[sea_orm(rs_type = \"String\", db_type = \"Enum\", rename_all = \"snake_case\")]
            pub enum Mood { Happy, Sad, Bored }",
        )],
    );
    sandbox.run(["makemigrations", "-m", "bored"]).success();
    sandbox
        .run(["squashmigrations", "bored"])
        .code(2)
        .stderr_has("PostgreSQL must commit that before")
        .stderr_has("squash in two runs");
}
