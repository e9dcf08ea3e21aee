//! One column of a new model: its Rust types, and what is said of it to the database, to clients and to tests.

use heck::ToUpperCamelCase;
use serde::Serialize;

use super::access::{ACCOUNTS, Access, OWNER};
use super::default::{self, Default};
use super::identifier::ident;
use super::layout;
use super::naming::Names;
use super::target::{Referred, Targets};
use crate::scaffold::field::{Field, FieldType, LIST_PARAMETERS};

mod shape;

pub(super) use shape::URL_LENGTH;

use shape::Shape;

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
    /// The attributes without those that document it.
    plain_outputs: Vec<String>,
    plain_inputs: Vec<String>,
    pub(super) default: Option<Default>,
    /// The type and the attributes of the filter.
    pub(super) filter: Option<Filter>,
    /// A value as JSON, for tests.
    sample: String,
    /// Whether tests send it.
    pub(super) sampled: bool,
    /// Whether a client must send it.
    pub(super) required: bool,
    pub(super) unique: bool,
    pub(super) orders: bool,
    pub(super) searches: bool,
    /// Whether it is the id of another row.
    pub(super) refers: bool,
    /// Whether that is a row which tests do not have, as they have that of who is signed in.
    pub(super) dangles: bool,
    /// Whether clients say something of it.
    pub(super) asked: bool,
}

#[derive(Debug, Serialize)]
pub(super) struct Filter {
    rust: String,
    attributes: Vec<String>,
}

impl Column {
    /// The column of a field; `None` for a `many`.
    pub(super) fn new(
        field: &Field,
        targets: &Targets,
        names: &Names,
        access: Access,
    ) -> Option<Self> {
        let name = field.column()?;
        let shape = Shape::new(field, targets, names);
        let default = Default::new(field, &optional(field, &shape.rust), &names.model);
        let asked = access != Access::Owner || field.name != OWNER;
        let target = targets.get(field);
        let refers = target.is_some();
        let is_user = |target: &Referred| target.app == ACCOUNTS && target.module == "user";
        let dangles = refers && !(access != Access::Public && target.is_some_and(is_user));
        let one = matches!(field.kind, FieldType::One { .. });
        let sampled = asked && !(refers && field.nullable);
        let filters = asked
            && !matches!(
                field.kind,
                FieldType::Text
                    | FieldType::Json
                    | FieldType::Bytes
                    | FieldType::Float
                    | FieldType::Double
            );
        let outputs = output_attributes(field, &shape);
        let inputs = input_attributes(field, &shape, default.as_ref());
        Some(Self {
            plain_outputs: without_documentation(&outputs),
            plain_inputs: without_documentation(&inputs),
            ident: ident(&name),
            variant: name.to_upper_camel_case(),
            rust: optional(field, &shape.rust),
            attributes: entity_attributes(field, &shape),
            outputs,
            input: optional(field, shape.input.unwrap_or(&shape.rust)),
            inputs,
            filter: (filters && !LIST_PARAMETERS.contains(&&*name)).then(|| Filter {
                rust: format!("Option<{}>", shape.rust),
                attributes: attribute("param", &shape.filter_schema),
            }),
            required: !field.nullable && default.is_none(),
            unique: sampled && (field.unique || one),
            orders: !matches!(
                field.kind,
                FieldType::Text | FieldType::Json | FieldType::Bytes
            ),
            searches: matches!(
                field.kind,
                FieldType::String { .. }
                    | FieldType::Text
                    | FieldType::Email
                    | FieldType::Url
                    | FieldType::Slug
            ),
            sample: shape.sample,
            sampled,
            refers,
            dangles,
            asked,
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

    /// Whether its attributes name a check or a format of the project, apart from those that document it.
    pub(super) fn uses_fields(&self) -> bool {
        let mut attributes = self.plain_outputs.iter().chain(&self.plain_inputs);
        attributes.any(|attribute| attribute.contains("fields::"))
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

fn without_documentation(attributes: &[String]) -> Vec<String> {
    let documents = |attribute: &&String| attribute.starts_with("#[schema(");
    let others = attributes.iter().filter(|attribute| !documents(attribute));
    others.cloned().collect()
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
        FieldType::One { .. } => args.push("unique".to_owned()),
        _ if field.unique => args.push("unique".to_owned()),
        FieldType::Ref { .. } => args.push("indexed".to_owned()),
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
    if let Some(write) = &shape.write {
        let write = format!("serialize_with = \"{write}\"");
        attributes.extend(attribute("serde", &[write]));
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
