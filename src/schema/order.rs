//! In which order tables can be created, so that every foreign key finds its table.

use std::collections::{BTreeMap, BTreeSet};

use super::Table;

/// The names of `tables` such that each comes after those it points at, ties by name; and of those whose
/// foreign keys run in a cycle, the keys (`(table, key)`) that can only be added once all tables exist.
pub(crate) fn creation_order<'a>(
    tables: &[&'a Table],
) -> (Vec<&'a str>, BTreeSet<(&'a str, &'a str)>) {
    let mut waiting: BTreeMap<&str, Unplaced<'a>> = tables
        .iter()
        .map(|table| (table.name.as_str(), Unplaced::new(table)))
        .collect();
    for table in tables {
        for parent in parents(table) {
            if let Some(entry) = waiting.get_mut(parent) {
                entry.children.push(&table.name);
            }
        }
    }
    let known: BTreeSet<&str> = waiting.keys().copied().collect();
    for entry in waiting.values_mut() {
        entry.open = parents(entry.table).filter(|p| known.contains(p)).count();
    }
    let mut ready: BTreeSet<&str> = waiting
        .iter()
        .filter(|(_, entry)| entry.open == 0)
        .map(|(name, _)| *name)
        .collect();
    let mut order = Vec::with_capacity(tables.len());
    let mut late = BTreeSet::new();
    loop {
        let next = ready.pop_first().or_else(|| {
            // Only cycles are left: cut one at the table with the fewest open keys, the first by name.
            let (name, _) = waiting.iter().min_by_key(|(name, e)| (e.open, **name))?;
            Some(*name)
        });
        let Some(entry) = next.and_then(|name| waiting.remove(name)) else {
            return (order, late);
        };
        let name = entry.table.name.as_str();
        for key in &entry.table.foreign_keys {
            if waiting.contains_key(key.table.as_str()) {
                late.insert((name, key.name.as_str()));
            }
        }
        for child in entry.children {
            if let Some(child) = waiting.get_mut(child) {
                child.open -= 1;
                if child.open == 0 {
                    ready.insert(&child.table.name);
                }
            }
        }
        order.push(name);
    }
}

/// A table that has not been placed yet.
struct Unplaced<'a> {
    table: &'a Table,
    /// How many of its keys point at tables that are not placed either.
    open: usize,
    /// The tables that point at it, one entry a key.
    children: Vec<&'a str>,
}

impl<'a> Unplaced<'a> {
    fn new(table: &'a Table) -> Self {
        Self {
            table,
            open: 0,
            children: Vec::new(),
        }
    }
}

/// The other tables that `table` points at, one entry a key.
fn parents(table: &Table) -> impl Iterator<Item = &str> {
    table
        .foreign_keys
        .iter()
        .map(|key| key.table.as_str())
        .filter(|parent| *parent != table.name)
}

#[cfg(test)]
mod tests {
    use super::super::ForeignKey;
    use super::*;

    fn table(name: &str, to: &[&str]) -> Table {
        Table {
            name: name.into(),
            foreign_keys: to
                .iter()
                .map(|to| ForeignKey {
                    name: format!("fk-{name}-{to}"),
                    columns: vec![format!("{to}_id")],
                    table: (*to).into(),
                    references: vec!["id".into()],
                    on_delete: None,
                    on_update: None,
                })
                .collect(),
            ..Table::default()
        }
    }

    fn order(tables: &[Table]) -> String {
        let tables: Vec<&Table> = tables.iter().collect();
        let (order, late) = creation_order(&tables);
        let late: Vec<&str> = late.into_iter().map(|(_, key)| key).collect();
        format!("{} | {}", order.join(" "), late.join(" "))
    }

    #[test]
    fn parents_come_first_and_cycles_are_cut() {
        for (tables, expected) in [
            (vec![table("b", &[]), table("a", &["b"])], "b a | "),
            (vec![table("a", &["a", "elsewhere"])], "a | "),
            (vec![table("a", &["b"]), table("b", &["a"])], "a b | fk-a-b"),
            (
                vec![
                    table("a", &["b", "c"]),
                    table("b", &["c"]),
                    table("c", &["b"]),
                ],
                "b c a | fk-b-c",
            ),
        ] {
            assert_eq!(order(&tables), expected);
        }
    }
}
