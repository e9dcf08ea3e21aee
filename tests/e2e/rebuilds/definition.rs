//! The definition of a table and the numbers of its rows, beyond what entities say.

use crate::scenarios::harness::Entities;

use super::{CASE, Case, Ends, UNIQUE, run};

const DEFINITION: &str = "SELECT replace(replace(sql, char(10), ''), '    ', ' ') FROM sqlite_master WHERE name = 'things'";

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
