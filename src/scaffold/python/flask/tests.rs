//! Models of SQLAlchemy and their schemas.

use super::super::model::testing::{EVERY_TYPE, assert_refused, made};
use super::*;

#[test]
fn every_type_has_a_column_and_a_schema() {
    let made = made(Model::new, &EVERY_TYPE, &["books.Author", "books.Cover"]).unwrap();
    let columns = made.fields.iter();
    let columns = columns.map(|field| format!("{}: {}", field.name, field.column));
    let inputs = made.inputs.iter();
    let inputs = inputs.map(|field| format!("{}: {}", field.name, field.annotation));
    let lines: Vec<String> = columns.chain([String::new()]).chain(inputs).collect();
    insta::assert_snapshot!(lines.join("\n"));
    let at = made.fields.iter().find(|field| field.name == "at");
    assert_eq!(at.map(|field| &*field.output), Some("fields.Time"));
}

#[test]
fn what_the_pack_does_not_have_is_refused() {
    assert_refused(
        Model::new,
        &[
            (
                "metadata:int",
                "models and schemas have a `metadata` of their own",
            ),
            (
                "model_fields:int",
                "models and schemas have a `model_fields`",
            ),
            ("data:bytes", "this pack keeps no bytes in the database"),
            ("tags:many(books.Book)", "this pack has no `many`"),
        ],
    );
}

#[test]
fn modules_import_what_their_classes_name() {
    let names =
        |stem, text| -> Vec<&str> { imports(stem, text).iter().map(|(name, _)| *name).collect() };
    assert_eq!(
        names("models", "    sold: Mapped[bool]\n"),
        ["Mapped", "db"]
    );
    assert_eq!(
        names(
            "schemas",
            "    out: dt.date\n    price: Decimal = Field(max_digits=2)\n"
        ),
        ["dt", "Decimal", "Field", "fields"]
    );
}

#[test]
fn a_file_of_two_classes_is_taken_apart() {
    let text = "class A(B):\n    class_ = 1\n\n\nclass C:\n    pass\n";
    let found = classes(text);
    assert_eq!(found.len(), 2);
    assert_eq!(
        found[0],
        Class {
            name: "A",
            text: "class A(B):\n    class_ = 1"
        }
    );
    assert_eq!(found[1].name, "C");
}
