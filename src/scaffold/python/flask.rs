//! A model of SQLAlchemy in a Flask project, and its schemas: what their templates know. Pure.

use heck::ToSnakeCase;
use serde::Serialize;

use super::literal::{quoted, sample, value};
use super::model::{Before, Common, Framework, Request, is_comparable};
use crate::error::{Error, Result};
use crate::scaffold::field::{Default, Field, FieldType, ModelPath, OnDelete};

/// Names of fields that models, schemas or the code around them use themselves.
const RESERVED: &[&str] = &[
    "bool",
    "construct",
    "copy",
    "db",
    "dict",
    "dt",
    "fields",
    "float",
    "from_orm",
    "id",
    "int",
    "json",
    "mapped_column",
    "metadata",
    "parse_file",
    "parse_obj",
    "parse_raw",
    "query",
    "query_class",
    "registry",
    "sa",
    "schema",
    "schema_json",
    "str",
    "t",
    "update_forward_refs",
    "validate",
];

/// Names that pydantic keeps for itself begin with this.
const RESERVED_PREFIX: &str = "model_";

/// Classes that generated code imports.
const CLASSES: &[&str] = &["Decimal", "Field", "Mapped", "ModelView", "UUID"];

/// What the templates know.
#[derive(Debug, Serialize)]
pub(crate) struct Model {
    #[serde(flatten)]
    pub(crate) common: Common,
    fields: Vec<Column>,
    /// Those that clients may send.
    inputs: Vec<Input>,
}

#[derive(Debug, Serialize)]
struct Column {
    name: String,
    /// `Mapped[str] = mapped_column(sa.String(200))`
    column: String,
    /// `str | None`
    output: String,
}

#[derive(Debug, Serialize)]
struct Input {
    name: String,
    /// `str = Field(min_length=1, max_length=200)`
    #[serde(rename = "type")]
    annotation: String,
    /// A value for tests; empty for what they leave out.
    sample: String,
}

/// A class of a rendered file.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Class<'a> {
    pub(crate) name: &'a str,
    pub(crate) text: &'a str,
}

/// How a type is written: in the model, in the database, and in the schema of what clients send.
struct Written {
    python: &'static str,
    database: Option<String>,
    input: String,
    /// What holds of its values.
    limits: Vec<String>,
}

/// Flask with SQLAlchemy and pydantic.
struct Flask;

impl Framework for Flask {
    const BEFORE: Before = Before {
        filters: 14,
        search: 13,
        ordering: 15,
    };

    fn reserved(&self, field: &Field) -> Option<String> {
        let name = field.name.as_str();
        let is_taken = RESERVED.contains(&name) || name.starts_with(RESERVED_PREFIX);
        is_taken.then(|| format!("models and schemas have a `{name}` of their own"))
    }

    fn lacks(&self, kind: &FieldType) -> Option<(&'static str, &'static str)> {
        match kind {
            FieldType::Bytes => Some((
                "this pack keeps no bytes in the database",
                "keep them in a file and its name here, or write a sa.LargeBinary by hand",
            )),
            FieldType::Many { .. } => Some((
                "this pack has no `many`",
                "make the model between the two: `luthier startmodel` with two `ref` fields",
            )),
            _ => None,
        }
    }

    fn name(&self, field: &Field) -> String {
        field.column().unwrap_or_default()
    }

    fn is_sent(&self, field: &Field) -> bool {
        // What is now is set by the site.
        field.default != Some(Default::Now)
    }

    fn is_required(&self, field: &Field) -> bool {
        !field.nullable && field.default.is_none()
    }

    fn filters(&self, field: &Field) -> bool {
        is_comparable(field) && field.kind != FieldType::Text && self.is_sent(field)
    }
}

impl Model {
    /// # Errors
    /// Bad input: a name that is in use, a type that there is none of, a model that is not there.
    pub(crate) fn new(request: &Request<'_>) -> Result<Self> {
        if CLASSES.contains(&request.model) {
            let model = request.model;
            return Err(Error::bad_input(format_args!(
                "`{model}` cannot name a model: generated code uses a class by that name"
            ))
            .hint(format!("try `{model}Record`")));
        }
        let sent = request.fields.iter().filter(|field| Flask.is_sent(field));
        Ok(Self {
            common: Common::new(&Flask, request)?,
            fields: request.fields.iter().map(column).collect(),
            inputs: sent.map(input).collect(),
        })
    }
}

/// The imports that the module `stem` needs for `text`, each with the name that it binds.
pub(crate) fn imports(stem: &str, text: &str) -> Vec<(&'static str, &'static str)> {
    let all: &[(&str, &str, &str)] = match stem {
        "models" => &[
            ("dt.", "dt", "import datetime as dt"),
            ("t.Any", "t", "import typing as t"),
            ("Decimal", "Decimal", "from decimal import Decimal"),
            ("UUID", "UUID", "from uuid import UUID"),
            ("sa.", "sa", "import sqlalchemy as sa"),
            (
                "",
                "Mapped",
                "from sqlalchemy.orm import Mapped, mapped_column",
            ),
            ("", "db", "from app.database import db"),
        ],
        "schemas" => &[
            ("dt.", "dt", "import datetime as dt"),
            ("t.", "t", "import typing as t"),
            ("Decimal", "Decimal", "from decimal import Decimal"),
            ("UUID", "UUID", "from uuid import UUID"),
            (" Field(", "Field", "from pydantic import Field"),
            ("", "fields", "from app.api import fields"),
        ],
        _ => &[
            ("", "ModelView", "from app.api.views import ModelView"),
            ("", "models", "from . import models, schemas"),
        ],
    };
    let uses = |word: &str| {
        let before = |at: usize| text[..at].chars().next_back();
        let is_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
        word.is_empty() || text.match_indices(word).any(|(at, _)| !is_word(before(at)))
    };
    let needed = all.iter().filter(|(word, ..)| uses(word));
    needed.map(|(_, name, line)| (*name, *line)).collect()
}

/// The classes of a rendered file.
pub(crate) fn classes(text: &str) -> Vec<Class<'_>> {
    const CLASS: &str = "class ";
    let starts = text
        .match_indices(CLASS)
        .map(|(at, _)| at)
        .filter(|at| *at == 0 || text[..*at].ends_with('\n'));
    let starts: Vec<usize> = starts.collect();
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    let classes = starts.iter().zip(ends).map(|(start, end)| {
        let text = text[*start..end].trim_end();
        let name = text[CLASS.len()..].split(['(', ':']).next();
        Class {
            name: name.unwrap_or_default(),
            text,
        }
    });
    classes.collect()
}

fn column(field: &Field) -> Column {
    let written = written(&field.kind);
    let annotation = match field.nullable {
        true => format!("{} | None", written.python),
        false => written.python.to_owned(),
    };
    let mut arguments: Vec<String> = written.database.into_iter().collect();
    if field.unique || matches!(field.kind, FieldType::One { .. }) {
        arguments.push("unique=True".to_owned());
    } else if field.index || matches!(field.kind, FieldType::Ref { .. }) {
        arguments.push("index=True".to_owned());
    }
    match &field.default {
        Some(Default::Now) => arguments.push("default=lambda: dt.datetime.now(dt.UTC)".to_owned()),
        Some(default) => arguments.push(format!("default={}", default_of(default, &field.kind))),
        None => {}
    }
    let name = field.column().unwrap_or_default();
    let one_line = format!(
        "Mapped[{annotation}] = mapped_column({})",
        arguments.join(", ")
    );
    let column = if arguments.is_empty() {
        format!("Mapped[{annotation}]")
    } else if name.len() + one_line.len() + 6 <= 100 {
        one_line
    } else {
        format!(
            "Mapped[{annotation}] = mapped_column(\n        {}\n    )",
            arguments.join(", ")
        )
    };
    // Its schema says that it has no zone.
    let output = match field.kind {
        FieldType::Time => annotation.replace("dt.time", "fields.Time"),
        _ => annotation,
    };
    Column {
        name,
        column,
        output,
    }
}

fn input(field: &Field) -> Input {
    let written = written(&field.kind);
    let nullable = if field.nullable { " | None" } else { "" };
    let default = match &field.default {
        Some(default) => Some(default_of(default, &field.kind)),
        None => field.nullable.then(|| "None".to_owned()),
    };
    let assigned = if written.limits.is_empty() {
        default
    } else {
        let arguments: Vec<String> = default.into_iter().chain(written.limits).collect();
        Some(format!("Field({})", arguments.join(", ")))
    };
    let assigned = assigned.map(|value| format!(" = {value}"));
    Input {
        name: field.column().unwrap_or_default(),
        annotation: format!(
            "{}{nullable}{}",
            written.input,
            assigned.unwrap_or_default()
        ),
        sample: sample(&field.kind),
    }
}

fn written(kind: &FieldType) -> Written {
    let new = |python, database: &str, input: &str, limits: &[String]| Written {
        python,
        database: (!database.is_empty()).then(|| database.to_owned()),
        input: input.to_owned(),
        limits: limits.to_vec(),
    };
    let text = |length: usize, input| new("str", &format!("sa.String({length})"), input, &[]);
    let blank = || "min_length=1".to_owned();
    match kind {
        FieldType::String { length } => {
            let limits = [blank(), format!("max_length={length}")];
            new("str", &format!("sa.String({length})"), "str", &limits)
        }
        FieldType::Text => new("str", "sa.Text", "str", &[blank()]),
        FieldType::Int => new("int", "", "fields.Int", &[]),
        FieldType::BigInt => new("int", "sa.BigInteger", "fields.BigInt", &[]),
        FieldType::SmallInt => new("int", "sa.SmallInteger", "fields.SmallInt", &[]),
        FieldType::Float => new("float", "sa.Float", "fields.Float", &[]),
        FieldType::Double => new("float", "sa.Double", "fields.Double", &[]),
        FieldType::Decimal { precision, scale } => {
            let limits = [
                format!("max_digits={precision}"),
                format!("decimal_places={scale}"),
            ];
            let database = format!("sa.Numeric({precision}, {scale})");
            new("Decimal", &database, "Decimal", &limits)
        }
        FieldType::Bool => new("bool", "", "bool", &[]),
        FieldType::Date => new("dt.date", "", "dt.date", &[]),
        FieldType::Time => new("dt.time", "", "fields.Time", &[]),
        FieldType::DateTime => new("dt.datetime", "", "fields.DateTime", &[]),
        FieldType::Uuid => new("UUID", "", "UUID", &[]),
        // Refused before.
        FieldType::Json | FieldType::Bytes | FieldType::Many { .. } => {
            new("t.Any", "sa.JSON", "t.Any", &[])
        }
        FieldType::Email => text(254, "fields.Email"),
        FieldType::Url => text(200, "fields.Url"),
        FieldType::Slug => text(50, "fields.Slug"),
        FieldType::Enum(variants) => {
            let values = variants.iter().map(|variant| variant.value.as_str());
            let values: Vec<&str> = values.collect();
            let longest = values.iter().map(|value| value.len()).max();
            let literals: Vec<String> = values.into_iter().map(quoted).collect();
            let literal = format!("t.Literal[{}]", literals.join(", "));
            text(longest.unwrap_or_default().max(20), &literal)
        }
        FieldType::Ref { target, on_delete } | FieldType::One { target, on_delete } => new(
            "int",
            &foreign_key(target, *on_delete),
            "fields.Reference",
            &[],
        ),
    }
}

fn foreign_key(target: &ModelPath, on_delete: OnDelete) -> String {
    let key = quoted(&format!(
        "{}_{}.id",
        target.app,
        target.model.to_snake_case()
    ));
    let action = match on_delete {
        OnDelete::Restrict => "",
        OnDelete::Cascade => ", ondelete=\"CASCADE\"",
        OnDelete::SetNull => ", ondelete=\"SET NULL\"",
    };
    format!("sa.ForeignKey({key}{action})")
}

fn default_of(default: &Default, kind: &FieldType) -> String {
    match (default, kind) {
        (Default::Number(number), FieldType::Decimal { .. }) => {
            format!("Decimal({})", quoted(number))
        }
        (other, _) => value(other),
    }
}

#[cfg(test)]
mod tests;
