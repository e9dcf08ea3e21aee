//! MySQL cannot take statements back: a run that was killed or failed goes on where it stopped, and only there.

use crate::common::databases::Database;
use crate::common::{Outcome, Sandbox};

use super::{Entities, file, project, recorded, set};

const BEFORE: Entities = &[
    ("author", "    pub name: String,"),
    (
        "event",
        "    pub begin: i32,\n    #[sea_orm(indexed)]\n    pub label: String,\n    pub author_id: i64,",
    ),
    ("old", "    pub a: i32,"),
];

/// Statements of every kind that a diff writes; a table called `event`, a column called `begin`.
const AFTER: Entities = &[
    (
        "author",
        "    pub name: String,\n    #[sea_orm(unique)]\n    pub email: Option<String>,",
    ),
    (
        "event",
        "    #[sea_orm(renamed_from = \"begin\")]\n    pub start: i64,\n    #[sea_orm(indexed)]\n    pub label: Option<String>,\n    \
         pub author_id: i64,\n    #[sea_orm(belongs_to, from = \"author_id\", to = \"id\", on_delete = \"Cascade\")]\n    \
         pub author: BelongsTo<super::author::Entity>,\n    pub rank: i32,",
    ),
    (
        "invoice",
        "    pub total: i32,\n    #[sea_orm(indexed)]\n    pub paid: bool,",
    ),
];

const ROWS: &str = "INSERT INTO author (id, name) VALUES (1, 'a'), (2, 'b'); \
    INSERT INTO event (id, begin, label, author_id) VALUES (1, 10, 'x', 1), (2, 20, 'y', 2)";

const QUERY: &str =
    "SELECT CONCAT_WS(',', id, start, label, author_id, `rank`) FROM event ORDER BY id";

/// A project with its two migrations.
pub(super) fn evolution() -> Sandbox {
    let sandbox = project();
    set(&sandbox, BEFORE);
    sandbox.run(["makemigrations", "-m", "first"]).success();
    set(&sandbox, AFTER);
    let args = [
        "makemigrations",
        "-m",
        "second",
        "--default",
        "event.rank=id + 1",
        "--allow-drop",
        "--rename",
        "event.begin=start",
    ];
    let outcome = sandbox.run(args);
    if outcome.code != Some(0) {
        outcome.success();
    }
    sandbox
}

pub(super) fn start(database: &Database, sandbox: &Sandbox) {
    database.empty();
    database.migrate(sandbox, &["first"]).success();
    database.execute(ROWS);
}

/// The tables as they are, and the rows of one.
pub(super) fn state(database: &Database) -> Vec<String> {
    let tables = "SELECT CONCAT_WS(' ', table_name, column_name, column_type, is_nullable, column_default, column_key, extra) \
                  FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name <> '_sqlx_migrations' \
                  ORDER BY table_name, ordinal_position";
    let keys = "SELECT CONCAT_WS(' ', table_name, constraint_name, column_name, referenced_table_name) \
                FROM information_schema.key_column_usage WHERE table_schema = DATABASE() \
                AND table_name <> '_sqlx_migrations' ORDER BY 1";
    let mut state = database.texts(tables);
    state.extend(database.texts(keys));
    state.extend(database.texts(QUERY));
    state
}

#[test_with::env(LUTHIER_TEST_MYSQL)]
#[test]
fn a_run_that_is_killed_at_any_query_goes_on_to_the_same_end() {
    let database = Database::mysql();
    let sandbox = evolution();
    start(&database, &sandbox);
    database.migrate(&sandbox, &[]).success();
    let end = state(&database);
    let mut killed = 0;
    for query in 1.. {
        start(&database, &sandbox);
        let mut command = sandbox.command(["migrate", "--database-url", &database.url]);
        let outcome = Outcome::of(command.env("LUTHIER_FAULT", format!("query:{query}")));
        if outcome.code == Some(0) {
            break;
        }
        assert_eq!(outcome.code, Some(137), "{outcome:?}");
        killed += 1;
        database.migrate(&sandbox, &[]).success();
        assert_eq!(state(&database), end, "killed at query {query}");
        assert_eq!(
            recorded(&database),
            ["first", "second"],
            "killed at query {query}"
        );
        let left = database.texts("SHOW TABLES LIKE '\\_luthier%'");
        assert_eq!(left, Vec::<String>::new(), "killed at query {query}");
    }
    assert!(killed > 30, "{killed} kills");
}

#[test_with::env(LUTHIER_TEST_MYSQL)]
#[test]
fn a_run_back_that_is_killed_goes_on_to_the_same_end() {
    let database = Database::mysql();
    let sandbox = evolution();
    start(&database, &sandbox);
    let before =
        database.texts("SELECT CONCAT_WS(',', id, begin, label, author_id) FROM event ORDER BY id");
    for query in (1..).step_by(3) {
        database.migrate(&sandbox, &[]).success();
        let mut command = sandbox.command(["migrate", "first", "--database-url", &database.url]);
        let outcome = Outcome::of(command.env("LUTHIER_FAULT", format!("query:{query}")));
        database.migrate(&sandbox, &["first"]).success();
        let rows = database
            .texts("SELECT CONCAT_WS(',', id, begin, label, author_id) FROM event ORDER BY id");
        assert_eq!(rows, before, "killed at query {query}");
        assert_eq!(recorded(&database), ["first"]);
        if outcome.code == Some(0) {
            return;
        }
    }
}

#[test_with::env(LUTHIER_TEST_MYSQL)]
#[test]
fn a_wrong_statement_anywhere_can_be_corrected_as_long_as_it_has_not_run() {
    let database = Database::mysql();
    let sandbox = project();
    set(&sandbox, BEFORE);
    sandbox.run(["makemigrations", "-m", "first"]).success();
    sandbox
        .run(["makemigrations", "--empty", "-m", "second"])
        .success();
    let up = file(&sandbox, "mysql", "second", "up");
    let statements = [
        "ALTER TABLE event ADD COLUMN a int -- begin\n",
        "UPDATE event SET a = begin + 1",
        "CREATE TRIGGER tick BEFORE INSERT ON event FOR EACH ROW BEGIN SET NEW.label = 'x'; SET NEW.a = 3; END",
        "START TRANSACTION; UPDATE event SET a = a * 2; INSERT INTO old (a) VALUES (7); COMMIT",
        "CREATE VIEW labels AS SELECT label FROM event",
        "CREATE INDEX by_a ON event (a)",
        "RENAME TABLE old TO elder",
        "SET @step = 5",
        "INSERT INTO elder (a) VALUES (@step)",
    ];
    let text = |wrong: Option<usize>| -> String {
        let mut text = String::from("-- By hand.\n");
        for (number, statement) in statements.iter().enumerate() {
            match wrong == Some(number) {
                true => text.push_str("UPDATE event SET nothing = 1;\n"),
                false => text.push_str(&format!("{statement};\n")),
            }
        }
        text
    };
    let query = "SELECT CONCAT(e.id, ',', e.label, ',', e.a, ',', (SELECT GROUP_CONCAT(a ORDER BY a) FROM elder)) FROM event e ORDER BY e.id";
    for wrong in 0..statements.len() {
        start(&database, &sandbox);
        sandbox.write(&up, text(Some(wrong)));
        let outcome = database
            .migrate(&sandbox, &[])
            .code(1)
            .stderr_has("nothing");
        // Again, nothing has changed: it fails at the same place, and is not taken for done.
        database
            .migrate(&sandbox, &[])
            .code(1)
            .stderr_has("nothing");
        if wrong > 0 {
            outcome.stderr_has("may be changed");
            let changed = text(None).replacen("ADD COLUMN a int", "ADD COLUMN a bigint", 1);
            sandbox.write(&up, changed);
            database
                .migrate(&sandbox, &[])
                .code(1)
                .stderr_has("statement 1")
                .stderr_has("undo the edit");
        }
        sandbox.write(&up, text(None));
        database.migrate(&sandbox, &[]).success();
        assert_eq!(
            database.texts(query),
            ["1,x,22,5,7", "2,y,42,5,7"],
            "wrong: {wrong}"
        );
        assert_eq!(recorded(&database), ["first", "second"]);
        database.migrate(&sandbox, &["--check"]).success();
    }
}

/// What is there already is never taken for what the migration makes: neither at once nor the next time.
#[test_with::env(LUTHIER_TEST_MYSQL)]
#[test]
fn what_stands_in_the_way_is_not_taken_for_done() {
    let database = Database::mysql();
    let before: Entities = &[("t", "    pub a: i32,")];
    let cases: [(&str, Entities, &str, &str); 4] = [
        (
            "a table",
            &[
                ("t", "    pub a: i32,\n    pub z: Option<i32>,"),
                ("zinvoice", "    pub total: i32,"),
            ],
            "CREATE TABLE zinvoice (legacy text)",
            "DROP TABLE zinvoice",
        ),
        (
            "a column of another type",
            &[(
                "t",
                "    pub a: i32,\n    pub b: Option<i32>,\n    pub c: Option<i32>,",
            )],
            "ALTER TABLE t ADD COLUMN c text",
            "ALTER TABLE t DROP COLUMN c",
        ),
        (
            "an index on another column",
            &[(
                "t",
                "    #[sea_orm(indexed)]\n    pub a: i32,\n    pub b: Option<i32>,",
            )],
            "CREATE INDEX `idx-t-a` ON t (id)",
            "DROP INDEX `idx-t-a` ON t",
        ),
        (
            "a foreign key of that name",
            &[
                (
                    "t",
                    "    pub a: i32,\n    pub p_id: Option<i64>,\n    #[sea_orm(belongs_to, from = \"p_id\", to = \"id\")]\n    pub p: \
                     BelongsTo<Option<super::p::Entity>>,",
                ),
                ("p", "    pub a: i32,"),
            ],
            "CREATE TABLE other (id bigint primary key); CREATE TABLE more (x bigint, CONSTRAINT `fk-t-p_id` FOREIGN KEY (x) \
             REFERENCES other (id))",
            "DROP TABLE more; DROP TABLE other",
        ),
    ];
    for (what, after, obstacle, removed) in cases {
        let sandbox = project();
        set(&sandbox, before);
        sandbox.run(["makemigrations", "-m", "first"]).success();
        set(&sandbox, after);
        sandbox.run(["makemigrations", "-m", "second"]).success();
        database.empty();
        database.migrate(&sandbox, &["first"]).success();
        database.execute(obstacle);
        for _ in 0..3 {
            database.migrate(&sandbox, &[]).code(1);
            assert_eq!(recorded(&database), ["first"], "{what}");
        }
        database.execute(removed);
        database.migrate(&sandbox, &[]).success();
        assert_eq!(recorded(&database), ["first", "second"], "{what}");
    }
}

/// A run is killed while a statement is under way, and somebody makes something of the same name by hand.
#[test_with::env(LUTHIER_TEST_MYSQL)]
#[test]
fn what_was_made_by_hand_after_a_kill_is_not_taken_for_done() {
    let database = Database::mysql();
    let sandbox = project();
    set(&sandbox, &[("t", "    pub a: i32,")]);
    sandbox.run(["makemigrations", "-m", "first"]).success();
    set(
        &sandbox,
        &[("t", "    pub a: i32,\n    pub b: Option<i32>,")],
    );
    sandbox.run(["makemigrations", "-m", "second"]).success();
    for (made, proven) in [
        ("b text", false),
        ("b int NULL", true),
        ("b int NOT NULL DEFAULT 0", false),
        ("b int NULL, ADD c int", false),
    ] {
        let mut query = 0;
        loop {
            query += 1;
            database.empty();
            database.migrate(&sandbox, &["first"]).success();
            let mut command = sandbox.command(["migrate", "--database-url", &database.url]);
            Outcome::of(command.env("LUTHIER_FAULT", format!("query:{query}"))).code(137);
            let states = "SELECT state FROM _luthier_progress WHERE `before` <> '{}'";
            if !database.texts("SHOW TABLES LIKE '\\_luthier%'").is_empty()
                && !database.texts(states).is_empty()
            {
                break;
            }
        }
        database.execute(&format!("ALTER TABLE t ADD COLUMN {made}"));
        let code = i32::from(!proven);
        database.migrate(&sandbox, &[]).code(code);
        database.migrate(&sandbox, &[]).code(code);
    }
}
