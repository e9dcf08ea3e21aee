//! The scenarios of Django's own autodetector, by the names of its tests. What SeaORM has no notion of (managers, proxies,
//! swapped models, order with respect to) has no counterpart.

use super::harness::{CHANGE, Ends, Entities, Scenario, run};

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

#[test_with::env(LUTHIER_TEST_POSTGRES, LUTHIER_TEST_MYSQL)]
#[test]
fn models_and_fields() {
    run(&[
        Scenario {
            name: "new_model",
            before: AUTHOR,
            after: &[ONE_AUTHOR, PLAIN_BOOK],
            rows: URSULA,
            says: &["+ Create table books"],
            ends: Ends::Changed {
                after: NAMES,
                back: NAMES,
            },
            ..CHANGE
        },
        Scenario {
            name: "old_model",
            before: &[ONE_AUTHOR, PLAIN_BOOK],
            after: AUTHOR,
            args: &["--allow-drop"],
            rows: URSULA,
            says: &["- Drop table books"],
            ends: Ends::Changed {
                after: NAMES,
                back: NAMES,
            },
        },
        Scenario {
            name: "remove_field",
            before: &[("author", "pub name: String, pub age: i32,")],
            after: AUTHOR,
            args: &["--allow-drop"],
            rows: &["INSERT INTO authors (name, age) VALUES ('Ursula', 88)"],
            ends: Ends::Changed {
                after: NAMES,
                back: NAMES,
            },
            ..CHANGE
        },
        Scenario {
            name: "alter_field",
            before: AUTHOR,
            after: &[(
                "author",
                "#[sea_orm(column_type = \"Text\")] pub name: String,",
            )],
            rows: URSULA,
            ends: Ends::Changed {
                after: NAMES,
                back: NAMES,
            },
            ..CHANGE
        },
        Scenario {
            name: "alter_field_to_not_null_with_default",
            before: &[("author", "pub name: Option<String>,")],
            after: &[(
                "author",
                "#[sea_orm(default_value = \"Ursula\")] pub name: String,",
            )],
            rows: &["INSERT INTO authors (id) VALUES (1)"],
            ends: Ends::Changed {
                after: NAMES,
                back: NAMES,
            },
            ..CHANGE
        },
        Scenario {
            name: "alter_field_to_not_null_oneoff_default",
            before: &[("author", "pub name: Option<String>,")],
            after: AUTHOR,
            args: &["--default", "authors.name='Ursula'"],
            rows: &["INSERT INTO authors (id) VALUES (1)"],
            ends: Ends::Changed {
                after: NAMES,
                back: NAMES,
            },
            ..CHANGE
        },
        Scenario {
            name: "add_auto_field_does_not_request_default",
            before: &[(
                "author",
                "#[sea_orm(primary_key, auto_increment = false)] pub name: String,",
            )],
            after: AUTHOR,
            rows: &["INSERT INTO authors (name) VALUES ('Ursula')"],
            ends: Ends::Changed {
                after: NAMES,
                back: NAMES,
            },
            ..CHANGE
        },
        Scenario {
            name: "rename_field_preserved_db_column",
            before: AUTHOR,
            after: &[(
                "author",
                "#[sea_orm(column_name = \"name\")] pub full_name: String,",
            )],
            ends: Ends::Nothing,
            ..CHANGE
        },
        Scenario {
            name: "keep_db_table_with_model_change",
            before: AUTHOR,
            after: &[("writer", "// table: authors\npub name: String,")],
            ends: Ends::Nothing,
            ..CHANGE
        },
        Scenario {
            name: "rename_model_case",
            before: &[("author", "// table: Authors\npub name: String,")],
            after: AUTHOR,
            args: &["--rename-table", "Authors=authors"],
            ..CHANGE
        },
        Scenario {
            name: "rename_field case",
            before: &[(
                "author",
                "#[sea_orm(column_name = \"Name\")] pub name: String,",
            )],
            after: AUTHOR,
            args: &["--rename", "authors.Name=authors.name"],
            ..CHANGE
        },
        Scenario {
            name: "add_composite_pk",
            before: &[("author", "pub name: String, pub country: i32,")],
            after: &[(
                "author",
                "#[sea_orm(primary_key, auto_increment = false)] pub id: i64, pub name: String, #[sea_orm(primary_key, auto_increment = false)] pub country: i32,",
            )],
            rows: &["INSERT INTO authors (name, country) VALUES ('Ursula', 1)"],
            ends: Ends::Changed {
                after: NAMES,
                back: NAMES,
            },
            ..CHANGE
        },
        Scenario {
            name: "create_model_with_check_constraint",
            before: &[],
            after: &[(
                "author",
                "#[sea_orm(extra = \"CHECK (age > 0)\")] pub age: i32,",
            )],
            ..CHANGE
        },
        Scenario {
            name: "rename_field_with_renamed_model",
            before: AUTHOR,
            after: &[("writer", "pub full_name: String,")],
            args: &[
                "--rename-table",
                "authors=writers",
                "--rename",
                "writers.name=full_name",
            ],
            rows: URSULA,
            ends: Ends::Changed {
                after: ("SELECT full_name FROM writers", &["Ursula"]),
                back: NAMES,
            },
            ..CHANGE
        },
    ]);
}

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

#[test_with::env(LUTHIER_TEST_POSTGRES, LUTHIER_TEST_MYSQL)]
#[test]
fn indexes_and_constraints() {
    run(&[
        Scenario {
            name: "rename_indexes",
            before: &[("author", "#[sea_orm(unique_key = \"a\")] pub name: String,")],
            after: &[("author", "#[sea_orm(unique_key = \"b\")] pub name: String,")],
            rows: URSULA,
            says: &["~ Rename index idx-authors-a of authors to idx-authors-b"],
            ends: Ends::Changed { after: NAMES, back: NAMES },
            ..CHANGE
        },
        Scenario {
            name: "unique_together_ordering",
            before: &[("author", "#[sea_orm(unique_key = \"k\")] pub name: String, #[sea_orm(unique_key = \"k\")] pub age: i32,")],
            after: &[("author", "#[sea_orm(unique_key = \"k\")] pub age: i32, #[sea_orm(unique_key = \"k\")] pub name: String,")],
            rows: &["INSERT INTO authors (name, age) VALUES ('Ursula', 88)"],
            ends: Ends::Changed { after: NAMES, back: NAMES },
            ..CHANGE
        },
        Scenario {
            name: "rename_field_and_unique_together",
            before: &[("author", "pub name: String, #[sea_orm(unique_key = \"k\")] pub code: i32, #[sea_orm(unique_key = \"k\")] pub age: i32,")],
            after: &[("author", "pub name: String, #[sea_orm(unique_key = \"k\")] pub number: i32, #[sea_orm(unique_key = \"k\")] pub age: i32,")],
            args: &["--rename", "authors.code=number"],
            rows: &["INSERT INTO authors (name, code, age) VALUES ('Ursula', 1, 88)"],
            ends: Ends::Changed { after: NAMES, back: NAMES },
            ..CHANGE
        },
        Scenario {
            name: "remove_field_and_unique_together",
            before: &[("author", "pub name: String, #[sea_orm(unique_key = \"k\")] pub code: Option<i32>, #[sea_orm(unique_key = \"k\")] pub age: i32,")],
            after: &[("author", "pub name: String, #[sea_orm(unique_key = \"k\")] pub age: i32,")],
            args: &["--allow-drop"],
            rows: &["INSERT INTO authors (name, code, age) VALUES ('Ursula', 1, 88)"],
            ends: Ends::Changed { after: NAMES, back: NAMES },
            ..CHANGE
        },
        Scenario {
            name: "unique_together_remove_fk",
            before: &[
                ONE_AUTHOR,
                ("book", "#[sea_orm(unique_key = \"k\")] pub title: String, #[sea_orm(unique_key = \"k\")] pub author_id: i64,
                    #[sea_orm(belongs_to, from = \"author_id\", to = \"id\")]
                    pub author: BelongsTo<super::author::Entity>,"),
            ],
            after: &[ONE_AUTHOR, PLAIN_BOOK],
            args: &["--allow-drop"],
            rows: URSULA,
            ends: Ends::Changed { after: NAMES, back: NAMES },
            ..CHANGE
        },
        Scenario {
            name: "same_app_circular_fk_dependency_with_unique_together_and_indexes",
            before: &[],
            after: &[
                ("author", "#[sea_orm(indexed)] pub name: String, pub best_id: Option<i64>,
                    #[sea_orm(belongs_to, from = \"best_id\", to = \"id\")]
                    pub best: BelongsTo<Option<super::book::Entity>>,"),
                ("book", "#[sea_orm(unique_key = \"k\")] pub title: String, #[sea_orm(unique_key = \"k\")] pub author_id: i64,
                    #[sea_orm(belongs_to, from = \"author_id\", to = \"id\")]
                    pub author: BelongsTo<super::author::Entity>,"),
            ],
            ..CHANGE
        },
        Scenario {
            name: "constraint_dropped_and_recreated",
            before: &[("author", "pub name: String, #[sea_orm(extra = \"CHECK (age > 0)\")] pub age: i32,")],
            after: &[("author", "pub name: String, #[sea_orm(extra = \"CHECK (age > 1)\")] pub age: i32,")],
            says: &["`authors.age`: `extra` changed, and what it says cannot be known"],
            ends: Ends::Refuses(2),
            ..CHANGE
        },
    ]);
}
