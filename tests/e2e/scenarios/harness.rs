//! What a scenario says, and what holds for each of them.
//!
//! `makemigrations` writes the change once and then says "No changes detected". On each database, with rows: the schema
//! after it is that of the entities made at once; rows survive; up, down and up again lead to the same schemas; and sqlx's
//! own migrator makes the same of the same files.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::databases;
use crate::common::databases::Database;
use crate::common::{Outcome, Sandbox};

/// Modules with an entity each. The text is the fields of its `Model`; `id` counts up unless another key is named. A
/// first line `// table: name` names the table, which is otherwise the module's name and an `s`; what follows `---` is
/// put behind the `Model`.
pub(crate) type Entities = &'static [(&'static str, &'static str)];

pub(crate) struct Scenario {
    pub(crate) name: &'static str,
    pub(crate) before: Entities,
    pub(crate) after: Entities,
    /// Answers for `makemigrations`.
    pub(crate) args: &'static [&'static str],
    /// Rows for the schema before.
    pub(crate) rows: &'static [&'static str],
    /// What `makemigrations` says, on stderr.
    pub(crate) says: &'static [&'static str],
    pub(crate) ends: Ends,
}

/// A query of one text column, and its rows.
pub(crate) type Rows = (&'static str, &'static [&'static str]);

pub(crate) enum Ends {
    /// With these rows after it, and these after it is taken back.
    Changed { after: Rows, back: Rows },
    /// There is nothing to do.
    Nothing,
    /// A question that nobody answers: exit 3, nothing written.
    Asks,
    /// With another exit code, nothing written.
    Refuses(i32),
    /// `migrate` does not even start, and says why; after the statement it goes through.
    Stops {
        says: &'static [&'static str],
        mended_by: &'static str,
    },
}

pub(crate) const ROWS: Rows = ("SELECT 'x' FROM (SELECT 1 AS one) AS t WHERE one = 0", &[]);

/// A change that leaves no rows to look at.
pub(crate) const CHANGE: Scenario = Scenario {
    name: "",
    before: &[],
    after: &[],
    args: &[],
    rows: &[],
    says: &[],
    ends: Ends::Changed {
        after: ROWS,
        back: ROWS,
    },
};

/// Runs every scenario and tells of all that failed.
pub(crate) fn run(scenarios: &[Scenario]) {
    let databases = databases::all();
    let only = std::env::var("LUTHIER_SCENARIO").ok();
    let mut failed = Vec::new();
    for scenario in scenarios {
        if only.as_ref().is_some_and(|only| only != scenario.name) {
            continue;
        }
        if catch_unwind(AssertUnwindSafe(|| scenario.run(&databases))).is_err() {
            failed.push(scenario.name);
        }
    }
    assert!(failed.is_empty(), "failed: {}", failed.join(", "));
}

/// A project with `entities` and nothing else.
pub(crate) fn project(entities: Entities) -> Sandbox {
    let sandbox = Sandbox::in_memory();
    sandbox
        .write(
            "luthier.toml",
            "[project]\nname = \"bookstore\"\napps = [\"books\"]\n\
             [scaffold]\nname = \"web\"\nversion = \"0.1.0\"\n\
             [database]\ndialects = [\"sqlite\", \"postgres\", \"mysql\"]\n",
        )
        .write(".env", "DATABASE_URL=sqlite://dev.db\n")
        .write("apps/books/src/lib.rs", "pub mod models;\n");
    set(&sandbox, entities);
    sandbox
}

/// Makes `entities` those of the project.
pub(crate) fn set(sandbox: &Sandbox, entities: Entities) {
    let mods = entities
        .iter()
        .map(|(module, _)| format!("pub mod {module};\n"));
    sandbox.write("apps/books/src/models.rs", mods.collect::<String>());
    // The file of an entity that goes away goes away, too.
    let folder = sandbox.path("apps/books/src/models");
    if folder.exists() {
        std::fs::remove_dir_all(folder).expect("the old entities are removed");
    }
    for (module, text) in entities {
        let path = format!("apps/books/src/models/{module}.rs");
        sandbox.write(path, entity(module, text));
    }
}

fn entity(module: &str, text: &str) -> String {
    let (fields, behind) = text.split_once("---").unwrap_or((text, ""));
    let first = fields.trim_start().lines().next().unwrap_or_default();
    let table = first.strip_prefix("// table: ");
    let table = table.map_or_else(|| format!("{module}s"), |name| name.trim().to_owned());
    let key = match fields.contains("primary_key") {
        true => "",
        false => "    #[sea_orm(primary_key)]\n    pub id: i64,\n",
    };
    format!(
        "use sea_orm::entity::prelude::*;\n\n#[sea_orm::model]\n#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]\n\
         #[sea_orm(table_name = \"{table}\")]\npub struct Model {{\n{key}{fields}\n}}\n{behind}\n"
    )
}

impl Scenario {
    fn run(&self, databases: &[Database]) {
        let sandbox = project(self.before);
        if !self.before.is_empty() {
            sandbox.run(["makemigrations", "-m", "first"]).success();
        }
        set(&sandbox, self.after);
        let written = sandbox.snapshot("");
        let args = [&["makemigrations", "-m", "second"], self.args].concat();
        let outcome = self.said(sandbox.run(args));
        match self.ends {
            Ends::Nothing => {
                outcome.success().stderr_has("No changes detected");
            }
            Ends::Asks | Ends::Refuses(_) => {
                let code = match self.ends {
                    Ends::Refuses(code) => code,
                    _ => 3,
                };
                outcome.code(code);
                assert!(sandbox.snapshot("") == written, "something was written");
            }
            Ends::Changed { after, back } => {
                outcome.success();
                self.is_settled(&sandbox);
                let made = self.made_at_once();
                for database in databases {
                    self.there_and_back(database, &sandbox, after, back);
                    self.is_like(database, &sandbox, &made);
                }
            }
            Ends::Stops { says, mended_by } => {
                outcome.success();
                self.is_settled(&sandbox);
                for database in databases {
                    self.stops(database, &sandbox, says, mended_by);
                }
            }
        }
    }

    fn said(&self, mut outcome: Outcome) -> Outcome {
        for text in self.says {
            outcome = outcome.stderr_has(text);
        }
        outcome
    }

    fn is_settled(&self, sandbox: &Sandbox) {
        let again = sandbox.run(["makemigrations"]);
        again.success().stderr_has("No changes detected");
    }

    /// A project whose first migration makes the entities as they are in the end.
    fn made_at_once(&self) -> Sandbox {
        let sandbox = project(self.after);
        if !self.after.is_empty() {
            sandbox.run(["makemigrations"]).success();
        }
        sandbox
    }

    /// Brings the database to the schema before, with rows.
    fn start(&self, database: &Database, sandbox: &Sandbox) {
        database.empty();
        if !self.before.is_empty() {
            database.migrate(sandbox, &["first"]).success();
        }
        for rows in self.rows {
            database.execute(rows);
        }
    }

    fn there_and_back(&self, database: &Database, sandbox: &Sandbox, after: Rows, back: Rows) {
        let name = self.name;
        let at = database.dialect;
        let first = if self.before.is_empty() {
            "zero"
        } else {
            "first"
        };
        self.start(database, sandbox);
        let before = databases::shape(database);
        database.migrate(sandbox, &[]).success();
        let shape = databases::shape(database);
        assert_eq!(
            databases::texts(database, after.0),
            after.1,
            "{name} on {at}"
        );
        database.migrate(sandbox, &[first]).success();
        assert_eq!(databases::shape(database), before, "{name} on {at}: back");
        assert_eq!(
            databases::texts(database, back.0),
            back.1,
            "{name} on {at}: back"
        );
        database.migrate(sandbox, &[]).success();
        assert_eq!(
            databases::shape(database),
            shape,
            "{name} on {at}: up again"
        );
    }

    /// The schema that the database has now is that of the entities made at once, and the one that sqlx makes.
    fn is_like(&self, database: &Database, sandbox: &Sandbox, made: &Sandbox) {
        let shape = databases::shape(database);
        for (project, who) in [(sandbox, "by sqlx"), (made, "made at once")] {
            database.empty();
            if project.exists("migrations") {
                let done = database.sqlx(project);
                done.unwrap_or_else(|error| panic!("{}: {error}", self.name));
            }
            let (name, at) = (self.name, database.dialect);
            assert_eq!(shape, databases::shape(database), "{name} on {at}: {who}");
        }
    }

    fn stops(&self, database: &Database, sandbox: &Sandbox, says: &[&str], mended_by: &str) {
        self.start(database, sandbox);
        let before = databases::shape(database);
        let mut outcome = database.migrate(sandbox, &[]).code(1);
        for text in says {
            outcome = outcome.stderr_has(text);
        }
        let (name, at) = (self.name, database.dialect);
        assert_eq!(databases::shape(database), before, "{name} on {at}");
        assert_eq!(databases::recorded(database), ["first"], "{name} on {at}");
        database.execute(mended_by);
        database.migrate(sandbox, &[]).success();
    }
}

/// Writes a migration called `name` by hand, the same in every dialect.
pub(crate) fn by_hand(sandbox: &Sandbox, name: &str, up: &str, down: &str) {
    sandbox
        .run(["makemigrations", "--empty", "-m", name])
        .success();
    for folder in ["sqlite", "postgres", "mysql"] {
        for file in sandbox.files(format!("migrations/{folder}")) {
            let path = format!("migrations/{folder}/{file}");
            if file.ends_with(&format!("_{name}.up.sql")) {
                sandbox.write(&path, up);
            } else if file.ends_with(&format!("_{name}.down.sql")) {
                sandbox.write(&path, down);
            }
        }
    }
}
