//! What a generator must know of the models that exist: read from an entity's source by syntax. Pure.

use heck::ToUpperCamelCase;
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::{Attribute, Expr, ExprLit, Fields, Item, ItemStruct, Lit, Token};

use super::syntax;

/// One model of an app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entity {
    pub(crate) app: String,
    /// As its owner writes it: `BookReview`.
    pub(crate) name: String,
    /// The module under `models`: `book_review`.
    pub(crate) module: String,
    pub(crate) table: String,
    /// What the API's documentation calls it.
    pub(crate) schema: String,
    /// The Rust types of its primary key; a junction has two.
    pub(crate) key: Vec<String>,
    /// The entities that its rows refer to, each by its full path: `shop::models::maker::Entity`.
    pub(crate) targets: Vec<String>,
}

/// What the apps of a project are to each other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Namespace {
    /// Crates, each with its models in `src/models/`.
    #[default]
    Crates,
    /// Modules of one program, each with its models beside its other modules.
    Modules,
}

impl Namespace {
    /// How every app may name the module of a model of `app`.
    pub(crate) fn path(self, app: &str, module: &str) -> String {
        match self {
            Self::Crates => format!("{app}::models::{module}"),
            Self::Modules => format!("crate::{app}::{module}"),
        }
    }
}

/// Reads `apps/<app>/src/models/<module>.rs`. `None` if there is no entity in it.
pub(crate) fn read(app: &str, module: &str, text: &str) -> Option<Entity> {
    read_in(Namespace::Crates, app, module, text)
}

/// As [`read`], of a project whose apps are to each other what `namespace` says.
pub(crate) fn read_in(namespace: Namespace, app: &str, module: &str, text: &str) -> Option<Entity> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let file: syn::File = syn::parse_str(text).ok()?;
    let model = file.items.iter().find_map(|item| match item {
        Item::Struct(item) if item.ident == "Model" => Some(item),
        _ => None,
    })?;
    let schema = value(&model.attrs, "schema", "as");
    let name = match &schema {
        Some(schema) if schema.eq_ignore_ascii_case(&module.to_upper_camel_case()) => {
            schema.clone()
        }
        _ => module.to_upper_camel_case(),
    };
    Some(Entity {
        app: app.to_owned(),
        table: value(&model.attrs, "sea_orm", "table_name")?,
        schema: schema.unwrap_or_else(|| name.clone()),
        name,
        module: module.to_owned(),
        key: key(model),
        targets: targets(namespace, app, &file),
    })
}

fn targets(namespace: Namespace, app: &str, file: &syn::File) -> Vec<String> {
    let targets = syntax::targets(file).into_iter();
    let paths = targets.map(|target| match target.strip_prefix("super::") {
        Some(module) => format!("{}::Entity", namespace.path(app, module)),
        None => format!("{target}::Entity"),
    });
    paths.collect()
}

fn key(model: &ItemStruct) -> Vec<String> {
    let Fields::Named(fields) = &model.fields else {
        return Vec::new();
    };
    let keys = fields.named.iter().filter(|field| {
        let mut settings = settings(&field.attrs, "sea_orm").into_iter();
        settings.any(|(name, _)| name == "primary_key")
    });
    keys.map(|field| field.ty.to_token_stream().to_string())
        .collect()
}

/// `Book` of `#[schema(as = Book)]`, `books` of `#[sea_orm(table_name = "books")]`.
fn value(attributes: &[Attribute], list: &str, name: &str) -> Option<String> {
    let settings = settings(attributes, list).into_iter();
    settings.rev().find(|(other, _)| other == name)?.1
}

/// What stands between the brackets of the attributes called `list`: names, and values where they have one. What
/// follows something unusual is left out.
pub(super) fn settings(attributes: &[Attribute], list: &str) -> Vec<(String, Option<String>)> {
    let mut settings = Vec::new();
    for attribute in attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident(list))
    {
        let _ = attribute.parse_nested_meta(|meta| {
            let name = meta
                .path
                .segments
                .last()
                .map(|segment| segment.ident.unraw().to_string());
            let value = match meta.input.peek(Token![=]) {
                true => Some(match meta.value()?.parse::<Expr>()? {
                    Expr::Lit(ExprLit {
                        lit: Lit::Str(text),
                        ..
                    }) => text.value(),
                    other => other.to_token_stream().to_string(),
                }),
                false => None,
            };
            if meta.input.peek(syn::token::Paren) {
                let inside;
                syn::parenthesized!(inside in meta.input);
                inside.parse::<proc_macro2::TokenStream>()?;
            }
            settings.extend(name.map(|name| (name, value)));
            Ok(())
        });
    }
    settings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entity_says_what_others_need_of_it() {
        let text = r#"
            //! A review.
            use sea_orm::entity::prelude::*;

            #[sea_orm::model]
            #[derive(Clone, Debug, DeriveEntityModel, ToSchema)]
            #[schema(as = BookReview)]
            #[sea_orm(rename_all = "snake_case", table_name = "reviews")]
            pub struct Model {
                #[sea_orm(column_type = "Uuid", primary_key, auto_increment = false)]
                pub id: Uuid,
                #[sea_orm(column_type = "Custom(\"x(1)\".into())")]
                pub primary_key: String,
                #[sea_orm(belongs_to(x = 1), from = "a")]
                pub book: BelongsTo<super::book::Entity>,
            }
        "#;
        let found = read("shop", "review", text);
        assert_eq!(
            found,
            Some(Entity {
                app: "shop".into(),
                name: "Review".into(),
                module: "review".into(),
                table: "reviews".into(),
                schema: "BookReview".into(),
                key: vec!["Uuid".into()],
                targets: vec!["shop::models::book::Entity".into()],
            })
        );
        let acronym = text.replace("as = BookReview", "as = REVIEW");
        assert_eq!(
            read("shop", "review", &acronym)
                .map(|found| found.name)
                .as_deref(),
            Some("REVIEW")
        );
    }

    #[test]
    fn what_is_no_entity_is_none() {
        for text in [
            "",
            "pub struct Model;",
            "struct Model {",
            "pub enum Genre { Novel }",
        ] {
            assert_eq!(read("shop", "x", text), None, "{text}");
        }
    }
}
