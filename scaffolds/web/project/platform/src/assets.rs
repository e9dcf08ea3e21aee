//! `/static/…`: files from disk while developing, embedded in a release.

use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use rust_embed::EmbeddedFile;
use utoipa_axum::router::OpenApiRouter;

use crate::error::Error;
use crate::site::Site;

/// Finds a file of an embedded folder.
pub type Find = fn(&str) -> Option<EmbeddedFile>;

/// Serves the files that `find` knows; a browser that has the newest version gets `304`.
pub fn router(find: Find) -> OpenApiRouter<Site> {
    let file = async move |Path(path): Path<String>, headers: HeaderMap| {
        find(&path)
            .map(|file| answer(file, &headers))
            .ok_or(Error::NotFound)
    };
    OpenApiRouter::new().route("/{*path}", get(file))
}

fn answer(file: EmbeddedFile, headers: &HeaderMap) -> Response {
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
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    (headers, file.data.into_owned()).into_response()
}
