//! Rust source of a project, read by its syntax: what entities, their APIs and their pages are looked at with. Pure.

use quote::ToTokens;
use syn::{Item, ItemStruct};

pub(super) fn structs(file: &syn::File) -> impl Iterator<Item = &ItemStruct> {
    file.items.iter().filter_map(|item| match item {
        Item::Struct(item) => Some(item),
        _ => None,
    })
}

/// Code without blanks.
pub(super) fn tokens(node: &impl ToTokens) -> String {
    node.to_token_stream().to_string().replace(' ', "")
}

/// The items of a file, if it is Rust.
pub(super) fn parse(text: &str) -> Option<syn::File> {
    syn::parse_str(text.trim_start_matches('\u{feff}')).ok()
}

/// The names of a file's enums.
pub(super) fn enums(file: &syn::File) -> Vec<String> {
    let enums = file.items.iter().filter_map(|item| match item {
        Item::Enum(item) => Some(item.ident.to_string()),
        _ => None,
    });
    enums.collect()
}

/// The modules of the entities that an entity's rows refer to: `super::author`, `people::models::person`.
pub(super) fn targets(file: &syn::File) -> Vec<String> {
    let rows = structs(file).filter(|item| item.ident == "Model");
    let fields = rows.flat_map(|row| &row.fields);
    let belonging = fields.filter(|field| tokens(&field.ty).starts_with("BelongsTo<"));
    belonging
        .filter_map(target)
        .filter(|target| !target.is_empty())
        .collect()
}

/// The module of the one entity that a field stands for, empty if it is the field's own.
pub(super) fn target(field: &syn::Field) -> Option<String> {
    let kind = tokens(&field.ty);
    let mut kinds = ["BelongsTo<", "HasOne<"].iter();
    let target = kinds.find_map(|one| kind.strip_prefix(one))?;
    let target = target.strip_prefix("Option<").unwrap_or(target);
    let target = target.trim_end_matches('>').strip_suffix("Entity")?;
    Some(target.trim_end_matches(':').to_owned())
}
