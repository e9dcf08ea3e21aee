//! Models of many kinds, as the templates of the `web` pack render them.

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
        assert_eq!(error.kind, crate::error::Kind::BadInput);
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
fn handlers_ask_first_who_it_is() {
    for (access, read, write) in [
        (Access::Public, "fn list(State", "fn create(State"),
        (
            Access::ReadOnly,
            "fn list(State",
            "fn create(\n    _: User,\n",
        ),
        (
            Access::Authenticated,
            "fn list(\n    _: User,\n",
            "fn create(\n    _: User,\n",
        ),
        (
            Access::Staff,
            "fn list(\n    _: Staff,\n",
            "fn create(\n    _: Staff,\n",
        ),
    ] {
        let asked = Asked {
            access,
            ..Asked::new("Product", &["body:text"])
        };
        let shown = asked.shown();
        assert!(shown.contains(read), "{read}: {shown}");
        assert!(
            shown.contains(write) || access == Access::Public,
            "{write}: {shown}"
        );
        let secured = shown.matches("security((").count();
        let expected = match access {
            Access::Public => 0,
            Access::ReadOnly => 4,
            _ => 6,
        };
        assert_eq!(secured, expected, "{access:?}");
        let of_users = shown.contains("accounts::testing::tables(schema)");
        assert_eq!(of_users, access != Access::Public, "{shown}");
    }
}

#[test]
fn a_model_beside_users_takes_the_extractor_from_its_own_crate() {
    let mut asked = Asked::new("Note", &["body:text"]);
    asked.access = Access::ReadOnly;
    let text = asked.shown();
    assert!(text.contains("use accounts::User;\nuse axum"), "{text}");
    let request = Request {
        app: "accounts",
        model: "Profile",
        fields: &parse_all(&["body:text".to_owned()]).unwrap(),
        typed: &["body:text".to_owned()],
        key: Key::I64,
        route: None,
        api: true,
        admin: false,
        access: Access::ReadOnly,
        entities: &asked.entities,
        namespace: Namespace::Crates,
    };
    let (model, _) = Model::new(&request).unwrap();
    let pack = Pack::built_in("web").unwrap().unwrap();
    let known = values::of_project("shop", &[Dialect::Sqlite], &pack, &Choices::default());
    let files = pack
        .render("model", &values::with(&known, &model).unwrap())
        .unwrap();
    let api = files
        .iter()
        .find(|file| file.path.starts_with("src/api"))
        .unwrap();
    let text = String::from_utf8(api.contents.clone()).unwrap();
    assert!(
        text.contains("\nuse crate::User;\nuse crate::models::profile::{"),
        "{text}"
    );
    assert_formatted(&text);
}

#[test]
fn who_is_signed_in_is_no_reference_to_nothing() {
    let mut asked = Asked::new("Profile", &["bio:text", "user:one(accounts.User)"]);
    let conflict = "refers_to_nothing_is_a_conflict";
    assert!(asked.shown().contains(conflict));
    asked.access = Access::ReadOnly;
    let shown = asked.shown();
    assert!(!shown.contains(conflict), "{shown}");
    asked.fields = &["author:ref(books.Author)", "user:one(accounts.User)"];
    assert!(asked.shown().contains(conflict));
}

#[test]
fn a_model_that_another_app_has_too() {
    let mut asked = Asked::new("Book", &["status:enum(a,b)", "tags:many(books.Tag)"]);
    asked.entities.push(entity("shop", "Book", &["i64"]));
    asked.route = Some("library-books");
    let shown = asked.shown();
    for part in [
        "#[sea_orm(table_name = \"books_books\")]",
        "#[schema(as = BooksBook)]",
        "#[schema(as = BooksBookInput)]",
        "#[schema(as = BooksBookStatus)]",
        "enum_name = \"books_book_status\"",
        "operation_id = \"list_books_books\"",
        "table_name = \"books_book_tags\"",
        "/api/library-books/{}",
    ] {
        assert!(shown.contains(part), "no {part}\n{shown}");
    }
}

#[test]
fn many_of_a_namesake_in_another_app() {
    let mut asked = Asked::new("Book", &["name:text", "copies:many(shop.Book)"]);
    asked.entities.push(entity("shop", "Book", &["i64"]));
    let shown = asked.shown();
    assert!(
        shown.contains("use shop::models::book as shop_book;"),
        "{shown}"
    );
    assert!(
        shown.contains("shop_book::Entity::find_by_id(copy_id)"),
        "{shown}"
    );
}

#[test]
fn names_that_handlers_use_are_not_shadowed() {
    let shown = Asked::new("Input", &["name:text"]).shown();
    assert!(
        shown.contains("let row = input.into_active_model()"),
        "{shown}"
    );
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

#[test]
fn only_what_is_used_is_imported() {
    let texts = Asked::new("Note", &["body:text"]).shown();
    for absent in [
        "fields::",
        "fields}",
        "equal",
        "Query}",
        "IntoParams",
        "JsonValue",
        "Deserialize, Serialize",
    ] {
        assert!(!texts.contains(absent), "{absent}\n{texts}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn whatever_the_names_rustfmt_agrees(
        model in any_model(),
        fields in any_fields(),
        uuid in any::<bool>(),
        access in any_access(),
    ) {
        let mut fields: Vec<&str> = fields.iter().map(String::as_str).collect();
        if access == Access::Owner {
            fields.push("owner:ref(accounts.User)");
        }
        let key = if uuid { Key::Uuid } else { Key::I64 };
        let asked = Asked { key, access, ..Asked::new(&model, &fields) };
        let users = access != Access::Public || uuid;
        let pages = asked.pages(users).into_iter();
        let pages = pages.filter(|(path, _)| path.ends_with(".rs"));
        let refused = |field: &&str| field.contains(":many(") || field.contains(":bytes");
        let small: Vec<&str> = fields.iter().copied().filter(|field| !refused(field)).collect();
        let modules = Asked {
            key,
            namespace: Namespace::Modules,
            ..Asked::new(&model, &small)
        };
        let modules = if small.is_empty() { Vec::new() } else { modules.files() };
        for (path, text) in asked.files().into_iter().chain(pages).chain(modules) {
            prop_assert!(syn::parse_file(&text).is_ok(), "{path}\n{text}");
            assert_formatted(&text);
        }
    }
}

fn any_access() -> impl Strategy<Value = Access> {
    proptest::sample::select(Access::value_variants())
}

fn any_model() -> impl Strategy<Value = String> {
    "[A-Z][a-z]{2,9}([A-Z][a-z]{2,9}){0,2}x"
}

/// Fields of any type, with names of any length; the last letter keeps them apart.
fn any_fields() -> impl Strategy<Value = Vec<String>> {
    let kinds = REQUIRED.iter().chain(&OPTIONAL).chain(&DEFAULTS);
    let kinds: Vec<&str> = kinds
        .filter_map(|field| Some(field.split_once(':')?.1))
        .collect();
    let more = [
        "ref(books.Tag)",
        "many(books.Tag)",
        "many(people.Person)",
        "ref(people.Person)?",
    ];
    let kinds: Vec<&str> = kinds.into_iter().chain(more).collect();
    let field = (
        "[a-z]{1,14}(_[a-z]{1,9}){0,2}",
        proptest::sample::select(kinds),
    );
    proptest::collection::vec(field, 0..9).prop_map(|fields| {
        let fields = fields.into_iter().enumerate();
        let fields = fields.map(|(index, (name, kind))| format!("{name}{index}z:{kind}"));
        ["own:text".to_owned()].into_iter().chain(fields).collect()
    })
}

/// A name of `length` letters, in words of eight.
fn name_of(length: usize) -> String {
    let letters = (0..length).map(|index| match index % 9 == 8 && index + 1 < length {
        true => '_',
        false => 'q',
    });
    letters.collect()
}

/// Every type with a field's name of some length, and every access with a model's. `LUTHIER_NAMES=1` tries every third
/// length, which takes a quarter of an hour.
#[test]
fn names_of_any_length_are_laid_out_as_rustfmt_does() {
    let every = std::env::var_os("LUTHIER_NAMES").is_some();
    let kinds = REQUIRED.iter().chain(&OPTIONAL).chain(&DEFAULTS);
    let kinds = kinds.filter_map(|field| Some(field.split_once(':')?.1));
    let more = ["ref(books.Tag)", "many(books.Tag)", "many(people.Person)"];
    let kinds: BTreeSet<&str> = kinds.chain(more).collect();
    let mut texts = Vec::new();
    for (index, kind) in kinds.iter().enumerate() {
        for length in lengths(every, index) {
            let field = format!("{}:{kind}", name_of(length));
            texts.extend(texts_of("Book", &[&field, "own:text"], index));
        }
    }
    for index in 0..2 * Access::value_variants().len() {
        let fields: &[&str] = match index % 2 == 0 {
            true => &[
                "title:text",
                "rank:int:index",
                "tags:many(books.Tag)",
                "status:enum(a,b)",
            ],
            false => &[
                "status:enum(a,b)?=a",
                "author:ref(books.Author)?",
                "cover:bytes",
            ],
        };
        for length in lengths(every, index) {
            texts.extend(texts_of(
                &name_of(length).to_upper_camel_case(),
                fields,
                index,
            ));
        }
    }
    assert!(texts.len() > 200, "only {} texts", texts.len());
    assert_all_formatted(&texts);
}

/// The lengths that are tried for the kind at `index`.
fn lengths(every: bool, index: usize) -> Vec<usize> {
    match every {
        true => (1..=61).step_by(3).collect(),
        false => vec![28 + index * 7 % 34],
    }
}

/// The files and pages of a model, by an access and a key that follow from `index`; none where its names are too long.
fn texts_of(model: &str, fields: &[&str], index: usize) -> Vec<String> {
    let accesses = Access::value_variants();
    let access = accesses[index % accesses.len()];
    let mut fields = fields.to_vec();
    if access == Access::Owner {
        fields.push("owner:ref(accounts.User)");
    }
    let uuid = index.is_multiple_of(3);
    let key = if uuid { Key::Uuid } else { Key::I64 };
    let asked = Asked {
        key,
        access,
        admin: true,
        ..Asked::new(model, &fields)
    };
    if asked.build().is_err() {
        return Vec::new();
    }
    let pages = asked.pages(uuid || access != Access::Public).into_iter();
    let pages = pages.filter(|(path, _)| path.ends_with(".rs"));
    let files = asked.files().into_iter().chain(pages);
    files.map(|(_, text)| text).collect()
}
