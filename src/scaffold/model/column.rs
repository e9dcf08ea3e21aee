//! One column of a new model: its Rust types, and what is said of it to the database, to clients and to tests.

use heck::ToUpperCamelCase;
use serde::Serialize;

use super::default::{self, Default};
use super::junction::sample_key;
use super::target::Targets;
use super::{Names, enums, ident, layout};
use crate::scaffold::field::{Field, Kind, LIST_PARAMETERS};

/// What a client may send, and a database keep, of an address, a web address and a slug.
pub(crate) const EMAIL_LENGTH: usize = 254;
pub(crate) const URL_LENGTH: usize = 2000;
pub(crate) const SLUG_LENGTH: usize = 50;

/// What the templates know of a column.
#[derive(Debug, Serialize)]
pub(super) struct Column {
    /// In the database, in JSON and in addresses.
    pub(super) name: String,
    /// In Rust: `r#type`.
    pub(super) ident: String,
    /// Of the enum `Column`: `Type`.
    pub(super) variant: String,
    /// The type of the entity's field.
    rust: String,
    /// The attributes of the entity's field, those that say what the API answers last.
    attributes: Vec<String>,
    outputs: Vec<String>,
    /// The type and the attributes of the field that clients send.
    pub(super) input: String,
    inputs: Vec<String>,
    pub(super) default: Option<Default>,
    /// The type and the attributes of the filter.
    pub(super) filter: Option<Filter>,
    /// A value as JSON, for tests.
    sample: String,
    /// Whether tests send it.
    sampled: bool,
    /// Whether a client must send it.
    pub(super) required: bool,
    pub(super) unique: bool,
    pub(super) orders: bool,
    pub(super) searches: bool,
    /// Whether it is the id of another row.
    pub(super) refers: bool,
}

#[derive(Debug, Serialize)]
pub(super) struct Filter {
    rust: String,
    attributes: Vec<String>,
}

/// What a type of field is in each place, before `?` makes it optional.
#[derive(std::default::Default)]
struct Shape {
    /// The type of the entity's field and of what clients send.
    rust: String,
    input: Option<&'static str>,
    /// Where SeaORM would choose another.
    column_type: Option<String>,
    /// The rules of `garde`, and one of this project's own.
    rules: Vec<String>,
    own_rule: Option<String>,
    /// What documents input, filters and output where the type alone would not.
    input_schema: Vec<String>,
    filter_schema: Vec<String>,
    output_schema: Vec<String>,
    /// A module that reads and writes it for `serde`, or a function that reads it.
    with: Option<&'static str>,
    read: Option<&'static str>,
    sample: String,
}

impl Column {
    /// The column of a field; `None` for a `many`.
    pub(super) fn new(field: &Field, targets: &Targets, names: &Names) -> Option<Self> {
        let name = field.column()?;
        let shape = shape(field, targets, names);
        let default = Default::of(field, &optional(field, &shape.rust), &names.model);
        let refers = targets.of(field).is_some();
        let one = matches!(field.kind, Kind::One { .. });
        let sampled = !(refers && field.nullable);
        let filters = !matches!(
            field.kind,
            Kind::Text | Kind::Json | Kind::Bytes | Kind::Float | Kind::Double
        );
        Some(Self {
            ident: ident(&name),
            variant: name.to_upper_camel_case(),
            rust: optional(field, &shape.rust),
            attributes: entity_attributes(field, &shape),
            outputs: output_attributes(field, &shape),
            input: optional(field, shape.input.unwrap_or(&shape.rust)),
            inputs: input_attributes(field, &shape, default.as_ref()),
            filter: (filters && !LIST_PARAMETERS.contains(&&*name)).then(|| Filter {
                rust: format!("Option<{}>", shape.rust),
                attributes: attribute("param", &shape.filter_schema),
            }),
            required: !field.nullable && default.is_none(),
            unique: sampled && (field.unique || one),
            orders: !matches!(field.kind, Kind::Text | Kind::Json | Kind::Bytes),
            searches: matches!(
                field.kind,
                Kind::String { .. } | Kind::Text | Kind::Email | Kind::Url | Kind::Slug
            ),
            sample: shape.sample,
            sampled,
            refers,
            default,
            name,
        })
    }

    /// Whether the entity's field names `path`.
    pub(super) fn entity_mentions(&self, path: &str) -> bool {
        self.outputs
            .iter()
            .any(|attribute| attribute.contains(path))
    }

    /// Whether what the API reads names `path`.
    pub(super) fn mentions(&self, path: &str) -> bool {
        let filter = self.filter.iter().flat_map(|filter| &filter.attributes);
        self.inputs
            .iter()
            .chain(filter)
            .any(|attribute| attribute.contains(path))
    }
}

fn optional(field: &Field, rust: &str) -> String {
    match field.nullable {
        true => format!("Option<{rust}>"),
        false => rust.to_owned(),
    }
}

fn attribute(name: &str, args: &[String]) -> Vec<String> {
    layout::attribute(name, args, 4).into_iter().collect()
}

fn entity_attributes(field: &Field, shape: &Shape) -> Vec<String> {
    let mut args = Vec::new();
    args.extend(
        shape
            .column_type
            .as_ref()
            .map(|kind| format!("column_type = \"{kind}\"")),
    );
    args.extend(default::in_database(field));
    match &field.kind {
        Kind::One { .. } => args.push("unique".to_owned()),
        _ if field.unique => args.push("unique".to_owned()),
        Kind::Ref { .. } => args.push("indexed".to_owned()),
        _ if field.index => args.push("indexed".to_owned()),
        _ => {}
    }
    attribute("sea_orm", &args)
}

fn output_attributes(field: &Field, shape: &Shape) -> Vec<String> {
    let mut attributes = attribute("schema", &shape.output_schema);
    if let Some(with) = shape.with {
        let with = format!(
            "with = \"{with}{}\"",
            if field.nullable { "::option" } else { "" }
        );
        attributes.extend(attribute("serde", &[with]));
    }
    attributes
}

fn input_attributes(field: &Field, shape: &Shape, default: Option<&Default>) -> Vec<String> {
    let mut rules = shape.rules.clone();
    rules.extend(shape.own_rule.as_ref().map(|rule| match field.nullable {
        true => format!("inner(custom({rule}))"),
        false => format!("custom({rule})"),
    }));
    if rules.is_empty() {
        rules.push("skip".to_owned());
    }
    let mut schema = shape.input_schema.clone();
    let whole = schema.iter().any(|arg| arg.starts_with("schema_with"));
    schema.extend(
        default
            .filter(|default| default.constant && !whole)
            .map(|default| format!("default = {}", default.name)),
    );
    let mut serde = Vec::new();
    match default {
        Some(default) => serde.push(format!("default = \"{}\"", default.name)),
        // Otherwise these would ask for the field even where it is optional.
        None if field.nullable && (shape.with.is_some() || shape.read.is_some()) => {
            serde.push("default".to_owned());
        }
        None => {}
    }
    serde.extend(shape.with.map(|with| match field.nullable {
        true => format!("with = \"{with}::option\""),
        false => format!("with = \"{with}\""),
    }));
    serde.extend(
        shape
            .read
            .map(|read| format!("deserialize_with = \"{read}\"")),
    );
    [
        attribute("garde", &rules),
        attribute("schema", &schema),
        attribute("serde", &serde),
    ]
    .concat()
}

fn shape(field: &Field, targets: &Targets, names: &Names) -> Shape {
    let plain = |rust: &str, sample: &str| Shape {
        rust: rust.to_owned(),
        sample: sample.to_owned(),
        ..Shape::default()
    };
    match &field.kind {
        Kind::String { length } => text(field, *length as usize),
        Kind::Text => Shape {
            column_type: Some("Text".to_owned()),
            rules: vec!["length(chars, min = 1)".to_owned()],
            input_schema: vec!["min_length = 1".to_owned()],
            ..plain("String", &format!("{:?}", field.name))
        },
        Kind::Int => plain("i32", "1"),
        Kind::BigInt => plain("i64", "1"),
        Kind::SmallInt => {
            let range = ["minimum = -32768", "maximum = 32767"].map(str::to_owned);
            Shape {
                input_schema: range.to_vec(),
                filter_schema: range.to_vec(),
                ..plain("i16", "1")
            }
        }
        Kind::Float | Kind::Double => Shape {
            own_rule: Some("fields::finite".to_owned()),
            ..plain(
                if field.kind == Kind::Float {
                    "f32"
                } else {
                    "f64"
                },
                "1.5",
            )
        },
        Kind::Decimal { precision, scale } => decimal(field, *precision, *scale),
        Kind::Bool => plain("bool", "true"),
        Kind::Date => Shape {
            own_rule: Some("fields::date".to_owned()),
            ..plain("Date", "\"2024-02-29\"")
        },
        Kind::Time => time(field),
        Kind::DateTime => moment(field),
        Kind::Uuid => plain("Uuid", "\"67e55044-10b1-426f-9247-bb680e5fe0c8\""),
        Kind::Json => {
            let any = vec!["schema_with = fields::json_schema".to_owned()];
            Shape {
                column_type: Some("JsonBinary".to_owned()),
                input: Some("JsonValue"),
                input_schema: any.clone(),
                output_schema: any,
                ..plain("Json", "{ \"key\": [1, null] }")
            }
        }
        Kind::Bytes => {
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
        Kind::Email => Shape {
            rules: vec![
                "email".to_owned(),
                format!("length(chars, max = {EMAIL_LENGTH})"),
            ],
            input_schema: vec![
                "format = Email".to_owned(),
                format!("max_length = {EMAIL_LENGTH}"),
            ],
            sample: "\"info@example.com\"".to_owned(),
            ..text(field, EMAIL_LENGTH)
        },
        Kind::Url => Shape {
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
        Kind::Slug => {
            let shape = text(field, SLUG_LENGTH);
            let mut schema = shape.input_schema.clone();
            schema.push("pattern = \"^[-a-zA-Z0-9_]+$\"".to_owned());
            Shape {
                own_rule: Some("fields::slug".to_owned()),
                input_schema: schema,
                ..shape
            }
        }
        Kind::Enum(variants) => {
            let first = variants.first().map_or("", |variant| &variant.value);
            plain(
                &enums::name_of(&names.model, &field.name),
                &format!("{first:?}"),
            )
        }
        Kind::Ref { .. } | Kind::One { .. } | Kind::Many { .. } => {
            let key = targets.of(field).map_or("i64", |target| &target.key);
            plain(key, sample_key(key))
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
    let sample = match (precision - scale, scale) {
        (_, 0) => "1",
        (0, _) => "0.5",
        _ => "1.5",
    };
    Shape {
        rust: "Decimal".to_owned(),
        column_type: Some(format!("Decimal(Some(({precision}, {scale})))")),
        own_rule: Some(format!("fields::decimal::<{precision}, {scale}>")),
        input_schema: vec![format!(
            "schema_with = fields::{schema}::<{precision}, {scale}>"
        )],
        filter_schema: vec!["schema_with = fields::decimal_text_schema".to_owned()],
        read: Some(read),
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
