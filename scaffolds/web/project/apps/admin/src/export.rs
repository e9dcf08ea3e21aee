//! `…/export.csv`: all rows that match, in the order of the list, written while they are read.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use futures_util::stream::poll_fn;
use platform::{Error, Result};
use sea_orm::sea_query::SelectStatement;
use serde_json::Value;
use tokio::sync::mpsc::{Sender, channel};

use crate::desk::ModelDesk;
use crate::filter::Asked;
use crate::model::Model;
use crate::options::Access;
use crate::table::{harmless, written};

/// Rows that are read at once.
const PART: u64 = 1_000;

/// Begins to send the file; the rows follow as they are read.
pub(crate) async fn csv(at: ModelDesk) -> Result<Response> {
    let (desk, model) = (&at.desk, at.model()?);
    desk.must(Access::View, model, None)?;
    let asked = Asked::read(model, &desk.query)?;
    let mut rows = desk.rows_of(model)?;
    asked.narrow(model, &mut rows, desk.site.db.get_database_backend())?;
    asked.order(model, &mut rows);
    let names = exported(model);
    let name = format!("attachment; filename=\"{}.csv\"", model.name);
    let (sender, mut lines) = channel(2);
    tokio::spawn(async move {
        if let Err(error) = write(&at, &names, rows, &sender).await {
            // What was sent cannot be taken back, but it can be seen to be cut off.
            let _ = sender.send(Err(Arc::new(error))).await;
        }
    });
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, name),
    ];
    let body = Body::from_stream(poll_fn(move |context| lines.poll_recv(context)));
    Ok((headers, body).into_response())
}

/// The columns that are in the rows' JSON: those of the list and of the form, in the table's order.
pub(crate) fn exported(model: &Model) -> Vec<String> {
    let shown = crate::list::shown(model);
    let is_known = |name: &&String| {
        shown.contains(name) || model.keys.contains(name) || model.field(name).is_some()
    };
    let names = model.columns.iter().map(|column| &column.name);
    names.filter(is_known).cloned().collect()
}

type Lines = Sender<Result<Bytes, Arc<Error>>>;

async fn write(
    at: &ModelDesk,
    names: &[String],
    rows: SelectStatement,
    lines: &Lines,
) -> Result<()> {
    let model = at.model()?;
    let mut part = writer();
    part.write_record(names).map_err(failed)?;
    for number in 0.. {
        let mut some = rows.clone();
        some.limit(PART).offset(number * PART);
        let some = model.rows(&at.desk.site.db, some).await?;
        for row in &some {
            let values = names.iter().map(|name| match row.get(name) {
                Some(value @ Value::String(_)) => harmless(&written(model, name, value)),
                Some(value) => written(model, name, value),
                None => String::new(),
            });
            part.write_record(values).map_err(failed)?;
        }
        let text = std::mem::replace(&mut part, writer()).into_inner();
        let text = text.map_err(|error| failed(error.into_error().into()))?;
        let sent = lines.send(Ok(text.into())).await;
        // Nobody reads on, or there is nothing more.
        if sent.is_err() || (some.len() as u64) < PART {
            break;
        }
    }
    Ok(())
}

/// As spreadsheets like it (RFC 4180).
fn writer() -> csv::Writer<Vec<u8>> {
    csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new())
}

fn failed(error: csv::Error) -> Error {
    Error::Server(error.to_string())
}
