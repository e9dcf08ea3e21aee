//! Generations follow each other, requests are answered, and nothing is left at the end.
#![expect(
    clippy::disallowed_methods,
    reason = "tests look at the outside on purpose"
)]

use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::site::*;
use crate::common::running::{Running, alive, signal};

#[test]
fn a_save_is_served_and_a_mistake_leaves_the_old_site_up() {
    let sandbox = sandbox();
    let (server, address) = start(&sandbox);
    answers(&server, &address, "one");
    let first = process(&address);

    sandbox.write("src/main.rs", site("two"));
    answers(&server, &address, "two");
    server.says("generation 2 in ", 1);
    server.until("the old site is gone", |_| (!alive(first)).then_some(()));

    let second = process(&address);
    sandbox.write("src/main.rs", "fn main() { mistake }");
    let heard = server.says("still serving the previous version", 1);
    assert!(heard.contains("cannot find value `mistake`"), "{heard}");
    assert!(heard.contains("src/main.rs:1:13"), "{heard}");
    assert_eq!(process(&address), second);

    sandbox.write("src/main.rs", "fn main() { panic!(\"no luck\") }");
    let heard = server.says("exited before it was ready", 1);
    assert!(heard.contains("no luck"), "{heard}");
    assert_eq!(process(&address), second);

    sandbox.write("src/main.rs", site("three"));
    answers(&server, &address, "three");
}

#[test]
fn no_request_fails_while_generations_follow_each_other() {
    let sandbox = sandbox();
    sandbox.write(".env", "handed");
    let (server, address) = start(&sandbox);
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let path = |path: &'static str| {
            let (address, done) = (&address, &done);
            move || {
                let mut count = 0;
                while !done.load(Ordering::SeqCst) {
                    let answer = ask(address, path);
                    assert!(
                        answer.is_some_and(|answer| answer.contains("handed")),
                        "{path}"
                    );
                    count += 1;
                }
                count
            }
        };
        let asking = [path("/"), path("/slow"), path("/")].map(|ask| scope.spawn(ask));
        for number in 2..5 {
            // Settings change, and with them nothing but the generation.
            sandbox.write(".env", format!("handed {number}"));
            server.says(&format!("generation {number} in "), 1);
        }
        done.store(true, Ordering::SeqCst);
        for asked in asking {
            assert!(asked.join().expect("no request fails") > 0);
        }
    });
    assert!(get(&address).expect("an answer").ends_with("handed 4"));
}

#[test]
fn what_cannot_run_twice_is_stopped_first_while_requests_wait() {
    let sandbox = sandbox();
    // Two of them cannot hold the same lock.
    let lock = "let lock = std::fs::File::create(\"lock\").expect(\"a file\"); lock.try_lock().expect(\"the lock\");";
    let alone = |answer| site(answer).replace("let settings", &format!("{lock} let settings"));
    sandbox.write("src/main.rs", alone("one"));
    let (server, address) = start_with(&sandbox, &["--stop-first"]);
    assert!(get(&address).expect("an answer").starts_with("one"));
    sandbox.write("src/main.rs", alone("two"));
    server.until(
        "the new site answers, and every request is answered",
        |_| {
            get(&address)
                .expect("an answer")
                .starts_with("two")
                .then_some(())
        },
    );
}

#[test]
fn a_request_that_comes_before_the_first_build_is_done_waits_for_it() {
    let sandbox = sandbox();
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    drop(taken);
    let mut command = sandbox.command(["runserver", &address]);
    command.env("CARGO_TARGET_DIR", sandbox.path("target"));
    let server = Running::start(&mut command);
    // Connections are taken long before there is a site.
    let answer = server.until("it listens", |_| {
        TcpStream::connect(&address).ok()?;
        Some(get(&address))
    });
    assert!(answer.expect("an answer").starts_with("one"));
}

#[test]
fn it_says_that_another_cargo_holds_the_target_folder() {
    let sandbox = sandbox();
    sandbox.write("target/debug/.cargo-lock", "");
    let lock = std::fs::File::open(sandbox.path("target/debug/.cargo-lock")).expect("a file");
    lock.lock().expect("the lock");
    let server = Running::start(&mut command(&sandbox, &[]));
    server.says("Waiting", 1);
    lock.unlock().expect("open again");
    server.says("Ctrl-C stops", 1);
}

#[test]
fn the_end_leaves_no_process_and_a_free_port() {
    let sandbox = sandbox();
    for ask in ["-TERM", "-INT", "-HUP"] {
        let (server, address) = start(&sandbox);
        let site = process(&address);
        assert!(server.stop(ask).success(), "{ask}");
        assert!(!alive(site), "the site outlived its server");
        TcpListener::bind(&address).expect("a free port");
    }
}

#[test]
fn what_a_site_has_started_ends_with_it() {
    let sandbox = sandbox();
    // It heeds no signal that it could.
    let child = "let child = std::process::Command::new(\"sh\").args([\"-c\", \"trap '' TERM INT; sleep 1000\"]).spawn();
    println!(\"started {}.\", child.expect(\"it starts\").id()); let settings";
    sandbox.write("src/main.rs", site("one").replace("let settings", child));
    let (server, _) = start(&sandbox);
    let started = |number: usize| {
        let heard = server.says("started ", number);
        let id = heard
            .split("started ")
            .nth(number)
            .and_then(|rest| rest.split('.').next());
        id.expect("a process").parse::<u32>().expect("a number")
    };
    let first = started(1);
    sandbox.write(".env", "new");
    server.until("it is gone", |_| (!alive(first)).then_some(()));
    let second = started(2);
    assert!(alive(second));
    assert!(server.stop("-INT").success());
    // Whoever inherits it may take a moment to notice.
    let deadline = Instant::now() + Duration::from_secs(5);
    while alive(second) {
        assert!(Instant::now() < deadline, "it outlived the site");
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn nothing_outlives_a_server_that_is_killed() {
    let sandbox = sandbox();
    sandbox.make_folder("temporary");
    let mut command = command(&sandbox, &[]);
    command.env("TMPDIR", sandbox.path("temporary"));
    let (server, address) = start_command(&mut command);
    let site = process(&address);
    assert_eq!(of_luthier(&sandbox.path("temporary")), 1);
    assert!(signal("-KILL", server.id()));
    server.until("the site is gone", |_| (!alive(site)).then_some(()));
    server.until("its sockets are gone", |_| {
        (of_luthier(&sandbox.path("temporary")) == 0).then_some(())
    });
    TcpListener::bind(&address).expect("a free port");
}

/// The links in its mails lead there, whichever free port was taken.
#[test]
fn the_site_is_told_where_it_is_visited_unless_its_settings_say_so() {
    let url = "std::env::var(\"PUBLIC_URL\").unwrap_or_default()";
    let text = site("{url}").replace("let body =", &format!("let url = {url};\n    let body ="));
    let sandbox = sandbox();
    sandbox.write("src/main.rs", &text);
    let (server, address) = start(&sandbox);
    let answer = get(&address).expect("an answer");
    assert!(
        answer.starts_with(&format!("http://{address} ")),
        "{answer}"
    );
    drop(server);
    sandbox.write(".env", "PUBLIC_URL=https://shop.example\n");
    let (_server, address) = start(&sandbox);
    let answer = get(&address).expect("an answer");
    assert!(answer.starts_with(' '), "{answer}");
}

#[test]
fn a_site_that_cannot_start_waits_for_its_cure() {
    let sandbox = sandbox();
    sandbox.write("src/main.rs", "fn main() { panic!(\"no luck\") }");
    let mut command = sandbox.command(["runserver", "0"]);
    command.env("CARGO_TARGET_DIR", sandbox.path("target"));
    let server = Running::start(&mut command);
    let heard = server.says("starts again when a file changes", 1);
    assert!(heard.contains("no luck"), "{heard}");
    sandbox.write("src/main.rs", site("cured"));
    server.says("Ctrl-C stops", 1);
}

#[test]
fn a_taken_port_is_told_with_a_free_one() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    let sandbox = sandbox();
    sandbox
        .run(["runserver", &address])
        .code(1)
        .stderr_has(&format!("already listens on {address}"))
        .stderr_has("is free: `luthier runserver ");
    sandbox
        .run(["runserver", "http"])
        .code(2)
        .stderr_has("0.0.0.0:8000");
    assert!(!sandbox.exists("target"), "nothing was built");
}

#[test]
fn a_site_that_crashes_is_started_again() {
    let sandbox = sandbox();
    let crash =
        "if request.starts_with(b\"GET /crash\") { std::process::exit(7); } if request[..length]";
    let text = site("one").replacen("if request[..length]", crash, 1);
    sandbox.write("src/main.rs", text);
    let (server, address) = start(&sandbox);
    let first = process(&address);
    assert_eq!(ask(&address, "/crash"), None);
    server.says("the site exited (exit status: 7); starting it again", 1);
    server.says("generation 2", 1);
    assert_ne!(process(&address), first);
}

#[test]
fn the_reader_of_its_output_ends_the_server() {
    let sandbox = sandbox();
    let mut command = command(&sandbox, &[]);
    command.stdout(std::process::Stdio::piped());
    command.stderr(std::process::Stdio::null());
    let mut server = command.spawn().expect("it starts");
    // As `luthier runserver | head` does.
    drop(server.stdout.take());
    let deadline = Instant::now() + Duration::from_secs(60);
    let status = loop {
        if let Some(status) = server.try_wait().expect("a child") {
            break status;
        }
        assert!(Instant::now() < deadline, "it goes on");
        std::thread::sleep(Duration::from_millis(20));
    };
    assert!(status.success(), "{status}");
}

#[test]
fn a_temporary_folder_that_is_missing_or_has_a_long_path_is_not_used() {
    let sandbox = sandbox();
    let long = sandbox.path("l".repeat(120));
    std::fs::create_dir(&long).expect("a folder");
    for folder in [long, sandbox.path("missing")] {
        let mut command = command(&sandbox, &[]);
        command.env("TMPDIR", &folder);
        let (server, address) = start_command(&mut command);
        answers(&server, &address, "one");
        assert!(server.stop("-TERM").success());
    }
}

#[test]
fn without_cargo_it_ends_with_the_reason() {
    let sandbox = sandbox();
    let mut command = sandbox.command(["runserver", "0"]);
    command
        .env_remove("CARGO")
        .env("PATH", sandbox.path("nothing"));
    crate::common::Outcome::of(&mut command)
        .code(1)
        .stderr_has("cargo was not found")
        .stderr_has("https://rustup.rs");
}
