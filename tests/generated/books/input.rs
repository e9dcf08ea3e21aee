//! Bodies that are taken, and that are refused.

use serde_json::{Value, json};

use super::{BOOKS, book, clear, make, with, without};
use crate::client::Client;

pub(super) fn invalid_fields(site: &Client) {
    for (body, field) in [
        (without("title"), "title"),
        (with("title", Value::Null), "title"),
        (with("title", ""), "title"),
        (with("title", "x".repeat(201)), "title"),
        (with("title", "é".repeat(201)), "title"),
        (with("title", 5), "title"),
        (with("title", json!(["x"])), "title"),
        (with("title", "a\0b"), "title"),
        (with("summary", "a\0b"), "summary"),
        (with("author", "x".repeat(101)), "author"),
        (with("isbn", "x".repeat(21)), "isbn"),
        (with("publication_date", 20250101), "publication_date"),
    ] {
        site.post(BOOKS, &body).invalid(field);
    }
    // All that is wrong is told at once.
    let mut both = with("title", "x".repeat(201));
    both["author"] = "x".repeat(101).into();
    let problem = site.post(BOOKS, &both).invalid("title");
    assert!(problem["errors"]["author"].is_array(), "{problem}");
    // Lengths count characters.
    make(site, &with("title", "é".repeat(200)));
}

pub(super) fn dates(site: &Client) {
    for date in [
        "",
        "tomorrow",
        "2025-02-30",
        "2025-13-01",
        "2025-00-10",
        "0000-01-01",
        "-0001-01-01",
        "10000-01-01",
        "+10000-01-01",
        "99999999999-01-01",
        "2025-01-01T00:00:00Z",
        "20250101",
    ] {
        site.post(BOOKS, &with("publication_date", date))
            .invalid("publication_date");
    }
    for date in ["0001-01-01", "1582-10-10", "2024-02-29", "9999-12-31"] {
        let made = site
            .get(&make(site, &with("publication_date", date)))
            .json();
        assert_eq!(made["publication_date"], date);
        clear(site);
    }
}

pub(super) fn text(site: &Client) {
    for title in [
        " leading and trailing ",
        "Ünïcödé ☃ 🎸 👩‍👩‍👧",
        "שלום עולם",
        "'; DROP TABLE books; --",
        "<script>alert(1)</script>",
        "{{ title }} {% if %}",
        "100% \\ _ \" ' `",
        "line\nbreak\ttab\r\u{1}\u{7f}",
        "\u{feff}\u{202e}\u{fffd}",
    ] {
        let location = make(site, &with("title", title));
        assert_eq!(site.get(&location).json()["title"], title);
        clear(site);
    }
}

pub(super) fn malformed_bodies(site: &Client) {
    let deep = "[".repeat(100_000);
    for body in [
        "",
        " ",
        "{",
        "}",
        "nul",
        "{\"title\":}",
        "{'title': 1}",
        "{\"title\": \"\\ud800\"}",
        "{} {}",
        "{\"title\": \"a\u{1}b\"}",
        "[1,]",
        &deep,
    ] {
        site.post_raw(BOOKS, Some("application/json"), body.as_bytes())
            .problem(400);
    }
    site.post_raw(BOOKS, Some("application/json"), b"{\"title\": \"\xff\"}")
        .problem(400);
    for body in ["null", "[]", "5", "\"text\"", "[[]]"] {
        site.post_raw(BOOKS, Some("application/json"), body.as_bytes())
            .problem_of(&[400, 422]);
    }
    let twice = br#"{"title": "a", "title": "b"}"#;
    site.post_raw(BOOKS, Some("application/json"), twice)
        .problem_of(&[400, 422]);
}

pub(super) fn content_types(site: &Client) {
    let body = book(0).to_string();
    for wrong in [
        None,
        Some("text/plain"),
        Some("application/x-www-form-urlencoded"),
        Some("application/xml"),
        Some("json"),
        Some(""),
    ] {
        site.post_raw(BOOKS, wrong, body.as_bytes()).problem(415);
    }
    for right in [
        "application/json; charset=utf-8",
        "APPLICATION/JSON",
        "application/vnd.api+json",
    ] {
        site.post_raw(BOOKS, Some(right), body.as_bytes())
            .status(201);
        clear(site);
    }
}

pub(super) fn too_large(site: &Client) {
    let body = with("summary", "x".repeat(3_000_000)).to_string();
    site.post_raw(BOOKS, Some("application/json"), body.as_bytes())
        .problem(413);
}
