//! Databases that hold more than entities say: what was made by hand is there after `migrate`, or `migrate` refuses.

mod definition;
mod objects;

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
