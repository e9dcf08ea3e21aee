//! Why a migration was taken back.

use crate::database::errors::{explain, would_lose};
use crate::error::Error;
use crate::migrations::{Loss, Step};

/// Why a transaction was taken back.
pub(super) enum Stopped {
    Sql(sqlx::Error),
    Losses(Vec<Loss>),
    /// What was taken away for the time, such as a view, and does not fit any more.
    Again(String, sqlx::Error),
}

impl From<sqlx::Error> for Stopped {
    fn from(error: sqlx::Error) -> Self {
        Self::Sql(error)
    }
}

impl Stopped {
    pub(super) fn explain(self, step: &Step) -> Error {
        let kept = "nothing of it was kept";
        match self {
            Self::Losses(losses) => would_lose(step, &losses),
            Self::Again(object, error) => explain(step, error, &format!("{object} cannot be created again, and {kept}"))
                .hint(format!(
                    "drop it before the change and create what is to take its place behind it, in migrations/postgres/{}.{}.sql",
                    step.name,
                    step.direction.file()
                )),
            Self::Sql(error) => {
                let rests = error.as_database_error().is_some_and(rests_on_it);
                let explained = explain(step, error, kept);
                if rests {
                    explained.hint("drop what rests on it in the migration's file, before the change, and create it again behind")
                } else if for_psql(&step.sql) {
                    explained.hint("lines that begin with `\\` are commands of psql, and rows behind `COPY … FROM stdin` are its input: a \
                                    migration holds SQL alone (`pg_dump --inserts` writes rows as INSERT)")
                } else {
                    explained
                }
            }
        }
    }
}

/// Whether the server refuses a change because something rests on what changes: another object, or a column of the
/// table's row type.
fn rests_on_it(error: &dyn sqlx::error::DatabaseError) -> bool {
    match error.code().as_deref() {
        Some("2BP01") => true,
        // Not supported, which it says of other things as well.
        Some("0A000") => error.message().starts_with("cannot alter"),
        _ => false,
    }
}

/// Whether a script is one for the program psql.
fn for_psql(sql: &str) -> bool {
    sql.lines().any(|line| line.starts_with('\\'))
}
