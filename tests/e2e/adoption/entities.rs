//! Databases beside entities that leave things to them, or contradict them.

use super::{all, another, assert_green, assert_replay_is_equal, catalogue, package};
use crate::common::Sandbox;

/// As `sea-orm-cli generate entity` writes it: no defaults, no lengths, no actions.
const BOOK: &str = r#"use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "book")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i32,
    pub title: String,
    pub in_print: bool,
    pub price: Decimal,
    pub author_id: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::author::Entity", from = "Column::AuthorId", to = "super::author::Column::Id")]
    Author,
}

impl ActiveModelBehavior for ActiveModel {}
"#;

const AUTHOR: &str = r#"use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "author")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i32,
    #[sea_orm(unique)]
    pub name: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
"#;

const SEAT: &str = r#"use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "seat")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub row: i32,
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i32,
    pub hall: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
"#;

/// The tables of the entities above, as a person writes them.
fn tables(dialect: &str) -> String {
    let id = match dialect {
        "sqlite" => "integer NOT NULL PRIMARY KEY AUTOINCREMENT",
        "postgres" => "serial PRIMARY KEY",
        _ => "int NOT NULL AUTO_INCREMENT PRIMARY KEY",
    };
    format!(
        "CREATE TABLE author (id {id}, name varchar(120) NOT NULL, CONSTRAINT author_of_that_name UNIQUE (name));
         CREATE TABLE book (id {id}, title varchar(200) NOT NULL, in_print boolean NOT NULL DEFAULT true,
             price decimal(10, 2) NOT NULL DEFAULT 9.99, author_id int NOT NULL,
             CONSTRAINT written_by FOREIGN KEY (author_id) REFERENCES author (id) ON DELETE CASCADE);
         CREATE TABLE seat ({row} int NOT NULL, number int NOT NULL, hall int NOT NULL DEFAULT 1,
             PRIMARY KEY (number, {row}));
         CREATE INDEX book_shelf ON book (author_id, title);
         INSERT INTO author (name) VALUES ('Ann');
         INSERT INTO book (title, author_id) VALUES ('One', 1);
         INSERT INTO seat ({row}, number) VALUES (1, 2);",
        row = if dialect == "mysql" { "`row`" } else { "\"row\"" },
    )
}

fn plain() -> Sandbox {
    let sandbox = package();
    sandbox
        .write(
            "src/entities/mod.rs",
            "pub mod author;\npub mod book;\npub mod seat;\n",
        )
        .write("src/entities/author.rs", AUTHOR)
        .write("src/entities/book.rs", BOOK)
        .write("src/entities/seat.rs", SEAT);
    sandbox
}

#[test_with::env(LUTHIER_TEST_POSTGRES, LUTHIER_TEST_MYSQL)]
#[test]
fn what_entities_leave_unsaid_the_database_decides() {
    for database in all() {
        database.execute(&tables(database.dialect));
        let sandbox = plain();
        database
            .run(&sandbox, &["init"])
            .success()
            .stderr_has("Left to the database, until an entity says otherwise: 3 defaults");
        assert_green(&sandbox, &database);
        assert_replay_is_equal(&sandbox, &database);
        // A new column only: nothing else moves.
        let more = BOOK.replace(
            "pub author_id",
            "pub pages: Option<i32>,\n    pub author_id",
        );
        sandbox.write("src/entities/book.rs", &more);
        sandbox
            .run(["makemigrations"])
            .success()
            .stderr_has("Add column book.pages")
            .stderr_lacks("~ ");
        database.migrate(&sandbox, &[]).success();
        assert_green(&sandbox, &database);
        // The entity speaks of the length: the default stays the database's.
        let longer = more.replace(
            "    pub title: String",
            "    #[sea_orm(column_type = \"String(StringLen::N(300))\")]\n    pub title: String",
        );
        let longer = longer.replace("pub in_print: bool", "pub in_print: Option<bool>");
        sandbox.write("src/entities/book.rs", longer);
        sandbox
            .run(["makemigrations"])
            .success()
            .stderr_has("Change column book.title")
            .stderr_has("Change column book.in_print: boolean, default true → boolean, nullable, default true");
        // The index that only the database knows keeps its name, the composite key as well.
        let seat = SEAT.replace(
            "    pub hall",
            "    #[sea_orm(primary_key, auto_increment = false)]\n    pub hall",
        );
        sandbox.write("src/entities/seat.rs", seat);
        sandbox
            .run(["makemigrations"])
            .success()
            .stderr_has("Change the primary key of seat");
        database.migrate(&sandbox, &[]).success();
        assert_green(&sandbox, &database);
        let inserted = "INSERT INTO book (title, author_id) VALUES ('Two', 1)";
        database.execute(inserted);
        let count = "SELECT CAST(count(*) AS char(9)) FROM book WHERE in_print AND price > 9";
        assert_eq!(database.texts(count)[0].trim(), "2");
        let names = catalogue(&database).join("\n");
        assert!(names.contains("book_shelf"), "{names}");
        if database.dialect == "postgres" {
            assert!(names.contains("seat_pkey"), "{names}");
            assert!(!names.contains("pk-seat"), "{names}");
        }
        // A relation that goes away drops the key by the name that it has.
        let without = more.replace(
            "    #[sea_orm(belongs_to = \"super::author::Entity\", from = \"Column::AuthorId\", to = \"super::author::Column::Id\")]\n    Author,\n",
            "",
        );
        let author = AUTHOR.replace("    #[sea_orm(unique)]\n", "");
        sandbox
            .write(
                "src/entities/book.rs",
                without.replace("pub in_print: bool", "pub in_print: Option<bool>"),
            )
            .write("src/entities/author.rs", author);
        sandbox.run(["makemigrations"]).success();
        database.migrate(&sandbox, &[]).success();
        assert_green(&sandbox, &database);
        database.execute("INSERT INTO author (name) VALUES ('Ann')");
        database.execute("DELETE FROM author");
        let left = "SELECT title FROM book ORDER BY title";
        assert_eq!(database.texts(left), ["One", "Two"]);
        // And all the way from nothing.
        let fresh = another(&database);
        fresh.migrate(&sandbox, &[]).success();
        assert_green(&sandbox, &fresh);
    }
}

#[test_with::env(LUTHIER_TEST_POSTGRES, LUTHIER_TEST_MYSQL)]
#[test]
fn contradictions_are_grouped_and_can_be_accepted() {
    for database in all() {
        database.execute(&tables(database.dialect));
        let sandbox = plain();
        let wrong = BOOK
            .replace("pub title: String", "pub title: Option<String>")
            .replace(
                "pub in_print: bool",
                "#[sea_orm(default_value = false)]\n    pub in_print: bool",
            )
            .replace("pub price: Decimal", "pub price: Vec<u8>")
            .replace("pub author_id", "#[sea_orm(indexed)]\n    pub author_id");
        sandbox.write("src/entities/book.rs", wrong);
        database
            .run(&sandbox, &["init"])
            .code(1)
            .stderr_has("1 column has a type that its field cannot hold:")
            .stderr_has("book.price: entity ")
            .stderr_has("1 column is NOT NULL, and its field is an `Option`:")
            .stderr_has("    book.title\n  → take the `Option` away")
            .stderr_has("book.in_print: entity false, database true")
            .stderr_has("--accept");
        assert!(!sandbox.exists("migrations"));
        database
            .run(&sandbox, &["init", "--accept"])
            .success()
            .stderr_has("left as the database has it")
            .stderr_has("1 index of an entity is not in the database: book.author_id");
        assert_green(&sandbox, &database);
        assert_replay_is_equal(&sandbox, &database);
        // What the entity says from now on counts.
        sandbox.write(
            "src/entities/book.rs",
            BOOK.replace("pub title: String", "pub title: Option<Vec<u8>>"),
        );
        sandbox.run(["makemigrations", "--check"]).code(1);
    }
}

#[test_with::env(LUTHIER_TEST_POSTGRES, LUTHIER_TEST_MYSQL)]
#[test]
fn tables_that_are_elsewhere_are_left_alone_by_the_lines_of_the_message() {
    for database in all() {
        database.execute(&tables(database.dialect));
        database.execute("DROP TABLE seat");
        let sandbox = plain();
        let lines = "\n      [tables.seat]\n      managed = false\n";
        database
            .run(&sandbox, &["init"])
            .code(1)
            .stderr_has("so no migration was written")
            .stderr_has(&format!("write in luthier.toml:{lines}"));
        assert!(!sandbox.exists("migrations"));
        let text = sandbox.read("luthier.toml");
        sandbox.write("luthier.toml", format!("{text}{lines}"));
        database
            .run(&sandbox, &["init"])
            .success()
            .stderr_has("Left alone: seat");
        assert_green(&sandbox, &database);
    }
}

#[test_with::env(LUTHIER_TEST_POSTGRES, LUTHIER_TEST_MYSQL)]
#[test]
fn what_a_migration_written_by_hand_makes_is_no_drift() {
    for database in all() {
        database.execute(&tables(database.dialect));
        let sandbox = plain();
        database.run(&sandbox, &["init"]).success();
        sandbox
            .run(["makemigrations", "--empty", "--name", "by_hand"])
            .success();
        let folder = format!("migrations/{}", database.dialect);
        let name = std::fs::read_dir(sandbox.path(&folder))
            .expect("a folder")
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .find(|name| name.ends_with("by_hand.up.sql"))
            .expect("the migration");
        sandbox.write(
            format!("{folder}/{name}"),
            "CREATE INDEX by_price ON book (price);\nCREATE VIEW dear AS SELECT id FROM book WHERE price > 50;\n\
             CREATE TABLE visits (id int);\nALTER TABLE author ADD COLUMN note varchar(9);\n",
        );
        database.migrate(&sandbox, &[]).success();
        database
            .run(&sandbox, &["check", "--tag", "drift"])
            .success()
            .stdout_lacks("LUT3");
    }
}

#[test_with::env(LUTHIER_TEST_POSTGRES, LUTHIER_TEST_MYSQL)]
#[test]
fn sea_orm_migration_lives_on_beside_the_baseline() {
    for database in all() {
        database.execute(&tables(database.dialect));
        database.execute(
            "CREATE TABLE seaql_migrations (version varchar(255) NOT NULL PRIMARY KEY, applied_at bigint NOT NULL);
             INSERT INTO seaql_migrations VALUES ('m20220101_000001_create_table', 1660000000)",
        );
        // A `Migrator` may name its own table.
        database.execute(
            "CREATE TABLE jobs_history (version varchar(255) NOT NULL PRIMARY KEY, applied_at bigint NOT NULL);
             INSERT INTO jobs_history VALUES ('m20230101_000001_jobs', 1670000000)",
        );
        let sandbox = plain();
        sandbox
            .write("migration/src/m20220101_000001_create_table.rs", "")
            .write("migration/src/m20230202_000002_later.rs", "");
        database
            .run(&sandbox, &["init"])
            .success()
            .stderr_has("sea-orm-migration has applied 2 migrations")
            .stderr_has("makes `jobs_history` and `seaql_migrations` with all rows")
            .stderr_lacks("without an entity")
            .stderr_has("The way back: ")
            .stderr_has(
                "does not have these migrations of sea-orm-migration: m20230202_000002_later",
            );
        assert_green(&sandbox, &database);
        let fresh = another(&database);
        fresh.migrate(&sandbox, &[]).success();
        let rows = "SELECT version FROM seaql_migrations WHERE applied_at = 1660000000";
        assert_eq!(fresh.texts(rows), ["m20220101_000001_create_table"]);
        let rows = "SELECT version FROM jobs_history WHERE applied_at = 1670000000";
        assert_eq!(fresh.texts(rows), ["m20230101_000001_jobs"]);
    }
}

#[test_with::env(LUTHIER_TEST_POSTGRES, LUTHIER_TEST_MYSQL)]
#[test]
fn a_table_without_a_key_goes_by_its_entity() {
    for database in all() {
        database.execute(&tables(database.dialect));
        database.execute("DROP TABLE seat");
        let row = match database.dialect {
            "mysql" => "`row`",
            _ => "\"row\"",
        };
        database.execute(&format!(
            "CREATE TABLE seat ({row} int NOT NULL, number int NOT NULL, hall int NOT NULL)"
        ));
        let sandbox = plain();
        database
            .run(&sandbox, &["init"])
            .success()
            .stderr_has("1 table has no primary key in the database: seat");
        assert_green(&sandbox, &database);
        assert_replay_is_equal(&sandbox, &database);
    }
}

#[test_with::env(LUTHIER_TEST_POSTGRES, LUTHIER_TEST_MYSQL)]
#[test]
fn what_the_program_does_not_depend_on_is_a_remark() {
    for database in all() {
        let text = tables(database.dialect).replace(" ON DELETE CASCADE", "");
        database.execute(&text);
        let sandbox = plain();
        // As it is generated from MySQL, to which RESTRICT and silence are one.
        let book = BOOK.replace(
            "to = \"super::author::Column::Id\"",
            "to = \"super::author::Column::Id\", on_update = \"Restrict\", on_delete = \"Restrict\"",
        );
        let seat = SEAT.replace("    pub hall", "    #[sea_orm(unique)]\n    pub hall");
        sandbox
            .write("src/entities/book.rs", book)
            .write("src/entities/seat.rs", seat);
        database
            .run(&sandbox, &["init"])
            .success()
            .stderr_lacks("on delete")
            .stderr_has(
                "1 unique key of an entity is not in the database: seat.hall (left as it is;",
            );
        assert_green(&sandbox, &database);
        assert_replay_is_equal(&sandbox, &database);
    }
}
