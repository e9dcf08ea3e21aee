//! The relations of a new entity, in SeaORM's dense format.

use heck::ToUpperCamelCase;
use serde::Serialize;

use super::identifier::ident;
use super::junction::Sides;
use super::layout;
use super::naming::Names;
use super::request::Request;
use super::target::{Referred, Targets};
use crate::inflection::relation_variant;
use crate::scaffold::field::{Field, FieldType, OnDelete};

/// A field of the entity that stands for rows of another one.
#[derive(Debug, Serialize)]
pub(super) struct Relation {
    ident: String,
    /// `BelongsTo<super::author::Entity>`
    rust: String,
    /// `#[sea_orm(…)]`
    attribute: String,
}

pub(super) fn collect(request: &Request<'_>, targets: &Targets, names: &Names) -> Vec<Relation> {
    request
        .fields
        .iter()
        .filter_map(|field| {
            let target = targets.get(field)?;
            let (rust, args) = match &field.kind {
                FieldType::Ref { on_delete, .. } | FieldType::One { on_delete, .. } => {
                    belongs_to(field, target, targets, *on_delete)
                }
                _ => has_many(
                    target,
                    targets,
                    &Sides::new(request.fields, field, &names.module),
                ),
            };
            Some(Relation {
                ident: ident(&field.name),
                rust,
                attribute: layout::attribute("sea_orm", &args, 4)?,
            })
        })
        .collect()
}

fn belongs_to(
    field: &Field,
    target: &Referred,
    targets: &Targets,
    on_delete: OnDelete,
) -> (String, Vec<String>) {
    let entity = match target.itself {
        true => "Entity".to_owned(),
        false => format!("{}::Entity", targets.path(target)),
    };
    let rust = match field.nullable {
        true => format!("BelongsTo<Option<{entity}>>"),
        false => format!("BelongsTo<{entity}>"),
    };
    let first = if target.itself {
        "self_ref"
    } else {
        "belongs_to"
    };
    let mut args = vec![first.to_owned()];
    args.extend(relation_enum(field, target, targets));
    args.push(format!("from = \"{}_id\"", field.name));
    args.push("to = \"id\"".to_owned());
    args.push(format!("on_delete = \"{}\"", action(on_delete)));
    (rust, args)
}

/// SeaORM calls a relation like the module it leads to; two to the same, or one to itself, need names.
fn relation_enum(field: &Field, target: &Referred, targets: &Targets) -> Option<String> {
    let variant = relation_variant(&field.name);
    let needed = target.itself
        || targets.count(target) > 1
        || variant != target.module.to_upper_camel_case();
    needed.then(|| format!("relation_enum = \"{variant}\""))
}

/// The relation is called like the junction's to the same rows.
fn has_many(target: &Referred, targets: &Targets, junction: &Sides) -> (String, Vec<String>) {
    let via = format!("via = \"{}\"", junction.module);
    if target.itself {
        let args = vec![
            "self_ref".to_owned(),
            via,
            format!("from = \"{}\"", relation_variant(&junction.left)),
            format!("to = \"{}\"", relation_variant(&junction.right)),
        ];
        return ("HasMany<Entity>".to_owned(), args);
    }
    let mut args = vec!["has_many".to_owned()];
    let right = relation_variant(&junction.right);
    if targets.count(target) > 1 || right != target.module.to_upper_camel_case() {
        args.push(format!("relation_enum = \"{right}\""));
    }
    args.push(via);
    let rust = format!("HasMany<{}::Entity>", targets.path(target));
    (rust, args)
}

fn action(on_delete: OnDelete) -> &'static str {
    match on_delete {
        OnDelete::Restrict => "Restrict",
        OnDelete::Cascade => "Cascade",
        OnDelete::SetNull => "SetNull",
    }
}
