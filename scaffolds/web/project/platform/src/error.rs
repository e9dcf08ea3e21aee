//! One error for every handler, answered as RFC 9457 `application/problem+json`.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sea_orm::{DbErr, RuntimeErr, SqlErr};
use serde::Serialize;
use utoipa::ToSchema;

/// What a handler returns.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Messages by field name.
pub type FieldErrors = BTreeMap<String, Vec<String>>;

/// Why a request was not answered as asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// `404`: there is no such thing.
    #[error("There is nothing at this address.")]
    NotFound,
    /// Any other answer that needs no more than a sentence: `400`, `413`, `415`, …
    #[error("{1}")]
    Refused(StatusCode, String),
    /// `409`: the database holds something that stands against it.
    #[error("{detail}")]
    Conflict { detail: String, errors: FieldErrors },
    /// `422`: understood, but some fields cannot be accepted.
    #[error("Some fields are not valid.")]
    Invalid(FieldErrors),
    /// `500`: the database failed.
    #[error("the database failed: {0}")]
    Database(DbErr),
    /// `500`: a page could not be rendered.
    #[error("a template failed: {0:#}")]
    Template(#[from] minijinja::Error),
}

impl Error {
    /// `400`: the request itself is malformed.
    pub fn bad_request(detail: impl Into<String>) -> Self {
        Self::Refused(StatusCode::BAD_REQUEST, detail.into())
    }

    /// `422` for one field.
    pub fn invalid(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Invalid(FieldErrors::from([(field.into(), vec![message.into()])]))
    }
}

/// The body of every error response (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    /// What kind of problem it is; `about:blank` says that the status tells it all.
    #[serde(rename = "type")]
    pub kind: String,
    /// The meaning of the status.
    pub title: String,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599)]
    pub status: u16,
    /// What went wrong this time.
    pub detail: String,
    /// Messages by field name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(required = false, value_type = BTreeMap<String, Vec<String>>)]
    pub errors: FieldErrors,
}

impl Problem {
    pub fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self {
            kind: "about:blank".to_owned(),
            title: status.canonical_reason().unwrap_or("Error").to_owned(),
            status: status.as_u16(),
            detail: detail.into(),
            errors: FieldErrors::new(),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(&self)).into_response();
        response.headers_mut().insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        if status == StatusCode::PAYLOAD_TOO_LARGE {
            // The rest of the body is not waited for, so the connection ends here; the client should know.
            let close = HeaderValue::from_static("close");
            response.headers_mut().insert(header::CONNECTION, close);
        }
        response.extensions_mut().insert(PageMessage(self.detail));
        response
    }
}

/// What an error page says instead, when a browser asked for a page.
#[derive(Clone, Debug)]
pub struct PageMessage(pub String);

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let detail = self.to_string();
        match self {
            Self::NotFound => Problem::new(StatusCode::NOT_FOUND, detail),
            Self::Refused(status, _) => Problem::new(status, detail),
            Self::Conflict { errors, .. } => Problem {
                errors,
                ..Problem::new(StatusCode::CONFLICT, detail)
            },
            Self::Invalid(errors) => Problem {
                errors,
                ..Problem::new(StatusCode::UNPROCESSABLE_ENTITY, detail)
            },
            Self::Database(_) | Self::Template(_) => {
                tracing::error!("{detail}");
                Problem::new(
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "The server failed; the failure has been logged.",
                )
            }
        }
        .into_response()
    }
}

/// What is not even an id names nothing.
impl From<PathRejection> for Error {
    fn from(rejection: PathRejection) -> Self {
        match rejection.status() {
            StatusCode::BAD_REQUEST => Self::NotFound,
            status => Self::Refused(status, rejection.body_text()),
        }
    }
}

impl From<QueryRejection> for Error {
    fn from(rejection: QueryRejection) -> Self {
        Self::Refused(rejection.status(), rejection.body_text())
    }
}

/// A broken rule of the database is the request's fault, not the server's.
impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(message)) => {
                conflict_of_unique(&error, &message)
            }
            Some(SqlErr::ForeignKeyConstraintViolation(_)) => conflict_of_reference(),
            _ if is_restricted(&error) => conflict_of_reference(),
            _ if is_data_exception(&error) => Self::Refused(
                StatusCode::UNPROCESSABLE_ENTITY,
                "The database cannot hold one of the values.".to_owned(),
            ),
            _ if matches!(error, DbErr::RecordNotFound(_) | DbErr::RecordNotUpdated) => {
                Self::NotFound
            }
            _ => Self::Database(error),
        }
    }
}

fn database_error(error: &DbErr) -> Option<&dyn sqlx::error::DatabaseError> {
    match error {
        DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error)) => {
            error.as_database_error()
        }
        _ => None,
    }
}

/// SQLSTATE class 22: the value does not fit its column (too long, out of range, not a valid text).
fn is_data_exception(error: &DbErr) -> bool {
    database_error(error)
        .and_then(|error| error.code())
        .is_some_and(|code| code.len() == 5 && code.starts_with("22"))
}

/// What `ON DELETE RESTRICT` is called by SQLite and by PostgreSQL from version 18 on.
fn is_restricted(error: &DbErr) -> bool {
    database_error(error)
        .and_then(|error| error.code())
        .is_some_and(|code| ["1811", "23001"].contains(&code.as_ref()))
}

fn conflict_of_reference() -> Error {
    Error::Conflict {
        detail: "It refers to something that does not exist, or something still refers to it."
            .to_owned(),
        errors: FieldErrors::new(),
    }
}

/// Names the field if the database does.
fn conflict_of_unique(error: &DbErr, message: &str) -> Error {
    let constraint = database_error(error).and_then(|error| error.constraint().zip(error.table()));
    let field = match constraint {
        Some((name, table)) => field_of_constraint(name, table),
        None => field_of_message(message),
    };
    Error::Conflict {
        detail: match field {
            Some(field) => format!("This {field} is already taken."),
            None => "Something with these values already exists.".to_owned(),
        },
        errors: field
            .map(|field| (field.to_owned(), vec!["is already taken".to_owned()]))
            .into_iter()
            .collect(),
    }
}

/// PostgreSQL calls what keeps one field unique `table_field_key`.
fn field_of_constraint<'a>(name: &'a str, table: &str) -> Option<&'a str> {
    let name = name.strip_prefix(table)?.strip_prefix('_')?;
    name.strip_suffix("_key")
}

/// SQLite ends its message with `table.field`; MySQL with `for key 'table.field'`, MariaDB with `for key 'field'`,
/// where an index over several fields has a name with hyphens.
fn field_of_message(message: &str) -> Option<&str> {
    let Some((_, key)) = message.trim_end_matches('\'').rsplit_once("for key '") else {
        let (_, field) = message.rsplit_once('.')?;
        return (!message.contains(", ")).then_some(field);
    };
    let field = key.rsplit_once('.').map_or(key, |(_, field)| field);
    (field != "PRIMARY" && !field.contains('-')).then_some(field)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_field_that_is_taken_is_named() {
        assert_eq!(field_of_constraint("books_isbn_key", "books"), Some("isbn"));
        assert_eq!(field_of_constraint("idx-books-both", "books"), None);
        for (message, field) in [
            ("UNIQUE constraint failed: books.isbn", Some("isbn")),
            ("UNIQUE constraint failed: books.isbn, books.title", None),
            ("Duplicate entry 'a.b' for key 'isbn'", Some("isbn")),
            ("Duplicate entry 'a, b' for key 'books.isbn'", Some("isbn")),
            ("Duplicate entry 'a' for key 'idx-books-both'", None),
            ("Duplicate entry '1' for key 'PRIMARY'", None),
        ] {
            assert_eq!(field_of_message(message), field, "{message}");
        }
    }
}
