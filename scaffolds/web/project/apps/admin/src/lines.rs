//! Several rows in one form. Each line carries the key of its row, so that the row that was meant is changed, wherever
//! it stands by then.

use std::collections::{BTreeMap, HashMap};

use axum::http::StatusCode;
use platform::error::FieldErrors;
use platform::form::Form;
use platform::forms::{Drawing, DrawnField};
use platform::input::{InputField, Kind};
use platform::{Error, Result};
use sea_orm::DatabaseTransaction;
use sea_orm::sea_query::SelectStatement;
use serde::Serialize;
use serde_json::Value;

use crate::choices::{MOST_CHOICES, referable};
use crate::desk::Desk;
use crate::log::{self, Done};
use crate::merge::{self, Was};
use crate::model::Model;
use crate::options::Access;
use crate::row::{NOTHING, Row};
use crate::save::{self, Change, Failure, LineErrors};
use crate::sql;

/// A line that was sent.
pub(crate) struct Sent {
    pub prefix: String,
    /// The key of its row; empty for a new one.
    pub id: String,
    pub form: Form,
}

/// The lines of a form whose fields are called `{group}-{number}-{field}`.
pub(crate) fn sent(form: &Form, group: &str) -> Vec<Sent> {
    let mut lines: BTreeMap<usize, Vec<(String, String)>> = BTreeMap::new();
    for (name, value) in form.pairs() {
        let rest = name
            .strip_prefix(group)
            .and_then(|rest| rest.strip_prefix('-'));
        if let Some((number, field)) = rest.and_then(|rest| rest.split_once('-'))
            && let Ok(number) = number.parse()
        {
            let line = lines.entry(number).or_default();
            line.push((field.to_owned(), value.clone()));
        }
    }
    let line = |(number, pairs)| {
        let form = Form::new(pairs);
        Sent {
            prefix: format!("{group}-{number}-"),
            id: form.get("_id").unwrap_or_default().to_owned(),
            form,
        }
    };
    lines.into_iter().map(line).collect()
}

/// A line to be drawn.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Drawn {
    pub prefix: String,
    pub id: String,
    pub label: String,
    /// The page of its row; empty for a new one.
    pub href: String,
    pub was: String,
    pub fields: Vec<DrawnField>,
    pub problems: Vec<String>,
}

/// Draws and saves the lines of a model.
pub(crate) struct Lines<'a> {
    pub desk: &'a Desk,
    pub model: &'a Model,
    pub fields: Vec<InputField>,
    /// What references may lead to, if that is not too much.
    choices: HashMap<String, Vec<(String, String)>>,
}

impl<'a> Lines<'a> {
    /// Lines with these fields. Files have no place in them.
    pub async fn new(
        desk: &'a Desk,
        model: &'a Model,
        is_shown: impl Fn(&str) -> bool,
    ) -> Result<Self> {
        let mut fields = save::editable(desk, model);
        fields.retain(|field| field.kind != Kind::Bytes && is_shown(&field.name));
        let mut choices = HashMap::new();
        for field in &fields {
            if let Some(found) = referable(desk, model, &field.name, MOST_CHOICES).await? {
                choices.insert(field.name.clone(), found);
            }
        }
        Ok(Self {
            desk,
            model,
            fields,
            choices,
        })
    }

    /// Draws the line of a row, or of a new one; as it was sent, if it was.
    pub fn draw(
        &self,
        prefix: &str,
        row: Option<&Row>,
        sent: Option<&Sent>,
        errors: Option<&FieldErrors>,
    ) -> Drawn {
        let whole = row.map(|row| Value::Object(row.clone()));
        let fresh = match &whole {
            Some(row) => Drawing::of_row(&self.fields, row),
            None => Drawing::new(&self.fields),
        };
        let texts = fresh.fields.iter().map(|field| (&field.name, &field.value));
        let was: BTreeMap<_, _> = texts.collect();
        let was = serde_json::to_string(&was).unwrap_or_default();
        let before = sent
            .and_then(|sent| sent.form.get("_was"))
            .unwrap_or(&was)
            .to_owned();
        let mut drawing = match sent {
            Some(sent) => Drawing::of_form(&self.fields, &sent.form),
            None => fresh,
        };
        let problems = drawing.refuse(errors.cloned().unwrap_or_default());
        let label = match row {
            Some(row) => self.model.label_of(row),
            None => format!("new {}", self.model.noun()),
        };
        for field in &mut drawing.fields {
            if let Some(choices) = self.choices.get(&field.name) {
                field.widget = "select";
                field.choose(choices.iter().cloned());
            }
            field.label = format!("{} of {label}", field.label);
            field.hint.clear();
            field.optional = false;
            field.name = format!("{prefix}{}", field.name);
        }
        Drawn {
            prefix: prefix.to_owned(),
            id: row.map(|row| self.model.id_of(row)).unwrap_or_default(),
            href: row
                .map(|row| sql::address(self.model, row))
                .unwrap_or_default(),
            label,
            was: before,
            fields: drawing.fields,
            problems,
        }
    }

    /// Saves a line that says something new; answers whether it did. `rows` are those that it may be about, and `given`
    /// what a new row has beside its fields.
    pub async fn save(
        &self,
        db: &DatabaseTransaction,
        sent: &Sent,
        mut rows: SelectStatement,
        given: &Row,
    ) -> Result<bool, Failure> {
        let (desk, model) = (self.desk, self.model);
        let was: Was =
            serde_json::from_str(sent.form.get("_was").unwrap_or_default()).unwrap_or_default();
        if !merge::is_changed(&self.fields, &sent.form, &was) {
            return Ok(false);
        }
        if sent.id.is_empty() {
            desk.must(Access::Add, model, None)?;
            let (mut values, errors) = sent.form.object(&self.fields);
            values.extend(given.clone());
            let input = save::checked(model, values, errors, &NOTHING)?;
            let row = save::insert_in(desk, model, db, input).await?;
            let done = Done::new(model, Access::Add, &NOTHING, &row);
            log::note(db, model, &desk.user, done).await?;
            return Ok(true);
        }
        rows.cond_where(sql::key(model, &sent.id).ok_or(Error::NotFound)?);
        let Some(seen) = model.rows(db, rows.clone()).await?.pop() else {
            return Err(self.gone());
        };
        desk.must(Access::Change, model, Some(&seen))?;
        let change = Change::read(model, self.fields.clone(), &sent.form, &seen)?;
        let (before, after) = change.save(db, rows, &sent.id).await?;
        let done = Done::new(model, Access::Change, &before, &after);
        log::note(db, model, &desk.user, done).await?;
        Ok(true)
    }

    fn gone(&self) -> Failure {
        let field = self.fields.first().map(|field| field.name.clone());
        let message = "was not saved: somebody has deleted the row meanwhile".to_owned();
        let errors = FieldErrors::from([(field.unwrap_or_default(), vec![message])]);
        Failure::Fields(StatusCode::CONFLICT, errors)
    }
}

/// Collects what is wrong with a line; other failures go on.
pub(crate) fn collect(
    errors: &mut LineErrors,
    sent: &Sent,
    saved: Result<bool, Failure>,
) -> Result<bool, Failure> {
    match saved {
        Err(Failure::Fields(_, found)) => {
            errors.insert(sent.prefix.clone(), found);
            Ok(false)
        }
        Err(Failure::Other(Error::Conflict { detail, .. })) => {
            let found = FieldErrors::from([(String::new(), vec![detail])]);
            errors.insert(sent.prefix.clone(), found);
            Ok(false)
        }
        saved => saved,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_told_apart_by_their_numbers() {
        let pairs = [
            ("x-10-a", "second"),
            ("x-2-_id", "7"),
            ("x-2-a-b", "first"),
            ("x-y-a", "no number"),
            ("xx-1-a", "another group"),
            ("x-3", "no field"),
        ];
        let pairs = pairs.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let lines = sent(&Form::new(pairs.to_vec()), "x");
        let read: Vec<_> = lines
            .iter()
            .map(|line| (&*line.prefix, &*line.id, line.form.pairs().len()))
            .collect();
        assert_eq!(read, [("x-2-", "7", 2), ("x-10-", "", 1)]);
        assert_eq!(lines[0].form.get("a-b"), Some("first"));
    }
}
