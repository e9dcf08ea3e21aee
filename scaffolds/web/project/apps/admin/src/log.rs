//! The log: who changed what, written in the transaction of the change.

use accounts::models::user;
use platform::Result;
use platform::fields::now;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait,
    IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Set, SqlErr,
};
use serde_json::{Map, Value, json};

use crate::model::Model;
use crate::models::log_entry::{ActiveModel, Column, Entity, Model as Entry};
use crate::options::Access;
use crate::row::Row;

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
    let mut entry = new(model, user);
    entry.token = Set(token.map(|token| cut(token, 64)));
    match entry.insert(db).await {
        Ok(entry) => Ok(Some(entry)),
        Err(error) if is_taken(&error) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn new(model: &Model, user: &user::Model) -> ActiveModel {
    ActiveModel {
        at: Set(now()),
        user_id: Set(user.id),
        user_label: Set(user.email.clone()),
        model: Set(model.path()),
        object: Set(String::new()),
        label: Set(String::new()),
        action: Set(String::new()),
        changes: Set(json!({})),
        ..Default::default()
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
    access: Access,
    id: String,
    label: String,
    before: &'a Row,
    after: &'a Row,
}

impl<'a> Done<'a> {
    /// One that was added was empty before, one that was deleted is empty after.
    pub fn new(model: &Model, access: Access, before: &'a Row, after: &'a Row) -> Self {
        let row = match access {
            Access::Delete => before,
            _ => after,
        };
        Self {
            access,
            id: model.id_of(row),
            label: model.label_of(row),
            before,
            after,
        }
    }

    /// Puts it into an entry; answers whether anything has changed.
    fn fill(self, model: &Model, entry: &mut ActiveModel) -> bool {
        let changes = changes(self.before, self.after);
        let is_new = !changes.is_empty() || self.access != Access::Change;
        entry.object = Set(object(model, &self.id));
        entry.label = Set(cut(&self.label, LONGEST));
        entry.action = Set(self.access.name().to_owned());
        entry.changes = Set(Value::Object(changes));
        is_new
    }
}

/// Completes an entry. Nothing is kept of a change that changed nothing, unless the form did something else.
pub(crate) async fn finish(
    db: &DatabaseTransaction,
    model: &Model,
    entry: Entry,
    done: Done<'_>,
    keep: bool,
) -> Result<()> {
    let mut entry = entry.into_active_model();
    if done.fill(model, &mut entry) || keep {
        entry.update(db).await?;
    } else {
        entry.delete(db).await?;
    }
    Ok(())
}

/// Notes what was done to one of several rows.
pub(crate) async fn note(
    db: &DatabaseTransaction,
    model: &Model,
    user: &user::Model,
    done: Done<'_>,
) -> Result<()> {
    let mut entry = new(model, user);
    if done.fill(model, &mut entry) {
        entry.insert(db).await?;
    }
    Ok(())
}

/// Completes an entry about many rows, which have entries of their own.
pub(crate) async fn finish_import(
    db: &DatabaseTransaction,
    model: &Model,
    entry: Entry,
    label: &str,
) -> Result<()> {
    let mut entry = entry.into_active_model();
    entry.object = Set(object(model, ""));
    entry.label = Set(cut(label, LONGEST));
    entry.action = Set("import".to_owned());
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
