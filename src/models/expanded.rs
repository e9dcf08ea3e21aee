//! Entities whose `Column` and `PrimaryKey` are written out, as `sea-orm-cli generate entity --expanded-format` does.

use heck::ToSnakeCase;
use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::{Expr, ExprPath, Item, ItemEnum, ItemStruct, Lit, Type, TypePath};

use super::attributes::{Attrs, derives};
use super::chain;
use super::chain::Arm;
use super::column::{self, Start};
use super::column_type;
use super::constants::Scope;
use super::entity::{Entity, EntityField, Reader, Reading, option_inner};
use super::index::{Content, plain};
use super::source::Diagnostic;
use super::types::{self, Known};

/// Reads the entity around `model`.
pub(super) fn read(
    reader: &Reader,
    content: &Content,
    model: &ItemStruct,
) -> Result<Reading, Vec<Diagnostic>> {
    let one = |error: Diagnostic| vec![error];
    let place = || reader.place(model.ident.span());
    let mut entity = Entity {
        module: reader.module,
        table: reader
            .table(content, model, &Attrs::default())
            .map_err(one)?,
        fields: Vec::new(),
        enums: Vec::new(),
        place: place(),
    };
    let column = find_enum(content, "DeriveColumn").ok_or_else(|| {
        one(place().with(
            "this entity has no `enum Column`",
            "derive `DeriveEntityModel`",
        ))
    })?;
    let definitions = chain::implementation(&content.items, "ColumnTrait")
        .and_then(|item| chain::result(item, "def"))
        .map(chain::arms)
        .unwrap_or_default();
    let mut errors = Vec::new();
    for variant in &column.variants {
        let name = plain(&variant.ident);
        let arm = |wanted: &str| definitions.iter().find(|arm| arm.variant == wanted);
        let Some(definition) = arm(&name).or_else(|| arm("_")) else {
            errors.push(reader.place(variant.ident.span()).with(
                format!("cannot find the definition of the column `{name}`"),
                "`impl ColumnTrait for Column` has an arm `Self::… => ColumnType::….def()` for each",
            ));
            continue;
        };
        let column_name = Attrs::read(&variant.attrs)
            .and_then(|attrs| attrs.text("column_name"))
            .map(|given| given.unwrap_or_else(|| name.to_snake_case()));
        let result = column_name
            .map_err(|error| reader.error(&error))
            .and_then(|column| {
                add(
                    reader,
                    &mut entity,
                    &name,
                    column,
                    definition,
                    (variant.ident.span(), is_optional(model, &name)),
                )
            });
        errors.extend(result.err());
    }
    if errors.is_empty()
        && let Err(error) = add_key(reader, content, &mut entity, model.ident.span())
    {
        errors.push(error);
    }
    Ok((entity, errors))
}

fn find_enum<'a>(content: &'a Content, derive: &str) -> Option<&'a ItemEnum> {
    content.items.iter().find_map(|item| match item {
        Item::Enum(item) if derives(&item.attrs, derive) => Some(item),
        _ => None,
    })
}

fn add(
    reader: &Reader,
    entity: &mut Entity,
    variant: &str,
    name: String,
    definition: &Arm,
    (span, nullable): (Span, bool),
) -> Result<(), Diagnostic> {
    let (base, attrs) = definition.read();
    let known = match column_type(reader, base) {
        Ok(known) => known,
        Err(error) => {
            entity.fields.push(EntityField {
                variant: variant.to_owned(),
                column: name,
                renamed_from: None,
                line: span.start().line,
            });
            return Err(error);
        }
    };
    let start = Start {
        variant: variant.to_owned(),
        name,
        known,
        nullable,
        span,
    };
    column::add(reader, entity, start, &attrs)
}

/// Whether the field of the column `variant` is an `Option`: rows are read into it, whatever the definition says.
fn is_optional(model: &ItemStruct, variant: &str) -> bool {
    let wanted = variant.to_snake_case();
    model.fields.iter().any(|field| {
        let name = field
            .ident
            .as_ref()
            .map(|ident| plain(ident).to_snake_case());
        name == Some(wanted.clone()) && option_inner(&field.ty).is_some()
    })
}

/// `ColumnType::Text`, or `Status::db_type()` of an enum.
fn column_type(reader: &Reader, base: &Expr) -> Result<Known, Diagnostic> {
    if let Expr::Call(call) = base
        && let Expr::Path(ExprPath { path, qself, .. }) = &*call.func
        && path
            .segments
            .last()
            .is_some_and(|last| last.ident == "db_type" || last.ident == "column_type")
    {
        let mut path = path.clone();
        if let Some(qself) = qself {
            return types::of_rust(reader.index, reader.module, &qself.ty);
        }
        path.segments.pop();
        path.segments.pop_punct();
        let ty = Type::Path(TypePath {
            attrs: Vec::new(),
            qself: None,
            path,
        });
        return types::of_rust(reader.index, reader.module, &ty);
    }
    let scope = Scope::new(reader.index, reader.module);
    column_type::of_attribute(&scope, base).map_err(|message| {
        reader.place(base.span()).with(
            message,
            "write it as SeaORM's `ColumnType`: `ColumnType::Text.def()`",
        )
    })
}

fn add_key(
    reader: &Reader,
    content: &Content,
    entity: &mut Entity,
    span: Span,
) -> Result<(), Diagnostic> {
    let Some(key) = find_enum(content, "DerivePrimaryKey") else {
        return Err(reader
            .place(span)
            .with("this entity has no `enum PrimaryKey`", ""));
    };
    for variant in &key.variants {
        let name = plain(&variant.ident);
        let column = entity.column_of(&name).map(str::to_owned).ok_or_else(|| {
            reader
                .place(variant.ident.span())
                .with(format!("`enum Column` has no `{name}`"), "")
        })?;
        entity.table.primary_key.push(column);
    }
    let counts = chain::implementation(&content.items, "PrimaryKeyTrait")
        .and_then(|item| chain::result(item, "auto_increment"))
        .and_then(|expr| match expr {
            Expr::Lit(lit) => match &lit.lit {
                Lit::Bool(flag) => Some(flag.value),
                _ => None,
            },
            _ => None,
        });
    if counts == Some(true)
        && let [only] = entity.table.primary_key.as_slice()
    {
        let only = only.clone();
        if let Some(column) = entity.table.column_mut(&only) {
            column.auto_increment = column.kind.is_integer();
        }
    }
    Ok(())
}
