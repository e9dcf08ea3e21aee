//! New names of tables, columns, indexes and keys.

use std::collections::BTreeSet;

use crate::operation::Operation;
use crate::schema::ForeignKey;

use super::super::renames::Renames;
use super::Diff;

impl Diff<'_> {
    pub(super) fn rename(&mut self, renames: &Renames) -> Result<(), String> {
        let tables = renames.tables.iter();
        let taken = self.state.tables.keys().cloned().collect();
        for (from, to) in in_steps(tables.map(|(a, b)| (a.clone(), b.clone())), taken) {
            self.push(Operation::RenameTable { from, to })?;
        }
        for (table, columns) in &renames.columns {
            let Some(at) = self.state.table(table) else {
                continue;
            };
            let taken = at
                .columns
                .iter()
                .map(|column| column.name.clone())
                .collect();
            let pairs = columns.iter().map(|(a, b)| (a.clone(), b.clone()));
            for (from, to) in in_steps(pairs, taken) {
                let table = table.clone();
                self.push(Operation::RenameColumn { table, from, to })?;
            }
        }
        Ok(())
    }

    /// Indexes and foreign keys that only changed their names, mostly because a table or column did.
    pub(super) fn rename_parts(&mut self) -> Result<(), String> {
        for (old, new) in self.pairs() {
            for index in new.indexes.iter().filter(|i| old.index(&i.name).is_none()) {
                let twin = old.indexes.iter().find(|other| {
                    new.index(&other.name).is_none()
                        && other.columns == index.columns
                        && other.unique == index.unique
                        && self
                            .state
                            .table(&new.name)
                            .is_some_and(|t| t.index(&other.name).is_some())
                });
                if let Some(twin) = twin {
                    self.push(Operation::RenameIndex {
                        table: new.name.clone(),
                        from: twin.name.clone(),
                        to: index.name.clone(),
                    })?;
                }
            }
            let missing = |key: &&ForeignKey| old.foreign_key(&key.name).is_none();
            for key in new.foreign_keys.iter().filter(missing) {
                let twin = old.foreign_keys.iter().find(|other| {
                    let renamed = ForeignKey {
                        name: key.name.clone(),
                        ..(*other).clone()
                    };
                    new.foreign_key(&other.name).is_none()
                        && renamed == *key
                        && self
                            .state
                            .table(&new.name)
                            .is_some_and(|t| t.foreign_key(&other.name).is_some())
                });
                if let Some(twin) = twin {
                    self.push(Operation::RenameForeignKey {
                        table: new.name.clone(),
                        from: twin.name.clone(),
                        to: key.name.clone(),
                    })?;
                }
            }
        }
        Ok(())
    }
}

/// Orders renames so that each new name is free when its turn comes; swaps go through a name of their own.
fn in_steps(
    pairs: impl Iterator<Item = (String, String)>,
    mut taken: BTreeSet<String>,
) -> Vec<(String, String)> {
    let mut waiting: Vec<(String, String)> = pairs.filter(|(from, to)| from != to).collect();
    let mut steps = Vec::new();
    while !waiting.is_empty() {
        let free = waiting.iter().position(|(_, to)| !taken.contains(to));
        let (from, to) = match free {
            Some(free) => waiting.remove(free),
            None => {
                let (from, _) = &mut waiting[0];
                let aside = format!("{from}__renamed");
                (std::mem::replace(from, aside.clone()), aside)
            }
        };
        taken.remove(&from);
        taken.insert(to.clone());
        steps.push((from, to));
    }
    steps
}
