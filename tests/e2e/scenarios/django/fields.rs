//! Models and their fields.

use super::super::harness::{CHANGE, Ends, Scenario, run};
use super::{AUTHOR, NAMES, ONE_AUTHOR, PLAIN_BOOK, URSULA};

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
