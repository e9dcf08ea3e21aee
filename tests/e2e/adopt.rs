//! Databases that others made, on real servers: `inspectdb`, `migrate --fake-initial`, `init`, `check --tag drift`.

#![allow(
    clippy::disallowed_methods,
    reason = "tests look at the outside on purpose"
)]

/// What `inspectdb` prints for `adopt/postgres.sql`: SeaORM compiles it.
#[rustfmt::skip]
#[allow(
    unreachable_pub,
    dead_code,
    reason = "entities as they are written for projects"
)]
mod entities;

use crate::common::Sandbox;
use crate::common::databases::Database;

const ENTITIES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/e2e/adopt/entities.rs");

// `test_with` takes a function that holds the word for a module for one.
const MODULE: &str = "pub mod book";
const THING_MODULE: &str = "pub mod thing;\n";

/// SQLite with the tables that `sql` makes.
fn sqlite(sql: &str) -> Database {
    let database = Database::of_folder(Sandbox::new());
    database.execute(sql);
    database
}

fn postgres(sql: &str) -> Database {
    let database = Database::postgres();
    database.execute(sql);
    database
}

fn mysql(sql: &str) -> Database {
    let database = Database::mysql();
    database.execute(sql);
    database
}

/// Databases with hand-made tables and a row, one of each kind.
fn all() -> Vec<Database> {
    vec![
        sqlite(include_str!("adopt/sqlite.sql")),
        postgres(include_str!("adopt/postgres.sql")),
        mysql(include_str!("adopt/mysql.sql")),
    ]
}

/// A project whose only app has no entities yet.
fn project(dialect: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox
        .write(
            "luthier.toml",
            format!(
                "[project]\nname = \"shop\"\napps = [\"books\"]\n\
                 [scaffold]\nname = \"web\"\nversion = \"0.1.0\"\n\
                 [database]\ndialects = [\"{dialect}\"]\n"
            ),
        )
        .write("apps/books/src/lib.rs", "pub mod entities;\n");
    sandbox
}

#[test_with::env(LUTHIER_TEST_POSTGRES, LUTHIER_TEST_MYSQL)]
#[test]
fn a_database_that_others_made_is_adopted() {
    for database in all() {
        let sandbox = project(database.dialect);
        let into = ["inspectdb", "--output", "apps/books/src/entities"];
        database
            .run(&sandbox, &into)
            .success()
            .stderr_has("create  apps/books/src/entities/book.rs")
            .stderr_has("`sunny`: a view")
            .stderr_has("`logs`: the table has no primary key")
            .stderr_has("more than a list of columns");
        let book = sandbox.read("apps/books/src/entities/book.rs");
        assert!(book.contains("pub r#type: i16"), "{book}");
        sandbox
            .run(["makemigrations"])
            .success()
            .stderr_has("_initial");
        database
            .run(&sandbox, &["migrate", "--fake-initial"])
            .success()
            .stderr_has("FAKED, its tables are there");
        // Nothing is left to do, for anyone.
        sandbox
            .run(["makemigrations"])
            .success()
            .stderr_has("No changes detected");
        database
            .run(&sandbox, &["migrate"])
            .success()
            .stderr_has("Nothing to migrate");
        assert_eq!(database.texts("SELECT name FROM authors"), ["Ann"]);
        // The migrations remember what the database does not.
        database
            .run(&sandbox, &into)
            .success()
            .stderr_has("identical  apps/books/src/entities/book.rs")
            .stderr_lacks("conflict");
    }
}

#[test_with::env(LUTHIER_TEST_POSTGRES, LUTHIER_TEST_MYSQL)]
#[test]
fn what_is_printed_is_what_seaorm_compiles() {
    let database = postgres(include_str!("adopt/postgres.sql"));
    let sandbox = Sandbox::new();
    let printed = database.run(&sandbox, &["inspectdb"]).success().stdout;
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(ENTITIES, &printed).expect("the file can be written");
    }
    assert_eq!(printed, include_str!("adopt/entities.rs"));
    let one = database.run(&sandbox, &["inspectdb", "passports", "authors"]);
    one.success()
        .stdout_has("pub code: String")
        .stdout_has("pub mood: Mood")
        .stdout_lacks(MODULE);
    let json = database.run(&sandbox, &["inspectdb", "logs", "prints", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&json.success().stdout).expect("JSON");
    assert_eq!(json["entities"][0]["table"], "prints");
    assert_eq!(json["left_out"][0]["table"], "logs");
}

#[test]
fn a_database_that_does_not_agree_is_refused() {
    for database in all() {
        let sandbox = project(database.dialect);
        let into = ["inspectdb", "--output", "apps/books/src/entities"];
        database.run(&sandbox, &into).success();
        let book = "apps/books/src/entities/book.rs";
        let text = sandbox.read(book);
        let text = text.replace("pub mood: Option<", "pub mood_now: Option<");
        let text = text.replace("pub r#type: i16", "pub r#type: f64");
        sandbox.write(book, text);
        sandbox.run(["makemigrations"]).success();
        database
            .run(&sandbox, &["migrate", "--fake-initial"])
            .code(1)
            .stderr_has("`books.type`: the type is `smallint` in the database; expected `double")
            .stderr_has("`books.mood_now`: the column is missing")
            .stderr_has("luthier inspectdb");
        database
            .run(&sandbox, &["showmigrations"])
            .success()
            .stdout_has("[ ] ");
        // Half of the tables.
        database.execute("DROP TABLE prints");
        database
            .run(&sandbox, &["migrate", "--fake-initial"])
            .code(1)
            .stderr_has("lacks others (`prints`)");
        // An edited file is never written over.
        let edited = sandbox.read(book);
        database
            .run(&sandbox, &into)
            .code(3)
            .stderr_has("conflict  apps/books/src/entities/book.rs");
        assert_eq!(sandbox.read(book), edited);
    }
}

#[test]
fn without_tables_fake_initial_applies() {
    let sandbox = project("sqlite");
    sandbox.write(
        "apps/books/src/entities/mod.rs",
        "use sea_orm::entity::prelude::*;\n#[sea_orm::model]\n#[derive(DeriveEntityModel)]\n\
         #[sea_orm(table_name = \"x\")]\npub struct Model { #[sea_orm(primary_key)] pub id: i32 }\n",
    );
    sandbox.run(["makemigrations"]).success();
    let database = sqlite("SELECT ''");
    database
        .run(&sandbox, &["migrate", "--fake-initial"])
        .success()
        .stderr_has("… OK (");
}

#[test]
fn bad_input_to_inspectdb_exits_2() {
    let database = sqlite(include_str!("adopt/sqlite.sql"));
    let sandbox = Sandbox::new();
    database
        .run(&sandbox, &["inspectdb", "book"])
        .code(2)
        .stderr_has("no table `book`")
        .stderr_has("did you mean `books`?");
    database
        .run(&sandbox, &["inspectdb", "sunny"])
        .code(2)
        .stderr_has("it is a view");
    let nowhere = ["inspectdb", "--database-url", "sqlite://nowhere.db"];
    sandbox
        .run(nowhere)
        .code(2)
        .stderr_has("there is no database");
    sandbox
        .run(["inspectdb"])
        .code(2)
        .stderr_has("no database is named");
    sandbox
        .run(["inspectdb", "--database-url", "oracle://x"])
        .code(2)
        .stderr_has("`oracle:`");
    assert!(!sandbox.exists("nowhere.db"));
}

/// As the migrations make it.
const THING: &str = r#"
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "things", comment = "All of them")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    #[sea_orm(unique, column_type = "String(StringLen::N(40))")]
    pub name: String,
    #[sea_orm(column_type = "Decimal(Some((10, 2)))", default_value = 2.50)]
    pub price: Decimal,
    #[sea_orm(indexed)]
    pub size: Option<i16>,
    pub whole_id: Option<i64>,
    #[sea_orm(self_ref, relation_enum = "Whole", from = "whole_id", to = "id")]
    pub whole: BelongsTo<Option<Entity>>,
}

impl ActiveModelBehavior for ActiveModel {}
"#;

#[test_with::env(LUTHIER_TEST_POSTGRES, LUTHIER_TEST_MYSQL)]
#[test]
fn drift_is_found_and_named() {
    for database in sqlite("SELECT ''").and_others() {
        let sandbox = project(database.dialect);
        sandbox.write("apps/books/src/entities/mod.rs", THING_MODULE);
        sandbox.write("apps/books/src/entities/thing.rs", THING);
        sandbox.run(["makemigrations"]).success();
        let check = ["check", "--tag", "drift"];
        database
            .run(&sandbox, &check)
            .code(1)
            .stderr_has("no migration is applied");
        database.run(&sandbox, &["migrate"]).success();
        database
            .run(&sandbox, &check)
            .success()
            .stdout_lacks("LUT3");
        // What entities have been changed to is no drift.
        let changed = THING.replace("pub size", "pub weight");
        sandbox.write("apps/books/src/entities/thing.rs", changed);
        database.run(&sandbox, &check).success();
        let table = "CREATE TABLE stray (id int)";
        let index = match database.dialect {
            "mysql" => "DROP INDEX `idx-things-size` ON things",
            _ => "DROP INDEX \"idx-things-size\"",
        };
        let column = "ALTER TABLE things ADD COLUMN extra int";
        database.execute(&format!("{table}; {index}; {column}"));
        database
            .run(&sandbox, &check)
            .code(1)
            .stdout_has("LUT301")
            .stdout_has("`things`: the index on `size` is missing")
            .stdout_has("`things.extra`: no migration makes this column")
            .stdout_has("`stray`: no migration makes this table");
        let json = database.run(&sandbox, &["check", "--tag", "drift", "--json"]);
        let json: serde_json::Value = serde_json::from_str(&json.code(1).stdout).expect("JSON");
        assert!(json.to_string().contains("LUT303"), "{json}");
    }
}
