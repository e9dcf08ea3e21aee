//! Forms drawn from an input type: one field of the page for each of its fields, with label, hint and what is wrong.
//!
//! A template draws them with `{% from "fields.html" import all, one %}`. A form that was refused is a [`Drawing`], too:
//! all that was typed is kept.

use axum::http::StatusCode;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::error::{Error, FieldErrors, Result};
use crate::form::Form;
use crate::input::{InputField, Kind, input_fields};
use crate::middleware::BODY_LIMIT;

/// Choices up to so many are radio buttons.
const RADIOS: usize = 4;
/// Text that may be longer than this gets several lines.
const ONE_LINE: u64 = 255;

/// A form to be drawn.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Drawing {
    pub fields: Vec<DrawnField>,
    /// What is wrong with no field in particular.
    pub problems: Vec<String>,
    /// Whether it was refused.
    pub failed: bool,
    /// Whether there are files to send.
    pub has_files: bool,
}

/// A field of a form, as a template needs it.
#[derive(Clone, Debug, Default, Serialize)]
pub struct DrawnField {
    pub name: String,
    /// What its id starts with, where several forms are on one page.
    pub prefix: &'static str,
    pub label: String,
    pub hint: String,
    /// `input`, `textarea`, `checkbox`, `radios`, `select`, `checkboxes`, `file` or `text` for what cannot be changed.
    pub widget: &'static str,
    /// The type of an `input`.
    pub kind: &'static str,
    pub input_mode: &'static str,
    pub max_length: Option<u64>,
    pub value: String,
    pub choices: Vec<Choice>,
    pub errors: Vec<String>,
    /// Whether it may be left empty.
    pub optional: bool,
    /// Whether a file is kept, and may be removed.
    pub has_file: bool,
    /// Whether there are files to send.
    pub is_file: bool,
    /// The list to look its value up in, and what the value stands for.
    pub lookup: String,
    pub meaning: String,
    /// Where a script finds values for what is typed.
    pub suggestions: String,
}

/// One of the values to choose from.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Choice {
    pub value: String,
    pub label: String,
    pub chosen: bool,
}

impl DrawnField {
    /// A field with the text that stands for its value.
    pub fn new(field: &InputField, value: &str) -> Self {
        let mut drawn = Self {
            name: field.name.clone(),
            label: label(&field.name),
            hint: field.description.clone().unwrap_or_default(),
            value: value.to_owned(),
            optional: field.nullable,
            is_file: field.kind == Kind::Bytes,
            ..Self::default()
        };
        drawn.draw(&field.kind);
        if drawn.is_file {
            let most = format!("At most {} MiB.", BODY_LIMIT / 1_048_576);
            drawn.hint = format!("{} {most}", drawn.hint).trim().to_owned();
        }
        match &field.kind {
            Kind::Choice(choices) => {
                drawn.choose(choices.iter().map(|value| (value.clone(), words(value))));
            }
            // A box has no third state.
            Kind::Boolean if field.nullable => {
                drawn.widget = "radios";
                drawn.choose([("on", "Yes"), ("off", "No")].map(owned));
            }
            _ => {}
        }
        drawn
    }

    fn draw(&mut self, kind: &Kind) {
        let several_lines = |max: &Option<u64>| max.is_none_or(|max| max > ONE_LINE);
        if let Kind::Text { max_length } | Kind::Email { max_length } | Kind::Url { max_length } =
            kind
        {
            self.max_length = *max_length;
        }
        (self.widget, self.kind, self.input_mode) = match kind {
            Kind::Text { max_length } if several_lines(max_length) => ("textarea", "", ""),
            Kind::Json => ("textarea", "code", ""),
            Kind::Email { .. } => ("input", "email", ""),
            Kind::Url { .. } => ("input", "url", ""),
            Kind::Integer => ("input", "text", "numeric"),
            Kind::Number | Kind::Decimal => ("input", "text", "decimal"),
            Kind::Date => ("input", "date", ""),
            Kind::Time => ("input", "time", ""),
            Kind::DateTime => ("input", "datetime-local", ""),
            Kind::Boolean => ("checkbox", "", ""),
            Kind::Bytes => ("file", "", ""),
            Kind::Choice(choices) if choices.len() <= RADIOS => ("radios", "", ""),
            Kind::Choice(_) => ("select", "", ""),
            Kind::List => ("checkboxes", "", ""),
            Kind::Text { .. } | Kind::Uuid => ("input", "text", ""),
        };
        if *kind == Kind::DateTime {
            self.label.push_str(" (UTC)");
        }
        // Browsers show nothing of what their own fields for dates and times cannot hold, such as microseconds.
        let fraction = self.value.split_once('.').map_or("", |(_, digits)| digits);
        if fraction.len() > 3 {
            self.kind = "text";
        }
    }

    /// What there is to choose from: values and labels.
    pub fn choose(&mut self, choices: impl IntoIterator<Item = (String, String)>) {
        let chosen = self.value.clone();
        self.choices = choices
            .into_iter()
            .map(|(value, label)| Choice {
                chosen: value == chosen,
                value,
                label,
            })
            .collect();
    }

    /// What is wrong with the value. It is shown as it was typed, also where a browser's own field could not.
    pub fn refuse(&mut self, messages: Vec<String>) {
        if ["date", "time", "datetime-local"].contains(&self.kind) {
            self.kind = "text";
        }
        self.errors.extend(messages);
    }
}

impl Drawing {
    /// The form of a new `T`.
    pub fn empty<T: ToSchema>() -> Self {
        Self::new(&input_fields::<T>())
    }

    /// The form of a `T` that changes a row.
    pub fn filled<T: ToSchema>(row: &impl Serialize) -> Self {
        let row = serde_json::to_value(row).unwrap_or_default();
        Self::of_row(&input_fields::<T>(), &row)
    }

    /// The form of a `T` as it was sent, with what is wrong, and the status that says so. Errors that are not about
    /// what was sent are passed on.
    pub fn refused<T: ToSchema>(form: &Form, error: Error) -> Result<(StatusCode, Self)> {
        let (status, errors, detail) = match error {
            Error::Invalid(errors) if form.is_too_large() => {
                (StatusCode::PAYLOAD_TOO_LARGE, errors, None)
            }
            Error::Invalid(errors) => (StatusCode::UNPROCESSABLE_ENTITY, errors, None),
            Error::Conflict { errors, .. } if !errors.is_empty() => {
                (StatusCode::UNPROCESSABLE_ENTITY, errors, None)
            }
            Error::Conflict { detail, errors } => (StatusCode::CONFLICT, errors, Some(detail)),
            other => return Err(other),
        };
        let mut drawing = Self::of_form(&input_fields::<T>(), form);
        drawing.problems = drawing.refuse(errors);
        drawing.problems.extend(detail);
        drawing.failed = true;
        Ok((status, drawing))
    }

    fn with(fields: &[InputField], drawn: impl Fn(&InputField) -> DrawnField) -> Self {
        Self {
            fields: fields.iter().map(drawn).collect(),
            has_files: fields.iter().any(|field| field.kind == Kind::Bytes),
            ..Self::default()
        }
    }

    /// The fields with their default values.
    pub fn new(fields: &[InputField]) -> Self {
        Self::with(fields, |field| {
            let value = field.default.as_ref().map(|value| text(field, value));
            DrawnField::new(field, &value.unwrap_or_default())
        })
    }

    /// The fields with the values of a row, as its JSON has them.
    pub fn of_row(fields: &[InputField], row: &Value) -> Self {
        Self::with(fields, |field| {
            let value = &row[&field.name];
            let mut drawn = DrawnField::new(field, &text(field, value));
            drawn.has_file = field.kind == Kind::Bytes && !value.is_null();
            drawn
        })
    }

    /// The fields as they were sent.
    pub fn of_form(fields: &[InputField], form: &Form) -> Self {
        Self::with(fields, |field| {
            DrawnField::new(field, form.get(&field.name).unwrap_or_default())
        })
    }

    /// The field of this name.
    pub fn field(&mut self, name: &str) -> Option<&mut DrawnField> {
        self.fields.iter_mut().find(|field| field.name == name)
    }

    /// Says at each field what is wrong with it, and answers what is about none of them.
    pub fn refuse(&mut self, errors: FieldErrors) -> Vec<String> {
        let mut others = Vec::new();
        for (name, messages) in errors {
            match self.field(&name) {
                Some(field) => field.refuse(messages),
                None => {
                    let label = label(&name);
                    others.extend(messages.iter().map(|message| format!("{label} {message}")));
                }
            }
        }
        others
    }
}

/// The text that stands for a value in a form.
pub fn text(field: &InputField, value: &Value) -> String {
    match (value, &field.kind) {
        (Value::Null, _) => String::new(),
        (_, Kind::Bytes) => String::new(),
        (value, Kind::Json) => serde_json::to_string_pretty(value).unwrap_or_default(),
        (Value::String(text), Kind::DateTime | Kind::Time) => shortest(text),
        (Value::String(text), _) => text.clone(),
        (Value::Bool(true), _) => "on".to_owned(),
        (Value::Bool(false), _) if field.nullable => "off".to_owned(),
        (Value::Bool(false), _) => String::new(),
        (value, _) => value.to_string(),
    }
}

fn owned((value, label): (&str, &str)) -> (String, String) {
    (value.to_owned(), label.to_owned())
}

/// A moment as browsers write it: without time zone, and without seconds that are zero.
fn shortest(text: &str) -> String {
    let text = text.trim_end_matches('Z');
    let text = match text.split_once('.') {
        Some((_, digits)) if digits.chars().any(|digit| digit != '0') => text.trim_end_matches('0'),
        Some((whole, _)) => whole,
        None => text,
    };
    let has_seconds = text.matches(':').count() == 2;
    match text.strip_suffix(":00") {
        Some(short) if has_seconds => short.to_owned(),
        _ => text.to_owned(),
    }
}

/// `Publication date` of `publication_date`, `Author` of `author_id`.
pub fn label(name: &str) -> String {
    words(name.strip_suffix("_id").unwrap_or(name))
}

/// A name in words, the first with a capital.
pub fn words(name: &str) -> String {
    let text = name.replace(['_', '-'], " ");
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn field(kind: Kind) -> InputField {
        InputField {
            name: "author_id".to_owned(),
            kind,
            required: true,
            nullable: false,
            description: None,
            default: None,
        }
    }

    #[test]
    fn moments_are_written_as_browsers_write_them() {
        let moment = field(Kind::DateTime);
        for (stored, shown) in [
            ("2024-02-29T13:30:00Z", "2024-02-29T13:30"),
            ("2024-02-29T13:30:05Z", "2024-02-29T13:30:05"),
            ("2024-02-29T13:30:00.500Z", "2024-02-29T13:30:00.5"),
            ("2024-02-29T13:30:00.000001Z", "2024-02-29T13:30:00.000001"),
        ] {
            assert_eq!(text(&moment, &json!(stored)), shown);
            let kind = DrawnField::new(&moment, shown).kind;
            assert_eq!(kind == "text", shown.len() > 23, "{shown}");
        }
        assert_eq!(text(&field(Kind::Time), &json!("00:00:00")), "00:00");
    }

    #[test]
    fn a_yes_or_no_that_may_be_left_open_has_three_choices() {
        let open = InputField {
            nullable: true,
            ..field(Kind::Boolean)
        };
        for (value, shown) in [
            (json!(true), "on"),
            (json!(false), "off"),
            (json!(null), ""),
        ] {
            assert_eq!(text(&open, &value), shown);
            let drawn = DrawnField::new(&open, shown);
            let chosen = drawn.choices.iter().filter(|choice| choice.chosen);
            assert_eq!((drawn.widget, drawn.optional), ("radios", true));
            assert_eq!(chosen.count(), usize::from(!shown.is_empty()), "{shown}");
            let form = Form::new(vec![("author_id".to_owned(), shown.to_owned())]);
            assert_eq!(form.value(&open), Ok(Some(value)));
        }
        assert_eq!(Form::default().value(&open), Ok(None));
    }

    #[test]
    fn a_field_says_what_is_wrong_and_keeps_the_text() {
        let form = Form::new(vec![("author_id".to_owned(), "2024-02-30".to_owned())]);
        let mut drawing = Drawing::of_form(&[field(Kind::Date)], &form);
        let errors = FieldErrors::from([
            ("author_id".to_owned(), vec!["is not a date".to_owned()]),
            ("other_one".to_owned(), vec!["is wrong".to_owned()]),
        ]);
        assert_eq!(drawing.refuse(errors), ["Other one is wrong"]);
        let drawn = &drawing.fields[0];
        assert_eq!((&*drawn.value, drawn.kind), ("2024-02-30", "text"));
        assert_eq!(drawn.label, "Author");
        assert_eq!(drawn.errors, ["is not a date"]);
    }
}
