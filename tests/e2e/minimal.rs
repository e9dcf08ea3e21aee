//! The `minimal` pack: one file, read in five minutes, that grows by modules.

use std::path::PathBuf;
use std::process::Command;

use super::runserver::site::{answers, start_command};
use crate::common::{Outcome, Sandbox, forget_cargo};

fn notes(answers: &[&str]) -> Sandbox {
    let mut sandbox = Sandbox::new();
    let project = ["startproject", "my-notes", "--scaffold", "minimal"];
    let answers = answers.iter().flat_map(|answer| ["--set", answer]);
    sandbox
        .run(project.into_iter().chain(answers).chain(["--no-git"]))
        .success()
        .stderr_has("luthier startapp books");
    sandbox.cd("my-notes");
    sandbox
}

/// One folder of results for every project of this pack and of `static`.
pub(super) fn cargo(sandbox: &Sandbox, args: &[&str]) -> Outcome {
    let mut cargo = Command::new("cargo");
    forget_cargo(&mut cargo);
    cargo
        .args(args)
        .current_dir(sandbox.root())
        .env("CARGO_TARGET_DIR", target())
        .env("CARGO_INCREMENTAL", "0");
    Outcome::of(&mut cargo)
}

pub(super) fn target() -> PathBuf {
    std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("minimal")
}

#[test]
fn it_is_small_builds_as_it_is_and_takes_modules() {
    for pages in [true, false] {
        let sandbox = notes(&[&format!("pages={pages}")]);
        let lines = sandbox.read("src/main.rs").lines().count();
        assert!(lines <= 90, "{lines} lines with pages={pages}");
        assert_eq!(sandbox.exists("templates"), pages);
        let packages = sandbox.read("Cargo.lock").matches("[[package]]").count();
        assert!(packages <= 78, "{packages} packages with pages={pages}");
        sandbox.run(["startapp", "book_lists"]).success();
        let main = sandbox.read("src/main.rs");
        assert!(main.contains("mod book_lists;\n"), "{main}");
        assert!(
            main.contains("        .merge(book_lists::urls::router())\n        .fallback("),
            "{main}"
        );
        let before = sandbox.snapshot("src");
        sandbox.run(["startapp", "book_lists"]).success();
        assert_eq!(sandbox.snapshot("src"), before);
        cargo(&sandbox, &["fmt", "--check"]).success();
        cargo(&sandbox, &["test", "--locked"]).success();
    }
}

#[test]
fn it_is_served_and_shipped_and_has_no_models() {
    let sandbox = notes(&[]);
    sandbox.run(["startapp", "books"]).success();
    let mut command = sandbox.command(["runserver", "0"]);
    let (server, address) = start_command(command.env("CARGO_TARGET_DIR", target()));
    answers(&server, &address, "My Notes is up");
    let main = sandbox.read("src/main.rs");
    sandbox.write("src/main.rs", main.replace("My Notes is up", "edited"));
    answers(&server, &address, "edited");
    assert!(server.stop("-TERM").success());

    sandbox
        .run(["startmodel", "books", "Book", "title:text"])
        .code(2)
        .stderr_has("made without a database")
        .stderr_has("--scaffold minimal --set database=true")
        .stderr_has("--scaffold web");
    for command in ["compose", "kubernetes", "systemd"] {
        sandbox
            .run([command])
            .code(2)
            .stderr_has("this site has no database");
    }
    sandbox.run(["dockerfile"]).success();
    let dockerfile = sandbox.read("Dockerfile");
    assert!(dockerfile.contains("FROM scratch\n"), "{dockerfile}");
    for name in ["main", "tests", "test", "healthz", "get"] {
        sandbox.run(["startapp", name]).code(2);
    }
    let before = sandbox.read("src/main.rs");
    sandbox.write("src/main.rs", before.replace("fn router(", "fn routes("));
    sandbox
        .run(["startapp", "more"])
        .code(1)
        .stderr_has(".merge(more::urls::router())");
    assert!(!sandbox.exists("src/more"));
}

const AUTHOR: [&str; 4] = ["startmodel", "people", "Author", "name:string(100):unique"];

/// A field of every type, with references within the app and beyond it.
const BOOK: [&str; 23] = [
    "startmodel",
    "books",
    "Book",
    "title:string(200)",
    "isbn:string(20)?:unique",
    "summary:text?",
    "pages:int=1",
    "sold:bigint=0",
    "rank:smallint?",
    "weight:float?",
    "score:double?",
    "price:decimal(10,2)=9.90",
    "available:bool=true",
    "released:date?",
    "opens:time?",
    "made:datetime=now",
    "key:uuid?",
    "type:json?",
    "contact:email?",
    "website:url?",
    "slug:slug?",
    "status:enum(draft,in-stock)=draft",
    "author:ref(people.Author,on_delete=cascade)?",
];

const REVIEW: [&str; 6] = [
    "startmodel",
    "books",
    "Review",
    "stars:int",
    "book:ref(books.Book)",
    "answers:ref(books.Review)?",
];

/// Every file but Luthier's own records.
fn files(sandbox: &Sandbox) -> Vec<(PathBuf, Vec<u8>)> {
    let files = sandbox.snapshot("").into_iter();
    files
        .filter(|(path, _)| !path.starts_with(".luthier"))
        .collect()
}

#[test]
fn with_a_database_a_model_is_one_more_module() {
    let sandbox = notes(&["database=true"]);
    for app in ["people", "books"] {
        sandbox.run(["startapp", app]).success();
    }
    sandbox
        .run(["startmodel", "books", "Review", "book:ref(books.Book)"])
        .code(2)
        .stderr_has("there is no model `books.Book`");
    sandbox
        .run(AUTHOR)
        .success()
        .stderr_has("Then it is at /api/authors. Everybody reads and writes.");
    // What its owner has changed stays.
    let urls = sandbox.read("src/books/urls.rs");
    let edited = urls.replace("    Router::new()", "    // The first.\n    Router::new()");
    sandbox.write("src/books/urls.rs", &edited);
    sandbox.run(BOOK).success();
    sandbox.run(REVIEW).success();
    let urls = sandbox.read("src/books/urls.rs");
    assert!(
        urls.contains("// The first.\n")
            && urls.contains(".merge(super::book::router())")
            && urls.contains(".merge(super::review::router())"),
        "{urls}"
    );
    let before = files(&sandbox);
    for args in [&["startapp", "books"][..], &AUTHOR, &BOOK, &REVIEW] {
        let again = sandbox.run(args);
        match args[0] {
            // Its urls.rs is its owner's by now.
            "startapp" => again.code(2),
            _ => again.success(),
        };
    }
    assert_eq!(files(&sandbox), before);
    for (args, expected) in [
        (&["books", "Urls", "a:int"][..], "try `UrlsRecord`"),
        (&["books", "Tag", "a:many(books.Book)"], "two `ref` fields"),
        (&["books", "Tag", "a:bytes"], "keeps no bytes"),
        (
            &["books", "Tag", "a:int", "--access", "staff"],
            "has no users",
        ),
        (
            &["books", "Tag", "a:int", "--pages"],
            "has no pages of models",
        ),
        (&["bools", "Tag", "a:int"], "did you mean `books`?"),
        (
            &["books", "Tag", "a:int", "--route", "reviews"],
            "is an address of src/books/review.rs",
        ),
    ] {
        let refused = sandbox.run(["startmodel"].iter().chain(args));
        refused.code(2).stderr_has(expected);
    }
    assert_eq!(files(&sandbox), before);
    sandbox.run(["makemigrations", "-m", "first"]).success();
    let sql: Vec<String> = sandbox.files("migrations/sqlite");
    let sql = sql.iter().find(|file| file.ends_with(".up.sql"));
    let sql = sandbox.read(format!("migrations/sqlite/{}", sql.expect("a migration")));
    for table in ["authors", "books", "reviews"] {
        assert!(sql.contains(&format!("CREATE TABLE \"{table}\"")), "{sql}");
    }
    sandbox.run(["migrate"]).success();
    sandbox.run(["makemigrations", "--check"]).success();
}

#[test]
fn with_a_database_it_is_tested_served_and_shipped() {
    let sandbox = notes(&["pages=true", "database=true"]);
    let lines = sandbox.read("src/main.rs").lines().count();
    assert!(lines <= 90, "{lines} lines");
    for app in ["people", "books"] {
        sandbox.run(["startapp", app]).success();
    }
    for args in [&AUTHOR[..], &BOOK, &REVIEW] {
        sandbox.run(args).success();
    }
    sandbox.run(["makemigrations", "-m", "first"]).success();
    cargo(&sandbox, &["fmt", "--check"]).success();
    cargo(&sandbox, &["test", "--locked"]).success();
    // What is compiled, for one system; the lock file lists other drivers and systems, too.
    let tree = [
        "tree",
        "--locked",
        "--edges",
        "normal,build",
        "--prefix",
        "none",
        "--no-dedupe",
    ];
    let tree = cargo(&sandbox, &tree).success().stdout;
    let crates: std::collections::BTreeSet<&str> = tree
        .lines()
        .filter_map(|line| line.split(" (").next())
        .collect();
    assert!(crates.len() <= 240, "{} crates", crates.len());

    let program = target().join("debug/my-notes");
    cargo(&sandbox, &["build", "--locked"]).success();
    let run = |word: &str| {
        let mut command = Command::new(&program);
        Outcome::of(command.arg(word).current_dir(sandbox.root()))
    };
    run("nonsense")
        .code(1)
        .stderr_has("there is no command `nonsense`");
    let mut command = sandbox.command(["runserver", "0"]);
    let (server, address) = start_command(command.env("CARGO_TARGET_DIR", target()));
    answers(&server, &address, "<!doctype html>");
    let url = |path: &str| format!("http://{address}{path}");
    let ask = |path: &str, body: &str| {
        let mut curl = Command::new("curl");
        curl.args(["--silent", "--write-out", " %{http_code}", &url(path)]);
        if !body.is_empty() {
            curl.args(["--json", body]);
        }
        Outcome::of(&mut curl).success().stdout
    };
    assert!(ask("/readyz", "").ends_with(" 503"));
    run("migrate").success().stdout_has("up to date");
    assert_eq!(ask("/readyz", ""), "ok\n 200");
    let made = ask("/api/authors", r#"{"name": "Jane Austen"}"#);
    assert_eq!(made, r#"{"id":1,"name":"Jane Austen"} 201"#);
    let emma = r#"{"title": "Emma", "author_id": 1, "price": "3.50", "status": "in-stock"}"#;
    let made = ask("/api/books", emma);
    assert!(
        made.ends_with(" 201") && made.contains(r#""price":"3.50""#),
        "{made}"
    );
    for (path, body, status) in [
        ("/api/authors", r#"{"name": "Jane Austen"}"#, 409),
        ("/api/books", r#"{"title": "Emma", "author_id": 9}"#, 409),
        ("/api/books", r#"{"title": ""}"#, 422),
        ("/api/books", r#"{"title": "a\u0000"}"#, 422),
        ("/api/books", r#"{"title": "\ud800"}"#, 400),
        ("/api/books", r#"{"title": "a", "pages": 99999999999}"#, 422),
        ("/api/books", r#"{"title": "a", "price": NaN}"#, 400),
        ("/api/books", r#"{"title": "a", "price": 1e40}"#, 422),
        ("/api/books", "[]", 422),
        ("/api/books", &"[".repeat(100_000), 400),
        (
            "/api/books",
            &format!(r#"{{"title": "a", "pages": {}}}"#, "9".repeat(5_000)),
            400,
        ),
        ("/api/books?page=0", "", 400),
        ("/api/books?page_size=1000", "", 400),
        ("/api/books?ordering=nothing", "", 400),
        ("/api/books?ordering=-title&page=1", "", 200),
        ("/api/books/nonsense", "", 404),
        ("/api/books/99", "", 404),
    ] {
        let answer = ask(path, body);
        assert!(
            answer.ends_with(&format!(" {status}")),
            "{path} {body:.60}: {answer}"
        );
    }
    let page = ask("/api/books?page_size=1", "");
    assert!(
        page.starts_with(r#"{"count":1,"next":null,"previous":null,"results":[{"id":1,"#),
        "{page}"
    );
    assert!(server.stop("-TERM").success());
    sandbox.run(["dockerfile"]).success();
    let dockerfile = sandbox.read("Dockerfile");
    for folder in ["migrations", "templates"] {
        assert!(dockerfile.contains(folder), "{dockerfile}");
    }
}
