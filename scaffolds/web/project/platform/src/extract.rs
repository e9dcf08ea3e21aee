//! Extractors: the parts of a request that a handler takes, checked before the handler runs.

use std::borrow::Cow;
use std::iter;
use std::marker::PhantomData;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use garde::Validate;
use garde::i18n::with_i18n;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde::de::value::MapDeserializer;
use serde_json::{Map, Value};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;
use utoipa::{PartialSchema, ToSchema};

use crate::error::{Error, FieldErrors, Result};
use crate::input::input_fields;
use crate::site::Site;
use crate::wording::Wording;

/// A part of the path, such as an id; one of another kind is `404`.
#[derive(Debug, FromRequestParts)]
#[from_request(via(axum::extract::Path), rejection(Error))]
pub struct Path<T>(pub T);

/// The query string; malformed is `400`.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<Site> for Query<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &Site) -> Result<Self> {
        Self::of(&parts.uri)
    }
}

impl<T: DeserializeOwned> Query<T> {
    pub(crate) fn of(uri: &Uri) -> Result<Self> {
        if uri.query().is_some_and(|query| query.contains("%00")) {
            return Err(Error::bad_request("The query holds the character NUL."));
        }
        let query = axum::extract::Query::try_from_uri(uri)?;
        Ok(Self(query.0))
    }
}

/// A JSON body that keeps the rules of `T`: `400` malformed, `413` too large, `415` not JSON,
/// `422` with messages by field.
#[derive(Debug)]
pub struct Valid<T>(pub T);

impl<T> FromRequest<Site> for Valid<T>
where
    T: DeserializeOwned + Validate<Context = ()> + ToSchema,
{
    type Rejection = Error;

    async fn from_request(request: Request, site: &Site) -> Result<Self> {
        let fields = json_object(request, site).await?;
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
        let current = serde_json::to_value(current).unwrap_or_default();
        checked(merged(current, self.changes))
    }
}

impl<T: Send> FromRequest<Site> for Patch<T> {
    type Rejection = Error;

    async fn from_request(request: Request, site: &Site) -> Result<Self> {
        Ok(Self {
            changes: json_object(request, site).await?,
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

/// The fields of `current`, but for the changes.
fn merged(current: Value, changes: Map<String, Value>) -> Map<String, Value> {
    let mut fields = match current {
        Value::Object(fields) => fields,
        _ => Map::new(),
    };
    fields.extend(changes);
    fields
}

/// The body as a JSON object.
async fn json_object(request: Request, site: &Site) -> Result<Map<String, Value>> {
    require_json(request.headers())?;
    match Bytes::from_request(request, site).await {
        Ok(body) => object_of(&body),
        Err(rejection) => Err(Error::Refused(rejection.status(), rejection.body_text())),
    }
}

fn object_of(body: &[u8]) -> Result<Map<String, Value>> {
    let value = serde_json::from_slice(body)
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
fn require_json(headers: &HeaderMap) -> Result<()> {
    let is_json = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .map(|media_type| media_type.trim().to_ascii_lowercase())
        .and_then(|media_type| media_type.strip_prefix("application/").map(str::to_owned))
        .is_some_and(|subtype| subtype == "json" || subtype.ends_with("+json"));
    if is_json {
        return Ok(());
    }
    Err(Error::Refused(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "Send the body as `Content-Type: application/json`.".to_owned(),
    ))
}

/// Reads a `T` from its fields and holds it against its rules.
pub fn checked<T>(fields: Map<String, Value>) -> Result<T>
where
    T: DeserializeOwned + Validate<Context = ()> + ToSchema,
{
    refuse_nul(&fields, T::schema)?;
    let input: T = read(fields)?;
    let broken = broken_rules(&input);
    if broken.is_empty() {
        Ok(input)
    } else {
        Err(Error::Invalid(broken))
    }
}

/// PostgreSQL's text cannot hold NUL; no database here gets to see one.
fn refuse_nul(fields: &Map<String, Value>, schema: fn() -> RefOr<Schema>) -> Result<()> {
    let mut errors = FieldErrors::new();
    for (name, value) in fields {
        // Unknown fields are ignored.
        if holds_nul(value) && has_field(&schema(), name) {
            add(&mut errors, name, "must not hold the character NUL");
        }
    }
    if errors.is_empty() {
        Ok(())
    } else {
        Err(Error::Invalid(errors))
    }
}

fn broken_rules(input: &impl Validate<Context = ()>) -> FieldErrors {
    let mut errors = FieldErrors::new();
    if let Err(report) = with_i18n(Wording, || input.validate()) {
        for (path, error) in report.iter() {
            let path = path.to_string();
            // A field called like a keyword of Rust is spelled `r#type` there.
            let name = path.strip_prefix("r#").unwrap_or(&path);
            add(&mut errors, name, error.message());
        }
    }
    errors
}

/// Reads a `T`; on failure it looks further, to find every field at fault and not just the first.
fn read<T>(mut fields: Map<String, Value>) -> Result<T>
where
    T: DeserializeOwned + Validate<Context = ()> + ToSchema,
{
    let mut errors = FieldErrors::new();
    loop {
        let mut current = None;
        let error = match T::deserialize(noting(&fields, &mut current)) {
            Ok(input) if errors.is_empty() => return Ok(input),
            Ok(_) => return Err(and_rules::<T>(fields, errors)),
            Err(error) => error.to_string(),
        };
        let Some(name) = current.map(str::to_owned) else {
            // Every field that is there could be read, so others are missing.
            for name in required_fields(T::schema()) {
                if !fields.contains_key(&name) && !errors.contains_key(&name) {
                    add(&mut errors, &name, "is required");
                }
            }
            return Err(match errors.is_empty() {
                true => Error::Refused(StatusCode::UNPROCESSABLE_ENTITY, error),
                false => and_rules::<T>(fields, errors),
            });
        };
        // The other fields can be read without the one at fault.
        let value = fields.remove(&name).unwrap_or_default();
        let fields = input_fields::<T>();
        let message = match fields.iter().find(|field| field.name == name) {
            Some(field) => field.refusal(&value, &error),
            None => error,
        };
        add(&mut errors, &name, &message);
    }
}

/// What is wrong, and which rules the other fields break: all is told at once.
fn and_rules<T>(mut fields: Map<String, Value>, mut errors: FieldErrors) -> Error
where
    T: DeserializeOwned + Validate<Context = ()> + ToSchema,
{
    for field in input_fields::<T>() {
        if errors.contains_key(&field.name) {
            fields.insert(field.name.clone(), field.placeholder());
        }
    }
    if let Ok(input) = T::deserialize(Value::Object(fields)) {
        for (name, messages) in broken_rules(&input) {
            errors.entry(name).or_insert(messages);
        }
    }
    Error::Invalid(errors)
}

/// A deserializer of `fields` that notes which one it is at: none once all have been read.
fn noting<'a>(
    fields: &'a Map<String, Value>,
    current: &mut Option<&'a str>,
) -> MapDeserializer<'a, impl Iterator<Item = (&'a str, &'a Value)>, serde_json::Error> {
    let mut fields = fields.iter();
    MapDeserializer::new(iter::from_fn(move || {
        let (name, value) = fields.next().unzip();
        *current = name.map(String::as_str);
        current.zip(value)
    }))
}

fn required_fields(schema: RefOr<Schema>) -> Vec<String> {
    match schema {
        RefOr::T(Schema::Object(object)) => object.required,
        _ => Vec::new(),
    }
}

fn has_field(schema: &RefOr<Schema>, name: &str) -> bool {
    match schema {
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
