//! One entity: the `Model` of a module becomes a table, without its foreign keys.

use heck::{ToSnakeCase, ToUpperCamelCase};
use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::{Field, Fields, Item, ItemStruct, PathArguments, Type, TypePath};

use crate::schema::{EnumType, Table};

use super::attributes::{Attrs, derives};
use super::chain;
use super::column::{self, Start};
use super::column_type;
use super::expanded;
use super::index::{Content, Index, ModuleId, plain};
use super::source::{Diagnostic, SourceLocation};
use super::types::{self, Known};
use super::values::convert_case;

/// A table in the making.
pub(super) struct Entity {
    pub(super) module: ModuleId,
    /// Without foreign keys.
    pub(super) table: Table,
    pub(super) fields: Vec<EntityField>,
    pub(super) enums: Vec<EnumType>,
    pub(super) place: SourceLocation,
}

/// A field that is a column.
pub(super) struct EntityField {
    /// Its name in the `Column` enum, by which relations refer to it.
    pub(super) variant: String,
    pub(super) column: String,
    pub(super) renamed_from: Option<String>,
    pub(super) line: usize,
}

impl Entity {
    /// The column that a relation calls `name`: `author_id`, `AuthorId`, or the last part of a path to it.
    pub(super) fn column_of(&self, name: &str) -> Option<&str> {
        let variant = name.to_upper_camel_case();
        self.fields
            .iter()
            .find(|field| field.variant == variant)
            .map(|field| field.column.as_str())
    }
}

/// What SeaORM's macros decide about auto-increment.
#[derive(Default)]
struct AutoIncrement {
    said: Option<bool>,
    key: Option<Span>,
}

/// An entity, and every field of it that cannot be understood.
pub(super) type Reading = (Entity, Vec<Diagnostic>);

/// Reads the entity of `module`.
///
/// # Errors
/// Nothing is known of it.
pub(super) fn read(index: &Index, module: ModuleId) -> Result<Reading, Vec<Diagnostic>> {
    let content = index.content(module).map_err(|error| vec![error])?;
    let Some(Item::Struct(model)) = content.model.map(|number| &content.items[number]) else {
        return Err(Vec::new());
    };
    let reader = Reader { index, module };
    if derives(&model.attrs, "DeriveEntityModel") {
        reader.entity(&content, model)
    } else {
        expanded::read(&reader, &content, model)
    }
}

pub(super) struct Reader<'i> {
    pub(super) index: &'i Index<'i>,
    pub(super) module: ModuleId,
}

impl Reader<'_> {
    pub(super) fn place(&self, span: Span) -> SourceLocation {
        SourceLocation::new(self.index.source(self.module), span)
    }

    pub(super) fn error(&self, error: &syn::Error) -> Diagnostic {
        self.place(error.span()).with(error.to_string(), "")
    }

    fn entity(&self, content: &Content, model: &ItemStruct) -> Result<Reading, Vec<Diagnostic>> {
        let attrs = Attrs::read(&model.attrs).map_err(|error| vec![self.error(&error)])?;
        let mut entity = Entity {
            module: self.module,
            table: self
                .table(content, model, &attrs)
                .map_err(|error| vec![error])?,
            fields: Vec::new(),
            enums: Vec::new(),
            place: self.place(model.ident.span()),
        };
        let rename_all = attrs
            .text("rename_all")
            .map_err(|error| vec![self.error(&error)])?;
        let Fields::Named(fields) = &model.fields else {
            let place = self.place(model.ident.span());
            return Err(vec![place.with("an entity needs named fields", "")]);
        };
        let mut auto = AutoIncrement::default();
        let mut errors = Vec::new();
        for field in &fields.named {
            if is_relation(&field.ty) {
                continue;
            }
            if let Err(error) = self.field(field, rename_all.as_deref(), &mut entity, &mut auto) {
                errors.push(error);
            }
        }
        if entity.table.primary_key.is_empty() && errors.is_empty() {
            errors.push(self.place(model.ident.span()).with(
                "this entity has no primary key",
                "mark a field with `#[sea_orm(primary_key)]`: SeaORM needs one",
            ));
        }
        if let Err((span, message)) = set_auto_increment(&mut entity.table, &auto) {
            let help = "remove `auto_increment = true` from its `#[sea_orm(primary_key)]`";
            errors.push(self.place(span).with(message, help));
        }
        Ok((entity, errors))
    }

    pub(super) fn table(
        &self,
        content: &Content,
        model: &ItemStruct,
        attrs: &Attrs,
    ) -> Result<Table, Diagnostic> {
        // Without the attributes, `Entity` has its names written out.
        let written = chain::implementation(&content.items, "EntityName");
        let text = |name: &str| -> Result<Option<String>, Diagnostic> {
            let said = attrs.text(name).map_err(|error| self.error(&error))?;
            let function = || chain::string(chain::result(written?, name)?);
            Ok(said.or_else(function))
        };
        let span = attrs
            .get("table_name")
            .map_or(model.ident.span(), |attr| attr.span);
        let Some(name) = text("table_name")? else {
            return Err(self.place(span).with(
                "cannot tell which table this entity is",
                "add `#[sea_orm(table_name = \"…\")]`",
            ));
        };
        if name.is_empty() || name.contains('.') {
            return Err(self.place(span).with(
                format!("`{name}` cannot be the name of a table"),
                "name the schema with `schema_name`, and the table without dots",
            ));
        }
        let name = match text("schema_name")? {
            Some(schema) => format!("{schema}.{name}"),
            None => name,
        };
        Ok(Table {
            name,
            comment: text("comment")?,
            ..Table::default()
        })
    }

    fn field(
        &self,
        field: &Field,
        rename_all: Option<&str>,
        entity: &mut Entity,
        auto: &mut AutoIncrement,
    ) -> Result<(), Diagnostic> {
        let attrs = Attrs::read(&field.attrs).map_err(|error| self.error(&error))?;
        if attrs.has("ignore") {
            return Ok(());
        }
        let (variant, name) = self.names(field, &attrs, rename_all)?;
        if let Some(attr) = attrs.get("auto_increment") {
            auto.said = Some(attr.bool().map_err(|error| self.error(&error))?);
        }
        if attrs.has("primary_key") {
            auto.key = Some(field.ty.span());
            entity.table.primary_key.push(name.clone());
        }
        let inner = option_inner(&field.ty);
        let known = match self.column_type(&attrs, inner.unwrap_or(&field.ty)) {
            Ok(known) => known,
            Err(error) => {
                // Relations may name it all the same.
                entity.fields.push(EntityField {
                    variant,
                    column: name,
                    renamed_from: None,
                    line: field.ident.span().start().line,
                });
                return Err(error);
            }
        };
        let start = Start {
            variant,
            name,
            known,
            nullable: inner.is_some(),
            span: field.ident.span(),
        };
        column::add(self, entity, start, &attrs)
    }

    /// The names of the `Column` variant and of the column.
    fn names(
        &self,
        field: &Field,
        attrs: &Attrs,
        rename_all: Option<&str>,
    ) -> Result<(String, String), Diagnostic> {
        let text = |name: &str| attrs.text(name).map_err(|error| self.error(&error));
        let original = field.ident.as_ref().map(plain).unwrap_or_default();
        let camel = original.to_upper_camel_case();
        let variant = text("enum_name")?.unwrap_or_else(|| camel.clone());
        let name = match (text("column_name")?, rename_all) {
            (Some(name), _) => name,
            (None, Some(style)) => convert_case(&camel, style).ok_or_else(|| {
                self.place(field.span()).with(
                    format!("SeaORM knows no case style `{style}`"),
                    "see its documentation of `rename_all`",
                )
            })?,
            (None, None) if original != camel.to_snake_case() => original.to_snake_case(),
            (None, None) => variant.to_snake_case(),
        };
        Ok((variant, name))
    }

    fn column_type(&self, attrs: &Attrs, ty: &Type) -> Result<Known, Diagnostic> {
        let Some(attr) = attrs.get("column_type") else {
            return types::of_rust(self.index, self.module, ty);
        };
        let text = attr.text().map_err(|error| self.error(&error))?;
        if let Some(said) = self.index.said_of_text(&text) {
            return said;
        }
        self.index.column_type(self.module, &text, |scope| {
            let expr = attr.parse().map_err(|error| self.error(&error))?;
            column_type::of_attribute(scope, &expr).map_err(|message| {
                let known = "write it as SeaORM's `ColumnType`: `Text`, `String(StringLen::N(200))`, \
                             `custom(\"citext\")`";
                if !text.contains('(') {
                    return self.place(attr.value.span()).with(message, known);
                }
                let help = format!(
                    "{known}; or \
                     add the line `{} = \"Text\"` to luthier.toml, under `[types]`, with what it is instead of `Text`",
                    toml_edit::Value::from(text.as_str())
                );
                self.place(attr.value.span()).with(message, help)
            })
        })
    }
}

/// SeaORM: a single key counts up by itself unless said otherwise.
fn set_auto_increment(table: &mut Table, auto: &AutoIncrement) -> Result<(), (Span, String)> {
    let [key] = table.primary_key.as_slice() else {
        return Ok(());
    };
    let key = key.clone();
    if auto.said == Some(false) {
        return Ok(());
    }
    let Some(column) = table.column_mut(&key) else {
        return Ok(());
    };
    if column.kind.is_integer() {
        // A default of its own is where its values come from.
        column.auto_increment = column.default.is_none() || auto.said == Some(true);
    }
    // What SeaORM says of keys that are no integers, no database can do: it is not meant.
    if auto.said == Some(true) && column.default.is_some() {
        let message =
            "this key cannot have `auto_increment = true`: it has a default value".to_owned();
        return Err((auto.key.unwrap_or_else(Span::call_site), message));
    }
    Ok(())
}

/// The table's name without its schema.
pub(super) fn base_name(table: &str) -> &str {
    table.rsplit_once('.').map_or(table, |(_, name)| name)
}

/// The `T` of a literal `Option<T>`: SeaORM looks at the text, so a longer path to `Option` is not one.
pub(super) fn option_inner(ty: &Type) -> Option<&Type> {
    let Type::Path(TypePath {
        qself: None, path, ..
    }) = ty
    else {
        return None;
    };
    match path.segments.iter().collect::<Vec<_>>().as_slice() {
        [only] if only.ident == "Option" => types::first_argument(&only.arguments),
        _ => None,
    }
}

/// Whether a field of this type is a relation, which is not a column.
pub(super) fn is_relation(ty: &Type) -> bool {
    relation_target(ty).is_some()
}

/// The kind (`BelongsTo`, `HasOne`, `HasMany`) and the entity of a relation's type.
pub(super) fn relation_target(ty: &Type) -> Option<(String, &Type)> {
    let Type::Path(path) = ty else {
        return None;
    };
    let segment = path.path.segments.last()?;
    let kind = segment.ident.to_string();
    if !matches!(kind.as_str(), "BelongsTo" | "HasOne" | "HasMany")
        || matches!(segment.arguments, PathArguments::None)
    {
        return None;
    }
    let inner = types::first_argument(&segment.arguments)?;
    Some((kind, option_inner(inner).unwrap_or(inner)))
}
