//! Deleting, with what falls with it: `…/{id}/delete`, and the page that asks.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use minijinja::context;
use minijinja::value::Serde;
use platform::form::Form;
use platform::forms::words;
use platform::secret::Secret;
use platform::{Error, Result};
use sea_orm::sea_query::{Alias, Expr, ForeignKeyAction, Query, SelectStatement};
use sea_orm::{DatabaseTransaction, ExprTrait};
use serde::Serialize;

use crate::described::described;
use crate::desk::{Desk, ModelDesk};
use crate::log::{self, Done};
use crate::model::Model;
use crate::options::Access;
use crate::row::{NOTHING, Row};
use crate::{notice, sql};

/// Rows that refer to rows that refer to … so far.
const DEEPEST: usize = 5;
/// So many rows are named.
const MOST_NAMED: u64 = 20;

/// What deleting some rows does to others.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Falls {
    pub deleted: Vec<Fall>,
    pub emptied: Vec<Fall>,
    pub blocked: Vec<Fall>,
    /// Permissions that the user lacks for it.
    pub missing: Vec<String>,
}

/// Rows of one model.
#[derive(Debug, Serialize)]
pub(crate) struct Fall {
    pub count: String,
    pub names: Vec<String>,
}

impl Falls {
    /// Whether the rows can be deleted.
    pub fn allows(&self) -> bool {
        self.blocked.is_empty() && self.missing.is_empty()
    }

    /// Follows the references to `rows` of the model.
    pub async fn of(desk: &Desk, model: &Model, rows: &SelectStatement) -> Result<Self> {
        let mut falls = Self::default();
        let mut level = vec![(model, rows.clone())];
        for _ in 0..DEEPEST {
            let mut next = Vec::new();
            for (parent, rows) in &level {
                for child in desk.admin.models() {
                    next.extend(falls.add(desk, parent, rows, child).await?);
                }
            }
            level = next;
        }
        Ok(falls)
    }

    /// Adds the rows of `child` that refer to `rows`, and answers those that are deleted with them.
    async fn add<'a>(
        &mut self,
        desk: &Desk,
        parent: &Model,
        rows: &SelectStatement,
        child: &'a Model,
    ) -> Result<Vec<(&'a Model, SelectStatement)>> {
        let mut deleted = Vec::new();
        let references = child.references.iter();
        for reference in references.filter(|reference| reference.table == parent.table) {
            let mut keys = rows.clone();
            keys.clear_selects()
                .clear_order_by()
                .column((Alias::new(&parent.table), Alias::new(&reference.column)));
            let refers =
                Expr::col((Alias::new(&child.table), reference.iden.clone())).in_subquery(keys);
            let found = Query::select()
                .expr(Expr::cust("1"))
                .from(Alias::new(&child.table))
                .and_where(refers.clone())
                .to_owned();
            let count = sql::count(&desk.site.db, &found).await?;
            if count == 0 {
                continue;
            }
            let fall = Fall {
                count: match child.hidden {
                    true => {
                        sql::in_words(count, &format!("row of {}", child.plural), &child.plural)
                    }
                    false => sql::in_words(count, &child.noun(), &child.plural),
                },
                names: named(desk, child, refers).await?,
            };
            match reference.on_delete {
                Some(ForeignKeyAction::Cascade) => {
                    self.deleted.push(fall);
                    if !child.hidden && !desk.may(Access::Delete, child, None) {
                        self.missing.push(child.permission(Access::Delete));
                    }
                    deleted.push((child, found));
                }
                Some(ForeignKeyAction::SetNull) => self.emptied.push(fall),
                _ => self.blocked.push(fall),
            }
        }
        Ok(deleted)
    }
}

/// What some of the rows are called, of those that the user gets to see.
async fn named(desk: &Desk, model: &Model, condition: Expr) -> Result<Vec<String>> {
    if !desk.may(Access::View, model, None) {
        return Ok(Vec::new());
    }
    let mut rows = desk.rows_of(model)?;
    rows.and_where(condition).limit(MOST_NAMED);
    let rows = model.rows(&desk.site.db, rows).await?;
    Ok(rows.iter().map(|row| model.label_of(row)).collect())
}

/// Asks whether the row shall be deleted.
pub(crate) async fn page(at: ModelDesk) -> Result<Response> {
    let model = at.model()?;
    at.desk.must(Access::Delete, model, None)?;
    let row = at.row(model).await?;
    at.desk.must(Access::Delete, model, Some(&row))?;
    ask(&at, model, &row, None).await
}

/// Deletes the row, unless something stands against it.
pub(crate) async fn delete(at: ModelDesk, form: Form) -> Result<Response> {
    let (desk, model) = (&at.desk, at.model()?);
    desk.must(Access::Delete, model, None)?;
    let token = form.get("_token");
    let row = match at.row(model).await {
        Err(Error::NotFound) if is_done(desk, token).await? => {
            return Ok(Redirect::to(&model.address()).into_response());
        }
        row => row?,
    };
    desk.must(Access::Delete, model, Some(&row))?;
    if !Falls::of(desk, model, &at.statement(model)?)
        .await?
        .allows()
    {
        let page = ask(&at, model, &row, None).await?;
        return Ok((StatusCode::CONFLICT, page).into_response());
    }
    let transaction = desk.begin().await?;
    let Some(entry) = log::begin(&transaction, model, &desk.user, token).await? else {
        return Ok(Redirect::to(&model.address()).into_response());
    };
    let before = match (model.calls()?.delete)(&transaction, at.statement(model)?).await {
        Ok(before) => before,
        Err(Error::Conflict { detail, .. }) => {
            transaction.rollback().await?;
            let page = ask(&at, model, &row, Some(detail)).await?;
            return Ok((StatusCode::CONFLICT, page).into_response());
        }
        Err(error) => return Err(error),
    };
    let done = Done::new(model, Access::Delete, &before, &NOTHING);
    log::finish(&transaction, model, entry, done, true).await?;
    transaction.commit().await?;
    Ok(notice::redirect(
        &desk.site,
        &model.address(),
        "deleted",
        1,
        "",
    ))
}

/// Whether the same form has deleted the row already.
async fn is_done(desk: &Desk, token: Option<&str>) -> Result<bool> {
    match token {
        Some(token) => Ok(log::done_by(&desk.site.db, token).await?.is_some()),
        None => Ok(false),
    }
}

/// Deletes a row, and notes it in the log.
pub(crate) async fn delete_row(
    desk: &Desk,
    model: &Model,
    db: &DatabaseTransaction,
    row: SelectStatement,
) -> Result<()> {
    let before = (model.calls()?.delete)(db, row).await?;
    let done = Done::new(model, Access::Delete, &before, &NOTHING);
    log::note(db, model, &desk.user, done).await
}

async fn ask(
    at: &ModelDesk,
    model: &Model,
    row: &Row,
    problem: Option<String>,
) -> Result<Response> {
    let falls = Falls::of(&at.desk, model, &at.statement(model)?).await?;
    let content = context! {
        title => format!("Delete {}?", model.label_of(row)),
        label => model.label_of(row),
        model => Serde(described(model)),
        row => format!("{}/{}", model.address(), sql::in_address(model, row)),
        allows => falls.allows() && problem.is_none(),
        problem,
        falls => Serde(falls),
        token => Secret::random()?.as_str().to_owned(),
        heading => words(&model.plural),
    };
    at.desk.render("delete.html", &model.address(), content)
}
