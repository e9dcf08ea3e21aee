//! The API opened in a browser, and the same for programs. The books are those of the walk-through.

use reqwest::Method;
use serde_json::json;

use crate::browser::Browser;
use crate::client::Client;

const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
const BOOKS: &str = "/api/books";

pub(crate) fn walk(site: &Client) {
    let book = json!({
        "title": "<script>alert(1)</script>", "author": "/api/books\" onclick=\"x", "publication_date": "1949-06-08",
        "isbn": "browse-1", "summary": "https://example.org/ & co"
    });
    let made = site.post(BOOKS, &book).status(201);
    let row = made.header("location").to_owned();
    programs(site, &row);
    pages(site, &row);
    errors(site);
    list(site);
    no_failure(site, &row);
    in_a_browser(site);
    site.delete(&row).status(204);
}

/// Whoever does not prefer a page gets the same bytes as ever.
fn programs(site: &Client, row: &str) {
    for address in [BOOKS, row] {
        let plain = site.get(address).status(200);
        assert_eq!(plain.header("content-type"), "application/json");
        assert!(plain.header("vary").contains("Accept"), "{address}");
        for accept in [
            "*/*",
            "application/json",
            "application/json, text/html",
            "text/html;q=0.1, application/json",
            "text/html;q=0.5, */*;q=0.5",
            "application/json, text/plain, */*",
            "image/png",
            "nonsense",
        ] {
            let same = site.get_as(address, accept).status(200);
            assert_eq!(same.header("content-type"), "application/json", "{accept}");
            assert_eq!(same.text(), plain.text(), "{accept}");
        }
        let asked = format!("{address}?format=json");
        let json = site.get_as(&asked, BROWSER).status(200);
        assert_eq!(json.header("content-type"), "application/json");
    }
    for address in ["/api/openapi.json", "/api/docs/swagger-ui.css"] {
        let kind = |accept| {
            site.get_as(address, accept)
                .header("content-type")
                .to_owned()
        };
        assert_eq!(kind(BROWSER), kind("*/*"), "{address}");
    }
}

fn pages(site: &Client, row: &str) {
    for (address, accept) in [
        (row.to_owned(), BROWSER),
        (row.to_owned(), "text/html"),
        (format!("{row}?format=html"), "*/*"),
        (format!("{BOOKS}?search=browse-1"), BROWSER),
    ] {
        let page = site.get_as(&address, accept).status(200);
        assert!(page.header("content-type").starts_with("text/html"));
        assert!(page.header("vary").contains("Accept"), "{address}");
        assert_eq!(page.header("cache-control"), "no-store");
        let text = page.text();
        for never in [
            "<script>alert",
            " onclick=\"",
            "style=\"",
            "href=\"https://example.org",
        ] {
            assert!(!text.contains(never), "{never}: {text}");
        }
        assert!(text.contains("&lt;script&gt;alert(1)"), "{text}");
        assert!(text.contains("curl &#x27;http"), "{text}");
    }
    let page = site.get_as(row, BROWSER).text();
    for part in [
        "data-method=\"PUT\"",
        "data-method=\"DELETE\"",
        "value=\"1949-06-08\"",
        "<a href=\"&#x2f;api&#x2f;books\">books</a>",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let head = site.bare(Method::HEAD, &format!("{row}?format=html"));
    let head = head.status(200).empty();
    assert!(head.header("content-type").starts_with("text/html"));
}

fn errors(site: &Client) {
    for (address, status) in [
        ("/api/books/99999", 404),
        ("/api/nothing", 404),
        ("/api/books?page=x", 400),
        ("/api/account/tokens", 401),
    ] {
        let page = site.get_as(address, BROWSER).status(status);
        assert!(
            page.header("content-type").starts_with("text/html"),
            "{address}"
        );
        assert!(page.text().contains(&format!("HTTP {status}")), "{address}");
        site.get_as(address, "application/json").problem(status);
    }
    let login = site.get_as("/api/account/tokens", BROWSER).text();
    let address = "&#x2f;account&#x2f;login?next=%2Fapi%2Faccount%2Ftokens";
    assert!(login.contains(address), "{login}");
    // Bodies of forms are refused, from wherever they come.
    site.submit(BOOKS, &[("title", "x")]).status(415);
}

/// `/api` lists what there is.
fn list(site: &Client) {
    let operations = site.get("/api").status(200).json();
    assert_eq!(operations["/api/books"]["POST"], "Create a book");
    let page = site.get_as("/api", BROWSER).status(200).text();
    assert!(page.contains("<a href=\"&#x2f;api&#x2f;books\">"), "{page}");
    assert!(page.contains("Create a book"), "{page}");
    // What a form of filters leaves empty is not asked for.
    let asked = format!("{BOOKS}?page=&title=&search=browse-1&author=");
    let fewer = site.get_as(&asked, BROWSER).status(303);
    assert_eq!(fewer.header("location"), "/api/books?search=browse-1");
    site.get_as(&format!("{BOOKS}?page="), "application/json")
        .problem(400);
}

fn no_failure(site: &Client, row: &str) {
    for odd in [
        "%00",
        "%FF",
        "'",
        "<b>",
        "99999999999999999999",
        "%F0%9F%98%80",
        "a=b",
        "&&=",
    ] {
        for address in [
            format!("{BOOKS}/{odd}"),
            format!("{BOOKS}?search={odd}"),
            format!("{BOOKS}?ordering={odd}"),
            format!("{row}?format={odd}"),
            format!("/api/{odd}/{odd}"),
        ] {
            let answer = site.get_as(&address, BROWSER);
            assert!(
                [200, 303, 400, 404].contains(&answer.code),
                "{address}: {}",
                answer.code
            );
            assert!(!answer.text().contains("<b>"), "{address}");
        }
    }
}

/// The forms send JSON, show what is wrong at its field, and lead to what was made.
fn in_a_browser(site: &Client) {
    let Some(mut browser) = Browser::open(&format!("{}{BOOKS}", site.base)) else {
        return;
    };
    let form = "document.querySelector('form[data-method=POST]:not([data-raw])')";
    browser.until(&format!("!{form}.closest('.change').hidden"));
    let fill = |name: &str, value: &str| format!("{form}.elements['{name}'].value = '{value}'");
    browser.value(&fill("title", "By a browser"));
    browser.value(&fill("isbn", "123456789012345678901"));
    let send = format!("{form}.requestSubmit(), 1");
    browser.value(&send);
    let error = format!("{form}.querySelector('.field .error')?.textContent");
    browser.until(&error);
    let isbn = format!("{form}.elements['isbn'].closest('.field').innerText");
    let said = browser.until(&isbn);
    assert!(
        said.as_str()
            .is_some_and(|said| said.contains("is too long")),
        "{said}"
    );
    for (name, value) in [
        ("author", "Nobody"),
        ("publication_date", "2024-02-29"),
        ("isbn", "browse-2"),
        ("summary", "One\\nTwo"),
    ] {
        browser.value(&fill(name, value));
    }
    browser.value(&send);
    let at = browser.until("/books\\/\\d+$/.test(location.pathname) && location.pathname");
    let address = at.as_str().expect("a path").to_owned();
    let stored = site.get(&address).status(200).json();
    assert_eq!(stored["title"], "By a browser");
    assert_eq!(stored["summary"], "One\nTwo");
    // It is changed, and deleted after one more click.
    let form = "document.querySelector('form[data-method=PUT]:not([data-raw])')";
    browser.until(&format!("!!{form} && !{form}.closest('.change').hidden"));
    browser.value(&format!(
        "{form}.elements['title'].value = 'Changed', {form}.requestSubmit(), 1"
    ));
    browser.until("document.querySelector('pre').textContent.includes('\"Changed\"')");
    browser.until("!document.querySelector('details.change').hidden");
    browser.value("document.querySelector('form[data-method=DELETE]').requestSubmit(), 1");
    browser.until("location.pathname === '/api/books'");
    site.get(&address).problem(404);
}
