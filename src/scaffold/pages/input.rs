//! What a form of a model asks for: the fields of its input type, and texts that tests fill them with.

use quote::ToTokens;
use syn::{Field, Item};

use crate::scaffold::entity::settings;
use crate::scaffold::existing::{self, referring};
use crate::scaffold::model::sample_key;
use crate::scaffold::syntax::{parse, structs, tokens};

/// The fields of an input type.
#[derive(Debug)]
pub(super) struct Input {
    pub(super) fields: Vec<InputField>,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct InputField {
    pub(super) name: String,
    /// A text that can be saved; none of what may stay empty or cannot be told.
    pub(super) sample: Option<String>,
    /// Whether a form must have it.
    pub(super) required: bool,
    pub(super) needs_file: bool,
    /// Whether it needs another row.
    pub(super) refers: bool,
}

/// Reads the input type `name` of an API, beside its entity.
///
/// # Errors
/// Why not.
pub(super) fn read(api: &str, name: &str, entity: &syn::File) -> Result<Input, String> {
    let api = parse(api).ok_or("its API cannot be read")?;
    let input = structs(&api)
        .find(|item| item.ident == name)
        .ok_or_else(|| format!("its API has no type `{name}`"))?;
    let references = structs(entity)
        .find(|item| item.ident == "Model")
        .map(referring)
        .unwrap_or_default();
    let read = |field: &Field| {
        let name = field.ident.as_ref()?.to_string();
        let name = name.trim_start_matches("r#").to_owned();
        let is_reference = references.contains(&name);
        let (rust, optional) = existing::rust_of(&field.ty);
        let has_default = settings(&field.attrs, "serde")
            .iter()
            .any(|(setting, _)| setting == "default");
        let sample = match is_reference {
            true => Some(sample_of_key(&rust)),
            false => sample(&name, &rust, field, entity),
        };
        Some(InputField {
            sample: sample.filter(|_| !optional),
            required: !optional && !has_default && rust != "bool" && rust != "Vec<u8>",
            needs_file: !optional && rust == "Vec<u8>",
            refers: !optional && is_reference,
            name,
        })
    };
    Ok(Input {
        fields: input.fields.iter().filter_map(read).collect(),
    })
}

/// What somebody might type.
fn sample(name: &str, rust: &str, field: &Field, entity: &syn::File) -> Option<String> {
    let attributes: Vec<String> = field
        .attrs
        .iter()
        .map(|attribute| tokens(&attribute.to_token_stream()))
        .collect();
    let attributes = attributes.concat();
    let text = match rust {
        "String" if attributes.contains("fields::email") => "info@example.com".to_owned(),
        "String" if attributes.contains("fields::http") => "https://example.com/".to_owned(),
        "String" => name.chars().take(longest(&attributes)).collect(),
        "i16" | "i32" | "i64" => "1".to_owned(),
        "f32" | "f64" => "1.5".to_owned(),
        "Decimal" => "0".to_owned(),
        "bool" => "on".to_owned(),
        "Date" => "2024-02-29".to_owned(),
        "Time" => "13:30".to_owned(),
        "DateTimeUtc" => "2024-02-29T13:30".to_owned(),
        "Uuid" => "67e55044-10b1-426f-9247-bb680e5fe0c8".to_owned(),
        "JsonValue" | "Json" => "{}".to_owned(),
        other => return first_variant(other, entity),
    };
    Some(text)
}

/// The number behind `max=` or `max_length=`.
fn longest(attributes: &str) -> usize {
    let found = ["max=", "max_length="].iter().filter_map(|before| {
        let (_, rest) = attributes.split_once(before)?;
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        digits.parse().ok()
    });
    found.min().unwrap_or(usize::MAX)
}

/// `draft`: the first value of an enum of the entity's module.
fn first_variant(name: &str, entity: &syn::File) -> Option<String> {
    let item = entity.items.iter().find_map(|item| match item {
        Item::Enum(item) if item.ident == name => Some(item),
        _ => None,
    })?;
    let settings = settings(&item.variants.first()?.attrs, "sea_orm");
    let value = settings
        .into_iter()
        .find(|(name, _)| name == "string_value");
    value.and_then(|(_, value)| value)
}

/// The key of a first row, for tests: `1` or a UUID.
pub(super) fn sample_of_key(key: &str) -> String {
    sample_key(key).trim_matches('"').to_owned()
}
