//! `…/lookup?q=`: the rows that a field may refer to, where there are too many for a list of choices.

use axum::Json;
use axum::response::{IntoResponse, Response};
use platform::Result;
use serde::Serialize;

use crate::desk::ModelDesk;
use crate::filter::find;
use crate::options::Access;

/// So many are offered; more of the name narrows them.
const MOST: u64 = 20;

#[derive(Serialize)]
struct Found {
    value: String,
    label: String,
}

/// Answers keys and labels as JSON.
pub(crate) async fn rows(at: ModelDesk) -> Result<Response> {
    let (desk, model) = (&at.desk, at.model()?);
    desk.must(Access::View, model, None)?;
    let mut rows = desk.rows_of(model)?;
    let text = desk.query.get("q").unwrap_or_default().trim();
    if !text.is_empty() {
        rows.cond_where(find(model, text, desk.site.db.get_database_backend())?);
    }
    rows.limit(MOST);
    let rows = model.rows(&desk.site.db, rows).await?;
    let found = rows.iter().map(|row| Found {
        value: model.id_of(row),
        label: model.label_of(row),
    });
    Ok(Json(found.collect::<Vec<_>>()).into_response())
}
