//! `luthier check`: what it finds in entities, migrations and SQL, and what it says about it.

#![expect(
    clippy::disallowed_methods,
    reason = "tests take files away as users do"
)]

mod command;
mod deploy;
mod migrations;
mod servers;
mod sql;

use crate::common::{Outcome, Sandbox};

const BOOK: &str = r#"
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "books")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    #[sea_orm(indexed)]
    pub title: String,
    pub pages: Option<i32>,
    pub author_id: i64,
    #[sea_orm(belongs_to, from = "author_id", to = "id", on_delete = "Cascade")]
    pub author: BelongsTo<super::author::Entity>,
}
"#;

const AUTHOR: &str = r#"
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "authors")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    #[sea_orm(unique)]
    pub name: String,
}
"#;

const ENTITY: &str = "apps/books/src/models/book.rs";

/// A project of two entities and their first migration, for these databases.
fn bookstore(dialects: &str) -> Sandbox {
    let sandbox = Sandbox::in_memory();
    sandbox
        .write(
            "luthier.toml",
            format!(
                "[project]\nname = \"bookstore\"\napps = [\"books\"]\n\
                 [scaffold]\nname = \"web\"\nversion = \"0.1.0\"\n\
                 [database]\ndialects = [{dialects}]\n"
            ),
        )
        .write("apps/books/src/lib.rs", "pub mod models;\n")
        .write(
            "apps/books/src/models.rs",
            "pub mod author;\npub mod book;\n",
        )
        .write("apps/books/src/models/author.rs", AUTHOR)
        .write(ENTITY, BOOK);
    sandbox.run(["makemigrations"]).success();
    sandbox
}

/// The file of a folder whose name ends so.
fn file(sandbox: &Sandbox, folder: &str, end: &str) -> String {
    let folder = format!("migrations/{folder}");
    let files = sandbox.files(&folder);
    let found = files.iter().rfind(|file| file.ends_with(end));
    format!("{folder}/{}", found.expect("there is such a file"))
}

fn edit(sandbox: &Sandbox, path: &str, from: &str, to: &str) {
    let text = sandbox.read(path);
    assert!(text.contains(from), "no {from:?} in {text}");
    sandbox.write(path, text.replacen(from, to, 1));
}

/// The ids of what was found, from the JSON report.
fn ids(outcome: &Outcome) -> Vec<String> {
    let report: serde_json::Value = serde_json::from_str(&outcome.stdout).expect("JSON");
    let findings = report["findings"].as_array().expect("a list");
    findings
        .iter()
        .map(|finding| finding["id"].as_str().expect("an id").to_owned())
        .collect()
}

fn migrations(sandbox: &Sandbox) -> Outcome {
    sandbox.run(["check", "--tag", "migrations", "--json"])
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.expect("a runtime").block_on(work)
}
