//! `luthier startviews` and `startmodel --pages`: what they make, where they make it known, what they refuse.

use crate::common::{Outcome, Sandbox};

fn project(options: &[&str]) -> Sandbox {
    let mut sandbox = Sandbox::new();
    sandbox
        .run([&["startproject", "bookstore", "--no-git"], options].concat())
        .success();
    sandbox.cd("bookstore");
    sandbox.run(["startapp", "books"]).success();
    sandbox
}

/// Runs `luthier` with the words of `line`.
fn luthier(sandbox: &Sandbox, line: &str) -> Outcome {
    sandbox.run(line.split(' '))
}

const BOOK: &str = "startmodel books Book title:string(200) author:string(100)";
const VIEWS: &str = "apps/books/src/views/book.rs";
const LIST: &str = "apps/books/templates/books/book/list.html";

#[test]
fn a_model_with_pages_is_that_model_and_then_its_pages() {
    let together = project(&[]);
    luthier(&together, &format!("{BOOK} --pages"))
        .success()
        .stderr_has(&format!("create  {VIEWS}"))
        .stderr_has("Its pages are at /books");
    let urls = together.read("apps/books/src/urls.rs");
    assert!(
        urls.contains("\n        .nest(\"/books\", crate::views::book::router())"),
        "{urls}"
    );
    let apart = project(&[]);
    luthier(&apart, BOOK).success();
    luthier(&apart, "startviews books Book").success();
    assert_eq!(apart.snapshot("apps"), together.snapshot("apps"));
    assert_eq!(apart.read("Cargo.lock"), together.read("Cargo.lock"));
}

#[test]
fn the_same_again_changes_nothing_and_edits_stay() {
    let sandbox = project(&[]);
    luthier(&sandbox, &format!("{BOOK} --pages")).success();
    let before = sandbox.snapshot("");
    for line in ["startviews books Book", &format!("{BOOK} --pages"), BOOK] {
        luthier(&sandbox, line)
            .success()
            .stderr_lacks("create")
            .stderr_lacks("edit ");
        assert_eq!(sandbox.snapshot(""), before, "{line}");
    }
    sandbox.write(LIST, "{# mine #}\n");
    let form = sandbox.path("apps/books/templates/books/book/form.html");
    std::fs::remove_file(form).expect("it is there");
    luthier(&sandbox, "startviews books Book")
        .success()
        .stderr_has("create  apps/books/templates/books/book/form.html")
        .stderr_has(&format!("{LIST} is not what this command makes: it stays"));
    assert_eq!(sandbox.read(LIST), "{# mine #}\n");
}

#[test]
fn a_dry_run_touches_nothing() {
    let sandbox = project(&[]);
    luthier(&sandbox, BOOK).success();
    let before = sandbox.snapshot("");
    luthier(&sandbox, "startviews books Book --dry-run")
        .success()
        .stdout_has(&format!("create  {VIEWS}"))
        .stdout_has("+        .nest(\"/books\", crate::views::book::router())");
    assert_eq!(sandbox.snapshot(""), before);
}

#[test]
fn what_can_have_no_pages_is_refused() {
    let sandbox = project(&[]);
    luthier(&sandbox, BOOK).success();
    luthier(&sandbox, "startmodel books Note text:text --no-api").success();
    luthier(&sandbox, "startmodel books Tag name:slug").success();
    let api = sandbox.read("apps/books/src/api/tag.rs");
    let private = api.replace("pub(crate) async fn create(", "async fn create(");
    sandbox.write("apps/books/src/api/tag.rs", private);
    let before = sandbox.snapshot("");
    for (line, said) in [
        ("startviews book Book", "did you mean `books`?"),
        ("startviews books Bok", "did you mean `Book`?"),
        ("startviews books Note", "`books.Note` has no API"),
        (
            "startviews books Tag",
            "its handler `create` is private; write `pub(crate) async fn create(`",
        ),
        (
            "startmodel books Page name:text --route account --pages",
            "`/api/account` is where people sign in",
        ),
        (
            "startmodel books Page name:text --route static --pages",
            "`/static`: that is an address of the site itself",
        ),
        (
            "startmodel books Page name:text --no-api --pages",
            "cannot be used with",
        ),
    ] {
        luthier(&sandbox, line).code(2).stderr_has(said);
        assert_eq!(sandbox.snapshot(""), before, "{line}");
    }
    let urls = sandbox.read("src/urls.rs");
    let taken = urls.replace(
        ".route(\"/\", get(welcome))",
        ".route(\"/\", get(welcome)).route(\"/books/{id}\", get(welcome))",
    );
    sandbox.write("src/urls.rs", taken);
    luthier(&sandbox, "startviews books Book")
        .code(2)
        .stderr_has("`/books` is an address already: src/urls.rs has get(welcome) there");
}

#[test]
fn pages_need_no_users() {
    let sandbox = project(&["--set", "accounts=false"]);
    luthier(&sandbox, &format!("{BOOK} --pages")).success();
    let views = sandbox.read(VIEWS);
    assert!(
        !views.contains("ser:") && !views.contains("accounts"),
        "{views}"
    );
}
