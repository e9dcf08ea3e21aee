//! Foreign keys and junctions.

use super::super::harness::{CHANGE, Ends, Scenario, run};
use super::{
    AUTHOR, BOOK, BOTH, BOTH_ROWS, CREDIT, CREDIT_ROWS, JOINED, NAMES, ONE_AUTHOR, PLAIN_BOOK,
    ROLE, URSULA,
};

#[test_with::env(LUTHIER_TEST_POSTGRES, LUTHIER_TEST_MYSQL)]
#[test]
fn relations() {
    run(&[
        Scenario {
            name: "fk_dependency",
            before: AUTHOR,
            after: BOTH,
            rows: URSULA,
            ends: Ends::Changed {
                after: NAMES,
                back: NAMES,
            },
            ..CHANGE
        },
        Scenario {
            name: "rename_model_with_renamed_rel_field",
            before: BOTH,
            after: &[
                ("writer", "pub name: String,"),
                (
                    "book",
                    "pub title: String, pub writer_id: i64,
                    #[sea_orm(belongs_to, from = \"writer_id\", to = \"id\")]
                    pub writer: BelongsTo<super::writer::Entity>,",
                ),
            ],
            args: &[
                "--rename-table",
                "authors=writers",
                "--rename",
                "books.author_id=writer_id",
            ],
            rows: BOTH_ROWS,
            ends: Ends::Changed {
                after: (
                    "SELECT concat(name, ': ', title) FROM writers JOIN books ON writer_id = writers.id",
                    &["Ursula: Tehanu"],
                ),
                back: JOINED,
            },
            ..CHANGE
        },
        Scenario {
            name: "rename_model_with_fks_in_different_position",
            before: &[
                ONE_AUTHOR,
                (
                    "book",
                    "pub title: String, pub author_id: i64,
                    #[sea_orm(belongs_to, from = \"author_id\", to = \"id\")]
                    pub author: BelongsTo<super::author::Entity>,
                    pub part: i32,",
                ),
            ],
            after: &[
                ONE_AUTHOR,
                (
                    "tome",
                    "pub part: i32, pub author_id: i64,
                    #[sea_orm(belongs_to, from = \"author_id\", to = \"id\")]
                    pub author: BelongsTo<super::author::Entity>,
                    pub title: String,",
                ),
            ],
            args: &["--rename-table", "books=tomes"],
            rows: &[
                "INSERT INTO authors (id, name) VALUES (7, 'Ursula')",
                "INSERT INTO books (title, author_id, part) VALUES ('Tehanu', 7, 4)",
            ],
            ends: Ends::Changed {
                after: (
                    "SELECT title FROM tomes WHERE author_id = 7 AND part = 4",
                    &["Tehanu"],
                ),
                back: (
                    "SELECT title FROM books WHERE author_id = 7 AND part = 4",
                    &["Tehanu"],
                ),
            },
            ..CHANGE
        },
        Scenario {
            name: "rename_referenced_primary_key",
            before: BOTH,
            after: &[
                (
                    "author",
                    "#[sea_orm(primary_key)] pub number: i64, pub name: String,",
                ),
                (
                    "book",
                    "pub title: String, pub author_id: i64,
                    #[sea_orm(belongs_to, from = \"author_id\", to = \"number\")]
                    pub author: BelongsTo<super::author::Entity>,",
                ),
            ],
            args: &["--rename", "authors.id=number"],
            rows: BOTH_ROWS,
            ends: Ends::Changed {
                after: (
                    "SELECT concat(name, ': ', title) FROM authors JOIN books ON author_id = number",
                    &["Ursula: Tehanu"],
                ),
                back: JOINED,
            },
            ..CHANGE
        },
        Scenario {
            name: "rename_field_foreign_key_to_field",
            before: &[
                (
                    "author",
                    "#[sea_orm(unique)] pub code: i32, pub name: String,",
                ),
                (
                    "book",
                    "pub author_code: i32,
                    #[sea_orm(belongs_to, from = \"author_code\", to = \"code\")]
                    pub author: BelongsTo<super::author::Entity>,",
                ),
            ],
            after: &[
                (
                    "author",
                    "#[sea_orm(unique)] pub key: i32, pub name: String,",
                ),
                (
                    "book",
                    "pub author_code: i32,
                    #[sea_orm(belongs_to, from = \"author_code\", to = \"key\")]
                    pub author: BelongsTo<super::author::Entity>,",
                ),
            ],
            args: &["--rename", "authors.code=key"],
            rows: &[
                "INSERT INTO authors (code, name) VALUES (5, 'Ursula')",
                "INSERT INTO books (author_code) VALUES (5)",
            ],
            ends: Ends::Changed {
                after: NAMES,
                back: NAMES,
            },
            ..CHANGE
        },
        Scenario {
            name: "rename_m2m_through_model",
            before: &[ONE_AUTHOR, PLAIN_BOOK, CREDIT],
            after: &[ONE_AUTHOR, PLAIN_BOOK, ROLE],
            args: &["--rename-table", "credits=roles"],
            rows: CREDIT_ROWS,
            ends: Ends::Changed {
                after: (
                    "SELECT name FROM authors JOIN roles ON author_id = id",
                    &["Ursula"],
                ),
                back: (
                    "SELECT name FROM authors JOIN credits ON author_id = id",
                    &["Ursula"],
                ),
            },
            ..CHANGE
        },
        Scenario {
            name: "many_to_many_removed_before_through_model",
            before: &[ONE_AUTHOR, PLAIN_BOOK, CREDIT],
            after: &[ONE_AUTHOR, PLAIN_BOOK],
            args: &["--allow-drop"],
            rows: CREDIT_ROWS,
            ends: Ends::Changed {
                after: NAMES,
                back: NAMES,
            },
            ..CHANGE
        },
        Scenario {
            name: "concrete_field_changed_to_many_to_many",
            before: BOTH,
            after: &[ONE_AUTHOR, PLAIN_BOOK, CREDIT],
            args: &["--allow-drop"],
            rows: URSULA,
            ends: Ends::Changed {
                after: NAMES,
                back: NAMES,
            },
            ..CHANGE
        },
        Scenario {
            name: "foreign_key_removed_before_target_model",
            before: BOTH,
            after: &[PLAIN_BOOK],
            args: &["--allow-drop"],
            rows: &[],
            says: &["- Drop table authors"],
            ..CHANGE
        },
        Scenario {
            name: "non_circular_foreignkey_dependency_removal",
            before: BOTH,
            after: &[],
            args: &["--allow-drop"],
            rows: BOTH_ROWS,
            ..CHANGE
        },
        Scenario {
            name: "alter_fk_before_model_deletion",
            before: &[ONE_AUTHOR, ("writer", "pub name: String,"), BOOK],
            after: &[
                ("writer", "pub name: String,"),
                (
                    "book",
                    "pub title: String, pub author_id: i64,
                    #[sea_orm(belongs_to, from = \"author_id\", to = \"id\")]
                    pub author: BelongsTo<super::writer::Entity>,",
                ),
            ],
            args: &["--allow-drop"],
            rows: &["INSERT INTO writers (id, name) VALUES (7, 'Ursula')"],
            ends: Ends::Changed {
                after: ("SELECT name FROM writers", &["Ursula"]),
                back: ("SELECT name FROM writers", &["Ursula"]),
            },
            ..CHANGE
        },
    ]);
}
