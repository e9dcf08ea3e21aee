//! Values and lists in generated Python. Pure.

use crate::scaffold::field::{Default, Kind};

/// Whether `?search=` looks at it.
pub(super) fn is_text(kind: &Kind) -> bool {
    matches!(
        kind,
        Kind::String { .. } | Kind::Text | Kind::Email | Kind::Url | Kind::Slug
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
pub(super) fn sample(kind: &Kind) -> String {
    match kind {
        Kind::String { length } => quoted(&"abc"[..3.min(*length as usize)]),
        Kind::Text => quoted("abc"),
        Kind::Int | Kind::BigInt | Kind::SmallInt => "7".to_owned(),
        Kind::Float | Kind::Double => "1.5".to_owned(),
        Kind::Decimal { .. } => quoted("0"),
        Kind::Bool => "True".to_owned(),
        Kind::Date => quoted("2024-02-29"),
        Kind::Time => quoted("13:30:00"),
        Kind::DateTime => quoted("2024-02-29T13:30:00Z"),
        Kind::Uuid => quoted("0190a0f2-0000-7000-8000-000000000001"),
        Kind::Json => "{\"a\": 1}".to_owned(),
        Kind::Email => quoted("ada@example.com"),
        Kind::Url => quoted("https://example.com/"),
        Kind::Slug => quoted("a-b"),
        Kind::Enum(variants) => variants
            .first()
            .map(|variant| quoted(&variant.value))
            .unwrap_or_default(),
        Kind::Bytes | Kind::Ref { .. } | Kind::One { .. } | Kind::Many { .. } => String::new(),
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
