//! How far a migration got, in a table of its own that is there only as long as one is under way.
//!
//! The row of `_sqlx_migrations` has no room for more than a number. What is kept here besides: whether the last
//! statement failed or its run was cut short, which statements ran before it, and what its tables were like.

use std::collections::BTreeMap;

use sqlx::Row;

use crate::error::Result;
use crate::migrations::{Interrupted, Recreation, Step, statement_hash};

use super::super::fault;
use super::Mysql;

const CREATE: &str = "CREATE TABLE IF NOT EXISTS `_luthier_progress` (\
    `version` bigint NOT NULL PRIMARY KEY, `done` int NOT NULL, `state` varchar(10) NOT NULL, \
    `statements` longtext CHARACTER SET utf8mb4 NOT NULL, `before` longtext CHARACTER SET utf8mb4 NOT NULL, \
    `views` longtext CHARACTER SET utf8mb4 NOT NULL) ENGINE = InnoDB";

/// Tables that were made before views were.
const ADD_VIEWS: &str =
    "ALTER TABLE `_luthier_progress` ADD COLUMN `views` longtext CHARACTER SET utf8mb4 NOT NULL";

/// Tables, views and so on by name with their `SHOW CREATE`; `None` for those that are not there.
pub(super) type Definitions = BTreeMap<String, Option<String>>;

/// A row of the table.
pub(super) struct Progress {
    done: usize,
    /// The statement after those that are done failed, so that it has not run.
    pub(super) failed: bool,
    /// The hash of every statement of the script.
    statements: Vec<String>,
    /// What the objects of the statement that was under way were like before it.
    pub(super) before: Definitions,
}

impl Mysql {
    /// The row of `version`; none where another version of this tool ran it.
    pub(super) async fn progress(&mut self, version: i64) -> Result<Option<Progress>> {
        let there: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM information_schema.tables \
             WHERE table_schema = DATABASE() AND table_name = '_luthier_progress'",
        )
        .fetch_one(&mut self.connection)
        .await?;
        if there == 0 {
            return Ok(None);
        }
        let row = sqlx::query(
            "SELECT `done`, `state`, `statements`, `before` FROM `_luthier_progress` WHERE `version` = ?",
        )
        .bind(version)
        .fetch_optional(&mut self.connection)
        .await?;
        let Some(row) = row else {
            return Ok(None);
        };
        let statements: String = row.try_get(2)?;
        let before: String = row.try_get(3)?;
        Ok(Some(Progress {
            done: usize::try_from(row.try_get::<i32, _>(0)?).unwrap_or(0),
            failed: row.try_get::<String, _>(1)? == "failed",
            statements: statements.split_whitespace().map(str::to_owned).collect(),
            before: serde_json::from_str(&before).unwrap_or_default(),
        }))
    }

    /// Adds to what a row of `_sqlx_migrations` says of a migration that was interrupted.
    pub(super) async fn complete(
        &mut self,
        version: i64,
        interrupted: &mut Interrupted,
    ) -> Result<()> {
        if let Some(mut progress) = self.progress(version).await? {
            progress.statements.truncate(progress.done);
            interrupted.done = progress.done;
            interrupted.statements = Some(progress.statements);
        }
        Ok(())
    }

    /// Makes or renews the row of a script that starts, or goes on.
    pub(super) async fn start_progress(&mut self, step: &Step, statements: &[&str]) -> Result<()> {
        self.execute(CREATE).await?;
        if self
            .execute("DO (SELECT count(`views`) FROM `_luthier_progress`)")
            .await
            .is_err()
        {
            self.execute(ADD_VIEWS).await?;
        }
        let hashes: Vec<String> = statements.iter().map(|text| statement_hash(text)).collect();
        if step.resume.is_none() {
            // A run that was killed before its migration began.
            sqlx::query("DELETE FROM `_luthier_progress` WHERE `version` = ?")
                .bind(step.version)
                .execute(&mut self.connection)
                .await?;
        }
        sqlx::query(
            "INSERT INTO `_luthier_progress` (`version`, `done`, `state`, `statements`, `before`, `views`) \
             VALUES (?, ?, 'running', ?, '{}', ?) ON DUPLICATE KEY UPDATE `statements` = VALUES(`statements`)",
        )
        .bind(step.version)
        .bind(step.resume.unwrap_or(0) as i32)
        .bind(hashes.join(" "))
        .bind(serde_json::to_string(&step.recreations)?)
        .execute(&mut self.connection)
        .await?;
        Ok(())
    }

    /// Writes down that so many statements are done, that the next one is under way, and what it is about to change.
    pub(super) async fn note_start(
        &mut self,
        step: &Step,
        done: usize,
        before: &Definitions,
    ) -> Result<()> {
        fault::due();
        sqlx::query(
            "UPDATE `_luthier_progress` SET `done` = ?, `state` = 'running', `before` = ? WHERE `version` = ?",
        )
        .bind(done as i32)
        .bind(serde_json::to_string(before)?)
        .bind(step.version)
        .execute(&mut self.connection)
        .await?;
        Ok(())
    }

    /// Writes down that so many statements are done.
    pub(super) async fn note_progress(
        &mut self,
        step: &Step,
        done: usize,
    ) -> Result<(), sqlx::Error> {
        fault::due();
        sqlx::query(
            "UPDATE `_sqlx_migrations` SET `success` = FALSE, `execution_time` = ? WHERE `version` = ?",
        )
        .bind(Interrupted::mark(step.direction, done))
        .bind(step.version)
        .execute(&mut self.connection)
        .await?;
        fault::due();
        sqlx::query(
            "UPDATE `_luthier_progress` SET `done` = ?, `state` = 'running', `before` = '{}' WHERE `version` = ?",
        )
        .bind(done as i32)
        .bind(step.version)
        .execute(&mut self.connection)
        .await?;
        Ok(())
    }

    /// The views that are to be made again, as they were written down before the first statement.
    pub(super) async fn recreations(&mut self, version: i64) -> Result<Vec<Recreation>> {
        let views: Option<String> =
            sqlx::query_scalar("SELECT `views` FROM `_luthier_progress` WHERE `version` = ?")
                .bind(version)
                .fetch_optional(&mut self.connection)
                .await?;
        let views = views.filter(|views| !views.is_empty());
        Ok(views.map_or_else(|| Ok(Vec::new()), |views| serde_json::from_str(&views))?)
    }

    /// Writes down that the statement after those that are done failed, and so did nothing.
    pub(super) async fn note_failure(&mut self, step: &Step) -> Result<()> {
        fault::due();
        sqlx::query("UPDATE `_luthier_progress` SET `state` = 'failed' WHERE `version` = ?")
            .bind(step.version)
            .execute(&mut self.connection)
            .await?;
        Ok(())
    }

    /// Forgets the migration, and the table with the last of them.
    pub(super) async fn end_progress(&mut self, version: i64) -> Result<()> {
        if self.progress(version).await?.is_none() {
            return Ok(());
        }
        fault::due();
        sqlx::query("DELETE FROM `_luthier_progress` WHERE `version` = ?")
            .bind(version)
            .execute(&mut self.connection)
            .await?;
        let left: i64 = sqlx::query_scalar("SELECT count(*) FROM `_luthier_progress`")
            .fetch_one(&mut self.connection)
            .await?;
        if left == 0 {
            self.execute("DROP TABLE `_luthier_progress`").await?;
        }
        Ok(())
    }
}
