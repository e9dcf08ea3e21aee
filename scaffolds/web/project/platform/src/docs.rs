//! `/api/openapi.json` and `/api/docs`: the API, described from its handlers.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use minijinja::context;
use serde_json::{Map, Value, json};
use utoipa::PartialSchema;
use utoipa::openapi::path::{Operation, Parameter, ParameterIn, PathItem};
use utoipa::openapi::{self, ContentBuilder, Info, OpenApi, Paths, Ref, RefOr, ResponseBuilder};

use crate::error::{Error, Problem, Result};
use crate::fields;
use crate::site::Site;

/// A document without any operation yet.
pub fn api(title: &str, version: &str) -> OpenApi {
    OpenApi::new(Info::new(title, version), Paths::new())
}

/// Routes for the document and for the page that shows it.
pub fn router(api: OpenApi) -> serde_json::Result<Router<Site>> {
    let document = Arc::new(complete(api)?);
    Ok(Router::new()
        .route(
            "/api/openapi.json",
            get(move || async move { Json(document) }),
        )
        .route("/api/docs", get(page))
        .route("/api/docs/{file}", get(asset)))
}

async fn page(State(site): State<Site>) -> Result<Html<String>> {
    site.templates.render("api_docs.html", context! {})
}

/// A file of Swagger UI, compressed in the way that every browser understands.
async fn asset(Path(file): Path<String>) -> Result<Response> {
    let (kind, content): (_, &[u8]) = match file.as_str() {
        "swagger-ui.css" => (
            "text/css",
            include_bytes!("../swagger-ui/swagger-ui.css.gz"),
        ),
        "swagger-ui-bundle.js" => (
            "text/javascript",
            include_bytes!("../swagger-ui/swagger-ui-bundle.js.gz"),
        ),
        _ => return Err(Error::NotFound),
    };
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_ENCODING, "gzip"),
        (header::CACHE_CONTROL, "public, max-age=86400"),
    ];
    Ok((headers, content).into_response())
}

/// Adds what is true of every handler and so is not said by each: errors, and the limits of types.
fn complete(mut api: OpenApi) -> serde_json::Result<Value> {
    let problem = problem();
    for path in api.paths.paths.values_mut() {
        let PathItem {
            get,
            put,
            post,
            delete,
            options,
            head,
            patch,
            trace,
            ..
        } = path;
        for operation in [get, put, post, options, head, patch, trace]
            .into_iter()
            .flatten()
        {
            add_errors(operation, &problem, false);
        }
        if let Some(operation) = delete {
            add_errors(operation, &problem, true);
        }
    }
    let mut document = serde_json::to_value(api)?;
    limit(&mut document);
    document["components"]["schemas"]["Problem"] = serde_json::to_value(Problem::schema())?;
    if document.to_string().contains(fields::JSON_REFERENCE) {
        document["components"]["schemas"]["Json"] = fields::any_json();
    }
    Ok(document)
}

/// Any error, still without its description.
fn problem() -> openapi::Response {
    let schema = Ref::from_schema_name("Problem");
    let content = ContentBuilder::new().schema(Some(schema));
    ResponseBuilder::new()
        .content("application/problem+json", content)
        .build()
}

/// Which errors an operation can answer follows from what it takes.
fn add_errors(operation: &mut Operation, problem: &openapi::Response, deletes: bool) {
    let parameters = operation.parameters.as_deref().unwrap_or_default();
    let has_path = parameters.iter().any(is_in_path);
    let has_body = operation.request_body.is_some();
    let mut statuses = vec![];
    if !parameters.is_empty() || has_body {
        statuses.push(("400", "Malformed"));
    }
    if has_path {
        statuses.push(("404", "Not found"));
    }
    if has_body || deletes {
        statuses.push(("409", "Conflict with what exists"));
    }
    if has_body {
        statuses.push(("413", "Too large"));
        statuses.push(("415", "Not JSON"));
        statuses.push(("422", "Some fields are not valid"));
    }
    let responses = &mut operation.responses.responses;
    for response in responses.values_mut() {
        if let RefOr::T(response) = response
            && response.description.is_empty()
        {
            response.description = "Done".to_owned();
        }
    }
    for (status, description) in statuses {
        let mut response = problem.clone();
        response.description = description.to_owned();
        responses.insert(status.to_owned(), response.into());
    }
}

fn is_in_path(parameter: &RefOr<Parameter>) -> bool {
    matches!(parameter, RefOr::T(parameter) if parameter.parameter_in == ParameterIn::Path)
}

/// Numbers have the range of their width; text holds any character but NUL.
fn limit(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(limit),
        Value::Object(fields) => {
            let (kind, format) = (fields.get("type").cloned(), fields.get("format").cloned());
            let is = |name: &str| {
                kind.as_ref().is_some_and(|kind| {
                    kind == name
                        || kind
                            .as_array()
                            .is_some_and(|kinds| kinds.contains(&json!(name)))
                })
            };
            let format = format.as_ref().and_then(Value::as_str);
            let range = match format {
                Some("int32") if is("integer") => Some((json!(i32::MIN), json!(i32::MAX))),
                Some("int64") if is("integer") => Some((json!(i64::MIN), json!(i64::MAX))),
                // As few digits as tell it apart from other 32-bit numbers, which is how it is written.
                Some("float") if is("number") => {
                    Some((json!(-3.402_823_5e38), json!(3.402_823_5e38)))
                }
                _ => None,
            };
            if let Some((minimum, maximum)) = range {
                fields.entry("minimum").or_insert(minimum);
                fields.entry("maximum").or_insert(maximum);
            } else if is("string") && format.is_none() && !fields.contains_key("enum") {
                fields.entry("pattern").or_insert(json!(r"^[^\u0000]*$"));
            }
            fields.values_mut().for_each(limit);
            separate_null(fields);
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Text of a format or null: many programs look at a format only where there is one type.
fn separate_null(fields: &mut Map<String, Value>) {
    let or_null = fields.get("type") == Some(&json!(["string", "null"]));
    if or_null && fields.contains_key("format") {
        let mut text = std::mem::take(fields);
        text["type"] = json!("string");
        fields.insert("oneOf".to_owned(), json!([text, { "type": "null" }]));
    }
}
