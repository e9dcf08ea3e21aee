//! The difference of two schemas: renames, values of enums, and what rows need.

use super::*;

/// Operations between two schemas, every question about rows answered with NULL.
fn between(before: &Schema, after: &Schema) -> Vec<Operation> {
    diff(before, after, &Renames::default(), &Fills::new()).expect("nothing was renamed")
}

fn folded(before: &Schema, operations: &[Operation]) -> Schema {
    let mut state = before.clone();
    for operation in operations {
        operation.apply(&mut state).expect("operations fit");
    }
    state
}

proptest! {
    #[test]
    fn a_diff_leads_from_one_schema_to_the_other(a in schema(), b in schema()) {
        let operations = between(&a, &b);
        let after = folded(&a, &operations);
        prop_assert!(after.same_as(&b), "{operations:#?}");
        prop_assert!(between(&after, &b).is_empty());
        let text = serde_json::to_string(&operations).unwrap();
        let read: Vec<Operation> = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(&read, &operations);
    }

    #[test]
    fn the_inverse_leads_back(a in schema(), b in schema()) {
        let operations = between(&a, &b);
        let (after, inverse) = write::inverted(&a, &operations).unwrap();
        prop_assert!(folded(&after, &inverse).same_as(&a), "{inverse:#?}");
    }
}

fn described(before: &Schema, after: &Schema, renames: &Renames) -> Result<String, String> {
    let operations = diff(before, after, renames, &Fills::new())?;
    let mut state = before.clone();
    let mut lines = Vec::new();
    for operation in &operations {
        lines.push(operation.describe(&state));
        operation.apply(&mut state)?;
    }
    assert!(state.same_as(after), "{lines:?}");
    Ok(lines.join("; "))
}

#[test]
fn renames_are_taken_as_said_and_swaps_go_around() {
    let before = schema_with(&[table("books", &["id", "a", "b"]), table("tags", &["id"])]);
    let after = schema_with(&[table("works", &["id", "b", "a"]), table("tags", &["id"])]);
    let mut renames = Renames::default();
    renames.tables.insert("books".into(), "works".into());
    assert_eq!(
        described(&before, &after, &renames).as_deref(),
        Ok("Rename table books to works")
    );
    renames.add_column("works", "a", "b");
    renames.add_column("works", "b", "a");
    assert_eq!(
        described(&before, &after, &renames).as_deref(),
        Ok(
            "Rename table books to works; Rename column works.a to a__renamed; \
            Rename column works.b to a; Rename column works.a__renamed to b"
        )
    );
    renames.add_column("works", "c", "d");
    assert_eq!(
        described(&before, &after, &renames).unwrap_err(),
        "there was no column `works.c` to rename"
    );
}

#[test]
fn an_index_that_follows_a_renamed_column_is_renamed() {
    let index = |name: &str, column: &str| crate::schema::Index {
        name: name.into(),
        columns: vec![column.into()],
        unique: false,
    };
    let mut old = table("books", &["id", "name"]);
    old.add_index(index("idx-books-name", "name"));
    let mut new = table("books", &["id", "title"]);
    new.add_index(index("idx-books-title", "title"));
    let mut renames = Renames::default();
    renames.add_column("books", "name", "title");
    assert_eq!(
        described(&schema_with(&[old]), &schema_with(&[new]), &renames).as_deref(),
        Ok(
            "Rename column books.name to title; Rename index idx-books-name of books to idx-books-title"
        )
    );
}

#[test]
fn what_may_be_a_rename_is_asked_likeliest_first() {
    let before = schema_with(&[
        table("books", &["id", "titel", "pages"]),
        table("logs", &["id"]),
    ]);
    let after = schema_with(&[table("books", &["id", "title"]), table("logs", &["id"])]);
    let found = questions(&before, &after, &Renames::default());
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].new, "title");
    assert_eq!(found[0].candidates, ["titel", "pages"]);
    // A table comes first: the answer decides which columns are compared.
    let after = schema_with(&[
        table("works", &["id", "titel", "pages"]),
        table("logs", &["id"]),
    ]);
    let found = questions(&before, &after, &Renames::default());
    assert_eq!(found[0].of, Of::Tables);
    assert_eq!(found[0].candidates, ["books"]);
    // Nothing went away, or nothing came: nothing to ask.
    assert!(questions(&before, &schema_with(&[]), &Renames::default()).is_empty());
    assert!(questions(&schema_with(&[]), &before, &Renames::default()).is_empty());
}

#[test]
fn the_default_of_an_array_of_an_enum_goes_only_with_a_value_in_it() {
    let schema = |values: &[&str], default: &str| {
        let kind = EnumType {
            name: "mood".into(),
            values: values.iter().map(|value| (*value).to_owned()).collect(),
        };
        let column = Column {
            default: Some(crate::schema::Default::Text(default.into())),
            ..Column::new(
                "moods",
                ColumnType::Array(Box::new(ColumnType::Enum("mood".into()))),
            )
        };
        let table = Table {
            name: "people".into(),
            columns: vec![column],
            ..Table::default()
        };
        let mut schema = Schema::default();
        schema.enums.insert("mood".into(), kind);
        schema.tables.insert("people".into(), table);
        schema
    };
    let none = Renames::default();
    for default in ["{}", "{happy}", r#"{happy,"so, so"}"#] {
        let before = schema(&["happy", "sad", "so, so"], default);
        assert_eq!(described(&before, &before, &none).as_deref(), Ok(""));
        let after = schema(&["happy", "so, so"], default);
        assert_eq!(
            described(&before, &after, &none).as_deref(),
            Ok("Change enum mood to (happy, so, so)")
        );
    }
    let before = schema(&["happy", "sad"], "{happy,sad}");
    let after = schema(&["happy"], "{happy}");
    let steps = described(&before, &after, &none).unwrap();
    assert!(steps.starts_with("Change column people.moods"), "{steps}");
}

#[test]
fn values_of_enums_are_renamed_as_said_and_asked_about() {
    let mood = |values: &[&str]| {
        let kind = EnumType {
            name: "mood".into(),
            values: values.iter().map(|value| (*value).to_owned()).collect(),
        };
        let mut schema = Schema::default();
        schema.enums.insert("mood".into(), kind);
        schema
    };
    let (before, after) = (
        mood(&["happy", "sad", "low"]),
        mood(&["happy", "saddest", "low"]),
    );
    let found = questions(&before, &after, &Renames::default());
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].of, Of::Values("mood".into()));
    assert_eq!(
        (found[0].new.as_str(), &*found[0].candidates),
        ("saddest", &["sad".to_owned()][..])
    );
    let said = |renamed: &[(&str, &str)]| {
        let mut renames = Renames::default();
        for (from, to) in renamed {
            renames.add_value("mood", from, to);
        }
        renames
    };
    let renames = said(&[("sad", "saddest")]);
    assert!(questions(&before, &after, &renames).is_empty());
    assert_eq!(
        described(&before, &after, &renames).as_deref(),
        Ok("Change enum mood to (happy, saddest, low); sad is now saddest")
    );
    // Only more, or only fewer: nothing to ask.
    assert!(questions(&before, &mood(&["happy"]), &Renames::default()).is_empty());
    assert!(questions(&mood(&["happy"]), &before, &Renames::default()).is_empty());
    for (renamed, expected) in [
        (
            &[("bad", "saddest")][..],
            "the enum `mood` had no value `bad` to rename",
        ),
        (
            &[("low", "saddest")],
            "the value `low` of the enum `mood` is still there: it was not renamed",
        ),
        (&[("sad", "worse")], "the enum `mood` has no value `worse`"),
        (
            &[("sad", "happy")],
            "two values of the enum `mood` cannot become the one value `happy`",
        ),
    ] {
        assert_eq!(
            described(&before, &after, &said(renamed)),
            Err(expected.to_owned())
        );
    }
}

#[test]
fn a_hint_counts_until_the_old_name_is_gone() {
    let hints = [ColumnRename {
        table: "books".into(),
        old: "name".into(),
        new: "title".into(),
    }];
    let after = schema_with(&[table("books", &["id", "title"])]);
    for (columns, expected) in [(["id", "name"], 1), (["id", "title"], 0)] {
        let mut renames = Renames::default();
        let before = schema_with(&[table("books", &columns)]);
        renames.add_hints(&hints, (&before, &after), &BTreeSet::new());
        assert_eq!(renames.columns.len(), expected);
    }
}

#[test]
fn rows_that_exist_need_values() {
    let before = schema_with(&[table("books", &["id"])]);
    let after = schema_with(&[table("books", &["id", "pages"]), table("new", &["id", "x"])]);
    let operations = between(&before, &after);
    assert_eq!(
        unanswered(&before, &operations),
        [("books".to_owned(), "pages".to_owned())]
    );
}
