//! Models of many kinds, as the templates of the `web` pack render them.

mod access;
mod layout;
mod namesakes;

use std::collections::BTreeSet;

use clap::ValueEnum;
use heck::ToUpperCamelCase;
use proptest::prelude::*;

use super::*;
use crate::scaffold::entity::{Entity, Namespace};
use crate::scaffold::field::parse_all;
use crate::scaffold::pages::{Pages, Source};
use crate::scaffold::wire::{assert_all_formatted, assert_formatted};
use crate::scaffold::{Choices, Pack, values};
use crate::sql::Dialect;

/// What is asked for, to be changed by a test.
struct Asked<'a> {
    model: &'a str,
    fields: &'a [&'a str],
    key: Key,
    route: Option<&'a str>,
    api: bool,
    admin: bool,
    access: Access,
    namespace: Namespace,
    entities: Vec<Entity>,
}

impl<'a> Asked<'a> {
    /// A model of the app `books`, beside a few others.
    fn new(model: &'a str, fields: &'a [&'a str]) -> Self {
        Self {
            model,
            fields,
            key: Key::I64,
            route: None,
            api: true,
            admin: false,
            access: Access::Public,
            namespace: Namespace::Crates,
            entities: vec![
                entity("accounts", "User", &["i64"]),
                entity("books", "Author", &["i64"]),
                entity("books", "AuthorTag", &["i64", "Uuid"]),
                entity("books", "Tag", &["Uuid"]),
                entity("people", "Person", &["i64"]),
            ],
        }
    }

    fn build(&self) -> Result<(Model, Vec<Junction>)> {
        let typed: Vec<String> = self.fields.iter().map(|text| (*text).to_owned()).collect();
        let fields = parse_all(&typed)?;
        Model::new(&Request {
            app: "books",
            model: self.model,
            fields: &fields,
            typed: &typed,
            key: self.key,
            route: self.route,
            api: self.api,
            admin: self.admin,
            access: self.access,
            entities: &self.entities,
            namespace: self.namespace,
        })
    }

    /// Every file, each by its path.
    fn files(&self) -> Vec<(String, String)> {
        let (model, junctions) = self.build().expect("the model is fine");
        let pack = match self.namespace {
            Namespace::Crates => "web",
            Namespace::Modules => "minimal",
        };
        let pack = Pack::built_in(pack)
            .expect("it is built in")
            .expect("it is sound");
        let known = values::of_project("shop", &[Dialect::Sqlite], &pack, &Choices::default());
        let model = values::with(&known, &model).expect("it is plain data");
        let mut files = pack.render("model", &model).expect("it renders");
        for junction in &junctions {
            let junction = values::with(&known, junction).expect("it is plain data");
            files.extend(pack.render("junction", &junction).expect("it renders"));
        }
        let text = |contents| String::from_utf8(contents).expect("it is text");
        files
            .into_iter()
            .map(|file| (file.path.display().to_string(), text(file.contents)))
            .collect()
    }

    /// The files of its pages, each by its path.
    fn pages(&self, users: bool) -> Vec<(String, String)> {
        let module = self.model.to_snake_case();
        let files = self.files();
        let text = |folder: &str| {
            let path = format!("src/{folder}/{module}.rs");
            let file = files.iter().find(|(other, _)| *other == path);
            file.map(|(_, text)| text.clone()).unwrap_or_default()
        };
        let source = Source {
            app: "books",
            module: &module,
            entity: &text("models"),
            api: &text("api"),
            route: &naming::plural(&module).replace('_', "-"),
            users,
            targets: &[],
            entities: &[],
        };
        let pages = Pages::new(source).expect("they can be made");
        let pack = Pack::built_in("web")
            .expect("it is built in")
            .expect("it is sound");
        let known = values::of_project("shop", &[Dialect::Sqlite], &pack, &Choices::default());
        let values = values::with(&known, &pages).expect("they are plain data");
        let files = pack.render("pages", &values).expect("they render");
        let text = |contents| String::from_utf8(contents).expect("it is text");
        files
            .into_iter()
            .map(|file| (file.path.display().to_string(), text(file.contents)))
            .collect()
    }

    fn shown(&self) -> String {
        let files = self.files();
        for (_, text) in &files {
            assert_formatted(text);
        }
        let shown = files
            .iter()
            .map(|(path, text)| format!("==> {path} <==\n{text}"));
        shown.collect::<Vec<_>>().join("\n")
    }

    /// What is said against it.
    fn refused(&self) -> String {
        let error = self.build().expect_err("it is refused");
        assert_eq!(error.kind, crate::error::ErrorKind::BadInput);
        format!("{error}\n{}", error.hints.join("\n"))
    }
}

fn entity(app: &str, name: &str, key: &[&str]) -> Entity {
    Entity {
        app: app.to_owned(),
        name: name.to_owned(),
        module: name.to_snake_case(),
        table: naming::plural(&name.to_snake_case()),
        schema: name.to_owned(),
        key: key.iter().map(|key| (*key).to_owned()).collect(),
        targets: Vec::new(),
    }
}

const REQUIRED: [&str; 23] = [
    "title:string(200):unique",
    "summary:text",
    "stock:int:index",
    "sold:bigint",
    "rank:smallint",
    "weight:float",
    "score:double",
    "price:decimal(10,2)",
    "available:bool",
    "released:date",
    "opens:time",
    "seen_at:datetime",
    "token:uuid",
    "attributes:json",
    "cover:bytes",
    "contact:email:unique",
    "website:url",
    "slug:slug",
    "status:enum(draft,in-stock,SoldOut)",
    "type:int",
    "page:int",
    "author:ref(books.Author)",
    "editor:one(people.Person,on_delete=cascade)",
];

const OPTIONAL: [&str; 22] = [
    "title:string(200)?:unique",
    "summary:text?",
    "stock:int?",
    "sold:bigint?",
    "rank:smallint?",
    "weight:float?",
    "score:double?",
    "price:decimal(5,5)?",
    "available:bool?",
    "released:date?",
    "opens:time?",
    "seen_at:datetime?",
    "token:uuid?",
    "attributes:json?",
    "cover:bytes?",
    "contact:email?",
    "website:url?",
    "slug:slug?",
    "status:enum(draft,done)?",
    "match:int?",
    "author:ref(books.Author,on_delete=set_null)?",
    "tag:one(books.Tag)?",
];

const DEFAULTS: [&str; 20] = [
    "title:string(200)=it is \"so\" \\ it's",
    "summary:text=none",
    "stock:int=-7",
    "sold:bigint=9223372036854775807",
    "rank:smallint=0",
    "weight:float=1.5",
    "score:double=1e100",
    "price:decimal(10,2)=-9.90",
    "available:bool=true",
    "released:date=2024-02-29",
    "opens:time=13:30",
    "seen_at:datetime=2024-02-29T13:30:00Z",
    "token:uuid=67e55044-10b1-426f-9247-bb680e5fe0c8",
    "contact:email=info@example.com",
    "website:url=https://example.com/",
    "slug:slug=none",
    "status:enum(draft,in-stock)=in-stock",
    "made_on:date=now",
    "made_at:time=now",
    "made:datetime?=now",
];

#[test]
fn the_walk_through() {
    let fields = [
        "title:string(200)",
        "author:string(100)",
        "publication_date:date",
        "isbn:string(20):unique",
        "summary:text",
    ];
    insta::assert_snapshot!(Asked::new("Book", &fields).shown());
}

#[test]
fn every_type_required() {
    insta::assert_snapshot!(Asked::new("Product", &REQUIRED).shown());
}

#[test]
fn every_type_optional() {
    let asked = Asked {
        key: Key::Uuid,
        ..Asked::new("BookReview", &OPTIONAL)
    };
    insta::assert_snapshot!(asked.shown());
}

#[test]
fn every_type_with_a_default() {
    insta::assert_snapshot!(Asked::new("Preset", &DEFAULTS).shown());
}

#[test]
fn a_table_without_an_api() {
    let asked = Asked {
        api: false,
        key: Key::Uuid,
        ..Asked::new("Product", &REQUIRED)
    };
    insta::assert_snapshot!(asked.shown());
}

#[test]
fn a_model_beside_the_other_modules_of_its_app() {
    let kept = REQUIRED.iter().filter(|field| !field.contains(":bytes"));
    let fields: Vec<&str> = kept.copied().collect();
    let asked = Asked {
        namespace: Namespace::Modules,
        ..Asked::new("Product", &fields)
    };
    insta::assert_snapshot!(asked.shown());
}

#[test]
fn many_of_others_and_of_itself() {
    let fields = [
        "name:text",
        "tags:many(books.Tag)",
        "related:many(books.Book)",
        "authors:many(people.Person)",
        "editor:ref(people.Person)?",
        "sequel:one(books.Book)?",
    ];
    insta::assert_snapshot!(Asked::new("Book", &fields).shown());
}

#[test]
fn each_user_has_rows_of_their_own() {
    let fields = [
        "title:string(200)",
        "tags:many(books.Tag)",
        "owner:ref(accounts.User)",
    ];
    let asked = Asked {
        access: Access::Owner,
        ..Asked::new("Book", &fields)
    };
    insta::assert_snapshot!(asked.shown());
}

#[test]
fn pages_of_a_model() {
    let fields = [
        "title:string(20)",
        "author:ref(books.Author)",
        "editor:ref(people.Person)?",
        "cover:bytes?",
        "status:enum(in-stock,sold)",
        "website:url",
        "summary:text",
    ];
    let mut asked = Asked::new("BookReview", &fields);
    let texts = |asked: &Asked<'_>, users| {
        let pages = asked.pages(users).into_iter();
        let shown = pages.map(|(path, text)| format!("==> {path} <==\n{text}"));
        shown.collect::<Vec<_>>().join("\n")
    };
    assert!(!texts(&asked, false).contains("accounts"));
    asked.access = Access::ReadOnly;
    insta::assert_snapshot!(texts(&asked, true));
}

#[test]
fn what_cannot_be_made_is_refused_with_what_to_do() {
    let long = format!("name_{}:enum(a,b)", "x".repeat(40));
    let cases: [(&str, &[&str]); 11] = [
        ("Book", &["author:ref(books.author)"]),
        ("Book", &["author:ref(book.Author)"]),
        ("Book", &["x:ref(shop.Cart)"]),
        ("Book", &["x:one(books.AuthorTag)"]),
        ("Book", &["tags:many(books.Tag)"]),
        ("Active", &["model:enum(a,b)"]),
        ("List", &["query:enum(a,b)"]),
        ("Problem", &["a:int"]),
        ("TagInput", &["a:int"]),
        ("CustomerSubscription", &[&long]),
        (
            "CustomerSubscriptionOfTheVeryBestAndMostFaithfulKindThatThereIs",
            &["a:int"],
        ),
    ];
    let said = cases.map(|(model, fields)| Asked::new(model, fields).refused());
    insta::assert_snapshot!(said.join("\n\n"));
}
