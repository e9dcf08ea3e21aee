//! Registration, login, tokens and new passwords.

use serde_json::json;

use super::{LOGIN, ME, OTHER, PASSWORD, Walk};
use crate::client::Client;

impl Walk<'_> {
    /// Registration by a link; the user's client.
    pub(super) fn registers(&self, email: &str) -> Client {
        let site = self.at(1);
        let page = site.get("/account/register").status(200);
        assert_eq!(page.header("set-cookie"), "");
        for bad in [
            "x",
            "a@b,c@d",
            "a\u{ff20}b@c.d",
            "a@b.c\r\nBcc: d@e.f",
            &"a".repeat(300),
        ] {
            site.submit("/account/register", &[("email", bad)])
                .status(422);
        }
        site.submit("/account/register", &[("email", email)])
            .status(303);
        let link = self.mail("Finish your registration", email);
        assert!(
            link.starts_with(&format!("{}/account/password?token=", site.base)),
            "{link}"
        );
        for _ in 0..3 {
            site.get(&link).status(200);
        }
        for weak in [
            "fourteen chars",
            &"x y".repeat(86),
            email,
            "aaaaaaaaaaaaaaa",
        ] {
            site.submit(&link, &[("password", weak)]).status(422);
        }
        site.submit(&link, &[("password", PASSWORD)]).status(303);
        site.submit(&link, &[("password", OTHER)]).status(410);
        let login = [("email", email), ("password", PASSWORD), ("remember", "on")];
        let login = site.submit(LOGIN, &login).status(303);
        assert_eq!(login.header("location"), "/");
        let cookie = login.header("set-cookie");
        for part in [
            "session=",
            "; HttpOnly",
            "; SameSite=Lax",
            "; Path=/",
            "; Max-Age=7776000",
        ] {
            assert!(cookie.contains(part), "{part}: {cookie}");
        }
        site.with("cookie", login.cookie())
    }

    /// Whether an address is known cannot be told from status, headers or body.
    pub(super) fn answers_alike(&self, known: &str) {
        let unknown = "eve@example.org";
        let same = |path: &str, page: bool| {
            let ask = |email: &str| {
                let client = self.at(2);
                let answer = if page {
                    client.submit(path, &[("email", email), ("password", "wrong")])
                } else {
                    client.post(path, &json!({"email": email, "password": "wrong"}))
                };
                let cookies = answer.header("set-cookie").to_owned();
                (answer.code, cookies, answer.text().replace(email, "…"))
            };
            assert_eq!(ask(known), ask(unknown), "{path}");
        };
        same(LOGIN, true);
        same(ME, false);
        same("/account/register", true);
        self.mail("Finish your registration", unknown);
        same("/account/forgot", true);
        same("/api/account/register", false);
        same("/api/account/forgot", false);
    }

    pub(super) fn logs_in(&self, email: &str) {
        let right = |client: Client, more: &[(&str, &str)]| {
            client.submit(
                LOGIN,
                &[&[("email", email), ("password", PASSWORD)], more].concat(),
            )
        };
        for next in [
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "/\t/evil.example",
        ] {
            assert_eq!(
                right(self.at(3), &[("next", next)])
                    .status(303)
                    .header("location"),
                "/"
            );
        }
        let planted = self.at(3).with("cookie", "session=mine");
        let answer = right(
            planted.with("x-forwarded-proto", "https"),
            &[("next", "/books?page=2")],
        );
        let answer = answer.status(303);
        assert_eq!(answer.header("location"), "/books?page=2");
        // The scheme of a request decides nothing.
        assert!(answer.cookie().starts_with("session=") && answer.cookie() != "session=mine");
        assert!(
            !answer.header("set-cookie").contains("Secure"),
            "{}",
            answer.header("set-cookie")
        );
        assert_eq!(answer.header("strict-transport-security"), "");
        planted.get(ME).problem(401);
        let first = self.at(3).with("cookie", answer.cookie());
        first.get(ME).status(200);
        right(first.with("x-forwarded-for", "203.0.113.4"), &[]).status(303);
        first.get(ME).problem(401);
        let wrong = json!({"email": email, "password": "wrong"});
        let refused = self.at(5).post(ME, &wrong);
        assert_eq!(refused.header("www-authenticate"), "Bearer");
        refused.problem(401);
        self.at(5).post(ME, &json!({})).invalid("email");
        self.at(5)
            .post_raw(ME, Some("text/plain"), b"x")
            .problem(415);
        let anonymous = self.at(5);
        let page = anonymous.get_as("/account", "text/html").status(303);
        assert_eq!(page.header("location"), "/account/login?next=%2Faccount");
        anonymous.get("/account").problem(401);
        let answer = anonymous.get("/account/logout");
        assert_eq!(answer.header("allow"), "POST");
        answer.problem(405);
    }

    pub(super) fn sessions_and_tokens(&self, ada: &Client) {
        let me = ada.get(ME).status(200);
        assert_eq!(me.header("cache-control"), "no-store");
        let row = me.json();
        assert!(row["id"].is_i64() && row["name"] == "", "{row}");
        assert_eq!(row["is_staff"], false);
        let text = me.text();
        assert!(!text.contains("hash") && !text.contains("argon2"), "{text}");
        let made = |read_only: bool| {
            let input = json!({"name": "deploy", "read_only": read_only});
            let made = ada.post("/api/account/tokens", &input).status(201);
            let secret = made.json()["secret"]
                .as_str()
                .expect("it is text")
                .to_owned();
            let location = made.header("location").to_owned();
            (
                self.at(6)
                    .with("authorization", &format!("Bearer {secret}")),
                secret,
                location,
            )
        };
        let (reader, secret, location) = made(true);
        let (writer, ..) = made(false);
        let list = ada.get("/api/account/tokens").status(200).text();
        assert!(!list.contains(&secret) && !list.contains("hash"), "{list}");
        reader.get(ME).status(200);
        for client in [&reader, &writer] {
            client
                .post("/api/account/tokens", &json!({"name": "x"}))
                .problem(403);
            client.get("/account").problem(403);
            client.delete(ME).problem(403);
        }
        ada.delete(&location).status(204);
        reader.get(ME).problem(401);
        // A token that is none is no stranger either, whatever cookie comes with it.
        for text in ["Bearer", "Bearer x", "Basic YTpi", "Bearer a b", "x"] {
            ada.with("authorization", text).get(ME).problem(401);
        }
    }

    /// A new password by mail ends what the old one has opened; the link is for the site, whatever a request calls it.
    pub(super) fn forgets(&self, email: &str) {
        let site = self.at(7);
        let login = json!({"email": email, "password": PASSWORD});
        let login = site.post(ME, &login).status(201);
        let inside = site.with("cookie", login.cookie());
        let token = inside
            .post("/api/account/tokens", &json!({"name": "x"}))
            .status(201)
            .json();
        let secret = token["secret"].as_str().expect("it is text");
        let program = site.with("authorization", &format!("Bearer {secret}"));
        program.get(ME).status(200);
        let misled = site
            .with("host", "evil.example")
            .with("x-forwarded-host", "evil.example");
        misled
            .submit("/account/forgot", &[("email", email)])
            .status(303);
        let link = self.mail("Set a new password", email);
        let (_, token) = link
            .split_once("/account/password?token=")
            .expect("it has a token");
        assert!(link.starts_with(&site.base), "{link}");
        let new = json!({"token": token, "password": OTHER});
        site.post("/api/account/password", &new).status(204);
        site.post("/api/account/password", &new).problem(410);
        inside.get(ME).problem(401);
        program.get(ME).problem(401);
        site.post(ME, &json!({"email": email, "password": PASSWORD}))
            .problem(401);
        site.post(ME, &json!({"email": email, "password": OTHER}))
            .status(201);
    }
}
