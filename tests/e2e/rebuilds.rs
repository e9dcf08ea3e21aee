//! Databases that hold more than entities say: what was made by hand is there after `migrate`, or `migrate` refuses.

use crate::common::databases::Database;
use crate::common::{Outcome, Sandbox};
use crate::scenarios::harness::{self, Entities};

const BEFORE: Entities = &[("thing", "pub a: i32,\n    pub c: String,")];
const UNIQUE: Entities = &[(
    "thing",
    "pub a: i32,\n    #[sea_orm(unique)]\n    pub c: String,",
)];

/// What is made by hand on the table `things`, beside a table `log`.
const OBJECTS: &str = "CREATE TABLE log (x);
    CREATE TRIGGER noted AFTER INSERT ON things BEGIN INSERT INTO log VALUES (new.a); END;
    CREATE UNIQUE INDEX large ON things (a) WHERE a > 5;
    CREATE INDEX lower_c ON things (lower(c));
    CREATE VIEW shown AS SELECT a, c FROM things;
    INSERT INTO things (a, c) VALUES (1, 'x'), (2, 'y');";

struct Case {
    name: &'static str,
    before: Entities,
    /// By hand, after the first migration.
    by_hand: &'static str,
    after: Entities,
    args: &'static [&'static str],
    edit: fn(String) -> String,
    migrate: &'static [&'static str],
    ends: Ends,
}

enum Ends {
    /// A query of one text column, and its rows.
    Kept(&'static str, &'static [&'static str]),
    /// Nothing has changed, and all of this is said.
    Refused(&'static [&'static str]),
}

const CASE: Case = Case {
    name: "",
    before: BEFORE,
    by_hand: OBJECTS,
    after: UNIQUE,
    args: &[],
    edit: |text| text,
    migrate: &[],
    ends: Ends::Kept(EVERYTHING, &["large", "lower_c", "noted", "shown"]),
};

/// What [`OBJECTS`] made.
const EVERYTHING: &str = "SELECT name FROM sqlite_master WHERE name IN ('noted', 'large', 'lower_c', 'shown') ORDER BY name";
const DEFINITION: &str = "SELECT replace(replace(sql, char(10), ''), '    ', ' ') FROM sqlite_master WHERE name = 'things'";

fn database() -> Database {
    Database::of_folder(Sandbox::in_memory())
}

/// Everything that the catalogue and the tables `things` and `log` hold.
fn content(database: &Database) -> Vec<String> {
    let mut all =
        database.texts("SELECT type || name || coalesce(sql, '') FROM sqlite_master ORDER BY 1");
    all.extend(database.texts("SELECT CAST(count(*) AS text) FROM _sqlx_migrations"));
    all
}

impl Case {
    fn run(&self) {
        let name = self.name;
        let sandbox = harness::project(self.before);
        sandbox.run(["makemigrations", "-m", "first"]).success();
        let database = database();
        database.migrate(&sandbox, &[]).success();
        database.execute(self.by_hand);
        harness::set(&sandbox, self.after);
        let args = [&["makemigrations", "--no-input", "-m", "second"], self.args].concat();
        sandbox.run(args).success();
        self.edit(&sandbox);
        let before = content(&database);
        let outcome: Outcome = database.migrate(&sandbox, self.migrate);
        match self.ends {
            Ends::Kept(query, rows) => {
                outcome.success();
                assert_eq!(database.texts(query), rows, "{name}");
            }
            Ends::Refused(says) => {
                let mut outcome = outcome.code(1);
                for text in says {
                    outcome = outcome.stderr_has(text);
                }
                assert_eq!(content(&database), before, "{name}");
            }
        }
    }

    fn edit(&self, sandbox: &Sandbox) {
        for file in sandbox.files("migrations/sqlite") {
            if file.ends_with("_second.up.sql") {
                let path = format!("migrations/sqlite/{file}");
                let text = (self.edit)(sandbox.read(&path));
                sandbox.write(&path, text);
            }
        }
    }
}

fn run(cases: &[Case]) {
    for case in cases {
        case.run();
    }
}

#[test]
fn objects_made_by_hand_survive_a_rebuild() {
    run(&[
        Case {
            name: "nothing is renamed",
            ..CASE
        },
        Case {
            name: "the table is renamed",
            after: &[(
                "thing",
                "// table: goods\n    pub a: i32,\n    #[sea_orm(unique)]\n    pub c: String,",
            )],
            args: &["--rename-table", "things=goods"],
            ..CASE
        },
        Case {
            name: "a column is renamed, and the trigger follows",
            after: &[(
                "thing",
                "pub aa: i32,\n    #[sea_orm(unique)]\n    pub c: String,",
            )],
            args: &["--rename", "things.a=things.aa"],
            ends: Ends::Kept(
                "SELECT sql FROM sqlite_master WHERE name IN ('noted', 'large') ORDER BY name",
                &[
                    "CREATE UNIQUE INDEX large ON things (\"aa\") WHERE \"aa\" > 5",
                    "CREATE TRIGGER noted AFTER INSERT ON things BEGIN INSERT INTO log VALUES (new.\"aa\"); END",
                ],
            ),
            ..CASE
        },
        Case {
            name: "a comment is appended",
            edit: |text| text + "-- Reviewed.\n",
            ..CASE
        },
        Case {
            name: "the last line has no end",
            edit: |text| text.trim_end().to_owned(),
            ..CASE
        },
        Case {
            name: "lines end as on Windows",
            edit: |text| text.replace('\n', "\r\n"),
            ..CASE
        },
        Case {
            name: "the file starts with a mark",
            edit: |text| format!("\u{feff}{text}"),
            ..CASE
        },
        Case {
            name: "an index of the model was changed by hand",
            before: &[(
                "thing",
                "#[sea_orm(indexed)]\n    pub a: i32,\n    pub c: String,",
            )],
            by_hand: "DROP INDEX \"idx-things-a\"; CREATE INDEX \"idx-things-a\" ON things (a DESC) WHERE a > 0;",
            after: &[(
                "thing",
                "#[sea_orm(indexed)]\n    pub a: i32,\n    #[sea_orm(unique)]\n    pub c: String,",
            )],
            ends: Ends::Kept(
                "SELECT sql FROM sqlite_master WHERE name = 'idx-things-a'",
                &["CREATE INDEX \"idx-things-a\" ON things (a DESC) WHERE a > 0"],
            ),
            ..CASE
        },
        Case {
            name: "numbers that were given out stay used",
            by_hand: "INSERT INTO things (a, c) VALUES (1, 'x'), (2, 'y'); DELETE FROM things WHERE id = 2;",
            ends: Ends::Kept("SELECT name || seq FROM sqlite_sequence", &["things2"]),
            ..CASE
        },
    ]);
}

#[test]
fn what_cannot_stay_is_named_before_anything_happens() {
    const DROPPED: Entities = &[("thing", "#[sea_orm(unique)]\n    pub c: String,")];
    let case = || Case {
        after: DROPPED,
        args: &["--allow-drop"],
        ..CASE
    };
    run(&[
        Case {
            name: "an index, a trigger and a view use a dropped column",
            ends: Ends::Refused(&[
                "`large`",
                "`noted`",
                "`shown`",
                "--accept-loss 'large'",
                "DROP INDEX \"large\"",
            ]),
            ..case()
        },
        Case {
            name: "the loss is accepted",
            migrate: &[
                "--accept-loss",
                "large",
                "--accept-loss",
                "noted",
                "--accept-loss",
                "shown",
            ],
            ends: Ends::Kept(EVERYTHING, &["lower_c"]),
            ..case()
        },
        Case {
            name: "the column is dropped in place",
            by_hand: "CREATE INDEX mine ON things (a);",
            after: &[("thing", "pub c: String,")],
            ends: Ends::Refused(&["the index `mine` stands in the way", "--accept-loss 'mine'"]),
            ..case()
        },
        Case {
            name: "the column is dropped in place, and the loss accepted",
            by_hand: "CREATE INDEX mine ON things (a);",
            after: &[("thing", "pub c: String,")],
            migrate: &["--accept-loss", "mine"],
            ends: Ends::Kept("SELECT name FROM pragma_table_info('things')", &["id", "c"]),
            ..case()
        },
        Case {
            name: "a check uses it",
            by_hand: "DROP TABLE things; CREATE TABLE things (id integer NOT NULL PRIMARY KEY AUTOINCREMENT, a integer NOT \
                      NULL, c varchar NOT NULL, CONSTRAINT fits CHECK (length(c) > a));",
            ends: Ends::Refused(&[
                "CONSTRAINT fits CHECK (length(c) > a)",
                "--accept-loss 'fits'",
            ]),
            ..case()
        },
        Case {
            name: "the live table lacks a column",
            by_hand: "ALTER TABLE things DROP COLUMN a;",
            after: UNIQUE,
            ends: Ends::Refused(&["`things` has no column `a`", "drift"]),
            ..case()
        },
        Case {
            name: "the live table has the new column already",
            by_hand: "ALTER TABLE things ADD COLUMN b integer;",
            after: &[(
                "thing",
                "pub a: i32,\n    #[sea_orm(unique)]\n    pub b: Option<i32>,\n    pub c: String,",
            )],
            ends: Ends::Refused(&["`things.b` is there already, made by hand"]),
            ..case()
        },
    ]);
}

#[test]
fn a_definition_keeps_what_entities_cannot_say() {
    let defined = |name, by_hand, after: Entities, definition: &'static [&'static str]| Case {
        name,
        by_hand,
        after,
        args: &["--allow-drop"],
        ends: Ends::Kept(DEFINITION, definition),
        ..CASE
    };
    run(&[
        defined(
            "checks and collations",
            "DROP TABLE things; CREATE TABLE things (id integer NOT NULL PRIMARY KEY AUTOINCREMENT, a integer NOT NULL CHECK \
             (a < 100), c varchar NOT NULL COLLATE NOCASE, CONSTRAINT short CHECK (length(c) < 9));",
            UNIQUE,
            &[
                "CREATE TABLE \"things\" ( id integer NOT NULL PRIMARY KEY AUTOINCREMENT, a integer NOT NULL CHECK (a < 100), \
               c varchar NOT NULL COLLATE NOCASE UNIQUE, CONSTRAINT short CHECK (length(c) < 9))",
            ],
        ),
        defined(
            "STRICT, and a new column of a type that it does not take",
            "DROP TABLE things; CREATE TABLE things (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, a INTEGER NOT NULL, c TEXT \
             NOT NULL) STRICT;",
            &[(
                "thing",
                "pub a: i32,\n    #[sea_orm(unique)]\n    pub c: String,\n    #[sea_orm(unique)]\n    pub d: Option<bool>,",
            )],
            &[
                "CREATE TABLE \"things\" ( id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, a INTEGER NOT NULL, c TEXT NOT NULL \
               UNIQUE, \"d\" INTEGER UNIQUE) STRICT",
            ],
        ),
        defined(
            "STRICT, and a column that comes in place",
            "DROP TABLE things; CREATE TABLE things (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, a INTEGER NOT NULL, c TEXT \
             NOT NULL) STRICT;",
            &[(
                "thing",
                "pub a: i32,\n    pub c: String,\n    pub d: Option<String>,",
            )],
            &[
                "CREATE TABLE things (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, a INTEGER NOT NULL, c TEXT NOT NULL, \"d\" \
               TEXT) STRICT",
            ],
        ),
        defined(
            "WITHOUT ROWID and ON CONFLICT",
            "DROP TABLE things; CREATE TABLE things (id integer NOT NULL PRIMARY KEY ON CONFLICT REPLACE, a integer NOT NULL ON \
             CONFLICT IGNORE, c varchar NOT NULL) WITHOUT ROWID;",
            UNIQUE,
            &[
                "CREATE TABLE \"things\" ( id integer NOT NULL PRIMARY KEY ON CONFLICT REPLACE, a integer NOT NULL ON CONFLICT \
               IGNORE, c varchar NOT NULL UNIQUE) WITHOUT ROWID",
            ],
        ),
        defined(
            "columns that no entity knows",
            "ALTER TABLE things ADD COLUMN seen text DEFAULT 'no'; ALTER TABLE things ADD COLUMN twice AS (a * 2);",
            UNIQUE,
            &[
                "CREATE TABLE \"things\" ( \"id\" integer NOT NULL PRIMARY KEY AUTOINCREMENT, \"a\" integer NOT NULL, \"c\" \
               varchar NOT NULL UNIQUE, seen text DEFAULT 'no', twice AS (a * 2))",
            ],
        ),
    ]);
    run(&[Case {
        name: "what such columns hold",
        by_hand: "ALTER TABLE things ADD COLUMN seen text; INSERT INTO things (a, c, seen) VALUES (1, 'x', 'yes');",
        ends: Ends::Kept("SELECT c || seen FROM things", &["xyes"]),
        ..CASE
    }]);
}

#[test]
fn other_migrators_are_stopped_by_the_file_itself() {
    for (by_hand, stops) in [
        ("", false),
        (OBJECTS, true),
        (
            "CREATE TRIGGER g AFTER INSERT ON things BEGIN SELECT 1; END",
            true,
        ),
        ("CREATE INDEX mine ON things (lower(c))", true),
        ("ALTER TABLE things ADD COLUMN seen text", true),
        ("CREATE VIEW shown AS SELECT a FROM things", false),
        (
            "DROP TABLE things; CREATE TABLE things (id integer PRIMARY KEY, a int, c text COLLATE NOCASE)",
            true,
        ),
        (
            "DROP TABLE things; CREATE TABLE things (id integer PRIMARY KEY, a int REFERENCES things, c text)",
            true,
        ),
        (
            "DROP TABLE things; CREATE TABLE things (id integer PRIMARY KEY, a int, c text) STRICT",
            true,
        ),
        (
            "DROP TABLE things; CREATE TABLE things (id integer PRIMARY KEY, a int UNIQUE, c text)",
            true,
        ),
    ] {
        let sandbox = harness::project(BEFORE);
        sandbox.run(["makemigrations", "-m", "first"]).success();
        let database = database();
        database.migrate(&sandbox, &[]).success();
        database.execute(by_hand);
        harness::set(&sandbox, UNIQUE);
        sandbox.run(["makemigrations", "-m", "second"]).success();
        let result = database.sqlx(&sandbox);
        assert_eq!(result.is_err(), stops, "{by_hand}: {result:?}");
    }
}

#[test]
fn rows_keep_their_numbers_where_the_key_is_text() {
    run(&[Case {
        name: "a table of which other tables know row numbers",
        before: &[(
            "thing",
            "#[sea_orm(primary_key, auto_increment = false)]\n    pub k: String,\n    pub c: String,",
        )],
        by_hand: "INSERT INTO things (rowid, k, c) VALUES (7, 'x', 'x'), (9, 'y', 'y');",
        after: &[(
            "thing",
            "#[sea_orm(primary_key, auto_increment = false)]\n    pub k: String,\n    #[sea_orm(unique)]\n    pub c: String,",
        )],
        ends: Ends::Kept(
            "SELECT CAST(rowid AS text) FROM things ORDER BY rowid",
            &["7", "9"],
        ),
        ..CASE
    }]);
}

#[test]
fn a_rebuild_written_by_hand_takes_indexes_and_triggers_along() {
    let rebuild = "-- no-transaction\nPRAGMA foreign_keys=0;\nBEGIN;\nCREATE TABLE made (id integer PRIMARY KEY, a int, c text);\n\
                   INSERT INTO made SELECT id, a, c FROM things;\nDROP TABLE things;\nALTER TABLE made RENAME TO things;\n\
                   COMMIT;\nPRAGMA foreign_keys=1;\n";
    // A view would be in the way of the rename, as everywhere.
    let objects = OBJECTS.replace("CREATE VIEW shown AS SELECT a, c FROM things;", "");
    for (up, gone) in [
        (rebuild.to_owned(), ""),
        (
            rebuild.replace("BEGIN;", "BEGIN;\nDROP TRIGGER noted;"),
            "noted",
        ),
    ] {
        let sandbox = harness::project(BEFORE);
        sandbox.run(["makemigrations", "-m", "first"]).success();
        let database = database();
        database.migrate(&sandbox, &[]).success();
        database.execute(&objects);
        harness::by_hand(&sandbox, "rebuilt", &up, "SELECT 1;\n");
        database.migrate(&sandbox, &[]).success();
        let expected: Vec<&str> = ["large", "lower_c", "noted"]
            .into_iter()
            .filter(|name| *name != gone)
            .collect();
        assert_eq!(database.texts(EVERYTHING), expected);
    }
}
