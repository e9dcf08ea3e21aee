//! What the next page says of what was just done. The cookie holds the address of the pages that are to say it and a word
//! that they know, so that nobody can write sentences of their own, and other pages do not show it.

use std::convert::Infallible;

use axum::extract::{FromRequestParts, OriginalUri};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, IntoResponseParts, Redirect, Response, ResponseParts};
use minijinja::{Value, context};

use crate::cookie;
use crate::site::Site;

const NAME: &str = "notice";
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");

/// Goes to `address`. The first page at `pages`, or below it, that is then looked at gets `word`.
pub fn redirect(site: &Site, address: &str, pages: &str, word: &str) -> Response {
    let mut response = Redirect::to(address).into_response();
    let value = format!("{pages}:{word}");
    if let Ok(cookie) = cookie::header(site, NAME, &value, Some(60)) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// The word that this page gets, if any.
pub fn read(parts: &Parts) -> Option<&str> {
    let (pages, word) = cookie::read(&parts.headers, NAME)?.split_once(':')?;
    let address = parts.extensions.get::<OriginalUri>();
    let address = address.map_or(parts.uri.path(), |address| address.path());
    let rest = address.strip_prefix(pages)?;
    (rest.is_empty() || rest.starts_with('/')).then_some(word)
}

/// What the page says of it is said once.
pub fn forget(headers: &mut HeaderMap) {
    let cookie = format!("{NAME}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        headers.append(header::SET_COOKIE, cookie);
    }
    headers.insert(header::CACHE_CONTROL, NO_STORE);
}

/// What a form has done.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Done {
    Added,
    Changed,
    Deleted,
}

impl Done {
    const ALL: [Self; 3] = [Self::Added, Self::Changed, Self::Deleted];

    /// As the cookie and the page have it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Changed => "changed",
            Self::Deleted => "deleted",
        }
    }

    /// Goes to `address`, whose page says what was done.
    pub fn redirect(self, site: &Site, address: impl AsRef<str>) -> Response {
        let address = address.as_ref();
        redirect(site, address, address, self.word())
    }
}

/// What a page has to say, if anything. It is answered with the page, `(notice, page)`, so that it is said once.
#[derive(Clone, Copy, Debug, Default)]
pub struct Notice(pub Option<Done>);

impl Notice {
    /// The content of a template, which finds it as `notice`.
    pub fn within(self, content: Value) -> Value {
        context! { notice => self.0.map(Done::word), ..content }
    }
}

impl<S: Sync> FromRequestParts<S> for Notice {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let word = read(parts);
        let done = word.and_then(|word| Done::ALL.into_iter().find(|done| done.word() == word));
        Ok(Self(done))
    }
}

impl IntoResponseParts for Notice {
    type Error = Infallible;

    fn into_response_parts(self, mut response: ResponseParts) -> Result<ResponseParts, Infallible> {
        if self.0.is_some() {
            forget(response.headers_mut());
        }
        Ok(response)
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    fn said(address: &str, cookie: &str) -> Option<String> {
        let request = Request::get(address).header(header::COOKIE, cookie);
        let request = request.body(()).expect("it is well-formed");
        read(&request.into_parts().0).map(str::to_owned)
    }

    #[test]
    fn a_notice_is_for_some_pages() {
        let cookie = "theme=dark; notice=/books:changed:3";
        for address in ["/books", "/books?page=2", "/books/7"] {
            assert_eq!(said(address, cookie).as_deref(), Some("changed:3"));
        }
        for other in ["/", "/book", "/bookshelf", "/api/books"] {
            assert_eq!(said(other, cookie), None, "{other}");
        }
        for cookie in ["notice=/books", "notice=changed", "other=/books:changed"] {
            assert_eq!(said("/books", cookie), None, "{cookie}");
        }
    }
}
