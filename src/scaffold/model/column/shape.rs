//! What a type of field is to Rust, to the database, to clients and to tests.

use super::optional;
use crate::scaffold::field::{Field, FieldType};
use crate::scaffold::model::enums;
use crate::scaffold::model::naming::Names;
use crate::scaffold::model::sample::sample_key;
use crate::scaffold::model::target::Targets;

/// What a client may send, and a database keep, of an address, a web address and a slug.
const EMAIL_LENGTH: usize = 254;
pub(in crate::scaffold::model) const URL_LENGTH: usize = 2000;
const SLUG_LENGTH: usize = 50;

/// What a type of field is in each place, before `?` makes it optional.
#[derive(Default)]
pub(super) struct Shape {
    /// The type of the entity's field and of what clients send.
    pub(super) rust: String,
    pub(super) input: Option<&'static str>,
    /// Where SeaORM would choose another.
    pub(super) column_type: Option<String>,
    /// The rules of `garde`, and one of this project's own.
    pub(super) rules: Vec<String>,
    pub(super) own_rule: Option<String>,
    /// What documents input, filters and output where the type alone would not.
    pub(super) input_schema: Vec<String>,
    pub(super) filter_schema: Vec<String>,
    pub(super) output_schema: Vec<String>,
    /// A module that reads and writes it for `serde`, or a function that reads it.
    pub(super) with: Option<&'static str>,
    pub(super) read: Option<&'static str>,
    /// A function that writes it where the entity's own way would lose digits.
    pub(super) write: Option<String>,
    pub(super) sample: String,
}

impl Shape {
    pub(super) fn new(field: &Field, targets: &Targets, names: &Names) -> Self {
        let plain = |rust: &str, sample: &str| Shape {
            rust: rust.to_owned(),
            sample: sample.to_owned(),
            ..Shape::default()
        };
        match &field.kind {
            FieldType::String { length } => text(field, *length as usize),
            FieldType::Text => Shape {
                column_type: Some("Text".to_owned()),
                rules: vec!["length(chars, min = 1)".to_owned()],
                input_schema: vec!["min_length = 1".to_owned()],
                ..plain("String", &format!("{:?}", field.name))
            },
            FieldType::Int => plain("i32", "1"),
            FieldType::BigInt => plain("i64", "1"),
            FieldType::SmallInt => {
                let range = ["minimum = -32768", "maximum = 32767"].map(str::to_owned);
                Shape {
                    input_schema: range.to_vec(),
                    filter_schema: range.to_vec(),
                    ..plain("i16", "1")
                }
            }
            FieldType::Float | FieldType::Double => Shape {
                own_rule: Some("fields::finite".to_owned()),
                ..plain(
                    if field.kind == FieldType::Float {
                        "f32"
                    } else {
                        "f64"
                    },
                    "1.5",
                )
            },
            FieldType::Decimal { precision, scale } => decimal(field, *precision, *scale),
            FieldType::Bool => plain("bool", "true"),
            FieldType::Date => Shape {
                own_rule: Some("fields::date".to_owned()),
                ..plain("Date", "\"2024-02-29\"")
            },
            FieldType::Time => time(field),
            FieldType::DateTime => moment(field),
            FieldType::Uuid => plain("Uuid", "\"67e55044-10b1-426f-9247-bb680e5fe0c8\""),
            FieldType::Json => {
                let any = vec!["schema_with = fields::json_schema".to_owned()];
                Shape {
                    column_type: Some("JsonBinary".to_owned()),
                    input: Some("JsonValue"),
                    input_schema: any.clone(),
                    output_schema: any,
                    ..plain("Json", "{ \"key\": [1, null] }")
                }
            }
            FieldType::Bytes => {
                let schema = vec![format!(
                    "schema_with = fields::base64{}::schema",
                    if field.nullable { "::option" } else { "" }
                )];
                Shape {
                    column_type: Some("Blob".to_owned()),
                    input_schema: schema.clone(),
                    output_schema: schema,
                    with: Some("fields::base64"),
                    ..plain("Vec<u8>", "\"AAEC\"")
                }
            }
            FieldType::Email => Shape {
                rules: vec![format!("length(chars, max = {EMAIL_LENGTH})")],
                own_rule: Some("fields::email".to_owned()),
                input_schema: vec![
                    "format = Email".to_owned(),
                    format!("max_length = {EMAIL_LENGTH}"),
                ],
                sample: "\"info@example.com\"".to_owned(),
                ..text(field, EMAIL_LENGTH)
            },
            FieldType::Url => Shape {
                rules: vec![
                    "url".to_owned(),
                    format!("length(chars, max = {URL_LENGTH})"),
                ],
                own_rule: Some("fields::http".to_owned()),
                input_schema: vec![
                    "format = \"uri\"".to_owned(),
                    format!("max_length = {URL_LENGTH}"),
                ],
                sample: "\"https://example.com/\"".to_owned(),
                ..text(field, URL_LENGTH)
            },
            FieldType::Slug => {
                let shape = text(field, SLUG_LENGTH);
                let mut schema = shape.input_schema.clone();
                schema.push("pattern = \"^[-a-zA-Z0-9_]+$\"".to_owned());
                Shape {
                    own_rule: Some("fields::slug".to_owned()),
                    input_schema: schema,
                    ..shape
                }
            }
            FieldType::Enum(variants) => {
                let first = variants.first().map_or("", |variant| &variant.value);
                plain(
                    &enums::name_of(&names.model, &field.name),
                    &format!("{first:?}"),
                )
            }
            FieldType::Ref { .. } | FieldType::One { .. } | FieldType::Many { .. } => {
                let key = targets.get(field).map_or("i64", |target| &target.key);
                plain(key, sample_key(key))
            }
        }
    }
}

fn text(field: &Field, length: usize) -> Shape {
    let sample: String = field.name.chars().take(length).collect();
    Shape {
        rust: "String".to_owned(),
        column_type: Some(format!("String(StringLen::N({length}))")),
        rules: vec![format!("length(chars, min = 1, max = {length})")],
        input_schema: vec![
            "min_length = 1".to_owned(),
            format!("max_length = {length}"),
        ],
        sample: format!("{sample:?}"),
        ..Shape::default()
    }
}

fn decimal(field: &Field, precision: u32, scale: u32) -> Shape {
    let (schema, read) = match field.nullable {
        true => ("optional_decimal_schema", "fields::read_optional_decimal"),
        false => ("decimal_schema", "fields::read_decimal"),
    };
    // With all the digits of the column, as it is answered.
    let zeros = "0".repeat(scale.saturating_sub(1) as usize);
    let sample = match (precision - scale, scale) {
        (_, 0) => "1".to_owned(),
        (0, _) => format!("0.5{zeros}"),
        _ => format!("1.5{zeros}"),
    };
    let optional = if field.nullable { "optional_" } else { "" };
    Shape {
        rust: "Decimal".to_owned(),
        column_type: Some(format!("Decimal(Some(({precision}, {scale})))")),
        own_rule: Some(format!("fields::decimal::<{precision}, {scale}>")),
        input_schema: vec![format!(
            "schema_with = fields::{schema}::<{precision}, {scale}>"
        )],
        filter_schema: vec!["schema_with = fields::decimal_text_schema".to_owned()],
        read: Some(read),
        write: Some(format!("fields::write_{optional}decimal::<{scale}, _>")),
        sample: format!("{sample:?}"),
        ..Shape::default()
    }
}

fn time(field: &Field) -> Shape {
    let schema = |optional: bool| {
        let prefix = if optional { "optional_" } else { "" };
        vec![format!("schema_with = fields::{prefix}time_schema")]
    };
    Shape {
        rust: "Time".to_owned(),
        own_rule: Some("fields::time".to_owned()),
        input_schema: schema(field.nullable),
        filter_schema: schema(false),
        output_schema: schema(field.nullable),
        sample: "\"13:30:00\"".to_owned(),
        ..Shape::default()
    }
}

fn moment(field: &Field) -> Shape {
    let schema = |rust: &str| {
        vec![
            format!("value_type = {rust}"),
            "format = DateTime".to_owned(),
        ]
    };
    Shape {
        rust: "DateTimeUtc".to_owned(),
        own_rule: Some("fields::datetime".to_owned()),
        input_schema: schema(&optional(field, "String")),
        filter_schema: schema("Option<String>"),
        output_schema: schema(&optional(field, "String")),
        sample: "\"2024-02-29T13:30:00Z\"".to_owned(),
        ..Shape::default()
    }
}
