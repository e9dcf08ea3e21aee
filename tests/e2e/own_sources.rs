//! Projects whose entities need a word in `luthier.toml`, or describe what no database takes.

use crate::common::Sandbox;
use crate::common::databases::Database;

const CARGO: &str = "[package]\nname = \"shop\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\
                     [dependencies]\nsea-orm = { version = \"2\", features = [\"sqlx-sqlite\"] }\n";

/// An entity of the table `name` with a key, other fields and relations.
fn entity(name: &str, fields: &str, relations: &str) -> String {
    format!(
        "pub mod {name} {{\n    use sea_orm::entity::prelude::*;\n    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]\n    \
         #[sea_orm(table_name = \"{name}\")]\n    pub struct Model {{\n        #[sea_orm(primary_key)]\n        pub id: i32,\n        \
         {fields}\n    }}\n    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]\n    pub enum Relation {{ {relations} }}\n}}\n"
    )
}

fn crate_of(text: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("Cargo.toml", CARGO).write("src/lib.rs", text);
    sandbox
}

#[test]
fn the_line_that_the_message_gives_settles_it() {
    let text = format!(
        "use std::collections::HashMap;\npub struct Prices(pub HashMap<u32, u64>);\n{}{}",
        entity("book", "pub prices: super::Prices,", ""),
        entity("shelf", "pub floor: i32,", "")
    );
    let sandbox = crate_of(&text);
    sandbox
        .run(["init"])
        .code(1)
        .stderr_has("Found 1 entity")
        .stderr_has("1 of 2 entities can be read")
        .stderr_has("add the line `Prices = \"Text\"` to luthier.toml, under `[types]`");
    sandbox.run(["makemigrations"]).code(2).stderr_has("Prices");
    assert!(!sandbox.exists("migrations"));
    let manifest = sandbox.read("luthier.toml");
    sandbox.write(
        "luthier.toml",
        format!("{manifest}\n[types]\nPrices = \"JsonBinary\"\n"),
    );
    sandbox.run(["makemigrations"]).success();
    sandbox.run(["makemigrations", "--check"]).success();
}

#[test]
fn two_databases_of_one_workspace_stay_apart() {
    let sandbox = Sandbox::new();
    sandbox
        .write(
            "Cargo.toml",
            "[workspace]\nresolver = \"2\"\nmembers = [\"entity\", \"audit-entity\"]\n",
        )
        .write("entity/Cargo.toml", CARGO.replace("shop", "entity"))
        .write(
            "entity/src/lib.rs",
            entity("events", "pub title: String,", ""),
        )
        .write(
            "audit-entity/Cargo.toml",
            CARGO.replace("shop", "audit-entity"),
        )
        .write(
            "audit-entity/src/lib.rs",
            entity("events", "pub actor: String,", ""),
        );
    sandbox
        .run(["init"])
        .code(1)
        .stderr_has("describe the table `events` differently")
        .stderr_has("`[databases.entity]` with `crates = [\"entity\"]`");
    let manifest = sandbox.read("luthier.toml").replace(
        "crates = [\"audit-entity\", \"entity\"]",
        "crates = [\"entity\"]",
    );
    let more = "\n[databases.audit]\ncrates = [\"audit-entity\"]\n";
    sandbox.write("luthier.toml", format!("{manifest}{more}"));
    sandbox.run(["makemigrations"]).success();
    sandbox.run(["--db", "audit", "makemigrations"]).success();
    let text = |folder: &str| {
        let files = sandbox.files(format!("{folder}/sqlite"));
        let up = files.iter().find(|file| file.ends_with(".up.sql")).unwrap();
        sandbox.read(format!("{folder}/sqlite/{up}"))
    };
    assert!(text("migrations").contains("\"title\""));
    assert!(text("migrations-audit").contains("\"actor\""));
    let url = format!("sqlite://{}?mode=rwc", sandbox.path("audit.db").display());
    sandbox
        .run(["--db", "audit", "migrate"])
        .code(2)
        .stderr_has("set AUDIT_DATABASE_URL");
    sandbox.write(".env", format!("AUDIT_DATABASE_URL={url}\n"));
    sandbox.run(["--db", "audit", "migrate"]).success();
    sandbox
        .run(["--db", "audit", "migrate", "--check"])
        .success();
    // It can be adopted as well, on its own.
    let url = url.replace("audit.db", "grown.db");
    let grown = Database::of_file(url.clone());
    grown.execute("CREATE TABLE events (id integer NOT NULL PRIMARY KEY AUTOINCREMENT, actor varchar NOT NULL)");
    sandbox
        .run(["init", "--database-url", &url])
        .code(2)
        .stderr_has("has migrations already, in migrations")
        .stderr_has("`luthier --db audit init --database-url …`");
    std::fs::remove_dir_all(sandbox.path("migrations-audit")).unwrap();
    sandbox
        .run(["--db", "audit", "init", "--database-url", &url])
        .success()
        .stderr_has("create  migrations-audit/sqlite/")
        .stderr_has("Adopted 1 table ");
    sandbox
        .run([
            "--db",
            "audit",
            "check",
            "--tag",
            "drift",
            "--database-url",
            &url,
        ])
        .success()
        .stdout_lacks("LUT3");
    sandbox
        .run(["--db", "audit", "makemigrations"])
        .success()
        .stderr_has("No changes detected");
    sandbox
        .run(["--db", "nothing", "makemigrations"])
        .code(2)
        .stderr_has("no database `nothing`")
        .stderr_has("audit");
}

#[test]
fn references_to_what_is_not_unique_are_refused() {
    let to_code = "#[sea_orm(belongs_to = \"super::book::Entity\", from = \"Column::Code\", to = \"super::book::Column::Code\")] Book";
    let text = |unique: &str, relation: &str| {
        entity("book", &format!("{unique} pub code: String,"), "")
            + &entity("loan", "pub code: String,", relation)
    };
    let sandbox = crate_of(&text("", to_code));
    sandbox
        .run(["makemigrations"])
        .code(2)
        .stderr_has("`loan` (code) refers to `book` (code), which is not unique")
        .stderr_has("skip_fk");
    assert!(!sandbox.exists("migrations"));
    sandbox.write(
        "src/lib.rs",
        text("", &to_code.replace("from =", "skip_fk, from =")),
    );
    sandbox.run(["makemigrations", "--dry-run"]).success();
    sandbox.write("src/lib.rs", text("#[sea_orm(unique)]", to_code));
    sandbox.run(["makemigrations", "--dry-run"]).success();
}

#[test_with::env(LUTHIER_TEST_POSTGRES, LUTHIER_TEST_MYSQL)]
#[test]
fn databases_take_the_keys_that_entities_describe() {
    let nodes = entity(
        "node",
        "pub parent_id: Option<i32>,",
        "#[sea_orm(belongs_to = \"Entity\", from = \"Column::ParentId\", to = \"Column::Id\")] Parent, \
         #[sea_orm(belongs_to = \"Entity\", from = \"Column::Id\", to = \"Column::ParentId\")] Children",
    );
    let with = |key: &str, name: &str| {
        entity(name, "pub title: String,", "")
            .replace("primary_key", &format!("primary_key, {key}"))
    };
    let text = nodes
        + &with("default_value = 7", "fixed")
        + &with("auto_increment = false, unique", "given");
    let folder = Sandbox::new();
    let file = format!("sqlite://{}?mode=rwc", folder.path("keys.db").display());
    for database in Database::of_file(file).and_others() {
        let sandbox = crate_of(&text);
        sandbox
            .run(["init", "--database", database.dialect])
            .success();
        sandbox.run(["makemigrations"]).success();
        database.migrate(&sandbox, &[]).success();
        database
            .run(&sandbox, &["check", "--tag", "drift"])
            .success();
        database.execute("INSERT INTO node (parent_id) VALUES (NULL)");
        database.execute("INSERT INTO node (parent_id) VALUES (1)");
    }
}
