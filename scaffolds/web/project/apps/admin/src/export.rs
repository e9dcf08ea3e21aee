//! `…/export.csv`: all rows that match, in the order of the list, written while they are read.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use futures_util::stream::{iter, poll_fn};
use platform::{Error, Result};
use sea_orm::sea_query::SelectStatement;
use serde_json::Value;
use tokio::sync::Semaphore;
use tokio::sync::mpsc::{Sender, channel};
use tokio::time::timeout;

use crate::desk::ModelDesk;
use crate::filter::Asked;
use crate::model::Model;
use crate::options::Access;
use crate::table::{harmless, written};

/// Rows that are sent at once, if they are there already.
const PART: usize = 500;
/// So many files are sent at once: each takes a connection to the database until it is read.
static TURNS: Semaphore = Semaphore::const_new(3);
/// Whoever does not read on for so long gets no more.
const PATIENCE: Duration = Duration::from_secs(60);

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
    // Until there is something to send, a failure is an answer like any other.
    let first = match lines.recv().await {
        Some(Err(error)) => {
            return Err(Arc::into_inner(error)
                .unwrap_or_else(|| Error::Server("an export failed".to_owned())));
        }
        first => first,
    };
    let others = poll_fn(move |context| lines.poll_recv(context));
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, name),
    ];
    let body = Body::from_stream(iter(first).chain(others));
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
type Writer = csv::Writer<Vec<u8>>;

async fn write(
    at: &ModelDesk,
    names: &[String],
    rows: SelectStatement,
    lines: &Lines,
) -> Result<()> {
    // The others are answered meanwhile, however slowly these files are read.
    let _turn = TURNS.acquire().await;
    let model = at.model()?;
    let mut part = writer();
    part.write_record(names).map_err(failed)?;
    let rows = model.stream(&at.desk.site.db, rows).await?;
    let mut parts = pin!(rows.ready_chunks(PART));
    while let Some(rows) = parts.next().await {
        for row in rows {
            let row = row?;
            let values = names.iter().map(|name| match row.get(name) {
                Some(value @ Value::String(_)) => harmless(&written(model, name, value)),
                Some(value) => written(model, name, value),
                None => String::new(),
            });
            part.write_record(values).map_err(failed)?;
        }
        if !sent(&mut part, lines).await? {
            return Ok(());
        }
    }
    sent(&mut part, lines).await.map(drop)
}

/// Sends what was written; whether somebody reads on.
async fn sent(part: &mut Writer, lines: &Lines) -> Result<bool> {
    let text = std::mem::replace(part, writer()).into_inner();
    let text = text.map_err(|error| failed(error.into_error().into()))?;
    let sent = timeout(PATIENCE, lines.send(Ok(text.into()))).await;
    Ok(matches!(sent, Ok(Ok(()))))
}

/// As spreadsheets like it (RFC 4180).
fn writer() -> Writer {
    csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new())
}

fn failed(error: csv::Error) -> Error {
    Error::Server(error.to_string())
}
