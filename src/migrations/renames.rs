//! Renames: what was said about them, and what has to be asked.

use std::collections::{BTreeMap, BTreeSet};

use crate::schema::{Column, ColumnRename, EnumType, Schema, Table};

/// What is known to be a rename.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Renames {
    /// Old name to new name.
    pub(crate) tables: BTreeMap<String, String>,
    /// By the table's new name: old column to new column.
    pub(crate) columns: BTreeMap<String, BTreeMap<String, String>>,
    /// By enum: old value to new value.
    pub(crate) values: BTreeMap<String, BTreeMap<String, String>>,
    /// Columns, as table and old name, that a hint renames although a new column takes their name.
    pub(crate) replaced: BTreeSet<(String, String)>,
}

/// What a question is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Of {
    Tables,
    /// The columns of the table now called that.
    Columns(String),
    /// The values of the enum called that.
    Values(String),
}

/// Something that appeared while other things of its kind went away: new, or one of them renamed?
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Question {
    pub(crate) of: Of,
    pub(crate) new: String,
    /// What went away, likeliest first.
    pub(crate) candidates: Vec<String>,
}

impl Question {
    /// Whether both ask where the same thing comes from.
    pub(crate) fn is_about_same(&self, other: &Self) -> bool {
        self.of == other.of && self.new == other.new
    }
}

impl Renames {
    /// Takes the answer to `question`: it is what was called `old`.
    pub(crate) fn take(&mut self, question: &Question, old: &str) {
        match &question.of {
            Of::Tables => {
                self.tables.insert(old.to_owned(), question.new.clone());
            }
            Of::Columns(table) => self.add_column(table, old, &question.new),
            Of::Values(kind) => self.add_value(kind, old, &question.new),
        }
    }

    pub(crate) fn add_value(&mut self, kind: &str, from: &str, to: &str) {
        self.values
            .entry(kind.to_owned())
            .or_default()
            .insert(from.to_owned(), to.to_owned());
    }

    pub(crate) fn add_column(&mut self, table: &str, from: &str, to: &str) {
        self.columns
            .entry(table.to_owned())
            .or_default()
            .insert(from.to_owned(), to.to_owned());
    }

    /// The table's name before the migration.
    pub(crate) fn old_table<'a>(&'a self, new: &'a str) -> &'a str {
        self.tables
            .iter()
            .find(|(_, to)| *to == new)
            .map_or(new, |(from, _)| from)
    }

    /// The renames of the columns of the table now called `table`.
    pub(crate) fn of_table(&self, table: &str) -> impl Iterator<Item = (&str, &str)> {
        self.columns
            .get(table)
            .into_iter()
            .flatten()
            .map(|(from, to)| (from.as_str(), to.as_str()))
    }

    /// Takes `renamed_from` attributes for what they say as long as the old name is still in the state. The hints that
    /// say nothing to anybody are told, a sentence and what to do for each.
    pub(crate) fn add_hints(
        &mut self,
        hints: &[ColumnRename],
        (before, after): (&Schema, &Schema),
        followed: &BTreeSet<ColumnRename>,
    ) -> Vec<String> {
        let mut useless = Vec::new();
        for rename in hints {
            let ColumnRename {
                table,
                old: from,
                new: to,
            } = rename;
            let hint = format!("`renamed_from = \"{from}\"` of `{table}.{to}`");
            let old = before.table(self.old_table(table));
            let there = |name: &str| old.is_some_and(|table| table.column(name).is_some());
            let known = self.columns.get(table);
            if known.is_some_and(|known| {
                known.contains_key(from) || known.values().any(|name| name == to)
            }) {
                continue;
            }
            match (there(from), there(to)) {
                (true, false) => {
                    if after.column(table, from).is_some() {
                        self.replaced.insert((table.clone(), from.clone()));
                    }
                    self.add_column(table, from, to);
                }
                (true, true) => {
                    let back = hints
                        .iter()
                        .any(|hint| hint.table == *table && hint.old == *to && hint.new == *from);
                    let flags = match back {
                        true => format!(
                            "--rename {table}.{from}={table}.{to} --rename {table}.{to}={table}.{from}"
                        ),
                        false => format!("--rename {table}.{from}={table}.{to}"),
                    };
                    useless.push(format!(
                        "{hint} does nothing, for both columns are there already: for a swap that no migration has made \
                         yet, `luthier makemigrations {flags}`; otherwise remove the hint"
                    ));
                }
                (false, true) if followed.contains(rename) => {
                    useless.push(format!("{hint} has been followed and can be removed"));
                }
                (false, true) => useless.push(format!(
                    "{hint} does nothing: `{to}` is there already, and no migration has renamed a `{from}` to it; correct the \
                     name, or remove the hint"
                )),
                (false, false) if old.is_some() => useless.push(format!(
                    "{hint} does nothing, for there was no column `{from}`: `{to}` is a new one"
                )),
                (false, false) => {}
            }
        }
        useless
    }

    /// Checks that everything said fits both schemas.
    ///
    /// # Errors
    /// A sentence about the first rename that does not.
    pub(crate) fn check(&self, before: &Schema, after: &Schema) -> Result<(), String> {
        for (from, to) in &self.tables {
            if before.table(from).is_none() {
                return Err(format!("there was no table `{from}` to rename"));
            }
            if after.table(to).is_none() {
                return Err(format!("no entity has the table `{to}`"));
            }
            if after.table(from).is_some() && !self.tables.values().any(|name| name == from) {
                return Err(format!(
                    "the table `{from}` is still there: it was not renamed"
                ));
            }
        }
        for (kind, values) in &self.values {
            check_values(kind, values, before, after)?;
        }
        for (table, columns) in &self.columns {
            let old = before.table(self.old_table(table));
            let new = after.table(table);
            for (from, to) in columns {
                if old.and_then(|table| table.column(from)).is_none() {
                    return Err(format!("there was no column `{table}.{from}` to rename"));
                }
                if new.and_then(|table| table.column(to)).is_none() {
                    return Err(format!("no entity has the column `{table}.{to}`"));
                }
                let reused = columns.values().any(|name| name == from);
                let replaced = self.replaced.contains(&(table.clone(), from.clone()));
                if new.and_then(|table| table.column(from)).is_some() && !reused && !replaced {
                    return Err(format!(
                        "the column `{table}.{from}` is still there: it was not renamed"
                    ));
                }
            }
        }
        Ok(())
    }
}

/// A value becomes one that is new: were it there already, rows of two meanings would become one.
fn check_values(
    kind: &str,
    values: &BTreeMap<String, String>,
    before: &Schema,
    after: &Schema,
) -> Result<(), String> {
    let (Some(old), Some(new)) = (before.enums.get(kind), after.enums.get(kind)) else {
        return Err(format!(
            "there is no enum `{kind}` whose values could be renamed"
        ));
    };
    let mut taken = BTreeSet::new();
    for (from, to) in values {
        if !old.values.contains(from) {
            return Err(format!("the enum `{kind}` had no value `{from}` to rename"));
        }
        if new.values.contains(from) {
            return Err(format!(
                "the value `{from}` of the enum `{kind}` is still there: it was not renamed"
            ));
        }
        if !new.values.contains(to) {
            return Err(format!("the enum `{kind}` has no value `{to}`"));
        }
        if old.values.contains(to) || !taken.insert(to) {
            return Err(format!(
                "two values of the enum `{kind}` cannot become the one value `{to}`"
            ));
        }
    }
    Ok(())
}

/// What must be asked before `before` can become `after`: tables first, and what is inside of them only where no
/// table is in question, since the answer about a table decides which columns are compared.
pub(crate) fn questions(before: &Schema, after: &Schema, known: &Renames) -> Vec<Question> {
    let tables = table_questions(before, after, known);
    if !tables.is_empty() {
        return tables;
    }
    inner_questions(before, after, known)
}

/// The questions about columns and values alone, for tables that need no more thought.
pub(crate) fn inner_questions(before: &Schema, after: &Schema, known: &Renames) -> Vec<Question> {
    let tables = after
        .tables
        .values()
        .filter_map(|new| Some((before.table(known.old_table(&new.name))?, new)))
        .flat_map(|(old, new)| questions_of_table(old, new, known));
    let enums = after
        .enums
        .values()
        .filter_map(|new| Some((before.enums.get(&new.name)?, new)))
        .flat_map(|(old, new)| questions_of_enum(old, new, known));
    tables.chain(enums).collect()
}

fn questions_of_enum(old: &EnumType, new: &EnumType, known: &Renames) -> Vec<Question> {
    let none = BTreeMap::new();
    let renamed = known.values.get(&new.name).unwrap_or(&none);
    let gone: Vec<&String> = old
        .values
        .iter()
        .filter(|value| !new.values.contains(value) && !renamed.contains_key(*value))
        .collect();
    if gone.is_empty() {
        return Vec::new();
    }
    new.values
        .iter()
        .filter(|value| !old.values.contains(value) && !renamed.values().any(|to| to == *value))
        .map(|value| Question {
            of: Of::Values(new.name.clone()),
            new: value.clone(),
            candidates: ranked(
                gone.iter()
                    .map(|old| (strsim::jaro_winkler(old, value), *old)),
            ),
        })
        .collect()
}

fn table_questions(before: &Schema, after: &Schema, known: &Renames) -> Vec<Question> {
    let renamed_to: BTreeSet<&String> = known.tables.values().collect();
    let gone: Vec<&Table> = before
        .tables
        .values()
        .filter(|old| after.table(&old.name).is_none() && !known.tables.contains_key(&old.name))
        .collect();
    if gone.is_empty() {
        return Vec::new();
    }
    after
        .tables
        .values()
        .filter(|new| before.table(&new.name).is_none() && !renamed_to.contains(&new.name))
        .map(|new| Question {
            of: Of::Tables,
            new: new.name.clone(),
            candidates: ranked(gone.iter().map(|old| (table_likeness(old, new), &old.name))),
        })
        .collect()
}

fn questions_of_table(old: &Table, new: &Table, known: &Renames) -> Vec<Question> {
    let renamed: BTreeMap<&str, &str> = known.of_table(&new.name).collect();
    let gone: Vec<&Column> = old
        .columns
        .iter()
        .filter(|column| {
            new.column(&column.name).is_none() && !renamed.contains_key(column.name.as_str())
        })
        .collect();
    if gone.is_empty() {
        return Vec::new();
    }
    new.columns
        .iter()
        .filter(|column| {
            old.column(&column.name).is_none()
                && !renamed.values().any(|to| *to == column.name.as_str())
        })
        .map(|column| Question {
            of: Of::Columns(new.name.clone()),
            new: column.name.clone(),
            candidates: ranked(
                gone.iter()
                    .map(|old| (column_likeness(old, column), &old.name)),
            ),
        })
        .collect()
}

fn ranked<'a>(scored: impl Iterator<Item = (f64, &'a String)>) -> Vec<String> {
    let mut scored: Vec<(f64, &String)> = scored.collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    scored.into_iter().map(|(_, name)| name.clone()).collect()
}

/// From 0 to 2: how much of the columns is the same, and how alike the names are.
fn table_likeness(old: &Table, new: &Table) -> f64 {
    let same = old
        .columns
        .iter()
        .filter(|column| {
            new.column(&column.name)
                .is_some_and(|c| c.kind == column.kind)
        })
        .count();
    let all = old.columns.len() + new.columns.len() - same;
    let shared = if all == 0 {
        0.0
    } else {
        same as f64 / all as f64
    };
    shared + strsim::jaro_winkler(&old.name, &new.name)
}

/// From 0 to 2.5: the type, the name, the rest of the definition.
fn column_likeness(old: &Column, new: &Column) -> f64 {
    let kind = if old.kind == new.kind { 1.0 } else { 0.0 };
    let rest = (old.nullable == new.nullable && old.unique == new.unique) as u8;
    kind + strsim::jaro_winkler(&old.name, &new.name) + f64::from(rest) / 2.0
}
