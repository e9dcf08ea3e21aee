//! `…/add` and `…/{id}/change`: the form of a row.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use minijinja::context;
use minijinja::value::Serde;
use platform::error::FieldErrors;
use platform::form::Form;
use platform::forms::{Choice, Drawing, DrawnField, label, words};
use platform::redirect::quoted;
use platform::secret::Secret;
use platform::{Error, Result};
use sea_orm::ExprTrait;
use serde::Serialize;
use serde_json::Value;

use crate::cells::{Cell, Labels, children_address};
use crate::desk::{Desk, ModelDesk};
use crate::lines::LineErrors;
use crate::list::described;
use crate::log;
use crate::merge;
use crate::model::{Choices, Many, Model, Row, plain};
use crate::options::Access;
use crate::save::{self, Failure, editable, tickable};
use crate::{flash, inline, sql};

/// A list of choices is no longer than this; then the key is typed.
pub(crate) const MOST_CHOICES: u64 = 100;

/// A part of the form, with its heading.
#[derive(Serialize)]
struct Part {
    heading: String,
    fields: Vec<DrawnField>,
}

/// A value that is shown, not changed.
#[derive(Serialize)]
struct Shown {
    label: String,
    cell: Cell,
}

/// Rows of another model that refer to this one.
#[derive(Serialize)]
struct Children {
    label: String,
    count: String,
    href: String,
    /// Where one is added; empty if the user may not.
    add: String,
}

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
    match save::insert(desk, model, &form).await {
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
    match save::update(&at, model, &row, &form).await {
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
    flash::redirect(&desk.site, &next, done, 1, &address)
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
        Some((_, id)) => format!("{}/{}/change", model.address(), quoted(id)),
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

/// The page of a form.
struct Page<'a> {
    at: &'a ModelDesk,
    model: &'a Model,
    drawing: Drawing,
    /// What is wrong with no field in particular.
    problems: Vec<String>,
    many_errors: FieldErrors,
    lines: LineErrors,
    /// Fields of which the user was told what others have made of them.
    renewed: Vec<String>,
}

impl<'a> Page<'a> {
    fn new(at: &'a ModelDesk, model: &'a Model, drawing: Drawing) -> Self {
        Self {
            at,
            model,
            drawing,
            problems: Vec::new(),
            many_errors: FieldErrors::new(),
            lines: LineErrors::new(),
            renewed: Vec::new(),
        }
    }

    async fn render(mut self, row: Option<&Row>, form: Option<&Form>) -> Result<Response> {
        let (desk, model) = (&self.at.desk, self.model);
        let can_save = match row {
            Some(_) => desk.may(Access::Change, model, row),
            None => true,
        };
        for field in &mut self.drawing.fields {
            refer(desk, model, field).await?;
        }
        let fields = editable(desk, model);
        let mut was = row.map(|row| merge::was(&fields, row)).unwrap_or_default();
        for many in tickable(desk, model) {
            let kept = match row {
                Some(row) => save::ticks(&desk.site.db, model, many, row).await?,
                None => Vec::new(),
            };
            was.insert(many.name.to_owned(), kept.join(","));
            let field = self.ticked(many, &kept, form).await?;
            self.drawing.fields.extend(field);
        }
        // What a form says that was refused is still held against what it was opened with: only so is nothing undone
        // that others have saved since, but for what its user was just told of.
        if let Some(opened) = form.and_then(save::was_of) {
            let older = opened.into_iter();
            was.extend(older.filter(|(name, _)| !self.renewed.contains(name)));
        }
        let inlines = match can_save {
            true => inline::draw(desk, model, row, form.map(|form| (form, &self.lines))).await?,
            false => Vec::new(),
        };
        let title = match row {
            Some(row) => model.label_of(row),
            None => format!("Add {}", with_article(&model.noun())),
        };
        let shown = match row {
            Some(row) => shown(desk, model, row, can_save).await?,
            None => Vec::new(),
        };
        let failed = !self.problems.is_empty()
            || !self.lines.is_empty()
            || self
                .drawing
                .fields
                .iter()
                .any(|field| !field.errors.is_empty());
        let content = context! {
            title,
            failed,
            problems => self.problems,
            model => Serde(described(model)),
            has_files => model.has_files(),
            parts => Serde(parts(model, self.drawing.fields)),
            shown => Serde(shown),
            inlines => Serde(inlines),
            can_save,
            can_add => desk.may(Access::Add, model, None),
            can_delete => row.is_some() && desk.may(Access::Delete, model, row),
            row => row.map(|row| format!("{}/{}", model.address(), sql::in_address(model, row))),
            token => Secret::random()?.as_str().to_owned(),
            was => row.map(|_| serde_json::to_string(&was).unwrap_or_default()),
            children => Serde(children(desk, model, row).await?),
            history => Serde(history(desk, model, row).await?),
        };
        desk.render("form.html", &model.address(), content)
    }

    /// The boxes of a table between two others.
    async fn ticked(
        &self,
        many: &Many,
        kept: &[String],
        form: Option<&Form>,
    ) -> Result<Option<DrawnField>> {
        let desk = &self.at.desk;
        let all = match many.choices {
            Choices::Permissions => {
                let mut all = desk.admin.permissions();
                // What the code asks for beside models is kept.
                all.extend(
                    kept.iter()
                        .filter(|known| !all.contains(known))
                        .cloned()
                        .collect::<Vec<_>>(),
                );
                Some(all.into_iter().map(|name| (name.clone(), name)).collect())
            }
            Choices::Rows => choices_of_many(desk, many).await?,
        };
        let Some(all) = all else { return Ok(None) };
        let sent: Option<Vec<&str>> = form
            .filter(|form| form.all("_many").any(|name| name == many.name))
            .map(|form| form.all(many.name).collect());
        let is_chosen = |value: &String| match &sent {
            Some(sent) => sent.contains(&value.as_str()),
            None => kept.contains(value),
        };
        Ok(Some(DrawnField {
            name: many.name.to_owned(),
            label: words(many.name),
            widget: "checkboxes",
            optional: true,
            errors: self.many_errors.get(many.name).cloned().unwrap_or_default(),
            choices: all
                .into_iter()
                .map(|(value, label)| Choice {
                    chosen: is_chosen(&value),
                    value,
                    label,
                })
                .collect(),
            ..DrawnField::default()
        }))
    }
}

async fn choices_of_many(desk: &Desk, many: &Many) -> Result<Option<Vec<(String, String)>>> {
    let between = desk.admin.models().find(|model| model.table == many.table);
    let reference = between.and_then(|model| model.reference(&many.right.name));
    let target = reference.and_then(|reference| desk.admin.of_table(&reference.table));
    match target {
        Some(target) => rows_to_choose(desk, target, MOST_CHOICES).await,
        None => Ok(None),
    }
}

/// The rows that a column may refer to: keys and labels. None if there are more, or they may not be seen.
pub(crate) async fn referable(
    desk: &Desk,
    model: &Model,
    name: &str,
    most: u64,
) -> Result<Option<Vec<(String, String)>>> {
    let reference = model.reference(name);
    let target = reference.and_then(|reference| desk.admin.of_table(&reference.table));
    match target {
        Some(target) => rows_to_choose(desk, target, most).await,
        None => Ok(None),
    }
}

async fn rows_to_choose(
    desk: &Desk,
    target: &Model,
    most: u64,
) -> Result<Option<Vec<(String, String)>>> {
    if !desk.may(Access::View, target, None) {
        return Ok(None);
    }
    let mut rows = desk.rows_of(target)?;
    rows.limit(most + 1);
    let rows = target.rows(&desk.site.db, rows).await?;
    if rows.len() as u64 > most {
        return Ok(None);
    }
    let mut choices: Vec<(String, String)> = rows
        .iter()
        .map(|row| (target.id_of(row), target.label_of(row)))
        .collect();
    choices.sort_by_key(|(_, label)| label.to_lowercase());
    Ok(Some(choices))
}

/// A reference is chosen from a list or, from many rows, typed as a key whose meaning is shown.
async fn refer(desk: &Desk, model: &Model, field: &mut DrawnField) -> Result<()> {
    let Some(reference) = model.reference(&field.name) else {
        return Ok(());
    };
    if let Some(choices) = referable(desk, model, &field.name, MOST_CHOICES).await? {
        field.widget = "select";
        let known = field.value.is_empty() || choices.iter().any(|(key, _)| *key == field.value);
        let unknown = (!known).then(|| (field.value.clone(), field.value.clone()));
        field.choose(choices.into_iter().chain(unknown));
        return Ok(());
    }
    if let Some(target) = desk.admin.of_table(&reference.table) {
        field.lookup = target.address();
    }
    let row = Row::from_iter([(field.name.clone(), Value::from(field.value.clone()))]);
    let labels = Labels::read(desk, model, std::slice::from_ref(&field.name), &[row]).await?;
    if let Some((label, _)) = labels.get(&field.name, &Value::from(field.value.clone())) {
        field.meaning.clone_from(label);
    }
    Ok(())
}

/// The fields by the headings of their parts; what no part names comes last.
fn parts(model: &Model, mut fields: Vec<DrawnField>) -> Vec<Part> {
    let mut parts = Vec::new();
    for (heading, names) in &model.options.fieldsets {
        let (chosen, others) = fields
            .into_iter()
            .partition(|field: &DrawnField| names.contains(&field.name));
        fields = others;
        parts.push(Part {
            heading: (*heading).to_owned(),
            fields: chosen,
        });
    }
    parts.push(Part {
        heading: String::new(),
        fields,
    });
    parts.retain(|part| !part.fields.is_empty());
    parts
}

/// What the form does not change: everything, for who may only look.
async fn shown(desk: &Desk, model: &Model, row: &Row, can_save: bool) -> Result<Vec<Shown>> {
    let editable = editable(desk, model);
    let is_edited = |name: &str| can_save && editable.iter().any(|field| field.name == name);
    let columns = model.columns.iter().map(|column| column.name.clone());
    let names: Vec<String> = columns
        .filter(|name| row.contains_key(name) && !is_edited(name))
        .collect();
    let labels = Labels::read(desk, model, &names, std::slice::from_ref(row)).await?;
    let shown = names.iter().map(|name| Shown {
        label: label(name),
        cell: Cell::new(model, name, row, &labels),
    });
    Ok(shown.collect())
}

async fn children(desk: &Desk, model: &Model, row: Option<&Row>) -> Result<Vec<Children>> {
    let (Some(row), [key]) = (row, &model.keys[..]) else {
        return Ok(Vec::new());
    };
    let text = plain(&row[key]);
    let mut found = Vec::new();
    for child in desk.admin.models() {
        if !desk.may(Access::View, child, None) {
            continue;
        }
        let references = child.references.iter();
        for reference in references.filter(|reference| reference.table == model.table) {
            let Some(column) = child.column(&reference.name) else {
                continue;
            };
            let Some(value) = sql::value(column, &text) else {
                continue;
            };
            let mut rows = desk.rows_of(child)?;
            rows.and_where(sql::column(child, column).eq(value));
            let count = sql::count(&desk.site.db, &rows).await?;
            let href = children_address(child, reference, &text);
            found.push(Children {
                label: words(&child.plural),
                count: sql::in_words(count, &child.noun(), &child.plural),
                add: match desk.may(Access::Add, child, None) {
                    true => href.replacen('?', "/add?", 1),
                    false => String::new(),
                },
                href,
            });
        }
    }
    Ok(found)
}

async fn history(
    desk: &Desk,
    model: &Model,
    row: Option<&Row>,
) -> Result<Vec<crate::history::Line>> {
    let Some(row) = row else {
        return Ok(Vec::new());
    };
    let entries = log::of_object(&desk.site.db, model, &model.id_of(row), 3).await?;
    Ok(entries.iter().map(crate::history::Line::new).collect())
}

pub(crate) fn with_article(noun: &str) -> String {
    let article = match noun.starts_with(['a', 'e', 'i', 'o']) {
        true => "an",
        false => "a",
    };
    format!("{article} {noun}")
}
