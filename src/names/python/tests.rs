//! Names that Python refuses, or that a site in Python has taken.

use super::*;

#[test]
fn names_are_refused_with_the_reason_and_another_name() {
    let cases = [
        (
            project("email"),
            "a module of Python's standard library",
            "try `email-site`",
        ),
        (
            project("test"),
            "a module of Python's standard library",
            "try `test-site`",
        ),
        (
            project("django"),
            "the project uses something else",
            "try `django-site`",
        ),
        (project("Shop"), "named in lower case", "try `shop`"),
        (project("class"), "a Python keyword", "try `class-site`"),
        (
            app("test", &[], &[]),
            "a module of Python's standard library",
            "try `test_app`",
        ),
        (
            app("my-app", &[], &[]),
            "`-` reads as minus",
            "try `my_app`",
        ),
        (
            app("rest_framework", &[], &[]),
            "something else by the name",
            "try `rest_framework_app`",
        ),
        (
            app("lambda", &[], &[]),
            "a Python keyword",
            "try `lambda_app`",
        ),
        (
            app("shop", &["shop".to_owned()], &[]),
            "has a module `shop`",
            "try `shop_app`",
        ),
        (model("book", &[]), "PascalCase", "try `Book`"),
        (
            model("BOOK", &["Book".to_owned()]),
            "only case tells it",
            "try `",
        ),
        (
            model("User", &[]),
            "generated code uses a class",
            "try `UserRecord`",
        ),
    ];
    for (refused, reason, hint) in cases {
        let error = refused.unwrap_err();
        assert!(error.to_string().contains(reason), "{error}");
        assert!(
            error.hints[0].starts_with(hint),
            "{error}: {:?}",
            error.hints
        );
    }
    for name in ["bookstore", "book-store", "shop2", "match"] {
        assert!(project(name).is_ok(), "{name}");
    }
    assert!(app("books", &["shop".to_owned()], &[]).is_ok());
    assert!(model("Book", &["Book".to_owned()]).is_ok());
}
