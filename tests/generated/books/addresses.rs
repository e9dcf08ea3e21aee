//! Methods and addresses that are there, and that are not.

use reqwest::Method;
use serde_json::json;

use super::{BOOKS, book, make};
use crate::client::Client;

pub(super) fn methods(site: &Client) {
    let location = make(site, &book(0));
    for (method, path, allowed) in [
        (Method::DELETE, BOOKS, ["GET", "POST"].as_slice()),
        (Method::PATCH, BOOKS, &["GET", "POST"]),
        (Method::PUT, BOOKS, &["GET", "POST"]),
        (Method::POST, &location, &["GET", "PUT", "PATCH", "DELETE"]),
        (Method::TRACE, BOOKS, &["GET", "POST"]),
        (
            Method::from_bytes(b"BREW").expect("a method"),
            BOOKS,
            &["GET", "POST"],
        ),
        (Method::POST, "/healthz", &["GET"]),
    ] {
        let answer = site.bare(method.clone(), path).status(405);
        for verb in allowed {
            let allow = answer.header("allow");
            assert!(
                allow.split(',').any(|each| each.trim() == *verb),
                "{method} {path}: {allow:?}"
            );
        }
        answer.problem(405);
    }
    let head = site.bare(Method::HEAD, BOOKS).status(200).empty();
    assert_eq!(head.header("content-type"), "application/json");
    let options = site.bare(Method::OPTIONS, BOOKS);
    assert!(
        options.header("allow").contains("GET"),
        "OPTIONS does not say what is allowed: {}",
        options.code
    );
}

pub(super) fn missing(site: &Client) {
    for path in [
        "/api/books/999999",
        "/api/books/0",
        "/api/books/-1",
        "/api/nothing",
        "/api/books/1/2",
        "/nothing",
    ] {
        site.get(path).problem(404);
    }
    for path in [
        "/api/books/abc",
        "/api/books/1.5",
        "/api/books/9223372036854775808",
        "/api/books/%00",
        "/api/books/%ff",
        "/api/books/1%2F2",
        "/api/books/%20",
        "/api/books/99999999999999999999999999999999999999",
    ] {
        site.get(path).problem_of(&[400, 404]);
        site.delete(path).problem_of(&[400, 404]);
        site.patch(path, &json!({})).problem_of(&[400, 404]);
    }
}

pub(super) fn trailing_slashes(site: &Client) {
    site.get("/api/books/").status(200);
    site.get("/api/books/?page_size=5").status(200);
    let made = site.post("/api/books/", &book(0)).status(201);
    let location = made.header("location").to_owned();
    assert!(!location.ends_with('/'), "{location}");
    for path in [format!("{location}/"), location.clone()] {
        site.get(&path).status(200);
        site.patch(&path, &json!({ "title": "x" })).status(200);
        site.put(&path, &book(0)).status(200);
    }
    site.delete(&format!("{location}/")).status(204);
    site.get("/api/openapi.json/").status(200);
}
