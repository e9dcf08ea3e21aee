//! Who reads and writes: with accounts and without.

use super::{made, project, startmodel};

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
