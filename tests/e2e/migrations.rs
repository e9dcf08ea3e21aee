//! `makemigrations`, `migrate`, `showmigrations` and `sqlmigrate`, on real databases.

#![expect(
    clippy::disallowed_methods,
    reason = "tests take files away as users do"
)]

mod commands;
mod failures;
mod files;
mod questions;

use std::path::PathBuf;

use crate::common::Sandbox;
use crate::common::databases::Database;

const BOOK: &str = r#"
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "books")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    #[sea_orm(column_type = "String(StringLen::N(200))", indexed)]
    pub title: String,
    #[sea_orm(unique)]
    pub isbn: String,
    pub price: Decimal,
    pub mood: Mood,
    pub author_id: i64,
    #[sea_orm(belongs_to, from = "author_id", to = "id", on_delete = "Cascade")]
    pub author: BelongsTo<super::author::Entity>,
    // more
}

#[derive(Clone, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Enum", rename_all = "snake_case")]
pub enum Mood { Happy, Sad }
"#;

const AUTHOR: &str = r#"
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "authors")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub name: String,
    #[sea_orm(has_many)]
    pub books: HasMany<super::book::Entity>,
}
"#;

/// A project of one app with two entities.
fn bookstore() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox
        .write(
            "luthier.toml",
            "[project]\nname = \"bookstore\"\napps = [\"books\"]\n\
             [scaffold]\nname = \"web\"\nversion = \"0.1.0\"\n\
             [database]\ndialects = [\"sqlite\", \"postgres\", \"mysql\"]\n",
        )
        .write(".env", "DATABASE_URL=sqlite://dev.db\n")
        .write("apps/books/src/lib.rs", "pub mod models;\n")
        .write(
            "apps/books/src/models.rs",
            "pub mod author;\npub mod book;\n",
        )
        .write("apps/books/src/models/author.rs", AUTHOR)
        .write("apps/books/src/models/book.rs", BOOK);
    sandbox
}

fn edit(sandbox: &Sandbox, from: &str, to: &str) {
    let path = "apps/books/src/models/book.rs";
    let text = sandbox.read(path);
    assert!(text.contains(from), "{from}");
    sandbox.write(path, text.replace(from, to));
}

fn migrations(sandbox: &Sandbox, folder: &str) -> Vec<PathBuf> {
    let files = sandbox.snapshot(format!("migrations/{folder}"));
    files.into_iter().map(|(path, _)| path).collect()
}

/// The databases to try: SQLite and the others.
fn targets(sandbox: &Sandbox) -> Vec<Database> {
    let file = sandbox.path("test.db");
    Database::of_file(format!("sqlite://{}", file.display())).and_others()
}
