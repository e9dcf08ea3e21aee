//! Cookies: read from a request, set by a response.

use axum::http::{HeaderMap, HeaderValue, header};

/// The value of the cookie `name`; of several the first, which has the longest path.
pub fn read<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(header::COOKIE).iter();
    lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name).then_some(value))
}

/// A `Set-Cookie` that scripts cannot read, and that other sites send along only when somebody follows a link.
#[derive(Clone, Copy, Debug)]
pub struct Cookie<'a> {
    pub name: &'a str,
    pub value: &'a str,
    /// In seconds; without it the cookie goes when the browser is closed, and with 0 at once.
    pub max_age: Option<i64>,
    /// For `https` alone.
    pub secure: bool,
}

impl Cookie<'_> {
    /// The header's value; none if there is something in it that no header can hold.
    pub fn header(&self) -> Option<HeaderValue> {
        let Self { name, value, .. } = self;
        let mut text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax");
        if self.secure {
            text.push_str("; Secure");
        }
        if let Some(seconds) = self.max_age {
            text.push_str(&format!("; Max-Age={seconds}"));
        }
        text.parse().ok()
    }
}
