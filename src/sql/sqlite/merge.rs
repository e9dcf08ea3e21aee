//! What a migration changes in a table's definition, applied to the definition that the live table has.
//!
//! A rebuild in a file holds the whole table as the migration's author knew it. What lies between `before` and `after`
//! is the change; everything else of the live definition stays as it is written.

use crate::sql::Loss;

use super::definition::{Clause, ClauseKind, ColumnDefinition, Definition};

/// The live definition after the change, and what could not stay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Merged {
    pub(super) definition: Definition,
    pub(super) losses: Vec<Loss>,
    /// Columns that the change takes away.
    pub(super) dropped: Vec<String>,
}

/// Parts of a column that there is one of at most.
const SINGLE: [ClauseKind; 4] = [
    ClauseKind::NotNull,
    ClauseKind::Default,
    ClauseKind::Collate,
    ClauseKind::Generated,
];

/// # Errors
/// The live table is not one that the change fits.
pub(super) fn merge(
    table: &str,
    live: &Definition,
    before: &Definition,
    after: &Definition,
) -> Result<Merged, String> {
    let mut merge = Merge {
        table,
        before,
        after,
        result: live.clone(),
        losses: Vec::new(),
    };
    merge.columns(live)?;
    merge.primary_key();
    merge.uniques();
    merge.references();
    merge.checks();
    let dropped = merge.dropped();
    merge.lose_what_needs(&dropped);
    Ok(Merged {
        definition: merge.result,
        losses: merge.losses,
        dropped,
    })
}

struct Merge<'a> {
    table: &'a str,
    before: &'a Definition,
    after: &'a Definition,
    result: Definition,
    losses: Vec<Loss>,
}

/// A clause, and the column that it stands at; none for one of the table.
type Placed<'a> = (Option<&'a str>, &'a Clause);

impl Merge<'_> {
    /// The columns that the change takes away.
    fn dropped(&self) -> Vec<String> {
        let gone = self
            .before
            .columns
            .iter()
            .filter(|column| self.after.column(&column.name).is_none());
        gone.map(|column| column.name.clone()).collect()
    }

    fn columns(&mut self, live: &Definition) -> Result<(), String> {
        let (before, after, table) = (self.before, self.after, self.table);
        let strict = live.has_option("STRICT");
        let gone = self.dropped();
        self.result
            .columns
            .retain(|column| !gone.iter().any(|name| column.is(name)));
        for column in &after.columns {
            let name = &column.name;
            let place = self.result.columns.iter().position(|other| other.is(name));
            match (before.column(name), place) {
                (Some(old), Some(place)) => {
                    change_column(&mut self.result.columns[place], old, column, strict);
                }
                (None, None) => {
                    let mut column = column.clone();
                    column.clauses.retain(|clause| is_own(clause.kind));
                    if strict {
                        column.kind = strict_type(&column.kind);
                    }
                    self.result.columns.push(column);
                }
                (None, Some(_)) => {
                    return Err(format!(
                        "`{table}` has a column `{name}` already, which this migration adds"
                    ));
                }
                (Some(_), None) => {
                    return Err(format!(
                        "`{table}` has no column `{name}`, which the migrations before this one made"
                    ));
                }
            }
        }
        Ok(())
    }

    fn primary_key(&mut self) {
        let is_key = |clause: &Clause| clause.kind == ClauseKind::PrimaryKey;
        let same = same_names(&self.before.primary_key(), &self.after.primary_key())
            && self.before.counts_up() == self.after.counts_up();
        if same {
            return;
        }
        self.remove(is_key);
        let after = self.after;
        for (column, clause) in placed(after).filter(|(_, clause)| is_key(clause)) {
            self.add(column, clause.clone());
        }
    }

    fn uniques(&mut self) {
        let (before, after) = (self.before, self.after);
        let same = |one: &Clause, other: &Clause| same_names(&one.names, &other.names);
        let kind = ClauseKind::Unique;
        self.exchange(kind, before, after, same, same);
    }

    fn checks(&mut self) {
        let (before, after) = (self.before, self.after);
        let same = |one: &Clause, other: &Clause| one.key == other.key;
        self.exchange(ClauseKind::Check, before, after, same, same);
    }

    fn references(&mut self) {
        let (before, after) = (self.before, self.after);
        let same = |one: &Clause, other: &Clause| {
            same_names(&one.names, &other.names) && target(one) == target(other)
        };
        let similar = |one: &Clause, other: &Clause| {
            same_names(&one.names, &other.names) && parent(one) == parent(other)
        };
        self.exchange(ClauseKind::Reference, before, after, same, similar);
    }

    /// Takes what only `before` has away, in a form that is `similar`, and adds what only `after` has.
    fn exchange(
        &mut self,
        kind: ClauseKind,
        before: &Definition,
        after: &Definition,
        same: impl Fn(&Clause, &Clause) -> bool,
        similar: impl Fn(&Clause, &Clause) -> bool,
    ) {
        let clauses = |definition: &Definition| -> Vec<(Option<String>, Clause)> {
            let all = placed(definition).filter(|(_, clause)| clause.kind == kind);
            all.map(|(column, clause)| (column.map(str::to_owned), clause.clone()))
                .collect()
        };
        let (old, new) = (clauses(before), clauses(after));
        let mut deferred: Vec<(Vec<String>, String)> = Vec::new();
        for (_, clause) in &old {
            if new.iter().any(|(_, other)| same(clause, other)) {
                continue;
            }
            let live = clauses(&self.result);
            let mut found = live.iter().map(|(_, live)| live);
            let exact = found.clone().find(|live| same(live, clause));
            let Some(found) = exact.or_else(|| found.find(|live| similar(live, clause))) else {
                continue;
            };
            if let Some(deferral) =
                deferral(&found.text).filter(|_| deferral(&clause.text).is_none())
            {
                deferred.push((clause.names.clone(), deferral.to_owned()));
            }
            let found = found.clone();
            self.remove(|other| *other == found);
        }
        for (column, clause) in &new {
            let known = old.iter().any(|(_, other)| same(clause, other));
            let there = clauses(&self.result)
                .iter()
                .any(|(_, other)| same(clause, other));
            if known || there {
                continue;
            }
            let mut clause = clause.clone();
            let kept = deferred
                .iter()
                .find(|(names, _)| same_names(names, &clause.names));
            if let Some((_, deferral)) = kept {
                clause.text = format!("{} {deferral}", clause.text);
            }
            self.add(column.as_deref(), clause);
        }
    }

    fn remove(&mut self, is_gone: impl Fn(&Clause) -> bool) {
        for column in &mut self.result.columns {
            column.clauses.retain(|clause| !is_gone(clause));
        }
        self.result.constraints.retain(|clause| !is_gone(clause));
    }

    fn add(&mut self, column: Option<&str>, clause: Clause) {
        let mut columns = self.result.columns.iter_mut();
        match column.and_then(|name| columns.find(|column| column.is(name))) {
            // What counts up is so as a primary key only, which is written first.
            Some(column) => column.clauses.push(clause),
            None => self.result.constraints.push(clause),
        }
    }

    /// Takes away what cannot be without the dropped columns.
    fn lose_what_needs(&mut self, dropped: &[String]) {
        let table = self.table;
        for gone in dropped {
            let mut generated = Vec::new();
            for column in &mut self.result.columns {
                let name = column.name.clone();
                for clause in column.clauses.iter().filter(|clause| clause.mentions(gone)) {
                    if clause.kind == ClauseKind::Generated {
                        let message = format!(
                            "`{table}.{name}` is computed from `{gone}`, which goes away: {}",
                            clause.text
                        );
                        generated.push(name.clone());
                        self.losses.push(loss(format!("{table}.{name}"), message));
                    } else {
                        self.losses
                            .push(lost_clause(table, Some(&name), clause, gone));
                    }
                }
                column.clauses.retain(|clause| !clause.mentions(gone));
            }
            self.result
                .columns
                .retain(|column| !generated.iter().any(|name| column.is(name)));
            for clause in &self.result.constraints {
                // A key of this column alone is a part of the column.
                let is_part = clause.kind != ClauseKind::Check && clause.names.len() == 1;
                if clause.mentions(gone) && !is_part {
                    self.losses.push(lost_clause(table, None, clause, gone));
                }
            }
            self.result
                .constraints
                .retain(|clause| !clause.mentions(gone));
        }
    }
}

fn loss(name: String, message: String) -> Loss {
    let way_out = "keep the column, or change what uses it first, in a migration written by hand \
                   (`luthier makemigrations --empty`)";
    Loss::new(name, message, way_out)
}

fn lost_clause(table: &str, column: Option<&str>, clause: &Clause, gone: &str) -> Loss {
    let name = clause.name.clone().unwrap_or_else(|| match column {
        Some(column) => format!("{table}.{column}"),
        None => format!("{table}.{gone}"),
    });
    let message = format!(
        "a constraint of `{table}` uses `{gone}`, which goes away: {}",
        clause.text
    );
    loss(name, message)
}

/// Whether a clause is settled with its column, and not among all keys of the table.
fn is_own(kind: ClauseKind) -> bool {
    SINGLE.contains(&kind)
}

fn change_column(
    live: &mut ColumnDefinition,
    old: &ColumnDefinition,
    new: &ColumnDefinition,
    strict: bool,
) {
    if !old.kind.eq_ignore_ascii_case(&new.kind) {
        live.kind = match strict {
            true => strict_type(&new.kind),
            false => new.kind.clone(),
        };
    }
    for kind in SINGLE {
        let find = |column: &ColumnDefinition| {
            let mut clauses = column.clauses.iter();
            clauses.find(|clause| clause.kind == kind).cloned()
        };
        let (before, after) = (find(old), find(new));
        let key = |clause: &Option<Clause>| clause.as_ref().map(|clause| clause.key.clone());
        if key(&before) == key(&after) {
            continue;
        }
        let place = live.clauses.iter().position(|clause| clause.kind == kind);
        match (after, place) {
            (Some(after), Some(place)) if live.clauses[place].key != after.key => {
                live.clauses[place] = after;
            }
            (Some(after), None) => live.clauses.push(after),
            (None, Some(place)) => {
                live.clauses.remove(place);
            }
            _ => {}
        }
    }
}

/// A column as a STRICT table takes it.
pub(super) fn strict_column(column: &ColumnDefinition) -> String {
    let column = ColumnDefinition {
        kind: strict_type(&column.kind),
        ..column.clone()
    };
    column.text()
}

/// The type that a STRICT table takes, by the rules that give any other table's columns their affinity.
fn strict_type(kind: &str) -> String {
    let upper = kind.to_uppercase();
    let has = |words: &[&str]| words.iter().any(|word| upper.contains(word));
    let plain = ["INT", "INTEGER", "REAL", "TEXT", "BLOB", "ANY"];
    if plain.contains(&upper.as_str()) {
        return kind.to_owned();
    }
    match () {
        () if has(&["INT", "BOOL"]) => "INTEGER",
        () if has(&["CHAR", "CLOB", "TEXT"]) => "TEXT",
        () if has(&["BLOB"]) => "BLOB",
        () if has(&["REAL", "FLOA", "DOUB"]) => "REAL",
        () => "ANY",
    }
    .into()
}

fn placed(definition: &Definition) -> impl Iterator<Item = Placed<'_>> {
    let columns = definition.columns.iter().flat_map(|column| {
        let clauses = column.clauses.iter();
        clauses.map(|clause| (Some(column.name.as_str()), clause))
    });
    columns.chain(definition.constraints.iter().map(|clause| (None, clause)))
}

fn same_names<A: AsRef<str>, B: AsRef<str>>(one: &[A], other: &[B]) -> bool {
    one.len() == other.len()
        && one
            .iter()
            .zip(other)
            .all(|(a, b)| a.as_ref().eq_ignore_ascii_case(b.as_ref()))
}

/// What a reference says after `REFERENCES`, without when it is checked.
fn target(clause: &Clause) -> &str {
    let target = clause
        .key
        .split_once("references ")
        .map_or(clause.key.as_str(), |(_, target)| target);
    let end = [" not deferrable", " deferrable"]
        .iter()
        .filter_map(|word| target.find(word))
        .min();
    &target[..end.unwrap_or(target.len())]
}

/// The table that a reference leads to.
fn parent(clause: &Clause) -> &str {
    let target = target(clause);
    let end = [" ( ", " on ", " match "]
        .iter()
        .filter_map(|word| target.find(word))
        .min();
    &target[..end.unwrap_or(target.len())]
}

/// When a reference is checked, where it says so.
fn deferral(text: &str) -> Option<&str> {
    let upper = text.to_ascii_uppercase();
    let at = upper
        .find("NOT DEFERRABLE")
        .or_else(|| upper.find("DEFERRABLE"))?;
    Some(&text[at..])
}

#[cfg(test)]
mod tests;
