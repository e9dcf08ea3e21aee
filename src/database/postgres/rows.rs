//! Rows of one column that holds JSON.

use serde::Deserialize;
use sqlx::postgres::{PgConnection, PgRow};
use sqlx::{AssertSqlSafe, Executor, Row};

/// The rows of a query, each the text of a JSON object, read as `T`.
pub(in crate::database) async fn json_rows<T: for<'a> Deserialize<'a>>(
    connection: &mut PgConnection,
    sql: &str,
) -> Result<Vec<T>, sqlx::Error> {
    let rows = connection.fetch_all(AssertSqlSafe(sql.to_owned())).await?;
    let read = |row: &PgRow| -> Result<T, sqlx::Error> {
        serde_json::from_str(row.try_get(0)?).map_err(|error| sqlx::Error::Decode(error.into()))
    };
    rows.iter().map(read).collect()
}
