//! Tables and columns that come, go and change.

use super::harness::{CHANGE, Ends, Entities, Scenario, run};

const BOOK: Entities = &[("book", "pub title: String,")];
const DUNE: &[&str] = &["INSERT INTO books (title) VALUES ('Dune')"];
const TITLES: (&str, &[&str]) = ("SELECT title FROM books", &["Dune"]);

#[test_with::env(LUTHIER_TEST_POSTGRES, LUTHIER_TEST_MYSQL)]
#[test]
fn columns_come_go_and_change() {
    run(&[
        Scenario {
            name: "optional column",
            before: BOOK,
            after: &[("book", "pub title: String, pub note: Option<String>,")],
            rows: DUNE,
            says: &["+ Add column books.note: string, nullable"],
            ends: Ends::Changed {
                after: ("SELECT title FROM books WHERE note IS NULL", &["Dune"]),
                back: TITLES,
            },
            ..CHANGE
        },
        Scenario {
            name: "required column with a default",
            before: BOOK,
            after: &[(
                "book",
                "pub title: String, #[sea_orm(default_value = 7)] pub pages: i32,",
            )],
            rows: DUNE,
            ends: Ends::Changed {
                after: ("SELECT title FROM books WHERE pages = 7", &["Dune"]),
                back: TITLES,
            },
            ..CHANGE
        },
        Scenario {
            name: "column that is filled with the time",
            before: BOOK,
            after: &[(
                "book",
                "pub title: String, #[sea_orm(default_expr = \"Expr::current_timestamp()\")] pub at: DateTimeUtc,",
            )],
            rows: DUNE,
            ends: Ends::Changed {
                after: (
                    "SELECT title FROM books WHERE at > '2020-01-01 00:00:00'",
                    &["Dune"],
                ),
                back: TITLES,
            },
            ..CHANGE
        },
        Scenario {
            name: "unique optional column",
            before: BOOK,
            after: &[(
                "book",
                "pub title: String, #[sea_orm(unique)] pub isbn: Option<String>,",
            )],
            rows: &["INSERT INTO books (title) VALUES ('Dune'), ('Emma')"],
            ends: Ends::Changed {
                after: (
                    "SELECT title FROM books WHERE isbn IS NULL ORDER BY id",
                    &["Dune", "Emma"],
                ),
                back: ("SELECT title FROM books ORDER BY id", &["Dune", "Emma"]),
            },
            ..CHANGE
        },
        Scenario {
            name: "drop an indexed column",
            before: &[(
                "book",
                "pub title: String, #[sea_orm(indexed)] pub shelf: Option<i32>, #[sea_orm(indexed)] pub row: Option<i32>,",
            )],
            after: &[(
                "book",
                "pub title: String, #[sea_orm(indexed)] pub row: Option<i32>,",
            )],
            args: &["--allow-drop"],
            rows: DUNE,
            says: &["- Drop column books.shelf"],
            ends: Ends::Changed {
                after: TITLES,
                back: TITLES,
            },
        },
        Scenario {
            name: "drop a unique column",
            before: &[(
                "book",
                "pub title: String, #[sea_orm(unique)] pub isbn: Option<String>,",
            )],
            after: BOOK,
            args: &["--allow-drop"],
            rows: DUNE,
            ends: Ends::Changed {
                after: TITLES,
                back: TITLES,
            },
            ..CHANGE
        },
        Scenario {
            name: "required column becomes optional and keeps its default and comment",
            before: &[(
                "book",
                "#[sea_orm(default_value = \"none\", comment = \"As printed\")] pub title: String,",
            )],
            after: &[(
                "book",
                "#[sea_orm(default_value = \"none\", comment = \"As printed\")] pub title: Option<String>,",
            )],
            rows: DUNE,
            ends: Ends::Changed {
                after: TITLES,
                back: TITLES,
            },
            ..CHANGE
        },
        Scenario {
            name: "f64 to a decimal",
            before: &[("book", "pub price: f64,")],
            after: &[(
                "book",
                "#[sea_orm(column_type = \"Decimal(Some((10, 2)))\")] pub price: Decimal,",
            )],
            rows: &["INSERT INTO books (price) VALUES (9.25)"],
            ends: Ends::Changed {
                after: (
                    "SELECT CAST(id AS CHAR(9)) FROM books WHERE price = 9.25",
                    &["1"],
                ),
                back: (
                    "SELECT CAST(id AS CHAR(9)) FROM books WHERE price = 9.25",
                    &["1"],
                ),
            },
            ..CHANGE
        },
        Scenario {
            name: "text to a number",
            before: &[("book", "pub pages: String,")],
            after: &[("book", "pub pages: i32,")],
            rows: &["INSERT INTO books (pages) VALUES ('412')"],
            ends: Ends::Changed {
                after: ("SELECT CAST(pages + 1 AS CHAR(9)) FROM books", &["413"]),
                back: ("SELECT pages FROM books", &["412"]),
            },
            ..CHANGE
        },
        Scenario {
            name: "several at once",
            before: &[(
                "book",
                "pub title: String, pub a: i32, pub b: Option<i32>, #[sea_orm(indexed)] pub c: i32,",
            )],
            after: &[(
                "book",
                "pub title: String, pub a: i64, #[sea_orm(default_value = 3)] pub b: i32, pub d: Option<String>,",
            )],
            args: &["--rename", "books.c=books.d"],
            rows: &["INSERT INTO books (title, a, c) VALUES ('Dune', 5, 6)"],
            ends: Ends::Changed {
                after: (
                    "SELECT concat(title, ' ', a, ' ', b, ' ', d) FROM books",
                    &["Dune 5 3 6"],
                ),
                back: (
                    "SELECT concat(title, ' ', a, ' ', b, ' ', c) FROM books",
                    &["Dune 5 3 6"],
                ),
            },
            ..CHANGE
        },
        Scenario {
            name: "reserved words, capitals and Unicode",
            before: &[(
                "book",
                "// table: Order\npub r#type: i32, #[sea_orm(column_name = \"Größe\", indexed)] pub size: Option<i32>,",
            )],
            after: &[(
                "book",
                "// table: Order\npub r#type: i64, #[sea_orm(column_name = \"Größe\", indexed)] pub size: i32, pub r#where: Option<i32>,",
            )],
            args: &["--default", "Order.Größe=4"],
            ..CHANGE
        },
    ]);
}

const MOOD: &str = "pub title: String, pub mood: Mood,
    ---
    #[derive(EnumIter, DeriveActiveEnum)]
    #[sea_orm(rs_type = \"String\", db_type = \"Enum\", rename_all = \"snake_case\")]
    pub enum Mood { Happy, Sad }";
const MOODS: &[&str] = &[
    "INSERT INTO books (title, mood) VALUES ('Emma', 'happy')",
    "INSERT INTO books (title, mood) VALUES ('Dune', 'sad')",
];

#[test_with::env(LUTHIER_TEST_POSTGRES, LUTHIER_TEST_MYSQL)]
#[test]
fn enums_change_and_rows_keep_their_meaning() {
    run(&[
        Scenario {
            name: "rename a value",
            before: &[("book", MOOD)],
            after: &[(
                "book",
                "pub title: String, pub mood: Mood,
                ---
                #[derive(EnumIter, DeriveActiveEnum)]
                #[sea_orm(rs_type = \"String\", db_type = \"Enum\", rename_all = \"snake_case\")]
                pub enum Mood { Happy, Gloomy }",
            )],
            args: &["--rename-value", "Mood.sad=gloomy"],
            rows: MOODS,
            says: &["~ Change enum Mood to (happy, gloomy); sad is now gloomy"],
            ends: Ends::Changed {
                after: ("SELECT title FROM books WHERE mood = 'gloomy'", &["Dune"]),
                back: ("SELECT title FROM books WHERE mood = 'sad'", &["Dune"]),
            },
        },
        Scenario {
            name: "rename a value that is a default, and add one",
            before: &[(
                "book",
                "pub title: String, #[sea_orm(default_value = \"sad\")] pub mood: Mood,
                ---
                #[derive(EnumIter, DeriveActiveEnum)]
                #[sea_orm(rs_type = \"String\", db_type = \"Enum\", rename_all = \"snake_case\")]
                pub enum Mood { Happy, Sad }",
            )],
            after: &[(
                "book",
                "pub title: String, #[sea_orm(default_value = \"it's bad\")] pub mood: Mood,
                ---
                #[derive(EnumIter, DeriveActiveEnum)]
                #[sea_orm(rs_type = \"String\", db_type = \"Enum\", rename_all = \"snake_case\")]
                pub enum Mood { Angry, Happy, #[sea_orm(string_value = \"it's bad\")] Bad }",
            )],
            args: &["--rename-value", "Mood.sad=it's bad"],
            rows: &["INSERT INTO books (title) VALUES ('Dune')"],
            ends: Ends::Changed {
                after: (
                    "SELECT title FROM books WHERE mood = 'it''s bad'",
                    &["Dune"],
                ),
                back: ("SELECT title FROM books WHERE mood = 'sad'", &["Dune"]),
            },
            ..CHANGE
        },
        Scenario {
            name: "a value comes while another goes",
            before: &[("book", MOOD)],
            after: &[(
                "book",
                "pub title: String, pub mood: Mood,
                ---
                #[derive(EnumIter, DeriveActiveEnum)]
                #[sea_orm(rs_type = \"String\", db_type = \"Enum\", rename_all = \"snake_case\")]
                pub enum Mood { Happy, Gloomy }",
            )],
            says: &[
                "the value `gloomy` of the enum `Mood` appeared while `sad` went away",
                "--rename-value Mood.sad=gloomy for a rename",
            ],
            ends: Ends::Asks,
            ..CHANGE
        },
        Scenario {
            name: "a value goes that rows have",
            before: &[("book", MOOD)],
            after: &[(
                "book",
                "pub title: String, pub mood: Mood,
                ---
                #[derive(EnumIter, DeriveActiveEnum)]
                #[sea_orm(rs_type = \"String\", db_type = \"Enum\", rename_all = \"snake_case\")]
                pub enum Mood { Happy }",
            )],
            rows: MOODS,
            ends: Ends::Stops {
                says: &["1 row of `books` has a `mood` that its enum loses: sad"],
                mended_by: "UPDATE books SET mood = 'happy'",
            },
            ..CHANGE
        },
    ]);
}
