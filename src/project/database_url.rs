//! Where the database is: from `.env` text and URL to a URL that works from any folder. Pure.

use std::path::Path;

use anyhow::Context as _;

use crate::error::Result;

/// `variable` as the text of a `.env` sets it; unset and empty are the same.
pub(super) fn in_dotenv(text: &str, variable: &str) -> Result<Option<String>> {
    for pair in dotenvy::from_read_iter(text.as_bytes()) {
        let (key, value) = pair.context("`.env` cannot be understood")?;
        if key == variable && !value.is_empty() {
            return Ok(Some(value));
        }
    }
    Ok(None)
}

/// `url` with a relative SQLite path made absolute under `root`; every other URL as it is.
pub(super) fn absolute(url: &str, root: &Path) -> String {
    let Some(rest) = url.strip_prefix("sqlite:") else {
        return url.to_owned();
    };
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    let (path, query) = match rest.split_once('?') {
        Some((path, query)) => (path, format!("?{query}")),
        None => (rest, String::new()),
    };
    if path.is_empty() || path == ":memory:" || Path::new(path).is_absolute() {
        return url.to_owned();
    }
    let root = escaped(&root.to_string_lossy());
    format!("sqlite://{root}/{}{query}", path.trim_start_matches("./"))
}

/// SQLite URLs are percent-decoded, and end at `?` or `#`.
fn escaped(path: &str) -> String {
    path.replace('%', "%25")
        .replace('?', "%3F")
        .replace('#', "%23")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_non_empty_setting_of_a_dotenv_counts() {
        let cases = [
            ("", None),
            ("OTHER=1\n", None),
            ("DATABASE_URL=\n", None),
            (
                "# a comment\nDATABASE_URL='sqlite://a b.db'\n",
                Some("sqlite://a b.db"),
            ),
            (
                "export DATABASE_URL=postgres://x/y # local\r\n",
                Some("postgres://x/y"),
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(
                in_dotenv(text, "DATABASE_URL").unwrap().as_deref(),
                expected,
                "{text:?}"
            );
        }
        assert!(in_dotenv("DATABASE_URL='open", "DATABASE_URL").is_err());
    }

    #[cfg(unix)]
    #[test]
    fn relative_sqlite_paths_become_absolute() {
        let cases = [
            ("sqlite://db.sqlite3", "sqlite:///my shop/db.sqlite3"),
            (
                "sqlite:db.sqlite3?mode=rwc",
                "sqlite:///my shop/db.sqlite3?mode=rwc",
            ),
            ("sqlite://./data/x.db", "sqlite:///my shop/data/x.db"),
            ("sqlite:///var/x.db", "sqlite:///var/x.db"),
            ("sqlite::memory:", "sqlite::memory:"),
            ("postgres://localhost/shop", "postgres://localhost/shop"),
        ];
        for (url, expected) in cases {
            assert_eq!(absolute(url, Path::new("/my shop")), expected);
        }
        assert_eq!(
            absolute("sqlite://x.db", Path::new("/100%?")),
            "sqlite:///100%25%3F/x.db"
        );
    }
}
