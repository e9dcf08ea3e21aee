//! A form that is sent after its session has ended: nothing that was typed is lost.
//!
//! The page that answers `401` holds all of it and sends it again, once its user has logged in, in another tab.

use axum::body::{Body, to_bytes};
use axum::extract::{FromRequest, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use minijinja::context;
use minijinja::value::Serde;

use crate::error::{Error, Result};
use crate::form::Form;
use crate::middleware::{BODY_LIMIT, wants_page, with_headers_of};
use crate::site::Site;

/// Answers a form that takes a user with a page that keeps it, where there is no user any more.
pub(crate) async fn keep(State(site): State<Site>, request: Request, next: Next) -> Response {
    if !is_kept(&request) {
        return next.run(request).await;
    }
    let (head, body) = request.into_parts();
    let Ok(body) = to_bytes(body, BODY_LIMIT).await else {
        return Error::bad_request("The form did not arrive.").into_response();
    };
    let sent = Request::from_parts(head.clone(), Body::from(body.clone()));
    let response = next.run(Request::from_parts(head, Body::from(body))).await;
    if response.status() != StatusCode::UNAUTHORIZED {
        return response;
    }
    let Ok(page) = page(&site, sent).await else {
        return response;
    };
    let mut page = with_headers_of(&response, page);
    let no_store = HeaderValue::from_static("no-store");
    page.headers_mut().insert(header::CACHE_CONTROL, no_store);
    page
}

/// Whether it is a form of a page. Those of accounts hold passwords, which no page shall hold.
fn is_kept(request: &Request) -> bool {
    let headers = request.headers();
    let length = text(headers, header::CONTENT_LENGTH).parse::<usize>();
    request.method() == Method::POST
        && wants_page(request.uri(), headers)
        && !request.uri().path().starts_with("/account")
        && length.is_ok_and(|length| length <= BODY_LIMIT)
        && (has_files(headers)
            || text(headers, header::CONTENT_TYPE).starts_with("application/x-www-form-urlencoded"))
}

fn has_files(headers: &HeaderMap) -> bool {
    text(headers, header::CONTENT_TYPE).starts_with("multipart/form-data")
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> &str {
    let value = headers.get(name).and_then(|value| value.to_str().ok());
    value.unwrap_or_default()
}

async fn page(site: &Site, sent: Request) -> Result<Response> {
    let address = sent.uri().path_and_query().map(ToString::to_string);
    let has_files = has_files(sent.headers());
    let form = Form::from_request(sent, site).await?;
    let content = context! {
        address,
        has_files,
        pairs => Serde(form.pairs()),
        user => false,
    };
    let page = site.templates.render("401.html", content)?;
    Ok((StatusCode::UNAUTHORIZED, page).into_response())
}
