//! Names as Rust writes them and as databases take them.

use crate::error::{Error, Result};
use crate::names;
use crate::sql::Dialect;

/// PostgreSQL cuts longer names off.
const LONGEST_IN_DATABASE: usize = 63;

/// How Rust code writes a name that may be a keyword.
pub(super) fn ident(name: &str) -> String {
    match names::is_keyword(name) {
        true => format!("r#{name}"),
        false => name.to_owned(),
    }
}

/// Refuses names that PostgreSQL would cut off.
pub(super) fn check_database_name(name: &str) -> Result<()> {
    match name.len() > LONGEST_IN_DATABASE {
        true => Err(Error::bad_input(format_args!(
            "`{name}` is too long for a database, which takes {LONGEST_IN_DATABASE} characters"
        ))
        .hint("choose a shorter name for the model or the field")),
        false if Dialect::Sqlite.reserves_table(name) => Err(Error::bad_input(format_args!(
            "the table `{name}` cannot be made: SQLite, which the tests use, keeps names that start with `sqlite_` for itself"
        ))
        .hint("choose another name for the model")),
        false => Ok(()),
    }
}
