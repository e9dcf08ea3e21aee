//! Entities as schemas: an example of everything, and what is said of what cannot be read.

mod any_source;
mod brought_in;
mod columns;
mod written_by_others;

use proptest::prelude::*;

use super::*;
use crate::schema::ColumnRename;

/// A crate of `files`: `("models/book.rs", "…")`, with `lib.rs` and module files written for it.
fn sources(crate_name: &str, files: &[(&str, &str)]) -> Sources {
    let files: Vec<Source> = files
        .iter()
        .map(|(path, text)| Source {
            crate_name: crate_name.into(),
            root: format!("apps/{crate_name}/src"),
            path: format!("apps/{crate_name}/src/{path}"),
            role: Role::usual("", path),
            text: (*text).into(),
            features: Features::new(["default".to_owned(), "on".to_owned()].into()),
        })
        .collect();
    files.into()
}

/// One entity in `lib.rs`, its fields given.
fn one(fields: &str) -> Sources {
    let text = format!(
        "use sea_orm::entity::prelude::*;\n\
         #[sea_orm::model]\n\
         #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]\n\
         #[sea_orm(table_name = \"things\")]\n\
         pub struct Model {{\n\
             #[sea_orm(primary_key)]\n    pub id: i64,\n{fields}\n}}\n"
    );
    sources("things", &[("lib.rs", &text)])
}

fn errors(sources: &Sources) -> String {
    let errors = read(sources).expect_err("this must be refused");
    errors
        .iter()
        .map(Diagnostic::to_string)
        .collect::<Vec<_>>()
        .join("\n\n")
}

fn schema(sources: &Sources) -> Schema {
    match read(sources) {
        Ok(entities) => entities.schema,
        Err(errors) => panic!(
            "{}",
            errors.iter().map(|e| format!("{e}\n")).collect::<String>()
        ),
    }
}

const AUTHOR: &str = r#"
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Enum", enum_name = "mood")]
pub enum Mood {
    #[sea_orm(string_value = "happy")]
    Happy,
    #[sea_orm(string_value = "so-so")]
    SoSo,
}

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "authors", comment = "People who write")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AuthorId,
    #[sea_orm(indexed, renamed_from = "full_name")]
    pub name: String,
    pub mood: Option<Mood>,
    #[sea_orm(ignore)]
    pub cached: Vec<(u8, u8)>,
    #[sea_orm(has_many)]
    pub books: HasMany<super::book::Entity>,
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveValueType)]
pub struct AuthorId(pub Uuid);
"#;

const BOOK: &str = r#"
use sea_orm::entity::prelude::*;
use crate::kinds::{Status, Price};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, ToSchema)]
#[sea_orm(table_name = "books")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    #[sea_orm(column_type = "String(StringLen::N(200))", unique_key = "work")]
    pub title: String,
    #[sea_orm(unique, column_type = "String(StringLen::N(20))")]
    pub isbn: String,
    #[sea_orm(column_type = "Text")]
    pub summary: String,
    pub publication_date: Date,
    pub price: Price,
    #[sea_orm(default_value = "draft")]
    pub status: Status,
    #[sea_orm(unique_key = "work")]
    pub author_id: super::author::AuthorId,
    #[sea_orm(belongs_to, from = "author_id", to = "id", on_delete = "Cascade")]
    pub author: BelongsTo<super::author::Entity>,
    pub sequel_to: Option<i64>,
    #[sea_orm(self_ref, relation_enum = "Sequel", from = "sequel_to", to = "id", on_update = "SetNull")]
    pub sequel: BelongsTo<Option<Entity>>,
}
"#;

const KINDS: &str = r#"
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(9))", rename_all = "snake_case")]
pub enum Status { Draft, Published }

pub type Price = Money;
#[derive(Clone, Debug, PartialEq, Eq, DeriveValueType)]
#[sea_orm(column_type = "Decimal(Some((10, 2)))")]
pub struct Money(Decimal);
"#;

/// The older format, in another crate, pointing across crates through a prelude.
const SHOP: &str = r#"
pub mod order {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "order", schema_name = "shop", rename_all = "camelCase")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub book_id: i64,
        #[sea_orm(primary_key)]
        pub line_no: i32,
        pub ordered_at: DateTimeUtc,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {
        #[sea_orm(
            belongs_to = "books::models::prelude::Book",
            from = "Column::BookId",
            to = "books::models::book::Column::Id",
            on_delete = "Restrict",
            fk_name = "order-book"
        )]
        Book,
        #[sea_orm(has_many = "super::order::Entity")]
        Other,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

#[cfg(test)]
mod tests {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "only_in_tests")]
    pub struct Model { #[sea_orm(primary_key)] pub id: i32 }
}
"#;

fn library() -> Sources {
    let mut all = sources(
        "books",
        &[
            ("lib.rs", "pub mod models;\nmod kinds;\n"),
            ("kinds.rs", KINDS),
            (
                "models.rs",
                "pub mod author;\npub(crate) mod book;\npub mod prelude;\n",
            ),
            ("models/author.rs", AUTHOR),
            ("models/book.rs", BOOK),
            (
                "models/prelude.rs",
                "pub use super::book::Entity as Book;\n",
            ),
            ("models/forgotten.rs", BOOK),
        ],
    );
    all.files
        .extend(sources("shop", &[("main.rs", SHOP)]).files);
    all
}

#[test]
fn dense_and_compact_entities_of_two_crates() {
    let entities = read(&library()).expect("readable");
    insta::assert_json_snapshot!(entities.schema);
    assert_eq!(
        entities.renamed,
        [ColumnRename {
            table: "authors".into(),
            old: "full_name".into(),
            new: "name".into(),
        }]
    );
    assert_eq!(
        entities.locations["books.isbn"],
        "apps/books/src/models/book.rs:14"
    );
    assert_eq!(
        entities.warnings,
        [
            "apps/books/src/models/forgotten.rs holds an entity, but no `mod` declaration that is compiled by default reaches it: it is left out"
        ]
    );
}

#[test]
fn what_cannot_be_read_is_shown_with_a_caret() {
    let cases = [
        one("    pub price: Money,\n    pub tags: HashSet<String>,"),
        one("    #[sea_orm(default_expr = \"Utc::now()\")]\n    pub at: DateTimeUtc,"),
        one("    #[sea_orm(column_type = \"Strin\")]\n    pub name: String,"),
        one(
            "    pub a: i64,\n    #[sea_orm(belongs_to, from = \"a\", to = \"id\")]\n    pub other: BelongsTo<super::nowhere::Entity>,",
        ),
        one(
            "    #[sea_orm(belongs_to, from = \"b\", to = \"id\")]\n    pub other: BelongsTo<Entity>,",
        ),
        sources(
            "x",
            &[(
                "lib.rs",
                "#[derive(DeriveEntityModel)]\npub struct Model {\n    pub id: i32,\n}",
            )],
        ),
        sources(
            "x",
            &[(
                "lib.rs",
                "#[derive(DeriveEntityModel)]\n#[sea_orm(table_name = \"x\")]\npub struct Model {\n    #[sea_orm(primary_key, auto_increment = true, default_value = 1)]\n    pub id: i32,\n}",
            )],
        ),
        sources(
            "x",
            &[("lib.rs", "#[derive(DeriveEntityModel)\npub struct Model {")],
        ),
    ];
    let text: Vec<String> = cases.iter().map(errors).collect();
    insta::assert_snapshot!(text.join("\n\n"));
}

#[test]
fn imports_that_run_in_cycles_end() {
    let lib = "pub mod a;\npub mod b;\n";
    let a = "pub use crate::b::*;\npub use super::*;\nuse crate::b::X;\n\
             #[derive(DeriveEntityModel)]\n#[sea_orm(table_name = \"t\")]\n\
             pub struct Model { #[sea_orm(primary_key)] id: i32, x: X }";
    let b = "pub use crate::a::*;\npub use super::a::X;";
    let found = errors(&sources("x", &[("lib.rs", lib), ("a.rs", a), ("b.rs", b)]));
    assert!(
        found.starts_with("cannot tell which column type `X` is"),
        "{found}"
    );
}
