//! What stays inside a crate, as tables of edits.

use super::super::items::items;
use super::super::mentions::mentions;
use super::*;

/// Of the crate `books`.
const BOOKS: &str = r#"
    //! The books app.
    pub mod urls {
        use axum::Router;
        use platform::Site;
        use crate::api;
        pub fn router() -> Router<Site> {
            Router::new().nest(api::router())
        }
    }
    mod api {
        use std::fmt::Display;
        use other::Result;
        use crate::models::{Book, Shelf as Place};

        pub(crate) fn router() -> Router<Site> {
            routes!(list)
        }

        #[derive(Deserialize)]
        struct Filter {
            title: Option<String>,
        }

        impl Filter {
            fn apply(self, rows: Rows) -> Rows {
                rows
            }
        }

        /// List books.
        #[openapi(get)]
        async fn list(filter: Query<Filter>) -> Result<Json<Book>> {
            filter.0.find().await
        }
    }
    pub mod models {
        pub struct Book {
            pub title: Title,
            place: Shelf,
        }
        pub struct Title(String);
        pub struct Shelf(Width);
        pub struct Width(u32);
        pub struct Alone(u32);

        impl Book {
            pub fn cover(&self) -> Cover {
                Cover(1)
            }
        }
        pub struct Cover(u8);

        impl Iterator for Shelf {
            type Item = Page;
            fn next(&mut self) -> Option<Page> {
                None
            }
        }
        pub struct Page(u8);

        pub trait Sized2 {
            fn size(&self) -> Size;
        }
        pub struct Size(u8);
        impl Sized2 for str {
            fn size(&self) -> Size {
                Size(1)
            }
        }
        pub const LIMIT: usize = HALF * 2;
        const HALF: usize = 5;
        pub fn pick<T>(value: T) -> T {
            helper();
            value
        }
        fn helper() {}
    }
"#;

fn judge(dependent: &str, from: &str, to: &str) -> Result<Names, Visible> {
    assert!(BOOKS.contains(from), "{from}");
    let read = |source: &str| items(source).expect("Rust");
    let after = BOOKS.replacen(from, to, 1);
    let roots = Names::from(["books".to_owned()]);
    let mentions = mentions(&roots, &[dependent]).map_err(|_| Visible::Unclear)?;
    let (before, after) = (read(BOOKS), read(&after));
    changes_inside(
        &before.iter().collect::<Vec<_>>(),
        &after.iter().collect::<Vec<_>>(),
        &mentions,
    )
}

fn names(names: &[&str]) -> Names {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn what_no_path_leads_to_may_change() {
    let site = "fn router() -> Router { Router::new().merge(books::urls::router()) }";
    for (from, to, changed) in [
        (
            "title: Option<String>,",
            "title: Option<String>, isbn: u8,",
            &["Filter"][..],
        ),
        ("/// List books.", "/// List all books.", &["list"]),
        (
            "/// List books.",
            "fn other() {}
/// List books.",
            &["other"],
        ),
        ("get)", "post)", &["list"]),
        ("rows: Rows)", "rows: Rows, more: u8)", &["Filter"]),
        ("pub title: Title,", "", &["Book"]),
        ("HALF * 2", "HALF * 3", &["LIMIT"]),
        (
            "use std::fmt::Display;",
            "use std::fmt::Write;",
            &["Display", "Write"],
        ),
        ("Router::new().nest(api::router())", "Router::new()", &[]),
    ] {
        assert_eq!(judge(site, from, to), Ok(names(changed)), "{to}");
    }
}

#[test]
fn what_a_path_leads_to_is_visible() {
    let name = |name: &str| Err(Visible::Name(name.to_owned()));
    let book = "use books::models::Book; fn show(book: &Book) {}";
    for (dependent, from, to, expected) in [
        (
            "fn f() { books::urls::router(); }",
            "Router<Site> {\n            Router",
            "Router<Place> {\n            Router",
            name("router"),
        ),
        (book, "pub title: Title,", "", name("Book")),
        // The type of a field of a field.
        (book, "Width(u32)", "Width(u64)", name("Width")),
        (book, "Cover(u8)", "Cover(u16)", name("Cover")),
        // By way of a trait of a type.
        (book, "Page(u8)", "Page(u16)", name("Page")),
        (book, "Alone(u32)", "Alone(u64)", Ok(names(&["Alone"]))),
        (
            "use books::models::Sized2; fn f() { \"\".size(); }",
            "Size(u8)",
            "Size(u16)",
            name("Size"),
        ),
        (
            "const N: usize = books::models::LIMIT;",
            "usize = 5",
            "usize = 6",
            name("HALF"),
        ),
        // Its body is compiled in the dependent.
        (
            "use books::models; fn f() { models::pick(1); }",
            "fn helper() {}",
            "fn helper(n: u8) {}",
            name("helper"),
        ),
        (
            "use books::models as m; fn f() { m::pick(1); }",
            "fn helper() {}",
            "fn helper(n: u8) {}",
            name("helper"),
        ),
        (
            "pub use books::{models::{self as m}}; fn f() { m::pick(1); }",
            "fn helper() {}",
            "fn helper(n: u8) {}",
            name("helper"),
        ),
        (
            "fn f() { macro_of_ours!([books::models::pick]) }",
            "fn helper() {}",
            "fn helper(n: u8) {}",
            name("helper"),
        ),
        // What a name means.
        (
            book,
            "pub struct Alone",
            "use other::Title; pub struct Alone",
            name("Title"),
        ),
        (
            book,
            "pub struct Alone(u32);",
            "pub struct Width2; mod deep { struct Title; }",
            name("Title"),
        ),
    ] {
        assert_eq!(judge(dependent, from, to), expected, "{dependent}: {to}");
    }
}

#[test]
fn what_is_not_clear_is_visible() {
    let site = "fn f() { books::urls::router(); }";
    for (dependent, from, to) in [
        (site, "use crate::api;", "use crate::*;"),
        (site, "mod api {", "newtype!(Name); mod api {"),
        (
            site,
            "mod api {",
            "macro_rules! rows { () => {} } mod api {",
        ),
        (site, "mod api {", "extern crate other; mod api {"),
        (
            site,
            "mod api {",
            "#[unsafe(no_mangle)] fn open() {} mod api {",
        ),
        ("use books::models::*;", "Alone(u32)", "Alone(u64)"),
        ("use books::models::Generated;", "Alone(u32)", "Alone(u64)"),
        (
            "#[with(\"books::models::Book\")] struct S;",
            "Alone(u32)",
            "Alone(u64)",
        ),
        (
            "#[macro_use] extern crate books;",
            "Alone(u32)",
            "Alone(u64)",
        ),
        ("no Rust {", "Alone(u32)", "Alone(u64)"),
        // A macro reads what changes, and may generate what a copied body uses.
        (
            "fn f() { books::models::pick(1); }",
            "title: Option<String>,",
            "",
        ),
    ] {
        assert_eq!(
            judge(dependent, from, to),
            Err(Visible::Unclear),
            "{dependent}: {to}"
        );
    }
}
