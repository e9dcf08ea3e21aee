//! Migrations without a database: their difference, history, plan and squashing.

mod autodetect;
mod history;
mod planning;
mod squash;

use std::collections::BTreeSet;

use crate::operation::Operation;
use proptest::prelude::*;

use super::text::checksum;
use super::*;
use crate::schema::random::schema;
use crate::schema::{Column, ColumnRename, ColumnType, EnumType, Schema, Table};
use crate::sql::Dialect;

fn table(name: &str, columns: &[&str]) -> Table {
    Table {
        name: name.into(),
        columns: columns
            .iter()
            .map(|name| Column::new(*name, ColumnType::Integer))
            .collect(),
        primary_key: vec!["id".into()],
        ..Table::default()
    }
}

fn schema_with(tables: &[Table]) -> Schema {
    let mut schema = Schema::default();
    for table in tables {
        schema.tables.insert(table.name.clone(), table.clone());
    }
    schema
}

/// The files of a history: name, parents, tables created.
fn files(migrations: &[(&str, &[&str], &str)]) -> Vec<File> {
    let mut files = Vec::new();
    for (name, parents, creates) in migrations {
        let operations: Vec<Operation> = creates
            .split_whitespace()
            .map(|name| Operation::CreateTable {
                table: table(name, &["id"]),
            })
            .collect();
        let parents = parents.iter().map(|parent| (*parent).to_owned()).collect();
        let written = write(
            name,
            parents,
            &Schema::default(),
            &operations,
            &[Dialect::Sqlite],
        );
        let written = written.expect("SQLite can make tables").files.into_iter();
        files.extend(written.map(|(path, text)| File { path, text }));
    }
    files
}

fn history(migrations: &[(&str, &[&str], &str)]) -> History {
    History::read(&files(migrations)).expect("readable")
}

fn applied(history: &History, versions: &[i64]) -> Vec<Applied> {
    versions
        .iter()
        .map(|version| Applied {
            version: *version,
            description: history.migrations[version].description(),
            installed_on: String::new(),
            success: true,
            interrupted: None,
            checksum: checksum(
                history.migrations[version].sql[&Dialect::Sqlite]
                    .up
                    .as_ref()
                    .unwrap(),
            ),
        })
        .collect()
}
