//! Branches of migrations that were written beside each other: whether they fit together, and what is to be written
//! again so that they do.

use std::collections::{BTreeMap, BTreeSet};

use crate::operation::Operation;
use crate::schema::{Schema, Table};
use crate::sql::{self, Dialect};

use super::blocked::{Blocked, blocked};
use super::history::{History, Meta, Migration, Replaced};
use super::plan::applied::Applied;
use super::plan::step::{Direction, Step};
use super::squash::head;
use super::text::checksum;
use super::write::{inverted, meta_text, title};

/// A file that a merge writes again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rewritten {
    /// In the migrations folder.
    pub(crate) path: String,
    pub(crate) before: String,
    pub(crate) after: String,
}

impl History {
    /// What was found out about branches that change the same: one line for each change, where they fit together.
    ///
    /// # Errors
    /// They do not: which comes last would decide.
    pub(crate) fn judge_branches(&self) -> Result<Vec<String>, Blocked> {
        let mut lines = Vec::new();
        for (one, other, both) in self.conflicts() {
            let (footprint, others) = self.footprints(&one, &other);
            if let [what, ..] = footprint.pulled_away(&others).as_slice() {
                let why = format!("one changes the {what}, which the other relies on");
                return Err(unfit(&one, &other, &why));
            }
            let (ours, theirs) = (self.ancestry(&one), self.ancestry(&other));
            let common = self.fold(&Schema::default(), &|name| {
                ours.contains(name) && theirs.contains(name)
            });
            let common = common.map_err(|why| unfit(&one, &other, &why))?;
            let only_ours = |name: &str| ours.contains(name) && !theirs.contains(name);
            let only_theirs = |name: &str| theirs.contains(name) && !ours.contains(name);
            let in_order = |first: &dyn Fn(&str) -> bool, second: &dyn Fn(&str) -> bool| {
                let state = self.fold(&common, first)?;
                self.fold(&state, second)
            };
            let forth = in_order(&only_ours, &only_theirs);
            let back = in_order(&only_theirs, &only_ours);
            let (forth, back) = match (forth, back) {
                (Ok(forth), Ok(back)) => (forth, back),
                (Err(why), _) | (_, Err(why)) => return Err(unfit(&one, &other, &why)),
            };
            if let Some(what) = difference(&forth, &back) {
                let why = format!("both change {what}, and the last one would win");
                return Err(unfit(&one, &other, &why));
            }
            for (which, first, second) in [
                (
                    &one,
                    &only_ours as &dyn Fn(&str) -> bool,
                    &only_theirs as &dyn Fn(&str) -> bool,
                ),
                (&other, &only_theirs, &only_ours),
            ] {
                if self.is_written_otherwise_after(&common, first, second) {
                    let why = format!(
                        "the SQL of {which} is another one where the other branch came first, and a database may have run \
                         either"
                    );
                    return Err(unfit(&one, &other, &why));
                }
            }
            lines.push(format!("{one} and {other} both touch {}:", both.join(", ")));
            for (head, is_in) in [
                (&one, &only_ours as &dyn Fn(&str) -> bool),
                (&other, &only_theirs),
            ] {
                let changes = self.descriptions(&common, is_in);
                lines.push(format!("  up to {head}: {}", changes.join("; ")));
            }
            lines.push("  in either order they lead to the same schema".into());
        }
        Ok(lines)
    }

    /// The files whose rebuilds know nothing of the branch that comes before them, written for what they come after.
    ///
    /// # Errors
    /// Such a file was edited by hand.
    pub(crate) fn rewritten(&self) -> Result<Vec<Rewritten>, Blocked> {
        let mut rewritten = Vec::new();
        let mut state = Schema::default();
        let contradiction = |why: String| blocked(why, "look at the files of `migrations/meta`");
        for (migration, meta) in self.ordered().map_err(contradiction)? {
            if let Some(files) = self.rewrite(migration, meta, &state)? {
                rewritten.extend(files);
            }
            for operation in &meta.operations {
                operation.apply(&mut state).map_err(contradiction)?;
            }
        }
        Ok(rewritten)
    }

    /// The files of one migration, written again where that makes them others.
    fn rewrite(
        &self,
        migration: &Migration,
        meta: &Meta,
        state: &Schema,
    ) -> Result<Option<Vec<Rewritten>>, Blocked> {
        let name = &migration.name;
        let Ok(own) = self.state_before(name) else {
            return Ok(None);
        };
        if own.same_as(state) || meta.operations.is_empty() {
            return Ok(None);
        }
        let mut files = Vec::new();
        let mut changed = meta.clone();
        let mut replaced = Replaced {
            name: name.clone(),
            up: BTreeMap::new(),
        };
        for (dialect, texts) in &migration.sql {
            let (Ok(then), Ok(now)) = (
                scripts(*dialect, &own, &meta.operations),
                scripts(*dialect, state, &meta.operations),
            ) else {
                continue;
            };
            let (Some(up), Some(down), false) = (&texts.up, &texts.down, then == now) else {
                continue;
            };
            let hashes = changed.files.get_mut(dialect.name());
            let Some(hashes) = hashes
                .filter(|h| checksum(up) == h.up && checksum(down) == h.down && !meta.by_hand)
            else {
                // An edited file may be for the merged table already.
                if sql::are_bases_of(&now.0.rebuilds, up) {
                    continue;
                }
                return Err(blocked(
                    format!(
                        "migrations/{dialect}/{name} was edited by hand, and builds a table that another branch changes"
                    ),
                    "take the migration back where it is applied, delete its files, and let `luthier makemigrations` \
                     write it again after the other branch",
                ));
            };
            replaced.up.insert(dialect.name().to_owned(), checksum(up));
            let mut ways = meta.replaces.clone();
            ways.push(vec![replaced.clone()]);
            let up_after = now.0.text(&head(*dialect, name, &ways));
            let down_after = now.1.text(&title(name, "down"));
            hashes.up = checksum(&up_after);
            hashes.down = checksum(&down_after);
            for (direction, before, after) in [("up", up, up_after), ("down", down, down_after)] {
                if *before != after {
                    files.push(Rewritten {
                        path: format!("{dialect}/{name}.{direction}.sql"),
                        before: before.clone(),
                        after,
                    });
                }
            }
        }
        if files.is_empty() {
            return Ok(None);
        }
        changed.replaces.push(vec![replaced]);
        let contradiction = |why: String| blocked(why, "look at the files of `migrations/meta`");
        files.push(Rewritten {
            path: format!("meta/{name}.json"),
            before: migration.meta_text.clone(),
            after: meta_text(&changed).map_err(contradiction)?,
        });
        Ok(Some(files))
    }

    /// Refuses steps that would bring two branches together in one database which nobody has judged.
    pub(super) fn check_branches(
        &self,
        applied: &[Applied],
        steps: &[Step],
    ) -> Result<(), Blocked> {
        let is_new = |step: &&Step| step.direction == Direction::Apply;
        let new: BTreeSet<&str> = steps
            .iter()
            .filter(is_new)
            .map(|s| s.name.as_str())
            .collect();
        if new.is_empty() {
            return Ok(());
        }
        let gone = |version: i64| {
            let mut steps = steps.iter();
            steps.any(|step| step.direction == Direction::Revert && step.version == version)
        };
        let there = applied.iter().filter(|row| !gone(row.version));
        let there = there.filter_map(|row| self.migrations.get(&row.version));
        let all: BTreeSet<&str> = there
            .map(|migration| migration.name.as_str())
            .chain(new.iter().copied())
            .collect();
        for (one, other, both) in self.conflicts() {
            let (ours, theirs) = (self.ancestry(&one), self.ancestry(&other));
            let ours_alone: Vec<&String> = ours.difference(&theirs).collect();
            let theirs_alone: Vec<&String> = theirs.difference(&ours).collect();
            let reached = |names: &[&String]| names.iter().any(|name| all.contains(name.as_str()));
            let starts = |names: &[&String]| names.iter().any(|name| new.contains(name.as_str()));
            if reached(&ours_alone)
                && reached(&theirs_alone)
                && (starts(&ours_alone) || starts(&theirs_alone))
            {
                return Err(unmerged(&one, &other, &both));
            }
        }
        Ok(())
    }

    /// Whether neither builds on the other.
    pub(super) fn are_beside(&self, one: &str, other: &str) -> bool {
        !self.ancestry(one).contains(other) && !self.ancestry(other).contains(one)
    }

    /// Whether a later migration brings both together, so that either may come first.
    pub(super) fn are_merged(&self, one: &str, other: &str) -> bool {
        let metas = self.migrations.values().filter_map(|migration| {
            let meta = migration.meta.as_ref()?;
            (meta.parents.len() > 1).then_some(migration.name.as_str())
        });
        let mut merges = metas.map(|name| self.ancestry(name));
        self.are_beside(one, other)
            && merges.any(|ancestry| ancestry.contains(one) && ancestry.contains(other))
    }

    /// Whether statements for servers of the migrations in `these`, which `rewritten` writes for what comes before them in
    /// order, would be others where all of `others` came first. A rebuild on SQLite would, and is fitted to its live table.
    fn is_written_otherwise_after(
        &self,
        common: &Schema,
        these: &dyn Fn(&str) -> bool,
        others: &dyn Fn(&str) -> bool,
    ) -> bool {
        let (Ok(order), Ok(mut after)) = (self.ordered(), self.fold(common, others)) else {
            return true;
        };
        let mut in_order = common.clone();
        for (migration, meta) in order {
            let name = migration.name.as_str();
            if !these(name) && !others(name) {
                continue;
            }
            let text = |dialect: Dialect, state: &Schema| {
                let script = sql::render(dialect, state, &meta.operations)?;
                Ok::<_, String>(script.text(""))
            };
            let mut servers = migration.sql.keys().filter(|d| **d != Dialect::Sqlite);
            if these(name) && servers.any(|d| text(*d, &in_order) != text(*d, &after)) {
                return true;
            }
            for operation in &meta.operations {
                let fits = operation.apply(&mut in_order).is_ok();
                if !fits || these(name) && operation.apply(&mut after).is_err() {
                    return true;
                }
            }
        }
        false
    }

    fn fold(&self, start: &Schema, is_in: &dyn Fn(&str) -> bool) -> Result<Schema, String> {
        let mut schema = start.clone();
        for (migration, meta) in self.ordered()? {
            if is_in(&migration.name) {
                for operation in &meta.operations {
                    operation.apply(&mut schema)?;
                }
            }
        }
        Ok(schema)
    }

    fn descriptions(&self, start: &Schema, is_in: &dyn Fn(&str) -> bool) -> Vec<String> {
        let mut state = start.clone();
        let mut lines = Vec::new();
        for (migration, meta) in self.ordered().unwrap_or_default() {
            if is_in(&migration.name) {
                for operation in &meta.operations {
                    lines.push(operation.describe(&state));
                    // It did a moment ago.
                    let _ = operation.apply(&mut state);
                }
            }
        }
        lines
    }
}

/// Both directions of a migration.
fn scripts(
    dialect: Dialect,
    before: &Schema,
    operations: &[Operation],
) -> Result<(sql::Script, sql::Script), String> {
    let (after, inverse) = inverted(before, operations)?;
    Ok((
        sql::render(dialect, before, operations)?,
        sql::render(dialect, &after, &inverse)?,
    ))
}

pub(super) fn unmerged(one: &str, other: &str, both: &[String]) -> Blocked {
    blocked(
        format!(
            "two branches of migrations change the same, and nobody has brought them together: {one} and {other} both touch {}",
            both.join(", ")
        ),
        "`luthier makemigrations --merge` does, or says why they do not fit together",
    )
}

fn unfit(one: &str, other: &str, why: &str) -> Blocked {
    blocked(
        format!("{one} and {other} do not fit together: {why}"),
        "take one of them back where it is applied (`luthier migrate` to the migration before both), delete its files, \
         and let `luthier makemigrations` write it again after the other",
    )
}

/// The first thing in which two schemas differ.
fn difference(one: &Schema, other: &Schema) -> Option<String> {
    let names: BTreeSet<&String> = one.tables.keys().chain(other.tables.keys()).collect();
    for name in names {
        match (one.table(name), other.table(name)) {
            (Some(one), Some(other)) => {
                if let Some(what) = table_difference(one, other) {
                    return Some(what);
                }
            }
            _ => return Some(format!("the table `{name}`")),
        }
    }
    let kinds = one
        .enums
        .iter()
        .find(|(name, kind)| other.enums.get(*name) != Some(kind));
    kinds.map(|(name, _)| format!("the enum `{name}`"))
}

fn table_difference(one: &Table, other: &Table) -> Option<String> {
    let table = &one.name;
    let columns = one.columns.iter().chain(&other.columns);
    for column in columns {
        if one.column(&column.name) != other.column(&column.name) {
            return Some(format!("`{table}.{}`", column.name));
        }
    }
    if one.primary_key != other.primary_key {
        return Some(format!("the primary key of `{table}`"));
    }
    let is_other = one.indexes != other.indexes
        || one.foreign_keys != other.foreign_keys
        || one.comment != other.comment;
    is_other.then(|| format!("the keys of `{table}`"))
}
