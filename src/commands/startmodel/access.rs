//! Who may use the API of a new model, as far as the project has users.

use super::args::Args;
use super::known::Known;
use crate::error::{Error, Result};
use crate::scaffold::crates::{self, Graph};
use crate::scaffold::entity::Entity;
use crate::scaffold::field::{Field, FieldError, FieldType};
use crate::scaffold::model::{ACCOUNTS, Access, OWNER};
use crate::scaffold::user_model::UserModel;

/// Who may use it: as asked for, or everybody to read and users to write where there are users.
pub(super) fn chosen(known: &Known, wanted: Option<Access>) -> Result<Access> {
    let has_users = known.choices.has(ACCOUNTS);
    match wanted {
        None if has_users => Ok(Access::ReadOnly),
        None | Some(Access::Public) => Ok(Access::Public),
        Some(access) if has_users => Ok(access),
        Some(access) => Err(Error::bad_input(format_args!(
            "--access {} needs users, and this project has no accounts",
            access.name()
        ))
        .hint("add them with `luthier add accounts`")
        .hint("or leave it out, or say --access public: everybody reads and writes")),
    }
}

/// Adds the field that says whose a row is, if that is not among the fields as typed.
pub(super) fn add_owner(args: &mut Args, users: &UserModel) {
    let is_owner = |typed: &String| typed.split(':').next() == Some(OWNER);
    if !args.fields.iter().any(is_owner) {
        args.fields.push(format!("{OWNER}:ref({})", users.name()));
    }
}

/// Refuses a field by the owner's name that is something else.
pub(super) fn check_owner(fields: &[Field], users: &UserModel) -> Result<()> {
    let is_taken = |field: &&Field| {
        let leads_to_user = match &field.kind {
            FieldType::Ref { target, .. } => target.app == users.app && target.model == users.model,
            _ => false,
        };
        let column = field.column();
        let has_name = field.name == OWNER || column.as_deref() == Some("owner_id");
        has_name && (field.nullable || !leads_to_user)
    };
    match fields.iter().find(is_taken) {
        Some(field) => Err(Error::bad_input(format_args!(
            "--access owner keeps whose a row is in the field `{OWNER}`, and `{}` is something else",
            field.name
        ))
        .hint(format!("leave the field out, or say {OWNER}:ref({})", users.name()))),
        None => Ok(()),
    }
}

/// The app that the model's own comes to depend on for its users.
pub(super) fn dependency(args: &Args, access: Access, graph: &Graph) -> Result<Option<String>> {
    if args.no_api || access == Access::Public || args.app == ACCOUNTS {
        return Ok(None);
    }
    match crates::cycle(graph, &args.app, ACCOUNTS) {
        None => Ok(Some(ACCOUNTS.to_owned())),
        Some(cycle) => Err(Error::bad_input(format_args!(
            "--access {} would make the crates depend on each other in a cycle: {}",
            access.name(),
            cycle.join(" → ")
        ))
        .hint(format!("`{ACCOUNTS}` refers to models of `{}`: put the new model into `{ACCOUNTS}`, or say --access public", args.app))),
    }
}

/// How much a reader of an API must be.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Reader {
    Anybody,
    User,
    Staff,
    /// The owner of a row: no link can say who that is.
    Owner,
}

/// Refuses links to rows that the readers of this model may not read: a link's API lists the linked rows.
pub(super) fn check_links(
    known: &Known,
    args: &Args,
    access: Access,
    fields: &[Field],
) -> Result<()> {
    let reader = match access {
        Access::Public | Access::ReadOnly => Reader::Anybody,
        Access::Authenticated | Access::Owner => Reader::User,
        Access::Staff => Reader::Staff,
    };
    for (field, typed) in fields.iter().zip(&args.fields) {
        let FieldType::Many { target } = &field.kind else {
            continue;
        };
        let is_target = |entity: &&Entity| entity.app == target.app && entity.name == target.model;
        // Of a model that links to itself, both rows are looked up by the user.
        let is_own = target.app == args.app && target.model == args.model;
        let wanted = match known.entities.iter().find(is_target) {
            Some(entity) if !is_own => reader_of(known, entity)?,
            _ => Reader::Anybody,
        };
        if wanted <= reader {
            continue;
        }
        let (model, other) = (&args.model, &target.model);
        let (whose, hint) = match wanted {
            Reader::Owner => (
                format!("each row of `{other}` is for its owner alone"),
                format!(
                    "link from the other side: a field `NAME:many({}.{model})` of `{other}`; or make the link without an \
                     API: --no-api",
                    args.app
                ),
            ),
            Reader::Staff => (
                format!("`{other}` is for staff alone"),
                "give this model --access staff, too".to_owned(),
            ),
            Reader::User | Reader::Anybody => (
                format!("`{other}` is for users alone"),
                "give this model --access authenticated, too".to_owned(),
            ),
        };
        return Err(FieldError {
            text: typed.clone(),
            at: target.at.clone(),
            message: format!("{whose}, and the link would list these rows to others"),
            hint: Some(hint),
        }
        .into());
    }
    Ok(())
}

/// Who may read the API of an existing model, by the first argument of its `list`.
fn reader_of(known: &Known, entity: &Entity) -> Result<Reader> {
    let path = format!("apps/{}/src/api/{}.rs", entity.app, entity.module);
    let text = known.read(path)?.unwrap_or_default();
    let arguments = text
        .split_once("async fn list(")
        .map_or("", |(_, rest)| rest);
    let first = arguments.split([',', ')']).next().unwrap_or_default();
    Ok(
        match first
            .split_once(':')
            .map(|(name, kind)| (name.trim(), kind.trim()))
        {
            Some(("_", "User")) => Reader::User,
            Some((_, "User")) => Reader::Owner,
            Some((_, "Staff")) => Reader::Staff,
            _ => Reader::Anybody,
        },
    )
}
