//! `luthier startmodel`: what it makes, where it makes it known, what it refuses.

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
fn the_same_again_changes_nothing_and_other_fields_are_refused() {
    let sandbox = project(&["books"]);
    startmodel(&sandbox, "books Tag name:text").success();
    let line = format!("{BOOK} tags:many(books.Tag) sequel:one(books.Book)?");
    startmodel(&sandbox, &line).success();
    let before = sandbox.snapshot("");
    startmodel(&sandbox, &line)
        .success()
        .stderr_has("identical  apps/books/src/models/book_tag.rs")
        .stderr_has("identical  Cargo.lock")
        .stderr_lacks("create")
        .stderr_lacks("edit");
    startmodel(&sandbox, "books Book title:text")
        .code(2)
        .stderr_has("the model `Book` is there already, and apps/books/src/api/book.rs is not what this command makes")
        .stderr_has("then run `luthier makemigrations`");
    startmodel(&sandbox, "books book title:text")
        .code(2)
        .stderr_has("`book` cannot name a model");
    startmodel(&sandbox, "books BOOK title:text")
        .code(2)
        .stderr_has("only case tells it from the model `Book`");
    assert_eq!(sandbox.snapshot(""), before);
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
fn bad_input_is_refused_before_anything_is_written() {
    let sandbox = project(&["books", "shop"]);
    startmodel(&sandbox, "books Author name:text").success();
    let before = sandbox.snapshot("");
    for (line, said) in [
        ("book Book title:text", "did you mean `books`?"),
        (
            "library Book title:text",
            "make it with `luthier startapp library`",
        ),
        ("books Book", "<FIELD>"),
        ("books Entity a:int", "`Entity` cannot name a model"),
        ("books Book title:strng(9)", "did you mean `string(n)`?"),
        (
            "books Book title:string(0)",
            "a length is a whole number from 1 to 16383",
        ),
        (
            "books Book price:decimal(2,5)",
            "did you mean `decimal(5,2)`?",
        ),
        ("books Book a:int a:text", "the field `a` is there twice"),
        ("books Book id:int", "every model has an `id` already"),
        (
            "books Book author:ref(books.author)",
            "did you mean `books.Author`?",
        ),
        (
            "books Book author:ref(shop.Cart)",
            "the models are books.Author, books.Book",
        ),
        (
            "books Book a:int --access staff",
            "--access staff needs users, and this project has no accounts",
        ),
        (
            "books Book a:int --access everybody",
            "[possible values: public, read-only, authenticated, staff, owner]",
        ),
        (
            "books Book a:int --route Books",
            "`Books` cannot be a segment of an address",
        ),
        (
            "books Book a:int --route docs",
            "`/api/docs` is where the documentation is",
        ),
        (
            "books Doc a:int",
            "`/api/docs` is where the documentation is",
        ),
        ("books Book a:int --pk int", "[possible values: i64, uuid]"),
    ] {
        startmodel(&sandbox, line).code(2).stderr_has(said);
    }
    assert_eq!(sandbox.snapshot(""), before);
    Sandbox::new()
        .run(["startmodel", "books", "Book", "title:text"])
        .code(2)
        .stderr_has("luthier startproject NAME");
}

#[test]
fn an_address_belongs_to_one_model() {
    let sandbox = project(&["books", "shop"]);
    startmodel(&sandbox, "books Book title:text").success();
    startmodel(&sandbox, "shop Book title:text")
        .code(2)
        .stderr_has("`/api/books` is the address of books's `book` already")
        .stderr_has("--route shop-books");
    startmodel(&sandbox, "shop Book title:text --route shop-books").success();
    let model = sandbox.read("apps/shop/src/models/book.rs");
    assert!(model.contains("table_name = \"shop_books\""), "{model}");
    assert!(
        sandbox
            .read("apps/shop/src/api.rs")
            .contains(".nest(\"/shop-books\", book::router())")
    );
}

#[test]
fn references_lead_from_crate_to_crate_but_never_in_a_cycle() {
    let sandbox = project(&["books", "shop", "people"]);
    startmodel(&sandbox, "people Person name:text").success();
    startmodel(&sandbox, "books Book author:ref(people.Person)").success();
    startmodel(
        &sandbox,
        "shop Cart book:ref(books.Book) buyer:ref(people.Person)",
    )
    .success();
    assert!(
        sandbox
            .read("apps/shop/Cargo.toml")
            .contains("books.workspace = true\n")
    );
    let model = sandbox.read("apps/books/src/models/book.rs");
    assert!(
        model.contains("pub author: BelongsTo<people::models::person::Entity>"),
        "{model}"
    );
    let before = sandbox.snapshot("");
    startmodel(&sandbox, "people Wish book:ref(shop.Cart)")
        .code(2)
        .stderr_has("in a cycle: people → shop → books → people")
        .stderr_has("put the models in one app");
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
fn a_lost_shape_fails_with_the_line_to_add() {
    let sandbox = project(&["books"]);
    sandbox.write(
        "apps/books/src/api.rs",
        "pub fn router() -> Routes {\n    routes![]\n}\n",
    );
    let before = sandbox.snapshot("");
    startmodel(&sandbox, "books Book title:text")
        .code(1)
        .stderr_has("apps/books/src/api.rs cannot be edited: what the function `router` answers is not a chain of calls")
        .stderr_has("    .nest(\"/books\", book::router())\n");
    assert_eq!(sandbox.snapshot(""), before);
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

#[test]
fn access_is_public_where_there_are_no_users() {
    let sandbox = project(&["books"]);
    startmodel(&sandbox, "books Book title:text")
        .success()
        .stderr_has("Everybody reads and writes (--access public).");
    startmodel(&sandbox, "books Tag name:text --access public").success();
    let before = sandbox.snapshot("");
    for access in ["read-only", "authenticated", "staff", "owner"] {
        startmodel(
            &sandbox,
            &format!("books Note title:text --access {access}"),
        )
        .code(2)
        .stderr_has("this project has no accounts")
        .stderr_has("luthier add accounts");
    }
    for (command, address) in [
        ("createsuperuser", Some("a@example.org")),
        ("changepassword", Some("a@example.org")),
        ("clearsessions", None),
        ("sendtestemail", Some("a@example.org")),
    ] {
        sandbox
            .run([command].into_iter().chain(address))
            .code(2)
            .stderr_has("luthier add accounts");
    }
    assert_eq!(sandbox.snapshot(""), before);
}

#[test]
fn links_show_no_rows_that_their_readers_may_not_read() {
    let sandbox = made(&["books", "shop"], &[]);
    for line in [
        "books Open name:text",
        "books Inner name:text --access authenticated",
        "books Report name:text --access staff",
        "books Note name:text --access owner",
    ] {
        startmodel(&sandbox, line).success();
    }
    let before = sandbox.snapshot("");
    for (line, said) in [
        (
            "x:many(books.Note) --access owner",
            "each row of `Note` is for its owner alone",
        ),
        ("x:many(books.Note) --access staff", "many(shop.Left)"),
        ("x:many(books.Report)", "for staff alone"),
        ("x:many(books.Report) --access owner", "--access staff"),
        ("x:many(books.Inner) --access public", "for users alone"),
    ] {
        startmodel(&sandbox, &format!("shop Left {line}"))
            .code(2)
            .stderr_has(said);
    }
    assert_eq!(sandbox.snapshot(""), before);
    for (model, line) in [
        ("One", "x:many(books.Inner) --access owner"),
        ("Two", "x:many(books.Report) --access staff"),
        ("Three", "x:many(books.Open)"),
        ("Four", "x:many(books.Note) --no-api"),
    ] {
        let args = format!("shop {model} name:text {line}");
        startmodel(&sandbox, &args).success();
        startmodel(&sandbox, &args).success();
    }
}

#[test]
fn users_write_where_there_are_any() {
    let sandbox = made(&["books"], &[]);
    startmodel(&sandbox, "books Book title:text")
        .success()
        .stderr_has("Everybody reads, users write (--access read-only).");
    let api = sandbox.read("apps/books/src/api/book.rs");
    assert!(api.contains("use accounts::User;"), "{api}");
    let manifest = sandbox.read("apps/books/Cargo.toml");
    assert!(manifest.contains("accounts.workspace = true"), "{manifest}");
    assert!(
        manifest.contains("accounts = { workspace = true, features = [\"testing\"] }"),
        "{manifest}"
    );
    startmodel(&sandbox, "books Note title:text --access owner").success();
    let entity = sandbox.read("apps/books/src/models/note.rs");
    assert!(entity.contains("pub owner_id: i64,"), "{entity}");
    // Said by hand, it is the same field.
    startmodel(
        &sandbox,
        "books Memo owner:ref(accounts.User,on_delete=cascade) title:text --access owner",
    )
    .success();
    let before = sandbox.snapshot("");
    for (line, said) in [
        (
            "books Pen owner:ref(books.Book) --access owner",
            "`owner` is something else",
        ),
        (
            "books Pen ink:text owner:ref(accounts.User)? --access owner",
            "`owner` is something else",
        ),
        ("books Pen ink:text owner_id:int --access owner", "owner_id"),
        (
            "books Pen ink:text --no-api --access staff",
            "cannot be used with",
        ),
        (
            "books Account a:int --route account",
            "`/api/account` is where people sign in",
        ),
    ] {
        startmodel(&sandbox, line).code(2).stderr_has(said);
    }
    for (args, code, said) in [
        (
            &["createsuperuser"][..],
            3,
            "luthier createsuperuser you@example.org",
        ),
        (
            &["createsuperuser", "nobody"],
            2,
            "`nobody` is not an e-mail address",
        ),
        (&["changepassword", "a b@c"], 2, "is not an e-mail address"),
        (&["sendtestemail", "@c"], 2, "is not an e-mail address"),
        (
            &["startapp", "accounts"],
            2,
            "it came with the feature `accounts`",
        ),
        (
            &["startapp", "account"],
            2,
            "`/account` is an address of the site itself",
        ),
    ] {
        sandbox.run(args).code(code).stderr_has(said);
    }
    assert_eq!(sandbox.snapshot(""), before);
}
