//! The admin of a bookstore, as staff and everybody else find it.

use serde_json::{Value, json};

use crate::client::{Answer, Client};
use crate::project::Project;

pub(crate) const STAFF: &str = "staff@example.org";
pub(crate) const PASSWORD: &str = "correct horse battery staple";
const BOOKS: &str = "/admin/books/book";

/// The walk through every page, on the site of a project whose books are those of the walk-through.
pub(crate) fn walk(project: &Project, site: &Client, database: &str) {
    project.program(
        &["createsuperuser", STAFF, "--password-stdin"],
        PASSWORD,
        database,
    );
    let staff = site.signed_in(STAFF, PASSWORD);
    nobody_gets_in(site);
    let id = added(&staff);
    found(&staff);
    saved_beside_others(&staff, &id);
    kept_without_session(site, &staff);
    same_verdicts(site, &staff);
    no_failure(&staff, &id);
    deleted(&staff, &id);
}

fn nobody_gets_in(site: &Client) {
    let login = site.get_as("/admin", "text/html").status(303);
    assert_eq!(login.header("location"), "/account/login?next=%2Fadmin");
    for path in ["", "/add", "/1/change", "/1/delete", "/1/history"] {
        site.get(&format!("{BOOKS}{path}")).problem(401);
    }
    for path in ["/add", "/1/change", "/1/delete", "/action"] {
        site.submit(&format!("{BOOKS}{path}"), &[]).status(401);
    }
    let style = site.get("/admin/static/admin.css").status(200);
    assert_eq!(style.header("content-type"), "text/css");
}

fn book<'a>(title: &'a str, isbn: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("title", title),
        ("author", "A. Nobody"),
        ("publication_date", "2024-02-29"),
        ("isbn", isbn),
        ("summary", "One line\r\nand another"),
    ]
}

fn added(staff: &Client) -> String {
    let dashboard = staff.get("/admin").status(200).text();
    for part in ["Books", "Users", "Groups", "/admin/books/book/add"] {
        assert!(
            dashboard.replace("&#x2f;", "/").contains(part),
            "{part}: {dashboard}"
        );
    }
    let form = staff.get(&format!("{BOOKS}/add")).status(200).text();
    assert!(form.contains("type=\"date\""), "{form}");
    let sent = [
        book("<i>Admin</i> & co", "adm-1"),
        vec![("_save", "continue")],
    ]
    .concat();
    let saved = staff.submit(&format!("{BOOKS}/add"), &sent).status(303);
    let address = saved.header("location").to_owned();
    let (_, rest) = address.split_once("/book/").expect("it leads to the book");
    let id = rest.trim_end_matches("/change").to_owned();
    let stored = staff.get(&format!("/api/books/{id}")).status(200).json();
    assert_eq!(stored["title"], "<i>Admin</i> & co");
    assert_eq!(stored["summary"], "One line\nand another");
    let page = staff.get(&address).status(200).text();
    assert!(
        !page.contains("<i>Admin") && page.contains("&lt;i&gt;Admin"),
        "{page}"
    );
    assert!(staff.get("/admin").text().contains("&lt;i&gt;Admin"));
    id
}

fn found(staff: &Client) {
    let listed = |query: &str| {
        let page = staff.get(&format!("{BOOKS}?{query}")).status(200).text();
        page.contains("Select &lt;i&gt;Admin")
    };
    for query in [
        "search=admin",
        "search=adm-1",
        "publication_date=2024",
        "publication_date=2024-02-29",
        "isbn=adm-1&page_size=1",
    ] {
        assert!(listed(query), "{query}");
    }
    for query in [
        "search=dm-1",
        "search=dm-1x",
        "publication_date=2023-02",
        "isbn=adm",
    ] {
        assert!(!listed(query), "{query}");
    }
    for query in [
        "ordering=nope",
        "page=0",
        "page=x",
        "page_size=0",
        "publication_date=2026-02-30",
    ] {
        staff
            .get_as(&format!("{BOOKS}?{query}"), "text/html")
            .status(400);
    }
    let beyond = staff
        .get(&format!("{BOOKS}?page=999&search=adm-1"))
        .status(303);
    assert_eq!(
        beyond.header("location"),
        "/admin/books/book?search=adm-1&page=1"
    );
}

/// The value of a hidden field.
#[track_caller]
pub(crate) fn hidden(page: &str, name: &str) -> String {
    let start = format!("name=\"{name}\" value=\"");
    let (_, rest) = page
        .split_once(&start)
        .unwrap_or_else(|| panic!("no {name}: {page}"));
    let (value, _) = rest.split_once('"').expect("it ends");
    ["&quot;", "&lt;", "&gt;", "&#x2f;", "&#x27;", "&amp;"]
        .iter()
        .zip(["\"", "<", ">", "/", "'", "&"])
        .fold(value.to_owned(), |value, (from, to)| {
            value.replace(from, to)
        })
}

/// The texts of the form when it was opened.
fn was(page: &Answer) -> String {
    hidden(&page.text(), "_was")
}

/// What was typed is kept when the session has ended meanwhile, and is sent again; but no page holds a password.
fn kept_without_session(site: &Client, staff: &Client) {
    const PAGE: [(&str, &str); 1] = [("accept", "text/html")];
    let path = format!("{BOOKS}/add");
    let sent = book("\"><script>evil()</script>", "kept-1");
    let page = site.submit_with(&path, &sent, &PAGE).status(401).text();
    assert!(!page.contains("<script>evil"), "{page}");
    let kept = sent.iter().map(|(name, _)| hidden(&page, name));
    let kept: Vec<String> = kept.collect();
    let pairs = sent.iter().zip(&kept);
    let again: Vec<_> = pairs.map(|((name, _), text)| (*name, &**text)).collect();
    assert_eq!(again, sent);
    let saved = staff.submit(&path, &again).status(303);
    assert_eq!(saved.header("location"), BOOKS);
    let secret = [("current", PASSWORD), ("password", "four words of another")];
    for path in ["/account/password", "/account/again", "/account/email"] {
        let page = site.submit_with(path, &secret, &PAGE);
        assert!([401, 403, 422].contains(&page.code), "{}", page.code);
        let page = page.text();
        assert!(
            !page.contains("four words") && !page.contains(PASSWORD),
            "{page}"
        );
    }
}

fn saved_beside_others(staff: &Client, id: &str) {
    let address = format!("{BOOKS}/{id}/change");
    let opened = was(&staff.get(&address));
    staff
        .patch(
            &format!("/api/books/{id}"),
            &json!({ "author": "B. Other" }),
        )
        .status(200);
    let sent = [book("Another title", "adm-1"), vec![("_was", &opened)]].concat();
    staff.submit(&address, &sent).status(303);
    let stored = staff.get(&format!("/api/books/{id}")).json();
    assert_eq!(stored["title"], "Another title");
    assert_eq!(stored["author"], "B. Other");
    let sent = [book("Third title", "adm-1"), vec![("_was", &opened)]].concat();
    let conflict = staff.submit(&address, &sent).status(409).text();
    assert!(
        conflict.contains("staff@example.org changed this to"),
        "{conflict}"
    );
    assert!(conflict.contains("value=\"Third title\""), "{conflict}");
    let history = staff
        .get(&format!("{BOOKS}/{id}/history"))
        .status(200)
        .text();
    assert!(history.contains("<ins>Another title</ins>"), "{history}");
}

/// The API and the form say the same of the same values, in the same words.
fn same_verdicts(site: &Client, staff: &Client) {
    let long = "x".repeat(201);
    let cases = [
        ("title", ""),
        ("title", &long),
        ("title", "ok"),
        ("isbn", "123456789012345678901"),
        ("isbn", ""),
        ("publication_date", "2024-02-30"),
        ("publication_date", "0000-01-01"),
        ("publication_date", "29.2.2024"),
        ("publication_date", "+12024-01-01"),
        ("summary", ""),
        ("summary", "ünï\u{1f600}"),
        ("author", " "),
    ];
    for (number, (field, value)) in cases.into_iter().enumerate() {
        let isbn = format!("same-{number}");
        let mut sent = book("Same", &isbn);
        for pair in &mut sent {
            if pair.0 == field {
                pair.1 = value;
            }
        }
        let body: Value = sent
            .iter()
            .map(|(name, value)| ((*name).to_owned(), json!(value)))
            .collect::<serde_json::Map<_, _>>()
            .into();
        let by_form = staff.submit(&format!("{BOOKS}/add"), &sent);
        let by_api = site.post("/api/books", &body);
        match by_form.code {
            // The second to come finds the number taken, unless that is the field in question.
            303 => assert!(matches!(by_api.code, 201 | 409), "{field}={value}"),
            code => {
                assert_eq!((code, by_api.code), (422, 422), "{field}={value}");
                let problem = by_api.json();
                let message = problem["errors"][field][0].as_str().expect("a message");
                let page = by_form.text();
                assert!(page.contains(message), "{field}={value}: {message}: {page}");
            }
        }
    }
}

/// Nothing that is asked makes the site fail, which every answer is checked for.
fn no_failure(staff: &Client, id: &str) {
    let odd = [
        "",
        "0",
        "-1",
        "99999999999999999999",
        "x",
        "%00",
        "%FF",
        "'",
        "1;DROP TABLE books",
        "../..",
        "%2F",
        "a%2Cb",
        "NaN",
        "2024-13",
        "9999-12-31",
        "%F0%9F%98%80",
    ];
    for value in odd {
        for name in [
            "page",
            "page_size",
            "ordering",
            "search",
            "null",
            "id",
            "title",
            "publication_date",
            "isbn",
            "summary",
            "nope",
        ] {
            let answer = staff.get(&format!("{BOOKS}?{name}={value}"));
            assert!(
                [200, 303, 400].contains(&answer.code),
                "{name}={value}: {}",
                answer.code
            );
        }
        for page in ["change", "delete", "history"] {
            let answer = staff.get(&format!("{BOOKS}/{value}/{page}"));
            assert!(
                [200, 400, 404].contains(&answer.code),
                "{value}: {}",
                answer.code
            );
        }
        let answer = staff.submit(
            &format!("{BOOKS}/action"),
            &[("action", "delete"), ("id", value)],
        );
        assert!(
            [200, 303].contains(&answer.code),
            "{value}: {}",
            answer.code
        );
        let sent = [
            ("_was", value),
            ("_token", value),
            ("title", value),
            ("publication_date", value),
        ];
        for path in ["add".to_owned(), format!("{id}/change")] {
            let answer = staff.submit(&format!("{BOOKS}/{path}"), &sent);
            assert!(
                [303, 409, 422].contains(&answer.code),
                "{path} {value}: {}",
                answer.code
            );
        }
    }
    staff
        .post_raw(&format!("{BOOKS}/add"), Some("text/plain"), b"x")
        .status(415);
    staff
        .post_raw(
            &format!("{BOOKS}/add"),
            Some("multipart/form-data; boundary=x"),
            b"--x\r\nrubbish",
        )
        .status(400);
}

fn deleted(staff: &Client, id: &str) {
    let address = format!("{BOOKS}/{id}/delete");
    let page = staff.get(&address).status(200).text();
    assert!(page.contains("Delete it"), "{page}");
    staff.get(&format!("/api/books/{id}")).status(200);
    staff.submit(&address, &[]).status(303);
    staff.get(&format!("/api/books/{id}")).problem(404);
    staff.get(&format!("{BOOKS}/{id}/history")).status(200);
    let kept = staff.get("/api/books?search=kept-1").json();
    assert_eq!(kept["count"], 1, "{kept}");
    staff
        .delete(&format!("/api/books/{}", kept["results"][0]["id"]))
        .status(204);
    let ask = [("action", "delete"), ("all", "on")];
    let page = staff
        .submit(&format!("{BOOKS}/action?search=same"), &ask)
        .status(200)
        .text();
    let (_, rest) = page
        .split_once("name=\"_confirmed\" value=\"")
        .expect("it asks");
    let (count, _) = rest.split_once('"').expect("it ends");
    let confirm = [("action", "delete"), ("all", "on"), ("_confirmed", count)];
    staff
        .submit(&format!("{BOOKS}/action?search=same"), &confirm)
        .status(303);
    // Unlike the API, the admin finds no book by a part of its number.
    let left = staff.get("/api/books?search=same").json()["results"].clone();
    for book in left.as_array().expect("results") {
        assert_ne!(book["title"], "Same", "{left}");
        staff
            .delete(&format!("/api/books/{}", book["id"]))
            .status(204);
    }
}
