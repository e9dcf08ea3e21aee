//! Requests that nobody means well with: from pages of other sites, with nonsense in every header and body.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::Value;

use crate::client::Client;
use crate::project::Site;

/// Asks every address in every way; `staff` may do everything.
pub(crate) fn walk(site: &Site, staff: &Client) {
    let (pages, writes) = addresses(staff);
    assert!(
        pages.len() > 15 && writes.len() > 30,
        "{pages:?} {writes:?}"
    );
    from_other_sites(staff, &writes);
    let nobody = &site.client;
    for client in [nobody, staff] {
        nonsense_in_headers(client, &pages, &writes);
    }
    for client in [nobody, staff] {
        nonsense_in_bodies(client, &writes);
    }
    nobody.get("/healthz").status(200);
    let heard = site.running.heard();
    for word in ["panicked", "ERROR"] {
        assert!(!heard.contains(word), "{heard}");
    }
}

type Write = (Method, String);

/// Every page that leads from one to the next, and everything that changes something: what the pages' forms and the
/// API's description name.
fn addresses(staff: &Client) -> (BTreeSet<String>, Vec<Write>) {
    let mut pages = BTreeSet::new();
    let mut forms = BTreeSet::new();
    let mut open: Vec<String> = [
        "/",
        "/account",
        "/account/login",
        "/account/register",
        "/account/forgot",
        "/account/again",
        "/account/password",
        "/account/confirm",
        "/admin",
    ]
    .map(str::to_owned)
    .to_vec();
    while let Some(page) = open.pop() {
        if pages.len() >= 60 || !pages.insert(page.clone()) {
            continue;
        }
        let html = staff
            .get_as(&page, "text/html")
            .text()
            .replace("&#x2f;", "/")
            .replace("&amp;", "&");
        for link in attributes(&html, "<a ", "href") {
            if link.starts_with('/') && !link.starts_with("/static") {
                open.push(link);
            }
        }
        for form in html.split("<form ").skip(1) {
            let (tag, _) = form.split_once('>').unwrap_or_default();
            if tag.contains("method=\"post\"") {
                forms.insert(
                    attributes(&format!("<form {tag}"), "<form ", "action")
                        .pop()
                        .unwrap_or_else(|| page.clone()),
                );
            }
        }
    }
    let mut writes: Vec<Write> = forms.into_iter().map(|path| (Method::POST, path)).collect();
    let document = staff.get("/api/openapi.json").status(200).json();
    for (path, operations) in document["paths"].as_object().expect("paths") {
        let mut path = path.clone();
        while let (Some(open), Some(close)) = (path.find('{'), path.find('}')) {
            path.replace_range(open..=close, "1");
        }
        for method in operations.as_object().expect("operations").keys() {
            match Method::from_bytes(method.to_uppercase().as_bytes()).expect("a method") {
                Method::GET => drop(pages.insert(path.clone())),
                method => writes.push((method, path.clone())),
            }
        }
    }
    (pages, writes)
}

/// The values of an attribute in all tags of a kind.
fn attributes(html: &str, tag: &str, name: &str) -> Vec<String> {
    let tags = html.split(tag).skip(1);
    let start = format!("{name}=\"");
    tags.filter_map(|rest| {
        rest.split('>')
            .next()?
            .split(&start)
            .nth(1)?
            .split('"')
            .next()
    })
    .map(str::to_owned)
    .collect()
}

/// With the cookie of somebody who may do everything, a page of another site does nothing.
fn from_other_sites(staff: &Client, writes: &[Write]) {
    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://evil.example"),
    ] {
        let client = staff.with(name, value);
        for (method, path) in writes {
            let answer = client.bare(method.clone(), path).status(403);
            assert_eq!(answer.header("set-cookie"), "", "{method} {path}");
        }
    }
}

const LONG: usize = 4_000;

fn headers() -> Vec<(&'static str, Vec<u8>)> {
    let long = "a".repeat(LONG).into_bytes();
    let many = "session=x; ".repeat(500).into_bytes();
    let mut all = vec![("cookie", many), ("referer", long.clone())];
    for name in [
        "cookie",
        "authorization",
        "user-agent",
        "accept",
        "x-forwarded-for",
        "origin",
        "sec-fetch-site",
        "content-type",
        "x-request-id",
        "if-none-match",
        "range",
    ] {
        all.push((name, long.clone()));
        all.push((name, b"\xff\xfe \t;,=\"".to_vec()));
        all.push((name, Vec::new()));
    }
    for (name, values) in [
        (
            "cookie",
            [
                "session=",
                "session",
                "=",
                "session=%00",
                "notice=<b>",
                "session=\u{e9}; session=x",
            ],
        ),
        (
            "authorization",
            [
                "Bearer",
                "Bearer ",
                "Basic Og==",
                "Bearer \u{e9}",
                "bearer x y",
                "Digest a=b",
            ],
        ),
        (
            "x-forwarded-for",
            [
                "::1",
                "999.1.1.1",
                ",",
                "1.1.1.1, ::ffff:1.1.1.1",
                "unknown",
                "[::1]:80",
            ],
        ),
        (
            "accept",
            [
                "text/html",
                "*/*;q=x",
                "text/html;q=0",
                "application/json, text/html",
                ";;;",
                "text/*",
            ],
        ),
    ] {
        all.extend(values.map(|value| (name, value.as_bytes().to_vec())));
    }
    all
}

fn nonsense_in_headers(client: &Client, pages: &BTreeSet<String>, writes: &[Write]) {
    for (number, (name, value)) in headers().into_iter().enumerate() {
        let client = somewhere(client, number).with_bytes(name, &value);
        for page in pages {
            answered(&client, Method::GET, page);
        }
        // Those that a session would end with are left to those who have none.
        let anonymous = name == "cookie" || name == "authorization";
        for (method, path) in writes
            .iter()
            .filter(|write| anonymous || !ends_session(write))
        {
            answered(&client, method.clone(), path);
        }
    }
}

/// Each from an address of its own, as the trusted proxy reports it, so that limits do not answer for the site.
fn somewhere(client: &Client, number: usize) -> Client {
    // A connection may end with an answer that comes before the whole body was sent: none is used twice.
    client.with("connection", "close").with(
        "x-forwarded-for",
        &format!("198.51.{}.{}", number / 250, number % 250 + 1),
    )
}

fn ends_session((method, path): &Write) -> bool {
    path == "/account/logout"
        || path.contains("sessions")
        || path.contains("/admin/accounts/user/")
        || (method == Method::DELETE && path == "/api/account/session")
}

#[track_caller]
fn answered(client: &Client, method: Method, path: &str) {
    let answer = client.bare(method, path);
    assert!(answer.code < 500, "{path}: {}", answer.code);
}

fn bodies() -> Vec<(&'static str, Vec<u8>)> {
    let form = "application/x-www-form-urlencoded";
    let json = "application/json";
    let multipart = "multipart/form-data; boundary=x";
    let text = |text: &str| text.as_bytes().to_vec();
    let mut all = vec![
        (form, text("%")),
        (form, text("%zz=%zz&email=%FF%FE")),
        (form, b"email=\xff\xfe&password=\x00".to_vec()),
        (
            form,
            text("email=%00&password=%00&name=%00&token=%00&next=%00&id=%00"),
        ),
        (form, text(&"a=b&".repeat(20_000))),
        (
            form,
            text(&format!(
                "email={0}&password={0}&name={0}&next={0}",
                "x".repeat(100_000)
            )),
        ),
        (
            form,
            text(
                "email=a&email=b&password=a&password=b&remember=maybe&read_only=2&action=x&all=on",
            ),
        ),
        (
            "application/x-www-form-urlencoded; charset=utf-16",
            text("email=a"),
        ),
        (
            multipart,
            text("--x\r\ncontent-disposition: form-data; name=\"email\"\r\n\r\na@b.c\r\n"),
        ),
        (
            multipart,
            text(
                "--x\r\ncontent-disposition: form-data; name=\"email\"; filename=\"../x\"\r\n\r\n\u{0}\r\n--x--\r\n",
            ),
        ),
        ("multipart/form-data", text("--x--")),
        (json, text("")),
        (json, text("{")),
        (json, text(&"[".repeat(100_000))),
        (
            json,
            text(&format!("{{\"email\":{}}}", "{\"a\":".repeat(200))),
        ),
        (json, b"{\"email\":\"\xff\"}".to_vec()),
        (
            json,
            text("{\"email\":\"\\u0000\",\"password\":\"\\ud800\"}"),
        ),
        (
            json,
            text("{\"email\":\"a@b.c\",\"email\":\"d@e.f\",\"password\":\"x\"}"),
        ),
        (
            json,
            text("{\"id\":1e400,\"page\":-0,\"name\":9007199254740993}"),
        ),
        ("application/json; charset=latin1", text("{}")),
        (
            "application/xml",
            text("<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><a>&b;</a>"),
        ),
        ("x", text("x")),
    ];
    let values = [
        "null",
        "true",
        "0",
        "-1",
        "1.5",
        "\"\"",
        "[]",
        "{}",
        "\"9999-99-99T99:99:99Z\"",
        "\"+262143-01-01T00:00:00Z\"",
    ];
    for value in values {
        let fields = [
            "email",
            "password",
            "name",
            "token",
            "remember",
            "read_only",
            "expires_at",
            "title",
            "isbn",
            "publication_date",
        ];
        let fields: Vec<_> = fields
            .iter()
            .map(|field| format!("\"{field}\":{value}"))
            .collect();
        let object = format!("{{{}}}", fields.join(","));
        assert!(serde_json::from_str::<Value>(&object).is_ok(), "{object}");
        all.push((json, text(&object)));
        all.push((json, text(value)));
    }
    all
}

fn nonsense_in_bodies(client: &Client, writes: &[Write]) {
    for (number, (content_type, body)) in bodies().into_iter().enumerate() {
        let client = somewhere(client, number + 500);
        for (method, path) in writes.iter().filter(|write| !ends_session(write)) {
            let answer = client.send_raw(method.clone(), path, Some(content_type), &body);
            assert!(answer.code < 500, "{path}: {}", answer.code);
        }
    }
}
