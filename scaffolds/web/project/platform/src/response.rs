//! Answers that more than one app gives.

use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// `201`: where the new thing is, and the thing itself as JSON.
#[derive(Debug)]
pub struct Created<T>(pub String, pub T);

impl<T: Serialize> IntoResponse for Created<T> {
    fn into_response(self) -> Response {
        let Self(location, body) = self;
        created(location, Json(body).into_response())
    }
}

fn created(location: String, body: Response) -> Response {
    (StatusCode::CREATED, [(header::LOCATION, location)], body).into_response()
}
