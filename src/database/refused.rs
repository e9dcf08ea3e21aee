//! What to do where a database lets nobody write, or not this user.

use sqlx::mysql::MySqlDatabaseError;

use crate::error::Error;

/// Adds the way out to an error of a database that refuses to be written to.
pub(super) fn with_way_out(error: Error) -> Error {
    let mut causes = error.source.chain();
    let cause = causes.find_map(|cause| cause.downcast_ref::<sqlx::Error>());
    match cause.and_then(way_out) {
        Some(hint) => error.hint(hint),
        None => error,
    }
}

/// What to do about the refusal; nothing for other errors.
pub(super) fn way_out(error: &sqlx::Error) -> Option<&'static str> {
    const RIGHTS: &str = "migrate as a user who may change the schema, such as the owner of the tables: `--database-url` names another user \
         than that of the program";
    let error = error.as_database_error()?;
    if let Some(mysql) = error.try_downcast_ref::<MySqlDatabaseError>() {
        return match mysql.number() {
            1290 | 1836 | 1792 => Some(
                "the server is read-only (`read_only`, `super_read_only`) or a replica: migrate on the primary, or \
                 `SET GLOBAL read_only = 0` there",
            ),
            1044 | 1142 | 1143 | 1227 => Some(RIGHTS),
            _ => None,
        };
    }
    let code = error.code()?;
    match code.as_ref() {
        "25006" => Some(
            "the session is read-only: either the server is a replica (`SELECT pg_is_in_recovery()`), then migrate on the primary; \
             or `default_transaction_read_only` is on for the server, the database or the role: `ALTER ROLE … SET \
             default_transaction_read_only = off`",
        ),
        "42501" => Some(RIGHTS),
        // SQLITE_READONLY and SQLITE_CANTOPEN, in their extended forms too.
        sqlite => match sqlite.parse::<u32>().ok()? & 0xff {
            8 | 14 if sqlite.len() < 5 => Some(
                "the file, or its folder, in which SQLite keeps its journal, is not this user's to write, or the URL says \
                 `mode=ro` or `immutable=1`",
            ),
            _ => None,
        },
    }
}
