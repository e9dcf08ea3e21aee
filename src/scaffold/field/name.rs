//! What a field can be called.

use std::ops::Range;

use heck::{ToSnakeCase, ToUpperCamelCase};

use super::definition::Field;
use super::error::FieldError;
use super::field_type::FieldType;
use crate::inflection::relation_variant;
use crate::names::is_keyword;

/// PostgreSQL's names have 63 bytes, a reference adds `_id`, and code should still fit its lines.
const LONGEST: usize = 48;

/// What the address of a list means by these, so that no filter can have the name.
pub(crate) const LIST_PARAMETERS: [&str; 4] = ["ordering", "page", "page_size", "search"];

/// Keywords that even `r#` does not make a name.
const NEVER: [&str; 3] = ["crate", "self", "super"];

/// Refuses what cannot name a field.
pub(super) fn check(text: &str, at: Range<usize>) -> Result<(), FieldError> {
    let name = &text[at.clone()];
    let odd = name
        .chars()
        .find(|c| !c.is_ascii_alphanumeric() && *c != '_');
    let message = if name.is_empty() {
        "a field needs a name".to_owned()
    } else if name.chars().count() > LONGEST {
        format!("a field's name has {LONGEST} characters at most")
    } else if let Some(odd) = odd {
        format!("{odd:?} cannot be part of a field's name")
    } else if name.starts_with(|c: char| c.is_ascii_digit()) {
        "a field's name starts with a letter".to_owned()
    } else if name.starts_with('_') || name.ends_with('_') || name.contains("__") {
        "the `_` in a field's name stand alone, between letters or digits".to_owned()
    } else if name.contains(|c: char| c.is_ascii_uppercase()) {
        "a field's name is in lower case".to_owned()
    } else if name == "id" {
        "every model has an `id` already: its primary key".to_owned()
    } else if NEVER.contains(&name) {
        format!("`{name}` is a keyword that Rust never takes as a name")
    } else {
        return Ok(());
    };
    let error = FieldError::new(text, at, message);
    Err(match (name, suggestion(name)) {
        ("", _) => error.hint("a field is `name:type`, as in `title:string(200)`"),
        ("id", _) => error.hint("`--pk uuid` makes it a UUID"),
        (_, Some(better)) => error.hint(format!("did you mean `{better}`?")),
        (name, None) if odd.is_some() && !name.is_ascii() => {
            error.hint("letters from a to z, digits and `_` may stand there")
        }
        _ => error,
    })
}

/// The same name as it could be; nothing for letters that have no place in ASCII.
fn suggestion(name: &str) -> Option<String> {
    let better = name.to_snake_case();
    let better = better.trim_start_matches(|c: char| c.is_ascii_digit() || c == '_');
    let usable = name.is_ascii() && better != name && !better.is_empty();
    (usable && check(better, 0..better.len()).is_ok()).then(|| better.to_owned())
}

/// Refuses a field beside others that take the same name, be it for a column, a relation or in Rust.
pub(super) fn check_beside(text: &str, field: &Field, others: &[Field]) -> Result<(), FieldError> {
    let at = 0..field.name.len();
    if let (FieldType::Ref { .. } | FieldType::One { .. }, Some(short)) =
        (&field.kind, field.name.strip_suffix("_id"))
    {
        return Err(
            FieldError::new(text, at, format!("the column would be `{}_id`", field.name)).hint(
                format!("call the field `{short}`; its column is `{short}_id`"),
            ),
        );
    }
    // SeaORM's macro for unique fields looks for a variant `RWhere` of `r#where`.
    if field.unique && is_keyword(&field.name) && field.column().as_ref() == Some(&field.name) {
        let name = &field.name;
        return Err(FieldError::new(
            text,
            at,
            format!("`{name}` is a keyword of Rust, which SeaORM cannot make a unique field of"),
        )
        .hint(format!("try `{name}_value`")));
    }
    for other in others {
        let clash = names(field)
            .into_iter()
            .find(|name| names(other).contains(name));
        if let Some(clash) = clash {
            let message = match field.name == other.name {
                true => format!("the field `{clash}` is there twice"),
                false => format!(
                    "`{}` and `{}` would both have `{clash}`",
                    other.name, field.name
                ),
            };
            return Err(FieldError::new(text, at, message));
        }
        let rust = |field: &Field| match field.kind.target() {
            Some(_) => relation_variant(&field.name),
            None => field.name.to_upper_camel_case(),
        };
        if rust(field) == rust(other) {
            let message = format!(
                "`{}` and `{}` would both be `{}` in Rust",
                other.name,
                field.name,
                rust(field)
            );
            return Err(FieldError::new(text, at, message));
        }
    }
    Ok(())
}

/// What a field takes: its own name, and its column's.
fn names(field: &Field) -> Vec<String> {
    let mut names = vec![field.name.clone()];
    names.extend(field.column().filter(|column| *column != field.name));
    names
}
