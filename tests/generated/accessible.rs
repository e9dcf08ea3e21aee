//! Accessibility: what axe-core finds in the pages, in a browser, in light and dark, on a telephone and on a desk.

use serde_json::json;

use crate::admin::{PASSWORD, STAFF};
use crate::browser::Browser;
use crate::client::Client;
use crate::common::servers::axe;

/// Colour schemes and widths.
const SCREENS: [(&str, u32); 4] = [
    ("light", 360),
    ("dark", 360),
    ("light", 1200),
    ("dark", 1200),
];

/// Every kind of page of a bookstore, for visitors and for staff.
pub(crate) fn walk(site: &Client, staff: &Client) {
    let (Some(browser), Some(axe)) = (Browser::open(&site.base), axe()) else {
        return;
    };
    let book = json!({
        "title": "A <b>book</b> with quite a long title, as such titles go in catalogues of libraries",
        "author": "A. Nobody",
        "publication_date": "2024-02-29",
        "isbn": "axe-1",
        "summary": "One line\nand another",
    });
    let book = staff.post("/api/books", &book).status(201).json();
    let row = format!("/admin/books/book/{}", book["id"]);
    let mut reader = Reader { browser, axe };
    for path in [
        "/",
        "/nowhere",
        "/api",
        "/api/books",
        &format!("/api/books/{}", book["id"]),
        "/account/register",
        "/account/forgot",
        "/account/login",
    ] {
        reader.opens(&format!("{}{path}", site.base));
    }
    reader.documents(site);
    reader.opens(&format!("{}/account/login", site.base));
    reader.browser.fill("#email", STAFF);
    reader.browser.fill("#password", PASSWORD);
    reader.browser.click("main button");
    reader.browser.arrives("/");
    for path in [
        "/account",
        "/account/again",
        "/api/books",
        "/admin",
        "/admin/books/book",
        "/admin/books/book?search=nothing&publication_date=2024",
        "/admin/books/book/import",
        "/admin/accounts/user",
        "/admin/accounts/group/add",
        &format!("{row}/change"),
        &format!("{row}/delete"),
        &format!("{row}/history"),
        "/admin/books/book/add",
    ] {
        reader.opens(&format!("{}{path}", site.base));
    }
    // The last one is sent empty, and shown again with all that is wrong.
    reader.browser.click(".foot button");
    reader
        .browser
        .until("!window.left && document.querySelector('[role=alert]') != null");
    reader.reads("a form that is refused");
    // And once more without a session.
    reader.browser.forget();
    reader.browser.click(".foot button");
    reader
        .browser
        .until("!window.left && document.title == 'Log in again'");
    reader.reads("a form without a session");
    staff
        .delete(&format!("/api/books/{}", book["id"]))
        .status(204);
    reader.browser.is_content();
}

/// Opens more pages in a browser that somebody uses.
pub(crate) fn read(browser: Browser, addresses: &[String]) -> Browser {
    let Some(axe) = axe() else {
        return browser;
    };
    let mut reader = Reader { browser, axe };
    for address in addresses {
        reader.opens(address);
    }
    reader.browser
}

struct Reader {
    browser: Browser,
    axe: String,
}

impl Reader {
    #[track_caller]
    fn opens(&mut self, address: &str) {
        self.browser.go(address);
        self.reads(address);
    }

    /// The API's documentation, with an operation opened that takes a body.
    fn documents(&mut self, site: &Client) {
        self.browser.go(&format!("{}/api/docs", site.base));
        let opened =
            "document.querySelector('#operations-books-create_book .opblock-summary-control')";
        self.browser
            .until(&format!("{opened} != null && ({opened}.click(), true)"));
        self.browser.until(
            "document.querySelector('#operations-books-create_book textarea[aria-label]') != null",
        );
        self.reads("/api/docs");
    }

    /// Nothing in the page keeps anybody from using it, and nothing lies beyond the edge.
    #[track_caller]
    fn reads(&mut self, page: &str) {
        self.browser.value(&self.axe);
        for (scheme, width) in SCREENS {
            self.browser.scheme(scheme);
            self.browser.resize(width);
            let violations = self.browser.violations();
            assert_eq!(violations, json!([]), "{page}, {scheme}, {width} wide");
            let beyond = self.browser.value(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth",
            );
            assert_eq!(beyond, json!(0), "{page}, {width} wide");
        }
    }
}
