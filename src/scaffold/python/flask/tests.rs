//! Models of SQLAlchemy and their schemas.

use super::*;
use crate::scaffold::field;

fn model(typed: &[&str], models: &[&str]) -> Result<Model> {
    let typed: Vec<String> = typed.iter().map(|field| (*field).to_owned()).collect();
    let models: Vec<String> = models.iter().map(|model| (*model).to_owned()).collect();
    Model::new(&Request {
        app: "books",
        model: "Book",
        fields: &field::parse_all(&typed)?,
        typed: &typed,
        route: None,
        models: &models,
    })
}

#[test]
fn every_type_has_a_column_and_a_schema() {
    let typed = [
        "title:string(200)",
        "isbn:string(20):unique",
        "summary:text?",
        "pages:int:index",
        "size:bigint=1",
        "rank:smallint",
        "weight:float",
        "ratio:double",
        "price:decimal(10,2)=9.90",
        "sold:bool=false",
        "out:date",
        "at:time",
        "made:datetime=now",
        "read:datetime?",
        "key:uuid",
        "more:json",
        "mail:email",
        "site:url",
        "slug:slug:unique",
        "status:enum(draft,sold-out)=draft",
        "author:ref(books.Author,on_delete=cascade)",
        "editor:ref(books.Author,on_delete=set_null)?",
        "cover:one(books.Cover)",
    ];
    let made = model(&typed, &["books.Author", "books.Cover"]).unwrap();
    let columns = made.fields.iter();
    let columns = columns.map(|field| format!("{}: {}", field.name, field.column));
    let inputs = made.inputs.iter();
    let inputs = inputs.map(|field| format!("{}: {}", field.name, field.annotation));
    let lines: Vec<String> = columns.chain([String::new()]).chain(inputs).collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn what_the_pack_does_not_have_is_refused() {
    for (typed, expected) in [
        (
            "metadata:int",
            "models and schemas have a `metadata` of their own",
        ),
        (
            "model_fields:int",
            "models and schemas have a `model_fields`",
        ),
        ("lambda:int", "is a Python keyword"),
        ("data:bytes", "this pack keeps no bytes in the database"),
        ("tags:many(books.Book)", "this pack has no `many`"),
        (
            "author:ref(books.Author)",
            "there is no model `books.Author`",
        ),
    ] {
        let error = model(&[typed], &[]).unwrap_err();
        assert!(error.to_string().contains(expected), "{typed}: {error}");
    }
    assert!(model(&["parent:ref(books.Book)?"], &[]).is_ok());
}

#[test]
fn modules_import_what_their_classes_name() {
    let names =
        |stem, text| -> Vec<&str> { imports(stem, text).iter().map(|(name, _)| *name).collect() };
    assert_eq!(
        names("models", "    sold: Mapped[bool]\n"),
        ["Mapped", "mapped_column", "db"]
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
