//! What is ticked in the form of a row: values that a table between two others holds for it.

use axum::http::StatusCode;
use platform::error::FieldErrors;
use platform::form::Form;
use platform::{Error, Result};
use sea_orm::prelude::Uuid;
use sea_orm::sea_query::{Alias, Expr, Query};
use sea_orm::{ColumnType, ConnectionTrait, DatabaseTransaction, ExprTrait};
use serde_json::Value;

use crate::desk::Desk;
use crate::merge::Was;
use crate::model::{Many, Model, plain};
use crate::row::Row;
use crate::save::Failure;
use crate::sql;

/// What the user may tick in the form of a model. Groups and their permissions are given by superusers alone.
pub(crate) fn tickable<'a>(desk: &'a Desk, model: &Model) -> Vec<&'a Many> {
    match desk.user.is_superuser || model.app != "accounts" {
        true => desk.admin.many_of(model).collect(),
        false => Vec::new(),
    }
}

/// The values that are ticked for a row, as text.
pub(crate) async fn ticks(
    db: &impl ConnectionTrait,
    model: &Model,
    many: &Many,
    row: &Row,
) -> Result<Vec<String>> {
    let Some(key) = key_of(model, row) else {
        return Ok(Vec::new());
    };
    let rows = Query::select()
        .column(many.right.iden.clone())
        .from(Alias::new(&many.table))
        .and_where(Expr::col(many.left.clone()).eq(key))
        .to_owned();
    let mut values = Vec::new();
    for row in db.query_all(&rows).await? {
        values.push(match many.right.kind {
            ColumnType::Integer => row.try_get_by_index::<i32>(0)?.to_string(),
            ColumnType::BigInteger => row.try_get_by_index::<i64>(0)?.to_string(),
            ColumnType::Uuid => row.try_get_by_index::<Uuid>(0)?.to_string(),
            _ => row.try_get_by_index::<String>(0)?,
        });
    }
    values.sort();
    Ok(values)
}

fn key_of(model: &Model, row: &Row) -> Option<Expr> {
    let [name] = &model.keys[..] else { return None };
    sql::value(model.column(name)?, &plain(row.get(name)?))
}

/// Saves what is ticked, if the form had the boxes; answers the values before and after.
pub(crate) async fn tick(
    db: &DatabaseTransaction,
    model: &Model,
    many: &Many,
    row: &Row,
    form: &Form,
    was: Option<&Was>,
) -> Result<(Value, Value), Failure> {
    let old = ticks(db, model, many, row).await?;
    let mut wanted: Vec<String> = form.all(many.name).map(str::to_owned).collect();
    wanted.sort();
    wanted.dedup();
    let before = was.and_then(|was| was.get(many.name)).map(String::as_str);
    let is_sent = form.all("_many").any(|name| name == many.name);
    if !is_sent || wanted == old || before == Some(&wanted.join(",")) {
        return Ok((Value::from(old.clone()), Value::from(old)));
    }
    if before.is_some_and(|before| before != old.join(",")) {
        let message = "was changed meanwhile by somebody else; yours is in the form";
        let errors = FieldErrors::from([(many.name.to_owned(), vec![message.to_owned()])]);
        return Err(Failure::Fields(StatusCode::CONFLICT, errors));
    }
    let key = key_of(model, row).ok_or(Error::NotFound)?;
    let refused = || Error::invalid(many.name, "has a value that cannot be chosen");
    for text in old.iter().filter(|text| !wanted.contains(text)) {
        let value = sql::value(&many.right, text).ok_or_else(refused)?;
        let delete = Query::delete()
            .from_table(Alias::new(&many.table))
            .and_where(Expr::col(many.left.clone()).eq(key.clone()))
            .and_where(Expr::col(many.right.iden.clone()).eq(value))
            .to_owned();
        db.execute(&delete).await?;
    }
    for text in wanted.iter().filter(|text| !old.contains(text)) {
        let value = sql::value(&many.right, text).ok_or_else(refused)?;
        let insert = Query::insert()
            .into_table(Alias::new(&many.table))
            .columns([many.left.clone(), many.right.iden.clone()])
            .values_panic([key.clone(), value])
            .to_owned();
        db.execute(&insert).await.map_err(|_| refused())?;
    }
    Ok((Value::from(old), Value::from(wanted)))
}
