//! Cookies: read from a request, set by a response.

use axum::http::{HeaderMap, HeaderValue, header};

use crate::config::Config;
use crate::error::{Error, Result};

/// The value of the cookie `name`; of several the first, which has the longest path. What other cookies hold, even bytes
/// that are no text, does not hide it.
pub fn read<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(header::COOKIE).iter();
    lines
        .flat_map(|line| line.as_bytes().split(|byte| *byte == b';'))
        .filter_map(|pair| str::from_utf8(pair).ok()?.trim().split_once('='))
        .find_map(|(key, value)| (key == name).then_some(value))
}

/// A `Set-Cookie` that scripts cannot read, and that other sites send along only when somebody follows a link. It lasts
/// `max_age` seconds; without them, until the browser is closed.
///
/// # Errors
/// There is something in the value that no header can hold.
pub fn header(
    config: &Config,
    name: &str,
    value: &str,
    max_age: Option<i64>,
) -> Result<HeaderValue> {
    let mut text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax");
    if config.public_url.is_https() {
        text.push_str("; Secure");
    }
    if let Some(seconds) = max_age {
        text.push_str(&format!("; Max-Age={seconds}"));
    }
    text.parse()
        .map_err(|_| Error::Server(format!("no header can hold the cookie `{name}`")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_found_among_others() {
        let mut headers = HeaderMap::new();
        for line in [
            &b"theme=\xff\xfe; session_=x; session"[..],
            b"name=\xc3\xa9;session=first; session=second",
        ] {
            let line = HeaderValue::from_bytes(line);
            headers.append(header::COOKIE, line.expect("it fits into a header"));
        }
        assert_eq!(read(&headers, "session"), Some("first"));
        assert_eq!(read(&headers, "theme"), None);
        assert_eq!(read(&headers, "other"), None);
    }
}
