//! What PostgreSQL and MySQL hold beside the entities and a step would take away or break: looked for before the first
//! statement.

mod mysql;
mod postgres;

use crate::error::Result;
use crate::migrations::{Loss, Step, TouchedColumn};

use super::Database;

pub(super) use postgres::{Blocker, blockers, functions};

impl Database {
    /// The losses of a step on a server.
    pub(super) async fn losses_on_server(&mut self, step: &Step) -> Result<Vec<Loss>> {
        if step.touched.columns.is_empty() && step.touched.tables.is_empty() {
            return Ok(Vec::new());
        }
        match self {
            Self::Sqlite(_) => Ok(Vec::new()),
            Self::Postgres(database) => database.losses(step).await,
            Self::Mysql(_) => mysql::losses(self, step).await,
        }
    }
}

/// What happens to a column, for a sentence about what uses it.
fn change(column: &TouchedColumn) -> &'static str {
    match column {
        column if column.dropped => "goes away",
        column if column.retyped => "changes its type",
        column if column.renamed => "gets another name",
        _ => "changes",
    }
}

/// The way out for an object that can be dropped and made again around the change.
fn around(drop: &str, create: &str) -> String {
    let create = create.split_whitespace().collect::<Vec<_>>().join(" ");
    format!(
        "drop it and create it again around the change, in the migration's file or by hand: `{drop};` before, `{create};` behind"
    )
}

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// What several columns lead to is told once.
fn push(losses: &mut Vec<Loss>, loss: Loss) {
    if losses.iter().all(|other| other.message != loss.message) {
        losses.push(loss);
    }
}
