//! `/admin/{app}/{model}`: the rows of a model, a page at a time.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use minijinja::context;
use minijinja::value::Serde;
use platform::form::Form;
use platform::forms::{DrawnField, label, words};
use platform::{Error, Result};
use sea_orm::ColumnType;
use sea_orm::sea_query::{Expr, SelectStatement};
use serde::Serialize;

use crate::cells::{Cell, Labels};
use crate::described::described;
use crate::desk::{Desk, ModelDesk};
use crate::facets::filters;
use crate::filter::{Asked, is_orderable};
use crate::lines::{Drawn, Lines, collect, sent};
use crate::model::{Column, Model};
use crate::options::{Access, Order};
use crate::row::{NOTHING, Row};
use crate::save::{Failure, LineErrors};
use crate::{notice, sql};

/// A column's heading.
#[derive(Serialize)]
struct Heading {
    label: String,
    /// Where the list is ordered by it; empty if it cannot be.
    href: String,
    /// As `aria-sort` has it.
    sorted: &'static str,
    number: bool,
}

#[derive(Serialize)]
struct Line {
    id: String,
    label: String,
    href: String,
    cells: Vec<Place>,
    /// What is sent along for what is changed in it.
    edit: Option<Drawn>,
}

/// A cell of the list: a value, or a field to change it in.
#[derive(Serialize)]
struct Place {
    value: Cell,
    field: Option<DrawnField>,
}

/// Shows the list.
pub(crate) async fn page(at: ModelDesk) -> Result<Response> {
    let (desk, model) = (&at.desk, at.model()?);
    desk.must(Access::View, model, None)?;
    let asked = Asked::read(model, &desk.query)?;
    let mut all = desk.rows_of(model)?;
    asked.narrow(model, &mut all, desk.site.db.get_database_backend())?;
    let part = part(desk, model, &asked, all.clone()).await?;
    if part.rows.is_empty() && asked.page > 1 {
        let last = last_page(desk, &asked, all).await?.to_string();
        let address = format!("{}{}", model.address(), asked.link("page", Some(&last)));
        return Ok(Redirect::to(&address).into_response());
    }
    render(desk, model, &asked, (part, all), None).await
}

/// What the lines of the list are called in its form.
const GROUP: &str = "row";

/// Saves what was changed in the list: all of it, or nothing.
pub(crate) async fn save(at: ModelDesk, form: Form) -> Result<Response> {
    let (desk, model) = (&at.desk, at.model()?);
    desk.must(Access::Change, model, None)?;
    let asked = Asked::read(model, &desk.query)?;
    let lines = Lines::new(desk, model, |name| is_edited(model, name)).await?;
    let transaction = desk.begin().await?;
    let (mut count, mut errors) = (0, LineErrors::new());
    for line in sent(&form, GROUP).iter().filter(|line| !line.id.is_empty()) {
        let saved = lines
            .save(&transaction, line, desk.rows_of(model)?, &NOTHING)
            .await;
        match collect(&mut errors, line, saved) {
            Ok(saved) => count += u64::from(saved),
            Err(Failure::Other(error)) => return Err(error),
            Err(_) => return Err(Error::bad_request("The form makes no sense.")),
        }
    }
    if errors.is_empty() {
        transaction.commit().await?;
        let page = desk.query.get("page");
        let address = format!("{}{}", model.address(), asked.link("page", page));
        let done = if count == 0 { "same" } else { "changed" };
        return Ok(notice::redirect(&desk.site, &address, done, count, ""));
    }
    transaction.rollback().await?;
    let mut all = desk.rows_of(model)?;
    asked.narrow(model, &mut all, desk.site.db.get_database_backend())?;
    let part = part(desk, model, &asked, all.clone()).await?;
    let page = render(desk, model, &asked, (part, all), Some((&form, &errors))).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// Whether a column is changed in the list: not the first one, which leads to the row.
fn is_edited(model: &Model, name: &str) -> bool {
    let is_first = shown(model).first().is_some_and(|first| first == name);
    model.options.editable.iter().any(|known| known == name) && !is_first
}

/// Draws the list, with what was typed into it.
async fn render(
    desk: &Desk,
    model: &Model,
    asked: &Asked,
    (Part { rows, more }, all): (Part, SelectStatement),
    form: Option<(&Form, &LineErrors)>,
) -> Result<Response> {
    let count = match more {
        true => sql::count(&desk.site.db, &all).await?,
        // This is the last page: the database need not look for them a second time.
        false => (asked.page - 1) * asked.page_size + rows.len() as u64,
    };
    let shown = shown(model);
    let labels = Labels::read(desk, model, &shown, &rows).await?;
    let mut lines: Vec<Line> = rows
        .iter()
        .map(|row| line(model, row, &shown, &labels))
        .collect();
    let mut problems = Vec::new();
    let is_editable = shown.iter().any(|name| is_edited(model, name));
    if is_editable && desk.may(Access::Change, model, None) {
        problems = edit(desk, model, (&rows, &shown), &mut lines, form).await?;
    }
    let content = context! {
        model => Serde(described(model)),
        title => words(&model.plural),
        count => sql::in_words(count, &model.noun(), &model.plural),
        add => desk.may(Access::Add, model, None),
        can_import => desk.may(Access::Add, model, None) || desk.may(Access::Change, model, None),
        search => asked.search.clone(),
        can_search => !model.options.search.is_empty() || !model.options.exact.is_empty(),
        search_others => asked.others("search"),
        headings => Serde(headings(model, &shown, asked)),
        failed => form.is_some(),
        problems,
        editable => lines.iter().any(|line| line.edit.is_some()),
        lines => Serde(lines),
        filters => Serde(filters(desk, model, asked).await?),
        chips => Serde(asked.chips()),
        query => asked.link("page", None),
        here => asked.link("page", Some(&asked.page.to_string())),
        previous => (asked.page > 1).then(|| asked.link("page", Some(&(asked.page - 1).to_string()))),
        next => more.then(|| asked.link("page", Some(&(asked.page + 1).to_string()))),
        page => asked.page,
        actions => Serde(crate::action::offered(desk, model)),
        fits => count <= sql::MOST_COUNTED,
    };
    desk.render("list.html", &model.address(), content)
}

/// Puts fields into the lines that may be changed; answers what is wrong with lines that are not on this page.
async fn edit(
    desk: &Desk,
    model: &Model,
    (rows, shown): (&[Row], &[String]),
    lines: &mut [Line],
    form: Option<(&Form, &LineErrors)>,
) -> Result<Vec<String>> {
    let drawing = Lines::new(desk, model, |name| is_edited(model, name)).await?;
    let sent = form.map(|(form, _)| sent(form, GROUP)).unwrap_or_default();
    let mut errors = form.map(|(_, errors)| errors.clone()).unwrap_or_default();
    for (number, (row, line)) in rows.iter().zip(lines).enumerate() {
        if !desk.may(Access::Change, model, Some(row)) {
            continue;
        }
        let sent = sent.iter().find(|sent| sent.id == line.id);
        let prefix = format!("{GROUP}-{number}-");
        let found = sent.and_then(|sent| errors.remove(&sent.prefix));
        let mut drawn = drawing.draw(&prefix, Some(row), sent, found.as_ref());
        for field in drawn.fields.drain(..) {
            let place = shown
                .iter()
                .position(|name| field.name == format!("{prefix}{name}"));
            if let Some(cell) = place.and_then(|place| line.cells.get_mut(place)) {
                cell.field = Some(field);
            }
        }
        line.edit = Some(drawn);
    }
    let left = errors.into_values().flatten();
    Ok(left
        .flat_map(|(name, messages)| {
            messages
                .into_iter()
                .map(move |message| format!("{} {message}", label(&name)))
        })
        .collect())
}

/// The columns of the list.
pub(crate) fn shown(model: &Model) -> Vec<String> {
    let options = &model.options;
    match (options.list.is_empty(), &options.label) {
        (false, _) => options.list.clone(),
        (true, Some(label)) => vec![label.clone()],
        (true, None) => model.keys.clone(),
    }
}

/// The last page. All rows are counted, which only a page behind it is worth.
async fn last_page(desk: &Desk, asked: &Asked, mut all: SelectStatement) -> Result<u64> {
    all.clear_selects().clear_order_by().expr(Expr::cust("1"));
    let count = sql::exact_count(&desk.site.db, all).await?;
    Ok(count.div_ceil(asked.page_size).max(1))
}

/// The rows of a page, and whether more follow.
struct Part {
    rows: Vec<Row>,
    more: bool,
}

async fn part(
    desk: &Desk,
    model: &Model,
    asked: &Asked,
    mut rows: SelectStatement,
) -> Result<Part> {
    asked.order(model, &mut rows);
    let offset = (asked.page - 1).saturating_mul(asked.page_size);
    rows.limit(asked.page_size + 1)
        .offset(offset.min(i64::MAX as u64));
    if offset >= FAR {
        rows = sql::by_keys(model, rows)?;
        asked.order(model, &mut rows);
    }
    let mut rows = model.rows(&desk.site.db, rows).await?;
    let more = rows.len() as u64 > asked.page_size;
    rows.truncate(asked.page_size as usize);
    Ok(Part { rows, more })
}

/// So many rows before a page are not read in full.
const FAR: u64 = 1_000;

fn line(model: &Model, row: &Row, shown: &[String], labels: &Labels) -> Line {
    let cells = shown.iter().map(|name| Place {
        value: Cell::new(model, name, row, labels),
        field: None,
    });
    Line {
        id: model.id_of(row),
        label: model.label_of(row),
        href: sql::address(model, row),
        cells: cells.collect(),
        edit: None,
    }
}

fn headings(model: &Model, shown: &[String], asked: &Asked) -> Vec<Heading> {
    let usual = match asked.ordering.is_empty() {
        true => &model.options.ordering,
        false => &asked.ordering,
    };
    let heading = |name: &String| {
        let current = usual.iter().find(|(ordered, _)| ordered == name);
        let (sorted, next) = match current {
            Some((_, Order::Asc)) => ("ascending", format!("-{name}")),
            Some((_, Order::Desc)) => ("descending", name.clone()),
            None => ("", name.clone()),
        };
        let href = match is_orderable(model, name) {
            true => asked.link("ordering", Some(&next)),
            false => String::new(),
        };
        let is_number = |column: &Column| model.reference(name).is_none() && is_number(column);
        Heading {
            label: label(name),
            href,
            sorted,
            number: model.column(name).is_some_and(is_number),
        }
    };
    shown.iter().map(heading).collect()
}

fn is_number(column: &Column) -> bool {
    matches!(
        column.kind,
        ColumnType::SmallInteger
            | ColumnType::Integer
            | ColumnType::BigInteger
            | ColumnType::Float
            | ColumnType::Double
            | ColumnType::Decimal(_)
    )
}
