//! How the address of a database is shown to people: pure.

use url::Url;

/// The address in `url` without anything secret: no user name's password, and no options, which may hold one too
/// (`?password=…`, `?sslpassword=…`). An address that is not understood is shown as its scheme alone, because nobody
/// can tell where its password ends.
pub(crate) fn displayed(url: &str) -> String {
    let scheme = url.split(':').next().unwrap_or_default();
    if scheme == "sqlite" {
        return url.to_owned();
    }
    let Ok(parsed) = Url::parse(url) else {
        return format!("{scheme}://…");
    };
    let (Some(host), path) = (parsed.host_str(), parsed.path()) else {
        return format!("{scheme}://…");
    };
    // An `@` behind the host belongs to a password that was not percent-encoded.
    let rest = &parsed[url::Position::AfterPort..];
    if rest.contains('@') {
        return format!("{scheme}://…");
    }
    let port = parsed.port().map(|port| format!(":{port}"));
    format!("{scheme}://{host}{}{path}", port.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_never_shown() {
        for (url, expected) in [
            ("postgres://db/shop", "postgres://db/shop"),
            ("postgres://me@db:5433/shop", "postgres://db:5433/shop"),
            ("postgres://me:secret@db/shop", "postgres://db/shop"),
            (
                "postgres://me:sec%40ret@[::1]/shop",
                "postgres://[::1]/shop",
            ),
            ("postgres://db/shop?password=secret", "postgres://db/shop"),
            (
                "postgres://db/shop?sslmode=require&sslpassword=secret",
                "postgres://db/shop",
            ),
            ("mysql://me:secret@db/shop#secret", "mysql://db/shop"),
            ("mysql://me:se@cret@db/shop", "mysql://db/shop"),
            ("postgres://me:se/cret@db/shop", "postgres://…"),
            ("postgres://me:1#cret@db/shop", "postgres://…"),
            ("postgres://me:1/cret@db/shop", "postgres://…"),
            ("postgres://me:1?cret@db/shop", "postgres://…"),
            ("postgres:///shop?host=/run&password=secret", "postgres://…"),
            ("postgres://me:secret@", "postgres://…"),
            ("nonsense", "nonsense://…"),
            ("sqlite://a b.db?mode=rwc", "sqlite://a b.db?mode=rwc"),
        ] {
            assert_eq!(displayed(url), expected, "{url}");
        }
    }
}
