//! Projects without a database, and those that are not adopted.

use super::workspace;
use crate::common::Sandbox;

#[test]
fn a_cargo_project_without_entities_is_none_of_ours() {
    let sandbox = Sandbox::new();
    sandbox
        .write(
            "Cargo.toml",
            "[package]\nname = \"tool\"\nedition = \"2024\"\n",
        )
        .write("src/main.rs", "fn main() {}\n");
    sandbox
        .run(["makemigrations"])
        .code(2)
        .stderr_has("luthier init");
}

#[test]
fn without_a_database_only_luthier_toml_is_written() {
    let mut sandbox = workspace("postgres");
    sandbox.cd("api/src");
    sandbox
        .run(["init"])
        .success()
        .stderr_has("create  luthier.toml")
        .stderr_has("luthier makemigrations");
    sandbox.cd("");
    assert!(sandbox.read("luthier.toml").contains("[\"postgres\"]"));
    assert!(!sandbox.exists("migrations"));
    sandbox
        .run(["init"])
        .success()
        .stderr_has("identical  luthier.toml");
    sandbox
        .run(["init", "--database", "sqlite,mysql"])
        .code(2)
        .stderr_has("a Luthier project already");
    sandbox
        .run(["makemigrations"])
        .success()
        .stderr_has("_initial");
    assert!(sandbox.exists("migrations/postgres"));
    sandbox
        .run(["startapp", "x"])
        .code(2)
        .stderr_has("no pack made this project");
    sandbox
        .run(["add", "admin"])
        .code(1)
        .stderr_has("no pack made this project, and so it gets no `admin` from one")
        .stderr_has("1. `luthier startproject NAME --database postgres --set admin=false`")
        .stderr_has("3. for each model an entity that implements `serde::Serialize`")
        .stderr_has("4. there, `luthier add admin`, which registers them all")
        .stderr_has("without `Serialize` in their `#[derive(…)]`: ")
        .stderr_has("Nothing was written");
}

#[test]
fn what_cannot_be_adopted_says_why() {
    let sandbox = Sandbox::new();
    sandbox
        .run(["init"])
        .code(2)
        .stderr_has("is not in a cargo project")
        .stderr_has("luthier startproject");
    sandbox
        .write(
            "Cargo.toml",
            "[package]\nname = \"x\"\nversion = \"0.1.0\"\n",
        )
        .write("src/main.rs", "fn main() {}\n");
    sandbox
        .run(["init", "--database", "sqlite"])
        .code(2)
        .stderr_has("no SeaORM entities")
        .stderr_has("luthier inspectdb");
    // Those of migrations are of tables as they once were.
    sandbox
        .write("src/main.rs", "mod m20240101_000001_seats;\nfn main() {}\n")
        .write(
            "src/m20240101_000001_seats.rs",
            "use sea_orm_migration::prelude::*;\n\
             #[derive(DeriveMigrationName)]\npub struct Migration;\nimpl MigrationTrait for Migration {}\n\
             mod seat {\n    use sea_orm::entity::prelude::*;\n\
             #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]\n    #[sea_orm(table_name = \"seat\")]\n\
             pub struct Model {\n        #[sea_orm(primary_key)]\n        pub id: i32,\n    }\n}\n",
        );
    sandbox
        .run(["init", "--database", "sqlite"])
        .code(2)
        .stderr_has("but inside of migrations: the only one is of tables as they once were")
        .stderr_has("luthier inspectdb --database-url URL --output CRATE/src/entities");
    sandbox.write("Cargo.toml", "[package\n");
    sandbox
        .run(["init", "--database", "sqlite"])
        .code(2)
        .stderr_has("cargo cannot read this project");
    assert!(!sandbox.exists("luthier.toml"));
}
