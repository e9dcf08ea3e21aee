//! The admin: models are registered as they are made, or all at once when it comes later.

use std::path::PathBuf;

use crate::common::{Outcome, Sandbox};

const BOOK: [&str; 6] = [
    "startmodel",
    "books",
    "Book",
    "title:string(200)",
    "author:ref(books.Author)",
    "tags:many(books.Tag)",
];

fn project(settings: &[&str]) -> Sandbox {
    let mut sandbox = Sandbox::new();
    let mut command = sandbox.command(["startproject", "shop", "--no-git"]);
    for setting in settings {
        command.args(["--set", setting]);
    }
    Outcome::of(&mut command).success();
    sandbox.cd("shop");
    for arguments in [
        &["startapp", "books"][..],
        &["startmodel", "books", "Author", "name:string(100)"],
        &["startmodel", "books", "Tag", "name:slug:unique"],
        &BOOK,
    ] {
        sandbox.run(arguments).success();
    }
    sandbox
}

/// All files but what is kept about runs.
fn files(sandbox: &Sandbox) -> Vec<(PathBuf, String)> {
    let files = sandbox.snapshot("").into_iter();
    files
        .filter(|(path, _)| !path.starts_with(".luthier"))
        .map(|(path, text)| (path, String::from_utf8_lossy(&text).into_owned()))
        .collect()
}

#[test]
fn the_admin_that_comes_later_is_that_from_the_start_with_every_model() {
    let with = project(&[]);
    let admin = with.read("apps/books/src/admin.rs");
    for module in ["author", "book", "book_tag", "tag"] {
        assert!(admin.contains(&format!("pub mod {module};")), "{admin}");
        assert!(
            admin.contains(&format!(".model({module}::model())")),
            "{admin}"
        );
    }
    let site = with.read("src/admin.rs");
    assert!(
        site.contains("Admin::new().app(books::admin::app())"),
        "{site}"
    );

    let without = project(&["admin=false"]);
    assert!(!without.exists("apps/admin") && !without.exists("apps/books/src/admin.rs"));
    without
        .run(["add", "admin"])
        .success()
        .stderr_has("create  apps/books/src/admin/book.rs");
    for (added, made) in files(&without).into_iter().zip(files(&with)) {
        assert_eq!(added.0, made.0);
        // Apps and models are listed there in the order in which they came.
        let lists = [
            "Cargo.toml",
            "luthier.toml",
            "src/urls.rs",
            "apps/books/src/admin.rs",
        ];
        let path = made.0.to_string_lossy();
        if !lists.contains(&&*path) {
            assert_eq!(added, made);
        }
    }
    let before = without.snapshot("");
    without
        .run(["add", "admin"])
        .success()
        .stderr_lacks("create  ");
    assert_eq!(without.snapshot(""), before);
}

#[test]
fn a_model_may_be_left_out_and_a_project_may_be_without() {
    let sandbox = project(&[]);
    sandbox
        .run([
            "startmodel",
            "books",
            "Draft",
            "title:string(20)",
            "--no-admin",
        ])
        .success()
        .stderr_lacks("/admin/");
    assert!(!sandbox.exists("apps/books/src/admin/draft.rs"));
    sandbox
        .run(["startmodel", "books", "Raw", "title:string(20)", "--no-api"])
        .success();
    assert!(!sandbox.exists("apps/books/src/admin/raw.rs"));
    // What the admin itself needs cannot need the admin.
    sandbox
        .run(["startmodel", "accounts", "Profile", "bio:text"])
        .success();
    assert!(!sandbox.exists("apps/accounts/src/admin.rs"));
    sandbox
        .run(["startapp", "admin"])
        .code(2)
        .stderr_has("it came with the feature `admin`");
    let without = project(&["accounts=false"]);
    assert!(!without.exists("apps/admin") && !without.exists("src/admin.rs"));
    without
        .run(["add", "admin"])
        .code(2)
        .stderr_has("`admin` needs `accounts`");
}

#[test]
fn registrations_that_are_not_meant_so_are_found() {
    let sandbox = project(&[]);
    sandbox
        .run(["check", "--tag", "admin", "--fail-level", "info"])
        .success();
    let file = "apps/books/src/admin/book.rs";
    let text = sandbox.read(file);
    sandbox.write(file, text.replace("list: &[", "list: &[Column::Title, "));
    let app = sandbox.read("apps/books/src/admin.rs");
    sandbox.write(
        "apps/books/src/admin.rs",
        app.replace(".model(tag::model())", ""),
    );
    sandbox
        .run(["check", "--tag", "admin", "--fail-level", "warning"])
        .code(1)
        .stdout_has("LUT401")
        .stdout_has("LUT404");
}
