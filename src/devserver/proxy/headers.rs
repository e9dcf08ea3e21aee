//! What a proxy changes in the headers of requests and responses. Pure.

use std::net::IpAddr;

use hyper::header::{self, HeaderMap, HeaderName, HeaderValue};
use hyper::http::uri::{Authority, PathAndQuery, Uri};
use hyper::{Request, StatusCode, Version};

/// Headers about one connection, which are not forwarded (RFC 9110, 7.6.1).
const HOP_BY_HOP: [HeaderName; 6] = [
    header::CONNECTION,
    header::PROXY_AUTHENTICATE,
    header::TE,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
    HeaderName::from_static("keep-alive"),
];
const PROXY_CONNECTION: HeaderName = HeaderName::from_static("proxy-connection");
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// Removes the headers of the connection, and those that its `Connection` header names.
///
/// `Trailer` stays: it belongs to the message.
fn strip(headers: &mut HeaderMap) {
    let named: Vec<HeaderName> = headers
        .get_all(header::CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|name| name.trim().parse().ok())
        .collect();
    for name in named.iter().chain(&HOP_BY_HOP).chain([&PROXY_CONNECTION]) {
        headers.remove(name);
    }
}

/// Checks that a request names one host (RFC 9112, 3.2); HTTP/1.0 knows requests without.
pub(super) fn check_host(version: Version, headers: &HeaderMap) -> Result<(), &'static str> {
    let mut hosts = headers.get_all(header::HOST).iter();
    let host = match (hosts.next(), hosts.next()) {
        (None, _) if version < Version::HTTP_11 => return Ok(()),
        (None, _) => return Err("the request has no Host header"),
        (Some(host), None) => host,
        (Some(_), Some(_)) => return Err("the request has more than one Host header"),
    };
    let text = host.to_str().unwrap_or("@");
    let is_authority = text.parse::<Authority>().is_ok() && !text.contains('@');
    match text.is_empty() || is_authority {
        true => Ok(()),
        false => Err("the Host header is not a host and port"),
    }
}

/// The protocol that a request or response upgrades to. Never HTTP/2: its settings are removed as headers of the
/// connection, and a client that offers it continues with HTTP/1.1 if it is not accepted.
fn upgrade(headers: &HeaderMap) -> Option<HeaderValue> {
    let asks = headers
        .get_all(header::CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|token| token.trim().eq_ignore_ascii_case("upgrade"));
    headers
        .get(header::UPGRADE)
        .filter(|protocol| asks && !protocol.as_bytes().eq_ignore_ascii_case(b"h2c"))
        .cloned()
}

/// Prepares the head of a request for the site: HTTP/1.1, addressed by path, from `client`. Returns whether it asks for
/// an upgrade.
pub(super) fn prepare_request<B>(request: &mut Request<B>, client: IpAddr) -> bool {
    let upgrade = upgrade(request.headers());
    let trailers = request
        .headers()
        .get(header::TE)
        .and_then(|te| te.to_str().ok())
        .is_some_and(|te| te.to_ascii_lowercase().contains("trailers"));
    let authority = request.uri().authority().map(ToString::to_string);
    *request.uri_mut() = path_of(request.uri());
    *request.version_mut() = Version::HTTP_11;
    let headers = request.headers_mut();
    strip(headers);
    if trailers {
        headers.insert(header::TE, HeaderValue::from_static("trailers"));
        headers.insert(header::CONNECTION, HeaderValue::from_static("te"));
    }
    // The host of an absolute URI overrides the header (RFC 9112, 3.2.2).
    if let Some(host) = authority.and_then(|host| HeaderValue::try_from(host).ok()) {
        headers.insert(header::HOST, host);
    }
    forwarded(headers, client);
    let wanted = upgrade.is_some();
    if let Some(protocol) = upgrade {
        ask_for(headers, protocol);
    }
    wanted
}

/// Adds the `X-Forwarded-…` headers.
fn forwarded(headers: &mut HeaderMap, client: IpAddr) {
    let client = client.to_canonical().to_string();
    let chain = headers
        .get_all(&FORWARDED_FOR)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .chain([client.as_str()])
        .collect::<Vec<_>>()
        .join(", ");
    if let Ok(chain) = HeaderValue::try_from(chain) {
        headers.insert(FORWARDED_FOR, chain);
    }
    // A proxy in front of us knows better.
    if let Some(host) = headers.get(header::HOST).cloned() {
        headers.entry(FORWARDED_HOST).or_insert(host);
    }
    headers
        .entry(FORWARDED_PROTO)
        .or_insert(HeaderValue::from_static("http"));
}

fn ask_for(headers: &mut HeaderMap, protocol: HeaderValue) {
    headers.insert(header::CONNECTION, HeaderValue::from_static("upgrade"));
    headers.insert(header::UPGRADE, protocol);
}

/// The path of a URI: `*` and paths as they are, of absolute URIs the path.
fn path_of(uri: &Uri) -> Uri {
    uri.path_and_query()
        .cloned()
        .unwrap_or_else(|| PathAndQuery::from_static("/"))
        .into()
}

/// Prepares the head of a response for the client.
pub(super) fn prepare_response(status: StatusCode, headers: &mut HeaderMap) {
    let upgrade = upgrade(headers).filter(|_| status == StatusCode::SWITCHING_PROTOCOLS);
    strip(headers);
    if let Some(protocol) = upgrade {
        ask_for(headers, protocol);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(uri: &str, headers: &[(&'static str, &str)]) -> Request<()> {
        let mut request = Request::builder().uri(uri).version(Version::HTTP_10);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(()).expect("a request")
    }

    fn shown(headers: &HeaderMap) -> Vec<String> {
        let mut lines: Vec<_> = headers
            .iter()
            .map(|(name, value)| format!("{name}: {}", value.to_str().expect("text")))
            .collect();
        lines.sort();
        lines
    }

    #[test]
    fn a_request_names_one_host() {
        let (old, new) = (Version::HTTP_10, Version::HTTP_11);
        for (version, hosts, expected) in [
            (new, &["here:8000"][..], true),
            (new, &["[::1]:8000"], true),
            (new, &[""], true),
            (old, &[], true),
            (new, &[], false),
            (new, &["here", "here"], false),
            (old, &["here", "there"], false),
            (new, &["here, there"], false),
            (new, &["here/path"], false),
            (new, &["user@here"], false),
        ] {
            let mut headers = HeaderMap::new();
            for host in hosts {
                headers.append(header::HOST, host.parse().expect("a value"));
            }
            let checked = check_host(version, &headers);
            assert_eq!(checked.is_ok(), expected, "{version:?} {hosts:?}");
        }
    }

    #[test]
    fn headers_of_the_message_are_kept() {
        let client = IpAddr::from([127, 0, 0, 1]);
        for (uri, headers, path, expected) in [
            (
                "/a?b=c",
                &[
                    ("host", "site.local:8000"),
                    ("connection", "close, X-Mine"),
                    ("x-mine", "1"),
                    ("keep-alive", "5"),
                    ("accept", "*/*"),
                    ("trailer", "x-sum"),
                ][..],
                "/a?b=c",
                &[
                    "accept: */*",
                    "host: site.local:8000",
                    "trailer: x-sum",
                    "x-forwarded-for: 127.0.0.1",
                    "x-forwarded-host: site.local:8000",
                    "x-forwarded-proto: http",
                ][..],
            ),
            (
                "http://other:1/x",
                &[
                    ("host", "site.local"),
                    ("x-forwarded-for", "9.9.9.9"),
                    ("x-forwarded-proto", "https"),
                    ("x-forwarded-host", "public.example"),
                    ("te", "gzip, trailers"),
                ],
                "/x",
                &[
                    "connection: te",
                    "host: other:1",
                    "te: trailers",
                    "x-forwarded-for: 9.9.9.9, 127.0.0.1",
                    "x-forwarded-host: public.example",
                    "x-forwarded-proto: https",
                ],
            ),
            (
                "/",
                &[
                    ("connection", "Upgrade, HTTP2-Settings"),
                    ("upgrade", "h2c"),
                    ("http2-settings", "AAMAAABkAAQAAP__"),
                ],
                "/",
                &["x-forwarded-for: 127.0.0.1", "x-forwarded-proto: http"],
            ),
            (
                "*",
                &[],
                "*",
                &["x-forwarded-for: 127.0.0.1", "x-forwarded-proto: http"],
            ),
        ] {
            let mut request = request(uri, headers);
            assert!(!prepare_request(&mut request, client), "{uri}");
            assert_eq!(request.uri(), path);
            assert_eq!(request.version(), Version::HTTP_11);
            assert_eq!(shown(request.headers()), expected, "{uri}");
        }
    }

    #[test]
    fn upgrades_are_forwarded_both_ways() {
        let asked = [
            ("connection", "keep-alive, Upgrade"),
            ("upgrade", "websocket"),
            ("sec-websocket-key", "k"),
        ];
        let mut request = request("/ws", &asked);
        assert!(prepare_request(&mut request, IpAddr::from([0; 16])));
        assert_eq!(request.headers()["connection"], "upgrade");
        assert_eq!(request.headers()["upgrade"], "websocket");
        assert_eq!(request.headers()["sec-websocket-key"], "k");

        let mut answer = request.headers().clone();
        prepare_response(StatusCode::SWITCHING_PROTOCOLS, &mut answer);
        assert_eq!(answer["upgrade"], "websocket");
        prepare_response(StatusCode::OK, &mut answer);
        assert!(answer.get("upgrade").is_none());
        assert!(answer.get("connection").is_none());
    }
}
