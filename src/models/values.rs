//! Types of the project's own that stand for a column: `DeriveActiveEnum`, `DeriveValueType`, JSON structs.

use heck::{
    ToKebabCase, ToLowerCamelCase, ToShoutySnakeCase, ToSnakeCase, ToTitleCase, ToUpperCamelCase,
};
use syn::{Expr, Fields, Item, ItemEnum, Type, Variant};

use crate::schema::{ColumnType, EnumType, Length};

use super::attributes::{Attrs, derives};
use super::column_type::of_attribute;
use super::constants::Scope;
use super::index::{Index, ModuleId, plain};
use super::source::{Diagnostic, SourceLocation};
use super::types::{Known, first_argument};

/// What a type of the project means as a column.
pub(super) enum Value {
    Known(Known),
    /// The same as another type, written in the same module.
    Wraps(Box<Type>),
    /// Its source does not say.
    Opaque,
}

/// Reads the type `item` of `module`.
pub(super) fn read(index: &Index, module: ModuleId, item: &Item) -> Result<Value, Diagnostic> {
    let source = index.source(module);
    let scope = &Scope::new(index, module);
    let result = match item {
        Item::Enum(item) if derives(&item.attrs, "DeriveActiveEnum") => active_enum(scope, item),
        Item::Struct(item) if derives(&item.attrs, "DeriveValueType") => {
            value_type(scope, &item.attrs, Some(&item.fields))
        }
        Item::Enum(item) if derives(&item.attrs, "DeriveValueType") => {
            value_type(scope, &item.attrs, None)
        }
        Item::Struct(item) if derives(&item.attrs, "FromJsonQueryResult") => {
            Ok(Value::Known(ColumnType::Json.into()))
        }
        Item::Enum(item) if derives(&item.attrs, "FromJsonQueryResult") => {
            Ok(Value::Known(ColumnType::Json.into()))
        }
        _ => Ok(Value::Opaque),
    };
    let name = match item {
        Item::Struct(item) => plain(&item.ident),
        Item::Enum(item) => plain(&item.ident),
        _ => String::new(),
    };
    result.map_err(|error| {
        let message = error.to_string();
        // What a type is in Rust may be beyond this tool; what it is in the database can be said beside it.
        let help = match message.starts_with("cannot read") {
            true => format!(
                "add the line `{name} = \"Text\"` to luthier.toml, under `[types]`, with the type of the column instead of \
                 `Text` (`Blob`, `String(StringLen::N(200))`, `custom(\"longblob\")`)"
            ),
            false => String::new(),
        };
        SourceLocation::new(source, error.span()).with(message, help)
    })
}

fn active_enum(scope: &Scope, item: &ItemEnum) -> syn::Result<Value> {
    let attrs = Attrs::read(&item.attrs)?;
    let Some(db_type) = attrs.get("db_type") else {
        return Err(syn::Error::new(
            item.ident.span(),
            "this enum has no `db_type`: add `#[sea_orm(rs_type = \"String\", db_type = \"Text\")]`",
        ));
    };
    if db_type.text()? != "Enum" {
        let kind = of_attribute(scope, &db_type.parse()?)
            .map_err(|message| syn::Error::new(db_type.span, message))?;
        return Ok(Value::Known(kind));
    }
    let name = match attrs.text("enum_name")? {
        Some(name) => name,
        None => plain(&item.ident).to_upper_camel_case(),
    };
    let rename_all = attrs.text("rename_all")?;
    let values = item
        .variants
        .iter()
        .map(|variant| variant_value(variant, rename_all.as_deref()))
        .collect::<syn::Result<_>>()?;
    Ok(Value::Known(Known {
        kind: ColumnType::Enum(name.clone()),
        enum_type: Some(EnumType { name, values }),
    }))
}

fn variant_value(variant: &Variant, rename_all: Option<&str>) -> syn::Result<String> {
    let attrs = Attrs::read(&variant.attrs)?;
    if let Some(value) = attrs.text("string_value")? {
        return Ok(value);
    }
    let rename = attrs.text("rename")?;
    let style = rename.as_deref().or(rename_all);
    style
        .and_then(|style| convert_case(&plain(&variant.ident), style))
        .ok_or_else(|| {
            syn::Error::new(
                variant.ident.span(),
                "this value has no name in the database: add `#[sea_orm(string_value = \"…\")]`, \
                 or `rename_all` to the enum",
            )
        })
}

fn value_type(
    scope: &Scope,
    attributes: &[syn::Attribute],
    fields: Option<&Fields>,
) -> syn::Result<Value> {
    let attrs = Attrs::read(attributes)?;
    if let Some(attr) = attrs.get("column_type") {
        let kind = of_attribute(scope, &attr.parse()?)
            .map_err(|message| syn::Error::new(attr.span, message))?;
        return Ok(Value::Known(kind));
    }
    if attrs.has("value_type") {
        return Ok(Value::Known(ColumnType::String(Length::None).into()));
    }
    let Some(Fields::Unnamed(fields)) = fields else {
        return Ok(Value::Opaque);
    };
    let Some(field) = fields.unnamed.first() else {
        return Ok(Value::Opaque);
    };
    // As SeaORM does: `Option<…>` is taken off by its text.
    let inner = match &field.ty {
        Type::Path(path) => path
            .path
            .segments
            .last()
            .filter(|segment| segment.ident == "Option")
            .and_then(|segment| first_argument(&segment.arguments)),
        _ => None,
    };
    Ok(Value::Wraps(Box::new(inner.unwrap_or(&field.ty).clone())))
}

/// `Enum { name: …, variants: vec![…] }` as `column_type`.
pub(super) fn enum_type(scope: &Scope, body: &syn::ExprStruct) -> Result<Known, String> {
    let field = |name: &str| {
        body.fields.iter().find_map(|field| match &field.member {
            syn::Member::Named(ident) if ident == name => Some(&field.expr),
            _ => None,
        })
    };
    let text = |expr: &Expr| scope.text(expr);
    let name = field("name").and_then(text);
    let values = field("variants").and_then(|expr| match expr {
        Expr::Macro(list) => {
            let parser = syn::punctuated::Punctuated::<Expr, syn::Token![,]>::parse_terminated;
            let list = list.mac.parse_body_with(parser).ok()?;
            list.iter().map(text).collect::<Option<Vec<_>>>()
        }
        _ => None,
    });
    match (name, values) {
        (Some(name), Some(values)) => Ok(Known {
            kind: ColumnType::Enum(name.clone()),
            enum_type: Some(EnumType { name, values }),
        }),
        _ => Err(
            "cannot read this enum: use `DeriveActiveEnum`, or write its `name` and `variants` \
                  as strings"
                .into(),
        ),
    }
}

/// An identifier in one of SeaORM's case styles; `None` for a style it does not know.
pub(super) fn convert_case(name: &str, style: &str) -> Option<String> {
    Some(match style {
        "camel_case" | "PascalCase" => name.to_upper_camel_case(),
        "camelCase" => {
            let camel = name.to_upper_camel_case();
            let mut chars = camel.chars();
            chars
                .next()
                .map(|first| first.to_lowercase().chain(chars).collect())
                .unwrap_or_default()
        }
        "snake_case" | "snek_case" => name.to_snake_case(),
        "kebab_case" | "kebab-case" => name.to_kebab_case(),
        "SCREAMING-KEBAB-CASE" => name.to_kebab_case().to_uppercase(),
        "shouty_snake_case" | "shouty_snek_case" | "SCREAMING_SNAKE_CASE" => {
            name.to_shouty_snake_case()
        }
        "title_case" => name.to_title_case(),
        "mixed_case" => name.to_lower_camel_case(),
        "lowercase" => name.to_lowercase(),
        "UPPERCASE" => name.to_uppercase(),
        _ => return None,
    })
}
