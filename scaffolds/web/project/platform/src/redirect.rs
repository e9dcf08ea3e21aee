//! Where to go after a form, without being sent to another site.

/// `next` if it is an address within this site, else the front page. It is given by whoever made the link, and browsers
/// read `//evil.example` and `/\evil.example` as other sites, and skip tabs and line ends.
pub fn local(next: &str) -> &str {
    let is_path = next.starts_with('/') && !next[1..].starts_with(['/', '\\']);
    let is_plain = next.len() <= 2_000 && next.bytes().all(|byte| byte.is_ascii_graphic());
    if is_path && is_plain { next } else { "/" }
}

/// `text` as part of a query.
pub fn quoted(text: &str) -> String {
    let keep = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes()
        .map(|byte| match keep(byte) {
            true => char::from(byte).to_string(),
            false => format!("%{byte:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_within_the_site_are_followed() {
        for good in ["/", "/books", "/books?page=2&q=%2F", "/a\\b"] {
            assert_eq!(local(good), good);
        }
        let long = format!("/{}", "a".repeat(2_000));
        for bad in [
            "",
            "books",
            "//evil.com",
            "///evil.com",
            "/\\evil.com",
            "\\\\@evil.com",
            "http://site\\@evil.com",
            "https://evil.com",
            "http:evil.com",
            "javascript:alert(1)",
            "/\t/evil.com",
            "/\n/evil.com",
            "/a b",
            "/ü",
            &long,
        ] {
            assert_eq!(local(bad), "/", "{bad:?}");
        }
    }
}
