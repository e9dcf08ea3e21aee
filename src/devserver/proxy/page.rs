//! Responses of the proxy itself, when no generation is up.

use hyper::header::{self, HeaderMap};
use hyper::{Response, StatusCode};

use super::body::{Body, full};

/// Whether the client accepts a page.
pub(super) fn is_wanted(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"))
}

pub(super) fn plain(status: StatusCode, text: &str) -> Response<Body> {
    respond(status, "text/plain; charset=utf-8", format!("{text}\n"))
}

/// The reason why there is no response from the site: a page for clients that accept one, else a problem (RFC 9457).
pub(super) fn problem(status: StatusCode, reason: &str, wants_page: bool) -> Response<Body> {
    let title = status.canonical_reason().unwrap_or_default();
    if !wants_page {
        let problem = serde_json::json!({
            "type": "about:blank",
            "title": title,
            "status": status.as_u16(),
            "detail": reason,
        });
        return respond(status, "application/problem+json", problem.to_string());
    }
    let reason = escape(reason);
    respond(
        status,
        "text/html; charset=utf-8",
        format!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"color-scheme\" content=\"light dark\">\n\
             <title>{title}</title>\n</head>\n<body>\n<h1>{title}</h1>\n<pre>{reason}</pre>\n</body>\n</html>\n"
        ),
    )
}

pub(super) fn respond(status: StatusCode, kind: &'static str, text: String) -> Response<Body> {
    let mut response = Response::new(full(text));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, header::HeaderValue::from_static(kind));
    headers.insert(
        header::CACHE_CONTROL,
        header::HeaderValue::from_static("no-store"),
    );
    response
}

/// Text escaped for HTML.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_escaped() {
        assert_eq!(
            escape("a < b & \"c\" > d"),
            "a &lt; b &amp; &quot;c&quot; &gt; d"
        );
    }

    #[test]
    fn a_page_is_for_clients_that_accept_one() {
        let mut headers = HeaderMap::new();
        assert!(!is_wanted(&headers));
        headers.insert(header::ACCEPT, header::HeaderValue::from_static("*/*"));
        assert!(!is_wanted(&headers));
        let browser = header::HeaderValue::from_static("text/html,*/*;q=0.8");
        headers.insert(header::ACCEPT, browser);
        assert!(is_wanted(&headers));
    }
}
