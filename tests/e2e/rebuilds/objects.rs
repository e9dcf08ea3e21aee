//! Triggers, indexes and views on a table that is rebuilt.

use crate::scenarios::harness::{self, Entities};

use super::{BEFORE, CASE, Case, EVERYTHING, Ends, OBJECTS, UNIQUE, database, run};

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
