//! `…/{id}/history`: who changed what, when; also of a row that is gone.

use axum::response::Response;
use minijinja::context;
use minijinja::value::Serde;
use platform::forms::{label, words};
use platform::{Error, Result};
use serde::Serialize;
use serde_json::Value;

use crate::described::described;
use crate::desk::{Desk, ModelDesk};
use crate::log;
use crate::model::plain;
use crate::models::log_entry::Model as Entry;
use crate::options::Access;

/// An entry of the log, ready to be shown.
#[derive(Debug, Serialize)]
pub(crate) struct Line {
    at: String,
    user: String,
    action: &'static str,
    label: String,
    /// The row; empty if it is gone or has no pages.
    href: String,
    changes: Vec<Change>,
}

#[derive(Debug, Serialize)]
struct Change {
    label: String,
    before: String,
    after: String,
}

impl Line {
    pub fn new(entry: &Entry) -> Self {
        let changes = entry.changes.as_object().into_iter().flatten();
        Self {
            at: entry.at.format("%Y-%m-%d %H:%M").to_string(),
            user: entry.user_label.clone(),
            action: match entry.action.as_str() {
                "add" => "added",
                "delete" => "deleted",
                "import" => "imported",
                _ => "changed",
            },
            label: entry.label.clone(),
            href: String::new(),
            changes: changes
                .map(|(name, values)| Change {
                    label: label(name),
                    before: shown(&values[0]),
                    after: shown(&values[1]),
                })
                .collect(),
        }
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(", "),
        other => plain(other),
    }
}

/// Shows what was done to a row.
pub(crate) async fn page(at: ModelDesk) -> Result<Response> {
    let (desk, model) = (&at.desk, at.model()?);
    desk.must(Access::View, model, None)?;
    let row = match at.row(model).await {
        Ok(row) => Some(row),
        // A row that is out of the user's sight is not shown by its history either.
        Err(Error::NotFound) if exists(&at).await? => return Err(Error::NotFound),
        Err(Error::NotFound) => None,
        Err(error) => return Err(error),
    };
    let entries = log::of_object(&desk.site.db, model, at.id(), 200).await?;
    let name = match (&row, entries.first()) {
        (Some(row), _) => model.label_of(row),
        (None, Some(entry)) => entry.label.clone(),
        (None, None) => return Err(Error::NotFound),
    };
    let content = context! {
        title => format!("History of {name}"),
        label => name,
        model => Serde(described(model)),
        heading => words(&model.plural),
        row => row.map(|row| crate::sql::address(model, &row)),
        lines => Serde(entries.iter().map(Line::new).collect::<Vec<_>>()),
    };
    desk.render("history.html", &model.address(), content)
}

/// Whether there is such a row, whoever may see it.
async fn exists(at: &ModelDesk) -> Result<bool> {
    let model = at.model()?;
    let mut rows = (model.calls()?.select)();
    rows.cond_where(crate::sql::key(model, at.id()).ok_or(Error::NotFound)?);
    Ok(!model.rows(&at.desk.site.db, rows).await?.is_empty())
}

/// `/admin`: the models, and what the user has done last.
pub(crate) async fn dashboard(desk: Desk) -> Result<Response> {
    let entries = log::of_user(&desk.site.db, &desk.user).await?;
    let line = |entry: &Entry| {
        let (app, rest) = entry.object.split_once('.')?;
        let (name, id) = rest.split_once(':')?;
        let model = desk.admin.model(app, name)?;
        let mut line = Line::new(entry);
        if !["delete", "import"].contains(&entry.action.as_str()) {
            let id = crate::sql::segment(id);
            line.href = format!("{}/{id}/change", model.address());
        }
        desk.may(Access::View, model, None).then_some(line)
    };
    let lines: Vec<Line> = entries.iter().filter_map(line).collect();
    let content = context! { title => "Admin", lines => Serde(lines) };
    desk.render("index.html", "/admin", content)
}
