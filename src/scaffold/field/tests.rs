//! Fields as people type them.

use std::ops::Range;

use proptest::prelude::*;

use super::*;
use crate::error::Error;

fn fields(texts: &[&str]) -> Result<Vec<Field>, FieldError> {
    let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
    parse_all(&texts)
}

fn field(text: &str) -> Field {
    parse(text).unwrap_or_else(|error| panic!("{error}"))
}

fn target(app: &str, model: &str, at: Range<usize>) -> ModelPath {
    ModelPath {
        app: app.into(),
        model: model.into(),
        at,
    }
}

#[test]
fn every_type_is_understood() {
    let cases = [
        ("a:string(200)", FieldType::String { length: 200 }),
        ("a:string(16383)", FieldType::String { length: 16383 }),
        ("a:string", FieldType::String { length: 255 }),
        ("a:text", FieldType::Text),
        ("a:int", FieldType::Int),
        ("a:bigint", FieldType::BigInt),
        ("a:smallint", FieldType::SmallInt),
        ("a:float", FieldType::Float),
        ("a:double", FieldType::Double),
        (
            "a:decimal(10,2)",
            FieldType::Decimal {
                precision: 10,
                scale: 2,
            },
        ),
        (
            "a:decimal( 5 , 5 )",
            FieldType::Decimal {
                precision: 5,
                scale: 5,
            },
        ),
        ("a:bool", FieldType::Bool),
        ("a:date", FieldType::Date),
        ("a:time", FieldType::Time),
        ("a:datetime", FieldType::DateTime),
        ("a:uuid", FieldType::Uuid),
        ("a:json", FieldType::Json),
        ("a:bytes", FieldType::Bytes),
        ("a:email", FieldType::Email),
        ("a:url", FieldType::Url),
        ("a:slug", FieldType::Slug),
        (
            "a:ref(x.Book)",
            FieldType::Ref {
                target: target("x", "Book", 6..12),
                on_delete: OnDelete::Restrict,
            },
        ),
        (
            "a:ref(x.Book, on_delete=cascade)",
            FieldType::Ref {
                target: target("x", "Book", 6..12),
                on_delete: OnDelete::Cascade,
            },
        ),
        (
            "a:one(x.Book)",
            FieldType::One {
                target: target("x", "Book", 6..12),
                on_delete: OnDelete::Restrict,
            },
        ),
        (
            "a:many(x.Book)",
            FieldType::Many {
                target: target("x", "Book", 7..13),
            },
        ),
    ];
    for (text, kind) in cases {
        assert_eq!(field(text).kind, kind, "{text}");
    }
    let FieldType::Enum(variants) = field("a:enum(draft, in-stock,sold_out,v2)").kind else {
        panic!("not an enum");
    };
    let pairs: Vec<_> = variants
        .iter()
        .map(|v| (v.value.as_str(), v.name.as_str()))
        .collect();
    assert_eq!(
        pairs,
        [
            ("draft", "Draft"),
            ("in-stock", "InStock"),
            ("sold_out", "SoldOut"),
            ("v2", "V2")
        ]
    );
}

#[test]
fn every_type_of_the_help_can_be_typed() {
    for (form, meaning) in TYPES {
        let typed = form
            .replace("(n)", "(20)")
            .replace("(p,s)", "(10,2)")
            .replace("app.", "books.");
        assert!(parse(&format!("a:{typed}")).is_ok(), "{form}");
        assert!(!meaning.is_empty());
    }
}

#[test]
fn what_follows_the_type_is_understood() {
    let plain = field("a:int");
    assert!(!plain.nullable && !plain.unique && !plain.index && plain.default.is_none());
    let all = field("a:string(9)?:unique:index=x:y=z");
    assert!(all.nullable && all.unique, "{all:?}");
    assert!(!all.index, "unique has an index");
    assert_eq!(all.default, Some(Default::Text("x:y=z".into())));
    assert!(field("a:int:index").index);
    assert!(field("a:ref(x.B,on_delete=set_null)?").nullable);
}

#[test]
fn defaults_are_kept_in_one_form() {
    let cases = [
        ("a:int=-007", Default::Number("-7".into())),
        (
            "a:bigint=9223372036854775807",
            Default::Number("9223372036854775807".into()),
        ),
        ("a:float=1e3", Default::Number("1000.0".into())),
        ("a:double=2", Default::Number("2.0".into())),
        ("a:decimal(4,2)=09.99", Default::Number("09.99".into())),
        ("a:bool=true", Default::Bool(true)),
        ("a:date=2024-02-29", Default::Text("2024-02-29".into())),
        ("a:date=now", Default::Now),
        ("a:time=13:30", Default::Text("13:30:00".into())),
        (
            "a:datetime=2024-02-29T13:30:00+02:00",
            Default::Text("2024-02-29T11:30:00Z".into()),
        ),
        (
            "a:datetime=2024-02-29T13:30:00.123456789Z",
            Default::Text("2024-02-29T13:30:00.123456Z".into()),
        ),
        ("a:datetime=now", Default::Now),
        (
            "a:uuid=67E55044-10B1-426F-9247-BB680E5FE0C8",
            Default::Text("67e55044-10b1-426f-9247-bb680e5fe0c8".into()),
        ),
        ("a:enum(b,c)=c", Default::Text("c".into())),
        (
            "a:email=info@example.com",
            Default::Text("info@example.com".into()),
        ),
        (
            "a:url=https://example.com/?q=1",
            Default::Text("https://example.com/?q=1".into()),
        ),
        ("a:slug=my-slug_1", Default::Text("my-slug_1".into())),
        ("a:text=it's \"so\"", Default::Text("it's \"so\"".into())),
        ("a:string(3)=äöü", Default::Text("äöü".into())),
        ("a:string(3)=now", Default::Text("now".into())),
    ];
    for (text, default) in cases {
        assert_eq!(field(text).default, Some(default), "{text}");
    }
}

#[test]
fn a_keyword_can_name_a_field() {
    for name in ["type", "order", "match", "async", "yield", "page", "search"] {
        assert_eq!(field(&format!("{name}:int")).name, name);
    }
}

#[test]
fn what_is_wrong_is_shown_where_it_is() {
    let cases = [
        "",
        ":int",
        "title",
        "title:",
        "title=x",
        "título:int",
        "Title:int",
        "publicationDate:date",
        "first-name:text",
        "2nd:int",
        "_a:int",
        "a__b:int",
        "id:int",
        "self:int",
        "📚:int",
        "a b:int",
        "a:strng(20)",
        "a:integer",
        "a:VARCHAR",
        "a:Text",
        "a:foo",
        "a:references(x.Y)",
        "a:string()",
        "a:string(-1)",
        "a:string(0)",
        "a:string(x)",
        "a:string(16384)",
        "a:string(99999999999)",
        "a:string(20",
        "a:string(1,2)",
        "a:int(5)",
        "a:decimal",
        "a:decimal(2)",
        "a:decimal(2,5)",
        "a:decimal(0,0)",
        "a:decimal(29,2)",
        "a:decimal(x,2)",
        "a:decimal(2,99)",
        "a:enum",
        "a:enum()",
        "a:enum(,)",
        "a:enum(x,x)",
        "a:enum(in-stock,in_stock)",
        "a:enum(x,2y)",
        "a:enum(self)",
        "a:enum(a b)",
        "a:ref",
        "a:ref(Book)",
        "a:ref(x.Book,cascade)",
        "a:ref(x.Book,on_delete=delete)",
        "a:ref(x.Book,on_delete=cascad)",
        "a:ref(x.Book,on_delete=set_null):unique",
        "a:many(x.Y,z)",
        "a:ref(.Book)",
        "a:ref(a.b.C)",
        "a:int:uniqe",
        "a:int:nullable",
        "a:int:foo",
        "a:int:unique:unique",
        "a:int:unique?",
        "a:int??",
        "a:int)x",
        "a:string(2)x",
        "a:many(x.Y):unique",
        "a:many(x.Y)?",
        "a:many(x.Y)=1",
        "a:json:index",
        "a:bytes:unique",
        "a:int=",
        "a:int=abc",
        "a:int=2147483648",
        "a:smallint=1.5",
        "a:string(3)=long",
        "a:float=1e39",
        "a:double=inf",
        "a:double=x",
        "a:decimal(4,2)=100.0",
        "a:decimal(4,2)=1.234",
        "a:decimal(4,2)=1.",
        "a:bool=yes",
        "a:date=2024-02-30",
        "a:date=29.2.2024",
        "a:time=25:00",
        "a:datetime=2024-02-29",
        "a:uuid=x",
        "a:enum(draft,done)=drft",
        "a:enum(b)=zzz",
        "a:json={}",
        "a:bytes=x",
        "a:ref(x.B)=1",
        "a:email=x",
        "a:url=example.com",
        "a:slug=a b",
        "a:string(9)=a\tb",
    ];
    let mut said = String::new();
    for text in cases {
        let error = parse(text).expect_err(text);
        said.push_str(&format!(
            "{error}\n{}\n\n",
            error.hint.as_deref().unwrap_or("(no hint)")
        ));
    }
    insta::assert_snapshot!(said);
}

#[test]
fn fields_that_clash_are_shown() {
    let cases: [&[&str]; 6] = [
        &["title:int", "title:text"],
        &["author:ref(x.Y)", "author:text"],
        &["author:ref(x.Y)", "author_id:int"],
        &["author_id:int", "author:one(x.Y)"],
        &["author_id:ref(x.Y)"],
        &["line_2:text", "line2:text"],
    ];
    let said = cases.map(|texts| {
        let error = fields(texts).expect_err("they clash");
        format!(
            "{error}\n{}\n",
            error.hint.as_deref().unwrap_or("(no hint)")
        )
    });
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn an_error_is_bad_input_with_its_hint() {
    let error = Error::from(parse("a:strng").expect_err("no such type"));
    assert_eq!(error.kind, crate::error::ErrorKind::BadInput);
    assert_eq!(error.hints, ["did you mean `string(n)`?"]);
}

proptest! {
    #[test]
    fn nothing_typed_makes_it_panic(text in "[a-c_é]{0,3}[:=?(]?(string|decimal|enum|ref|int)?[(]?[a-z0-9.,é= -]{0,8}[)?:=]{0,3}(unique|index|x)?[=:?é]{0,2}[a-z0-9é.-]{0,4}") {
        if let Err(error) = parse(&text) {
            let _ = error.to_string();
            prop_assert!(text.get(error.at.clone()).is_some(), "{:?} is not in {:?}", error.at, text);
        }
    }
}

#[test]
fn a_hint_lists_few_names_and_of_many_the_nearest() {
    let few = ["books.Author", "books.Book"];
    assert_eq!(
        listed("models", "books.Boot", &few),
        "the models are books.Author, books.Book"
    );
    let many: Vec<String> = (1..=160).map(|n| format!("books.Book{n}")).collect();
    assert_eq!(
        listed("models", "books.book15", &many),
        "the nearest of 160 models are books.Book15, books.Book1, books.Book5, books.Book10, books.Book11"
    );
}
