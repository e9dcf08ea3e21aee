//! Accounts as a program or a browser meets them: by HTTP, by mails in the log, and by the commands of the program.

mod requests;
mod sessions;

use std::process::Stdio;
use std::thread::{self, ScopedJoinHandle};

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
}
