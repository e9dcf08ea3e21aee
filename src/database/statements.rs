//! What is alike in how the three run migrations.

use futures_util::TryStreamExt;
use sqlx::mysql::MySqlQueryResult;
use sqlx::postgres::PgQueryResult;
use sqlx::sqlite::SqliteQueryResult;
use sqlx::{AssertSqlSafe, ColumnIndex, Database, Decode, Executor, IntoArguments, Row, Type};

use super::driver::Done;
use crate::migrations::Step;

/// How many rows a statement changed: what the results of the three tell, without a trait of sqlx's own.
pub(super) trait Affected {
    fn rows(&self) -> u64;
}

impl Affected for SqliteQueryResult {
    fn rows(&self) -> u64 {
        self.rows_affected()
    }
}

impl Affected for PgQueryResult {
    fn rows(&self) -> u64 {
        self.rows_affected()
    }
}

impl Affected for MySqlQueryResult {
    fn rows(&self) -> u64 {
        self.rows_affected()
    }
}

/// The rows of a query of one text column.
pub(super) async fn texts<'c, C>(connection: C, sql: &str) -> Result<Vec<String>, sqlx::Error>
where
    C: Executor<'c>,
    String: Type<C::Database> + for<'r> Decode<'r, C::Database>,
    usize: ColumnIndex<<C::Database as Database>::Row>,
{
    let rows = connection.fetch_all(AssertSqlSafe(sql.to_owned())).await?;
    rows.iter().map(|row| row.try_get(0)).collect()
}

/// Runs one `INSERT`; how many rows it made.
pub(super) async fn insert<'c, C>(connection: C, sql: &'static str) -> Result<u64, sqlx::Error>
where
    C: Executor<'c, Database: Database<QueryResult: Affected>>,
    <C::Database as Database>::Arguments: IntoArguments<C::Database>,
{
    Ok(sqlx::query(sql).execute(connection).await?.rows())
}

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
