//! `…/add` and `…/{id}/change`: the form of a row.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use minijinja::context;
use minijinja::value::Serde;
use platform::error::FieldErrors;
use platform::form::Form;
use platform::forms::{Drawing, DrawnField};
use platform::{Error, Result};
use serde_json::Value;

use crate::described::described;
use crate::desk::{Desk, ModelDesk};
use crate::form_page::Page;
use crate::model::Model;
use crate::options::Access;
use crate::row::Row;
use crate::save::{Failure, LineErrors, editable};
use crate::{log, notice, sql, submit};

/// The form of a new row.
pub(crate) async fn add_page(at: ModelDesk) -> Result<Response> {
    let (desk, model) = (&at.desk, at.model()?);
    desk.must(Access::Add, model, None)?;
    let fields = editable(desk, model);
    let mut drawing = Drawing::new(&fields);
    for (name, text) in desk.query.pairs() {
        if let (Some(field), Some(input)) = (drawing.field(name), model.field(name)) {
            *field = DrawnField::new(input, text);
        }
    }
    Page::new(&at, model, drawing).render(None, None).await
}

/// Adds a row.
pub(crate) async fn add(at: ModelDesk, form: Form) -> Result<Response> {
    let (desk, model) = (&at.desk, at.model()?);
    desk.must(Access::Add, model, None)?;
    match submit::insert(desk, model, &form).await {
        Ok(row) => Ok(saved(desk, model, &form, &row, "added")),
        Err(failure) => again(&at, model, None, &form, failure).await,
    }
}

/// The form of a row.
pub(crate) async fn change_page(at: ModelDesk) -> Result<Response> {
    let (desk, model) = (&at.desk, at.model()?);
    desk.must(Access::View, model, None)?;
    let row = at.row(model).await?;
    desk.must(Access::View, model, Some(&row))?;
    let drawing = Drawing::of_row(&editable(desk, model), &Value::Object(row.clone()));
    Page::new(&at, model, drawing)
        .render(Some(&row), None)
        .await
}

/// Changes a row, or adds another one like it.
pub(crate) async fn change(at: ModelDesk, form: Form) -> Result<Response> {
    let (desk, model) = (&at.desk, at.model()?);
    if form.get("_save") == Some("new") {
        return add(at, form).await;
    }
    desk.must(Access::Change, model, None)?;
    let row = match at.row(model).await {
        Err(Error::NotFound) => return gone(&at, model, &form),
        row => row?,
    };
    desk.must(Access::Change, model, Some(&row))?;
    match submit::update(&at, model, &row, &form).await {
        Ok(row) => Ok(saved(desk, model, &form, &row, "changed")),
        Err(Failure::Other(Error::NotFound)) => gone(&at, model, &form),
        Err(failure) => {
            let row = at.row(model).await.unwrap_or(row);
            again(&at, model, Some(&row), &form, failure).await
        }
    }
}

/// Where one goes after saving.
fn saved(desk: &Desk, model: &Model, form: &Form, row: &Row, done: &str) -> Response {
    let address = sql::address(model, row);
    let next = match form.get("_save") {
        Some("continue" | "new") => address.clone(),
        Some("another") => format!("{}/add", model.address()),
        _ => model.address(),
    };
    notice::redirect(&desk.site, &next, done, 1, &address)
}

/// The form again, with what is wrong and all that was typed.
async fn again(
    at: &ModelDesk,
    model: &Model,
    row: Option<&Row>,
    form: &Form,
    failure: Failure,
) -> Result<Response> {
    let (status, errors, problem, lines) = match failure {
        Failure::Fields(_, errors) if form.is_too_large() => {
            let status = StatusCode::PAYLOAD_TOO_LARGE;
            (status, errors, None, LineErrors::new())
        }
        Failure::Fields(status, errors) => (status, errors, None, LineErrors::new()),
        Failure::Lines(status, lines) => (status, FieldErrors::new(), None, lines),
        Failure::Twice => return done_before(at, model, form).await,
        Failure::Other(Error::Conflict { detail, .. }) => {
            let errors = FieldErrors::new();
            (
                StatusCode::CONFLICT,
                errors,
                Some(detail),
                LineErrors::new(),
            )
        }
        Failure::Other(error) => return Err(error),
    };
    let fields = editable(&at.desk, model);
    let mut page = Page::new(at, model, Drawing::of_form(&fields, form));
    page.lines = lines;
    if status == StatusCode::CONFLICT {
        page.renewed = errors.keys().cloned().collect();
    }
    let of_many = |name: &String| at.desk.admin.many_of(model).any(|many| many.name == name);
    let (many, errors): (FieldErrors, FieldErrors) =
        errors.into_iter().partition(|(name, _)| of_many(name));
    page.problems = page.drawing.refuse(errors);
    page.problems.extend(problem);
    page.many_errors = many;
    let response = page.render(row, Some(form)).await?;
    Ok((status, response).into_response())
}

/// Leads to what the same form has done when it was sent first.
async fn done_before(at: &ModelDesk, model: &Model, form: &Form) -> Result<Response> {
    let token = form.get("_token").unwrap_or_default();
    let done = log::done_by(&at.desk.site.db, token).await?;
    let id = done.as_ref().and_then(|entry| entry.object.split_once(':'));
    let address = match id {
        Some((_, id)) => format!("{}/{}/change", model.address(), sql::segment(id)),
        None => model.address(),
    };
    Ok(Redirect::to(&address).into_response())
}

/// The row was deleted meanwhile: what was typed is shown, to be kept elsewhere.
fn gone(at: &ModelDesk, model: &Model, form: &Form) -> Result<Response> {
    let drawing = Drawing::of_form(&editable(&at.desk, model), form);
    let content = context! {
        title => "It is not there any more",
        model => Serde(described(model)),
        fields => Serde(drawing.fields),
    };
    let page = at.desk.render("gone.html", &model.address(), content)?;
    Ok((StatusCode::NOT_FOUND, page).into_response())
}
