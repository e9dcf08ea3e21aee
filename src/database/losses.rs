//! What PostgreSQL and MySQL hold beside the entities and a step would take away or break: looked for before the first
//! statement.

mod find;
mod mysql;
mod postgres;
mod sentences;
mod sqlite;

use crate::error::Result;
use crate::migrations::{Loss, Step};

use super::Database;

pub(super) use find::FindLosses;
pub(super) use postgres::{Blocker, blockers, functions, hidden_rows};

impl Database {
    /// The losses of a step that are looked for before its first statement.
    pub(super) async fn losses_beforehand(&mut self, step: &mut Step) -> Result<Vec<Loss>> {
        if step.touched.is_empty() {
            return Ok(Vec::new());
        }
        dispatch!(self, database => database.find_losses(step).await)
    }
}
