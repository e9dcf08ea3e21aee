//! `many(app.Model)`: a model of its own whose rows say which rows belong together.

use heck::{ToKebabCase, ToUpperCamelCase};
use serde::Serialize;

use super::access::Access;
use super::guards::{Guards, registering};
use super::identifier::{check_database_name, ident};
use super::layout;
use super::naming::{Names, capitalized, plural, singular, with_article};
use super::request::Request;
use super::sample::sample_key;
use super::target::{Referred, Targets};
use crate::error::{Error, Result};
use crate::inflection::relation_variant;
use crate::names;
use crate::scaffold::field::{Field, FieldType};

/// What the templates of a junction know.
#[derive(Debug, Serialize)]
pub(crate) struct Junction {
    app: String,
    api: bool,
    admin: bool,
    /// What it is called in the form of the left side: `tags`.
    field: String,
    /// `book_tag`
    pub(crate) module: String,
    /// `book_tags`
    table: String,
    /// `A tag of a book`
    heading: String,
    /// Where its API is under `/api`: `books/{id}/tags`.
    pub(crate) route: String,
    /// End the ids of operations: `list_book_tags`, `add_book_tag`.
    operation: String,
    operations: String,
    /// The group of the documentation: that of the left side.
    group: String,
    left: Side,
    right: Side,
    #[serde(flatten)]
    guards: Guards,
    /// Whether both sides are rows of one user.
    both_owned: bool,
    /// The lines of its API that import the project's own.
    imports: Vec<String>,
    /// Registers every entity the tests need a table of.
    pub(super) register: String,
    /// An address for the tests, `books/1/tags`, and what follows it: `1`.
    test_list: String,
    test_key: String,
}

/// One of the two that a junction connects.
#[derive(Debug, Serialize)]
struct Side {
    /// The relation and, with `_id`, its column: `book`.
    name: String,
    ident: String,
    /// `BookId`, `Book`
    variant: String,
    relation: String,
    /// Its module, and that from the junction's own: `book`, `super::book`.
    module: String,
    path: String,
    /// The Rust type of its primary key.
    key: String,
    rust_sample: &'static str,
    /// `#[sea_orm(belongs_to, …)]`
    attribute: String,
    /// `a book`, `books`
    a_noun: String,
    nouns: String,
}

/// The names of a junction's module and of its sides.
#[derive(Debug)]
pub(super) struct Sides {
    pub(super) module: String,
    pub(super) left: String,
    pub(super) right: String,
}

impl Sides {
    /// Those of the junction for `field` of the model in `module`, beside its other `fields`: the right side is called
    /// by the singular of the field, or like the field where the singular is a keyword or means something else here.
    pub(super) fn new(fields: &[Field], field: &Field, module: &str) -> Self {
        let one = singular(&field.name);
        let taken = fields
            .iter()
            .any(|other| other.name == one && other.name != field.name)
            || one == module
            || names::is_keyword(&one);
        let right = if taken { field.name.clone() } else { one };
        Self {
            module: format!("{module}_{right}"),
            left: module.to_owned(),
            right,
        }
    }

    /// Refuses sides that would have the same column.
    fn check(&self, field: &Field) -> Result<()> {
        if self.left != self.right {
            return Ok(());
        }
        let name = &field.name;
        Err(Error::bad_input(format_args!(
            "the field `{name}`: both columns of the table between the two would be `{}_id`",
            self.left
        ))
        .hint(format!("call the field otherwise, as in `related_{name}`")))
    }
}

/// The junctions of a new model, one for each `many`.
pub(super) fn collect(
    request: &Request<'_>,
    names: &Names,
    targets: &Targets,
) -> Result<Vec<Junction>> {
    let many = request
        .fields
        .iter()
        .filter(|field| matches!(field.kind, FieldType::Many { .. }));
    many.filter_map(|field| Some(one(request, names, field, targets.get(field)?)))
        .collect()
}

fn one(request: &Request<'_>, names: &Names, field: &Field, target: &Referred) -> Result<Junction> {
    let sides = Sides::new(request.fields, field, &names.module);
    sides.check(field)?;
    let table = format!("{}_{}", names.operation, field.name);
    check_database_name(&table)?;
    let left = Side::new(
        &sides.left,
        &Referred::itself(request, names),
        names,
        target.itself,
    );
    let mut right = Side::new(&sides.right, target, names, target.itself);
    right.nouns = words(&field.name);
    right.module = imported(names, target);
    let segment = field.name.to_kebab_case();
    let key = |side: &Side| sample_key(&side.key).trim_matches('"');
    let test_list = format!("{}/{}/{segment}", names.route, key(&left));
    let entity = |app: &str, module: &str| format!("{app}::models::{module}::Entity");
    let mut tables = vec![
        entity(&names.app, &names.module),
        entity(&names.app, &sides.module),
    ];
    if !target.itself {
        tables.push(entity(&target.app, &target.module));
    }
    for field in request.fields {
        if let Some(other) = field.kind.target()
            && let Some(known) = request
                .entities
                .iter()
                .find(|entity| entity.app == other.app && entity.name == other.model)
            && !tables.contains(&entity(&known.app, &known.module))
        {
            tables.push(entity(&known.app, &known.module));
        }
    }
    Ok(Junction {
        app: names.app.clone(),
        api: request.api,
        admin: request.admin,
        field: field.name.clone(),
        heading: capitalized(&format!("{} of {}", right.a_noun, left.a_noun)),
        route: format!("{}/{{id}}/{segment}", names.route),
        operation: format!("{}_{}", names.operation, sides.right),
        operations: table.clone(),
        group: names.nouns.clone(),
        imports: imports(names, &sides.module, target, request.access),
        register: registering(request, tables),
        guards: Guards::new(request.access, names, &left.key, true),
        both_owned: target.itself && request.access == Access::Owner,
        test_key: key(&right).to_owned(),
        test_list,
        left,
        right,
        table,
        module: sides.module,
    })
}

impl Side {
    fn new(name: &str, referred: &Referred, names: &Names, twice: bool) -> Self {
        Self {
            ident: ident(name),
            variant: format!("{name}_id").to_upper_camel_case(),
            relation: relation_variant(name),
            module: referred.module.clone(),
            path: match referred.app == names.app {
                true => format!("super::{}", referred.module),
                false => format!("{}::models::{}", referred.app, referred.module),
            },
            rust_sample: match &*referred.key {
                "Uuid" => "sea_orm::prelude::Uuid::nil()",
                "String" => "\"none\".to_owned()",
                _ => "99",
            },
            key: referred.key.clone(),
            attribute: belongs_to(name, referred, twice),
            a_noun: with_article(&words(name)),
            nouns: words(&plural(name)),
            name: name.to_owned(),
        }
    }
}

fn belongs_to(name: &str, referred: &Referred, twice: bool) -> String {
    let mut args = vec!["belongs_to".to_owned()];
    if twice || name != referred.module {
        args.push(format!("relation_enum = \"{}\"", relation_variant(name)));
    }
    args.push(format!("from = \"{name}_id\""));
    args.push("to = \"id\"".to_owned());
    args.push("on_delete = \"Cascade\"".to_owned());
    layout::attribute("sea_orm", &args, 4).unwrap_or_default()
}

/// The lines that import the project's own, in rustfmt's order.
fn imports(names: &Names, module: &str, target: &Referred, access: Access) -> Vec<String> {
    let parts = ["ActiveModel", "Column", "Entity", "Relation"].map(str::to_owned);
    let junction = layout::import(&format!("crate::models::{module}"), &parts);
    let left = &names.module;
    if target.itself {
        // The rows that are listed are of the left side's module, too.
        return vec![format!("use crate::models::{left};"), junction];
    }
    if target.app != names.app {
        let renamed = match imported(names, target) {
            alias if alias == target.module => String::new(),
            alias => format!(" as {alias}"),
        };
        let right = format!("use {}::models::{}{renamed};", target.app, target.module);
        return match access {
            Access::Owner => vec![junction, right],
            _ => vec![format!("use crate::models::{left};"), junction, right],
        };
    }
    if access == Access::Owner {
        let mut lines = vec![junction, format!("use crate::models::{};", target.module)];
        lines.sort();
        return lines;
    }
    let mut both = [left.clone(), target.module.clone()];
    both.sort();
    vec![junction, layout::import("crate::models", &both)]
}

/// What the API calls the module of the right side: two apps may have one of the same name.
fn imported(names: &Names, target: &Referred) -> String {
    match target.app != names.app && target.module == names.module {
        true => format!("{}_{}", target.app, target.module),
        false => target.module.clone(),
    }
}

fn words(name: &str) -> String {
    name.replace('_', " ")
}
