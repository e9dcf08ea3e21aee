//! `luthier startapp`: what it makes, where it makes it known, what it refuses.

use crate::common::Sandbox;

/// A sandbox inside a fresh project called bookstore.
fn project() -> Sandbox {
    let mut sandbox = Sandbox::new();
    sandbox
        .run([
            "startproject",
            "bookstore",
            "--no-git",
            "--set",
            "accounts=false",
        ])
        .success();
    sandbox.cd("bookstore");
    sandbox
}

/// Every file under `folder`, one after the other.
fn listing(sandbox: &Sandbox, folder: &str) -> String {
    let files = sandbox.files(folder).into_iter();
    let shown = files.map(|path| {
        let text = sandbox.read(format!("{folder}/{path}"));
        format!("==> {path} <==\n{text}")
    });
    shown.collect::<Vec<_>>().join("\n")
}

#[test]
fn every_file_of_an_app_is_as_reviewed() {
    let sandbox = project();
    sandbox.run(["startapp", "books"]).success();
    insta::assert_snapshot!("books", listing(&sandbox, "apps/books"));
    sandbox
        .run(["startapp", "customer_subscriptions"])
        .success();
    insta::assert_snapshot!(
        "customer_subscriptions",
        listing(&sandbox, "apps/customer_subscriptions")
    );
}

#[test]
fn an_app_is_made_known_everywhere() {
    let sandbox = project();
    sandbox.run(["startapp", "books"]).success();
    sandbox.run(["startapp", "authors"]).success();
    let cargo = sandbox.read("Cargo.toml");
    assert!(
        cargo.contains("members = [\"platform\", \"apps/books\", \"apps/authors\"]\n"),
        "{cargo}"
    );
    assert!(
        cargo.contains(
            "# Members of this workspace\n\
             authors = { path = \"apps/authors\" }\n\
             books = { path = \"apps/books\" }\n\
             platform = { path = \"platform\" }\n"
        ),
        "{cargo}"
    );
    assert!(
        cargo.contains("authors.workspace = true\naxum.workspace = true\nbooks.workspace = true\n"),
        "{cargo}"
    );
    assert!(
        sandbox
            .read("luthier.toml")
            .contains("apps = [\"books\", \"authors\"]\n")
    );
    insta::assert_snapshot!("urls", sandbox.read("src/urls.rs"));
}

#[test]
fn a_second_run_changes_nothing() {
    let sandbox = project();
    sandbox.run(["startapp", "books"]).success();
    let before = sandbox.snapshot("");
    sandbox
        .run(["startapp", "books"])
        .success()
        .stderr_has("identical  apps/books/src/urls.rs")
        .stderr_has("identical  src/urls.rs")
        .stderr_lacks("create")
        .stderr_lacks("edit");
    assert_eq!(sandbox.snapshot(""), before);
}

#[test]
fn a_dry_run_shows_everything_and_touches_nothing() {
    let sandbox = project();
    let before = sandbox.snapshot("");
    sandbox
        .run(["startapp", "books", "--dry-run"])
        .success()
        .stdout_has("create  apps/books/src/urls.rs")
        .stdout_has("+        .merge(books::urls::router())");
    assert_eq!(sandbox.snapshot(""), before);
}

#[test]
fn an_app_that_is_there_is_never_made_again() {
    let sandbox = project();
    sandbox.run(["startapp", "books"]).success();
    sandbox.write("apps/books/src/urls.rs", "// Mine.\n");
    let before = sandbox.snapshot("");
    sandbox
        .run(["startapp", "books"])
        .code(2)
        .stderr_has(
            "the app `books` is there already, and apps/books/src/urls.rs has changed since",
        )
        .stderr_has("luthier startmodel books MODEL FIELD");
    sandbox
        .run(["startapp", "Books"])
        .code(2)
        .stderr_has("`Books` cannot name an app");
    assert_eq!(sandbox.snapshot(""), before);
    sandbox.write("apps/tags/src/lib.rs", "// Mine.\n");
    sandbox.run(["startapp", "tags"]).code(2).stderr_has(
        "apps/tags/src/lib.rs is there already, although luthier.toml lists no app `tags`",
    );
}

#[test]
fn names_that_would_hide_something_are_refused() {
    let sandbox = project();
    let before = sandbox.snapshot("");
    for (name, reason) in [
        ("axum", "it would hide `axum`"),
        ("bookstore", "it is the project's own name"),
        ("platform", "it would hide `platform`"),
        ("urls", "it would hide `urls`"),
        ("admin", "`admin` is what the feature `admin` brings"),
        ("healthz", "`/healthz` is an address of the site itself"),
        ("docs", "src/urls.rs imports something else by that name"),
        ("static", "`static` is a Rust keyword"),
        ("../books", "it is a path"),
        ("", "it is empty"),
    ] {
        sandbox.run(["startapp", name]).code(2).stderr_has(reason);
    }
    assert_eq!(sandbox.snapshot(""), before);
}

#[test]
fn outside_a_project_it_says_how_to_make_one() {
    Sandbox::new()
        .run(["startapp", "books"])
        .code(2)
        .stderr_has("luthier startproject NAME");
}

#[test]
fn files_that_people_have_edited_keep_every_line() {
    let sandbox = project();
    let urls = r#"//! My own routes.
use platform::{docs, Site, templates::Templates}; use utoipa_axum::router::OpenApiRouter;

pub fn templates() -> Templates { Templates::default() } // nothing yet
/* fn router() {} */
#[rustfmt::skip]
pub fn router() -> OpenApiRouter<Site> {
  let site = OpenApiRouter::with_openapi(docs::api("Mine", "1")) // with docs
    // .merge(books::urls::router())
    .merge(old::router()); // kept
  site
}"#
    .replace('\n', "\r\n");
    let cargo = sandbox.read("Cargo.toml").replace(
        "members = [\"platform\"]",
        "members = [ # all of them\n  \"platform\", # shared\n  'apps/*'\n]",
    );
    sandbox.write("src/urls.rs", urls);
    sandbox.write("Cargo.toml", &cargo);
    sandbox.run(["startapp", "books"]).success();
    insta::assert_snapshot!(
        "edited_urls",
        sandbox.read("src/urls.rs").replace('\r', "␍")
    );
    assert!(
        sandbox
            .read("Cargo.toml")
            .contains("members = [ # all of them\n  \"platform\", # shared\n  'apps/*'\n]")
    );
    sandbox
        .run(["startapp", "books"])
        .success()
        .stderr_lacks("edit");
}

#[test]
fn a_lost_shape_fails_with_the_line_to_add_and_then_accepts_it() {
    let sandbox = project();
    let urls = sandbox.read("src/urls.rs");
    let mine = urls.replace("pub fn router()", "pub fn my_router()");
    sandbox.write("src/urls.rs", &mine);
    let before = sandbox.snapshot("");
    sandbox
        .run(["startapp", "books"])
        .code(1)
        .stderr_has("src/urls.rs cannot be edited: there is no function `router`")
        .stderr_has("    .merge(books::urls::router())\n")
        .stderr_has("run the same command again");
    assert_eq!(sandbox.snapshot(""), before);
    sandbox.write(
        "src/urls.rs",
        mine.replace(
            "get(welcome))",
            "get(welcome)).merge(books::urls::router())",
        ),
    );
    sandbox.run(["startapp", "books"]).success();
    assert!(sandbox.exists("apps/books/src/lib.rs"));
}
