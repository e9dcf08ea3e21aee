//! What the next page says of what was just done. The cookie holds a word of a fixed set and the address of the page that
//! is to say it, so that nobody can write sentences of their own, and no other page shows it.

use std::convert::Infallible;

use axum::extract::{FromRequestParts, OriginalUri};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, IntoResponseParts, Redirect, Response, ResponseParts};
use minijinja::value::Serde;
use minijinja::{Value, context};
use serde::Serialize;

const NAME: &str = "done";
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");

/// What a form has done.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Done {
    Added,
    Changed,
    Deleted,
}

impl Done {
    const ALL: [(&str, Self); 3] = [
        ("added", Self::Added),
        ("changed", Self::Changed),
        ("deleted", Self::Deleted),
    ];
}

/// Goes to `address`, whose page says what was done.
pub fn redirect(address: impl AsRef<str>, done: Done) -> Response {
    let address = address.as_ref();
    let known = Done::ALL.iter().find(|(_, known)| *known == done);
    let word = known.map_or("", |(word, _)| word);
    let mut response = Redirect::to(address).into_response();
    set(response.headers_mut(), &format!("{word}:{address}"), 60);
    response
}

/// What a page has to say, if anything. It is answered with the page, `(notice, page)`, so that it is said once.
#[derive(Clone, Copy, Debug, Default)]
pub struct Notice(pub Option<Done>);

impl Notice {
    /// The content of a template, which finds it as `notice`.
    pub fn within(self, content: Value) -> Value {
        context! { notice => Serde(self.0), ..content }
    }

    fn read(parts: &Parts) -> Option<Done> {
        let lines = parts.headers.get_all(header::COOKIE).iter();
        let mut values = lines
            .filter_map(|line| line.to_str().ok())
            .flat_map(|line| line.split(';'))
            .filter_map(|pair| pair.trim().strip_prefix(NAME)?.strip_prefix('='));
        let (word, address) = values.next()?.split_once(':')?;
        let path = parts.extensions.get::<OriginalUri>();
        let path = path.map_or(parts.uri.path(), |uri| uri.path());
        let (_, done) = Done::ALL.iter().find(|(known, _)| *known == word)?;
        (address == path).then_some(*done)
    }
}

impl<S: Sync> FromRequestParts<S> for Notice {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(Self::read(parts)))
    }
}

impl IntoResponseParts for Notice {
    type Error = Infallible;

    fn into_response_parts(self, mut response: ResponseParts) -> Result<ResponseParts, Infallible> {
        if self.0.is_some() {
            set(response.headers_mut(), "", 0);
            response
                .headers_mut()
                .insert(header::CACHE_CONTROL, NO_STORE);
        }
        Ok(response)
    }
}

/// The cookie holds no secret, and is sent by the site's own pages alone.
fn set(headers: &mut HeaderMap, value: &str, max_age: u32) {
    let text = format!("{NAME}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={max_age}");
    if let Ok(value) = HeaderValue::from_str(&text) {
        headers.append(header::SET_COOKIE, value);
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    fn said(cookie: &str) -> Option<Done> {
        let request = Request::get("/books/7").header(header::COOKIE, cookie);
        let request = request.body(()).expect("it is well-formed");
        Notice::read(&request.into_parts().0)
    }

    #[test]
    fn one_page_says_one_of_the_known_words() {
        let response = redirect("/books/7", Done::Changed);
        let cookie = response.headers()[header::SET_COOKIE].to_str();
        let (pair, _) = cookie
            .expect("it is text")
            .split_once(';')
            .expect("it has more");
        assert_eq!(said(pair), Some(Done::Changed));
        for other in [
            "done=changed:/books",
            "done=<b>:/books/7",
            "done=changed",
            "other=changed:/books/7",
        ] {
            assert_eq!(said(other), None, "{other}");
        }
    }
}
