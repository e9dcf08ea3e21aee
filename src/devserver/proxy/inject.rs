//! Which pages get our script, at which place, and how their security policy must be adapted. Pure.

use hyper::header::{self, HeaderMap, HeaderName, HeaderValue};
use hyper::{Method, StatusCode};

/// Headers of libraries that fetch parts of pages: each part would get our script.
const FRAGMENTS: [HeaderName; 6] = [
    HeaderName::from_static("hx-request"),
    HeaderName::from_static("turbo-frame"),
    HeaderName::from_static("x-pjax"),
    HeaderName::from_static("x-requested-with"),
    HeaderName::from_static("x-up-version"),
    HeaderName::from_static("x-alpine-request"),
];
const FETCH_DEST: HeaderName = HeaderName::from_static("sec-fetch-dest");
/// The policy of a page, enforced or only reported.
const POLICIES: [HeaderName; 2] = [
    header::CONTENT_SECURITY_POLICY,
    header::CONTENT_SECURITY_POLICY_REPORT_ONLY,
];
/// How far into a page its head is searched.
const SEARCHED: usize = 64 * 1024;

/// Whether a request is a navigation of a browser, as opposed to a page fetching something.
pub(super) fn is_navigation(method: &Method, headers: &HeaderMap) -> bool {
    if method == Method::HEAD || headers.contains_key(header::RANGE) {
        return false;
    }
    match headers.get(FETCH_DEST) {
        Some(destination) => destination == "document",
        // Browsers send it only to trustworthy origins: not to other machines over plain HTTP.
        None => {
            let accepts = headers
                .get(header::ACCEPT)
                .and_then(|value| value.to_str().ok());
            accepts.is_some_and(|accepts| accepts.contains("text/html"))
                && !FRAGMENTS.iter().any(|name| headers.contains_key(name))
        }
    }
}

/// Removes headers that would lead to a response that our script cannot be inserted into: a compressed one, or a `304`
/// for a page in the browser's cache, whose script would be outdated.
pub(super) fn request_full_page(headers: &mut HeaderMap) {
    for name in [
        header::ACCEPT_ENCODING,
        header::IF_NONE_MATCH,
        header::IF_MODIFIED_SINCE,
    ] {
        headers.remove(name);
    }
}

/// Whether the response to a navigation is a page that our script can be inserted into.
pub(super) fn is_page(status: StatusCode, headers: &HeaderMap) -> bool {
    let has_body = !status.is_informational()
        && !status.is_redirection()
        && ![
            StatusCode::NO_CONTENT,
            StatusCode::RESET_CONTENT,
            StatusCode::PARTIAL_CONTENT,
        ]
        .contains(&status);
    let text = |name: HeaderName| headers.get(name)?.to_str().ok();
    let kind = text(header::CONTENT_TYPE)
        .unwrap_or_default()
        .to_ascii_lowercase();
    let plain = match text(header::CONTENT_ENCODING) {
        None => !headers.contains_key(header::CONTENT_ENCODING),
        Some(encoding) => encoding.trim().eq_ignore_ascii_case("identity"),
    };
    let is_download = text(header::CONTENT_DISPOSITION).is_some_and(|value| {
        value
            .trim_start()
            .to_ascii_lowercase()
            .starts_with("attachment")
    });
    has_body
        && kind.starts_with("text/html")
        && !kind.contains("utf-16")
        && !kind.contains("utf-32")
        && plain
        && !is_download
}

/// Adapts the headers of a page to `added` bytes more, and its policy to our script with `nonce`.
pub(super) fn adapt_headers(headers: &mut HeaderMap, added: usize, nonce: &str) {
    let length = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if let Some(length) = length {
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length + added));
    }
    for name in [
        "etag",
        "last-modified",
        "content-md5",
        "digest",
        "repr-digest",
        "content-digest",
        "accept-ranges",
    ] {
        headers.remove(name);
    }
    for name in POLICIES {
        let policies: Vec<_> = headers.get_all(&name).iter().cloned().collect();
        headers.remove(&name);
        for policy in policies {
            let adapted = policy
                .to_str()
                .ok()
                .and_then(|text| HeaderValue::try_from(allow_script(text, nonce)).ok());
            headers.append(name.clone(), adapted.unwrap_or(policy));
        }
    }
}

/// The policy with what our script needs: to load, to receive events, and to share them with other tabs.
fn allow_script(policy: &str, nonce: &str) -> String {
    // A header may contain several policies, and each of them has to allow it.
    let policies = policy.split(',').map(|policy| {
        let mut directives: Vec<Vec<String>> = policy
            .split(';')
            .map(|directive| directive.split_whitespace().map(str::to_owned).collect())
            .filter(|directive: &Vec<String>| !directive.is_empty())
            .collect();
        let nonce = format!("'nonce-{nonce}'");
        let scripts = ["script-src-elem", "script-src", "default-src"];
        allow(&mut directives, &scripts, Some(&nonce));
        allow(&mut directives, &["connect-src", "default-src"], None);
        let workers = ["worker-src", "child-src", "script-src", "default-src"];
        allow(&mut directives, &workers, None);
        let directives: Vec<String> = directives.iter().map(|words| words.join(" ")).collect();
        directives.join("; ")
    });
    policies.collect::<Vec<_>>().join(", ")
}

/// Lets the first of `names` that the policy has allow the site itself. A fallback directive stays as it is for others,
/// and the first name gets a directive of its own.
fn allow(directives: &mut Vec<Vec<String>>, names: &[&str], nonce: Option<&str>) {
    let place = |name: &str| {
        let mut directives = directives.iter();
        directives.position(|words| words[0].eq_ignore_ascii_case(name))
    };
    let Some((name, place)) = names.iter().find_map(|name| Some((*name, place(name)?))) else {
        return;
    };
    let mut words = directives[place].clone();
    let has = |words: &[String], source: &str| {
        words[1..]
            .iter()
            .any(|word| word.eq_ignore_ascii_case(source))
    };
    // With `strict-dynamic`, `'self'` is ignored and a nonce is needed.
    let strict = has(&words, "'strict-dynamic'");
    let needed = nonce.filter(|_| strict).unwrap_or("'self'");
    if has(&words, needed) || (needed == "'self'" && has(&words, "*")) {
        return;
    }
    words.retain(|word| !word.eq_ignore_ascii_case("'none'"));
    words.push(needed.to_owned());
    if name == names[0] {
        directives[place] = words;
    } else {
        words[0] = names[0].to_owned();
        directives.push(words);
    }
}

/// Where in a page our script is inserted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Insertion {
    At(usize),
    /// Undecided from what was read so far.
    Later,
    /// The page stays as it is.
    Nowhere,
}

/// The place right after `<head>`, or before the first tag of a page that has none.
pub(super) fn insertion(page: &[u8]) -> Insertion {
    // UTF-16, whatever its headers say.
    if page.starts_with(&[0xFE, 0xFF]) || page.starts_with(&[0xFF, 0xFE]) {
        return Insertion::Nowhere;
    }
    match head(page) {
        Some(place) => Insertion::At(place),
        None if page.len() > SEARCHED => Insertion::Nowhere,
        None => Insertion::Later,
    }
}

fn head(page: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        at += page.get(at..)?.iter().position(|byte| *byte == b'<')?;
        let rest = &page[at..];
        if rest.starts_with(b"<!--") {
            // `<!-->` is a comment, too.
            at += 2 + find(&rest[2..], b"-->")? + 3;
            continue;
        }
        let end = end_of_tag(rest)?;
        let name: Vec<u8> = rest[1..end]
            .iter()
            .take_while(|byte| !byte.is_ascii_whitespace() && **byte != b'/')
            .map(u8::to_ascii_lowercase)
            .collect();
        match name.as_slice() {
            b"!doctype" | b"?xml" | b"html" => at += end + 1,
            b"head" => return Some(at + end + 1),
            _ => return Some(at),
        }
    }
}

/// Where the tag that `page` begins with is closed; `>` in a quoted attribute does not count.
fn end_of_tag(page: &[u8]) -> Option<usize> {
    let mut quote = None;
    page.iter().position(|byte| {
        match (quote, byte) {
            (None, b'>') => return true,
            (None, b'"' | b'\'') => quote = Some(*byte),
            (Some(open), byte) if open == *byte => quote = None,
            _ => {}
        }
        false
    })
}

fn find(text: &[u8], sought: &[u8]) -> Option<usize> {
    text.windows(sought.len())
        .position(|window| window == sought)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(lines: &[(&'static str, &'static str)]) -> HeaderMap {
        lines
            .iter()
            .map(|(name, value)| {
                (
                    HeaderName::from_static(name),
                    HeaderValue::from_static(value),
                )
            })
            .collect()
    }

    #[test]
    fn a_navigation_is_told_from_a_fetch() {
        const HTML: (&str, &str) = ("accept", "text/html,*/*;q=0.8");
        for (method, lines, expected) in [
            (Method::GET, &[("sec-fetch-dest", "document")][..], true),
            (Method::POST, &[("sec-fetch-dest", "document")], true),
            (Method::GET, &[HTML], true),
            (Method::HEAD, &[HTML], false),
            (Method::GET, &[HTML, ("sec-fetch-dest", "empty")], false),
            (Method::GET, &[HTML, ("sec-fetch-dest", "iframe")], false),
            (Method::GET, &[HTML, ("hx-request", "true")], false),
            (Method::GET, &[HTML, ("turbo-frame", "list")], false),
            (Method::GET, &[HTML, ("range", "bytes=0-5")], false),
            (Method::GET, &[("accept", "*/*")], false),
            (Method::GET, &[], false),
        ] {
            let headers = headers(lines);
            assert_eq!(
                is_navigation(&method, &headers),
                expected,
                "{method} {lines:?}"
            );
        }
    }

    #[test]
    fn only_a_readable_page_takes_the_script() {
        const HTML: (&str, &str) = ("content-type", "text/html; charset=utf-8");
        for (status, lines, expected) in [
            (200, &[HTML][..], true),
            (404, &[HTML], true),
            (500, &[("content-type", "Text/HTML")], true),
            (200, &[HTML, ("content-encoding", "identity")], true),
            (200, &[HTML, ("content-encoding", "br")], false),
            (
                200,
                &[HTML, ("content-disposition", "attachment; filename=a")],
                false,
            ),
            (200, &[HTML, ("content-disposition", "inline")], true),
            (206, &[HTML], false),
            (304, &[HTML], false),
            (302, &[HTML], false),
            (204, &[HTML], false),
            (
                200,
                &[("content-type", "text/html; charset=UTF-16LE")],
                false,
            ),
            (200, &[("content-type", "application/json")], false),
            (200, &[], false),
        ] {
            let status = StatusCode::from_u16(status).expect("a status");
            assert_eq!(
                is_page(status, &headers(lines)),
                expected,
                "{status} {lines:?}"
            );
        }
    }

    #[test]
    fn the_head_of_a_page_makes_room() {
        let mut page = headers(&[
            ("content-length", "100"),
            ("etag", "\"e\""),
            ("content-security-policy", "default-src 'none'"),
            ("x-mine", "1"),
        ]);
        adapt_headers(&mut page, 23, "n");
        assert_eq!(page["content-length"], "123");
        assert!(!page.contains_key("etag"));
        assert_eq!(page["x-mine"], "1");
        assert_eq!(
            page["content-security-policy"],
            "default-src 'none'; script-src-elem 'self'; connect-src 'self'; worker-src 'self'"
        );
    }

    #[test]
    fn a_policy_is_widened_by_no_more_than_it_must() {
        for (policy, expected) in [
            (
                "default-src 'self'; img-src *",
                "default-src 'self'; img-src *",
            ),
            ("img-src 'none'", "img-src 'none'"),
            (
                "default-src 'self'; connect-src 'none'",
                "default-src 'self'; connect-src 'self'",
            ),
            (
                "script-src https://cdn.example 'unsafe-inline'",
                "script-src https://cdn.example 'unsafe-inline'; \
                 script-src-elem https://cdn.example 'unsafe-inline' 'self'; \
                 worker-src https://cdn.example 'unsafe-inline' 'self'",
            ),
            (
                "script-src 'nonce-a' 'strict-dynamic'; worker-src 'self'",
                "script-src 'nonce-a' 'strict-dynamic'; worker-src 'self'; \
                 script-src-elem 'nonce-a' 'strict-dynamic' 'nonce-n'",
            ),
            (
                "default-src *, SCRIPT-SRC-ELEM 'none'",
                "default-src *, SCRIPT-SRC-ELEM 'self'",
            ),
        ] {
            assert_eq!(allow_script(policy, "n"), expected, "{policy}");
        }
    }

    #[test]
    fn the_script_goes_to_the_head() {
        for (page, expected) in [
            ("<!doctype html><html><head>|<title>", true),
            (
                "<!DOCTYPE html>\n<HTML lang=en>\n<HEAD data-x='1'>|\n",
                true,
            ),
            ("<!-- <head> --><html><head>|", true),
            ("<!doctype html>|<header>no head</header>", true),
            ("<html>|<body>", true),
            ("|<p>a fragment", true),
            ("words |<b>", true),
            ("<!doctype html><he", false),
            ("<!-- <head>", false),
            ("words alone", false),
            ("", false),
            ("\u{feff}<!doctype html><head>|", true),
            ("<html lang='a>b'><head data-x=\"<c>\">|", true),
            ("<html lang='a>b", false),
            ("<!--><head>|<!-- -->", true),
        ] {
            let found = insertion(page.replace('|', "").as_bytes());
            let expected = page.find('|').filter(|_| expected);
            let expected = expected.map_or(Insertion::Later, Insertion::At);
            assert_eq!(found, expected, "{page}");
        }
        for page in [
            &b"\xff\xfe<\0h\0e\0a\0d\0>\0"[..],
            b"\xfe\xff\0<\0h\0e\0a\0d\0>",
            format!("<!-- {} <head>", "long ".repeat(SEARCHED)).as_bytes(),
        ] {
            assert_eq!(insertion(page), Insertion::Nowhere);
        }
    }
}
