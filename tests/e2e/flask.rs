//! The `flask` pack: what can be told without installing Flask, and the walk-through with it.

use super::django::{BOOK, bookstore_from};
use super::python_api::{curl, fuzz_leniently, hostile_bodies, hostile_queries};
use crate::common::running::Running;
use crate::common::servers::validators;
use crate::common::{Outcome, Sandbox};

/// A project `bookstore` of this pack.
pub(super) fn bookstore(args: &[&str]) -> Sandbox {
    bookstore_from("flask", args)
}

#[test]
fn apps_and_models_are_made_once_in_hand_edited_files() {
    let sandbox = bookstore(&[]);
    let site = sandbox.read("app/__init__.py");
    let edited = site.replace(
        "    \"app.pages:blueprint\",\n",
        "    'app.pages:blueprint',  # the first page\n",
    );
    sandbox.write("app/__init__.py", &edited);
    sandbox.run(["startapp", "books"]).success();
    assert_eq!(
        sandbox.read("app/__init__.py"),
        edited.replace(
            "docs:assets\",\n",
            "docs:assets\",\n    \"app.books.urls:api\",\n"
        )
    );
    let author = ["startmodel", "books", "Author", "name:string(100)"];
    sandbox.run(author).success();
    let models = sandbox.read("app/books/models.py");
    sandbox.write("app/books/models.py", format!("{models}\n\n# mine\n"));
    sandbox
        .run(BOOK)
        .success()
        .stderr_has("Everybody reads and writes (--access public)");
    let models = sandbox.read("app/books/models.py");
    let imports = "import datetime as dt\n\nimport sqlalchemy as sa\nfrom sqlalchemy.orm import Mapped, mapped_column\n\nfrom app.database import db\n";
    assert!(
        models.contains(imports) && models.contains("# mine\n"),
        "{models}"
    );
    let urls = sandbox.read("app/books/urls.py");
    assert!(
        urls.ends_with(
            "api.add(\"authors\", views.AuthorView)\napi.add(\"books\", views.BookView)\n"
        ),
        "{urls}"
    );
    let own = |sandbox: &Sandbox| -> Vec<_> {
        let files = sandbox.snapshot("").into_iter();
        files
            .filter(|(path, _)| !path.starts_with(".luthier"))
            .collect()
    };
    let before = own(&sandbox);
    for args in [&["startapp", "books"][..], &author, &BOOK] {
        sandbox.run(args).success();
    }
    assert_eq!(own(&sandbox), before);
}

#[test]
fn what_cannot_be_made_is_said_before_anything_is_written() {
    let sandbox = Sandbox::new();
    for name in ["email", "flask", "class", "Shop"] {
        let refused = sandbox.run(["startproject", name, "--scaffold", "flask"]);
        refused.code(2).stderr_has("cannot name a project");
    }
    assert!(sandbox.files("").is_empty());
    let sandbox = bookstore(&[]);
    sandbox.run(["startapp", "books"]).success();
    let before = sandbox.snapshot("");
    for name in ["test", "api", "settings", "lambda", "my-app", "sqlalchemy"] {
        let refused = sandbox.run(["startapp", name]);
        refused.code(2).stderr_has("cannot name an app");
    }
    let model = |words: &[&str]| sandbox.run(["startmodel", "books", "Book"].iter().chain(words));
    model(&["title:text", "--access", "staff"])
        .code(2)
        .stderr_has("public until you add a sign-in");
    model(&["tags:many(books.Tag)"])
        .code(2)
        .stderr_has("two `ref` fields");
    model(&["to:ref(a.B)"])
        .code(2)
        .stderr_has("there is no model `a.B`");
    sandbox
        .run(["startmodel", "books", "Decimal", "title:text"])
        .code(2)
        .stderr_has("try `DecimalRecord`");
    sandbox
        .run(["startmodel", "nope", "Book", "title:text"])
        .code(2)
        .stderr_has("there is no app `nope`");
    assert_eq!(sandbox.snapshot(""), before);

    // A list that is computed is its owner's to change.
    let site = sandbox.read("app/__init__.py");
    let computed = site.replace("BLUEPRINTS = [", "BLUEPRINTS = found() + [");
    sandbox.write("app/__init__.py", computed);
    let before = sandbox.snapshot("");
    sandbox
        .run(["startapp", "shop"])
        .code(1)
        .stderr_has("BLUEPRINTS += [\"app.shop.urls:api\"]");
    assert_eq!(sandbox.snapshot(""), before);
}

#[test]
fn the_walk_through_ends_in_an_api_that_nothing_breaks() {
    let Some(tools) = validators() else { return };
    let sandbox = bookstore(&[]);
    let path = std::env::var("PATH").unwrap_or_default();
    let luthier = |args: &[&str]| {
        let mut command = sandbox.command(args);
        command.env("PATH", format!("{}:{path}", tools.display()));
        command
    };
    let run = |args: &[&str]| Outcome::of(&mut luthier(args)).success();
    run(&["startapp", "books"]);
    run(&BOOK);
    run(&[
        "startmodel",
        "books",
        "Review",
        "book:ref(books.Book)",
        "stars:int",
        "price:decimal(10,2)=9.90",
        "status:enum(draft,sold-out)=draft",
        "made:datetime=now",
        "read:datetime?",
        "at:time?",
        "more:json?",
        "uuid:uuid?",
    ]);
    run(&["makemigrations", "-m", "books"]);
    run(&["migrate"]);
    run(&["makemigrations"]).stderr_has("No changes detected.");
    run(&["test"]).stdout_has("passed");
    let ruff = |args: &[&str]| {
        let mut uv = std::process::Command::new(tools.join("uv"));
        uv.args(["run", "--quiet", "ruff"]).args(args);
        Outcome::of(uv.current_dir(sandbox.path(""))).success()
    };
    ruff(&["check", "."]);
    ruff(&["format", "--check", "."]);
    Outcome::of(&mut luthier(&["no-such-verb"]))
        .code(2)
        .stderr_has("No such command");

    let server = Running::start(&mut luthier(&["-v", "runserver", "0"]));
    let heard = server.says("Ctrl-C stops", 1);
    let (_, url) = heard.split_once("Serving  http://").expect("a URL");
    let url = format!("http://{}", url.split('/').next().unwrap_or_default());
    let books = format!("{url}/api/books");
    hostile_bodies(&books, &[]);
    let get = |path: &str| curl(&format!("{url}{path}"), &["-X", "GET"], b"");
    for path in ["/healthz", "/readyz", "/api/docs", "/api/openapi.json", "/"] {
        assert!(get(path).starts_with("200"), "{path}: {}", get(path));
    }
    for path in [
        "/api/books/",
        "/api/books?search=emma&ordering=-title&page_size=1&isbn=1",
    ] {
        let answer = get(path);
        assert!(
            answer.starts_with("200") && answer.contains("\"count\":1"),
            "{path}: {answer}"
        );
    }
    let digits = format!("/api/books/{}", "9".repeat(3_000));
    for path in [
        "/api/books/99999999999999999999999",
        "/api/books/x",
        "/api/nowhere",
        &digits,
    ] {
        assert!(
            get(path).starts_with("404 application/problem+json"),
            "{path}"
        );
    }
    hostile_queries(&books);
    let reviews = format!("{url}/api/reviews");
    let json = ["-H", "Content-Type: application/json"];
    for (body, status) in [
        (r#"{"book_id":1,"stars":5}"#, "201"),
        (r#"{"book_id":7,"stars":5}"#, "422"),
        (r#"{"book_id":1,"stars":2147483648}"#, "422"),
        (r#"{"book_id":1,"stars":"5"}"#, "422"),
        (
            r#"{"book_id":1,"stars":5,"read":"0001-01-01T00:00:00+10:00"}"#,
            "422",
        ),
        (r#"{"book_id":1,"stars":5,"price":"1e400"}"#, "422"),
        (r#"{"book_id":1,"stars":5,"status":"gone"}"#, "422"),
    ] {
        let answer = curl(&reviews, &json, body.as_bytes());
        assert!(answer.starts_with(status), "{body}: {answer}");
    }
    let delete = curl(&format!("{books}/1"), &["-X", "DELETE"], b"");
    assert!(delete.starts_with("409"), "{delete}");
    let change = ["-X", "PATCH", json[0], json[1]];
    let answer = curl(&format!("{reviews}/1"), &change, br#"{"stars":3}"#);
    assert!(
        answer.starts_with("200") && answer.contains("\"price\":\"9.90\""),
        "{answer}"
    );

    fuzz_leniently(&url, &[]);

    let fork_server = forked_versions(&sandbox, &server, &|| get("/api/books"));
    assert!(server.stop("-TERM").success());
    let runs = || std::fs::exists(format!("/proc/{fork_server}")).is_ok_and(|exists| exists);
    for _ in 0..100 {
        if runs() {
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
    }
    assert!(!runs(), "the fork server is left");
}

/// Later versions are forked, and what cannot be imported does not take over. Returns the fork server's process.
fn forked_versions(sandbox: &Sandbox, server: &Running, get: &dyn Fn() -> String) -> String {
    server.says("the fork server is ready", 1);
    let page = sandbox.read("app/templates/welcome.html");
    let save = |text: &str| sandbox.write("app/templates/welcome.html", text);
    save(&format!("{page}\n"));
    server.says("templates are compiled as they change", 1);
    let lines = page.lines().count() + 1;
    save(&format!("{page}{{% nonsense %}}\n"));
    server.says(
        &format!("app/templates/welcome.html:{lines}: TemplateSyntaxError: "),
        1,
    );
    save(&page);
    server.says("Fixed  app/templates/welcome.html", 1);

    let views = sandbox.read("app/books/views.py");
    let edited = views.replace("\"title\", \"author\", \"publication_date\"", "\"author\"");
    assert_ne!(edited, views);
    sandbox.write("app/books/views.py", &edited);
    let heard = server.says("generation 2", 1);
    let heard = heard.rsplit("Listening at").next().unwrap_or_default();
    let pid = heard.split(['(', ')']).nth(1).expect("gunicorn's process");
    let parent = |pid: &str| {
        let status = std::fs::read_to_string(format!("/proc/{pid}/status")).expect("a process");
        let line = status.lines().find_map(|line| line.strip_prefix("PPid:"));
        line.expect("a parent").trim().to_owned()
    };
    let fork_server = parent(pid);
    let command = std::fs::read_to_string(format!("/proc/{fork_server}/cmdline"));
    let command = command.expect("a process");
    assert!(command.contains("then forks a process"), "{command}");
    assert!(get().starts_with("200"));

    sandbox.write("app/books/views.py", format!("{views}\n\nmissing\n"));
    let heard = server.says("still serving the previous version", 1);
    assert!(
        heard.contains("NameError: name 'missing' is not defined"),
        "{heard}"
    );
    assert!(get().starts_with("200"));
    sandbox.write("app/books/views.py", views);
    server.says("generation 4", 1);
    assert!(get().starts_with("200"));
    // A model that no migration makes is no reason not to serve.
    let models = sandbox.read("app/books/models.py");
    let field = "    title: Mapped[str]";
    let extra = format!("    extra: Mapped[str | None] = mapped_column(sa.String(9))\n{field}");
    let edited = models.replacen(field, &extra, 1);
    assert_ne!(edited, models);
    sandbox.write("app/books/models.py", edited);
    server.says(
        "models of books_book without a migration: `luthier makemigrations`",
        1,
    );
    fork_server
}
