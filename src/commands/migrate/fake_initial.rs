//! `--fake-initial`: a first migration whose tables are there already is recorded, as long as they are what it makes.

use crate::context::Context;
use crate::database::{Database, schemas_of};
use crate::error::{Error, Result};
use crate::migrations::{Direction, History, Meta, Step};
use crate::operation::Operation;
use crate::schema::Schema;
use crate::sql::{Difference, Grade};

/// Whether `step` has nothing left to do: it is a first migration, and all that it makes is there.
///
/// # Errors
/// Some of its tables are there and others are not, or they are not what it makes.
pub(super) async fn is_done(
    context: &Context,
    database: &mut Database,
    history: &History,
    step: &Step,
) -> Result<bool> {
    let migration = history.get(&step.name).and_then(|m| m.meta.as_ref());
    let (Direction::Apply, None, Some(meta)) = (step.direction, step.resume, migration) else {
        return Ok(false);
    };
    let Some(wanted) = made_from_nothing(meta) else {
        return Ok(false);
    };
    let live = database
        .introspect(&schemas_of(wanted.tables.keys()))
        .await?;
    let (there, missing): (Vec<&String>, Vec<&String>) = wanted
        .tables
        .keys()
        .partition(|name| live.schema.table(name).is_some());
    if there.is_empty() {
        return Ok(false);
    }
    if !missing.is_empty() {
        return Err(Error::failed(format_args!(
            "{} makes {} tables, of which the database has some ({}) and lacks others ({})",
            step.name,
            wanted.tables.len(),
            listed(&there),
            listed(&missing)
        ))
        .hint("give the missing ones a migration of their own, or create them by hand first"));
    }
    let mut found = live.schema;
    found.tables.retain(|name, _| wanted.table(name).is_some());
    let differences = database.dialect().compare(&wanted, &found);
    let disagreements: Vec<&Difference> =
        differences.iter().filter(|d| is_disagreement(d)).collect();
    if !disagreements.is_empty() {
        return Err(disagree(&step.name, &disagreements));
    }
    warn(context, &differences);
    Ok(true)
}

/// What a migration makes that builds on no other and only makes things.
fn made_from_nothing(meta: &Meta) -> Option<Schema> {
    if !meta.parents.is_empty() {
        return None;
    }
    let mut schema = Schema::default();
    for operation in &meta.operations {
        let makes = matches!(
            operation,
            Operation::CreateEnum { .. }
                | Operation::CreateTable { .. }
                | Operation::AddColumn { .. }
                | Operation::AddIndex { .. }
                | Operation::AddForeignKey { .. }
        );
        if !makes {
            return None;
        }
        operation.apply(&mut schema).ok()?;
    }
    (!schema.tables.is_empty()).then_some(schema)
}

/// Whether the program or a later migration would stumble over it.
pub(in crate::commands) fn is_disagreement(difference: &Difference) -> bool {
    matches!(difference.grade, Grade::Different | Grade::Demanding)
}

/// The database is not what the migration called `name` would have made of it.
pub(in crate::commands) fn disagree(name: &str, differences: &[&Difference]) -> Error {
    let lines: Vec<&str> = differences.iter().map(|d| d.message.as_str()).collect();
    Error::failed(format_args!(
        "the database is not what {name} makes, so it was not recorded:\n  {}",
        lines.join("\n  ")
    ))
    .hint("bring the entities in line with the database (`luthier inspectdb` shows its tables as entities), or the other way round")
}

/// Tells what does no harm now.
pub(in crate::commands) fn warn(context: &Context, differences: &[Difference]) {
    for difference in differences.iter().filter(|d| !is_disagreement(d)) {
        match (&difference.fix, difference.grade) {
            (_, Grade::Comment) => context.output.detail(&difference.message),
            (Some(fix), _) => context.output.warning(format_args!(
                "{}. This settles it: {fix}",
                difference.message
            )),
            (None, _) => context.output.warning(&difference.message),
        }
    }
}

fn listed(names: &[&String]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}
