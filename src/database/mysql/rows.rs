//! The row of a migration while it runs: for sqlx it has failed until it is done.

use std::time::Duration;

use crate::error::Result;
use crate::migrations::{Direction, Interrupted, Step};

use super::Mysql;
use crate::database::fault;
use crate::database::statements::migration;

impl Mysql {
    pub(super) async fn mark_started(&mut self, step: &Step) -> Result<()> {
        fault::due();
        match step.direction {
            Direction::Apply => {
                sqlx::query(
                    "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                     VALUES (?, ?, FALSE, ?, ?)",
                )
                .bind(step.version)
                .bind(&step.description)
                .bind(&*migration(step).checksum)
                .bind(Interrupted::mark(step.direction, 0))
                .execute(&mut self.connection)
                .await?;
            }
            Direction::Revert => {
                sqlx::query("UPDATE _sqlx_migrations SET success = FALSE, execution_time = ? WHERE version = ?")
                    .bind(Interrupted::mark(step.direction, 0))
                    .bind(step.version)
                    .execute(&mut self.connection)
                    .await?;
            }
        }
        Ok(())
    }

    /// Puts the row back to what it was before the first statement.
    pub(super) async fn mark_untouched(&mut self, step: &Step) -> Result<()> {
        match step.direction {
            Direction::Apply => self.delete_row(step.version).await,
            Direction::Revert => {
                sqlx::query("UPDATE _sqlx_migrations SET success = TRUE, execution_time = -1 WHERE version = ?")
                    .bind(step.version)
                    .execute(&mut self.connection)
                    .await?;
                Ok(())
            }
        }
    }

    /// The row says that the migration is done, with the checksum of the file as it is now: its end may have been
    /// corrected on the way.
    pub(super) async fn mark_done(&mut self, step: &Step, elapsed: Duration) -> Result<()> {
        self.end_progress(step.version).await?;
        fault::due();
        match step.direction {
            Direction::Apply => {
                let nanos = i64::try_from(elapsed.as_nanos()).unwrap_or(i64::MAX);
                sqlx::query(
                    "UPDATE _sqlx_migrations SET success = TRUE, execution_time = ?, checksum = ? WHERE version = ?",
                )
                .bind(nanos)
                .bind(&*migration(step).checksum)
                .bind(step.version)
                .execute(&mut self.connection)
                .await?;
            }
            Direction::Revert => self.delete_row(step.version).await?,
        }
        Ok(())
    }
}
