//! Rows that belong to another one, added and changed on its page, in the same transaction.

use axum::http::StatusCode;
use platform::Result;
use platform::form::Form;
use platform::forms::{label, words};
use sea_orm::sea_query::SelectStatement;
use sea_orm::{DatabaseTransaction, ExprTrait};
use serde::Serialize;
use serde_json::Value;

use crate::desk::Desk;
use crate::lines::{Drawn, Lines, collect, sent};
use crate::model::{Model, Reference, plain};
use crate::options::Access;
use crate::row::Row;
use crate::save::{Failure, LineErrors};
use crate::sql;

/// So many rows are edited there; more have a list of their own.
const MOST: u64 = 50;
/// So many may be added at once.
const NEW: usize = 2;

/// The rows of one model.
#[derive(Debug, Serialize)]
pub(crate) struct Inline {
    label: String,
    /// How many there are beyond those that are shown is not said: only that there are more.
    more: bool,
    headings: Vec<String>,
    pub lines: Vec<Drawn>,
}

/// The models whose rows are edited on pages of `parent`.
fn inlines<'a>(desk: &'a Desk, parent: &Model) -> Vec<(&'a Model, &'a Reference)> {
    let mut found = Vec::new();
    let [key] = &parent.keys[..] else {
        return found;
    };
    for child in desk.admin.models().filter(|child| !child.hidden) {
        let names = child.options.inline.iter();
        let references = names.filter_map(|name| child.reference(name));
        let refers = |reference: &&Reference| {
            let column = parent.column(key);
            reference.table == parent.table
                && child.field(&reference.name).is_some()
                && column.is_some_and(|column| column.iden.inner() == reference.column)
        };
        found.extend(
            references
                .filter(refers)
                .map(|reference| (child, reference)),
        );
    }
    found.retain(|(child, _)| desk.may(Access::View, child, None));
    found
}

fn group(child: &Model, reference: &Reference) -> String {
    format!("{}.{}", child.path(), reference.name)
}

/// The rows of `child` that belong to `row`.
fn rows(
    desk: &Desk,
    child: &Model,
    reference: &Reference,
    parent: &Model,
    row: &Row,
) -> Result<Option<SelectStatement>> {
    let key = plain(&row[&parent.keys[0]]);
    let column = child.column(&reference.name);
    let Some((column, value)) = column.and_then(|column| Some((column, sql::value(column, &key)?)))
    else {
        return Ok(None);
    };
    let mut rows = desk.rows_of(child)?;
    rows.and_where(sql::column(child, column).eq(value));
    Ok(Some(rows))
}

/// Draws them, as they are or as they were sent.
pub(crate) async fn draw(
    desk: &Desk,
    parent: &Model,
    row: Option<&Row>,
    form: Option<(&Form, &LineErrors)>,
) -> Result<Vec<Inline>> {
    let mut drawn = Vec::new();
    for (child, reference) in inlines(desk, parent) {
        let group = group(child, reference);
        let lines = Lines::new(desk, child, |name| name != reference.name).await?;
        let sent = form.map(|(form, _)| sent(form, &group)).unwrap_or_default();
        let errors = |prefix: &str| form.and_then(|(_, errors)| errors.get(prefix));
        let mut found = Vec::new();
        if let Some(row) = row
            && let Some(mut all) = rows(desk, child, reference, parent, row)?
        {
            for key in child.keys.iter().filter_map(|name| child.column(name)) {
                all.order_by_expr(sql::column(child, key), sea_orm::Order::Asc);
            }
            all.limit(MOST + 1);
            found = child.rows(&desk.site.db, all).await?;
        }
        let more = found.len() as u64 > MOST;
        found.truncate(MOST as usize);
        found.retain(|row| desk.may(Access::Change, child, Some(row)));
        let mut shown = Vec::new();
        for (number, row) in found.iter().enumerate() {
            let id = child.id_of(row);
            let sent = sent.iter().find(|line| line.id == id);
            let prefix = match sent {
                Some(sent) => sent.prefix.clone(),
                None => format!("{group}-{number}-"),
            };
            shown.push(lines.draw(&prefix, Some(row), sent, errors(&prefix)));
        }
        if desk.may(Access::Add, child, None) {
            let mut new = sent.iter().filter(|line| line.id.is_empty());
            for number in 0..NEW {
                let sent = new.next();
                let prefix = match sent {
                    Some(sent) => sent.prefix.clone(),
                    None => format!("{group}-{}-", 1_000 + number),
                };
                shown.push(lines.draw(&prefix, None, sent, errors(&prefix)));
            }
        }
        if !shown.is_empty() {
            drawn.push(Inline {
                label: words(&child.plural),
                more,
                headings: lines
                    .fields
                    .iter()
                    .map(|field| label(&field.name))
                    .collect(),
                lines: shown,
            });
        }
    }
    Ok(drawn)
}

/// Saves what was sent of them; answers whether anything was new.
pub(crate) async fn save(
    desk: &Desk,
    parent: &Model,
    db: &DatabaseTransaction,
    row: &Row,
    form: &Form,
) -> Result<bool, Failure> {
    let (mut changed, mut errors) = (false, LineErrors::new());
    for (child, reference) in inlines(desk, parent) {
        let sent = sent(form, &group(child, reference));
        let Some(rows) = rows(desk, child, reference, parent, row)?.filter(|_| !sent.is_empty())
        else {
            continue;
        };
        let lines = Lines::new(desk, child, |name| name != reference.name).await?;
        let key: Value = row[&parent.keys[0]].clone();
        let given = Row::from_iter([(reference.name.clone(), key)]);
        for line in &sent {
            let saved = lines.save(db, line, rows.clone(), &given).await;
            changed |= collect(&mut errors, line, saved)?;
        }
    }
    match errors.is_empty() {
        true => Ok(changed),
        false => Err(Failure::Lines(StatusCode::UNPROCESSABLE_ENTITY, errors)),
    }
}
