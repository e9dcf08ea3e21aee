//! What catalogues have in common.

use crate::error::Error;
use crate::schema::Action;

pub(in crate::database) fn unreadable(error: impl Into<anyhow::Error>) -> Error {
    Error::from(
        error
            .into()
            .context("the database's catalogue cannot be read"),
    )
}

/// Tables of migration tools.
pub(in crate::database) fn is_bookkeeping(table: &str) -> bool {
    let name = table.rsplit_once('.').map_or(table, |(_, name)| name);
    matches!(
        name,
        "_sqlx_migrations" | "seaql_migrations" | "sqlite_sequence"
    ) || name.starts_with("_luthier")
}

/// The action called `name` in SQL; nothing for the one that databases take by themselves.
pub(super) fn action(name: &str) -> Option<Action> {
    match name {
        "CASCADE" => Some(Action::Cascade),
        "SET NULL" => Some(Action::SetNull),
        "SET DEFAULT" => Some(Action::SetDefault),
        "RESTRICT" => Some(Action::Restrict),
        _ => None,
    }
}
