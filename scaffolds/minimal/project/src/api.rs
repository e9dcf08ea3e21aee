//! What every API shares: errors as RFC 9457 has them, bodies that are checked, lists by the page.

use std::collections::BTreeMap;
use std::str::FromStr;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::request::Parts;
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use garde::Validate;
use sea_orm::{
    DatabaseConnection, DbErr, EntityTrait, FromQueryResult, Iterable, Order, PaginatorTrait,
    PrimaryKeyToColumn, QueryOrder, QuerySelect, RuntimeErr, Select, SqlErr,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// What handlers answer.
pub type Result<T> = std::result::Result<T, Problem>;

/// An error, as RFC 9457 has it.
#[derive(Debug)]
pub struct Problem {
    status: StatusCode,
    detail: String,
    /// Messages by field.
    errors: BTreeMap<String, Vec<String>>,
}

impl Problem {
    pub fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self {
            status,
            detail: detail.into(),
            errors: BTreeMap::new(),
        }
    }

    /// `404`, at whatever address.
    pub async fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "There is nothing at this address.")
    }

    /// `405`, at whatever address.
    pub async fn method_not_allowed() -> Self {
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "This address does not know this method.",
        )
    }

    /// `422`: understood, but this field cannot be accepted.
    pub fn invalid(field: &str, message: impl Into<String>) -> Self {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        let mut problem = Self::new(status, "Some fields are not valid.");
        problem.add(field, message.into());
        problem
    }

    fn add(&mut self, field: &str, message: String) {
        let messages = self.errors.entry(field.to_owned());
        messages.or_default().push(message);
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let title = self.status.canonical_reason();
        let status = self.status.as_u16();
        let mut body = json!({
            "type": "about:blank", "title": title, "status": status, "detail": self.detail,
        });
        if !self.errors.is_empty() {
            body["errors"] = json!(self.errors);
        }
        let kind = [(header::CONTENT_TYPE, "application/problem+json")];
        (self.status, kind, body.to_string()).into_response()
    }
}

/// A broken rule of the database is the request's fault, not the service's.
impl From<DbErr> for Problem {
    fn from(error: DbErr) -> Self {
        let code = match &error {
            DbErr::Exec(RuntimeErr::SqlxError(error))
            | DbErr::Query(RuntimeErr::SqlxError(error)) => error
                .as_database_error()
                .and_then(|error| error.code())
                .unwrap_or_default()
                .into_owned(),
            _ => String::new(),
        };
        // What `ON DELETE RESTRICT` is called by SQLite, and by PostgreSQL from version 18 on.
        let restricted = ["1811", "23001"].contains(&code.as_str());
        let (status, detail) = match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(_)) => (
                StatusCode::CONFLICT,
                "Something with these values already exists.",
            ),
            Some(SqlErr::ForeignKeyConstraintViolation(_)) => (
                StatusCode::CONFLICT,
                "It refers to something that does not exist, or something still refers to it.",
            ),
            _ if restricted => (StatusCode::CONFLICT, "Something still refers to it."),
            _ if code.len() == 5 && code.starts_with("22") => (
                StatusCode::UNPROCESSABLE_ENTITY,
                "The database cannot hold one of the values.",
            ),
            _ if matches!(error, DbErr::RecordNotUpdated | DbErr::RecordNotFound(_)) => {
                (StatusCode::NOT_FOUND, "There is nothing at this address.")
            }
            _ => {
                eprintln!("{error}");
                (StatusCode::INTERNAL_SERVER_ERROR, "The database failed.")
            }
        };
        Self::new(status, detail)
    }
}

/// The id in the path; one of another kind is `404`.
#[derive(Debug)]
pub struct Id<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Id<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        match Path::from_request_parts(parts, state).await {
            Ok(Path(id)) => Ok(Self(id)),
            Err(_) => Err(Problem::not_found().await),
        }
    }
}

/// A JSON body that keeps the rules of `T`: `400` malformed, `413` too large, `415` not JSON, `422` with messages by
/// field.
#[derive(Debug)]
pub struct Valid<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Validate<Context = ()>> FromRequest<S> for Valid<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self> {
        let Patch(fields) = Patch::from_request(request, state).await?;
        checked(fields).map(Self)
    }
}

/// A JSON merge patch (RFC 7396): an absent field stays, `null` empties.
#[derive(Debug)]
pub struct Patch(Map<String, Value>);

impl Patch {
    /// The input that results from changing `current`, checked like a whole one.
    pub fn apply<T>(self, current: &impl Serialize) -> Result<T>
    where
        T: DeserializeOwned + Validate<Context = ()>,
    {
        let mut fields = match serde_json::to_value(current) {
            Ok(Value::Object(fields)) => fields,
            _ => Map::new(),
        };
        fields.extend(self.0);
        checked(fields)
    }
}

impl<S: Send + Sync> FromRequest<S> for Patch {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self> {
        let kind = request.headers().get(header::CONTENT_TYPE);
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        let kind = kind.to_ascii_lowercase();
        if kind != "application/json" && !kind.ends_with("+json") {
            return Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "Send the body as `Content-Type: application/json`.",
            ));
        }
        let body = Bytes::from_request(request, state).await;
        let body =
            body.map_err(|rejection| Problem::new(rejection.status(), rejection.body_text()))?;
        match serde_json::from_slice(&body) {
            Ok(Value::Object(fields)) => Ok(Self(fields)),
            Ok(_) => Err(Problem::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "Send a JSON object.",
            )),
            Err(error) => Err(Problem::new(
                StatusCode::BAD_REQUEST,
                format!("The body is not JSON: {error}."),
            )),
        }
    }
}

/// Reads a `T` from its fields and holds it against its rules.
fn checked<T: DeserializeOwned + Validate<Context = ()>>(fields: Map<String, Value>) -> Result<T> {
    for (name, value) in &fields {
        // PostgreSQL's text cannot hold NUL; no database here gets to see one.
        if holds_nul(value) {
            return Err(Problem::invalid(name, "must not hold the character NUL"));
        }
    }
    let input: T = read(fields)?;
    let Err(report) = input.validate() else {
        return Ok(input);
    };
    let mut problem = Problem::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        "Some fields are not valid.",
    );
    for (path, error) in report.iter() {
        let path = path.to_string();
        // A field called like a keyword of Rust is spelled `r#type` there.
        problem.add(path.trim_start_matches("r#"), error.message().to_owned());
    }
    Err(problem)
}

fn holds_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(items) => items.iter().any(holds_nul),
        Value::Object(fields) => fields
            .iter()
            .any(|(name, value)| name.contains('\0') || holds_nul(value)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Reads a `T`; the error names the field at fault.
fn read<T: DeserializeOwned>(fields: Map<String, Value>) -> Result<T> {
    let mut current = String::new();
    let fields = fields
        .into_iter()
        .inspect(|(name, _)| current.clone_from(name));
    let read = T::deserialize(serde::de::value::MapDeserializer::new(fields));
    read.map_err(|error: serde_json::Error| {
        let message = error.to_string();
        match message.strip_prefix("missing field `") {
            Some(name) => Problem::invalid(name.trim_end_matches('`'), "is required"),
            None => Problem::invalid(&current, message),
        }
    })
}

/// `201`, the row, and where it is from now on.
pub struct Created<T>(pub String, pub T);

impl<T: Serialize> IntoResponse for Created<T> {
    fn into_response(self) -> Response {
        let Self(location, row) = self;
        let headers = [(header::LOCATION, location)];
        (StatusCode::CREATED, headers, Json(row)).into_response()
    }
}

/// One page of a list.
#[derive(Debug, Serialize)]
pub struct Page<T> {
    /// How many there are on all pages.
    pub count: u64,
    pub next: Option<String>,
    pub previous: Option<String>,
    pub results: Vec<T>,
}

/// Which part of a list is asked for: `?page=2&page_size=50&ordering=-id`.
#[derive(Debug)]
pub struct List {
    query: ListQuery,
    uri: Uri,
}

#[derive(Debug, Deserialize)]
#[serde(default)]
struct ListQuery {
    page: u32,
    page_size: u32,
    ordering: String,
}

impl Default for ListQuery {
    fn default() -> Self {
        Self {
            page: 1,
            page_size: 20,
            ordering: String::new(),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for List {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        let refused = |detail: String| Problem::new(StatusCode::BAD_REQUEST, detail);
        let uri = parts.uri.clone();
        let query = Query::<ListQuery>::try_from_uri(&uri);
        let Query(query) = query.map_err(|rejection| refused(rejection.body_text()))?;
        if query.page == 0 || !(1..=100).contains(&query.page_size) {
            let rule = "`page` starts at 1, and `page_size` goes from 1 to 100.";
            return Err(refused(rule.to_owned()));
        }
        Ok(Self { query, uri })
    }
}

impl List {
    /// The asked-for page of `rows`.
    pub async fn page<E>(
        self,
        db: &DatabaseConnection,
        mut rows: Select<E>,
    ) -> Result<Json<Page<E::Model>>>
    where
        E: EntityTrait,
        E::Model: FromQueryResult + Send + Sync,
    {
        let ListQuery {
            page, page_size, ..
        } = self.query;
        for name in self
            .query
            .ordering
            .split(',')
            .filter(|name| !name.is_empty())
        {
            let (order, name) = match name.strip_prefix('-') {
                Some(name) => (Order::Desc, name),
                None => (Order::Asc, name),
            };
            let column = E::Column::from_str(name).map_err(|_| {
                let detail = format!("`ordering` cannot be `{name}`.");
                Problem::new(StatusCode::BAD_REQUEST, detail)
            })?;
            rows = rows.order_by(column, order);
        }
        // Then by primary key, so that pages never overlap.
        for key in E::PrimaryKey::iter() {
            rows = rows.order_by_asc(key.into_column());
        }
        let offset = u64::from(page - 1) * u64::from(page_size);
        let count = rows.clone().count(db).await?;
        let results = rows.offset(offset).limit(u64::from(page_size));
        let results = results.all(db).await?;
        let has_next = offset + u64::from(page_size) < count;
        let last = std::cmp::max(count.div_ceil(u64::from(page_size)), 1);
        let previous = std::cmp::min(u64::from(page - 1), last);
        Ok(Json(Page {
            count,
            next: has_next.then(|| self.link(u64::from(page) + 1)),
            previous: (page > 1).then(|| self.link(previous)),
            results,
        }))
    }

    /// The same address with another page.
    fn link(&self, page: u64) -> String {
        let query = self.uri.query().unwrap_or_default().split('&');
        let others = query.filter(|pair| !pair.is_empty() && !pair.starts_with("page="));
        let pairs: Vec<String> = others
            .map(str::to_owned)
            .chain([format!("page={page}")])
            .collect();
        format!("{}?{}", self.uri.path(), pairs.join("&"))
    }
}
