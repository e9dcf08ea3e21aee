//! Primary keys, foreign keys, unique keys and indexes.

use super::harness::{CHANGE, Ends, Entities, Scenario, run};

const AUTHOR: (&str, &str) = ("author", "pub name: String,");
const BOOK: (&str, &str) = (
    "book",
    "pub author_id: i64,
    #[sea_orm(belongs_to, from = \"author_id\", to = \"id\", on_delete = \"Cascade\")]
    pub author: BelongsTo<super::author::Entity>,",
);
const BOTH: Entities = &[AUTHOR, BOOK];
const ROWS: &[&str] = &[
    "INSERT INTO authors (id, name) VALUES (7, 'Ursula')",
    "INSERT INTO books (author_id) VALUES (7)",
];
const JOINED: (&str, &[&str]) = (
    "SELECT name FROM authors JOIN books ON author_id = authors.id",
    &["Ursula"],
);

#[test_with::env(LUTHIER_TEST_POSTGRES, LUTHIER_TEST_MYSQL)]
#[test]
fn keys_and_indexes_change_under_rows() {
    run(&[
        Scenario {
            name: "an index comes and goes",
            before: &[("book", "pub title: String, #[sea_orm(indexed)] pub pages: i32,")],
            after: &[("book", "#[sea_orm(indexed)] pub title: String, pub pages: i32,")],
            rows: &["INSERT INTO books (title, pages) VALUES ('Dune', 412)"],
            says: &["+ Add index idx-books-title on books (title)", "- Drop index idx-books-pages"],
            ..CHANGE
        },
        Scenario {
            name: "unique goes",
            before: &[("book", "#[sea_orm(unique)] pub isbn: String,")],
            after: &[("book", "pub isbn: String,")],
            rows: &["INSERT INTO books (isbn) VALUES ('1')"],
            ends: Ends::Changed {
                after: ("SELECT isbn FROM books", &["1"]),
                back: ("SELECT isbn FROM books", &["1"]),
            },
            ..CHANGE
        },
        Scenario {
            name: "a key of two columns becomes unique",
            before: &[("book", "pub title: String, pub year: i32,")],
            after: &[("book", "#[sea_orm(unique_key = \"work\")] pub title: String, #[sea_orm(unique_key = \"work\")] pub year: i32,")],
            rows: &["INSERT INTO books (title, year) VALUES ('Dune', 1965), ('Dune', 1984)"],
            ..CHANGE
        },
        Scenario {
            name: "a reference goes with its column",
            before: BOTH,
            after: &[AUTHOR, ("book", "")],
            args: &["--allow-drop"],
            rows: &["INSERT INTO authors (id, name) VALUES (7, 'Ursula')"],
            ends: Ends::Changed {
                after: ("SELECT name FROM authors", &["Ursula"]),
                back: ("SELECT name FROM authors", &["Ursula"]),
            },
            ..CHANGE
        },
        Scenario {
            name: "a reference is added to a column that is there",
            before: &[AUTHOR, ("book", "pub author_id: i64,")],
            after: BOTH,
            rows: ROWS,
            ends: Ends::Changed {
                after: JOINED,
                back: JOINED,
            },
            ..CHANGE
        },
        Scenario {
            name: "what happens on delete changes",
            before: BOTH,
            after: &[
                AUTHOR,
                ("book", "pub author_id: i64,
                    #[sea_orm(belongs_to, from = \"author_id\", to = \"id\", on_delete = \"Restrict\")]
                    pub author: BelongsTo<super::author::Entity>,"),
            ],
            rows: ROWS,
            ends: Ends::Changed {
                after: JOINED,
                back: JOINED,
            },
            ..CHANGE
        },
        Scenario {
            name: "a parent is rebuilt and its children stay",
            before: BOTH,
            after: &[("author", "pub name: Option<String>,"), BOOK],
            rows: ROWS,
            ends: Ends::Changed {
                after: JOINED,
                back: JOINED,
            },
            ..CHANGE
        },
        Scenario {
            name: "a key grows with those that refer to it",
            before: &[
                ("author", "#[sea_orm(primary_key)] pub id: i32, pub name: String,"),
                ("book", "pub author_id: i32,
                    #[sea_orm(belongs_to, from = \"author_id\", to = \"id\", on_delete = \"Cascade\")]
                    pub author: BelongsTo<super::author::Entity>,"),
            ],
            after: BOTH,
            rows: ROWS,
            ends: Ends::Changed {
                after: JOINED,
                back: JOINED,
            },
            ..CHANGE
        },
        Scenario {
            name: "a cycle of references",
            before: &[],
            after: &[
                ("author", "pub best_id: Option<i64>,
                    #[sea_orm(belongs_to, from = \"best_id\", to = \"id\")]
                    pub best: BelongsTo<Option<super::book::Entity>>,"),
                ("book", "pub author_id: Option<i64>,
                    #[sea_orm(belongs_to, from = \"author_id\", to = \"id\")]
                    pub author: BelongsTo<Option<super::author::Entity>>,"),
            ],
            ..CHANGE
        },
        Scenario {
            name: "a cycle of references goes",
            before: &[
                ("author", "pub best_id: Option<i64>,
                    #[sea_orm(belongs_to, from = \"best_id\", to = \"id\")]
                    pub best: BelongsTo<Option<super::book::Entity>>,"),
                ("book", "pub author_id: Option<i64>,
                    #[sea_orm(belongs_to, from = \"author_id\", to = \"id\")]
                    pub author: BelongsTo<Option<super::author::Entity>>,"),
                ("tag", "pub name: String,"),
            ],
            after: &[("tag", "pub name: String,")],
            args: &["--allow-drop"],
            rows: &[
                "INSERT INTO authors (id) VALUES (1)",
                "INSERT INTO books (id, author_id) VALUES (1, 1)",
                "UPDATE authors SET best_id = 1",
                "INSERT INTO tags (name) VALUES ('kept')",
            ],
            ends: Ends::Changed {
                after: ("SELECT name FROM tags", &["kept"]),
                back: ("SELECT name FROM tags", &["kept"]),
            },
            ..CHANGE
        },
        Scenario {
            name: "a primary key of one column gets a second",
            before: &[("stock", "// table: stock\n#[sea_orm(primary_key, auto_increment = false)] pub book_id: i64, pub shop_id: i64, pub count: i32,")],
            after: &[("stock", "// table: stock\n#[sea_orm(primary_key, auto_increment = false)] pub book_id: i64, #[sea_orm(primary_key, auto_increment = false)] pub shop_id: i64, pub count: i32,")],
            rows: &["INSERT INTO stock (book_id, shop_id, count) VALUES (1, 2, 3)"],
            ends: Ends::Changed {
                after: ("SELECT CAST(count AS CHAR(9)) FROM stock WHERE book_id = 1 AND shop_id = 2", &["3"]),
                back: ("SELECT CAST(count AS CHAR(9)) FROM stock WHERE book_id = 1 AND shop_id = 2", &["3"]),
            },
            ..CHANGE
        },
    ]);
}
