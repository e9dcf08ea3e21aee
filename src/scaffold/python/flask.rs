//! A model of SQLAlchemy in a Flask project, and its schemas: what their templates know. Pure.

use heck::ToSnakeCase;
use serde::Serialize;

use super::literal::{is_text, list, quoted, sample};
use crate::error::{Error, Result};
use crate::inflection;
use crate::names::python::is_keyword;
use crate::scaffold::field::{Default, Field, FieldError, Kind, OnDelete, Target};
use crate::scaffold::model::Access;

/// Names of fields that models, schemas or the code around them use themselves.
const RESERVED: &[&str] = &[
    "copy", "db", "dict", "dt", "fields", "id", "json", "metadata", "query", "registry", "sa",
    "schema", "t", "validate",
];

/// Names that pydantic keeps for itself begin with this.
const RESERVED_PREFIX: &str = "model_";

/// Classes that generated code imports.
const CLASSES: &[&str] = &["Decimal", "Field", "Mapped", "ModelView", "UUID"];

/// What was asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Request<'a> {
    pub(crate) app: &'a str,
    pub(crate) model: &'a str,
    pub(crate) fields: &'a [Field],
    /// As typed, for errors; as many.
    pub(crate) typed: &'a [String],
    pub(crate) route: Option<&'a str>,
    /// The models there are, as `app.Model`.
    pub(crate) models: &'a [String],
}

/// What the templates know.
#[derive(Debug, Serialize)]
pub(crate) struct Model {
    app: String,
    model: String,
    module: String,
    /// The module of its tests.
    test_module: String,
    pub(crate) route: String,
    /// Who may use it, in words.
    meaning: String,
    fields: Vec<Column>,
    /// Those that clients may send.
    inputs: Vec<Input>,
    /// Python lists of names.
    filters: Option<String>,
    search: Option<String>,
    ordering: String,
    /// A field that clients have to give.
    required: Option<String>,
    /// Rows need other rows.
    referring: bool,
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
        for (field, typed) in request.fields.iter().zip(request.typed) {
            check(field, typed, request)?;
        }
        let module = request.model.to_snake_case();
        let route = request.route.map_or_else(
            || inflection::plural(&module).replace('_', "-"),
            str::to_owned,
        );
        let inputs = || request.fields.iter().filter(|field| !is_set_by_us(field));
        let column_of = |field: &Field| field.column().unwrap_or_default();
        let names = |wanted: &dyn Fn(&Field) -> bool| -> Vec<String> {
            inputs()
                .filter(|field| wanted(field))
                .map(column_of)
                .collect()
        };
        let searched = names(&|field| is_text(&field.kind));
        let filters = names(&|field| !matches!(field.kind, Kind::Json | Kind::Text));
        let comparable = request
            .fields
            .iter()
            .filter(|field| field.kind != Kind::Json);
        let ordering: Vec<String> = ["id".to_owned()]
            .into_iter()
            .chain(comparable.map(column_of))
            .collect();
        let is_required = |field: &&Field| !field.nullable && field.default.is_none();
        let needs_row = |field: &Field| field.kind.target().is_some() && !field.nullable;
        Ok(Self {
            app: request.app.to_owned(),
            model: request.model.to_owned(),
            meaning: Access::Public.meaning(),
            fields: request.fields.iter().map(column).collect(),
            inputs: inputs().map(input).collect(),
            filters: (!filters.is_empty()).then(|| list(&filters, 14)),
            search: (!searched.is_empty()).then(|| list(&searched, 13)),
            ordering: list(&ordering, 15),
            required: inputs().find(is_required).map(column_of),
            referring: request.fields.iter().any(needs_row),
            test_module: format!("test_{module}"),
            module,
            route,
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
            (
                "",
                "mapped_column",
                "from sqlalchemy.orm import mapped_column",
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
            ("", "schemas", "from . import schemas"),
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

fn check(field: &Field, typed: &str, request: &Request<'_>) -> Result<()> {
    let name = &field.name;
    let refused = |message: String| Err(FieldError::new(typed, 0..name.len(), message).into());
    if is_keyword(name) {
        return refused(format!("`{name}` is a Python keyword"));
    }
    if RESERVED.contains(&name.as_str()) || name.starts_with(RESERVED_PREFIX) {
        return refused(format!("models and schemas have a `{name}` of their own"));
    }
    let kind = name.len() + 1..typed.len();
    match field.kind {
        Kind::Bytes => {
            return Err(
                FieldError::new(typed, kind, "this pack keeps no bytes in the database")
                    .hint(
                        "keep them in a file and its name here, or write a sa.LargeBinary by hand",
                    )
                    .into(),
            );
        }
        Kind::Many { .. } => {
            return Err(FieldError::new(typed, kind, "this pack has no `many`")
                .hint("make the model between the two: `luthier startmodel` with two `ref` fields")
                .into());
        }
        _ => {}
    }
    let Some(target) = field.kind.target() else {
        return Ok(());
    };
    let wanted = format!("{}.{}", target.app, target.model);
    let is_itself = target.app == request.app && target.model == request.model;
    if is_itself || request.models.contains(&wanted) {
        return Ok(());
    }
    let hint = match request.models.is_empty() {
        true => format!(
            "make it first: luthier startmodel {} {} …",
            target.app, target.model
        ),
        false => format!("the models are {}", request.models.join(", ")),
    };
    let message = format!("there is no model `{wanted}`");
    Err(FieldError::new(typed, target.at.clone(), message)
        .hint(hint)
        .into())
}

/// Whether the site sets it, and clients do not.
fn is_set_by_us(field: &Field) -> bool {
    matches!(field.default, Some(Default::Now))
}

fn column(field: &Field) -> Column {
    let written = written(&field.kind);
    let annotation = match field.nullable {
        true => format!("{} | None", written.python),
        false => written.python.to_owned(),
    };
    let mut arguments: Vec<String> = written.database.into_iter().collect();
    if field.unique || matches!(field.kind, Kind::One { .. }) {
        arguments.push("unique=True".to_owned());
    } else if field.index || matches!(field.kind, Kind::Ref { .. }) {
        arguments.push("index=True".to_owned());
    }
    match &field.default {
        Some(Default::Now) => arguments.push("default=lambda: dt.datetime.now(dt.UTC)".to_owned()),
        Some(default) => arguments.push(format!("default={}", value(default, &field.kind))),
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
    Column {
        name,
        column,
        output: annotation,
    }
}

fn input(field: &Field) -> Input {
    let written = written(&field.kind);
    let nullable = if field.nullable { " | None" } else { "" };
    let default = match &field.default {
        Some(default) => Some(value(default, &field.kind)),
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

fn written(kind: &Kind) -> Written {
    let new = |python, database: &str, input: &str, limits: &[String]| Written {
        python,
        database: (!database.is_empty()).then(|| database.to_owned()),
        input: input.to_owned(),
        limits: limits.to_vec(),
    };
    let text = |length: usize, input| new("str", &format!("sa.String({length})"), input, &[]);
    let blank = || "min_length=1".to_owned();
    match kind {
        Kind::String { length } => {
            let limits = [blank(), format!("max_length={length}")];
            new("str", &format!("sa.String({length})"), "str", &limits)
        }
        Kind::Text => new("str", "sa.Text", "str", &[blank()]),
        Kind::Int => new("int", "", "fields.Int", &[]),
        Kind::BigInt => new("int", "sa.BigInteger", "fields.BigInt", &[]),
        Kind::SmallInt => new("int", "sa.SmallInteger", "fields.SmallInt", &[]),
        Kind::Float => new("float", "sa.Float", "fields.Float", &[]),
        Kind::Double => new("float", "sa.Double", "fields.Double", &[]),
        Kind::Decimal { precision, scale } => {
            let limits = [
                format!("max_digits={precision}"),
                format!("decimal_places={scale}"),
            ];
            let database = format!("sa.Numeric({precision}, {scale})");
            new("Decimal", &database, "Decimal", &limits)
        }
        Kind::Bool => new("bool", "", "bool", &[]),
        Kind::Date => new("dt.date", "", "dt.date", &[]),
        Kind::Time => new("dt.time", "", "fields.Time", &[]),
        Kind::DateTime => new("dt.datetime", "", "fields.DateTime", &[]),
        Kind::Uuid => new("UUID", "", "UUID", &[]),
        // Refused before.
        Kind::Json | Kind::Bytes | Kind::Many { .. } => new("t.Any", "sa.JSON", "t.Any", &[]),
        Kind::Email => text(254, "fields.Email"),
        Kind::Url => text(200, "fields.Url"),
        Kind::Slug => text(50, "fields.Slug"),
        Kind::Enum(variants) => {
            let values = variants.iter().map(|variant| variant.value.as_str());
            let values: Vec<&str> = values.collect();
            let longest = values.iter().map(|value| value.len()).max();
            let literals: Vec<String> = values.into_iter().map(quoted).collect();
            let literal = format!("t.Literal[{}]", literals.join(", "));
            text(longest.unwrap_or_default().max(20), &literal)
        }
        Kind::Ref { target, on_delete } | Kind::One { target, on_delete } => new(
            "int",
            &foreign_key(target, *on_delete),
            "fields.Reference",
            &[],
        ),
    }
}

fn foreign_key(target: &Target, on_delete: OnDelete) -> String {
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

fn value(default: &Default, kind: &Kind) -> String {
    match (default, kind) {
        (Default::Now, _) => "None".to_owned(),
        (Default::Text(text), _) => quoted(text),
        (Default::Number(number), Kind::Decimal { .. }) => format!("Decimal({})", quoted(number)),
        (Default::Number(number), _) => number.clone(),
        (Default::Bool(true), _) => "True".to_owned(),
        (Default::Bool(false), _) => "False".to_owned(),
    }
}

#[cfg(test)]
mod tests;
