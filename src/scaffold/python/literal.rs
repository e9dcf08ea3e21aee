//! Values and lists in generated Python. Pure.

use crate::scaffold::field::{Default, FieldType};

/// Whether `?search=` looks at it.
pub(super) fn is_text(kind: &FieldType) -> bool {
    matches!(
        kind,
        FieldType::String { .. }
            | FieldType::Text
            | FieldType::Email
            | FieldType::Url
            | FieldType::Slug
    )
}

/// A Python string. JSON's escapes are among Python's.
pub(super) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A default, for every type that has no literal of its own.
pub(super) fn value(default: &Default) -> String {
    match default {
        Default::Now => "None".to_owned(),
        Default::Text(text) => quoted(text),
        Default::Number(number) => number.clone(),
        Default::Bool(true) => "True".to_owned(),
        Default::Bool(false) => "False".to_owned(),
    }
}

/// A value for tests; empty for what they leave out.
pub(super) fn sample(kind: &FieldType) -> String {
    match kind {
        FieldType::String { length } => quoted(&"abc"[..3.min(*length as usize)]),
        FieldType::Text => quoted("abc"),
        FieldType::Int | FieldType::BigInt | FieldType::SmallInt => "7".to_owned(),
        FieldType::Float | FieldType::Double => "1.5".to_owned(),
        FieldType::Decimal { .. } => quoted("0"),
        FieldType::Bool => "True".to_owned(),
        FieldType::Date => quoted("2024-02-29"),
        FieldType::Time => quoted("13:30:00"),
        FieldType::DateTime => quoted("2024-02-29T13:30:00Z"),
        FieldType::Uuid => quoted("0190a0f2-0000-7000-8000-000000000001"),
        FieldType::Json => "{\"a\": 1}".to_owned(),
        FieldType::Email => quoted("ada@example.com"),
        FieldType::Url => quoted("https://example.com/"),
        FieldType::Slug => quoted("a-b"),
        FieldType::Enum(variants) => variants
            .first()
            .map(|variant| quoted(&variant.value))
            .unwrap_or_default(),
        FieldType::Bytes
        | FieldType::Ref { .. }
        | FieldType::One { .. }
        | FieldType::Many { .. } => String::new(),
    }
}

/// A Python list of texts, on one line if it fits behind `before` characters.
pub(super) fn list<T: AsRef<str>>(names: &[T], before: usize) -> String {
    let names: Vec<String> = names.iter().map(|name| quoted(name.as_ref())).collect();
    let one_line = format!("[{}]", names.join(", "));
    if before + one_line.len() <= 100 {
        return one_line;
    }
    // `fields` of serializers are in a class within a class.
    let indent = " ".repeat(if before == 17 { 8 } else { 4 });
    let lines = names.iter().map(|name| format!("{indent}    {name},\n"));
    format!("[\n{}{indent}]", lines.collect::<String>())
}
