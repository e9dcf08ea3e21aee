//! Saving a form: the row, what is ticked, the rows that were sent with it, and the log entry; all of it or nothing.

use platform::form::Form;
use sea_orm::DatabaseTransaction;

use crate::desk::{Desk, ModelDesk};
use crate::inline;
use crate::log::{self, Done};
use crate::model::Model;
use crate::models::log_entry;
use crate::options::Access;
use crate::row::{NOTHING, Row};
use crate::save::{Change, Failure, Saved, editable, input, insert_in};
use crate::ticks::{tick, tickable};

/// Adds a row.
pub(crate) async fn insert(desk: &Desk, model: &Model, form: &Form) -> Saved {
    let input = input(model, &editable(desk, model), form, &Row::new())?;
    let transaction = desk.begin().await?;
    let entry = begin(desk, model, &transaction, form).await?;
    let row = insert_in(desk, model, &transaction, input).await?;
    let mut after = row.clone();
    for many in tickable(desk, model) {
        let ticks = tick(&transaction, model, many, &row, form, None).await?;
        after.insert(many.name.to_owned(), ticks.1);
    }
    inline::save(desk, model, &transaction, &row, form).await?;
    let done = Done::new(model, Access::Add, &NOTHING, &after);
    log::finish(&transaction, model, entry, done, true).await?;
    transaction.commit().await?;
    Ok(row)
}

/// Changes a row, and keeps what others have changed since the form was opened.
pub(crate) async fn update(at: &ModelDesk, model: &Model, seen: &Row, form: &Form) -> Saved {
    let desk = &at.desk;
    let fields = editable(desk, model);
    let change = Change::read(model, fields, form, seen)?;
    let transaction = desk.begin().await?;
    let entry = begin(desk, model, &transaction, form).await?;
    let statement = at.statement(model)?;
    let (mut before, row) = change.save(&transaction, statement, at.id()).await?;
    let mut after = row.clone();
    for many in tickable(desk, model) {
        let (old, new) = tick(&transaction, model, many, &row, form, Some(&change.was)).await?;
        before.insert(many.name.to_owned(), old);
        after.insert(many.name.to_owned(), new);
    }
    let others = inline::save(desk, model, &transaction, &row, form).await?;
    let done = Done::new(model, Access::Change, &before, &after);
    log::finish(&transaction, model, entry, done, others).await?;
    transaction.commit().await?;
    Ok(row)
}

async fn begin(
    desk: &Desk,
    model: &Model,
    transaction: &DatabaseTransaction,
    form: &Form,
) -> Result<log_entry::Model, Failure> {
    let token = form.get("_token");
    match log::begin(transaction, model, &desk.user, token).await? {
        Some(entry) => Ok(entry),
        None => Err(Failure::Twice),
    }
}
