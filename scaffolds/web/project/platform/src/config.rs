//! What accounts must know of the place where the site runs.

use std::fmt;
use std::str::FromStr;

use axum::http::Uri;
use tower_http::csrf::CsrfLayer;

/// Settings that handlers and middleware ask for.
#[derive(Clone, Debug, Default)]
pub struct Config {
    pub public_url: PublicUrl,
    /// How many proxies of one's own a request passes before it comes here.
    pub trusted_proxies: usize,
    pub trusted_origins: TrustedOrigins,
    pub registration: Registration,
}

impl Config {
    /// What the session's cookie is called. Browsers take `__Host-` only by `https` and only from this very host.
    pub fn session_cookie(&self) -> &'static str {
        if self.public_url.is_https() {
            "__Host-session"
        } else {
            "session"
        }
    }
}

/// Where visitors find the site: scheme, host and port, without a slash at the end. Links in mails start with it, and
/// its scheme decides whether cookies are for `https` alone; what a request says of itself never does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl(String);

impl PublicUrl {
    pub fn is_https(&self) -> bool {
        self.0.starts_with("https:")
    }

    /// The whole address of a page of the site.
    pub fn link(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }
}

impl Default for PublicUrl {
    fn default() -> Self {
        Self("http://127.0.0.1:8000".to_owned())
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl FromStr for PublicUrl {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let url = text.strip_suffix('/').unwrap_or(text);
        let origin = url
            .strip_prefix("https://")
            .or_else(|| url.strip_prefix("http://"));
        let parsed: Option<Uri> = url.parse().ok();
        let has_host = parsed.is_some_and(|uri| uri.host().is_some_and(|host| !host.is_empty()));
        if has_host && origin.is_some_and(|origin| !origin.contains(['/', '?', '#', '@'])) {
            Ok(Self(url.to_ascii_lowercase()))
        } else {
            Err("it is not a web address such as `https://shop.example`, without a path")
        }
    }
}

/// Other sites whose pages may send this one more than `GET`; none by default.
#[derive(Clone, Debug, Default)]
pub struct TrustedOrigins(pub CsrfLayer);

impl FromStr for TrustedOrigins {
    type Err = String;

    /// A list separated by commas.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let origins = text.split(',').map(str::trim);
        origins
            .filter(|origin| !origin.is_empty())
            .try_fold(CsrfLayer::new(), CsrfLayer::add_trusted_origin)
            .map(Self)
            .map_err(|error| error.to_string())
    }
}

/// Whether visitors can make accounts for themselves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Registration {
    #[default]
    Open,
    Closed,
}

impl FromStr for Registration {
    type Err = &'static str;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        match name {
            "open" => Ok(Self::Open),
            "closed" => Ok(Self::Closed),
            _ => Err("it is neither `open` nor `closed`"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_url_is_an_origin() {
        for good in [
            "https://shop.example",
            "http://127.0.0.1:8000",
            "http://[::1]:80/",
        ] {
            assert!(good.parse::<PublicUrl>().is_ok(), "{good}");
        }
        for bad in [
            "",
            "shop.example",
            "https://",
            "ftp://a",
            "https://a/b",
            "https://a?b",
            "https://u@a",
        ] {
            assert!(bad.parse::<PublicUrl>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_trusted_origin_is_written_as_browsers_send_it() {
        assert!("".parse::<TrustedOrigins>().is_ok());
        assert!(
            "https://a.example, https://b.example:8443"
                .parse::<TrustedOrigins>()
                .is_ok()
        );
        for bad in [
            "a.example",
            "https://a.example/",
            "https://ü.example",
            "https://a?b",
        ] {
            assert!(bad.parse::<TrustedOrigins>().is_err(), "{bad}");
        }
    }
}
