//! The `django` pack: what can be told without installing Django, and the walk-through with it.

mod wiring;

use super::python_api::{curl, fuzz_leniently, hostile_bodies, hostile_queries};
use crate::common::fuzz::{SETTINGS, fuzz};
use crate::common::running::Running;
use crate::common::servers::validators;
use crate::common::{Outcome, Sandbox};

pub(super) const BOOK: [&str; 8] = [
    "startmodel",
    "books",
    "Book",
    "title:string(200)",
    "author:string(100)",
    "publication_date:date",
    "isbn:string(20)",
    "summary:text",
];

/// A project `bookstore` of this pack.
pub(super) fn bookstore() -> Sandbox {
    bookstore_from("django", &[])
}

/// A project `bookstore`, in a folder with a space and a letter beyond ASCII.
pub(super) fn bookstore_from(scaffold: &str, args: &[&str]) -> Sandbox {
    let mut sandbox = Sandbox::in_folder_with_prefix("my sité-");
    let start = ["startproject", "bookstore", "--scaffold", scaffold];
    sandbox
        .run([&start[..], &["--no-git"], args].concat())
        .success()
        .stderr_has("bookstore is ready");
    sandbox.cd("bookstore");
    sandbox
}

#[test]
fn names_that_python_or_the_project_uses_are_refused() {
    let sandbox = Sandbox::new();
    for name in ["email", "test", "django", "class", "Shop"] {
        let refused = sandbox.run(["startproject", name, "--scaffold", "django"]);
        refused.code(2).stderr_has("cannot name a project");
    }
    assert!(sandbox.files("").is_empty());
    let sandbox = bookstore();
    for name in [
        "test",
        "django",
        "lambda",
        "my-app",
        "bookstore",
        "tests",
        "rest_framework",
        "messages",
        "admin",
        "yaml",
    ] {
        sandbox
            .run(["startapp", name])
            .code(2)
            .stderr_has("cannot name an app");
    }
    sandbox.write("books/views.py", "mine\n");
    sandbox
        .run(["startapp", "books"])
        .code(2)
        .stderr_has("is there already");
    sandbox
        .run(["startmodel", "nope", "Book", "title:text"])
        .code(2)
        .stderr_has("there is no app `nope`");
    sandbox
        .run(["startmodel", "accounts", "Book", "save:text"])
        .code(2)
        .stderr_has("of their own");
    sandbox
        .run(["startmodel", "accounts", "Book", "to:ref(a.B)"])
        .code(2)
        .stderr_has("there is no model `a.B`");
    sandbox
        .run(["makemigrations", "--allow-drop"])
        .code(2)
        .stderr_has("asks itself");
}

#[test]
fn packs_are_listed_without_a_name() {
    let sandbox = Sandbox::new();
    let listed = sandbox.run(["startproject", "--list"]).success();
    listed
        .stdout_has("django ")
        .stdout_has("web ")
        .stdout_has("Python");
    let listed = sandbox.run(["startproject", "--list", "--json"]).success();
    let packs: serde_json::Value = serde_json::from_str(&listed.stdout).expect("JSON");
    let packs = packs.as_array().expect("a list");
    let django = packs
        .iter()
        .find(|pack| pack["name"] == "django")
        .expect("django is listed");
    assert_eq!(django["language"], "python");
    assert!(
        django["packages"].as_u64() > Some(10) && django["files"].as_u64() > Some(20),
        "{django}"
    );
    sandbox.run(["startproject", "--list", "shop"]).code(2);
    sandbox.run(["startproject"]).code(2);
}

#[test]
fn the_walk_through_ends_in_an_api_that_nothing_breaks() {
    let Some(tools) = validators() else { return };
    let sandbox = bookstore();
    let path = std::env::var("PATH").unwrap_or_default();
    let luthier = |args: &[&str]| {
        let mut command = sandbox.command(args);
        command.env("PATH", format!("{}:{path}", tools.display()));
        command
    };
    let run = |args: &[&str]| Outcome::of(&mut luthier(args)).success();
    run(&["startapp", "books"]);
    run(&BOOK);
    let review = [
        "startmodel",
        "books",
        "Review",
        "book:ref(books.Book,on_delete=cascade)",
        "stars:int",
        "--access",
        "owner",
    ];
    run(&review);
    run(&["makemigrations"]).stdout_has("Create model Book");
    run(&["migrate"]);
    run(&["test"]).stderr_has("OK");
    run(&["check"]);
    Outcome::of(&mut luthier(&["no-such-verb"]))
        .code(1)
        .stderr_has("Unknown command");

    let server = Running::start(&mut luthier(&["runserver", "0", "-v"]));
    let heard = server.says("Ctrl-C stops", 1);
    let (_, url) = heard.split_once("Serving  http://").expect("a URL");
    let url = format!("http://{}", url.split('/').next().unwrap_or_default());
    let books = format!("{url}/api/books");
    let json = ["-H", "Content-Type: application/json"];
    let post = |body: &[u8]| curl(&books, &json, body);
    assert!(post(b"{}").starts_with("401 application/problem+json"));

    let create = "from django.contrib.auth import get_user_model as u; u().objects.create_superuser('ada', password='correct horse battery')";
    run(&["shell", "-c", create]);
    let login = br#"{"username":"ada","password":"correct horse battery"}"#;
    let answer = curl(&format!("{url}/api/account/tokens"), &json, login);
    assert!(answer.starts_with("201"), "{answer}");
    let token = answer.split('"').nth(3).expect("a token");
    let bearer = format!("Authorization: Bearer {token}");
    hostile_bodies(&books, &["-H", &bearer]);
    for path in [
        "/api/books/",
        "/api/books?search=emma&ordering=-title&page_size=1",
    ] {
        let answer = curl(&format!("{url}{path}"), &["-X", "GET"], b"");
        assert!(
            answer.starts_with("200") && answer.contains("\"count\":1"),
            "{path}: {answer}"
        );
    }
    for path in [
        "/api/books/99999999999999999999999",
        "/api/books/x",
        "/api/nowhere",
    ] {
        assert!(
            curl(&format!("{url}{path}"), &["-X", "GET"], b"")
                .starts_with("404 application/problem+json")
        );
    }

    hostile_queries(&books);
    let phases = ["--phases", "coverage,fuzzing", "--max-examples", "10"];
    fuzz(&url, SETTINGS, &phases);
    let mut as_ada = vec!["--header", &bearer, "--exclude-method", "DELETE"];
    as_ada.extend(["--exclude-path", "/api/account/tokens"]);
    fuzz_leniently(&url, &as_ada);

    server.says("the fork server has read the settings", 1);
    // So is one that it meets only when a page needs a template.
    let page = sandbox.read("templates/welcome.html");
    let save = |text: &str| sandbox.write("templates/welcome.html", text);
    save(&format!("{page}\n"));
    server.says("templates are compiled as they change", 1);
    let lines = page.lines().count() + 1;
    save(&format!("{page}{{% load nonsense %}}\n"));
    let fault = format!(
        "templates/welcome.html:{lines}: TemplateSyntaxError: 'nonsense' is not a registered tag library; pages"
    );
    server.says(&fault, 1);
    save(&page.replace("\"base.html\"", "\"bare.html\""));
    server.says(
        "templates/welcome.html:1: TemplateDoesNotExist: bare.html",
        1,
    );
    save(&page);
    server.says("Fixed  templates/welcome.html", 1);
    assert!(curl(&url, &["-X", "GET"], b"").starts_with("200"));
    // A model that no migration makes is no reason not to serve.
    let models = sandbox.read("books/models.py");
    let field = "    title = models";
    let extra = format!("    extra = models.IntegerField(null=True)\n{field}");
    sandbox.write("books/models.py", models.replacen(field, &extra, 1));
    server.says(
        "models of books without a migration: `luthier makemigrations`",
        1,
    );
    run(&["makemigrations", "--name", "extra"]);
    server.says("books.0002_extra: `luthier migrate`", 1);
    run(&["migrate"]);

    // An error that Django meets only at its first request is found before the swap.
    let views = sandbox.read("books/views.py");
    sandbox.write("books/views.py", format!("{views}\n\nmissing\n"));
    let heard = server.says("still serving the previous version", 1);
    assert!(
        heard.contains("NameError: name 'missing' is not defined"),
        "{heard}"
    );
    assert!(curl(&books, &["-X", "GET"], b"").starts_with("200"));
    sandbox.write("books/views.py", views);
    server.says("generation 5", 1);
    sandbox.write("books/templatetags/wrong.py", "import no_such_module\n");
    let heard = server.says("still serving the previous version", 2);
    assert!(
        heard.contains("No module named 'no_such_module'"),
        "{heard}"
    );
    assert!(server.stop("-TERM").success());
}
