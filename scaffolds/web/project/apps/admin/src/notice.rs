//! What the next page says of what was just done: a word of a fixed set, a count and an address within the admin, so nobody
//! can write sentences of their own.

use axum::http::request::Parts;
use axum::response::Response;
use platform::{Site, notice};
use serde::Serialize;

const PAGES: &str = "/admin";
const DONE: [&str; 5] = ["added", "changed", "deleted", "imported", "same"];

/// What was done: to how many rows, and where they can be seen.
#[derive(Debug, Serialize)]
pub(crate) struct Notice {
    done: String,
    count: u64,
    link: String,
}

/// Goes to `path`, whose page says what was done.
pub(crate) fn redirect(site: &Site, path: &str, done: &str, count: u64, link: &str) -> Response {
    notice::redirect(site, path, PAGES, &format!("{done}:{count}:{link}"))
}

/// The notice to show, if there is one.
pub(crate) fn read(parts: &Parts) -> Option<Notice> {
    let mut words = notice::read(parts)?.splitn(3, ':');
    let (done, count, link) = (words.next()?, words.next()?, words.next()?);
    let is_local = link.is_empty() || link.starts_with("/admin/");
    (DONE.contains(&done) && is_local).then_some(Notice {
        done: done.to_owned(),
        count: count.parse().ok()?,
        link: link.to_owned(),
    })
}
