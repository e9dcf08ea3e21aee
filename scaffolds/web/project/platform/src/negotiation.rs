//! Whether an answer of the API is wanted as a page: by a browser, not by a program.

use axum::http::{HeaderMap, header};

/// A page if and only if `text/html` is wanted more than `application/json`, each by the most exact range of `Accept`
/// that matches it (RFC 9110, section 12.5.1). Programs that ask for anything, or for nothing in particular, get JSON.
pub(crate) fn prefers_page(headers: &HeaderMap) -> bool {
    let values = headers.get_all(header::ACCEPT).into_iter();
    let texts: Vec<&str> = values.filter_map(|value| value.to_str().ok()).collect();
    let ranges: Vec<Range> = texts
        .iter()
        .flat_map(|text| text.split(','))
        .filter_map(Range::read)
        .collect();
    quality(&ranges, "text", "html") > quality(&ranges, "application", "json")
}

/// `text/*;q=0.8`
struct Range {
    kind: String,
    subtype: String,
    quality: f32,
}

impl Range {
    fn read(text: &str) -> Option<Self> {
        let mut parts = text.split(';');
        let (kind, subtype) = parts.next()?.trim().split_once('/')?;
        let is_quality = |part: &&str| part.trim().to_ascii_lowercase().starts_with("q=");
        let quality = match parts.find(is_quality) {
            Some(part) => part.trim()[2..].trim().parse().ok()?,
            None => 1.0,
        };
        (0.0..=1.0).contains(&quality).then(|| Self {
            kind: kind.to_ascii_lowercase(),
            subtype: subtype.to_ascii_lowercase(),
            quality,
        })
    }
}

fn quality(ranges: &[Range], kind: &str, subtype: &str) -> f32 {
    let exactness = |range: &Range| match (range.kind.as_str(), range.subtype.as_str()) {
        (one, other) if one == kind && other == subtype => Some(3),
        (one, "*") if one == kind => Some(2),
        ("*", "*") => Some(1),
        _ => None,
    };
    let matching = ranges
        .iter()
        .filter_map(|range| Some((exactness(range)?, range.quality)));
    let best = matching.max_by(|one, other| one.0.cmp(&other.0).then(one.1.total_cmp(&other.1)));
    best.map_or(0.0, |(_, quality)| quality)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn browsers_get_pages_and_programs_get_json() {
        for (accept, page) in [
            (
                "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
                true,
            ),
            ("text/html", true),
            ("TEXT/HTML ; Q=0.5, */*;q=0.1", true),
            ("text/*, application/*;q=0.9", true),
            ("*/*, application/json;q=0", true),
            ("", false),
            ("*/*", false),
            ("application/json", false),
            ("application/json, text/html", false),
            ("application/json, text/plain, */*", false),
            ("text/html;q=0.1, application/json", false),
            ("text/html;q=0, */*", false),
            ("text/html;q=2", false),
            ("text/html;q=x", false),
            ("html", false),
            ("image/png", false),
        ] {
            let value = HeaderValue::from_str(accept).expect("it is a header");
            let headers = HeaderMap::from_iter([(header::ACCEPT, value)]);
            assert_eq!(prefers_page(&headers), page, "{accept}");
        }
        assert!(!prefers_page(&HeaderMap::new()));
    }
}
