//! What the packs in Python answer to clients that mean no good: the same from both.

use std::io::Write as _;
use std::process::{Command, Stdio};

use crate::common::fuzz::{SETTINGS, fuzz};

/// `curl`'s answer: the status and the content type, then the body.
pub(super) fn curl(url: &str, args: &[&str], body: &[u8]) -> String {
    let mut curl = Command::new("curl");
    curl.args([
        "-s",
        "-w",
        "\n%{http_code} %{content_type}",
        "--data-binary",
        "@-",
    ])
    .args(args)
    .arg(url);
    let mut curl = curl
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("curl starts");
    curl.stdin
        .take()
        .expect("a pipe")
        .write_all(body)
        .expect("written");
    let output = curl.wait_with_output().expect("curl ends");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let (body, status) = text.rsplit_once('\n').expect("a status");
    format!("{status}\n{body}")
}

/// Sends what clients should not to the API of [`super::django::BOOK`], and one good body: every answer is the contract's.
pub(super) fn hostile_bodies(books: &str, headers: &[&str]) {
    let with = |more: &[&'static str]| [headers, more].concat();
    let json = with(&["-H", "Content-Type: application/json"]);
    let good = r#"{"title":"Emma","author":"Austen","publication_date":"1815-12-23","isbn":"1","summary":"s"}"#;
    let deep = "[".repeat(100_000);
    let long = format!("{{\"title\": {}}}", "9".repeat(5_000));
    let cases: [(&[u8], &[u16]); 14] = [
        (good.as_bytes(), &[201]),
        (b"{}", &[422]),
        (b"", &[400, 422]),
        (b"{", &[400]),
        (b"[]", &[422]),
        (b"null", &[400, 422]),
        (br#"{"title":"\ud800"}"#, &[400]),
        (br#"{"title":"\u0000"}"#, &[422]),
        (br#"{"title":NaN}"#, &[400]),
        (br#"{"title":1e999}"#, &[400]),
        (br#"{"title":99999999999999999999}"#, &[422]),
        (b"\xff\xfe", &[400]),
        (deep.as_bytes(), &[400]),
        (long.as_bytes(), &[400]),
    ];
    for (body, expected) in cases {
        let answer = curl(books, &json, body);
        let status: u16 = answer[..3].parse().expect("a status");
        let shown = String::from_utf8_lossy(&body[..body.len().min(80)]);
        assert!(expected.contains(&status), "{shown}: {answer}");
        assert!(
            status == 201 || answer[4..].starts_with("application/problem+json"),
            "{shown}: {answer}"
        );
    }
    let big = format!("{{\"title\":\"{}\"}}", "a".repeat(3_000_000));
    let answer = curl(books, &json, big.as_bytes());
    assert!(answer.starts_with("413"), "{answer}");
    let text = with(&["-H", "Content-Type: text/plain"]);
    assert!(curl(books, &text, b"x").starts_with("415"));
    let one = format!("{books}/1");
    assert!(curl(&one, &json, b"{}").starts_with("405"));
}

/// Asks a list for what means nothing.
pub(super) fn hostile_queries(books: &str) {
    for query in [
        "page=0",
        "page=x",
        "page_size=101",
        "ordering=nope",
        "search=%00",
        "publication_date=x",
    ] {
        let answer = curl(&format!("{books}?{query}"), &["-X", "GET"], b"");
        assert!(
            answer.starts_with("400 application/problem+json"),
            "{query}: {answer}"
        );
    }
    let past_the_end = curl(&format!("{books}?page=9"), &["-X", "GET"], b"");
    assert!(past_the_end.starts_with("200"), "{past_the_end}");
}

/// The same with rules that no schema says: text may not be blank, references are to rows that there are; and with values
/// that are taken for more than the schema says: numbers are texts to Django, and moments to Pydantic.
pub(super) fn fuzz_leniently(url: &str, more: &[&str]) {
    let settings = SETTINGS.replace("\"409\",", "\"409\", \"400\", \"422\",");
    let arguments = [
        "--phases",
        "coverage,fuzzing",
        "--exclude-checks",
        "negative_data_rejection",
        "--max-examples",
        "10",
    ];
    fuzz(url, &settings, &[&arguments[..], more].concat());
}
