//! What happens to every request before a handler sees it, and to every response after.

use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use minijinja::context;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::TimeoutLayer;
use tower_http::trace::{DefaultOnResponse, TraceLayer};
use tracing::Level;

use crate::error::{PageMessage, Problem};
use crate::site::Site;

/// The largest body a request may have.
const BODY_LIMIT: usize = 2 * 1024 * 1024;
/// How long a handler may take.
const TIMEOUT: Duration = Duration::from_secs(30);

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Headers that every response carries, unless a handler set its own.
const SECURITY_HEADERS: [(HeaderName, &str); 5] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'self'; \
         form-action 'self'; frame-ancestors 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "same-origin"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
];

/// Wraps all layers around the routes; the last one added sees a request first.
pub fn around(routes: Router<Site>, site: &Site) -> Router<Site> {
    let routes = routes
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::REQUEST_TIMEOUT,
            TIMEOUT,
        ))
        .layer(CatchPanicLayer::new())
        .layer(middleware::from_fn_with_state(site.clone(), explain_errors));
    SECURITY_HEADERS
        .into_iter()
        .fold(routes, |routes, (name, value)| {
            routes.layer(SetResponseHeaderLayer::if_not_present(
                name,
                HeaderValue::from_static(value),
            ))
        })
        .layer(
            TraceLayer::new_for_http()
                .make_span_with(span)
                .on_response(DefaultOnResponse::new().level(Level::INFO)),
        )
        .layer(PropagateRequestIdLayer::new(REQUEST_ID))
        .layer(SetRequestIdLayer::new(REQUEST_ID, MakeRequestUuid))
}

/// What a log line says of the request it belongs to.
fn span(request: &Request) -> tracing::Span {
    let id = request
        .headers()
        .get(REQUEST_ID)
        .and_then(|id| id.to_str().ok());
    tracing::info_span!("request", method = %request.method(), path = request.uri().path(), id)
}

/// Gives every error a body: a page for a browser that wants one, a problem for everybody else.
async fn explain_errors(State(site): State<Site>, request: Request, next: Next) -> Response {
    let wants_page = !request.uri().path().starts_with("/api")
        && request
            .headers()
            .get(header::ACCEPT)
            .and_then(|accept| accept.to_str().ok())
            .is_some_and(|accept| accept.contains("text/html"));
    let response = next.run(request).await;
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let message = response.extensions().get::<PageMessage>().cloned();
    if wants_page {
        let page = if status.is_server_error() {
            "500.html"
        } else {
            "404.html"
        };
        let context = context! {
            status => status.as_u16(),
            title => status.canonical_reason(),
            message => message.map(|message| message.0),
        };
        return match site.templates.render(page, context) {
            Ok(page) => (status, page).into_response(),
            Err(_) => response,
        };
    }
    if message.is_some() {
        return response;
    }
    // Of a bare `404`, `405`, `408` or panic only the status and the headers are worth keeping.
    let mut problem = Problem::new(status, detail_of(status)).into_response();
    if let Some(allow) = response.headers().get(header::ALLOW) {
        problem.headers_mut().insert(header::ALLOW, allow.clone());
    }
    problem
}

fn detail_of(status: StatusCode) -> &'static str {
    match status {
        StatusCode::NOT_FOUND => "There is nothing at this address.",
        StatusCode::METHOD_NOT_ALLOWED => {
            "This address does not know this method; `Allow` lists those it knows."
        }
        StatusCode::REQUEST_TIMEOUT => "It took too long.",
        StatusCode::INTERNAL_SERVER_ERROR => "The server failed; the failure has been logged.",
        _ => "The request cannot be answered.",
    }
}
