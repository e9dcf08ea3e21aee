//! Files that bring their own transaction.

/// The first line of a file that sqlx must not run in a transaction of its own.
pub(crate) const NO_TRANSACTION: &str = "-- no-transaction";
