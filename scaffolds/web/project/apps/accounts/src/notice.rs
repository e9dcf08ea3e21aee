//! What the next page says of what was just done. The cookie names one of these sentences, so nobody can write another.

use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Redirect, Response};
use platform::Site;
use platform::cookie::{self, Cookie};

const NAME: &str = "notice";

const NOTICES: [(&str, &str); 7] = [
    (
        "mail",
        "If all is well, a mail is on its way. Its link works for an hour; look among unwanted mail, too.",
    ),
    ("password", "Your password is set. Log in with it."),
    (
        "changed",
        "Your password is changed, and your other sessions have ended.",
    ),
    (
        "email",
        "A mail is on its way to the new address; the old one counts until you follow its link.",
    ),
    ("confirmed", "Your new address is confirmed."),
    ("ended", "What you chose has ended."),
    ("bye", "You are logged out."),
];

/// Goes to `path`, whose page shows the notice.
pub(crate) fn redirect(site: &Site, path: &str, notice: &str) -> Response {
    let mut response = Redirect::to(path).into_response();
    set(site, &mut response, notice, 60);
    response
}

/// The notice to show, if there is one.
pub(crate) fn of(headers: &HeaderMap) -> Option<&'static str> {
    let name = cookie::read(headers, NAME)?;
    let (_, text) = NOTICES.iter().find(|(known, _)| *known == name)?;
    Some(text)
}

/// Shown once.
pub(crate) fn forget(site: &Site, response: &mut Response) {
    set(site, response, "", 0);
}

fn set(site: &Site, response: &mut Response, value: &str, max_age: i64) {
    let cookie = Cookie {
        name: NAME,
        value,
        max_age: Some(max_age),
        secure: site.config.public_url.is_https(),
    };
    if let Some(value) = cookie.header() {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}
