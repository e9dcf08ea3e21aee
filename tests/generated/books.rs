//! The whole HTTP contract, walked on the walk-through's `/api/books`.

use reqwest::Method;
use serde_json::{Value, json};

use crate::chapters;
use crate::client::{Answer, Client};

const BOOKS: &str = "/api/books";

type Chapter = (&'static str, fn(&Client));

const CHAPTERS: &[Chapter] = &[
    ("empty list", empty_list),
    ("create and retrieve", create_and_retrieve),
    ("update", update),
    ("patch", patch),
    ("delete", delete),
    ("conflicts", conflicts),
    ("invalid fields", invalid_fields),
    ("dates", dates),
    ("text", text),
    ("malformed bodies", malformed_bodies),
    ("content types", content_types),
    ("too large", too_large),
    ("methods", methods),
    ("missing", missing),
    ("trailing slashes", trailing_slashes),
    ("pages", pages),
    ("ordering", ordering),
    ("searching", searching),
    ("filtering", filtering),
    ("bad queries", bad_queries),
    ("many at once", many_at_once),
];

/// Walks the contract on a site that holds nothing but books; leaves it without any.
pub(crate) fn walk(site: &Client) {
    chapters::walk(CHAPTERS.iter().map(|(name, chapter)| {
        let run = move || {
            // Each starts without books, also after one that stopped half-way.
            clear(site);
            chapter(site);
        };
        (*name, run)
    }));
    clear(site);
}

fn book(number: usize) -> Value {
    json!({
        "title": format!("Title {number:03}"),
        "author": format!("Author {}", number % 3),
        "publication_date": format!("19{:02}-01-31", number % 100),
        "isbn": format!("isbn-{number}"),
        "summary": "A story.",
    })
}

/// `book(0)` with one field changed.
fn with(field: &str, value: impl Into<Value>) -> Value {
    let mut book = book(0);
    book[field] = value.into();
    book
}

fn without(field: &str) -> Value {
    let mut book = book(0);
    book.as_object_mut().expect("an object").remove(field);
    book
}

/// Makes a book; its address.
#[track_caller]
fn make(site: &Client, book: &Value) -> String {
    let made = site.post(BOOKS, book).status(201);
    made.header("location").to_owned()
}

fn clear(site: &Client) {
    loop {
        let list = site.get("/api/books?page_size=100").status(200).json();
        let books = list["results"].as_array().expect("results");
        if books.is_empty() {
            return;
        }
        for book in books {
            site.delete(&format!("{BOOKS}/{}", book["id"])).status(204);
        }
    }
}

fn titles(list: &Answer) -> Vec<String> {
    let list = list.json();
    let books = list["results"].as_array().expect("results").iter();
    books
        .map(|book| book["title"].as_str().expect("a title").to_owned())
        .collect()
}

#[track_caller]
fn count(site: &Client, query: &str) -> Value {
    site.get(&format!("{BOOKS}?{query}")).status(200).json()["count"].clone()
}

fn empty_list(site: &Client) {
    let list = site.get(BOOKS).status(200).json();
    assert_eq!(
        list,
        json!({ "count": 0, "next": null, "previous": null, "results": [] })
    );
}

fn create_and_retrieve(site: &Client) {
    let made = site.post(BOOKS, &book(0)).status(201);
    let location = made.header("location").to_owned();
    let made = made.json();
    let id = made["id"].as_i64().expect("a number");
    assert!(location.ends_with(&format!("{BOOKS}/{id}")), "{location}");
    let mut expected = book(0);
    expected["id"] = id.into();
    assert_eq!(made, expected);
    assert_eq!(site.get(&location).status(200).json(), expected);
    let head = site.bare(Method::HEAD, &location).status(200).empty();
    assert_eq!(head.header("content-type"), "application/json");
}

fn update(site: &Client) {
    let location = make(site, &book(0));
    let updated = site.put(&location, &book(1)).status(200).json();
    assert_eq!(updated["title"], "Title 001");
    assert_eq!(site.get(&location).json(), updated);
    site.put(&location, &without("summary")).invalid("summary");
    assert_eq!(
        site.get(&location).json(),
        updated,
        "a refused update changed something"
    );
    // What the server answers is accepted back.
    assert_eq!(site.put(&location, &updated).status(200).json(), updated);
}

fn patch(site: &Client) {
    let location = make(site, &book(0));
    let patched = site
        .patch(&location, &json!({ "title": "Other" }))
        .status(200)
        .json();
    assert_eq!(patched["title"], "Other");
    assert_eq!(patched["isbn"], "isbn-0", "what is absent stays");
    assert_eq!(
        site.patch(&location, &json!({})).status(200).json(),
        patched
    );
    site.patch(&location, &json!({ "title": null }))
        .invalid("title");
    site.patch(&location, &json!({ "title": 5 }))
        .invalid("title");
    site.patch(&location, &json!({ "title": "x".repeat(201) }))
        .invalid("title");
    site.patch(&location, &json!({ "publication_date": "2025-02-30" }))
        .invalid("publication_date");
    site.patch(&location, &json!([])).problem_of(&[400, 422]);
    assert_eq!(
        site.get(&location).json(),
        patched,
        "a refused patch changed something"
    );
}

fn delete(site: &Client) {
    let location = make(site, &book(0));
    site.delete(&location).status(204).empty();
    site.delete(&location).problem(404);
    site.get(&location).problem(404);
    site.put(&location, &book(0)).problem(404);
    site.patch(&location, &json!({ "title": "x" })).problem(404);
}

fn conflicts(site: &Client) {
    let location = make(site, &book(0));
    let other = make(site, &book(1));
    for refused in [
        site.post(BOOKS, &book(0)),
        site.put(&other, &book(0)),
        site.patch(&other, &json!({ "isbn": "isbn-0" })),
    ] {
        let problem = refused.problem(409);
        assert!(problem["errors"]["isbn"][0].is_string(), "{problem}");
    }
    // Its own value is nobody else's.
    site.put(&location, &book(0)).status(200);
}

fn invalid_fields(site: &Client) {
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

fn dates(site: &Client) {
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

fn text(site: &Client) {
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

fn malformed_bodies(site: &Client) {
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

fn content_types(site: &Client) {
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

fn too_large(site: &Client) {
    let body = with("summary", "x".repeat(3_000_000)).to_string();
    site.post_raw(BOOKS, Some("application/json"), body.as_bytes())
        .problem(413);
}

fn methods(site: &Client) {
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

fn missing(site: &Client) {
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

fn trailing_slashes(site: &Client) {
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

fn pages(site: &Client) {
    for number in 0..45 {
        make(site, &book(number));
    }
    let first = site.get(BOOKS).status(200);
    assert_eq!(titles(&first).len(), 20);
    let first = first.json();
    assert_eq!(
        (&first["count"], &first["previous"]),
        (&json!(45), &Value::Null)
    );
    // Following the links meets every book once, there and back.
    let (mut seen, mut page) = (Vec::new(), first);
    loop {
        seen.extend(
            page["results"]
                .as_array()
                .expect("results")
                .iter()
                .map(|book| book["id"].clone()),
        );
        let Some(next) = page["next"].as_str() else {
            break;
        };
        page = site.get(next).status(200).json();
    }
    assert_eq!(seen.len(), 45);
    let distinct: std::collections::BTreeSet<_> = seen.iter().map(Value::to_string).collect();
    assert_eq!(distinct.len(), 45);
    let second = site
        .get(page["previous"].as_str().expect("a page before"))
        .status(200)
        .json();
    assert_eq!(second["results"][0]["id"], seen[20]);

    let small = site
        .get("/api/books?page_size=7&ordering=-title&page=2")
        .status(200);
    assert_eq!(titles(&small)[0], "Title 037");
    let next = small.json()["next"]
        .as_str()
        .expect("a next page")
        .to_owned();
    for kept in ["page=3", "page_size=7", "ordering=-title"] {
        assert!(next.contains(kept), "{next}");
    }
    assert_eq!(
        titles(&site.get("/api/books?page_size=100").status(200)).len(),
        45
    );
    assert_eq!(
        site.get("/api/books?page_size=45").json()["next"],
        Value::Null
    );
    for past in ["4", "1000", "4611686018427387904", "9223372036854775807"] {
        let list = site.get(&format!("{BOOKS}?page={past}")).status(200).json();
        assert_eq!(
            (&list["count"], &list["results"]),
            (&json!(45), &json!([])),
            "page {past}"
        );
    }
    for bad in [
        "page=0",
        "page=-1",
        "page=x",
        "page=1.5",
        "page=",
        "page=9223372036854775808",
        "page_size=0",
        "page_size=-5",
        "page_size=x",
        "page_size=101",
    ] {
        let problem = site.get(&format!("{BOOKS}?{bad}")).problem(400);
        let name = bad.split('=').next().expect("a name");
        assert!(problem["detail"].to_string().contains(name), "{problem}");
    }
}

fn ordering(site: &Client) {
    for number in [2, 0, 1, 3] {
        make(site, &book(number));
    }
    for (ordering, expected) in [
        (
            "title",
            ["Title 000", "Title 001", "Title 002", "Title 003"],
        ),
        (
            "-title",
            ["Title 003", "Title 002", "Title 001", "Title 000"],
        ),
        (
            "-publication_date",
            ["Title 003", "Title 002", "Title 001", "Title 000"],
        ),
        (
            "author,-title",
            ["Title 003", "Title 000", "Title 001", "Title 002"],
        ),
        ("id", ["Title 002", "Title 000", "Title 001", "Title 003"]),
        ("", ["Title 002", "Title 000", "Title 001", "Title 003"]),
    ] {
        let list = site
            .get(&format!("{BOOKS}?ordering={ordering}"))
            .status(200);
        assert_eq!(titles(&list), expected, "{ordering}");
    }
    for unknown in [
        "nothing",
        "-nothing",
        "title,nothing",
        "--title",
        "title;",
        "Title",
        "title asc",
        "1",
        "id'",
    ] {
        let detail = site
            .get(&format!("{BOOKS}?ordering={unknown}"))
            .problem(400)["detail"]
            .to_string();
        for allowed in ["title", "author", "publication_date", "isbn"] {
            assert!(detail.contains(allowed), "{detail}");
        }
    }
}

fn searching(site: &Client) {
    for title in ["The Odyssey", "100% Wool", "snake_case", "back\\slash"] {
        let mut book = book(0);
        book["title"] = title.into();
        book["isbn"] = title.into();
        make(site, &book);
    }
    for (search, found) in [
        ("odyssey", 1),
        ("ODY", 1),
        ("story", 4),
        ("%25", 1),
        ("_", 1),
        ("%5C", 1),
        ("nothing", 0),
        ("", 4),
        ("'", 0),
        ("snake_case", 1),
        ("author+0", 4),
        ("%F0%9F%8E%B8", 0),
    ] {
        assert_eq!(count(site, &format!("search={search}")), found, "{search}");
    }
}

fn filtering(site: &Client) {
    for number in 0..6 {
        make(site, &book(number));
    }
    for (filter, found) in [
        ("title=Title+002", 1),
        ("author=Author+1", 2),
        ("publication_date=1903-01-31", 1),
        ("isbn=isbn-5", 1),
        ("isbn=nobody", 0),
        ("author=Author+1&title=Title+001", 1),
        ("title=%27", 0),
        ("author=Author+1&search=002&ordering=-id", 0),
    ] {
        assert_eq!(count(site, filter), found, "{filter}");
    }
    // Whether case matters is the database's to say: for MySQL it does not.
    let other_case = count(site, "author=author+1");
    assert!(other_case == 0 || other_case == 2, "{other_case}");
}

fn bad_queries(site: &Client) {
    site.get("/api/books?publication_date=tomorrow")
        .problem(400);
    site.get("/api/books?publication_date=2025-02-30")
        .problem(400);
    // Odd, but each has one right answer or is refused; none may break the server.
    for query in [
        "search=%00",
        "title=%00",
        "isbn=%ff",
        "search=%",
        "search=%zz",
        "page=1&page=2",
        "&&&",
        "=",
        "?",
        "%00=1",
        "nothing=1",
        "search[]=x",
        "publication_date=0000-01-01",
        "publication_date=99999-01-01",
    ] {
        let answer = site.get(&format!("{BOOKS}?{query}"));
        if answer.code != 200 {
            answer.problem(400);
        }
    }
    let long = "x".repeat(8_000);
    let answer = site.get(&format!("{BOOKS}?search={long}"));
    assert!(
        [200, 400, 414, 431].contains(&answer.code),
        "{}",
        answer.code
    );
}

/// Writers at the same time wait for each other, and a unique value is given once.
fn many_at_once(site: &Client) {
    let codes: Vec<u16> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..16_usize)
            .map(|worker: usize| {
                scope.spawn(move || {
                    let write = |number| {
                        // Every worker's number 9 wants the same unique value.
                        let book = if number == 9 {
                            book(9)
                        } else {
                            book(100 + worker * 10 + number)
                        };
                        site.post(BOOKS, &book).code
                    };
                    (0..10).map(write).collect::<Vec<_>>()
                })
            })
            .collect();
        workers
            .into_iter()
            .flat_map(|worker| worker.join().expect("no panic"))
            .collect()
    });
    let with = |code| codes.iter().filter(|each| **each == code).count();
    assert_eq!((with(201), with(409)), (145, 15), "{codes:?}");
    assert_eq!(count(site, ""), 145);
}
