//! Who may use the API of a new model, and what its handlers and tests say of that.

use clap::ValueEnum;
use serde::Serialize;

use super::junction::sample_key;
use super::layout;
use super::{Entity, Names, Request};
use crate::scaffold::entity::Namespace;

/// The app that users are models of.
pub(crate) const ACCOUNTS: &str = "accounts";
/// The relation of a row to the user whose it is.
pub(crate) const OWNER: &str = "owner";

/// Who may use an API.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Access {
    /// Everybody reads and writes
    #[default]
    Public,
    /// Everybody reads, users write
    ReadOnly,
    /// Users read and write
    Authenticated,
    /// Staff reads and writes
    Staff,
    /// Users read and write, each their own rows
    Owner,
}

impl Access {
    /// The first arguments of handlers that read and of those that write.
    fn arguments(self) -> (&'static str, &'static str) {
        match self {
            Self::Public => ("", ""),
            Self::ReadOnly => ("", "_: User, "),
            Self::Authenticated => ("_: User, ", "_: User, "),
            Self::Staff => ("_: Staff, ", "_: Staff, "),
            Self::Owner => ("user: User, ", "user: User, "),
        }
    }

    /// As it is typed.
    pub(crate) fn name(self) -> String {
        let value = self.to_possible_value();
        value.map_or_else(String::new, |value| value.get_name().to_owned())
    }

    /// What it means, in a few words.
    pub(crate) fn meaning(self) -> String {
        let value = self.to_possible_value();
        let help = value.and_then(|value| value.get_help().map(ToString::to_string));
        help.unwrap_or_default()
    }
}

/// What the templates of a model and of a junction know of its access.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Guards {
    /// What comes first in the arguments of handlers: `_: User, `, or nothing.
    reader: &'static str,
    writer: &'static str,
    /// `User` or `Staff`, the extractor that these are, and whether it is in the model's own crate.
    guard: &'static str,
    in_accounts: bool,
    staff: bool,
    owner: bool,
    /// All rows that may be read, and what `find` is told of whose they are.
    rows: &'static str,
    whose: &'static str,
    /// What tests import of `accounts::testing`, and which of those signs in who may do everything.
    helpers: String,
    sign_in: &'static str,
    /// Whether the models' junctions look rows up by the user, too.
    linked: bool,
    /// An address at which a new database has no row: `1`.
    absent: &'static str,
}

impl Guards {
    pub(super) fn new(access: Access, names: &Names, key: &str, linked: bool) -> Self {
        let (reader, writer) = access.arguments();
        let staff = access == Access::Staff;
        let owner = access == Access::Owner;
        let helpers: &[&str] = match staff {
            true => &["read_only_token", "sign_in", "sign_in_staff"],
            false => &["read_only_token", "sign_in"],
        };
        Self {
            reader,
            writer,
            guard: match access {
                Access::Public => "",
                Access::Staff => "Staff",
                _ => "User",
            },
            in_accounts: names.app == ACCOUNTS,
            staff,
            owner,
            rows: if owner {
                "mine(&user)"
            } else {
                "Entity::find()"
            },
            whose: if owner { "&user, " } else { "" },
            helpers: helpers.join(", "),
            sign_in: if staff { "sign_in_staff" } else { "sign_in" },
            linked,
            absent: sample_key(key).trim_matches('"'),
        }
    }

    /// Whether tests sign in.
    pub(super) fn sign_in(&self) -> bool {
        !self.guard.is_empty()
    }
}

/// The last expression of a test's function that registers `tables`, what their rows refer to, and the tables of users
/// where tests sign in.
pub(super) fn registering(request: &Request<'_>, mut tables: Vec<String>) -> String {
    add_targets(request.namespace, request.entities, &mut tables);
    let base = match request.access {
        Access::Public => "schema".to_owned(),
        _ => {
            tables.retain(|table| !table.starts_with("accounts::models::user::"));
            format!("{ACCOUNTS}::testing::tables(schema)")
        }
    };
    let calls: Vec<String> = tables
        .iter()
        .map(|table| layout::call(".register", table, 8))
        .collect();
    layout::chain(&base, &calls, 4)
}

/// Adds what the tables refer to, and what that refers to: other databases than SQLite make no table without it.
pub(crate) fn add_targets(namespace: Namespace, entities: &[Entity], tables: &mut Vec<String>) {
    let mut at = 0;
    while let Some(table) = tables.get(at) {
        let path = |entity: &Entity| namespace.path(&entity.app, &entity.module);
        let is_here = |entity: &&Entity| *table == format!("{}::Entity", path(entity));
        let known = entities.iter().find(is_here);
        for target in known.into_iter().flat_map(|entity| &entity.targets) {
            if !tables.contains(target) {
                tables.push(target.clone());
            }
        }
        at += 1;
    }
}

/// The crates whose entities a test registers.
pub(super) fn crates_of(register: &str) -> Vec<String> {
    let before = register.split("::models::").map(|text| {
        let name = text.rsplit(|letter: char| !letter.is_alphanumeric() && letter != '_');
        name.into_iter().next().unwrap_or_default().to_owned()
    });
    let mut crates: Vec<String> = before.collect();
    crates.pop();
    crates.sort();
    crates.dedup();
    crates
}
