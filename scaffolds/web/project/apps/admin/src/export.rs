//! `…/export.csv`: all rows that match, in the order of the list, written while they are read.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use futures_util::stream::poll_fn;
use platform::{Error, Result};
use sea_orm::DatabaseConnection;
use sea_orm::sea_query::SelectStatement;
use tokio::sync::mpsc::{Sender, channel};

use crate::desk::ModelDesk;
use crate::filter::Asked;
use crate::model::{Calls, Model, Row, plain};
use crate::options::Access;

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
    let writer = Writer {
        db: desk.site.db.clone(),
        calls: model.calls()?,
        names: exported(model),
    };
    let name = format!("attachment; filename=\"{}.csv\"", model.name);
    let (sender, mut lines) = channel(2);
    tokio::spawn(async move {
        if let Err(error) = writer.write(rows, &sender).await {
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
fn exported(model: &Model) -> Vec<String> {
    let shown = crate::list::shown(model);
    let is_known = |name: &&String| {
        shown.contains(name) || model.keys.contains(name) || model.field(name).is_some()
    };
    let names = model.columns.iter().map(|column| &column.name);
    names.filter(is_known).cloned().collect()
}

struct Writer {
    db: DatabaseConnection,
    calls: Calls,
    names: Vec<String>,
}

type Lines = Sender<Result<Bytes, Arc<Error>>>;

impl Writer {
    async fn write(&self, rows: SelectStatement, lines: &Lines) -> Result<()> {
        let header: Vec<String> = self.names.iter().map(|name| quoted(name)).collect();
        let mut text = format!("{}\r\n", header.join(","));
        for part in 0.. {
            let mut some = rows.clone();
            some.limit(PART).offset(part * PART);
            let some = (self.calls.rows)(&self.db, some).await?;
            for row in &some {
                text.push_str(&self.line(row));
            }
            let sent = lines.send(Ok(std::mem::take(&mut text).into())).await;
            // Nobody reads on, or there is nothing more.
            if sent.is_err() || (some.len() as u64) < PART {
                break;
            }
        }
        Ok(())
    }

    fn line(&self, row: &Row) -> String {
        let values: Vec<String> = self
            .names
            .iter()
            .map(|name| match row.get(name) {
                Some(serde_json::Value::String(text)) => quoted(&harmless(text)),
                Some(value) => quoted(&plain(value)),
                None => String::new(),
            })
            .collect();
        format!("{}\r\n", values.join(","))
    }
}

/// Spreadsheets run text that begins like a formula; an apostrophe keeps it text.
fn harmless(text: &str) -> String {
    let number = text.parse::<f64>().is_ok();
    match text.starts_with(['=', '+', '-', '@', '\t', '\r']) && !number {
        true => format!("'{text}"),
        false => text.to_owned(),
    }
}

/// A value between quotes where it needs them (RFC 4180).
fn quoted(text: &str) -> String {
    match text.contains(['"', ',', '\r', '\n']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_text_and_signs_are_kept() {
        for (text, written) in [
            ("=1+1", "'=1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("-2.50", "-2.50"),
            ("-cmd|' /C calc'!A0", "'-cmd|' /C calc'!A0"),
            ("plain", "plain"),
            ("a \"b\", c\nd", "\"a \"\"b\"\", c\nd\""),
        ] {
            assert_eq!(quoted(&harmless(text)), written);
        }
    }
}
