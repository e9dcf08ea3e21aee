//! From two schemas to operations, with an oracle for what neither schema tells: pure.
//!
//! The order of the questions: renames of tables, of columns and values, SQL for rows that exist, losses. Each answer
//! may raise or settle the next question.

use super::diff::{Fills, diff};
use super::renames::{Of, Question, Renames, inner_questions, questions};
use super::values::unanswered;
use crate::error::{Error, Result};
use crate::operation::Operation;
use crate::schema::Schema;

/// Answers what the schemas leave open.
///
/// # Errors
/// Each method fails with `NeedsAnswer` where nobody can be asked, and with `Failed` where the answer is to stop.
pub(crate) trait Questioner {
    /// Where the thing that `question` is about comes from; `open` are all the questions that are open now.
    fn origin(&mut self, question: &Question, open: &[Question]) -> Result<Origin>;

    /// SQL for the rows that exist, for each of the `columns`: table and column.
    fn values(&mut self, columns: &[(String, String)]) -> Result<Fills>;

    /// Agrees that `losses` are dropped with all that they hold.
    fn confirm_drops(&mut self, losses: &[String]) -> Result<()>;
}

/// Where something new comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// It had this name before.
    RenamedFrom(String),
    New,
}

/// The operations that lead from `before` to `after`, every open question answered.
///
/// # Errors
/// Those of the questioner; `BadInput` for renames or fills that do not fit.
pub(crate) fn autodetect(
    before: &Schema,
    after: &Schema,
    renames: Renames,
    mut fills: Fills,
    questioner: &mut dyn Questioner,
) -> Result<Vec<Operation>> {
    let given: Vec<_> = fills.keys().cloned().collect();
    let renames = complete(before, after, renames, questioner)?;
    let mut operations = diff(before, after, &renames, &fills).map_err(Error::bad_input)?;
    let open = unanswered(before, &operations);
    if !open.is_empty() {
        fills.extend(questioner.values(&open)?);
        operations = diff(before, after, &renames, &fills).map_err(Error::bad_input)?;
    }
    check_fills_are_used(&given, &operations)?;
    let losses = losses(before, &operations);
    if !losses.is_empty() {
        questioner.confirm_drops(&losses)?;
    }
    Ok(operations)
}

/// `renames` with the answers to all questions about renames.
fn complete(
    before: &Schema,
    after: &Schema,
    mut renames: Renames,
    questioner: &mut dyn Questioner,
) -> Result<Renames> {
    let mut new: Vec<Question> = Vec::new();
    loop {
        let mut open = questions(before, after, &renames);
        open.retain(|question| !new.iter().any(|known| known.is_about_same(question)));
        let Some(question) = open.first() else {
            break;
        };
        match questioner.origin(question, &open)? {
            Origin::RenamedFrom(old) => renames.take(question, &old),
            Origin::New => new.push(question.clone()),
        }
    }
    // A table that is new for sure still hides the questions about what is inside of others.
    if new.iter().any(|question| question.of == Of::Tables) {
        complete_inside(before, after, &mut renames, questioner)?;
    }
    Ok(renames)
}

/// Asks about columns and values where questions about tables were answered with "new".
fn complete_inside(
    before: &Schema,
    after: &Schema,
    renames: &mut Renames,
    questioner: &mut dyn Questioner,
) -> Result<()> {
    let open = inner_questions(before, after, renames);
    let mut taken: Vec<(Of, String)> = Vec::new();
    for question in &open {
        let mut question = question.clone();
        let is_free = |old: &String| !taken.contains(&(question.of.clone(), old.clone()));
        question.candidates.retain(is_free);
        if question.candidates.is_empty() {
            continue;
        }
        if let Origin::RenamedFrom(old) = questioner.origin(&question, &open)? {
            renames.take(&question, &old);
            taken.push((question.of, old));
        }
    }
    Ok(())
}

/// SQL for rows that nothing asked for is a slip of the pen.
fn check_fills_are_used(given: &[(String, String)], operations: &[Operation]) -> Result<()> {
    for (table, name) in given {
        let is_used = operations.iter().any(|operation| match operation {
            Operation::AddColumn {
                table: at, column, ..
            }
            | Operation::AlterColumn {
                table: at, column, ..
            } => at == table && column.name == *name,
            _ => false,
        });
        if !is_used {
            return Err(Error::bad_input(format_args!(
                "--default {table}.{name}: no such column is added or changed"
            )));
        }
    }
    Ok(())
}

/// What `operations` drop with all that it holds: "table `books`".
fn losses(before: &Schema, operations: &[Operation]) -> Vec<String> {
    let mut state = before.clone();
    let mut lost = Vec::new();
    for operation in operations {
        if operation.is_destructive(&state) {
            let line = operation.describe(&state);
            lost.push(line.trim_start_matches("Drop ").to_owned());
        }
        // The operations come from a diff of this very schema.
        let _ = operation.apply(&mut state);
    }
    lost
}
