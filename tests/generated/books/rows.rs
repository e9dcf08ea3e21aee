//! One row at a time, and many at once.

use reqwest::Method;
use serde_json::json;

use super::{BOOKS, book, count, make, without};
use crate::client::Client;

pub(super) fn empty_list(site: &Client) {
    let list = site.get(BOOKS).status(200).json();
    assert_eq!(
        list,
        json!({ "count": 0, "next": null, "previous": null, "results": [] })
    );
}

pub(super) fn create_and_retrieve(site: &Client) {
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

pub(super) fn update(site: &Client) {
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

pub(super) fn patch(site: &Client) {
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

pub(super) fn delete(site: &Client) {
    let location = make(site, &book(0));
    site.delete(&location).status(204).empty();
    site.delete(&location).problem(404);
    site.get(&location).problem(404);
    site.put(&location, &book(0)).problem(404);
    site.patch(&location, &json!({ "title": "x" })).problem(404);
}

pub(super) fn conflicts(site: &Client) {
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

/// Writers at the same time wait for each other, and a unique value is given once.
pub(super) fn many_at_once(site: &Client) {
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
