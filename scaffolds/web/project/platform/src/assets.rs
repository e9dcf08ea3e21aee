//! `/static/…`: files from disk while developing, embedded in a release.

use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use rust_embed::Embed;

use crate::error::{Error, Result};

/// Serves the files of an embedded folder; a browser that has the newest version gets `304`.
pub fn router<Folder: Embed + 'static, S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/{*path}", get(file::<Folder>))
}

async fn file<Folder: Embed>(Path(path): Path<String>, headers: HeaderMap) -> Result<Response> {
    let file = Folder::get(&path).ok_or(Error::NotFound)?;
    let hash = file.metadata.sha256_hash();
    let etag = format!(
        "\"{}\"",
        hash[..8]
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>()
    );
    let known = headers
        .get(header::IF_NONE_MATCH)
        .is_some_and(|value| value.as_bytes() == etag.as_bytes());
    let headers = [
        (header::CONTENT_TYPE, file.metadata.mimetype().to_owned()),
        (header::CACHE_CONTROL, "public, no-cache".to_owned()),
        (header::ETAG, etag),
    ];
    if known {
        return Ok((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    Ok((headers, file.data.into_owned()).into_response())
}
