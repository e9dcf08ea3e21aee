//! Migrations of databases that hold rows and things made by hand: nothing that a migration does not name changes.

mod beside;
mod branches;
mod computed;
mod conversions;
mod files;
mod hints;
mod objects;
mod obstacles;
mod resume;
mod taken;
mod views;

use crate::common::Sandbox;
use crate::common::databases::Database;

/// Tables, each with the fields of its entity beside the `id`.
type Entities = &'static [(&'static str, &'static str)];

/// A project of one app, for all three databases.
fn project() -> Sandbox {
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
    sandbox
}

/// Makes these the project's entities: tables, each with an `id` and these fields.
fn set(sandbox: &Sandbox, entities: &[(&str, &str)]) {
    let modules: String = entities
        .iter()
        .map(|(table, _)| format!("pub mod {table};\n"))
        .collect();
    sandbox.write("apps/books/src/models.rs", modules);
    for (table, fields) in entities {
        let (fields, rest) = fields.split_once("---").unwrap_or((fields, ""));
        let text = format!(
            "use sea_orm::entity::prelude::*;\n\n#[sea_orm::model]\n\
             #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]\n#[sea_orm(table_name = \"{table}\")]\n\
             pub struct Model {{\n    #[sea_orm(primary_key)]\n    pub id: i64,\n{fields}\n}}\n{rest}\n"
        );
        sandbox.write(format!("apps/books/src/models/{table}.rs"), text);
    }
}

/// The file of the migration called `name` for this database.
fn file(sandbox: &Sandbox, dialect: &str, name: &str, direction: &str) -> String {
    let folder = format!("migrations/{dialect}");
    let end = format!("_{name}.{direction}.sql");
    let file = sandbox
        .files(&folder)
        .into_iter()
        .find(|file| file.ends_with(&end));
    format!("{folder}/{}", file.expect("the migration has this file"))
}

/// The names of the migrations that are recorded as applied.
fn recorded(database: &Database) -> Vec<String> {
    database.texts("SELECT description FROM _sqlx_migrations WHERE success ORDER BY version")
}
