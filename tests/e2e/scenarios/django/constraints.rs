//! Indexes, unique keys and checks.

use super::super::harness::{CHANGE, Ends, Scenario, run};
use super::{NAMES, ONE_AUTHOR, PLAIN_BOOK, URSULA};

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
