//! The log: who changed what, written in the transaction of the change.

use accounts::models::user;
use platform::Result;
use platform::fields::now;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait,
    IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Set, SqlErr,
};
use serde_json::{Map, Value, json};

use crate::model::{Model, Row};
use crate::models::log_entry::{ActiveModel, Column, Entity, Model as Entry};
use crate::options::Access;

/// Values are cut to so many characters.
const LONGEST: usize = 200;

/// `books.book:7`
pub(crate) fn object(model: &Model, id: &str) -> String {
    cut(&format!("{}:{id}", model.path()), 500)
}

/// Notes that a form is being done; none if it was sent before, which ends the transaction: sent twice, it is done once.
pub(crate) async fn begin(
    db: &DatabaseTransaction,
    model: &Model,
    user: &user::Model,
    token: Option<&str>,
) -> Result<Option<Entry>> {
    let entry = ActiveModel {
        at: Set(now()),
        user_id: Set(user.id),
        user_label: Set(user.email.clone()),
        model: Set(model.path()),
        object: Set(String::new()),
        label: Set(String::new()),
        action: Set(String::new()),
        changes: Set(json!({})),
        token: Set(token.map(|token| cut(token, 64))),
        ..Default::default()
    };
    match entry.insert(db).await {
        Ok(entry) => Ok(Some(entry)),
        Err(error) if is_taken(&error) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn is_taken(error: &DbErr) -> bool {
    matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_)))
}

/// What the first of two equal forms has done.
pub(crate) async fn done_by(db: &impl ConnectionTrait, token: &str) -> Result<Option<Entry>> {
    let entry = Entity::find().filter(Column::Token.eq(token));
    Ok(entry.one(db).await?)
}

/// What was done to a row.
pub(crate) struct Done<'a> {
    pub access: Access,
    pub id: String,
    pub label: String,
    pub before: &'a Row,
    pub after: &'a Row,
}

/// Completes an entry. Nothing is kept of a change that changed nothing.
pub(crate) async fn finish(
    db: &DatabaseTransaction,
    model: &Model,
    entry: Entry,
    done: Done<'_>,
) -> Result<()> {
    let changes = changes(done.before, done.after);
    let nothing = changes.is_empty() && done.access == Access::Change;
    let mut entry = entry.into_active_model();
    if nothing {
        entry.delete(db).await?;
        return Ok(());
    }
    entry.object = Set(object(model, &done.id));
    entry.label = Set(cut(&done.label, LONGEST));
    entry.action = Set(done.access.name().to_owned());
    entry.changes = Set(Value::Object(changes));
    entry.update(db).await?;
    Ok(())
}

/// By field: the values before and after.
fn changes(before: &Row, after: &Row) -> Map<String, Value> {
    let names = before
        .keys()
        .chain(after.keys().filter(|name| !before.contains_key(*name)));
    let mut changes = Map::new();
    for name in names {
        let (old, new) = (before.get(name), after.get(name));
        if old != new {
            changes.insert(name.clone(), json!([shortened(old), shortened(new)]));
        }
    }
    changes
}

fn shortened(value: Option<&Value>) -> Value {
    match value {
        None => Value::Null,
        Some(Value::String(text)) => Value::from(cut(text, LONGEST)),
        Some(value @ (Value::Array(_) | Value::Object(_))) => {
            Value::from(cut(&value.to_string(), LONGEST))
        }
        Some(value) => value.clone(),
    }
}

fn cut(text: &str, longest: usize) -> String {
    match text.char_indices().nth(longest.saturating_sub(1)) {
        Some((end, _)) if text.chars().count() > longest => format!("{}…", &text[..end]),
        _ => text.to_owned(),
    }
}

/// The newest entries about one row.
pub(crate) async fn of_object(
    db: &impl ConnectionTrait,
    model: &Model,
    id: &str,
    most: u64,
) -> Result<Vec<Entry>> {
    let entries = Entity::find()
        .filter(Column::Object.eq(object(model, id)))
        .order_by_desc(Column::Id)
        .limit(most);
    Ok(entries.all(db).await?)
}

/// What a user has done last.
pub(crate) async fn of_user(db: &impl ConnectionTrait, user: &user::Model) -> Result<Vec<Entry>> {
    let entries = Entity::find()
        .filter(Column::UserId.eq(user.id))
        .order_by_desc(Column::Id)
        .limit(10);
    Ok(entries.all(db).await?)
}
