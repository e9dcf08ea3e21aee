//! Two schemas as one database would keep them: where they differ.

mod differences;
mod recognise;

pub(crate) use differences::{Difference, Grade};

use std::collections::BTreeSet;

use crate::schema::{ForeignKey, Index, Schema, Table};

use super::Dialect;
use super::postgres::{key_name, unique_name};
use super::table::base_name;
use differences::Differences;
pub(super) use differences::listed;

/// A unique key of a table, however it was made.
struct Unique<'a> {
    columns: Vec<&'a str>,
    /// What the database calls it; `None` where it has no name that matters.
    name: Option<String>,
    /// A constraint of the table, where others are indexes of their own.
    constraint: bool,
}

impl Dialect {
    /// Where a database that holds `live` differs from `wanted`, table by table.
    pub(crate) fn compare(self, wanted: &Schema, live: &Schema) -> Vec<Difference> {
        let mut found = Vec::new();
        for table in wanted.tables.values() {
            match live.table(&table.name) {
                Some(other) => found.extend(self.compare_table((wanted, table), (live, other))),
                None => found.push(Difference::missing_table(&table.name)),
            }
        }
        for table in live.tables.values() {
            if wanted.table(&table.name).is_none() {
                found.push(Difference::unknown_table(&table.name));
            }
        }
        if self == Self::Postgres {
            for kind in wanted.enums.values() {
                match live.enums.get(&kind.name) {
                    Some(other) if other.values == kind.values => {}
                    Some(other) => found.push(Difference::of_enum(
                        &kind.name,
                        &format!(
                            "has the values {}, not {}",
                            listed(&other.values),
                            listed(&kind.values)
                        ),
                    )),
                    None => found.push(Difference::of_enum(&kind.name, "is missing")),
                }
            }
        }
        found
    }

    fn compare_table(
        self,
        (wanted_in, wanted): (&Schema, &Table),
        (live_in, live): (&Schema, &Table),
    ) -> Vec<Difference> {
        let mut found = Differences::new(&wanted.name);
        for column in &wanted.columns {
            let Some(other) = live.column(&column.name) else {
                let kind = self.stored_type(wanted, column, wanted_in);
                found.missing(&column.name, &format!("`{kind}`"));
                continue;
            };
            let is_key = |table: &Table| table.primary_key.contains(&column.name);
            let kinds = (
                self.stored_type(wanted, column, wanted_in),
                self.stored_type(live, other, live_in),
            );
            if kinds.0 != kinds.1 {
                found.different(&column.name, "the type", &kinds.0, &kinds.1);
            }
            let required = (
                !column.nullable || is_key(wanted),
                !other.nullable || is_key(live),
            );
            // MySQL and MariaDB keep computed columns without it.
            let computed = self == Self::Mysql && column.is_generated();
            if required.0 != required.1 && !computed {
                found.nullable(&column.name, required.1);
            }
            let defaults = (self.stored_default(column), self.stored_default(other));
            if defaults.0 != defaults.1 {
                let (ours, theirs) = (defaults.0.as_deref(), defaults.1.as_deref());
                // All but SQLite keep an expression in words of their own.
                let rewritten = self != Self::Sqlite;
                if rewritten && self.is_computed(column) && self.is_computed(other) {
                    found.unsure(
                        &column.name,
                        ours.unwrap_or_default(),
                        theirs.unwrap_or_default(),
                    );
                } else {
                    found.default(&column.name, ours, theirs);
                }
            }
            let counting = (
                self.stored_counting(wanted, column),
                self.stored_counting(live, other),
            );
            if counting.0 != counting.1 {
                found.auto_increment(&column.name, counting.1);
            }
            if self != Self::Sqlite && column.comment != other.comment {
                found.comment(&column.name, column.comment.as_deref());
            }
        }
        for column in &live.columns {
            if wanted.column(&column.name).is_none() {
                let kind = self.stored_type(live, column, live_in);
                found.unknown_column(&column.name, &kind, column.needs_value());
            }
        }
        if wanted.primary_key != live.primary_key {
            let key = |table: &Table| match table.primary_key.as_slice() {
                [] => "none".to_owned(),
                columns => listed(columns),
            };
            found.different_key(&key(wanted), &key(live));
        } else if self == Self::Postgres && !wanted.primary_key.is_empty() {
            let (ours, theirs) = (self.primary_key_name(wanted), self.primary_key_name(live));
            if ours != theirs {
                let columns: Vec<&str> = wanted.primary_key.iter().map(String::as_str).collect();
                let fix = format!(
                    "ALTER TABLE {} RENAME CONSTRAINT {} TO {}",
                    self.table(&wanted.name),
                    self.quote(&theirs),
                    self.quote(&ours)
                );
                let (ours, theirs) = (format!("`{ours}`"), format!("`{theirs}`"));
                found.renamed("the primary key", &columns, &ours, &theirs, Some(fix));
            }
        }
        self.compare_uniques(&mut found, wanted, live);
        self.compare_indexes(&mut found, wanted, live);
        self.compare_keys(&mut found, wanted, live);
        if self != Self::Sqlite && wanted.comment != live.comment {
            found.table_comment(wanted.comment.as_deref());
        }
        found.into_list()
    }

    /// What PostgreSQL calls the constraint of a unique column.
    pub(crate) fn unique_name(self, table: &str, column: &str) -> String {
        unique_name(table, column)
    }

    /// What PostgreSQL calls the constraint of the table's primary key.
    pub(crate) fn primary_key_name(self, table: &Table) -> String {
        let kept = table.unsaid.primary_key_name.clone();
        kept.unwrap_or_else(|| key_name(&table.name, &table.primary_key))
    }

    fn uniques(self, table: &Table) -> Vec<Unique<'_>> {
        let columns = table.columns.iter().filter(|column| column.unique);
        let inline = columns.map(|column| Unique {
            columns: vec![&column.name],
            name: match self {
                Self::Sqlite => None,
                Self::Postgres => Some(self.unique_name(&table.name, &column.name)),
                Self::Mysql => Some(column.name.clone()),
            },
            constraint: true,
        });
        let is_constraint = |index: &Index| table.unsaid.constraints.contains(&index.name);
        let indexes = table.indexes.iter().filter(|index| index.unique);
        let named = indexes.map(|index| Unique {
            columns: index.columns.iter().map(String::as_str).collect(),
            // SQLite makes up a name for what is part of a table.
            name: (self != Self::Sqlite || !is_constraint(index))
                .then(|| self.shortened(&index.name)),
            constraint: is_constraint(index),
        });
        inline.chain(named).collect()
    }

    fn compare_uniques(self, found: &mut Differences, wanted: &Table, live: &Table) {
        let ours = self.uniques(wanted);
        let theirs = self.uniques(live);
        let mut taken = BTreeSet::new();
        for unique in &ours {
            let fits = |at: &usize| !taken.contains(at) && theirs[*at].columns == unique.columns;
            let same = |at: &usize| fits(at) && theirs[*at].name == unique.name;
            let at = (0..theirs.len())
                .find(same)
                .or_else(|| (0..theirs.len()).find(fits));
            let Some(at) = at else {
                found.missing_part("unique key", &unique.columns);
                continue;
            };
            taken.insert(at);
            let other = &theirs[at];
            if other.name == unique.name && other.constraint == unique.constraint {
                continue;
            }
            let table = self.table(&wanted.name);
            let fix = match (self, &other.name, &unique.name) {
                (Self::Postgres, Some(from), Some(to)) if from != to => Some(format!(
                    "ALTER INDEX {} RENAME TO {}",
                    self.beside(&wanted.name, from),
                    self.quote(to)
                )),
                (Self::Mysql, Some(from), Some(to)) if from != to => Some(format!(
                    "ALTER TABLE {table} RENAME INDEX {} TO {}",
                    self.quote(from),
                    self.quote(to)
                )),
                _ => None,
            };
            let name = |unique: &Unique| match (&unique.name, unique.constraint) {
                (Some(name), _) => format!("`{name}`"),
                (None, _) => "part of the table".into(),
            };
            found.renamed(
                "the unique key",
                &unique.columns,
                &name(unique),
                &name(other),
                fix,
            );
        }
        for (at, unique) in theirs.iter().enumerate() {
            if !taken.contains(&at) {
                found.unknown_part("unique key", &unique.columns, unique.name.as_deref());
            }
        }
    }

    fn compare_indexes(self, found: &mut Differences, wanted: &Table, live: &Table) {
        let mut taken = BTreeSet::new();
        let theirs: Vec<_> = live.indexes.iter().filter(|index| !index.unique).collect();
        for index in wanted.indexes.iter().filter(|index| !index.unique) {
            let columns: Vec<&str> = index.columns.iter().map(String::as_str).collect();
            let name = self.shortened(&index.name);
            let fits = |at: &usize| !taken.contains(at) && theirs[*at].columns == index.columns;
            let same = |at: &usize| fits(at) && theirs[*at].name == name;
            let at = (0..theirs.len())
                .find(same)
                .or_else(|| (0..theirs.len()).find(fits));
            let Some(at) = at else {
                found.missing_part("index", &columns);
                continue;
            };
            taken.insert(at);
            let other = &theirs[at].name;
            if *other != name {
                let fix = match self {
                    Self::Sqlite => None,
                    Self::Postgres => Some(format!(
                        "ALTER INDEX {} RENAME TO {}",
                        self.beside(&wanted.name, other),
                        self.quote(&name)
                    )),
                    Self::Mysql => Some(format!(
                        "ALTER TABLE {} RENAME INDEX {} TO {}",
                        self.table(&wanted.name),
                        self.quote(other),
                        self.quote(&name)
                    )),
                };
                let (ours, theirs) = (format!("`{name}`"), format!("`{other}`"));
                found.renamed("the index", &columns, &ours, &theirs, fix);
            }
        }
        for (at, index) in theirs.iter().enumerate() {
            if !taken.contains(&at) {
                let columns: Vec<&str> = index.columns.iter().map(String::as_str).collect();
                found.unknown_part("index", &columns, Some(&index.name));
            }
        }
    }

    fn compare_keys(self, found: &mut Differences, wanted: &Table, live: &Table) {
        let same_way = |a: &ForeignKey, b: &ForeignKey| {
            a.columns == b.columns && a.table == b.table && a.references == b.references
        };
        for key in &wanted.foreign_keys {
            let columns: Vec<&str> = key.columns.iter().map(String::as_str).collect();
            let Some(other) = live.foreign_keys.iter().find(|other| same_way(key, other)) else {
                found.missing_part(&format!("reference to `{}`", key.table), &columns);
                continue;
            };
            let word = |action| match self.stored_action(action) {
                Some(action) => action.sql(),
                None => "NO ACTION",
            };
            for (event, ours, theirs) in [
                ("ON DELETE", key.on_delete, other.on_delete),
                ("ON UPDATE", key.on_update, other.on_update),
            ] {
                let (ours, theirs) = (word(ours), word(theirs));
                if ours != theirs {
                    found.different_action(&columns, event, ours, theirs);
                }
            }
            let name = self.shortened(&key.name);
            if self != Self::Sqlite && other.name != name {
                let fix = (self == Self::Postgres).then(|| {
                    format!(
                        "ALTER TABLE {} RENAME CONSTRAINT {} TO {}",
                        self.table(&wanted.name),
                        self.quote(&other.name),
                        self.quote(&name)
                    )
                });
                let (ours, theirs) = (format!("`{name}`"), format!("`{}`", other.name));
                found.renamed("the reference", &columns, &ours, &theirs, fix);
            }
        }
        for key in &live.foreign_keys {
            if !wanted.foreign_keys.iter().any(|other| same_way(key, other)) {
                let columns: Vec<&str> = key.columns.iter().map(String::as_str).collect();
                let what = format!("reference to `{}`", key.table);
                found.unknown_part(&what, &columns, Some(&key.name));
            }
        }
    }

    /// The quoted name of an index in the schema of its table.
    fn beside(self, table: &str, index: &str) -> String {
        match table
            .strip_suffix(base_name(table))
            .and_then(|s| s.strip_suffix('.'))
        {
            Some(schema) => format!("{}.{}", self.quote(schema), self.quote(index)),
            None => self.quote(index),
        }
    }
}

#[cfg(test)]
mod tests;
