//! The page of a form: its fields, what is shown beside them, and what was wrong.

use axum::response::Response;
use minijinja::context;
use minijinja::value::Serde;
use platform::Result;
use platform::error::FieldErrors;
use platform::form::Form;
use platform::forms::{Choice, Drawing, DrawnField, label, words};
use platform::secret::Secret;
use sea_orm::ExprTrait;
use serde::Serialize;

use crate::cells::{Cell, Labels, children_address};
use crate::choices::{choices_of_many, refer};
use crate::described::described;
use crate::desk::{Desk, ModelDesk};
use crate::model::{Choices, Many, Model, plain};
use crate::options::Access;
use crate::row::Row;
use crate::save::{self, LineErrors, editable};
use crate::ticks::{tickable, ticks};
use crate::{inline, log, merge, sql};

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

/// The page of a form.
pub(crate) struct Page<'a> {
    at: &'a ModelDesk,
    model: &'a Model,
    pub drawing: Drawing,
    /// What is wrong with no field in particular.
    pub problems: Vec<String>,
    pub many_errors: FieldErrors,
    pub lines: LineErrors,
    /// Fields of which the user was told what others have made of them.
    pub renewed: Vec<String>,
}

impl<'a> Page<'a> {
    pub fn new(at: &'a ModelDesk, model: &'a Model, drawing: Drawing) -> Self {
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

    pub async fn render(mut self, row: Option<&Row>, form: Option<&Form>) -> Result<Response> {
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
                Some(row) => ticks(&desk.site.db, model, many, row).await?,
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
