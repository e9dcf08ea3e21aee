//! What a handler takes from a request, checked before the handler runs.

use std::borrow::Cow;
use std::marker::PhantomData;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use garde::Validate;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;
use utoipa::{PartialSchema, ToSchema};

use crate::error::{Error, FieldErrors, Result};

/// A part of the path, such as an id; one of another kind is `404`.
#[derive(Debug, FromRequestParts)]
#[from_request(via(axum::extract::Path), rejection(Error))]
pub struct Path<T>(pub T);

/// The query string; malformed is `400`.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        if parts.uri.query().is_some_and(|query| query.contains("%00")) {
            return Err(Error::bad_request("The query holds the character NUL."));
        }
        let query = axum::extract::Query::from_request_parts(parts, state).await?;
        Ok(Self(query.0))
    }
}

/// A JSON body that keeps the rules of `T`: `400` malformed, `413` too large, `415` not JSON,
/// `422` with messages by field.
#[derive(Debug)]
pub struct Valid<T>(pub T);

impl<T, S> FromRequest<S> for Valid<T>
where
    T: DeserializeOwned + Validate<Context = ()> + ToSchema,
    S: Send + Sync,
{
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self> {
        let fields = json_object(request, state).await?;
        checked(fields).map(Self)
    }
}

/// A JSON merge patch (RFC 7396) of a `T`: an absent field stays, `null` empties.
#[derive(Debug)]
pub struct Patch<T> {
    changes: Map<String, Value>,
    of: PhantomData<T>,
}

impl<T> Patch<T>
where
    T: DeserializeOwned + Validate<Context = ()> + ToSchema,
{
    /// The input that results from changing `current`, checked like a whole one.
    pub fn apply(self, current: &impl Serialize) -> Result<T> {
        let mut fields = match serde_json::to_value(current) {
            Ok(Value::Object(fields)) => fields,
            _ => Map::new(),
        };
        fields.extend(self.changes);
        checked(fields)
    }
}

impl<T, S> FromRequest<S> for Patch<T>
where
    T: Send,
    S: Send + Sync,
{
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self> {
        Ok(Self {
            changes: json_object(request, state).await?,
            of: PhantomData,
        })
    }
}

/// Documented as a `T` of which nothing is required.
impl<T: ToSchema> PartialSchema for Patch<T> {
    fn schema() -> RefOr<Schema> {
        let mut schema = T::schema();
        if let RefOr::T(Schema::Object(object)) = &mut schema {
            object.required.clear();
        }
        schema
    }
}

impl<T: ToSchema> ToSchema for Patch<T> {
    fn name() -> Cow<'static, str> {
        format!("{}Patch", T::name()).into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        T::schemas(schemas);
    }
}

/// The body as a JSON object.
async fn json_object<S: Send + Sync>(request: Request, state: &S) -> Result<Map<String, Value>> {
    if !is_json(request.headers()) {
        return Err(Error::Refused(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "Send the body as `Content-Type: application/json`.".to_owned(),
        ));
    }
    let body = Bytes::from_request(request, state)
        .await
        .map_err(|rejection| Error::Refused(rejection.status(), rejection.body_text()))?;
    let value = serde_json::from_slice(&body)
        .map_err(|error| Error::bad_request(format!("The body is not JSON: {error}.")))?;
    match value {
        Value::Object(mut fields) => {
            fields.values_mut().for_each(make_whole);
            Ok(fields)
        }
        _ => Err(Error::Refused(
            StatusCode::UNPROCESSABLE_ENTITY,
            "Send a JSON object.".to_owned(),
        )),
    }
}

/// JSON takes `1.0` for a whole number, and many programs write whole numbers so.
fn make_whole(value: &mut Value) {
    if let Some(number) = value.as_f64()
        && value.is_f64()
        && number.fract() == 0.0
        && number.abs() < 2_f64.powi(53)
    {
        *value = Value::from(number as i64);
    }
}

/// `application/json`, or any type that ends in `+json`.
fn is_json(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .map(|media_type| media_type.trim().to_ascii_lowercase())
        .and_then(|media_type| media_type.strip_prefix("application/").map(str::to_owned))
        .is_some_and(|subtype| subtype == "json" || subtype.ends_with("+json"))
}

/// Reads a `T` from its fields and holds it against its rules.
fn checked<T>(fields: Map<String, Value>) -> Result<T>
where
    T: DeserializeOwned + Validate<Context = ()> + ToSchema,
{
    let mut errors = FieldErrors::new();
    for (name, value) in &fields {
        // What `T` has no field for is ignored, whatever it holds.
        if holds_nul(value) && has_field::<T>(name) {
            add(&mut errors, name, "must not hold the character NUL");
        }
    }
    if !errors.is_empty() {
        return Err(Error::Invalid(errors));
    }
    let input: T = read(fields)?;
    if let Err(report) = input.validate() {
        for (path, error) in report.iter() {
            let path = path.to_string();
            // A field called like a keyword of Rust is spelled `r#type` there.
            let name = path.strip_prefix("r#").unwrap_or(&path);
            add(&mut errors, name, error.message());
        }
        return Err(Error::Invalid(errors));
    }
    Ok(input)
}

/// Reads a `T`; on failure goes on to find every field at fault, not just the first.
fn read<T: DeserializeOwned + ToSchema>(mut fields: Map<String, Value>) -> Result<T> {
    let mut errors = FieldErrors::new();
    loop {
        let error = match serde_path_to_error::deserialize(Value::Object(fields.clone())) {
            Ok(input) if errors.is_empty() => return Ok(input),
            Ok(_) => return Err(Error::Invalid(errors)),
            Err(error) => error,
        };
        let path = error.path().to_string();
        let name = path.split(['.', '[']).next().unwrap_or_default();
        if fields.remove(name).is_none() {
            let missing = required_fields::<T>();
            for name in missing.iter().filter(|name| !fields.contains_key(*name)) {
                if !errors.contains_key(name) {
                    add(&mut errors, name, "is required");
                }
            }
            if errors.is_empty() {
                return Err(Error::Refused(
                    StatusCode::UNPROCESSABLE_ENTITY,
                    error.into_inner().to_string(),
                ));
            }
            return Err(Error::Invalid(errors));
        }
        add(&mut errors, name, &error.into_inner().to_string());
    }
}

fn required_fields<T: ToSchema>() -> Vec<String> {
    match T::schema() {
        RefOr::T(Schema::Object(object)) => object.required,
        _ => Vec::new(),
    }
}

fn has_field<T: ToSchema>(name: &str) -> bool {
    match T::schema() {
        RefOr::T(Schema::Object(object)) => object.properties.contains_key(name),
        _ => false,
    }
}

fn add(errors: &mut FieldErrors, field: &str, message: &str) {
    errors
        .entry(field.to_owned())
        .or_default()
        .push(message.to_owned());
}

/// PostgreSQL's text cannot hold NUL; no database here gets to see one.
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
