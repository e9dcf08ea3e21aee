//! Names that pass, names that do not, and what is said about them.

use proptest::prelude::*;

use super::*;
use crate::error::ErrorKind;

fn strings(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// Asserts that `result` refuses with `reason` and proposes `suggestion`.
fn refused(name: &str, result: Result<()>, reason: &str, suggestion: &str) {
    let error = result.expect_err(name);
    assert_eq!(error.kind, ErrorKind::BadInput, "{name}");
    assert!(error.to_string().contains(reason), "{name}: {error}");
    assert_eq!(error.hints, [format!("try `{suggestion}`")], "{name}");
}

#[test]
fn keywords_are_sorted_for_the_search() {
    assert!(KEYWORDS.is_sorted());
    assert!(is_keyword("type") && is_keyword("gen") && !is_keyword("books"));
}

#[test]
fn good_project_names_pass() {
    let dependencies = strings(&["axum", "sea-orm", "platform"]);
    for name in ["bookstore", "book-store", "book_store", "b2b", "x", "tests"] {
        assert!(project(name, &dependencies).is_ok(), "{name}");
    }
    assert!(project(&"a".repeat(64), &dependencies).is_ok());
}

#[test]
fn bad_project_names_are_refused_with_a_reason_and_a_suggestion() {
    let long = "a".repeat(65);
    let cases = [
        ("", "empty", "bookstore"),
        ("2048", "starts with a digit", "project-2048"),
        ("match", "keyword", "match-site"),
        ("BookStore", "lower case", "book-store"),
        ("Self", "lower case", "self-site"),
        ("crate", "keyword", "crate-site"),
        ("gen", "keyword", "gen-site"),
        ("test", "crate of Rust", "test-site"),
        ("proc-macro", "crate of Rust", "proc-macro-site"),
        ("bool", "type of Rust", "bool-site"),
        ("deps", "cargo keeps a folder", "deps-site"),
        ("axum", "hide `axum`", "axum-site"),
        ("Axum", "lower case", "axum-site"),
        ("sea_orm", "hide `sea-orm`", "sea-orm-site"),
        ("a/b", "a path", "a-b"),
        ("a\\b", "a path", "a-b"),
        ("..", "a path", "bookstore"),
        ("my shop", "' ' is neither", "my-shop"),
        ("shop!", "'!' is neither", "shop"),
        ("läden", "ASCII", "l-den"),
        ("📚", "ASCII", "bookstore"),
        ("CON", "lower case", "con-site"),
        ("con", "device on Windows", "con-site"),
        ("com1", "device on Windows", "com1-site"),
        ("-shop", "starts or ends", "shop"),
        ("shop_", "starts or ends", "shop"),
        ("my--shop", "in a row", "my-shop"),
        ("my-_shop", "in a row", "my-shop"),
        (&long, "longer than 64", "bookstore"),
    ];
    let dependencies = strings(&["axum", "sea-orm"]);
    for (name, reason, suggestion) in cases {
        refused(name, project(name, &dependencies), reason, suggestion);
    }
}

#[test]
fn bad_app_names_are_refused_with_a_reason_and_a_suggestion() {
    let apps = strings(&["books", "shop_orders"]);
    let in_scope = strings(&["axum", "sea-orm", "urls"]);
    let neighbours = Neighbours {
        project: "book-store",
        apps: &apps,
        in_scope: &in_scope,
    };
    let cases = [
        ("", "empty", "books_app"),
        ("Shop", "lower case", "shop"),
        ("Books", "lower case", "books_app"),
        ("shop-cart", "`-` reads as minus", "shop_cart"),
        ("shop-orders", "`-` reads as minus", "shop_orders_app"),
        ("book_store", "the project's own name", "book_store_app"),
        ("urls", "hide `urls`", "urls_app"),
        ("sea_orm", "hide `sea-orm`", "sea_orm_app"),
        ("type", "keyword", "type_app"),
        ("std", "crate of Rust", "std_app"),
        ("nul", "device on Windows", "nul_app"),
        ("../x", "a path", "x"),
        ("7up", "starts with a digit", "app_7up"),
    ];
    for (name, reason, suggestion) in cases {
        refused(name, app(name, neighbours), reason, suggestion);
    }
    for name in ["books", "authors", "shop_carts", "api"] {
        assert!(app(name, neighbours).is_ok(), "{name}");
    }
}

#[test]
fn bad_model_names_are_refused_with_a_reason_and_a_suggestion() {
    let models = strings(&["Book", "BookReview"]);
    let cases = [
        ("book_review", "PascalCase", "BookReviewRecord"),
        ("author", "PascalCase", "Author"),
        ("Book_Review", "PascalCase", "BookReviewRecord"),
        (
            "BOOK",
            "only case tells it from the model `Book`",
            "BookRecord",
        ),
        ("Entity", "generated code uses", "EntityRecord"),
        ("Option", "generated code uses", "OptionRecord"),
        ("Match", "a Rust keyword", "MatchRecord"),
        ("Platform", "uses a module", "PlatformRecord"),
        ("Api", "uses a module", "ApiRecord"),
        ("Models", "uses a module", "ModelsRecord"),
        ("Admin", "uses a module", "AdminRecord"),
        ("UtoipaAxum", "uses a module", "UtoipaAxumRecord"),
        ("Aux", "device on Windows", "AuxRecord"),
        ("9Lives", "starts with a digit", "Model9lives"),
        ("Book-Club", "neither a letter", "BookClub"),
        ("", "empty", "BookRecord"),
    ];
    for (name, reason, suggestion) in cases {
        refused(name, model(name, &models), reason, suggestion);
    }
    for name in ["Book", "Author", "ISBNRecord", "B2b", "Order"] {
        assert!(model(name, &models).is_ok(), "{name}");
    }
}

proptest! {
    #[test]
    fn every_suggestion_is_itself_a_good_name(name in ".{0,80}") {
        let suggested = |result: Result<()>| {
            let error = result.err()?;
            Some(error.hints[0].trim_start_matches("try `").trim_end_matches('`').to_owned())
        };
        if let Some(better) = suggested(project(&name, &[])) {
            prop_assert!(project(&better, &[]).is_ok(), "project {better:?}");
        }
        if let Some(better) = suggested(app_shape(&name)) {
            prop_assert!(app_shape(&better).is_ok(), "app {better:?}");
        }
        if let Some(better) = suggested(model(&name, &[])) {
            prop_assert!(model(&better, &[]).is_ok(), "model {better:?}");
        }
    }
}
