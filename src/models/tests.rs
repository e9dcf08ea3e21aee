use proptest::prelude::*;

use super::*;
use crate::schema::ColumnRename;

mod brought_in;
mod written_by_others;

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

#[test]
fn the_type_of_a_field() {
    for (field, expected) in [
        ("f: bool", "boolean"),
        ("f: i8", "tiny_integer"),
        ("f: u32", "unsigned"),
        ("f: f64", "double"),
        ("f: String", "string"),
        ("f: std::string::String", "string"),
        ("f: Vec<u8>", "var_binary"),
        ("f: Vec<String>", "array(string)"),
        ("f: Decimal", "decimal"),
        ("f: Uuid", "uuid"),
        ("f: uuid::Uuid", "uuid"),
        ("f: Date", "date"),
        ("f: ChronoDateTimeUtc", "timestamp_with_time_zone"),
        (
            "f: chrono::DateTime<chrono::Utc>",
            "timestamp_with_time_zone",
        ),
        ("f: chrono::NaiveDateTime", "date_time"),
        ("f: Json", "json"),
        ("f: serde_json::Value", "json"),
        ("f: Option<i32>", "integer?"),
        ("f: std::option::Option<i32>", "!"),
        ("#[sea_orm(nullable)] f: i32", "integer?"),
        ("#[sea_orm(column_type = \"Text\")] f: String", "text"),
        (
            "#[sea_orm(column_type = \"Text\")] f: Option<Whatever>",
            "text?",
        ),
        (
            "#[sea_orm(column_type = \"Decimal(Some((10, 2)))\")] f: Decimal",
            "decimal(10, 2)",
        ),
        (
            "#[sea_orm(column_type = \"String(StringLen::N(20))\")] f: String",
            "string(20)",
        ),
        (
            "#[sea_orm(column_type = \"String(Some(20))\")] f: String",
            "string(20)",
        ),
        (
            "#[sea_orm(column_type = \"VarBinary(StringLen::Max)\")] f: Vec<u8>",
            "var_binary(max)",
        ),
        (
            "#[sea_orm(column_type = \"custom(\\\"citext\\\")\")] f: String",
            "custom(citext)",
        ),
        (
            "#[sea_orm(column_type = \"JsonBinary\")] f: Json",
            "json_binary",
        ),
        (
            "#[sea_orm(column_type = \"Array(RcOrArc::new(ColumnType::Integer))\")] f: Vec<i32>",
            "array(integer)",
        ),
        (
            "#[sea_orm(column_type = \"Interval(Some(PgInterval::YearToMonth), None)\")] f: String",
            "interval(YEAR TO MONTH)",
        ),
        ("f: Money", "!"),
        ("f: (i32, i32)", "!"),
    ] {
        let found = match read(&one(&format!("    {field},"))) {
            Err(_) => "!".to_owned(),
            Ok(entities) => {
                let column = entities.schema.column("things", "f").expect(field);
                format!("{}{}", column.kind, if column.nullable { "?" } else { "" })
            }
        };
        assert_eq!(found, expected, "{field}");
    }
}

#[test]
fn the_name_of_a_column() {
    for (field, expected) in [
        ("bookTitle: i32", "book_title"),
        ("r#type: i32", "type"),
        ("type_: i32", "type"),
        ("_hidden: i32", "hidden"),
        ("isbn13: i32", "isbn13"),
        ("#[sea_orm(column_name = \"Ref No\")] number: i32", "Ref No"),
        (
            "#[sea_orm(enum_name = \"OtherName\")] number: i32",
            "other_name",
        ),
    ] {
        let schema = schema(&one(&format!("    {field},")));
        let columns = &schema.tables["things"].columns;
        assert_eq!(columns[1].name, expected, "{field}");
    }
}

#[test]
fn the_default_of_a_column() {
    for (attribute, expected) in [
        ("default_value = 0", "Some(Number(\"0\"))"),
        ("default_value = -1", "Some(Number(\"-1\"))"),
        ("default_value = 2.50", "Some(Number(\"2.50\"))"),
        ("default_value = \"it's\"", "Some(Text(\"it's\"))"),
        ("default_value = true", "Some(Bool(true))"),
        (
            "default_expr = \"Expr::current_timestamp()\"",
            "Some(CurrentTimestamp)",
        ),
        (
            "default_expr = \"Expr::cust(\\\"gen_random_uuid()\\\")\"",
            "Some(Sql(\"gen_random_uuid()\"))",
        ),
        ("default_expr = \"Expr::value(7)\"", "Some(Number(\"7\"))"),
        ("default_expr = \"now()\"", "!"),
        ("default_value = NOW", "!"),
    ] {
        let found = match read(&one(&format!("    #[sea_orm({attribute})] f: String,"))) {
            Err(_) => "!".to_owned(),
            Ok(entities) => format!("{:?}", entities.schema.tables["things"].columns[1].default),
        };
        assert_eq!(found, expected, "{attribute}");
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

/// What entities are made of.
const WORDS: &[&str] = &[
    "#",
    "[",
    "]",
    "(",
    ")",
    "{",
    "}",
    "<",
    ">",
    ",",
    ";",
    ":",
    "::",
    "=",
    "=>",
    "!",
    "'a",
    "-1",
    "1.5",
    "\"Text\"",
    "\"String(StringLen::N(20))\"",
    "\"\"",
    "r#type",
    "r#\"x\"#",
    "b'x'",
    "sea_orm",
    "derive",
    "cfg",
    "cfg_attr",
    "test",
    "feature",
    "DeriveEntityModel",
    "DeriveActiveEnum",
    "DeriveRelation",
    "DeriveValueType",
    "DeriveColumn",
    "table_name",
    "column_type",
    "primary_key",
    "default_value",
    "default_expr",
    "belongs_to",
    "from",
    "to",
    "unique",
    "indexed",
    "rename_all",
    "enum_name",
    "db_type",
    "string_value",
    "pub",
    "mod",
    "use",
    "struct",
    "enum",
    "impl",
    "for",
    "fn",
    "type",
    "Model",
    "Column",
    "Relation",
    "Entity",
    "ColumnTrait",
    "RelationTrait",
    "def",
    "self",
    "Self",
    "super",
    "crate",
    "match",
    "Option",
    "Vec",
    "i32",
    "i64",
    "String",
    "BelongsTo",
    "HasMany",
    "id",
    "x",
    "*",
    "&",
    "|",
];

/// A field with any attributes, of any type.
fn field() -> impl Strategy<Value = String> {
    let attribute = (
        prop::sample::select(WORDS),
        prop::option::of(prop_oneof![
            prop::sample::select(WORDS).prop_map(|word| format!("{word:?}")),
            "\\PC{0,12}".prop_map(|text| format!("{text:?}")),
            Just("-7".to_owned()),
            Just("true".to_owned()),
        ]),
    );
    let attribute = attribute.prop_map(|(name, value)| match value {
        Some(value) => format!("{name} = {value}"),
        None => name.to_owned(),
    });
    let kinds = vec![
        "i32",
        "String",
        "Option<i64>",
        "Vec<u8>",
        "Vec<Option<String>>",
        "HasMany<Entity>",
        "BelongsTo<Option<Entity>>",
        "super::Model",
        "crate::Model",
        "self::Other",
        "(i32, i32)",
        "[u8; 4]",
        "&'static str",
        "std::option::Option<i8>",
        "Option",
        "fn() -> i32",
        "<i32 as Into<i64>>::X",
        "dyn Send",
        "!",
        "Box<Model>",
    ];
    (
        prop::collection::vec(attribute, 0..4),
        prop::sample::select(kinds),
        "[a-z]{1,3}",
    )
        .prop_map(|(attributes, kind, name)| {
            format!("#[sea_orm({})] pub {name}: {kind},", attributes.join(", "))
        })
}

fn flatten(stream: proc_macro2::TokenStream, into: &mut Vec<String>) {
    for token in stream {
        match token {
            proc_macro2::TokenTree::Group(group) => {
                let text = group.to_string();
                let ends = text.chars().next().zip(text.chars().last());
                into.extend(ends.map(|(open, _)| open.to_string()));
                flatten(group.stream(), into);
                into.extend(ends.map(|(_, close)| close.to_string()));
            }
            other => into.push(other.to_string()),
        }
    }
}

proptest::proptest! {
    /// Any text is read or refused, never a panic.
    #[test]
    fn no_text_panics(text in "(\\PC|[ \\n#\\[\\]{}()<>=\",:]|DeriveEntityModel|sea_orm|struct Model|pub id: i32){0,60}") {
        let _ = read(&sources("x", &[("lib.rs", &text)]));
    }

    /// Tokens in any order, most of which entities are made of.
    #[test]
    fn no_tokens_panic(
        words in prop::collection::vec(prop::sample::select(WORDS), 0..60),
        fields in prop::collection::vec(field(), 0..6),
    ) {
        let _ = read(&sources("x", &[("lib.rs", &words.join(" "))]));
        let _ = read(&one(&fields.join("\n")));
    }

    /// Real entities with tokens taken out, doubled and swapped.
    #[test]
    fn no_mutation_panics(
        file in 0usize..4,
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0u8..4), 1..6),
    ) {
        let every_format = include_str!("../../tests/e2e/oracle/entities.rs");
        let file = [BOOK, AUTHOR, SHOP, every_format][file];
        let mut tokens = Vec::new();
        flatten(file.parse().expect("Rust"), &mut tokens);
        for (at, other, kind) in edits {
            let (at, other) = (at.index(tokens.len()), other.index(tokens.len()));
            match kind {
                0 => { tokens.remove(at); }
                1 => tokens.insert(at, tokens[other].clone()),
                2 => tokens.swap(at, other),
                _ => tokens[at] = WORDS[other % WORDS.len()].to_owned(),
            }
            if tokens.is_empty() {
                break;
            }
        }
        let mut all = library();
        all.files[4].text = tokens.join(" ");
        let _ = read(&all);
    }

    /// So is every broken form of a good entity.
    #[test]
    fn no_cut_panics(from in 0usize..BOOK.len(), to in 0usize..BOOK.len(), text in "\\PC{0,6}") {
        let mut broken = BOOK.to_owned();
        broken.replace_range(from.min(to)..from.max(to), &text);
        let mut all = library();
        all.files[4].text = broken;
        let _ = read(&all);
    }
}
