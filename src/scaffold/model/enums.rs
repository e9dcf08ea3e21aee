//! The enums of a new model: a type in Rust, and one in databases that have such types.

use heck::ToUpperCamelCase;
use serde::Serialize;

use super::identifier::check_database_name;
use super::layout;
use super::naming::Names;
use super::request::Request;
use crate::error::{Error, Result};
use crate::names;
use crate::scaffold::field::FieldType;

/// What the API's file imports beside the entity, as far as a model and a field could be called so together.
const IMPORTED: [&str; 8] = [
    "IntoActiveModel",
    "IntoParams",
    "JsonValue",
    "ListQuery",
    "OpenApiRouter",
    "StatusCode",
    "ToSchema",
    "Validate",
];

/// One enum.
#[derive(Debug, Serialize)]
pub(super) struct Enum {
    /// `BookStatus`
    pub(super) name: String,
    /// `#[sea_orm(…)]`, with its name in the database: `book_status`.
    attribute: String,
    /// `The status of a book.`
    doc: String,
    /// What the API's documentation calls it, if not by its name.
    schema: Option<String>,
    variants: Vec<Variant>,
}

#[derive(Debug, Serialize)]
struct Variant {
    name: String,
    value: String,
    /// Whether the two differ.
    renamed: bool,
}

/// The Rust type of the enum of a field.
pub(super) fn name_of(model: &str, field: &str) -> String {
    format!("{model}{}", field.to_upper_camel_case())
}

pub(super) fn collect(request: &Request<'_>, names: &Names) -> Result<Vec<Enum>> {
    let enums = request.fields.iter().filter_map(|field| match &field.kind {
        FieldType::Enum(variants) => Some((field, variants)),
        _ => None,
    });
    enums
        .map(|(field, variants)| {
            let name = name_of(&names.model, &field.name);
            let type_name = format!("{}_{}", names.operation, field.name);
            check_database_name(&type_name)?;
            let own = ["Input", "Patch", "Filter"].map(|ending| format!("{}{ending}", names.model));
            let taken = IMPORTED.contains(&&*name) || own.contains(&name);
            if taken || names::model(&name, &[]).is_err() {
                return Err(Error::bad_input(format_args!(
                    "the values of `{}` would be a Rust type `{name}`, and there is one already",
                    field.name
                ))
                .hint("give the field another name"));
            }
            Ok(Enum {
                doc: format!("The {} of {}.", field.name.replace('_', " "), names.a_noun),
                schema: names.renamed.then(|| name_of(&names.schema, &field.name)),
                variants: variants
                    .iter()
                    .map(|variant| Variant {
                        name: variant.name.clone(),
                        value: variant.value.clone(),
                        renamed: variant.name != variant.value,
                    })
                    .collect(),
                attribute: attribute(&type_name),
                name,
            })
        })
        .collect()
}

fn attribute(type_name: &str) -> String {
    let args = [
        "rs_type = \"String\"".to_owned(),
        "db_type = \"Enum\"".to_owned(),
        format!("enum_name = \"{type_name}\""),
    ];
    layout::attribute("sea_orm", &args, 0).unwrap_or_default()
}
