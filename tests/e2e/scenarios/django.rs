//! The scenarios of Django's own autodetector, by the names of its tests. What SeaORM has no notion of (managers, proxies,
//! swapped models, order with respect to) has no counterpart.

mod constraints;
mod fields;
mod relations;

use super::harness::Entities;

const ONE_AUTHOR: (&str, &str) = ("author", "pub name: String,");
const AUTHOR: Entities = &[ONE_AUTHOR];
const URSULA: &[&str] = &["INSERT INTO authors (id, name) VALUES (7, 'Ursula')"];
const NAMES: (&str, &[&str]) = ("SELECT name FROM authors", &["Ursula"]);

/// A book of an author.
const BOOK: (&str, &str) = (
    "book",
    "pub title: String, pub author_id: i64,
    #[sea_orm(belongs_to, from = \"author_id\", to = \"id\")]
    pub author: BelongsTo<super::author::Entity>,",
);
const BOTH: Entities = &[ONE_AUTHOR, BOOK];
const BOTH_ROWS: &[&str] = &[
    "INSERT INTO authors (id, name) VALUES (7, 'Ursula')",
    "INSERT INTO books (title, author_id) VALUES ('Tehanu', 7)",
];
const JOINED: (&str, &[&str]) = (
    "SELECT concat(name, ': ', title) FROM authors JOIN books ON author_id = authors.id",
    &["Ursula: Tehanu"],
);

/// A junction of authors and books.
const CREDIT: (&str, &str) = (
    "credit",
    "#[sea_orm(primary_key, auto_increment = false)] pub author_id: i64,
    #[sea_orm(primary_key, auto_increment = false)] pub book_id: i64,
    #[sea_orm(belongs_to, from = \"author_id\", to = \"id\", on_delete = \"Cascade\")]
    pub author: BelongsTo<super::author::Entity>,
    #[sea_orm(belongs_to, from = \"book_id\", to = \"id\", on_delete = \"Cascade\")]
    pub book: BelongsTo<super::book::Entity>,",
);
const ROLE: (&str, &str) = ("role", CREDIT.1);
const PLAIN_BOOK: (&str, &str) = ("book", "pub title: String,");
const CREDIT_ROWS: &[&str] = &[
    "INSERT INTO authors (id, name) VALUES (7, 'Ursula')",
    "INSERT INTO books (id, title) VALUES (3, 'Tehanu')",
    "INSERT INTO credits (author_id, book_id) VALUES (7, 3)",
];
