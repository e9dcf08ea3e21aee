//! The row of a squashed migration in the place of those that it stands for.

use sqlx::migrate::Migrate;
use sqlx::{AssertSqlSafe, Connection, Database, Executor};

use super::driver::TABLE;
use super::statements::{Affected, migration};
use crate::error::Result;
use crate::migrations::Takeover;

/// Exchanges the rows in one transaction; `false`, with nothing changed, where they are not all there.
pub(super) async fn take_over<C>(connection: &mut C, takeover: &Takeover) -> Result<bool>
where
    C: Connection<Database: Database<QueryResult: Affected>> + Migrate,
    for<'c> &'c mut C: Executor<'c, Database = C::Database>,
{
    let mut transaction = connection.begin().await?;
    let done = exchange(&mut *transaction, takeover).await?;
    if done {
        transaction.commit().await?;
    } else {
        transaction.rollback().await?;
    }
    Ok(done)
}

/// Deletes the rows that `takeover` replaces and inserts its own, inside a transaction. `false` where they are not all
/// there: the transaction is to be taken back then.
pub(super) async fn exchange<C>(connection: &mut C, takeover: &Takeover) -> Result<bool>
where
    C: Connection<Database: Database<QueryResult: Affected>> + Migrate,
    for<'c> &'c mut C: Executor<'c, Database = C::Database>,
{
    let versions: Vec<String> = takeover.versions.iter().map(i64::to_string).collect();
    let deletion = format!(
        "DELETE FROM {TABLE} WHERE version IN ({})",
        versions.join(", ")
    );
    let gone = connection.execute(AssertSqlSafe(deletion)).await?.rows();
    if gone != takeover.versions.len() as u64 {
        return Ok(false);
    }
    connection.skip(TABLE, &migration(&takeover.step)).await?;
    Ok(true)
}
