//! What the next page says of what was just done. The cookie holds a word of a fixed set, a count and an address within
//! the admin, so nobody can write sentences of their own.

use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Redirect, Response};
use platform::Site;
use platform::cookie;
use serde::Serialize;

const NAME: &str = "admin_notice";
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
    let mut response = Redirect::to(path).into_response();
    set(site, &mut response, &format!("{done}:{count}:{link}"), 60);
    response
}

/// The notice to show, if there is one.
pub(crate) fn read(headers: &HeaderMap) -> Option<Notice> {
    let mut parts = cookie::read(headers, NAME)?.splitn(3, ':');
    let (done, count, link) = (parts.next()?, parts.next()?, parts.next()?);
    let is_local = link.is_empty() || link.starts_with("/admin/");
    (DONE.contains(&done) && is_local).then_some(Notice {
        done: done.to_owned(),
        count: count.parse().ok()?,
        link: link.to_owned(),
    })
}

/// Shown once.
pub(crate) fn forget(site: &Site, response: &mut Response) {
    set(site, response, "", 0);
}

fn set(site: &Site, response: &mut Response, value: &str, max_age: i64) {
    if let Ok(cookie) = cookie::header(&site.config, NAME, value, Some(max_age)) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}
