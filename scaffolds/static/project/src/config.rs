//! `site.toml`: what all pages share.

use std::path::Path;
use std::str::FromStr;

use axum::http::Uri;
use serde::{Deserialize, Serialize};

use crate::problem::Problem;

const FILE: &str = "site.toml";

/// The contents of `site.toml`; layouts know it as `site`.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    pub title: String,
    #[serde(default)]
    pub description: String,
    #[serde(default = "english")]
    pub language: String,
    /// Where the site is published, if that is known.
    #[serde(default, rename(deserialize = "base-url"))]
    pub base_url: Option<BaseUrl>,
    /// Anything else that layouts want to know.
    #[serde(default)]
    pub extra: toml::Table,
}

fn english() -> String {
    "en".to_owned()
}

impl Config {
    pub fn read(root: &Path) -> Result<Self, Problem> {
        let bytes = std::fs::read(root.join(FILE))
            .map_err(|error| Problem::new(FILE, 1, format!("cannot be read: {error}")))?;
        let text =
            String::from_utf8(bytes).map_err(|_| Problem::new(FILE, 1, "is not UTF-8 text"))?;
        toml::from_str(&text).map_err(|error| Problem::from_toml(FILE, 1, &text, &error))
    }

    /// The address that feeds and sitemaps begin with; they need one even while it is not known.
    pub fn published_at(&self) -> &str {
        self.base_url
            .as_ref()
            .map_or("http://localhost:8000/", |url| &url.0)
    }

    /// The path of that address, as `/docs/`.
    pub fn base_path(&self) -> &str {
        let url = self.published_at();
        let path = url.splitn(4, '/').nth(3).unwrap_or_default();
        &url[url.len() - path.len() - 1..]
    }
}

/// `https://example.org/docs/`, always with the slash at the end.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(try_from = "String")]
pub struct BaseUrl(String);

impl FromStr for BaseUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match is_address(text) {
            true => Ok(Self(format!("{}/", text.trim_end_matches('/')))),
            false => Err(format!(
                "`{text}` is not the address of a site, like https://example.org/ or https://example.org/docs/"
            )),
        }
    }
}

fn is_address(text: &str) -> bool {
    let Ok(uri) = text.parse::<Uri>() else {
        return false;
    };
    let Some(authority) = uri.authority().map(|authority| authority.as_str()) else {
        return false;
    };
    let host = uri.host().unwrap_or_default();
    let port = authority.strip_prefix(host).unwrap_or("@");
    matches!(uri.scheme_str(), Some("http" | "https"))
        && host.contains(|c: char| c.is_ascii_alphanumeric())
        && (port.is_empty() || uri.port_u16().is_some())
        && !text.contains(['?', '#', '"', '\'', '<', '>', '\\'])
        && text.is_ascii()
        && !uri.path().contains("//")
        && !uri
            .path()
            .split('/')
            .any(|segment| [".", ".."].contains(&segment))
}

impl TryFrom<String> for BaseUrl {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_url_is_the_address_of_a_site() {
        for (text, expected) in [
            ("https://example.org", Some("https://example.org/")),
            ("http://localhost:8000/", Some("http://localhost:8000/")),
            ("https://example.org/a/b", Some("https://example.org/a/b/")),
            ("https://[::1]:80", Some("https://[::1]:80/")),
            ("nonsense", None),
            ("", None),
            ("/docs", None),
            ("ftp://example.org", None),
            ("https://", None),
            ("https://:80", None),
            ("https://example.org:99999", None),
            ("https://me@example.org", None),
            ("https://example.org/?a", None),
            ("https://example.org/#a", None),
            ("https://example.org/a/../b", None),
            ("https://example.org//a", None),
            ("https://exa mple.org", None),
            ("https://bücher.example", None),
        ] {
            let parsed: Result<BaseUrl, _> = text.parse();
            assert_eq!(parsed.ok().map(|url| url.0).as_deref(), expected, "{text}");
        }
    }
}
