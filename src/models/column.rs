//! A column joins its table, with everything its attributes say.

use proc_macro2::Span;
use syn::spanned::Spanned;

use crate::schema::{Column, Index, Table};

use super::attributes::Attrs;
use super::constants::Scope;
use super::defaults;
use super::entity::{Entity, EntityField, Reader, base_name};
use super::source::Diagnostic;
use super::types::Known;

/// What is known of a column before its attributes are looked at.
pub(super) struct Start {
    /// Its name in the `Column` enum.
    pub(super) variant: String,
    pub(super) name: String,
    pub(super) known: Known,
    pub(super) nullable: bool,
    pub(super) span: Span,
}

pub(super) fn add(
    reader: &Reader,
    entity: &mut Entity,
    start: Start,
    attrs: &Attrs,
) -> Result<(), Diagnostic> {
    let text = |name: &str| attrs.text(name).map_err(|error| reader.error(&error));
    entity.enums.extend(start.known.enum_type);
    let mut column = Column::new(start.name, start.known.kind);
    column.nullable = start.nullable || attrs.has("nullable");
    column.unique = attrs.has("unique");
    column.comment = text("comment")?;
    column.extra = text("extra")?;
    if let Some(attr) = attrs.get("default_value") {
        let default = defaults::of_value(attr).map_err(|message| {
            let help = "or use `default_expr = \"…\"`";
            reader.place(attr.span).with(message, help)
        })?;
        column.default = Some(default);
    }
    if let Some(attr) = attrs.get("default_expr") {
        let default = defaults::of_expr(&Scope::new(reader.index, reader.module), attr)
            .map_err(|(message, help)| reader.place(attr.value.span()).with(message, help))?;
        column.default = Some(default);
    }
    if attrs.has("indexed") && !column.unique {
        entity.table.add_index(Index {
            name: format!("idx-{}-{}", base_name(&entity.table.name), column.name),
            columns: vec![column.name.clone()],
            unique: false,
        });
    }
    if let Some(key) = text("unique_key")? {
        add_unique_key(&mut entity.table, &key, &column.name);
    }
    if entity.table.column(&column.name).is_some() {
        return Err(reader.place(start.span).with(
            format!("two fields are the column `{}`", column.name),
            "give one of them another `column_name`",
        ));
    }
    entity.fields.push(EntityField {
        variant: start.variant,
        column: column.name.clone(),
        renamed_from: text("renamed_from")?,
        line: start.span.start().line,
    });
    entity.table.columns.push(column);
    Ok(())
}

/// Columns with the same key share an index, in the order of the fields.
fn add_unique_key(table: &mut Table, key: &str, column: &str) {
    let name = format!("idx-{}-{key}", base_name(&table.name));
    match table.indexes.iter_mut().find(|index| index.name == name) {
        Some(index) => index.columns.push(column.to_owned()),
        None => table.add_index(Index {
            name,
            columns: vec![column.to_owned()],
            unique: true,
        }),
    }
}
