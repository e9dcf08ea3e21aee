//! `luthier demo` without the site: `generated` serves it.

use crate::common::Sandbox;

#[test]
fn the_demo_is_the_walk_through_with_books() {
    let mut sandbox = Sandbox::new();
    // A database that the environment names is left alone.
    let other = sandbox.path("other.sqlite3");
    let mut command = sandbox.command(["demo", "--no-serve"]);
    command.env(
        "DATABASE_URL",
        format!("sqlite://{}?mode=rwc", other.display()),
    );
    let made = crate::common::Outcome::of(&mut command).success();
    made.stderr_has("luthier startproject bookstore")
        .stderr_has("luthier startmodel books Book title:string(200)")
        .stderr_has("8 books")
        .stderr_lacks("create");
    assert!(!other.exists());

    sandbox.cd("bookstore");
    assert!(sandbox.exists("db.sqlite3"));
    sandbox.run(["makemigrations", "--check"]).success();
    sandbox.run(["migrate", "--check"]).success();
}

#[test]
fn a_demo_is_used_again_and_finished_when_it_was_cut_short() {
    let sandbox = Sandbox::new();
    sandbox.run(["startproject", "bookstore", "shop"]).success();
    sandbox
        .run(["demo", "shop", "--no-serve"])
        .success()
        .stderr_has("Using")
        .stderr_has("luthier startapp books")
        .stderr_has("8 books");
    let before = sandbox.snapshot("shop");
    sandbox
        .run(["demo", "shop", "--no-serve"])
        .success()
        .stderr_lacks("startapp")
        .stderr_lacks("8 books");
    sandbox
        .run(["demo", "shop/../shop", "--no-serve"])
        .success();
    assert_eq!(sandbox.snapshot("shop"), before);
}

#[test]
fn what_is_not_the_demo_is_left_alone() {
    let sandbox = Sandbox::new();
    sandbox.write("bookstore/notes.txt", "mine");
    let elsewhere = sandbox.run(["demo", "--no-serve"]).code(2);
    elsewhere
        .stderr_has("is not empty, and not with the demo")
        .stderr_has("luthier demo DIR");
    assert_eq!(sandbox.files(""), ["bookstore/notes.txt"]);

    sandbox.run(["startproject", "shop"]).success();
    let before = sandbox.snapshot("shop");
    sandbox.run(["demo", "shop", "--no-serve"]).code(2);
    assert_eq!(sandbox.snapshot("shop"), before);
}

#[test]
fn a_taken_port_is_told_before_anything_is_made() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    let sandbox = Sandbox::new();
    sandbox
        .run(["demo", "--port", &address])
        .code(1)
        .stderr_has("already listens")
        .stderr_has("`luthier demo --port ");
    assert!(sandbox.files("").is_empty());
}
