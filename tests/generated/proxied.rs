//! The real site behind the real nginx, as `luthier systemd` and `luthier compose` set them up.

use std::net::TcpListener;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use serde_json::{Value, json};
use sqlx::{Connection, Executor, PgConnection, Row};
use tokio::runtime::{Builder, Runtime};

use crate::common::Outcome;
use crate::common::nginx::Nginx;
use crate::common::running::{Running, signal};
use crate::project::Project;

const DOMAIN: &str = "shop.example.org";
/// By https, so that the site itself sends `Strict-Transport-Security`.
const PUBLIC_URL: &str = "https://shop.example.org";
const BOOKS: &str = "/api/books";

/// Serves the project on the PostgreSQL database `url`, migrated, behind nginx.
pub(crate) fn walk(project: &Project, url: &str) {
    // Held open for the site, as systemd does.
    let socket = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = socket.local_addr().expect("an address").to_string();
    let Some(nginx) = on_a_server(project, &address) else {
        return;
    };
    let site = project.boot_on(&socket, url, PUBLIC_URL);
    answers(&nginx);
    restart(&nginx, project, &socket, url, site);

    let site = project.boot_on(&socket, url, PUBLIC_URL);
    let nginx = in_containers(project, &address).expect("it was there");
    answers(&nginx);
    assert!(site.stop("-TERM").success());
}

fn on_a_server(project: &Project, address: &str) -> Option<Nginx> {
    project.luthier(&format!("systemd --domain {DOMAIN}"));
    let socket = project.sandbox.read("deploy/server/bookstore.socket");
    assert!(socket.contains("ListenStream=127.0.0.1:8000\n"), "{socket}");
    let text = project.sandbox.read("deploy/server/bookstore.nginx.conf");
    let site = replaced(&text, &[("127.0.0.1:8000", address)]);
    let files = ["fullchain.pem", "privkey.pem"]
        .map(|file| format!("/etc/letsencrypt/live/{DOMAIN}/{file}"));
    let files = files.each_ref().map(String::as_str);
    Nginx::start(&project.sandbox, DOMAIN, &site, files)
}

/// What the image of compose.yaml serves, told in the words of an nginx that may be older than 1.27.
fn in_containers(project: &Project, address: &str) -> Option<Nginx> {
    project.luthier(&format!("compose --proxy nginx --domain {DOMAIN}"));
    let text = project.sandbox.read("deploy/nginx.conf");
    let newer = [
        ("site:8000 resolve", address),
        ("    resolver ${NGINX_LOCAL_RESOLVERS} valid=2s;\n", ""),
        ("    http2 on;\n", ""),
        ("listen 443 ssl;", "listen 443 ssl http2;"),
    ];
    let files = ["/run/secrets/tls_certificate", "/run/secrets/tls_key"];
    Nginx::start(&project.sandbox, DOMAIN, &replaced(&text, &newer), files)
}

fn replaced(text: &str, changes: &[(&str, &str)]) -> String {
    changes.iter().fold(text.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "no {from:?}: {text}");
        text.replace(from, to)
    })
}

/// What everybody may ask comes through unharmed.
fn answers(nginx: &Nginx) {
    let json = |answer: &str| -> Value {
        let (_, body) = answer.split_once("\r\n\r\n").expect("a body");
        serde_json::from_str(body).unwrap_or_else(|error| panic!("{error}: {answer}"))
    };
    let page = nginx.ask(&nginx.url("/"), &["--header", "Accept: text/html"]);
    assert!(page.starts_with("http/2 200"), "{page}");
    let once = [
        "strict-transport-security",
        "content-security-policy",
        "x-content-type-options",
        "x-frame-options",
        "referrer-policy",
        "x-request-id",
    ];
    for name in once {
        let count = page.matches(&format!("\r\n{name}:")).count();
        assert_eq!(count, 1, "{name}: {page}");
    }
    let book = json!({"title": "Emma", "author": "Jane Austen", "publication_date": "1815-12-23",
        "isbn": "behind-nginx", "summary": "x".repeat(2000)});
    let made = nginx.ask(&nginx.url(BOOKS), &["--json", &book.to_string()]);
    assert!(made.starts_with("http/2 201"), "{made}");
    let id = json(&made)["id"].clone();
    assert!(
        made.contains(&format!("\r\nlocation: {BOOKS}/{id}\r\n")),
        "{made}"
    );
    let list = nginx.ask(
        &nginx.url(&format!("{BOOKS}?isbn=behind-nginx")),
        &["--compressed"],
    );
    assert!(list.contains("\r\ncontent-encoding: gzip\r\n"), "{list}");
    assert!(list.contains("\r\nvary: accept-encoding\r\n"), "{list}");
    assert_eq!(json(&list)["results"][0]["title"], "Emma");
    let gone = nginx.ask(
        &nginx.url(&format!("{BOOKS}/{id}")),
        &["--request", "DELETE"],
    );
    assert!(gone.starts_with("http/2 204"), "{gone}");
    let missing = nginx.ask(&nginx.url(&format!("{BOOKS}/{id}/")), &[]);
    assert!(missing.starts_with("http/2 404"), "{missing}");
    assert!(
        missing.contains("\r\ncontent-type: application/problem+json\r\n"),
        "{missing}"
    );
    let documents = [
        ("/api/docs", "swagger-ui"),
        ("/api/docs/swagger-ui.css", ".swagger-ui"),
    ];
    for (path, text) in documents {
        let answer = nginx.ask(&nginx.url(path), &["--compressed"]);
        assert!(
            answer.starts_with("http/2 200") && answer.contains(text),
            "{path}: {answer}"
        );
    }
}

/// Restarts the site while it is asked, and while it works on a request: nobody notices.
fn restart(nginx: &Nginx, project: &Project, socket: &TcpListener, url: &str, old: Running) {
    let stop = AtomicBool::new(false);
    let rounds = [const { AtomicUsize::new(0) }; 3];
    thread::scope(|scope| {
        let stop = &stop;
        let askers: Vec<_> = rounds
            .iter()
            .map(|round| scope.spawn(move || ask_until(nginx, stop, round)))
            .collect();
        let lock = Lock::on_books(url);
        let begun = post(nginx);
        lock.is_waited_for();
        assert!(signal("-TERM", old.id()));
        let new = project.boot_on(socket, url, PUBLIC_URL);
        // The new one serves while the old one still works on what was begun.
        new.until("it is asked", |_| {
            let answer = nginx.ask(&nginx.url("/healthz"), &[]);
            answer.starts_with("http/2 200").then_some(())
        });
        lock.release();
        let answer = begun.join().expect("the request is sent");
        assert!(answer.contains("http/2 201"), "{answer}");
        assert!(old.ended().success());
        // Only the new one is there for what begins now.
        let begun = rounds.each_ref().map(|round| round.load(Ordering::Relaxed));
        new.until("every asker has asked the new one", |_| {
            let more =
                |(round, begun): (&AtomicUsize, usize)| round.load(Ordering::Relaxed) >= begun + 3;
            rounds.iter().zip(begun).all(more).then_some(())
        });
        stop.store(true, Ordering::Relaxed);
        for asker in askers {
            let codes = asker.join().expect("the asker is well");
            let bad: Vec<_> = codes.iter().filter(|code| *code != "200").collect();
            assert!(
                codes.len() > 20 && bad.is_empty(),
                "{bad:?} of {}; {}",
                codes.len(),
                nginx.heard()
            );
        }
        assert!(new.stop("-TERM").success());
    });
}

/// Asks again and again, twenty times over each connection, and counts the connections; returns every status.
fn ask_until(nginx: &Nginx, stop: &AtomicBool, rounds: &AtomicUsize) -> Vec<String> {
    let mut codes = Vec::new();
    while !stop.load(Ordering::Relaxed) {
        let mut curl = nginx.curl();
        curl.args(["--output", "/dev/null", "--write-out", "%{http_code}\\n"])
            .arg(nginx.url(&format!("{BOOKS}?page_size=[1-20]")));
        let done = Outcome::of(&mut curl).success();
        codes.extend(done.stdout.lines().map(str::to_owned));
        rounds.fetch_add(1, Ordering::Relaxed);
    }
    codes
}

/// Sends a book in the background.
fn post(nginx: &Nginx) -> JoinHandle<String> {
    let book = json!({"title": "Persuasion", "author": "Jane Austen", "publication_date": "1817-12-20",
        "isbn": "while-restarting", "summary": "x"});
    let mut curl: Command = nginx.curl();
    curl.args(["--include", "--json", &book.to_string()])
        .arg(nginx.url(BOOKS))
        .stdin(Stdio::null());
    thread::spawn(move || Outcome::of(&mut curl).success().stdout.to_lowercase())
}

/// Keeps everybody from writing books.
struct Lock {
    runtime: Runtime,
    connection: PgConnection,
    url: String,
}

impl Lock {
    fn on_books(url: &str) -> Self {
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.expect("a runtime");
        let connection = runtime.block_on(async {
            let mut connection = PgConnection::connect(url).await?;
            connection
                .execute("BEGIN; LOCK TABLE books IN SHARE MODE")
                .await?;
            Ok::<_, sqlx::Error>(connection)
        });
        Self {
            runtime,
            connection: connection.expect("a lock"),
            url: url.to_owned(),
        }
    }

    /// Waits until somebody wants to write.
    fn is_waited_for(&self) {
        const WAITING: &str = "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database \
                               WHERE NOT granted AND datname = current_database()";
        self.runtime.block_on(async {
            let other = PgConnection::connect(&self.url).await;
            let mut other = other.expect("a connection");
            for _ in 0..1000 {
                let row = other.fetch_one(WAITING).await.expect("an answer");
                if row.get::<i64, _>(0) > 0 {
                    return;
                }
                thread::sleep(Duration::from_millis(20));
            }
            panic!("nobody waits");
        });
    }

    fn release(mut self) {
        self.runtime.block_on(async {
            let done = self.connection.execute("COMMIT").await;
            done.expect("it is held");
            let done = self.connection.close().await;
            done.expect("the server says goodbye");
        });
    }
}
