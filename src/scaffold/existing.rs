//! What the admin needs of a model that exists: read from its entity and its API by syntax. Pure.

use heck::ToUpperCamelCase;
use quote::ToTokens;
use serde::Serialize;
use syn::{Fields, ItemStruct, Type};

use super::entity::{self, settings};
use super::model::{OWNER, Shown, Sort, admin_options};
use super::syntax::{enums, parse, structs, target, tokens};
use crate::inflection::plural;

/// A model to be registered, as the templates know it.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub(crate) enum Existing {
    Model(Model),
    Between(Between),
}

#[derive(Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Model {
    app: String,
    module: String,
    /// What its input type is called before `Input`.
    model: String,
    nouns: String,
    admin_options: Vec<String>,
}

/// A table between two others.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Between {
    module: String,
    field: String,
    left: Side,
    right: Side,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
struct Side {
    nouns: String,
    variant: String,
}

/// The model in `entity`, the text of `apps/<app>/src/models/<module>.rs`, with the text of its API. None if it cannot
/// be registered: it has no input type there.
pub(crate) fn read(app: &str, module: &str, entity: &str, api: Option<&str>) -> Option<Existing> {
    let known = entity::read(app, module, entity)?;
    let file = parse(entity)?;
    let row = structs(&file).find(|item| item.ident == "Model")?;
    if let [_, _] = &known.key[..] {
        return between(module, &known.table, row).map(Existing::Between);
    }
    let api = parse(api?)?;
    let input = structs(&api).find(|item| {
        let name = item.ident.to_string();
        name.len() > "Input".len() && name.ends_with("Input")
    })?;
    let enums = enums(&file);
    let columns: Vec<Shown> = columns(row)
        .into_iter()
        .filter(|column| !column.has("primary_key"))
        .filter_map(|column| column.shown(row, input, &enums))
        .collect();
    Some(Existing::Model(Model {
        app: app.to_owned(),
        module: module.to_owned(),
        model: input.ident.to_string().trim_end_matches("Input").to_owned(),
        nouns: plural(module).replace('_', " "),
        admin_options: admin_options(&columns),
    }))
}

/// A field of an entity that is a column.
pub(super) struct Column {
    pub(super) name: String,
    /// Its type, without `Option`.
    pub(super) rust: String,
    pub(super) optional: bool,
    settings: Vec<(String, Option<String>)>,
    /// What serde is told of it.
    pub(super) serde: Vec<(String, Option<String>)>,
}

pub(super) fn columns(row: &ItemStruct) -> Vec<Column> {
    let Fields::Named(fields) = &row.fields else {
        return Vec::new();
    };
    let column = |field: &syn::Field| {
        let rust = field.ty.to_token_stream().to_string().replace(' ', "");
        let is_relation = ["BelongsTo<", "HasMany<", "HasOne<"]
            .iter()
            .any(|relation| rust.starts_with(relation));
        let name = field.ident.as_ref()?.to_string();
        (!is_relation).then(|| Column {
            name: name.trim_start_matches("r#").to_owned(),
            optional: rust_of(&field.ty).1,
            rust: rust_of(&field.ty).0,
            settings: settings(&field.attrs, "sea_orm"),
            serde: settings(&field.attrs, "serde"),
        })
    };
    fields.named.iter().filter_map(column).collect()
}

/// `T` of `T` and of `Option<T>`, and whether it is the latter.
pub(super) fn rust_of(kind: &Type) -> (String, bool) {
    let text = tokens(kind);
    let inner = text.strip_prefix("Option<");
    match inner.and_then(|inner| inner.strip_suffix('>')) {
        Some(inner) => (inner.to_owned(), true),
        None => (text, false),
    }
}

impl Column {
    pub(super) fn has(&self, setting: &str) -> bool {
        self.settings.iter().any(|(name, _)| name == setting)
    }

    /// The value of a setting of SeaORM.
    pub(super) fn setting(&self, name: &str) -> Option<&str> {
        let setting = self.settings.iter().find(|(other, _)| other == name);
        setting.and_then(|(_, value)| value.as_deref())
    }

    /// Its type as it is written.
    pub(super) fn declared(&self) -> String {
        match self.optional {
            true => format!("Option<{}>", self.rust),
            false => self.rust.clone(),
        }
    }

    pub(super) fn variant(&self) -> String {
        self.name.to_upper_camel_case()
    }

    /// None of a column that is nobody's business: neither in the input nor the owner.
    fn shown(&self, row: &ItemStruct, input: &ItemStruct, enums: &[String]) -> Option<Shown> {
        let asked = names(input).contains(&self.name);
        let is_owner = self.name == format!("{OWNER}_id");
        if !asked && !is_owner {
            return None;
        }
        Some(Shown {
            variant: self.variant(),
            sort: match asked {
                true => self.sort(row, enums),
                false => Sort::Owner,
            },
            unique: self.has("unique"),
        })
    }

    pub(super) fn sort(&self, row: &ItemStruct, enums: &[String]) -> Sort {
        if referring(row).contains(&self.name) {
            return Sort::Reference;
        }
        let kind = self.setting("column_type").unwrap_or_default();
        let is_long = ["Text", "Json", "Blob", "N(2000)"]
            .iter()
            .any(|long| kind.contains(long));
        match self.rust.as_str() {
            _ if is_long => Sort::Long,
            "String" if self.name == "slug" => Sort::Slug,
            "String" => Sort::Line,
            "Json" | "JsonValue" | "Vec<u8>" => Sort::Long,
            "bool" | "Date" | "DateTimeUtc" | "DateTime" => Sort::Choice,
            other if enums.iter().any(|name| name == other) => Sort::Choice,
            _ => Sort::Other,
        }
    }
}

/// The names of a struct's fields.
fn names(item: &ItemStruct) -> Vec<String> {
    let names = item.fields.iter().filter_map(|field| field.ident.as_ref());
    names
        .map(|name| name.to_string().trim_start_matches("r#").to_owned())
        .collect()
}

/// The columns that hold keys of other rows.
pub(super) fn referring(row: &ItemStruct) -> Vec<String> {
    relations(row).into_iter().map(|(from, _)| from).collect()
}

/// The same with the modules of the entities that they refer to, as [`targets`] has them; empty for the model itself.
pub(super) fn relations(row: &ItemStruct) -> Vec<(String, String)> {
    let relation = |field: &syn::Field| {
        let settings = settings(&field.attrs, "sea_orm");
        let is_reference = ["belongs_to", "self_ref"];
        settings
            .iter()
            .find(|(name, _)| is_reference.contains(&&**name))?;
        let (_, from) = settings.into_iter().find(|(name, _)| name == "from")?;
        Some((from?, target(field)?))
    };
    row.fields.iter().filter_map(relation).collect()
}

/// The columns of the entity in `text` that hold keys of other rows.
pub(crate) fn references(text: &str) -> Vec<String> {
    let file = parse(text);
    let row = file
        .as_ref()
        .and_then(|file| structs(file).find(|item| item.ident == "Model"));
    row.map(referring).unwrap_or_default()
}

fn between(module: &str, table: &str, row: &ItemStruct) -> Option<Between> {
    let keys: Vec<Column> = columns(row)
        .into_iter()
        .filter(|column| column.has("primary_key"))
        .collect();
    let references = referring(row);
    let [left, right] = &keys[..] else {
        return None;
    };
    if !references.contains(&left.name) || !references.contains(&right.name) {
        return None;
    }
    let side = |column: &Column| Side {
        nouns: plural(column.name.trim_end_matches("_id")).replace('_', " "),
        variant: column.variant(),
    };
    let prefix = format!("{}_", left.name.trim_end_matches("_id"));
    Some(Between {
        module: module.to_owned(),
        field: table.strip_prefix(&*prefix).unwrap_or(table).to_owned(),
        left: side(left),
        right: side(right),
    })
}

/// The lines of entities in `text` that are not written as JSON: neither derived nor by hand.
pub(crate) fn not_serialized(text: &str) -> Vec<usize> {
    let Some(file) = parse(text) else {
        return Vec::new();
    };
    let by_hand = file.items.iter().any(|item| match item {
        syn::Item::Impl(item) => item.trait_.as_ref().is_some_and(|(path, _)| {
            let last = path.segments.last();
            last.is_some_and(|segment| segment.ident == "Serialize")
        }),
        _ => false,
    });
    let entities = structs(&file).filter(|item| {
        let derives = derives(item);
        let is_entity = derives.iter().any(|name| name == "DeriveEntityModel");
        is_entity && !by_hand && !derives.iter().any(|name| name == "Serialize")
    });
    entities
        .map(|item| item.ident.span().start().line)
        .collect()
}

/// The last segments of what a struct derives.
pub(super) fn derives(item: &ItemStruct) -> Vec<String> {
    let mut names = Vec::new();
    for attribute in item
        .attrs
        .iter()
        .filter(|attribute| attribute.path().is_ident("derive"))
    {
        // A malformed one is the compiler's to report.
        let _ = attribute.parse_nested_meta(|meta| {
            names.extend(meta.path.segments.last().map(|last| last.ident.to_string()));
            Ok(())
        });
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOOK: &str = r#"
        #[sea_orm(table_name = "books")]
        pub struct Model {
            #[sea_orm(primary_key)]
            pub id: i64,
            pub title: String,
            #[sea_orm(column_type = "Text")]
            pub summary: Option<String>,
            #[sea_orm(unique)]
            pub isbn: String,
            pub status: BookStatus,
            pub author_id: i64,
            pub created_at: DateTimeUtc,
            pub owner_id: i64,
            #[sea_orm(belongs_to, from = "author_id", to = "id")]
            pub author: BelongsTo<super::author::Entity>,
        }
        pub enum BookStatus { Draft }
    "#;

    #[test]
    fn an_existing_model_is_registered_by_what_its_api_takes() {
        let api = "pub struct BookFilter { x: i64 }
            pub struct BookInput { pub title: String, pub summary: Option<String>, pub isbn: String, \
            pub status: BookStatus, pub author_id: i64 }";
        let Some(Existing::Model(book)) = read("shop", "book", BOOK, Some(api)) else {
            panic!("it is a model");
        };
        assert_eq!((&*book.model, &*book.nouns), ("Book", "books"));
        insta::assert_snapshot!(book.admin_options.join("\n"), @r"
        list: &[
                Column::Title,
                Column::Isbn,
                Column::Status,
                Column::AuthorId,
                Column::OwnerId,
            ],
        search: &[Column::Title],
        exact: &[Column::Isbn],
        filter: &[Column::Status, Column::AuthorId],
        owner: Some(Column::OwnerId),
        ");
        assert_eq!(read("shop", "book", BOOK, None), None);
        assert_eq!(read("shop", "book", BOOK, Some("pub struct Input;")), None);
    }

    #[test]
    fn a_table_between_two_others_is_told_by_its_keys() {
        let text = r#"
            #[sea_orm(table_name = "book_tags")]
            pub struct Model {
                #[sea_orm(primary_key, auto_increment = false)]
                pub book_id: i64,
                #[sea_orm(primary_key, auto_increment = false)]
                pub tag_id: i64,
                #[sea_orm(belongs_to, from = "book_id", to = "id")]
                pub book: BelongsTo<super::book::Entity>,
                #[sea_orm(belongs_to, from = "tag_id", to = "id")]
                pub tag: BelongsTo<super::tag::Entity>,
            }
        "#;
        let side = |nouns: &str, variant: &str| Side {
            nouns: nouns.to_owned(),
            variant: variant.to_owned(),
        };
        let expected = Between {
            module: "book_tag".to_owned(),
            field: "tags".to_owned(),
            left: side("books", "BookId"),
            right: side("tags", "TagId"),
        };
        let found = read("shop", "book_tag", text, None);
        assert_eq!(found, Some(Existing::Between(expected)));
    }

    #[test]
    fn entities_that_are_not_serialized_are_found_by_their_lines() {
        for (text, lines) in [
            ("#[derive(DeriveEntityModel)]\npub struct Model {}", vec![2]),
            (
                "#[derive(Clone, DeriveEntityModel, serde::Serialize)]\npub struct Model {}",
                vec![],
            ),
            (
                "#[derive(DeriveEntityModel)]\n#[derive(Serialize)]\npub struct Model {}",
                vec![],
            ),
            (
                "#[derive(DeriveEntityModel)]\npub struct Model {}\nimpl serde::Serialize for Model {}",
                vec![],
            ),
            ("#[derive(Clone)]\npub struct Model {}", vec![]),
            ("mod a {", vec![]),
        ] {
            assert_eq!(not_serialized(text), lines, "{text}");
        }
    }
}
