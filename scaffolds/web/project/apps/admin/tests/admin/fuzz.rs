//! Requests that make no sense: none may fail the server, and nothing that was typed may become part of a page's HTML.

use axum::body::Body;
use axum::http::{Request, header};
use platform::testing::{Answer, Client};

use crate::common::*;

/// Percent-encoded, as they stand in addresses and forms.
const VALUES: [&str; 40] = [
    "",
    "%20",
    "0",
    "1",
    "-1",
    "2",
    "3",
    "%2B1",
    "1e5",
    "1.5",
    "NaN",
    "inf",
    "99999999999999999999999999",
    "-9223372036854775808",
    "9223372036854775807",
    "2147483648",
    "on",
    "true",
    "null",
    "%00",
    "a%00b",
    "%FF",
    "%ED%A0%80",
    "%C0%80",
    "%F0%9F%98%80",
    "%E2%80%AE%D7%90",
    "%",
    "%2",
    "a%2Cb",
    "a%2Fb%20c%25%2C%C3%BC",
    "%27%20OR%201%3D1%3B--",
    "id%3BDROP%20TABLE%20things",
    "%3Cscript%3Eevil()%3C%2Fscript%3E",
    "%22%20autofocus%20onfocus%3Devil()%20x%3D%22",
    "%27%3E%3Cimg%20src%3Dx%20onerror%3Devil()%3E",
    "%7B%7B%2070007*70009%20%7D%7D%7B%25%20raw%20%25%7D",
    "javascript%3Aevil()",
    "2024-02-30",
    "0000-00-00T99%3A99",
    "%7B%22name%22%3A%5B%5D%7D",
];

const NAMES: [&str; 34] = [
    "name",
    "mark",
    "count",
    "loaned",
    "seen_at",
    "note",
    "site",
    "shelf_code",
    "secret",
    "id",
    "page",
    "page_size",
    "ordering",
    "search",
    "null",
    "all",
    "action",
    "_confirmed",
    "_token",
    "_was",
    "_save",
    "_many",
    "row-0-_id",
    "row-0-_was",
    "row-0-count",
    "row-99999999999999999999-x",
    "store.thing.shelf_code-0-_id",
    "store.thing.shelf_code-0-_was",
    "store.thing.shelf_code-0-name",
    "store.thing.shelf_code-1-count",
    "code",
    "room",
    "text",
    "q",
];

const WORDS: [&str; 8] = [
    "name",
    "-count,name",
    "seen_at",
    "delete",
    "own-0",
    "own-2",
    "continue",
    "new",
];

/// Always the same numbers: <https://prng.di.unimi.it/splitmix64.c>
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut number = self.0;
        number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((number ^ (number >> 31)) % most as u64) as usize
    }

    fn value(&mut self) -> String {
        match self.below(12) {
            0 => WORDS[self.below(WORDS.len())].to_owned(),
            1 => "x".repeat(1 << self.below(13)),
            _ => VALUES[self.below(VALUES.len())].to_owned(),
        }
    }

    fn pairs(&mut self) -> String {
        let count = self.below(9);
        let pairs =
            (0..count).map(|_| format!("{}={}", NAMES[self.below(NAMES.len())], self.value()));
        pairs.collect::<Vec<_>>().join("&")
    }

    fn path(&mut self) -> String {
        let model = [
            "store/thing",
            "store/shelf",
            "accounts/user",
            "accounts/group",
            "no/such",
        ][self.below(5)];
        let key = self.value().replace(['/', '%'], "%25");
        let id = match self.below(3) {
            0 => key,
            1 => VALUES[self.below(24)].to_owned(),
            _ => ["1", "2", "s1"][self.below(3)].to_owned(),
        };
        let rest = match self.below(11) {
            0..=1 => String::new(),
            2 => "/add".to_owned(),
            3 => "/action".to_owned(),
            4 => "/export.csv".to_owned(),
            5 => "/lookup".to_owned(),
            6 => "/import".to_owned(),
            7..=8 => format!("/{id}/change"),
            9 => format!("/{id}/delete"),
            _ => format!("/{id}/history"),
        };
        format!("/admin/{model}{rest}")
    }
}

async fn ask_anything(client: &Client, dice: &mut Dice) -> (String, Answer) {
    let path = format!("{}?{}", dice.path(), dice.pairs());
    // Whoever asks could shut themselves out by the form of their own account.
    let post = dice.below(2) == 0 && !path.contains("accounts/user");
    let body = if post { dice.pairs() } else { String::new() };
    let shown = format!("{path} {body}");
    let request = Request::builder()
        .method(if post { "POST" } else { "GET" })
        .uri(&path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    // What is no address cannot be asked for.
    match request.body(Body::from(body)) {
        Ok(request) => (shown, client.request(request).await),
        Err(_) => (shown, client.get("/admin").await),
    }
}

#[tokio::test]
async fn nothing_that_is_sent_fails_the_server_or_becomes_html() {
    let client = superuser().await;
    client
        .submit(
            &format!("{SHELF}/add"),
            &[("code", "s1"), ("room", "<script>evil()</script>")],
        )
        .await;
    add(
        &client,
        "\"><img src=x onerror=evil()>",
        &[
            ("shelf_code", "s1"),
            ("note", "</textarea><script>evil()</script>"),
        ],
    )
    .await;
    let mut dice = Dice(1);
    for _ in 0..1_500 {
        let (shown, answer) = ask_anything(&client, &mut dice).await;
        assert!(
            answer.status.as_u16() < 500,
            "{shown}: {} {}",
            answer.status,
            answer.body
        );
        let is_page = answer
            .headers
            .get(header::CONTENT_TYPE)
            .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
        for evil in [
            "<script>evil",
            "<img src=x",
            "onfocus=evil()\"",
            "\" autofocus onfocus",
            "href=\"javascript",
            // 70007 * 70009, as a template would work it out.
            "4901120063",
        ] {
            let found = is_page && answer.body.contains(evil);
            assert!(!found, "{shown}: {evil} in {}", answer.body);
        }
    }
    // It was a superuser to the end.
    assert_eq!(client.get("/admin").await.status, 200);
}
