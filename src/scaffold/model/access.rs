//! Who may use the API of a new model.

use clap::ValueEnum;

use crate::scaffold::entity::{Entity, Namespace};

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
    pub(super) fn arguments(self) -> (&'static str, &'static str) {
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
pub(in crate::scaffold) fn crates_of(register: &str) -> Vec<String> {
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
