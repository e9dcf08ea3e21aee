//! Accounts as a program or a browser meets them: by HTTP, by mails in the log, and by the commands of the program.

use std::process::Stdio;
use std::thread::{self, ScopedJoinHandle};

use reqwest::Method;
use rexpect::session::spawn_command;
use serde_json::json;

use crate::account_pages::link_in;
use crate::client::{Answer, Client};
use crate::common::Outcome;
use crate::common::databases::Database;
use crate::project::{Project, Site};

const ME: &str = "/api/account/session";
const LOGIN: &str = "/account/login";
const PASSWORD: &str = "four words of my own";
const OTHER: &str = "some words of another";
/// The user who is made on a terminal.
const TERMINAL: &str = "terminal@example.org";

/// Everything that holds on every database.
pub(crate) fn walk(project: &Project, site: &Site, database: &str) {
    commands(project, database);
    let walk = Walk { site };
    let ada = walk.registers("ada@example.org");
    walk.logs_in("ada@example.org");
    walk.sessions_and_tokens(&ada);
    walk.forgets("ada@example.org");
    walk.answers_alike("ada@example.org");
    walk.tries_too_often();
    walk.comes_from_elsewhere();
    walk.is_asked_by_head();
    project
        .program(&["clearsessions"], "", database)
        .stdout_has("Deleted 0 sessions");
}

/// What the commands of the program say, and by which exit code.
fn commands(project: &Project, database: &str) {
    let run = |line: &str, input: &str| {
        let arguments: Vec<_> = line.split(' ').collect();
        project.attempt(&arguments, input, database)
    };
    run("createsuperuser boss@example.org", "")
        .code(0)
        .stdout_has("/account/password?token=");
    run("createsuperuser boss@example.org", "")
        .code(1)
        .stderr_has("there is a user boss@example.org already");
    run(
        "createsuperuser Boss@Example.org --password-stdin",
        PASSWORD,
    )
    .code(1)
    .stderr_has("there is a user boss@example.org already");
    run(
        "createsuperuser short@example.org --password-stdin",
        "short",
    )
    .code(1)
    .stderr_has("at least 15 characters");
    run(
        "changepassword boss@example.org --password-stdin",
        "boss@example.org",
    )
    .code(1)
    .stderr_has("too easy to guess");
    run("changepassword boss@example.org --password-stdin", PASSWORD)
        .code(0)
        .stdout_has("is changed");
    run("changepassword nobody@example.org", "")
        .code(1)
        .stderr_has("there is no user nobody@example.org");
    run("sendtestemail boss@example.org", "")
        .code(1)
        .stderr_has("EMAIL_URL");
    for line in [
        "createsuperuser",
        "createsuperuser nonsense",
        "createsuperuser a@b.c d@e.f",
        "changepassword a@b,c@d",
        "changepassword --stdin a@b.c",
        "sendtestemail",
        "clearsessions now",
    ] {
        run(line, "").code(2);
    }
}

/// The hidden question on a terminal, and what `check --deploy` says as long as nobody can do everything.
pub(crate) fn first_user(project: &Project, site: &Site, database: &str) {
    let check = || Outcome::of(&mut project.luthier_on("check --deploy", database)).stdout;
    assert!(check().contains("D011"), "{}", check());
    let mut command = project.luthier_on("--color never createsuperuser", database);
    command.env("TERM", "xterm").stdin(Stdio::inherit());
    let mut terminal = spawn_command(command, Some(120_000)).expect("a terminal");
    let mut said = String::new();
    for (question, answer) in [
        ("E-mail address", TERMINAL),
        ("Password", PASSWORD),
        ("Again", "something else here"),
        ("The two differ", PASSWORD),
        ("Again", PASSWORD),
    ] {
        said += &terminal.exp_string(question).expect(question);
        terminal.send_line(answer).expect("an answer");
    }
    said += &terminal
        .exp_string("may do everything")
        .expect("it is done");
    said += &terminal.exp_eof().expect("it ends");
    assert!(!said.contains(PASSWORD), "{said}");
    let terminal = site.client.signed_in(TERMINAL, PASSWORD);
    assert!(!check().contains("D011"), "{}", check());
    Database::of_file(database.to_owned())
        .execute("UPDATE sessions SET expires_at = '2020-01-01 00:00:00'");
    terminal.get(ME).problem(401);
    for count in [1, 0] {
        project
            .program(&["clearsessions"], "", database)
            .stdout_has(&format!("Deleted {count} sessions, 0 links and 0 API"));
    }
}

/// Whoever the queue has no room for is sent away, and the others are answered; meanwhile the site stays small and tells
/// that it is alive.
pub(crate) fn many_at_once(site: &Site) {
    let login = json!({"email": TERMINAL, "password": PASSWORD});
    let client = |number: usize| {
        let address = format!("198.18.{}.{}", number / 200, number % 200);
        site.client.with("x-forwarded-for", &address)
    };
    let answers: Vec<Answer> = thread::scope(|scope| {
        let log_in = |number| {
            let (client, login) = (client(number), &login);
            scope.spawn(move || client.post(ME, login))
        };
        let logins: Vec<_> = (0..300).map(log_in).collect();
        site.client.get("/healthz").status(200);
        let join = |login: ScopedJoinHandle<'_, Answer>| login.join().expect("it is answered");
        logins.into_iter().map(join).collect()
    });
    for answer in &answers {
        assert!([201, 429].contains(&answer.code), "{}", answer.code);
        assert_eq!(answer.code == 429, !answer.header("retry-after").is_empty());
    }
    assert!(answers.iter().any(|answer| answer.code == 201));
    #[cfg(target_os = "linux")]
    {
        let status = std::fs::read_to_string(format!("/proc/{}/status", site.running.id()));
        let status = status.expect("it runs");
        let (_, most) = status.split_once("VmHWM:").expect("it is told");
        let most: u32 = most
            .split_whitespace()
            .next()
            .and_then(|kilobytes| kilobytes.parse().ok())
            .expect("it is a number");
        assert!(most < 150_000, "{most} kB");
    }
}

struct Walk<'a> {
    site: &'a Site,
}

impl Walk<'_> {
    /// A client at an address of its own, as the trusted proxy reports it: what others try does not count against it.
    fn at(&self, host: u8) -> Client {
        self.site
            .client
            .with("x-forwarded-for", &format!("203.0.113.{host}"))
    }

    fn mail(&self, subject: &str, to: &str) -> String {
        let running = &self.site.running;
        running.until("a mail is in the log", |running| {
            link_in(&running.heard(), subject, to)
        })
    }

    /// Registration by a link; the user's client.
    fn registers(&self, email: &str) -> Client {
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
    fn answers_alike(&self, known: &str) {
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

    fn logs_in(&self, email: &str) {
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

    fn sessions_and_tokens(&self, ada: &Client) {
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
    fn forgets(&self, email: &str) {
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

    /// Left of what the trusted proxy has added, everybody can write what they like.
    fn tries_too_often(&self) {
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
    fn comes_from_elsewhere(&self) {
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
    fn is_asked_by_head(&self) {
        let site = self.at(10).with("accept", "text/html");
        for path in ["/account", LOGIN, "/account/register", "/account/logout"] {
            let get = site.get(path);
            let head = site.bare(Method::HEAD, path).status(get.code).empty();
            assert_eq!(head.header("location"), get.header("location"), "{path}");
        }
    }
}
