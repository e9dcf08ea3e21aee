//! What is alike in how the three run migrations.

use futures_util::TryStreamExt;
use sqlx::{AssertSqlSafe, Executor};

use super::driver::{Done, TABLE};
use crate::migrations::{Step, Takeover};

/// Runs the statements of `sql` one after the other, and says after each how many are done.
pub(super) async fn execute<'c, C>(
    connection: C,
    sql: &str,
    done: Done<'_>,
) -> Result<(), sqlx::Error>
where
    C: Executor<'c>,
{
    let mut results = connection.execute_many(AssertSqlSafe(sql.to_owned()));
    let mut number = 0;
    while results.try_next().await?.is_some() {
        number += 1;
        done(number);
    }
    Ok(())
}

/// The statement that deletes the rows that a takeover replaces.
pub(super) fn deletion(takeover: &Takeover) -> String {
    let versions: Vec<String> = takeover.versions.iter().map(i64::to_string).collect();
    format!(
        "DELETE FROM {TABLE} WHERE version IN ({})",
        versions.join(", ")
    )
}

/// A step as sqlx's own migrator knows it.
pub(super) fn migration(step: &Step) -> sqlx::migrate::Migration {
    use sqlx::SqlSafeStr;
    use sqlx::migrate::{Migration, MigrationType};
    let up = Migration::new(
        step.version,
        step.description.clone().into(),
        MigrationType::ReversibleUp,
        AssertSqlSafe(step.up.clone()).into_sql_str(),
        false,
    );
    let mut migration = Migration::new(
        step.version,
        step.description.clone().into(),
        MigrationType::ReversibleUp,
        AssertSqlSafe(step.sql.clone()).into_sql_str(),
        step.sql.starts_with("-- no-transaction"),
    );
    // Always that of the up file.
    migration.checksum = up.checksum;
    migration
}
