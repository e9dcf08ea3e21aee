//! Saving what a form says of one row.

use std::collections::BTreeMap;
use std::sync::Mutex;

use axum::http::StatusCode;
use platform::error::FieldErrors;
use platform::form::Form;
use platform::input::InputField;
use platform::{Error, Result};
use sea_orm::sea_query::{Alias, Expr, Query, SelectStatement};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, ExprTrait, TransactionTrait};
use serde_json::Value;

use crate::calls::Merge;
use crate::desk::Desk;
use crate::merge::{self, Was};
use crate::model::{Model, plain};
use crate::row::Row;
use crate::{log, sql};

/// What is wrong, by what the names of a line's fields begin with.
pub(crate) type LineErrors = BTreeMap<String, FieldErrors>;

/// Why a form was not saved.
pub(crate) enum Failure {
    /// Its fields say why.
    Fields(StatusCode, FieldErrors),
    /// So do those of the rows that were sent with it.
    Lines(StatusCode, LineErrors),
    /// The same form was sent before, and is done.
    Twice,
    Other(Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::Invalid(errors) => Self::Fields(StatusCode::UNPROCESSABLE_ENTITY, errors),
            Error::Conflict { errors, .. } if !errors.is_empty() => {
                Self::Fields(StatusCode::UNPROCESSABLE_ENTITY, errors)
            }
            other => Self::Other(other),
        }
    }
}

impl From<DbErr> for Failure {
    fn from(error: DbErr) -> Self {
        Error::from(error).into()
    }
}

pub(crate) type Saved = Result<Row, Failure>;

/// The fields that the user may say something of.
pub(crate) fn editable(desk: &Desk, model: &Model) -> Vec<InputField> {
    let options = &model.options;
    let locked = |name: &String| {
        options.readonly.contains(name)
            || !desk.user.is_superuser && options.superuser.contains(name)
    };
    let fields = model.fields.iter().filter(|field| !locked(&field.name));
    fields.cloned().collect()
}

/// What a form says of a row that is there.
pub(crate) struct Change<'a> {
    model: &'a Model,
    fields: Vec<InputField>,
    form: &'a Form,
    sent: Row,
    pub was: Was,
}

impl<'a> Change<'a> {
    /// Holds the form against the rules, over the row as it was seen.
    pub fn read(
        model: &'a Model,
        fields: Vec<InputField>,
        form: &'a Form,
        seen: &Row,
    ) -> Result<Self, Failure> {
        input(model, &fields, form, seen)?;
        let (mut sent, _) = form.object(&fields);
        fill_slug(model, &mut sent);
        Ok(Self {
            was: was_of(form).unwrap_or_else(|| merge::was(&fields, seen)),
            model,
            fields,
            form,
            sent,
        })
    }

    /// Saves it over the row as it is now; answers the row before and after.
    pub async fn save(
        &self,
        db: &DatabaseTransaction,
        statement: SelectStatement,
        id: &str,
    ) -> Result<(Row, Row), Failure> {
        let conflicts = Mutex::new(BTreeMap::new());
        let merge = |now: &Row| {
            let mut wanted = of_input(self.model, now);
            match merge::merged(&self.fields, now, self.form, &self.sent, &self.was) {
                Ok(merged) => {
                    wanted.extend(merged);
                    Ok(wanted)
                }
                Err(found) => {
                    *conflicts.lock().unwrap_or_else(|lock| lock.into_inner()) = found;
                    Err(Error::bad_request("Others have changed it meanwhile."))
                }
            }
        };
        let saved = update_in(self.model, db, statement, &self.sent, &merge).await;
        let conflicts = conflicts
            .into_inner()
            .unwrap_or_else(|lock| lock.into_inner());
        match conflicts.is_empty() {
            true => saved,
            false => Err(conflict(db, self.model, &self.fields, id, &conflicts).await?),
        }
    }
}

/// Adds a row. What stands against it is said at its fields, and undoes nothing else of the transaction.
pub(crate) async fn insert_in(
    desk: &Desk,
    model: &Model,
    db: &DatabaseTransaction,
    input: Row,
) -> Saved {
    let owner = model.options.owner.clone().map(|name| (name, desk.user.id));
    let part = db.begin().await?;
    match (model.calls()?.insert)(&part, input.clone(), owner).await {
        Ok(row) => {
            part.commit().await?;
            Ok(row)
        }
        Err(error) => {
            part.rollback().await?;
            Err(about_references(db, model, &input, error).await)
        }
    }
}

/// Changes a row in the same way.
pub(crate) async fn update_in(
    model: &Model,
    db: &DatabaseTransaction,
    statement: SelectStatement,
    sent: &Row,
    merge: Merge<'_>,
) -> Result<(Row, Row), Failure> {
    let part = db.begin().await?;
    match (model.calls()?.update)(&part, statement, merge).await {
        Ok(changed) => {
            part.commit().await?;
            Ok(changed)
        }
        Err(error) => {
            part.rollback().await?;
            Err(about_references(db, model, sent, error).await)
        }
    }
}

/// What the form says, over a row as it is, held against the rules: all that is wrong is told at once.
pub(crate) fn input(
    model: &Model,
    fields: &[InputField],
    form: &Form,
    row: &Row,
) -> Result<Row, Failure> {
    let (sent, errors) = form.object(fields);
    checked(model, sent, errors, row)
}

/// The same of values that are read already, with what is wrong with others.
pub(crate) fn checked(
    model: &Model,
    mut sent: Row,
    mut errors: FieldErrors,
    row: &Row,
) -> Result<Row, Failure> {
    fill_slug(model, &mut sent);
    let mut input = of_input(model, row);
    input.extend(sent);
    match (model.calls()?.check)(input.clone()) {
        Err(Error::Invalid(others)) => {
            for (name, messages) in others {
                errors.entry(name).or_insert(messages);
            }
        }
        Err(error) => return Err(error.into()),
        Ok(()) => {}
    }
    match errors.is_empty() {
        true => Ok(input),
        false => Err(Error::Invalid(errors).into()),
    }
}

/// The values of a row that can be said in a form.
pub(crate) fn of_input(model: &Model, row: &Row) -> Row {
    let known = row
        .iter()
        .filter(|(name, _)| model.fields.iter().any(|field| field.name == **name));
    known
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

/// A slug that was left empty is made from the column it stands for.
fn fill_slug(model: &Model, sent: &mut Row) {
    let Some((slug, source)) = &model.options.slug_from else {
        return;
    };
    let is_empty = sent.get(slug).is_some_and(|value| plain(value).is_empty());
    let text = sent.get(source).map(plain).unwrap_or_default();
    if is_empty && !text.is_empty() {
        sent.insert(slug.clone(), Value::from(slug_of(&text)));
    }
}

fn slug_of(text: &str) -> String {
    let mut slug = String::new();
    for letter in text.chars() {
        match letter {
            letter if letter.is_ascii_alphanumeric() => slug.push(letter.to_ascii_lowercase()),
            _ if !slug.is_empty() && !slug.ends_with('-') => slug.push('-'),
            _ => {}
        }
    }
    slug.truncate(50);
    slug.trim_end_matches('-').to_owned()
}

/// The texts of the form when it was opened, which it sends along.
pub(crate) fn was_of(form: &Form) -> Option<Was> {
    serde_json::from_str(form.get("_was")?).ok()
}

/// Who has changed the fields, as far as the log tells.
async fn conflict(
    db: &DatabaseTransaction,
    model: &Model,
    fields: &[InputField],
    id: &str,
    conflicts: &BTreeMap<String, Value>,
) -> Result<Failure, Failure> {
    let entries = log::of_object(db, model, id, 20).await?;
    let who = |name: &str| {
        let entry = entries
            .iter()
            .find(|entry| entry.changes.get(name).is_some())?;
        Some((
            entry.user_label.clone(),
            entry.at.format("%H:%M").to_string(),
        ))
    };
    let errors = merge::explained(fields, conflicts, &who);
    Ok(Failure::Fields(StatusCode::CONFLICT, errors))
}

/// A reference to a row that is not there is said at its field.
async fn about_references(
    db: &DatabaseTransaction,
    model: &Model,
    sent: &Row,
    error: Error,
) -> Failure {
    let Error::Conflict { errors, .. } = &error else {
        return error.into();
    };
    if !errors.is_empty() {
        return error.into();
    }
    let mut errors = FieldErrors::new();
    for reference in &model.references {
        let text = sent.get(&reference.name).map(plain).unwrap_or_default();
        let value = model
            .column(&reference.name)
            .and_then(|column| sql::value(column, &text));
        let Some(value) = value.filter(|_| !text.is_empty()) else {
            continue;
        };
        let target = Query::select()
            .expr(Expr::cust("1"))
            .from(Alias::new(&reference.table))
            .and_where(Expr::col(Alias::new(&reference.column)).eq(value))
            .to_owned();
        if let Ok(None) = db.query_one(&target).await {
            let message = format!("does not exist: there is no row with the key {text}");
            errors.insert(reference.name.clone(), vec![message]);
        }
    }
    match errors.is_empty() {
        true => error.into(),
        false => Error::Invalid(errors).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_is_what_an_address_holds() {
        assert_eq!(
            slug_of("  Moby-Dick; or, The Whale! "),
            "moby-dick-or-the-whale"
        );
        assert_eq!(slug_of("Ünïcode"), "n-code");
        assert!(slug_of(&"a b".repeat(40)).len() <= 50);
    }
}
