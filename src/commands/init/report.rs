//! What `init` tells of the database that it adopts.

use std::collections::{BTreeMap, BTreeSet};

use crate::context::Context;
use crate::database::{Dump, Live};
use crate::error::Error;
use crate::project::Project;
use crate::schema::{Object, UnsaidColumn};
use crate::sql::{Adoption, Conflict, ConflictKind, Dialect};

/// How many places of one kind are listed before the rest is counted.
const SHOWN: usize = 8;

/// What was found.
pub(super) struct AdoptionReport {
    pub(super) dialect: Dialect,
    pub(super) adoption: Adoption,
    pub(super) dump: Dump,
    pub(super) objects: BTreeSet<Object>,
    pub(super) unknown_tables: Vec<String>,
    /// Foreign keys to tables that are not there.
    pub(super) dangling_keys: Vec<String>,
}

/// Why a database is not adopted.
pub(super) struct Refusal {
    pub(super) error: Error,
    /// One of the remedies is a line in `luthier.toml`, which is written so that the line has a place.
    pub(super) settled_in_manifest: bool,
}

impl AdoptionReport {
    /// Where entities and database contradict each other: each group with its remedy.
    pub(super) fn refusal(&self, live: &Live) -> Option<Refusal> {
        let conflicts = self.adoption.conflicts.iter();
        // A trigger may give the value.
        let has_trigger = |conflict: &Conflict| {
            let mut notes = live.notes.iter();
            conflict.kind == ConflictKind::UnknownRequired
                && notes.any(|note| {
                    let column = conflict.place.strip_prefix(&note.table);
                    note.kind == "trigger" && column.is_some_and(|rest| rest.starts_with('.'))
                })
        };
        let harmful: Vec<&Conflict> = conflicts
            .filter(|conflict| !conflict.kind.is_harmless() && !has_trigger(conflict))
            .collect();
        if harmful.is_empty() {
            return None;
        }
        let missing: Vec<&Conflict> = harmful
            .iter()
            .copied()
            .filter(|conflict| conflict.kind == ConflictKind::MissingTable)
            .collect();
        let written = match missing.is_empty() {
            true => "nothing",
            false => "no migration",
        };
        let mut text = format!(
            "the entities and the database contradict each other, so {written} was written"
        );
        for (kind, group) in grouped(&harmful) {
            text.push_str(&format!("\n\n  {}:\n", kind.title(group.len())));
            text.push_str(&places(&group));
            text.push_str(&format!("  → {}", kind.remedy()));
            if kind == ConflictKind::MissingTable {
                text.push_str(&unmanaged_lines(&group));
            }
        }
        let mut error = Error::failed(text).hint(
            "`luthier init --accept` takes the database's side: migrations start from what the database has, and the \
             entities stay as they are",
        );
        let is_view = |name: &str| {
            let mut notes = live.notes.iter();
            notes.any(|note| note.kind == "view" && note.table == name)
        };
        let views: Vec<String> = missing
            .iter()
            .filter(|conflict| is_view(&conflict.place))
            .map(|conflict| format!("`{}`", conflict.place))
            .collect();
        if !views.is_empty() {
            let are = if views.len() == 1 {
                "is a view"
            } else {
                "are views"
            };
            error = error.hint(format!("{} {are} in the database", views.join(", ")));
        }
        Some(Refusal {
            error,
            settled_in_manifest: !missing.is_empty(),
        })
    }

    /// Tells what the database decided, what comes along with the tables, and what does not.
    pub(super) fn tell(&self, context: &Context) {
        let output = &context.output;
        let tables = self.adoption.schema.tables.len();
        let decided = self.decided();
        let noun = if tables == 1 { "table" } else { "tables" };
        output.status(format_args!(
            "Adopted {tables} {noun} as the database has them"
        ));
        if !decided.is_empty() {
            output.status(format_args!(
                "Left to the database, until an entity says otherwise: {}",
                decided.join(", ")
            ));
        }
        let objects = self.counted_objects();
        if !objects.is_empty() {
            output.status(format_args!("Kept in the baseline: {}", objects.join(", ")));
        }
        for object in &self.objects {
            let of = match object.table.as_str() {
                "" => String::new(),
                table => format!(" of {table}"),
            };
            output.detail(format_args!("{} {}{of}", object.kind, object.name));
        }
        if !self.unknown_tables.is_empty() {
            output.status(format_args!(
                "Kept in the baseline without an entity: {}",
                shortened(&self.unknown_tables)
            ));
        }
        let conflicts: Vec<&Conflict> = self.adoption.conflicts.iter().collect();
        for (kind, group) in grouped(&conflicts) {
            let places: Vec<String> = group.iter().map(|conflict| conflict.line()).collect();
            let message = format!("{}: {}", kind.title(group.len()), shortened(&places));
            match kind {
                kind if kind.is_harmless() => {
                    output.status(format_args!("{message} (left as it is; {})", kind.remedy()));
                }
                kind if kind.is_added_later() => {
                    let them = if group.len() == 1 { "it" } else { "them" };
                    output.warning(format_args!(
                        "{message}: `luthier makemigrations` adds {them}"
                    ));
                }
                _ => output.warning(format_args!("{message}: left as the database has it")),
            }
        }
        // Other databases have none.
        if self.dialect == Dialect::Sqlite && !self.dangling_keys.is_empty() {
            output.warning(format_args!(
                "foreign keys to tables that are not there: {}. SQLite refuses every row that uses them: create the table, or \
                 build the referring one again without the key, in a migration by hand (`luthier makemigrations --empty`)",
                shortened(&self.dangling_keys)
            ));
        }
        if !self.dump.left_out.is_empty() {
            output.warning(format_args!(
                "not in the baseline: {}. If a new database needs it, make it in a migration by hand (`luthier \
                 makemigrations --empty`)",
                self.dump.left_out.join(", ")
            ));
        }
    }

    /// How many properties of each kind the entities leave to the database.
    fn decided(&self) -> Vec<String> {
        let tables = || self.adoption.schema.tables.values();
        let columns = || tables().flat_map(|table| table.unsaid.columns.values());
        let count = |has: fn(&UnsaidColumn) -> bool| columns().filter(|column| has(column)).count();
        let names: usize = tables().map(|table| table.unsaid.names.len()).sum();
        let parts: usize = tables().map(|table| table.unsaid.only_parts.len()).sum();
        let own: usize = tables().map(|table| table.unsaid.only_columns.len()).sum();
        let keys = tables()
            .filter(|table| table.unsaid.primary_key.is_some())
            .count();
        let key_names = tables()
            .filter(|t| t.unsaid.primary_key_name.is_some())
            .count();
        let actions: usize = tables().map(|table| table.unsaid.actions.len()).sum();
        [
            (count(|c| c.default.is_some()), "default", "defaults"),
            (
                count(|c| c.kind.is_some()),
                "type or length",
                "types and lengths",
            ),
            (
                count(|c| c.nullable.is_some()),
                "NULL or NOT NULL",
                "NULL and NOT NULL",
            ),
            (
                count(|c| c.auto_increment.is_some()),
                "numbering",
                "numberings",
            ),
            (
                count(|c| c.unique.is_some()),
                "unique column",
                "unique columns",
            ),
            (own, "column without a field", "columns without fields"),
            (keys, "order of a key", "orders of keys"),
            (
                actions,
                "action of a foreign key",
                "actions of foreign keys",
            ),
            (parts, "index or foreign key", "indexes and foreign keys"),
            (names + key_names, "name", "names"),
        ]
        .into_iter()
        .filter(|(count, ..)| *count > 0)
        .map(|(count, one, many)| format!("{count} {}", if count == 1 { one } else { many }))
        .collect()
    }

    fn counted_objects(&self) -> Vec<String> {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for object in self.objects.iter().filter(|object| object.kind != "table") {
            *counts.entry(&object.kind).or_default() += 1;
        }
        let word = |(kind, count): (&str, usize)| {
            let kind = match kind {
                "index" => "index that is more than a list of columns",
                "sequence" => "sequence (serial)",
                "deferrable" => "deferrable constraint",
                "generated" => "generated column",
                kind => kind,
            };
            match count {
                1 => format!("1 {kind}"),
                count => format!("{count} × {kind}"),
            }
        };
        counts.into_iter().map(word).collect()
    }
}

/// Which history counts from now on.
pub(super) fn seaorm(context: &Context, project: &Project, dump: &Dump, unapplied: &[String]) {
    let output = &context.output;
    let count = dump.seaorm.values().flatten().count();
    let noun = if count == 1 {
        "migration"
    } else {
        "migrations"
    };
    let tables = dump.seaorm.keys().map(|table| format!("`{table}`"));
    let tables: Vec<String> = tables.collect();
    let tables = tables.join(" and ");
    output.status(format_args!(
        "sea-orm-migration has applied {count} {noun} to this database. From now on {} is the history: write no more \
         migrations in Rust. The baseline makes {tables} with all rows, so that a program that still runs its \
         `Migrator` finds nothing to do, here and on a new database; take that call out when it suits you. The way back: \
         delete luthier.toml and the files that were created now, and drop the table `_sqlx_migrations`.",
        project.migration_path(""),
    ));
    if !unapplied.is_empty() {
        output.warning(format_args!(
            "this database does not have these migrations of sea-orm-migration: {}. The baseline is without them, and the \
             `Migrator` would still run them: apply them and adopt again, or delete them",
            shortened(unapplied)
        ));
    }
}

fn grouped<'a>(conflicts: &[&'a Conflict]) -> BTreeMap<ConflictKind, Vec<&'a Conflict>> {
    let mut groups: BTreeMap<ConflictKind, Vec<&Conflict>> = BTreeMap::new();
    for conflict in conflicts {
        groups.entry(conflict.kind).or_default().push(conflict);
    }
    groups
}

/// What to write in `luthier.toml` for tables that migrations never make: all of it, to be copied at once.
fn unmanaged_lines(group: &[&Conflict]) -> String {
    let mut text = String::new();
    for conflict in group {
        let key = toml_edit::Key::new(conflict.place.as_str());
        text.push_str(&format!(
            "\n      [tables.{}]\n      managed = false",
            key.display_repr()
        ));
    }
    text
}

fn places(group: &[&Conflict]) -> String {
    let mut text = String::new();
    for conflict in group.iter().take(SHOWN) {
        text.push_str(&format!("    {}\n", conflict.line()));
    }
    if group.len() > SHOWN {
        text.push_str(&format!("    … and {} more\n", group.len() - SHOWN));
    }
    text
}

/// The first of `names`, and how many more there are.
fn shortened(names: &[String]) -> String {
    let shown: Vec<&str> = names.iter().take(SHOWN).map(String::as_str).collect();
    let mut text = shown.join(", ");
    if names.len() > SHOWN {
        text.push_str(&format!(" and {} more", names.len() - SHOWN));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_for_many_tables_are_all_there() {
        let missing = |number: usize| Conflict {
            kind: ConflictKind::MissingTable,
            place: format!("table {number}"),
            entity: String::new(),
            database: String::new(),
        };
        let conflicts: Vec<Conflict> = (0..2 * SHOWN).map(missing).collect();
        let group: Vec<&Conflict> = conflicts.iter().collect();
        let manifest: toml_edit::DocumentMut = unmanaged_lines(&group).parse().unwrap();
        let tables = manifest["tables"].as_table().unwrap();
        assert_eq!(tables.len(), 2 * SHOWN);
        assert_eq!(tables["table 9"]["managed"].as_bool(), Some(false));
    }
}
