//! `…/action`: what is done to the rows that are ticked, or to all that match.

use std::collections::HashMap;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use minijinja::context;
use minijinja::value::Serde;
use platform::form::Form;
use platform::forms::{label, words};
use platform::{Error, Result};
use sea_orm::DatabaseTransaction;
use sea_orm::sea_query::SelectStatement;
use serde::Serialize;

use crate::delete::{Falls, delete_row};
use crate::described::described;
use crate::desk::{Desk, ModelDesk};
use crate::filter::Asked;
use crate::log::{self, Done};
use crate::model::Model;
use crate::options::{Access, Action, Work};
use crate::row::{NOTHING, Row};
use crate::selection::{Run, Selection};
use crate::{notice, sql};

/// So many rows can be ticked, more than a page shows.
const MOST_TICKED: usize = 500;

/// Something that may be done to many rows.
#[derive(Serialize)]
pub(crate) struct Offer {
    name: String,
    label: String,
}

/// What the user may do to many rows.
pub(crate) fn offered(desk: &Desk, model: &Model) -> Vec<Offer> {
    let mut offers = Vec::new();
    if desk.may(Access::Change, model, None) {
        let actions = model.options.actions.iter().enumerate();
        offers.extend(actions.map(|(at, action)| Offer {
            name: format!("own-{at}"),
            label: action.label.to_owned(),
        }));
    }
    if desk.may(Access::Delete, model, None) {
        offers.push(Offer {
            name: "delete".to_owned(),
            label: "Delete".to_owned(),
        });
    }
    offers
}

/// What was chosen.
#[derive(Clone, Copy)]
enum Chosen<'a> {
    Delete,
    Own(&'a Action<String>),
}

impl<'a> Chosen<'a> {
    fn read(model: &'a Model, form: &Form) -> Result<Self> {
        let name = form.get("action").unwrap_or_default();
        let number = name
            .strip_prefix("own-")
            .and_then(|at| at.parse::<usize>().ok());
        match number.and_then(|at| model.options.actions.get(at)) {
            Some(action) => Ok(Self::Own(action)),
            None if name == "delete" => Ok(Self::Delete),
            None => Err(Error::bad_request(format!("There is no action `{name}`."))),
        }
    }

    fn access(self) -> Access {
        match self {
            Self::Delete => Access::Delete,
            Self::Own(_) => Access::Change,
        }
    }

    fn label(self) -> &'a str {
        match self {
            Self::Delete => "Delete",
            Self::Own(action) => action.label,
        }
    }
}

/// Asks first, with the number of rows; then does it to all of them or to none.
pub(crate) async fn run(at: ModelDesk, form: Form) -> Result<Response> {
    let (desk, model) = (&at.desk, at.model()?);
    let chosen = Chosen::read(model, &form)?;
    desk.must(chosen.access(), model, None)?;
    let rows = rows(desk, model, &form)?;
    let count = sql::count(&desk.site.db, &rows).await?;
    if count == 0 {
        return Ok(notice::redirect(
            &desk.site,
            &model.address(),
            "same",
            0,
            "",
        ));
    }
    if count > sql::MOST_COUNTED {
        return Err(Error::bad_request(
            "That is too much at once: at most 10,000 rows.",
        ));
    }
    let ask = Ask {
        at: &at,
        form: &form,
        chosen,
        rows: &rows,
        count,
    };
    match form.get("_confirmed").map(str::parse::<u64>) {
        None => ask.render(None).await,
        Some(confirmed) if confirmed != Ok(count) => {
            let problem = format!("There are {count} rows now: look again before you confirm.");
            ask.refuse(StatusCode::CONFLICT, problem).await
        }
        Some(_) => match done(desk, model, chosen, rows.clone()).await {
            Ok(()) => {
                let done = match chosen {
                    Chosen::Delete => "deleted",
                    Chosen::Own(_) => "changed",
                };
                Ok(notice::redirect(
                    &desk.site,
                    &model.address(),
                    done,
                    count,
                    "",
                ))
            }
            Err(Refused::Row(problem)) => {
                ask.refuse(StatusCode::UNPROCESSABLE_ENTITY, problem).await
            }
            Err(Refused::Error(error)) => Err(error),
        },
    }
}

/// The rows that are meant: all that match, or those that are ticked.
fn rows(desk: &Desk, model: &Model, form: &Form) -> Result<SelectStatement> {
    let mut rows = desk.rows_of(model)?;
    if form.get("all").is_some() {
        let asked = Asked::read(model, &desk.query)?;
        asked.narrow(model, &mut rows, desk.site.db.get_database_backend())?;
    } else {
        if form.all("id").count() > MOST_TICKED {
            let detail = "That is too much at once: tick at most 500 rows, or take all that match.";
            return Err(Error::bad_request(detail));
        }
        rows.cond_where(sql::keys(model, form.all("id")));
    }
    Ok(rows)
}

enum Refused {
    /// One of the rows cannot be changed so.
    Row(String),
    Error(Error),
}

impl<E: Into<Error>> From<E> for Refused {
    fn from(error: E) -> Self {
        Self::Error(error.into())
    }
}

/// Does it to every row, in one transaction.
async fn done(
    desk: &Desk,
    model: &Model,
    chosen: Chosen<'_>,
    statement: SelectStatement,
) -> Result<(), Refused> {
    let rows = model.rows(&desk.site.db, statement.clone()).await?;
    for row in &rows {
        desk.must(chosen.access(), model, Some(row))?;
    }
    let transaction = desk.begin().await?;
    if let Chosen::Own(Action {
        work: Work::Run(function),
        ..
    }) = chosen
    {
        return run_own(desk, model, *function, transaction, &rows).await;
    }
    for row in &rows {
        match one(desk, model, chosen, &transaction, row).await {
            // Somebody else has deleted it: that is what was wanted, or nothing to change any more.
            Ok(()) | Err(Error::NotFound) => {}
            Err(error) => {
                transaction.rollback().await?;
                return Err(refused(error, &model.label_of(row)));
            }
        }
    }
    transaction.commit().await?;
    Ok(())
}

/// What to say of an error that is about the rows.
fn refused(error: Error, of: &str) -> Refused {
    let problem = match error {
        Error::Invalid(errors) => errors
            .iter()
            .flat_map(|(name, messages)| messages.iter().map(move |message| (name, message)))
            .map(|(name, message)| format!("{} {message}", label(name)))
            .collect::<Vec<_>>()
            .join("; "),
        Error::Conflict { detail, .. } => detail,
        Error::Refused(status, detail) if status.is_client_error() => detail,
        error => return Refused::Error(error),
    };
    Refused::Row(format!("Nothing was done, because of {of}: {problem}"))
}

/// Calls a function of the owner's, and notes in the log what it has done to the rows.
async fn run_own(
    desk: &Desk,
    model: &Model,
    function: &dyn Run,
    db: DatabaseTransaction,
    before: &[Row],
) -> Result<(), Refused> {
    let mut rows = desk.rows_of(model)?;
    let ids: Vec<String> = before.iter().map(|row| model.id_of(row)).collect();
    rows.cond_where(sql::keys(model, ids.iter().map(String::as_str)));
    let selection = Selection {
        db,
        site: desk.site.clone(),
        user: desk.user.clone(),
        rows: rows.clone(),
    };
    if let Err(error) = function.run(&selection).await {
        selection.db.rollback().await?;
        return Err(refused(error, "what was chosen"));
    }
    let after = model.rows(&selection.db, rows).await?;
    let after: HashMap<String, &Row> = after.iter().map(|row| (model.id_of(row), row)).collect();
    for (id, row) in ids.iter().zip(before) {
        let done = match after.get(id) {
            Some(now) => Done::new(model, Access::Change, row, now),
            None => Done::new(model, Access::Delete, row, &NOTHING),
        };
        log::note(&selection.db, model, &desk.user, done).await?;
    }
    selection.db.commit().await?;
    Ok(())
}

async fn one(
    desk: &Desk,
    model: &Model,
    chosen: Chosen<'_>,
    db: &DatabaseTransaction,
    row: &Row,
) -> Result<()> {
    let mut statement = desk.rows_of(model)?;
    statement.cond_where(sql::key(model, &model.id_of(row)).ok_or(Error::NotFound)?);
    let Chosen::Own(Action {
        work: Work::Set(column, value),
        ..
    }) = chosen
    else {
        return delete_row(desk, model, db, statement).await;
    };
    let field = model.field(column).ok_or(Error::NotFound)?;
    let form = Form::new(vec![(column.clone(), (*value).to_owned())]);
    let merge = |now: &Row| {
        let value = form.value(field);
        let value = value.map_err(|message| Error::invalid(column, message))?;
        let mut wanted = now.clone();
        wanted.insert(column.clone(), value.unwrap_or_default());
        Ok(wanted)
    };
    let (before, after) = (model.calls()?.update)(db, statement, &merge).await?;
    let done = Done::new(model, Access::Change, &before, &after);
    log::note(db, model, &desk.user, done).await
}

/// The page that asks.
struct Ask<'a> {
    at: &'a ModelDesk,
    form: &'a Form,
    chosen: Chosen<'a>,
    rows: &'a SelectStatement,
    count: u64,
}

impl Ask<'_> {
    async fn refuse(&self, status: StatusCode, problem: String) -> Result<Response> {
        let page = self.render(Some(problem)).await?;
        Ok((status, page).into_response())
    }

    async fn render(&self, problem: Option<String>) -> Result<Response> {
        let (desk, model) = (&self.at.desk, self.at.model()?);
        let falls = match self.chosen {
            Chosen::Delete => Falls::of(desk, model, self.rows).await?,
            Chosen::Own(_) => Falls::default(),
        };
        let mut some = self.rows.clone();
        some.limit(20);
        let some = model.rows(&desk.site.db, some).await?;
        let names: Vec<String> = some.iter().map(|row| model.label_of(row)).collect();
        let count = sql::in_words(self.count, &model.noun(), &model.plural);
        let asked = Asked::read(model, &desk.query)?;
        let content = context! {
            title => format!("{}: {count}?", self.chosen.label()),
            label => self.chosen.label().to_owned(),
            model => Serde(described(model)),
            heading => words(&model.plural),
            count => self.count,
            more => self.count > names.len() as u64,
            names,
            allows => falls.allows(),
            falls => Serde(falls),
            problem,
            query => asked.link("page", None),
            action => self.form.get("action").map(str::to_owned),
            all => self.form.get("all").is_some(),
            ids => self.form.all("id").map(str::to_owned).collect::<Vec<_>>(),
        };
        desk.render("action.html", &model.address(), content)
    }
}
