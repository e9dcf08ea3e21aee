//! Saving a form without undoing what others have saved since it was opened: field by field, three ways. Pure.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use chrono::NaiveDateTime;
use platform::error::FieldErrors;
use platform::form::Form;
use platform::forms::text;
use platform::input::{InputField, Kind};
use serde_json::Value;

use crate::row::Row;

/// The texts of the fields as they were when the form was drawn.
pub(crate) type Was = BTreeMap<String, String>;

/// What the fields of a form say of a row. Of files only that they are the same, not what is in them.
pub(crate) fn was(fields: &[InputField], row: &Row) -> Was {
    fields
        .iter()
        .map(|field| (field.name.clone(), drawn(field, &row[&field.name])))
        .collect()
}

fn drawn(field: &InputField, value: &Value) -> String {
    match (&field.kind, value) {
        (Kind::Bytes, Value::String(content)) => {
            let mut hasher = DefaultHasher::new();
            content.hash(&mut hasher);
            format!("{:016x}", hasher.finish())
        }
        _ => text(field, value),
    }
}

/// The row with what the form changes, or the fields that somebody else has changed to something else meanwhile.
///
/// # Errors
/// By field: what it is now.
pub(crate) fn merged(
    fields: &[InputField],
    now: &Row,
    form: &Form,
    sent: &Row,
    was: &Was,
) -> Result<Row, BTreeMap<String, Value>> {
    let mut wanted: Row = Row::new();
    let mut conflicts = BTreeMap::new();
    for field in fields {
        let name = &field.name;
        let current = now.get(name).cloned().unwrap_or_default();
        let Some(value) = sent.get(name) else {
            wanted.insert(name.clone(), current);
            continue;
        };
        let before = was.get(name).map_or("", String::as_str);
        let current_text = drawn(field, &current);
        let sent_text = sent_text(field, form, value);
        let value = if same(field, &sent_text, before) || same(field, &sent_text, &current_text) {
            current
        } else if same(field, &current_text, before) {
            value.clone()
        } else {
            conflicts.insert(name.clone(), current);
            continue;
        };
        wanted.insert(name.clone(), value);
    }
    match conflicts.is_empty() {
        true => Ok(wanted),
        false => Err(conflicts),
    }
}

fn sent_text(field: &InputField, form: &Form, value: &Value) -> String {
    match field.kind {
        Kind::Bytes => drawn(field, value),
        Kind::Boolean => text(field, value),
        _ => form
            .get(&field.name)
            .unwrap_or_default()
            .replace("\r\n", "\n"),
    }
}

/// Whether a form says anything else than it did when it was drawn.
pub(crate) fn is_changed(fields: &[InputField], form: &Form, was: &Was) -> bool {
    fields.iter().any(|field| {
        let before = was.get(&field.name).map_or("", String::as_str);
        match form.value(field) {
            Ok(None) => false,
            Ok(Some(value)) => !same(field, &sent_text(field, form, &value), before),
            Err(_) => form.get(&field.name) != Some(before),
        }
    })
}

/// Whether two texts of a field stand for the same: browsers write moments in their own way.
fn same(field: &InputField, one: &str, other: &str) -> bool {
    let plain = |text: &str| text.replace("\r\n", "\n").replace('\r', "\n");
    let moment = |text: &str| {
        let text = text.trim_end_matches('Z');
        let formats = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M"];
        let mut read = formats
            .iter()
            .filter_map(|format| NaiveDateTime::parse_from_str(text, format).ok());
        read.next()
    };
    plain(one) == plain(other)
        || field.kind == Kind::DateTime && moment(one).is_some() && moment(one) == moment(other)
}

/// What to say of conflicts.
pub(crate) fn explained(
    fields: &[InputField],
    conflicts: &BTreeMap<String, Value>,
    who: &dyn Fn(&str) -> Option<(String, String)>,
) -> FieldErrors {
    let message = |(name, value): (&String, &Value)| {
        let field = fields.iter().find(|field| field.name == *name);
        let text = field.map(|field| text(field, value)).unwrap_or_default();
        let now = match text.as_str() {
            "" => "emptied this".to_owned(),
            text => format!(
                "changed this to “{}”",
                text.chars().take(200).collect::<String>()
            ),
        };
        let message = match who(name) {
            Some((user, at)) => {
                format!("was changed meanwhile: {user} {now} at {at} UTC; yours is in the field")
            }
            None => format!("was changed meanwhile: somebody {now}; yours is in the field"),
        };
        (name.clone(), vec![message])
    };
    conflicts.iter().map(message).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn field(name: &str, kind: Kind) -> InputField {
        InputField {
            name: name.to_owned(),
            kind,
            required: true,
            nullable: false,
            description: None,
            default: None,
        }
    }

    fn row(title: &str, price: &str) -> Row {
        let row = json!({ "title": title, "price": price, "at": "2024-01-01T10:00:00.000001Z" });
        serde_json::from_value(row).expect("it is an object")
    }

    #[test]
    fn fields_that_others_changed_are_kept_and_equal_ones_conflict() {
        let fields = [
            field("title", Kind::Text { max_length: None }),
            field("price", Kind::Decimal),
            field("at", Kind::DateTime),
        ];
        let opened = row("Old", "1.00");
        let was = was(&fields, &opened);
        let merge = |now: &Row, title: &str, price: &str| {
            let pairs = [
                ("title", title),
                ("price", price),
                ("at", was["at"].as_str()),
            ];
            let pairs = pairs.map(|(name, value)| (name.to_owned(), value.to_owned()));
            let form = Form::new(pairs.to_vec());
            let (sent, errors) = form.object(&fields);
            assert!(errors.is_empty());
            merged(&fields, now, &form, &sent, &was)
        };
        // Nobody else: as it was sent, and the moment exactly as it was.
        assert_eq!(merge(&opened, "New", "1.00"), Ok(row("New", "1.00")));
        // Somebody else changed another field, or this one in the same way.
        let now = row("Old", "2.00");
        assert_eq!(merge(&now, "New", "1.00"), Ok(row("New", "2.00")));
        assert_eq!(
            merge(&row("New", "1.00"), "New", "1.00"),
            Ok(row("New", "1.00"))
        );
        // Somebody else changed this field to something else.
        let conflicts = merge(&row("Theirs", "1.00"), "Mine", "1.00");
        assert_eq!(
            conflicts,
            Err([("title".to_owned(), json!("Theirs"))].into())
        );
    }
}
