//! Changes of type that would change values: the rows of the project's database are counted, and the answer decides.

use std::time::Duration;

use crate::ask;
use crate::context::Context;
use crate::database::{self, Database};
use crate::error::{Error, Result};
use crate::migrations::MigrationTarget;
use crate::operation::{Conversion, DataCheck, Operation, data_checks};

use super::Inputs;
use super::answers::Answers;

/// A server that does not answer is no reason to wait: the guards in the migration look again.
const PATIENCE: Duration = Duration::from_secs(3);

/// Marks the changes of type whose losses were accepted, on the command line or now.
///
/// # Errors
/// `NeedsAnswer` where values would change and nobody can be asked; `BadInput` for an answer that nothing asked for.
pub(super) fn resolve(
    context: &Context,
    answers: &Answers,
    inputs: &Inputs,
    operations: &mut [Operation],
) -> Result<()> {
    for place in &answers.accept_loss {
        if !accept(operations, place) && place.contains('.') {
            return Err(Error::bad_input(format_args!(
                "--accept-loss {place}: no such column changes its type"
            ))
            .hint("name it as in the database: TABLE.COLUMN, or the object made by hand"));
        }
    }
    let checks = data_checks(&inputs.before, operations);
    let is_conversion =
        |check: &DataCheck| matches!(check, DataCheck::Unreadable(_) | DataCheck::Changed(_));
    let checks: Vec<DataCheck> = checks.into_iter().filter(is_conversion).collect();
    if checks.is_empty() {
        return Ok(());
    }
    let mut changed: Vec<(Conversion, String)> = Vec::new();
    for (check, sentence) in look(inputs, &checks) {
        match check {
            DataCheck::Changed(conversion) => changed.push((conversion, sentence)),
            _ => context.output.warning(format_args!(
                "{sentence}; `migrate` will refuse until these rows are in order"
            )),
        }
    }
    if changed.is_empty() {
        return Ok(());
    }
    let sentences: Vec<&str> = changed
        .iter()
        .map(|(_, sentence)| sentence.as_str())
        .collect();
    if !context.interactive {
        let flags: Vec<String> = changed
            .iter()
            .map(|(conversion, _)| format!("--accept-loss {}", conversion.place()))
            .collect();
        return Err(Error::needs_answer(format_args!(
            "a change of type would change values:\n  {}",
            sentences.join("\n  ")
        ))
        .hint(format!("{} if that is meant", flags.join(" ")))
        .hint("or bring the rows in order first, or choose a type that holds them"));
    }
    for (conversion, sentence) in &changed {
        if !ask::confirm(format!("{sentence}. Go on?"))? {
            return Err(Error::failed(
                "no value was changed, and nothing was written",
            ));
        }
        accept(operations, &conversion.place());
    }
    Ok(())
}

/// Whether a change of type of this column, by its name before or after a rename, is there to be accepted.
fn accept(operations: &mut [Operation], place: &str) -> bool {
    let mut found = false;
    let mut names = vec![place.to_owned()];
    for operation in operations {
        match operation {
            Operation::RenameTable { from, to } => {
                let renamed = names.iter().filter_map(|name| {
                    let column = name.strip_prefix(from.as_str())?.strip_prefix('.')?;
                    Some(format!("{to}.{column}"))
                });
                names.extend(renamed.collect::<Vec<_>>());
            }
            Operation::RenameColumn { table, from, to }
                if names.contains(&format!("{table}.{from}")) =>
            {
                names.push(format!("{table}.{to}"));
            }
            Operation::AlterColumn {
                table,
                column,
                lossy,
                ..
            } if names.contains(&format!("{table}.{}", column.name)) => {
                *lossy = true;
                found = true;
            }
            _ => {}
        }
    }
    found
}

/// What the rows say, where the project's database is there and has all migrations.
fn look(inputs: &Inputs, checks: &[DataCheck]) -> Vec<(DataCheck, String)> {
    let Ok(url) = inputs.project.database_url(None) else {
        return Vec::new();
    };
    let found = database::block_on(async {
        let connect = Database::look(&url);
        let Ok(Ok(Some(mut database))) = tokio::time::timeout(PATIENCE, connect).await else {
            return Ok(Vec::new());
        };
        let applied = database.applied().await.unwrap_or_default();
        let steps = inputs
            .history
            .steps(database.dialect(), &applied, &MigrationTarget::Latest);
        let found = match steps {
            Ok(steps) if steps.is_empty() => database.check_rows(checks).await,
            _ => Vec::new(),
        };
        database.close().await;
        Ok(found)
    });
    found.unwrap_or_default()
}
