//! The pages that `--pages` and `startviews` make, as visitors, users and staff find them.

use serde_json::{Value, json};

use crate::client::{Answer, Client};

const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

/// Models of every access: notices are everybody's, tags are read by all, books are users', reports staff's, and notes
/// their owners'.
pub(crate) fn walk(site: &Client, ada: &Client, bob: &Client) {
    visitors(site);
    written(site, "/notices", &[("title", "By anybody")]);
    written(ada, "/tags", &[("name", "by-a-user")]);
    written(ada, "/books", &[("title", "By a user")]);
    written(ada, "/profiles", &[("bio", "Mine"), ("user_id", "1")]);
    let note = written(ada, "/notes", &[("title", "Whose?")]);
    for page in ["", "/edit", "/delete"] {
        bob.get_as(&format!("{note}{page}"), BROWSER).status(404);
    }
    for form in ["/edit", "/delete"] {
        let sent = [("title", "Now mine")];
        bob.submit(&format!("{note}{form}"), &sent).status(404);
    }
    assert!(!bob.get_as("/notes", BROWSER).text().contains("Whose?"));
    for address in ["/notices", "/tags", "/books", "/notes"] {
        no_failure(ada, address);
    }
    from_another_site(site);
}

/// Who must log in is sent there by a page, and refused with a form.
fn visitors(site: &Client) {
    for (address, reads) in [
        ("/notices", true),
        ("/tags", true),
        ("/books", false),
        ("/reports", false),
        ("/notes", false),
    ] {
        let list = site.get_as(address, BROWSER);
        match reads {
            true => list.status(200),
            false => list.status(303),
        };
        if address == "/notices" {
            continue;
        }
        let form = format!("{address}/new");
        let login = site.get_as(&form, BROWSER).status(303);
        let next = form.replace('/', "%2F");
        assert_eq!(
            login.header("location"),
            format!("/account/login?next={next}")
        );
        site.submit(&form, &[]).status(401);
        site.submit(&format!("{address}/1/delete"), &[]).status(401);
    }
    let tags = site.get_as("/tags", BROWSER).text();
    assert!(!tags.contains("/tags/new"), "{tags}");
}

/// Creates a row by the form, sees it, and changes it; gives the address of its page.
fn written(user: &Client, address: &str, fields: &[(&str, &str)]) -> String {
    let new = format!("{address}/new");
    user.get_as(&new, BROWSER).status(200);
    let refused = user.submit(&new, &[]).status(422).text();
    assert!(refused.contains("<title>Error: "), "{refused}");
    assert!(refused.contains("aria-invalid"), "{refused}");
    let created = user.submit(&new, fields).status(303);
    let row = created.header("location").to_owned();
    assert!(row.starts_with(&format!("{address}/")), "{row}");
    let page = user.get_as(&row, BROWSER).status(200).text();
    let (_, first) = fields[0];
    assert!(page.contains(first), "{first}: {page}");
    let list = user.get_as(address, BROWSER).status(200).text();
    assert!(list.contains(&format!("\"{row}\"")), "{row}: {list}");
    said_once(user, &created, &row, address);
    saved_as_it_is(user, &row);
    row
}

/// The page that a form leads to says what was done; no other page does, and it says nothing else.
fn said_once(user: &Client, done: &Answer, page: &str, other: &str) {
    let with = |cookie: &str| {
        let session = user.header("cookie").to_owned();
        user.with("cookie", &format!("{session}; {cookie}"))
    };
    let told = with(done.cookie());
    let answer = told.get_as(page, BROWSER).status(200);
    let text = answer.text();
    let notice = text.split_once("role=\"status\">The ").expect("a notice");
    let (notice, _) = notice.1.split_once("</p>").expect("it ends");
    assert!(notice.ends_with(" was added."), "{notice}");
    assert!(
        answer.cookie() == "notice=" && answer.header("set-cookie").contains("Max-Age=0"),
        "it is taken away"
    );
    assert_eq!(answer.header("cache-control"), "no-store");
    let forged = with(&format!("notice={page}:<b>pay</b>"));
    for (client, page) in [(user, page), (&told, other), (&forged, page)] {
        let text = client.get_as(page, BROWSER).status(200).text();
        assert!(!text.contains("role=\"status\""), "{page}: {text}");
    }
}

/// Opens the form of a row and saves it: nothing is different then.
pub(crate) fn saved_as_it_is(user: &Client, row: &str) {
    let stored = |user: &Client| user.get(&format!("/api{row}")).status(200).json();
    let before = stored(user);
    let edit = format!("{row}/edit");
    let form = filled(&user.get_as(&edit, BROWSER).status(200).text());
    let pairs: Vec<(&str, &str)> = form.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    user.submit(&edit, &pairs).status(303);
    assert_eq!(stored(user), before, "{form:?}");
}

/// What a browser sends of a page's form.
fn filled(page: &str) -> Vec<(String, String)> {
    let (_, rest) = page.split_once("<form method=\"post\"").expect("a form");
    let (form, _) = rest.split_once("</form>").expect("it ends");
    let mut pairs = Vec::new();
    let mut select = String::new();
    for tag in form.split('<') {
        let name = attribute(tag, "name").unwrap_or_default();
        let value = attribute(tag, "value").unwrap_or_default();
        let kind = attribute(tag, "type").unwrap_or_default();
        let is_box = ["checkbox", "radio"].contains(&&*kind);
        if tag.starts_with("input ") && kind != "file" && (!is_box || tag.contains(" checked")) {
            pairs.push((name, value));
        } else if tag.starts_with("textarea ") {
            let (_, text) = tag.split_once(">\n").expect("its text");
            pairs.push((name, unescaped(text).replace('\n', "\r\n")));
        } else if tag.starts_with("select ") {
            select = name;
        } else if tag.starts_with("option ") && tag.contains(" selected") {
            pairs.push((select.clone(), value));
        }
    }
    pairs
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    let (value, _) = rest.split_once('"')?;
    Some(unescaped(value))
}

fn unescaped(text: &str) -> String {
    let pairs = [
        ("&quot;", "\""),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&#x2f;", "/"),
        ("&#x27;", "'"),
        ("&amp;", "&"),
    ];
    pairs
        .iter()
        .fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

/// Nothing that is asked makes the site fail, which every answer is checked for.
fn no_failure(user: &Client, address: &str) {
    for odd in [
        "0",
        "-1",
        "99999999999999999999",
        "x",
        "%00",
        "%FF",
        "'",
        "new/x",
        "%2F",
        "%F0%9F%98%80",
    ] {
        for path in ["", "/edit", "/delete"] {
            let answer = user.get_as(&format!("{address}/{odd}{path}"), BROWSER);
            assert!(
                [303, 400, 404].contains(&answer.code),
                "{odd}: {}",
                answer.code
            );
            let answer = user.submit(&format!("{address}/{odd}{path}"), &[("title", odd)]);
            assert!(
                [400, 404, 405].contains(&answer.code),
                "{odd}: {}",
                answer.code
            );
        }
        for name in [
            "page",
            "page_size",
            "ordering",
            "search",
            "title",
            "name",
            "id",
        ] {
            let answer = user.get_as(&format!("{address}?{name}={odd}"), BROWSER);
            assert!(
                [200, 400].contains(&answer.code),
                "{name}={odd}: {}",
                answer.code
            );
        }
        let answer = user.submit(&format!("{address}/new"), &[("title", odd), ("name", odd)]);
        assert!([303, 422].contains(&answer.code), "{odd}: {}", answer.code);
    }
    user.post_raw(&format!("{address}/new"), Some("text/plain"), b"x")
        .status(415);
}

fn from_another_site(site: &Client) {
    let forged = [
        ("origin", "https://evil.example"),
        ("sec-fetch-site", "cross-site"),
    ];
    let answer = site.submit_with("/notices/new", &[("title", "Forged")], &forged);
    assert_eq!(answer.code, 403);
}

/// Text that browsers would run is shown as text.
pub(crate) fn shows_text_as_text(site: &Client, api: &str, row: &Value, field: &str) {
    const SCRIPT: &str = "\"'></p><img src=x onerror=a()>{{7*7}}";
    site.patch(api, &json!({ field: SCRIPT })).status(200);
    let page = api.trim_start_matches("/api").to_owned();
    let list = page.rsplit_once('/').map_or("", |(list, _)| list);
    for address in [
        list,
        &page,
        &format!("{page}/edit"),
        &format!("{page}/delete"),
    ] {
        let text = site.get_as(address, BROWSER).status(200).text();
        assert!(!text.contains("<img src=x"), "{address}: {text}");
        assert!(!text.contains(">49"), "{address}: {text}");
    }
    saved_as_it_is(site, &page);
    site.patch(api, &json!({ field: row[field] })).status(200);
}
