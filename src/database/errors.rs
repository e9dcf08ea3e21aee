//! Errors of databases and of migrations on them, in words.

use super::{location, refused};
use crate::error::Error;
use crate::migrations::{Loss, Step};
use crate::sql::Dialect;

/// The refusal of a step that would lose something, with the way out.
pub(crate) fn would_lose(step: &Step, losses: &[Loss]) -> Error {
    let messages: Vec<&str> = losses.iter().map(|loss| loss.message.as_str()).collect();
    let mut error = Error::failed(format_args!(
        "{} was not applied, it would lose what no migration names:\n  {}",
        step.name,
        messages.join("\n  ")
    ));
    let mut told: Vec<&str> = Vec::new();
    for loss in losses {
        if !told.contains(&loss.way_out.as_str()) {
            told.push(&loss.way_out);
            error = error.hint(&loss.way_out);
        }
    }
    let mut flags: Vec<String> = losses
        .iter()
        .map(|loss| format!("--accept-loss '{}'", loss.name))
        .collect();
    flags.dedup();
    let mut names: Vec<String> = losses
        .iter()
        .map(|loss| format!("\"{}\"", loss.name))
        .collect();
    names.dedup();
    error
        .hint(format!(
            "or accept the loss: luthier migrate {}",
            flags.join(" ")
        ))
        .hint(format!(
            "or on every database: `\"accepted_losses\": [{}]` in migrations/meta/{}.json, which `luthier makemigrations \
             --accept-loss` writes into a new migration",
            names.join(", "),
            step.name
        ))
}

/// What a database said about a migration, in its own words, after whose it was.
pub(super) fn explain(step: &Step, cause: sqlx::Error, kept: &str) -> Error {
    let message = match &cause {
        sqlx::Error::Database(database) => {
            let mut text = database.message().to_owned();
            if let Some(postgres) = database.try_downcast_ref::<sqlx::postgres::PgDatabaseError>() {
                for more in [postgres.detail(), postgres.hint()].into_iter().flatten() {
                    text.push_str(&format!("; {more}"));
                }
                if let Some(sqlx::postgres::PgErrorPosition::Original(at)) = postgres.position() {
                    text.push_str(&format!(" (line {})", line_of(&step.sql, at)));
                }
            }
            text
        }
        other => other.to_string(),
    };
    let error =
        Error::from(anyhow::anyhow!("{message}").context(format!("{} failed; {kept}", step.name)));
    match refused::way_out(&cause) {
        Some(hint) => error.hint(hint),
        None => error,
    }
}

/// The line of the character number `at`, both from 1.
fn line_of(sql: &str, at: usize) -> usize {
    1 + sql
        .chars()
        .take(at.saturating_sub(1))
        .filter(|c| *c == '\n')
        .count()
}

/// A connection error with the URL's place, but never its password.
pub(super) fn unreachable(url: &str, error: sqlx::Error) -> Error {
    let shown = location::displayed(url);
    let hint = match Dialect::of_url(url) {
        Some(Dialect::Sqlite) => "does its folder exist, and may this user write there?",
        _ => "is the server running, and is DATABASE_URL right?",
    };
    Error::from(anyhow::Error::new(error).context(format!("cannot connect to {shown}"))).hint(hint)
}
