//! Renames: said, hinted, or asked about, also where something else changes at the same time.

use super::harness::{CHANGE, Ends, Entities, Scenario, run};

const BOOK: Entities = &[("book", "pub title: String, pub pages: i32,")];
const DUNE: &[&str] = &["INSERT INTO books (title, pages) VALUES ('Dune', 412)"];

#[test_with::env(LUTHIER_TEST_POSTGRES, LUTHIER_TEST_MYSQL)]
#[test]
fn renames_keep_rows() {
    run(&[
        Scenario {
            name: "a hint in the entity",
            before: BOOK,
            after: &[("book", "#[sea_orm(renamed_from = \"title\")] pub name: String, pub pages: i32,")],
            rows: DUNE,
            says: &["~ Rename column books.title to name"],
            ends: Ends::Changed {
                after: ("SELECT name FROM books", &["Dune"]),
                back: ("SELECT title FROM books", &["Dune"]),
            },
            ..CHANGE
        },
        Scenario {
            name: "a rename that nobody speaks of",
            before: BOOK,
            after: &[("book", "pub name: String, pub pages: i32,")],
            says: &["`books.name` appeared while `title` went away", "--rename books.title=books.name"],
            ends: Ends::Asks,
            ..CHANGE
        },
        Scenario {
            name: "renamed and wider",
            before: BOOK,
            after: &[("book", "pub title: String, pub length: i64,")],
            args: &["--rename", "books.pages=books.length"],
            rows: DUNE,
            ends: Ends::Changed {
                after: ("SELECT CAST(length AS CHAR(9)) FROM books", &["412"]),
                back: ("SELECT CAST(pages AS CHAR(9)) FROM books", &["412"]),
            },
            ..CHANGE
        },
        Scenario {
            name: "two columns swapped",
            before: &[("book", "pub a: i32, pub b: i32,")],
            after: &[("book", "#[sea_orm(column_name = \"b\")] pub a: i32, #[sea_orm(column_name = \"a\")] pub b: i32,")],
            args: &["--rename", "books.a=books.b", "--rename", "books.b=books.a"],
            rows: &["INSERT INTO books (a, b) VALUES (1, 2)"],
            ends: Ends::Changed {
                after: ("SELECT concat(a, ' ', b) FROM books", &["2 1"]),
                back: ("SELECT concat(a, ' ', b) FROM books", &["1 2"]),
            },
            ..CHANGE
        },
        Scenario {
            name: "a table and its columns, with what refers to them",
            before: &[
                ("author", "pub name: String,"),
                ("book", "#[sea_orm(indexed)] pub author_id: i64,
                    #[sea_orm(belongs_to, from = \"author_id\", to = \"id\", on_delete = \"Cascade\")]
                    pub author: BelongsTo<super::author::Entity>,"),
            ],
            after: &[
                ("writer", "pub full_name: String,"),
                ("book", "#[sea_orm(indexed)] pub writer_id: i64,
                    #[sea_orm(belongs_to, from = \"writer_id\", to = \"id\", on_delete = \"Cascade\")]
                    pub writer: BelongsTo<super::writer::Entity>,"),
            ],
            args: &[
                "--rename-table", "authors=writers", "--rename", "writers.name=full_name",
                "--rename", "books.author_id=writer_id",
            ],
            rows: &[
                "INSERT INTO authors (id, name) VALUES (7, 'Ursula')",
                "INSERT INTO books (author_id) VALUES (7)",
            ],
            says: &["~ Rename table authors to writers"],
            ends: Ends::Changed {
                after: ("SELECT full_name FROM writers JOIN books ON writer_id = writers.id", &["Ursula"]),
                back: ("SELECT name FROM authors JOIN books ON author_id = authors.id", &["Ursula"]),
            },
        },
        Scenario {
            name: "a table that nobody says was renamed",
            before: BOOK,
            after: &[("work", "pub title: String, pub pages: i32,")],
            says: &["the table `works` appeared while `books` went away", "--rename-table books=works"],
            ends: Ends::Asks,
            ..CHANGE
        },
        Scenario {
            name: "a rename of what is not there",
            before: BOOK,
            after: &[("book", "pub name: String, pub pages: i32,")],
            args: &["--rename", "books.titel=books.name"],
            says: &["there was no column `books.titel` to rename"],
            ends: Ends::Refuses(2),
            ..CHANGE
        },
    ]);
}
