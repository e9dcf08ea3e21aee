//! `luthier startmodel`: what it makes, where it makes it known, what it refuses.

mod access;
mod refusals;

use crate::common::{Outcome, Sandbox};

/// A sandbox inside a fresh project called bookstore, with these apps and without users.
fn project(apps: &[&str]) -> Sandbox {
    made(apps, &["--set", "accounts=false"])
}

fn made(apps: &[&str], options: &[&str]) -> Sandbox {
    let mut sandbox = Sandbox::new();
    sandbox
        .run([&["startproject", "bookstore", "--no-git"], options].concat())
        .success();
    sandbox.cd("bookstore");
    for app in apps {
        sandbox.run(["startapp", app]).success();
    }
    sandbox
}

/// Runs `luthier startmodel` with the words of `line`.
fn startmodel(sandbox: &Sandbox, line: &str) -> Outcome {
    sandbox.run(["startmodel"].into_iter().chain(line.split(' ')))
}

const BOOK: &str = "books Book title:string(200) author:string(100) publication_date:date isbn:string(20):unique summary:text";

#[test]
fn a_model_is_made_and_made_known() {
    let sandbox = project(&["books"]);
    startmodel(&sandbox, BOOK)
        .success()
        .stderr_has("create  apps/books/src/models/book.rs")
        .stderr_has("edit  apps/books/src/models.rs")
        .stderr_has("luthier makemigrations && luthier migrate")
        .stderr_has("/api/books");
    startmodel(&sandbox, "books Author name:text --pk uuid").success();
    let read = |path: &str| format!("==> {path} <==\n{}", sandbox.read(path));
    let wired = [
        "apps/books/Cargo.toml",
        "apps/books/src/api.rs",
        "apps/books/src/models.rs",
    ]
    .map(read);
    insta::assert_snapshot!(wired.join("\n"));
    assert!(
        sandbox
            .read("Cargo.toml")
            .contains("uuid = { version = \"1\", features = [\"v7\"] }\n")
    );
    for file in ["models/author.rs", "api/author.rs"] {
        assert!(sandbox.exists(format!("apps/books/src/{file}")), "{file}");
    }
    assert!(sandbox.exists("apps/books/tests/author.rs"));
}

#[test]
fn a_dry_run_touches_nothing() {
    let sandbox = project(&["books"]);
    let before = sandbox.snapshot("");
    startmodel(&sandbox, &format!("{BOOK} --dry-run"))
        .success()
        .stdout_has("create  apps/books/tests/book.rs")
        .stdout_has("+pub mod book;")
        .stdout_has("+    OpenApiRouter::new().nest(\"/books\", book::router())");
    assert_eq!(sandbox.snapshot(""), before);
}

#[test]
fn without_an_api_there_is_only_the_table() {
    let sandbox = project(&["books"]);
    startmodel(
        &sandbox,
        "books Book title:text page:int cover:bytes --no-api",
    )
    .success()
    .stderr_lacks("/api")
    .stderr_lacks("filtered");
    let files = sandbox.files("apps/books");
    assert!(
        !files
            .iter()
            .any(|file| file.starts_with("tests/") || file.starts_with("src/api/")),
        "{files:?}"
    );
    let manifest = sandbox.read("apps/books/Cargo.toml");
    assert!(manifest.contains("sea-orm.workspace = true"), "{manifest}");
    assert!(!manifest.contains("utoipa.workspace"), "{manifest}");
    startmodel(&sandbox, "books Tag a:int --no-api --route tags")
        .code(2)
        .stderr_has("cannot be used with");
}

#[test]
fn what_should_be_known_is_said() {
    let sandbox = project(&["books"]);
    startmodel(&sandbox, "books Book page:int price:decimal(20,2)")
        .success()
        .stderr_has("lists cannot be filtered by `page`")
        .stderr_has("SQLite keeps 15 digits of `price`");
}

#[test]
fn files_that_people_have_edited_keep_every_line() {
    let sandbox = project(&["books"]);
    startmodel(&sandbox, "books Tag name:text").success();
    let api = r#"//! Mine.
use {platform::Site, utoipa_axum::router::OpenApiRouter};

// The heart of it.
pub mod tag; // tags

#[rustfmt::skip]
pub fn router() -> OpenApiRouter<Site> {
    let routes = OpenApiRouter::new()
      .nest("/tags", tag::router()) /* mounted */
      // the end
      ;
    routes
}
"#
    .replace('\n', "\r\n");
    sandbox.write("apps/books/src/api.rs", api);
    let manifest = sandbox.read("apps/books/Cargo.toml").replace(
        "serde.workspace = true",
        "serde = { workspace = true } # by hand",
    );
    sandbox.write("apps/books/Cargo.toml", &manifest);
    startmodel(&sandbox, "books Book title:text").success();
    insta::assert_snapshot!(
        "edited_api",
        sandbox.read("apps/books/src/api.rs").replace('\r', "␍")
    );
    assert_eq!(sandbox.read("apps/books/Cargo.toml"), manifest);
    startmodel(&sandbox, "books Book title:text")
        .success()
        .stderr_lacks("edit");
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "tests change the outside on purpose"
)]
fn a_module_may_be_a_folder() {
    let sandbox = project(&["books"]);
    let models = sandbox.read("apps/books/src/models.rs");
    std::fs::remove_file(sandbox.path("apps/books/src/models.rs")).unwrap();
    sandbox.write("apps/books/src/models/mod.rs", models);
    startmodel(&sandbox, "books Book title:text")
        .success()
        .stderr_has("edit  apps/books/src/models/mod.rs");
}

#[test]
fn every_kind_of_model_can_be_migrated() {
    let sandbox = project(&["books", "people"]);
    startmodel(&sandbox, "people Person name:text").success();
    startmodel(&sandbox, "books Tag name:slug:unique --pk uuid").success();
    startmodel(
        &sandbox,
        "books Book a:string(9)=x b:text c:int=-1 d:bigint? e:smallint:index f:float g:double h:decimal(9,2)=1.50 \
         i:bool=true j:date=now k:time=13:30 l:datetime=now m:uuid n:json o:bytes p:email:unique q:url r:slug \
         s:enum(draft,in-stock)=draft t:ref(people.Person,on_delete=cascade) u:one(books.Tag)? v:many(books.Tag) \
         w:many(books.Book) type:int",
    )
    .success();
    sandbox
        .run(["makemigrations"])
        .success()
        .stderr_has("Create table book_v");
    let files = sandbox.files("migrations/sqlite");
    let up = files.iter().find(|file| file.ends_with("up.sql")).unwrap();
    let sql = sandbox.read(format!("migrations/sqlite/{up}"));
    assert!(sql.contains("CREATE TABLE \"book_w\""), "{sql}");
    sandbox.run(["migrate"]).success();
    sandbox.run(["makemigrations", "--check"]).success();
}
