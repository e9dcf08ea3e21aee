//! What PostgreSQL and MySQL hold beside the entities and a step would take away or break: looked for before the first
//! statement.

mod mysql;
mod postgres;
mod sqlite;

use crate::error::Result;
use crate::migrations::{Loss, Step, TouchedColumn};

use super::Database;

pub(super) use postgres::{Blocker, blockers, functions, hidden_rows};

impl Database {
    /// The losses of a step that are looked for before its first statement.
    pub(super) async fn losses_beforehand(&mut self, step: &mut Step) -> Result<Vec<Loss>> {
        if step.touched.is_empty() {
            return Ok(Vec::new());
        }
        match self {
            Self::Sqlite(database) => sqlite::losses(database, step).await,
            Self::Postgres(database) => database.losses(step).await,
            Self::Mysql(connection) => {
                if step.recreate_views {
                    step.recreations = mysql::recreations(connection, step).await?;
                }
                mysql::losses(self, step).await
            }
        }
    }
}

const GOES_AWAY: &str = "goes away";

/// What happens to a column, for a sentence about what uses it.
fn change(column: &TouchedColumn) -> &'static str {
    match column {
        column if column.dropped => GOES_AWAY,
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

/// The way out for an object that uses what goes away: made again as it is, it would not work.
fn without(drop: &str, kind: &str) -> String {
    format!(
        "drop it in the migration's file, before the change, and create there what is to take its place, without what goes \
         away: `{drop};` and the new {kind} behind"
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
