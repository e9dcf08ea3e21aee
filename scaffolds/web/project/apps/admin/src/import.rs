//! `…/import`: rows from a CSV file. They are saved to see what comes of it, and taken back; once that was looked at,
//! they are saved for good: all of them, or none.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use minijinja::context;
use minijinja::value::Serde;
use platform::error::FieldErrors;
use platform::form::Form;
use platform::forms::{label, words};
use platform::secret::Secret;
use platform::{Error, Result};
use sea_orm::DatabaseTransaction;
use serde::Serialize;

use crate::described::described;
use crate::desk::{Desk, ModelDesk};
use crate::log::{self, Done};
use crate::model::Model;
use crate::options::Access;
use crate::row::{NOTHING, Row};
use crate::save::{self, Failure};
use crate::table::{Record, Table};
use crate::{notice, sql};

/// A request may be so long: the file, and in the second step its text with what stands around it.
pub(crate) const MOST_BYTES: usize = 8 * 1024 * 1024;
const MOST_ROWS: usize = 10_000;
/// So many rows are shown, and so much of what is wrong.
const SHOWN: usize = 20;
const MOST_PROBLEMS: usize = 100;

/// What is wrong, and where in the file.
#[derive(Debug, Serialize)]
struct Problem {
    line: u64,
    column: String,
    message: String,
}

/// What becomes of a row.
#[derive(Debug, Serialize)]
struct Line {
    line: u64,
    /// `added`, `changed` or `same`
    done: &'static str,
    cells: Vec<String>,
}

/// What comes of a file.
#[derive(Debug, Default)]
struct Outcome {
    problems: Vec<Problem>,
    lines: Vec<Line>,
    added: u64,
    changed: u64,
    same: u64,
}

/// Asks for the file.
pub(crate) async fn page(at: ModelDesk) -> Result<Response> {
    must(&at)?;
    show(&at, None, "", &Outcome::default(), Vec::new())
}

/// Whoever may add or change; each row takes the one that it needs.
fn must(at: &ModelDesk) -> Result<()> {
    let model = at.model()?;
    match at.desk.may(Access::Change, model, None) {
        true => Ok(()),
        false => at.desk.must(Access::Add, model, None),
    }
}

/// Shows what would come of the file; or saves what was shown.
pub(crate) async fn run(at: ModelDesk, form: Form) -> Result<Response> {
    must(&at)?;
    let (desk, model) = (&at.desk, at.model()?);
    let fields = save::editable(desk, model);
    let text = match (form.get("text"), form.file("file")) {
        (Some(text), _) => Ok(text.replace("\r\n", "\n")),
        (None, Some(content)) => crate::table::decoded(content),
        (None, None) if form.is_too_large() => Err(format!("It {}.", form.limit_in_words())),
        (None, None) => Err("Choose a file first.".to_owned()),
    };
    let table = text.and_then(|text| Ok((Table::read(model, &fields, &text, MOST_ROWS)?, text)));
    let (table, text) = match table {
        Ok(read) => read,
        Err(problem) => {
            let page = show(&at, None, "", &Outcome::default(), vec![problem])?;
            let status = match form.is_too_large() {
                true => StatusCode::PAYLOAD_TOO_LARGE,
                false => StatusCode::UNPROCESSABLE_ENTITY,
            };
            return Ok((status, page).into_response());
        }
    };
    let import = Import {
        desk,
        model,
        table: &table,
    };
    let transaction = desk.begin().await?;
    let token = form.get("_token").filter(|_| form.get("text").is_some());
    let Some(entry) = log::begin(&transaction, model, &desk.user, token).await? else {
        return Ok(Redirect::to(&model.address()).into_response());
    };
    let outcome = import.save(&transaction).await?;
    if outcome.problems.is_empty() && token.is_some() {
        let label = format!("{} added, {} changed", outcome.added, outcome.changed);
        log::finish_import(&transaction, model, entry, &label).await?;
        transaction.commit().await?;
        let (address, count) = (model.address(), outcome.added + outcome.changed);
        return Ok(notice::redirect(
            &desk.site, &address, "imported", count, "",
        ));
    }
    transaction.rollback().await?;
    let page = show(&at, Some(&table), &text, &outcome, Vec::new())?;
    match outcome.problems.is_empty() {
        true => Ok(page),
        false => Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response()),
    }
}

struct Import<'a> {
    desk: &'a Desk,
    model: &'a Model,
    table: &'a Table,
}

impl Import<'_> {
    /// Saves every row, and goes on behind those that cannot be: all that is wrong is told at once.
    async fn save(&self, db: &DatabaseTransaction) -> Result<Outcome> {
        let mut outcome = Outcome::default();
        for record in &self.table.records {
            let done = match self.one(db, record).await {
                Ok(done) => done,
                Err(failure) => {
                    outcome.problems.extend(problems(record, failure)?);
                    continue;
                }
            };
            match done {
                "added" => outcome.added += 1,
                "changed" => outcome.changed += 1,
                _ => outcome.same += 1,
            }
            if outcome.lines.len() < SHOWN {
                outcome.lines.push(Line {
                    line: record.line,
                    done,
                    cells: record.cells.clone(),
                });
            }
            if outcome.problems.len() >= MOST_PROBLEMS {
                break;
            }
        }
        outcome.problems.truncate(MOST_PROBLEMS);
        Ok(outcome)
    }

    async fn one(
        &self,
        db: &DatabaseTransaction,
        record: &Record,
    ) -> Result<&'static str, Failure> {
        let (desk, model) = (self.desk, self.model);
        let errors: FieldErrors = record.errors.clone();
        if let Some(row) = self.known(db, record).await? {
            desk.must(Access::Change, model, Some(&row))?;
            let changed = record.changed(model, &row);
            let names = changed.keys();
            let errors = errors
                .into_iter()
                .filter(|(name, _)| record.differs(model, &row, name));
            let errors: FieldErrors = errors.collect();
            if names.len() == 0 && errors.is_empty() {
                return Ok("same");
            }
            save::checked(model, changed.clone(), errors, &row)?;
            let merge = |now: &Row| {
                let mut wanted = save::of_input(model, now);
                wanted.extend(changed.clone());
                Ok(wanted)
            };
            let mut statement = desk.rows_of(model)?;
            statement.cond_where(sql::key(model, &model.id_of(&row)).ok_or(Error::NotFound)?);
            let (before, after) = save::update_in(model, db, statement, &changed, &merge).await?;
            let done = Done::new(model, Access::Change, &before, &after);
            log::note(db, model, &desk.user, done).await?;
            return Ok(match before == after {
                true => "same",
                false => "changed",
            });
        }
        desk.must(Access::Add, model, None)?;
        let input = save::checked(model, record.values.clone(), errors, &NOTHING)?;
        let row = save::insert_in(desk, model, db, input).await?;
        let done = Done::new(model, Access::Add, &NOTHING, &row);
        log::note(db, model, &desk.user, done).await?;
        Ok("added")
    }

    /// The row that has the key of the record, if it has one.
    ///
    /// # Errors
    /// There is no such row, and its key cannot be chosen.
    async fn known(
        &self,
        db: &DatabaseTransaction,
        record: &Record,
    ) -> Result<Option<Row>, Failure> {
        let Some(id) = &record.id else {
            return Ok(None);
        };
        let mut rows = self.desk.rows_of(self.model)?;
        let mut found = Vec::new();
        if let Some(key) = sql::key(self.model, id) {
            rows.cond_where(key);
            found = self.model.rows(db, rows).await?;
        }
        let keys = &self.model.keys;
        let is_chosen = keys.iter().all(|key| self.model.field(key).is_some());
        match found.pop() {
            None if !is_chosen => {
                let message = format!("has no row: {id}. Leave it empty to add one");
                Err(Error::invalid(&keys[0], message).into())
            }
            row => Ok(row),
        }
    }
}

fn problems(record: &Record, failure: Failure) -> Result<Vec<Problem>> {
    let line = record.line;
    let problem = |column: String, message: String| Problem {
        line,
        column,
        message,
    };
    match failure {
        Failure::Fields(_, errors) => Ok(errors
            .into_iter()
            .flat_map(|(name, messages)| messages.into_iter().map(move |text| (name.clone(), text)))
            .map(|(name, message)| problem(name, message))
            .collect()),
        Failure::Other(Error::Conflict { detail, .. }) => Ok(vec![problem(String::new(), detail)]),
        Failure::Other(Error::Refused(status, detail)) if status.is_client_error() => {
            Ok(vec![problem(String::new(), detail)])
        }
        Failure::Other(error) => Err(error),
        Failure::Lines(..) | Failure::Twice => Ok(Vec::new()),
    }
}

fn show(
    at: &ModelDesk,
    table: Option<&Table>,
    text: &str,
    outcome: &Outcome,
    failed: Vec<String>,
) -> Result<Response> {
    let (desk, model) = (&at.desk, at.model()?);
    let fields = save::editable(desk, model);
    let hints: BTreeMap<&str, String> = fields
        .iter()
        .map(|field| (&*field.name, label(&field.name)))
        .collect();
    let is_ready = table.is_some_and(|table| !table.records.is_empty());
    let content = context! {
        title => format!("Import {}", model.plural),
        model => Serde(described(model)),
        heading => words(&model.plural),
        failed => !failed.is_empty() || !outcome.problems.is_empty(),
        messages => failed,
        problems => Serde(&outcome.problems),
        names => table.map(|table| table.names.clone()),
        ignored => table.map(|table| table.ignored.clone()),
        lines => Serde(&outcome.lines),
        counts => [outcome.added, outcome.changed, outcome.same],
        total => table.map(|table| table.records.len()),
        columns => hints,
        keys => model.keys.clone(),
        most => MOST_ROWS,
        confirm => is_ready && outcome.problems.is_empty() && outcome.added + outcome.changed > 0,
        text,
        token => Secret::random()?.as_str().to_owned(),
    };
    desk.render("import.html", &model.address(), content)
}
