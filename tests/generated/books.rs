//! The whole HTTP contract, walked on the walk-through's `/api/books`.

mod addresses;
mod input;
mod lists;
mod rows;

use serde_json::{Value, json};

use crate::chapters;
use crate::client::{Answer, Client};

const BOOKS: &str = "/api/books";

type Chapter = (&'static str, fn(&Client));

const CHAPTERS: &[Chapter] = &[
    ("empty list", rows::empty_list),
    ("create and retrieve", rows::create_and_retrieve),
    ("update", rows::update),
    ("patch", rows::patch),
    ("delete", rows::delete),
    ("conflicts", rows::conflicts),
    ("invalid fields", input::invalid_fields),
    ("dates", input::dates),
    ("text", input::text),
    ("malformed bodies", input::malformed_bodies),
    ("content types", input::content_types),
    ("too large", input::too_large),
    ("methods", addresses::methods),
    ("missing", addresses::missing),
    ("trailing slashes", addresses::trailing_slashes),
    ("pages", lists::pages),
    ("ordering", lists::ordering),
    ("searching", lists::searching),
    ("filtering", lists::filtering),
    ("bad queries", lists::bad_queries),
    ("many at once", rows::many_at_once),
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
