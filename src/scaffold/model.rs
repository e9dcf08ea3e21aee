//! A new model: what its templates know of it. Pure.

use heck::ToSnakeCase;
use serde::Serialize;

use super::field::{Field, FieldType};
use crate::error::{Error, Result};

mod access;
mod admin;
mod column;
mod default;
mod dialects;
mod enums;
mod guards;
mod identifier;
mod junction;
pub(super) mod layout;
mod lists;
mod naming;
mod relation;
mod request;
mod route;
mod sample;
mod target;
mod wire;

pub(super) use access::crates_of;
pub(crate) use access::{ACCOUNTS, Access, OWNER, add_targets};
pub(crate) use admin::{Shown, Sort, options as admin_options};
pub(crate) use dialects::{check as check_dialects, warnings};
pub(crate) use junction::Junction;
pub(super) use naming::{capitalized, variable, with_article};
pub(crate) use request::{Key, Request};
pub(crate) use route::{check_segment, routes};
pub(super) use sample::sample_key;
pub(super) use wire::depend_for_tests;
pub(crate) use wire::{Wiring, register, wire};

use column::Column;
use enums::Enum;
use guards::Guards;
use lists::Lists;
pub(crate) use naming::Names;
use relation::Relation;
use target::Targets;

/// What the templates of a model know.
#[derive(Debug, Serialize)]
pub(crate) struct Model {
    #[serde(flatten)]
    pub(crate) names: Names,
    /// The Rust type of the primary key.
    key: &'static str,
    uuid: bool,
    api: bool,
    pub(crate) admin: bool,
    /// The lines of its options there.
    admin_options: Vec<String>,
    #[serde(flatten)]
    guards: Guards,
    columns: Vec<Column>,
    relations: Vec<Relation>,
    enums: Vec<Enum>,
    /// `use crate::models::book::{…};` of the API.
    import: String,
    #[serde(flatten)]
    lists: Lists,
    /// Whether the entity and the API need `platform::fields`, and the API `JsonValue`.
    entity_fields: bool,
    api_fields: bool,
    /// Whether any of them is used where nothing is documented.
    uses_fields: bool,
    json: bool,
    /// How deep macros may nest in its tests: `json!` goes some levels deeper with each field. None where Rust's own limit,
    /// 128, is enough.
    recursion_limit: Option<usize>,
    /// A column that a client must give.
    required: Option<String>,
    unique: bool,
    /// Whether tests send anything.
    samples: bool,
    /// Whether rows need other rows to refer to.
    referring: bool,
    /// Whether tests have none of those.
    dangling: bool,
    /// Registers every entity the tests need a table of.
    register: String,
}

impl Model {
    /// Puts together what `request` asks for, and its junctions with other models.
    ///
    /// # Errors
    /// Bad input: a model that is referred to does not exist, a name is taken, …
    pub(crate) fn new(request: &Request<'_>) -> Result<(Self, Vec<Junction>)> {
        let names = Names::new(request)?;
        let targets = Targets::new(request, &names)?;
        let enums = enums::collect(request, &names)?;
        let columns: Vec<Column> = request
            .fields
            .iter()
            .filter_map(|field| Column::new(field, &targets, &names, request.access))
            .collect();
        if !columns.iter().any(|column| column.asked) {
            return Err(Error::bad_input(format_args!(
                "`{}` needs a field of its own",
                request.model
            ))
            .hint("as in `name:string(100)`"));
        }
        let junctions = junction::collect(request, &names, &targets)?;
        let model = Self::assemble(request, names, &targets, columns, enums);
        Ok((model, junctions))
    }

    /// Whether tests sign in.
    pub(super) fn signs_in(&self) -> bool {
        self.guards.sign_in()
    }

    fn assemble(
        request: &Request<'_>,
        names: Names,
        targets: &Targets,
        columns: Vec<Column>,
        enums: Vec<Enum>,
    ) -> Self {
        let asked: Vec<&Column> = columns.iter().filter(|column| column.asked).collect();
        let any = |wanted: &dyn Fn(&Column) -> bool| asked.iter().any(|column| wanted(column));
        let required = asked.iter().find(|column| column.required);
        let own = request.namespace.path(&names.app, &names.module);
        let own = format!("{own}::Entity");
        Self {
            key: request.key.rust(),
            uuid: request.key == Key::Uuid,
            api: request.api,
            admin: request.admin,
            admin_options: admin::options(&shown(request, &columns)),
            import: import(&names.module, &enums),
            lists: Lists::from_columns(&asked),
            entity_fields: request.api && any(&|column| column.entity_mentions("fields::")),
            api_fields: any(&|column| column.mentions("fields::")),
            uses_fields: any(&|column| column.uses_fields()),
            json: any(&|column| column.input.contains("JsonValue")),
            recursion_limit: recursion_limit(columns.len()),
            required: required.map(|column| column.name.clone()),
            unique: any(&|column| column.unique),
            samples: any(&|column| column.sampled),
            referring: any(&|column| column.refers && column.required),
            dangling: any(&|column| column.dangles && column.required),
            relations: relation::collect(request, targets, &names),
            register: guards::registering(request, targets.tables(&own)),
            guards: Guards::new(
                request.access,
                &names,
                request.key.rust(),
                request.fields.iter().any(Field::is_many),
            ),
            columns,
            enums,
            names,
        }
    }
}

/// For the sample of this many columns: four levels each, with a sign before the value.
fn recursion_limit(columns: usize) -> Option<usize> {
    (columns > 30).then(|| (columns * 8).next_power_of_two())
}

/// The columns as the admin shows them.
fn shown(request: &Request<'_>, columns: &[Column]) -> Vec<Shown> {
    let is_asked = |field: &&Field| {
        let name = field.column();
        let mut same = columns
            .iter()
            .filter(|column| Some(&column.name) == name.as_ref());
        same.next().is_none_or(|column| column.asked)
    };
    let fields = request.fields.iter();
    fields
        .filter_map(|field| Shown::new(field, is_asked(&field)))
        .collect()
}

/// What the API imports of the entity's module.
fn import(module: &str, enums: &[Enum]) -> String {
    let mut names = ["ActiveModel", "Column", "Entity", "Model"]
        .map(str::to_owned)
        .to_vec();
    names.extend(enums.iter().map(|kind| kind.name.clone()));
    names.sort();
    layout::import(&format!("crate::models::{module}"), &names)
}

/// The modules of a model and of its junctions: `book`, `book_tag`.
pub(crate) fn modules(model: &str, fields: &[Field]) -> Vec<String> {
    let module = model.to_snake_case();
    let many = fields
        .iter()
        .filter(|field| matches!(field.kind, FieldType::Many { .. }));
    let junctions = many.map(|field| junction::Sides::new(fields, field, &module).module);
    [module.clone()].into_iter().chain(junctions).collect()
}

#[cfg(test)]
mod tests;
