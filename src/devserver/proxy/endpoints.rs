//! `/__luthier/…`: the endpoints of the development server itself, for its script in pages.
//!
//! Other sites must not reach them: the event stream contains the project's source, and a migration changes its database.
//! So a request must name a host of this machine (not a name that an attacker points at it: DNS rebinding), come from the
//! same origin, and carry the token that only our pages have.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::PoisonError;
use std::task::{Context, Poll};
use std::time::Duration;

use http_body_util::BodyExt;
use hyper::body::{Bytes, Frame};
use hyper::header::{self, HeaderMap, HeaderName, HeaderValue};
use hyper::{Method, Response, StatusCode, Uri};
use tokio::sync::{mpsc, oneshot};

use super::body::Body;
use super::page::{plain, respond};
use super::shared::{MigrateRequest, Shared};
use crate::devserver::browser::Pages;

/// The prefix of the paths.
pub(super) const PREFIX: &str = "/__luthier/";
const CLIENT: &str = include_str!("../browser/client.js");
const WORKER: &str = include_str!("../browser/worker.js");
const TOKEN: HeaderName = HeaderName::from_static("x-luthier-token");
const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
/// How often a stream sends a comment, so that both sides notice a broken connection.
const BEAT: Duration = Duration::from_secs(15);

/// Answers a request below [`PREFIX`].
pub(super) async fn answer(
    shared: &Shared,
    method: &Method,
    uri: &Uri,
    headers: &HeaderMap,
) -> Response<Body> {
    match (method, uri.path().trim_start_matches(PREFIX)) {
        (&Method::GET, "client.js") => script(CLIENT),
        (&Method::GET, "worker.js") => script(WORKER),
        (&Method::GET, "events") if shared.trusts(headers, query_token(uri)) => {
            events(&shared.pages)
        }
        (&Method::POST, "migrate") if shared.trusts(headers, header_token(headers)) => {
            migrate(&shared.migrate_requests).await
        }
        (_, "events" | "migrate") => plain(
            StatusCode::FORBIDDEN,
            "only for pages served by the development server",
        ),
        _ => plain(StatusCode::NOT_FOUND, "not found"),
    }
}

impl Shared {
    fn trusts(&self, headers: &HeaderMap, token: Option<&str>) -> bool {
        token == Some(&*self.token) && self.is_our_host(headers) && is_same_origin(headers)
    }

    /// Whether the host of the request is this machine, not a name that anybody could point at it.
    pub(super) fn is_our_host(&self, headers: &HeaderMap) -> bool {
        let host = headers
            .get(header::HOST)
            .and_then(|host| host.to_str().ok());
        host.is_some_and(|host| {
            let hosts = || self.hosts.read().unwrap_or_else(PoisonError::into_inner);
            is_local(host) || hosts().iter().any(|name| name == name_of(host))
        })
    }
}

fn query_token(uri: &Uri) -> Option<&str> {
    uri.query()?
        .split('&')
        .find_map(|pair| pair.strip_prefix("token="))
}

fn header_token(headers: &HeaderMap) -> Option<&str> {
    headers.get(TOKEN)?.to_str().ok()
}

/// `site.local` of `site.local:8000`.
fn name_of(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}

/// Whether it is an IP address, or a name that always means this machine (RFC 6761, 6.3).
fn is_local(host: &str) -> bool {
    let name = name_of(host);
    let address = name.trim_start_matches('[').trim_end_matches(']');
    let name = name.to_ascii_lowercase();
    address.parse::<std::net::IpAddr>().is_ok()
        || name == "localhost"
        || name.ends_with(".localhost")
}

/// Whether the request is from the same origin. A browser says so in one of two headers, and often in both.
fn is_same_origin(headers: &HeaderMap) -> bool {
    let text = |name: &HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let same_site = match text(&FETCH_SITE) {
        Some(site) => site == "same-origin",
        None => !headers.contains_key(FETCH_SITE),
    };
    let same_origin = match (text(&header::ORIGIN), text(&header::HOST)) {
        (Some(origin), Some(host)) => origin
            .split_once("://")
            .is_some_and(|(_, origin)| origin.eq_ignore_ascii_case(host)),
        (Some(_), None) => false,
        (None, _) => !headers.contains_key(header::ORIGIN),
    };
    same_site && same_origin
}

fn script(text: &'static str) -> Response<Body> {
    respond(
        StatusCode::OK,
        "text/javascript; charset=utf-8",
        text.to_owned(),
    )
}

async fn migrate(migrate_requests: &mpsc::UnboundedSender<MigrateRequest>) -> Response<Body> {
    let (request, answered) = oneshot::channel();
    let answer = match migrate_requests.send(request) {
        Ok(()) => answered.await.ok(),
        Err(_) => None,
    };
    match answer {
        Some(Ok(done)) => plain(StatusCode::OK, &done),
        Some(Err(reason)) => plain(StatusCode::CONFLICT, &reason),
        None => plain(
            StatusCode::SERVICE_UNAVAILABLE,
            "the development server is stopping",
        ),
    }
}

fn events(pages: &Pages) -> Response<Body> {
    let mut pages = pages.follow();
    let (sender, events) = mpsc::channel(1);
    tokio::spawn(async move {
        // A browser whose connection broke reconnects after half a second.
        let mut event = String::from("retry: 500\n\n");
        loop {
            let page = serde_json::to_string(&*pages.borrow_and_update()).unwrap_or_default();
            event.push_str(&format!("data: {page}\n\n"));
            if sender
                .send(Bytes::from(std::mem::take(&mut event)))
                .await
                .is_err()
            {
                return;
            }
            loop {
                tokio::select! {
                    changed = pages.changed() => match changed {
                        Ok(()) => break,
                        Err(_) => return,
                    },
                    () = tokio::time::sleep(BEAT) => {
                        if sender.send(Bytes::from_static(b":\n\n")).await.is_err() {
                            return;
                        }
                    }
                    () = sender.closed() => return,
                }
            }
        }
    });
    let mut response = Response::new(Events(events).map_err(|never| match never {}).boxed());
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/event-stream"),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// A body that ends when its channel is closed.
struct Events(mpsc::Receiver<Bytes>);

impl hyper::body::Body for Events {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.0
            .poll_recv(context)
            .map(|event| event.map(|event| Ok(Frame::data(event))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_and_reserved_names_are_local() {
        for (host, expected) in [
            ("127.0.0.1:8000", true),
            ("192.168.1.7:8000", true),
            ("[::1]:8000", true),
            ("[::1]", true),
            ("localhost", true),
            ("LOCALHOST:8000", true),
            ("shop.localhost:8000", true),
            ("evil.example:8000", false),
            ("localhost.evil.example", false),
            ("127.0.0.1.evil.example", false),
            ("", false),
        ] {
            assert_eq!(is_local(host), expected, "{host}");
        }
    }

    #[test]
    fn requests_of_another_origin_are_recognised() {
        for (lines, expected) in [
            (&[][..], true),
            (&[("sec-fetch-site", "same-origin")], true),
            (&[("sec-fetch-site", "cross-site")], false),
            (&[("sec-fetch-site", "same-site")], false),
            (&[("origin", "http://localhost:8000")], true),
            (&[("origin", "http://localhost:9000")], false),
            (&[("origin", "http://evil.example")], false),
            (&[("origin", "null")], false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, HeaderValue::from_static("localhost:8000"));
            for (name, value) in lines {
                headers.insert(*name, HeaderValue::from_static(value));
            }
            assert_eq!(is_same_origin(&headers), expected, "{lines:?}");
        }
    }
}
