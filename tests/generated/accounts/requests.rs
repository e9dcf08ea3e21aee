//! Requests that are too many, that come from other sites, or that ask by `HEAD`.

use reqwest::Method;
use serde_json::json;

use super::{LOGIN, ME, Walk};
use crate::client::Answer;

impl Walk<'_> {
    /// Left of what the trusted proxy has added, everybody can write what they like.
    pub(super) fn tries_too_often(&self) {
        let mut codes = Vec::new();
        for attempt in 0..31 {
            let forged = format!("10.0.0.{attempt}, 203.0.113.8");
            let client = self.site.client.with("x-forwarded-for", &forged);
            let answer = client.post(
                ME,
                &json!({"email": "eve@example.org", "password": "wrong"}),
            );
            if answer.code == 429 {
                let wait: u32 = answer.header("retry-after").parse().expect("seconds");
                assert!(wait >= 1);
            }
            codes.push(answer.code);
        }
        assert!(codes[..10].iter().all(|code| *code == 401), "{codes:?}");
        assert!(codes.contains(&429), "{codes:?}");
    }

    /// What pages of other sites send is refused; what this site's pages and programs send is not.
    pub(super) fn comes_from_elsewhere(&self) {
        let site = self.at(9);
        let own = site.base.clone();
        let other_port = own.rsplit_once(':').expect("a port").0.to_owned();
        let send = |name: &'static str, value: &str| -> Answer {
            let answer = site.with(name, value).submit(LOGIN, &[("email", "x")]);
            assert_eq!(answer.header("set-cookie"), "");
            answer
        };
        for (name, value) in [
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
            ("origin", "null"),
            ("origin", "https://evil.example"),
        ] {
            send(name, value).problem(403);
        }
        let told = send("origin", &other_port).problem(403).to_string();
        assert!(told.contains("Host"), "{told}");
        for (name, value) in [
            ("sec-fetch-site", "same-origin"),
            ("sec-fetch-site", "none"),
            ("origin", &own),
            ("x-nothing", "x"),
        ] {
            send(name, value).status(422);
        }
    }

    /// `HEAD` is `GET` without the body, also where a page leads to the login page.
    pub(super) fn is_asked_by_head(&self) {
        let site = self.at(10).with("accept", "text/html");
        for path in ["/account", LOGIN, "/account/register", "/account/logout"] {
            let get = site.get(path);
            let head = site.bare(Method::HEAD, path).status(get.code).empty();
            assert_eq!(head.header("location"), get.header("location"), "{path}");
        }
    }
}
