//! Rows that a change would hurt: nothing starts, and the rows are named.

use super::harness::{CHANGE, Ends, Entities, Scenario, run};

const BOOK: Entities = &[("book", "pub title: String,")];

#[test_with::env(LUTHIER_TEST_POSTGRES, LUTHIER_TEST_MYSQL)]
#[test]
fn what_rows_do_not_allow_is_stopped_before_it_starts() {
    run(&[
        Scenario {
            name: "a required column without a value",
            before: BOOK,
            after: &[("book", "pub title: String, pub pages: i32,")],
            says: &[
                "rows that exist need a value for `books.pages`",
                "--default books.pages=SQL",
            ],
            ends: Ends::Asks,
            ..CHANGE
        },
        Scenario {
            name: "a column becomes required without a value",
            before: &[("book", "pub title: Option<String>,")],
            after: BOOK,
            says: &["rows that exist need a value for `books.title`"],
            ends: Ends::Asks,
            ..CHANGE
        },
        Scenario {
            name: "duplicates under a new unique column",
            before: &[("book", "pub isbn: String,")],
            after: &[("book", "#[sea_orm(unique)] pub isbn: String,")],
            rows: &["INSERT INTO books (isbn) VALUES ('1'), ('1'), ('2')"],
            ends: Ends::Stops {
                says: &[
                    "1 value of `books` (isbn), which becomes unique, is there more than once: 1 (2 times)",
                ],
                mended_by: "UPDATE books SET isbn = concat('n', id)",
            },
            ..CHANGE
        },
        Scenario {
            name: "orphans under a new reference",
            before: &[
                ("author", "pub name: String,"),
                ("book", "pub author_id: i64,"),
            ],
            after: &[
                ("author", "pub name: String,"),
                (
                    "book",
                    "pub author_id: i64,
                    #[sea_orm(belongs_to, from = \"author_id\", to = \"id\")]
                    pub author: BelongsTo<super::author::Entity>,",
                ),
            ],
            rows: &["INSERT INTO books (author_id) VALUES (77)"],
            ends: Ends::Stops {
                says: &["1 row of `books` points with (author_id) at no row of `authors`: 77"],
                mended_by: "INSERT INTO authors (id, name) VALUES (77, 'Anon')",
            },
            ..CHANGE
        },
        Scenario {
            name: "numbers too large for a smaller type",
            before: &[("book", "pub size: i64,")],
            after: &[("book", "pub size: i32,")],
            rows: &["INSERT INTO books (size) VALUES (1099511627776)"],
            ends: Ends::Stops {
                says: &[
                    "1 value of `books.size` not between -2147483648 and 2147483647: 1099511627776",
                ],
                mended_by: "UPDATE books SET size = 5",
            },
            ..CHANGE
        },
        Scenario {
            name: "text too long for a shorter column",
            before: BOOK,
            after: &[(
                "book",
                "#[sea_orm(column_type = \"String(StringLen::N(3))\")] pub title: String,",
            )],
            rows: &["INSERT INTO books (title) VALUES ('Dune')"],
            ends: Ends::Stops {
                says: &["1 value of `books.title` longer than 3: Dune"],
                mended_by: "UPDATE books SET title = 'D'",
            },
            ..CHANGE
        },
        Scenario {
            name: "a table that goes",
            before: BOOK,
            after: &[],
            says: &[
                "this would drop, with all that they hold: table books",
                "--allow-drop",
            ],
            ends: Ends::Asks,
            ..CHANGE
        },
    ]);
}
