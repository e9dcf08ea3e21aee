//! The migrations of a project: what their files say, what they lead to, and what is wrong with them.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::schema::Schema;
use crate::sql::Dialect;

use super::plan::applied::Applied;
use super::text::{MARK, plain};
use crate::operation::Operation;

/// One file of the migrations folder: `sqlite/20261121084512_initial.up.sql`, `meta/….json`.
#[derive(Clone, Debug)]
pub(crate) struct File {
    /// Relative to the migrations folder, with `/`.
    pub(crate) path: String,
    pub(crate) text: String,
}

/// `meta/<name>.json`: what a migration does, apart from SQL.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Meta {
    /// The migrations it builds on; several where branches come together.
    pub(crate) parents: Vec<String>,
    pub(crate) operations: Vec<Operation>,
    /// By dialect, the SHA-384 of the files as written, which is what sqlx records for the first.
    pub(crate) files: BTreeMap<String, Hashes>,
    /// The hash of the schema after it.
    pub(crate) schema: String,
    /// For a squashed migration: the migrations that it stands for. Several lists where some of those were squashed
    /// before, since a database may have recorded either.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) replaces: Vec<Vec<Replaced>>,
    /// Parts of a squashed migration's files were written by hand: the operations do not tell all.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) by_hand: bool,
    /// What it may take away on any database, as `migrate --accept-loss` names it: things made by hand that go with what
    /// the operations drop or change.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) accepted_losses: Vec<String>,
}

/// A migration that is no more, as databases may have recorded it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Replaced {
    pub(crate) name: String,
    /// By dialect, the SHA-384 of the file that was run.
    pub(crate) up: BTreeMap<String, String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Hashes {
    pub(crate) up: String,
    pub(crate) down: String,
}

/// One migration and its files.
#[derive(Clone, Debug, Default)]
pub(crate) struct Migration {
    /// The number in front.
    pub(crate) version: i64,
    /// `20261121084512_initial`.
    pub(crate) name: String,
    /// `None` for SQL written by hand without it.
    pub(crate) meta: Option<Meta>,
    /// The text that `meta` was read from.
    pub(crate) meta_text: String,
    pub(crate) sql: BTreeMap<Dialect, Sql>,
}

/// The two directions in one dialect.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sql {
    pub(crate) up: Option<String>,
    pub(crate) down: Option<String>,
    /// The files that an editor or version control keeps with a byte order mark or line ends of Windows. Here they are
    /// without.
    pub(crate) respelled: Vec<String>,
}

/// All migrations, by version.
#[derive(Clone, Debug, Default)]
pub(crate) struct History {
    pub(crate) migrations: BTreeMap<i64, Migration>,
}

impl History {
    /// Reads the files of the migrations folder; those that are none of ours are left alone, as sqlx does.
    ///
    /// # Errors
    /// A file that no tool could use: an unreadable `meta`, two migrations of one version.
    pub(crate) fn read(files: &[File]) -> Result<Self, String> {
        let mut history = Self::default();
        for file in files {
            let Some((folder, file_name)) = file.path.split_once('/') else {
                continue;
            };
            if folder == "meta" {
                if let Some(name) = file_name.strip_suffix(".json") {
                    let meta = serde_json::from_str(file.text.trim_start_matches(MARK))
                        .map_err(|error| format!("migrations/{}: {error}", file.path))?;
                    let migration = history.entry(name, &file.path)?;
                    migration.meta = Some(meta);
                    migration.meta_text.clone_from(&file.text);
                }
                continue;
            }
            let (Ok(dialect), Some(stem)) = (folder.parse(), file_name.strip_suffix(".sql")) else {
                continue;
            };
            let (name, is_down) = match (stem.strip_suffix(".up"), stem.strip_suffix(".down")) {
                (_, Some(name)) => (name, true),
                (Some(name), None) => (name, false),
                // A file of one direction, as `sqlx migrate add` writes by default.
                (None, None) => (stem, false),
            };
            if !name.contains('_') {
                continue;
            }
            let sql: &mut Sql = history
                .entry(name, &file.path)?
                .sql
                .entry(dialect)
                .or_default();
            let text = plain(&file.text);
            if text != file.text {
                sql.respelled.push(format!("migrations/{}", file.path));
            }
            let slot = if is_down { &mut sql.down } else { &mut sql.up };
            *slot = Some(text);
        }
        history.follow_squashes();
        Ok(history)
    }

    /// Migrations of other branches may build on the last of those that were squashed: the squashed one is the same.
    fn follow_squashes(&mut self) {
        let mut followed: BTreeMap<String, String> = BTreeMap::new();
        for migration in self.migrations.values() {
            let replaces = migration.meta.iter().flat_map(|meta| &meta.replaces);
            for last in replaces.filter_map(|way| way.last()) {
                followed.insert(last.name.clone(), migration.name.clone());
            }
        }
        let metas = self.migrations.values_mut();
        for meta in metas.filter_map(|migration| migration.meta.as_mut()) {
            for parent in &mut meta.parents {
                if let Some(squashed) = followed.get(parent) {
                    parent.clone_from(squashed);
                }
            }
        }
    }

    fn entry(&mut self, name: &str, path: &str) -> Result<&mut Migration, String> {
        let version = name
            .split_once('_')
            .and_then(|(version, _)| version.parse::<i64>().ok())
            .filter(|version| *version > 0)
            .ok_or_else(|| {
                format!(
                    "migrations/{path}: a migration's name starts with its version, \
                     as in `20261121084512_initial`"
                )
            })?;
        let migration = self.migrations.entry(version).or_default();
        if migration.name.is_empty() {
            migration.version = version;
            name.clone_into(&mut migration.name);
        }
        if migration.name != name {
            let (_, words) = name.split_once('_').unwrap_or_default();
            let free = version + 1;
            return Err(format!(
                "two migrations have the version {version}: {} and {name}\nGive the one that is applied nowhere yet the next \
                 version, in every folder: for f in migrations/*/{name}.*; do mv \"$f\" \"$(dirname \"$f\")/{free}_{words}.\
                 ${{f#*.}}\"; done\nWhere another migration's meta has {name} among its parents, write {free}_{words} there",
                migration.name
            ));
        }
        Ok(migration)
    }

    pub(crate) fn last_version(&self) -> Option<i64> {
        self.migrations.keys().next_back().copied()
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Migration> {
        self.migrations.values().find(|m| m.name == name)
    }

    /// The migrations that have `meta`, parents before children, otherwise by version.
    ///
    /// # Errors
    /// A parent that is not there, or parents in a cycle.
    pub(crate) fn ordered(&self) -> Result<Vec<(&Migration, &Meta)>, String> {
        let all: BTreeMap<&str, (&Migration, &Meta)> = self
            .migrations
            .values()
            .filter_map(|m| Some((m.name.as_str(), (m, m.meta.as_ref()?))))
            .collect();
        let mut open: BTreeMap<&str, usize> = BTreeMap::new();
        let mut children: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (name, (_, meta)) in &all {
            for parent in &meta.parents {
                if !all.contains_key(parent.as_str()) {
                    let why = match self.squash_of(parent) {
                        Some(squashed) => format!("was squashed into {squashed}"),
                        None => "is not there".into(),
                    };
                    return Err(format!(
                        "the migration {name} builds on {parent}, which {why}"
                    ));
                }
                children.entry(parent).or_default().push(name);
            }
            open.insert(name, meta.parents.len());
        }
        let mut ready: BTreeSet<(i64, &str)> = open
            .iter()
            .filter(|(_, count)| **count == 0)
            .map(|(name, _)| (all[name].0.version, *name))
            .collect();
        let mut order = Vec::with_capacity(all.len());
        while let Some((_, name)) = ready.pop_first() {
            order.push(all[name]);
            for child in children.get(name).into_iter().flatten() {
                if let Some(count) = open.get_mut(child) {
                    *count -= 1;
                    if *count == 0 {
                        ready.insert((all[child].0.version, child));
                    }
                }
            }
        }
        if order.len() < all.len() {
            return Err("the parents of the migrations run in a cycle".into());
        }
        Ok(order)
    }

    /// The migration that `name` was squashed into.
    pub(crate) fn squash_of(&self, name: &str) -> Option<&str> {
        let squashed = self.migrations.values().find(|migration| {
            let replaces = migration.meta.iter().flat_map(|meta| &meta.replaces);
            replaces.flatten().any(|replaced| replaced.name == name)
        });
        squashed.map(|migration| migration.name.as_str())
    }

    /// The schema that all migrations together lead to.
    ///
    /// # Errors
    /// An operation that does not fit what comes before it, with the migration's name.
    pub(crate) fn state(&self) -> Result<Schema, String> {
        let mut schema = Schema::default();
        for (migration, meta) in self.ordered()? {
            apply(migration, meta, &mut schema)?;
        }
        Ok(schema)
    }

    /// The schema of a database that has `applied`, and nothing else.
    ///
    /// # Errors
    /// As [`History::state`].
    pub(crate) fn state_of(&self, applied: &[Applied]) -> Result<Schema, String> {
        let mut schema = Schema::default();
        for (migration, meta) in self.ordered()? {
            let is_done = |row: &Applied| row.version == migration.version && row.success;
            if applied.iter().any(is_done) {
                apply(migration, meta, &mut schema)?;
            }
        }
        Ok(schema)
    }

    /// The migrations that nothing builds on: one, unless branches were brought together.
    pub(crate) fn heads(&self) -> Vec<&Migration> {
        let metas = || self.migrations.values().filter_map(|m| m.meta.as_ref());
        let parents: BTreeSet<&String> = metas().flat_map(|meta| &meta.parents).collect();
        self.migrations
            .values()
            .filter(|m| m.meta.is_some() && !parents.contains(&m.name))
            .collect()
    }

    /// Branches that change the same, or one of which changes what the other relies on: pairs of heads with what it is.
    pub(crate) fn conflicts(&self) -> Vec<(String, String, Vec<String>)> {
        let heads = self.heads();
        let mut found = Vec::new();
        for (number, one) in heads.iter().enumerate() {
            for other in &heads[number + 1..] {
                let (ours, theirs) = self.footprints(&one.name, &other.name);
                let both = ours.collisions(&theirs);
                if !both.is_empty() {
                    found.push((one.name.clone(), other.name.clone(), both));
                }
            }
        }
        found
    }

    /// A migration and everything it builds on.
    pub(super) fn ancestry(&self, name: &str) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        let mut waiting = vec![name.to_owned()];
        while let Some(name) = waiting.pop() {
            if let Some(meta) = self.get(&name).and_then(|m| m.meta.as_ref()) {
                waiting.extend(meta.parents.iter().cloned());
            }
            found.insert(name);
        }
        found
    }
}

impl Migration {
    /// The name without its version, spaced as sqlx records it.
    pub(crate) fn description(&self) -> String {
        self.name
            .split_once('_')
            .map_or("", |(_, rest)| rest)
            .replace('_', " ")
    }
}

fn apply(migration: &Migration, meta: &Meta, schema: &mut Schema) -> Result<(), String> {
    for operation in &meta.operations {
        operation
            .apply(schema)
            .map_err(|error| format!("{} cannot be applied: {error}", migration.name))?;
    }
    Ok(())
}
