//! Tables that two entities describe differently: two databases in one workspace, or one entity that is not in use.

use std::collections::BTreeMap;

use super::source::{Diagnostic, SourceLocation};

/// A table that an entity at `place` describes otherwise than the one at `first`.
pub(super) struct Twice {
    pub(super) table: String,
    /// `src/a.rs:12`
    pub(super) first: String,
    pub(super) place: SourceLocation,
}

/// One message for every pair of crates, and for every table within one crate.
pub(super) fn diagnostics(found: Vec<Twice>) -> Vec<Diagnostic> {
    let mut groups: BTreeMap<(String, String), Vec<Twice>> = BTreeMap::new();
    for twice in found {
        let pair = (crate_of(&twice.first), crate_of(twice.place.path()));
        groups.entry(pair).or_default().push(twice);
    }
    let mut diagnostics = Vec::new();
    for ((one, other), group) in groups {
        match one == other {
            true => diagnostics.extend(group.into_iter().map(within_one_crate)),
            false => diagnostics.extend(of_two_crates(&one, &other, group)),
        }
    }
    diagnostics
}

/// The folder of the crate that a file or a line of it belongs to.
fn crate_of(path: &str) -> String {
    match path.split_once("/src/") {
        Some((folder, _)) => folder.to_owned(),
        None => ".".to_owned(),
    }
}

fn within_one_crate(twice: Twice) -> Diagnostic {
    let Twice {
        table,
        first,
        place,
    } = twice;
    let help = format!(
        "if one of the two is not in use, leave it out: `exclude = [{}]` under `[project]` in luthier.toml; otherwise give \
         one another `table_name`",
        toml_edit::Value::from(place.path())
    );
    let message = format!("`{first}` describes the table `{table}` too, and differently");
    place.with(message, help)
}

fn of_two_crates(one: &str, other: &str, group: Vec<Twice>) -> Option<Diagnostic> {
    let tables: Vec<String> = group
        .iter()
        .map(|twice| format!("`{}`", twice.table))
        .collect();
    let noun = if tables.len() == 1 { "table" } else { "tables" };
    let message = format!(
        "the crates `{one}` and `{other}` describe the {noun} {} differently",
        tables.join(", ")
    );
    let name = database_name(other);
    let help = format!(
        "if they are in two databases, take {0} out of `crates` in luthier.toml, add `[databases.{name}]` with `crates = \
         [{0}]`, and say which one a command is for: `luthier --db {name} init --database-url …`, then `luthier --db \
         {name} makemigrations`; if one of the two is not in use, leave it out: `exclude = [{0}]` under `[project]`",
        toml_edit::Value::from(other),
    );
    let mut places = group.into_iter().map(|twice| twice.place);
    let mut diagnostic = places.next()?.with(message, help);
    diagnostic.also.extend(places);
    Some(diagnostic)
}

/// What a database of the entities in this folder may be called.
fn database_name(folder: &str) -> String {
    // Every service of a workspace may have an `entity` of its own.
    const SAYS_NOTHING: [&str; 9] = [
        "core", "database", "db", "domain", "entities", "entity", "infra", "model", "models",
    ];
    let mut parts = folder.rsplit('/');
    let last = parts.next().unwrap_or(folder);
    let part = match parts.next() {
        Some(parent) if SAYS_NOTHING.contains(&last) => parent,
        _ => last,
    };
    let name = part.replace('-', "_").to_lowercase();
    let bare = ["_entities", "_entity", "_models", "_db"]
        .iter()
        .find_map(|end| name.strip_suffix(end));
    bare.unwrap_or(&name).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_is_called_like_what_it_is_for() {
        for (folder, expected) in [
            ("audit-entity", "audit"),
            ("entity", "entity"),
            ("billing/infra", "billing"),
            ("crates/shop-db", "shop"),
        ] {
            assert_eq!(database_name(folder), expected, "{folder}");
        }
    }
}
