//! What the rebuilds in a migration's SQLite file were written for.

use std::collections::BTreeSet;

use crate::operation::Operation;
use crate::schema::{ColumnRename, Schema};
use crate::sql::{self, Dialect, RebuildBase};

use super::history::{History, Meta, Migration};
use super::plan::Direction;
use super::write::inverted;

impl History {
    /// The tables before and after each rebuild in the file of `migration`, where `state` is the schema that all
    /// migrations before it lead to. A file of a branch was written for the schema of its own parents.
    pub(super) fn rebuilds(
        &self,
        migration: &Migration,
        meta: &Meta,
        direction: Direction,
        state: &Schema,
    ) -> Vec<RebuildBase> {
        let own = self.state_before(&migration.name).ok();
        let states = own.iter().chain([state]);
        let mut scripts = states.filter_map(|state| rendered(state, &meta.operations, direction));
        let sql = migration.sql.get(&Dialect::Sqlite);
        let text = sql.and_then(|sql| match direction {
            Direction::Apply => sql.up.as_ref(),
            Direction::Revert => sql.down.as_ref(),
        });
        let fits = |script: &sql::Script| {
            text.is_some_and(|text| sql::are_bases_of(&script.rebuilds, text))
        };
        let first = scripts.next();
        let found = match first {
            Some(script) if fits(&script) => Some(script),
            // A merge has written it again, for what comes before it in order.
            first => scripts.find(fits).or(first),
        };
        found.map(|script| script.rebuilds).unwrap_or_default()
    }

    /// The renames of columns in all migrations, by what their tables are called in the end.
    pub(crate) fn column_renames(&self) -> BTreeSet<ColumnRename> {
        let mut renames: Vec<ColumnRename> = Vec::new();
        let metas = self.ordered().unwrap_or_default().into_iter();
        for operation in metas.flat_map(|(_, meta)| &meta.operations) {
            match operation {
                Operation::RenameTable { from, to } => {
                    let moved = renames.iter_mut().filter(|rename| rename.table == *from);
                    moved.for_each(|rename| rename.table.clone_from(to));
                }
                Operation::RenameColumn { table, from, to } => renames.push(ColumnRename {
                    table: table.clone(),
                    old: from.clone(),
                    new: to.clone(),
                }),
                _ => {}
            }
        }
        renames.into_iter().collect()
    }

    /// The schema that the parents of a migration lead to.
    pub(crate) fn state_before(&self, name: &str) -> Result<Schema, String> {
        let ancestry = self.ancestry(name);
        let mut schema = Schema::default();
        for (migration, meta) in self.ordered()? {
            if migration.name != name && ancestry.contains(&migration.name) {
                for operation in &meta.operations {
                    operation.apply(&mut schema)?;
                }
            }
        }
        Ok(schema)
    }
}

fn rendered(
    before: &Schema,
    operations: &[Operation],
    direction: Direction,
) -> Option<sql::Script> {
    match direction {
        Direction::Apply => sql::render(Dialect::Sqlite, before, operations).ok(),
        Direction::Revert => {
            let (after, inverse) = inverted(before, operations).ok()?;
            sql::render(Dialect::Sqlite, &after, &inverse).ok()
        }
    }
}
