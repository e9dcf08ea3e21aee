//! The fields of `startmodel`, as typed: `name:type[(args)][?][:unique][:index][=default]`. Pure.

mod arguments;
mod default;
mod definition;
mod error;
mod field_type;
mod name;
mod nearest;
mod parse;

pub(crate) use default::Default;
pub(crate) use definition::Field;
pub(crate) use error::FieldError;
pub(crate) use field_type::{FieldType, ModelPath, OnDelete, TYPES};
pub(crate) use name::LIST_PARAMETERS;
pub(crate) use nearest::{listed, nearest};
pub(crate) use parse::parse;

/// All fields of one model, in the order given; names that clash are refused.
pub(crate) fn parse_all(texts: &[String]) -> Result<Vec<Field>, FieldError> {
    let mut fields = Vec::new();
    for text in texts {
        let field = parse(text)?;
        name::check_beside(text, &field, &fields)?;
        fields.push(field);
    }
    Ok(fields)
}

#[cfg(test)]
mod tests;
