//! Names that meet: models of the same name in two apps, and names that handlers use themselves.

use super::*;

#[test]
fn a_model_that_another_app_has_too() {
    let mut asked = Asked::new("Book", &["status:enum(a,b)", "tags:many(books.Tag)"]);
    asked.entities.push(entity("shop", "Book", &["i64"]));
    asked.route = Some("library-books");
    let shown = asked.shown();
    for part in [
        "#[sea_orm(table_name = \"books_books\")]",
        "#[schema(as = BooksBook)]",
        "#[schema(as = BooksBookInput)]",
        "#[schema(as = BooksBookStatus)]",
        "enum_name = \"books_book_status\"",
        "operation_id = \"list_books_books\"",
        "table_name = \"books_book_tags\"",
        "/api/library-books/{}",
    ] {
        assert!(shown.contains(part), "no {part}\n{shown}");
    }
}

#[test]
fn many_of_a_namesake_in_another_app() {
    let mut asked = Asked::new("Book", &["name:text", "copies:many(shop.Book)"]);
    asked.entities.push(entity("shop", "Book", &["i64"]));
    let shown = asked.shown();
    assert!(
        shown.contains("use shop::models::book as shop_book;"),
        "{shown}"
    );
    assert!(
        shown.contains("shop_book::Entity::find_by_id(copy_id)"),
        "{shown}"
    );
}

#[test]
fn names_that_handlers_use_are_not_shadowed() {
    let shown = Asked::new("Input", &["name:text"]).shown();
    assert!(
        shown.contains("let row = input.into_active_model()"),
        "{shown}"
    );
}
