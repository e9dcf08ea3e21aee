//! Which migrations can be folded into one.

use crate::schema::Schema;

use super::super::blocked::{Blocked, blocked};
use super::super::history::{History, Migration};
use super::Run;

impl History {
    /// The run from the migration of version `from`, or the first there is, to that of version `to`.
    ///
    /// # Errors
    /// The migrations between them are no run.
    pub(crate) fn run(&self, from: Option<i64>, to: i64) -> Result<Run<'_>, Blocked> {
        let from = from
            .or_else(|| self.migrations.keys().next().copied())
            .unwrap_or(to);
        if from > to {
            return Err(blocked(
                "the first migration comes after the last",
                "swap them",
            ));
        }
        let inside = |migration: &Migration| (from..=to).contains(&migration.version);
        let mut parents = Vec::new();
        for migration in self.migrations.values() {
            self.check_place(migration, &inside, to)?;
            let outer = migration.meta.iter().filter(|_| inside(migration));
            for parent in outer.flat_map(|meta| &meta.parents) {
                let is_outside = self.get(parent).is_some_and(|parent| !inside(parent));
                if is_outside && !parents.contains(parent) {
                    parents.push(parent.clone());
                }
            }
        }
        let hint = "`luthier makemigrations` says what is wrong with the migrations";
        let ordered = self.ordered().map_err(|error| blocked(error, hint))?;
        let mut before = Schema::default();
        for (migration, meta) in &ordered {
            let earlier = meta.operations.iter().filter(|_| migration.version < from);
            for operation in earlier {
                let applied = operation.apply(&mut before);
                applied.map_err(|error| blocked(error, hint))?;
            }
        }
        let members: Vec<_> = ordered.into_iter().filter(|(m, _)| inside(m)).collect();
        if members.len() < 2 {
            return Err(blocked(
                "there is only one migration in that run, and nothing to squash",
                "name an earlier first or a later last one",
            ));
        }
        Ok(Run {
            members,
            parents,
            before,
        })
    }

    /// Whether a migration is wholly inside of the run that ends with `to`, or wholly outside.
    fn check_place(
        &self,
        migration: &Migration,
        inside: &dyn Fn(&Migration) -> bool,
        to: i64,
    ) -> Result<(), Blocked> {
        let name = &migration.name;
        let Some(meta) = &migration.meta else {
            if inside(migration) {
                return Err(blocked(
                    format!(
                        "{name} was written without this tool, so nothing is known of what it does"
                    ),
                    "squash the migrations before it, or those after it",
                ));
            }
            return Ok(());
        };
        let last = self.migrations.get(&to).map_or("", |last| &last.name);
        if inside(migration) && !self.ancestry(last).contains(name) {
            return Err(blocked(
                format!("{name} lies between them, but {last} does not build on it"),
                "bring the branches together first: `luthier makemigrations --merge`",
            ));
        }
        for parent in meta.parents.iter().filter_map(|parent| self.get(parent)) {
            let leads_in = inside(parent) && parent.version != to && !inside(migration);
            let is_newer = inside(migration) && parent.version > to;
            let is_older = !inside(migration) && inside(parent) && migration.version < to;
            if leads_in || is_newer || is_older {
                return Err(blocked(
                    format!(
                        "{name} builds on {}, which is not the end of the run",
                        parent.name
                    ),
                    format!("squash up to {} instead", parent.name),
                ));
            }
        }
        Ok(())
    }
}
