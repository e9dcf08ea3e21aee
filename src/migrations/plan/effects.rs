//! What a step does to the rows and objects of its database, and its statements where they are not those of its file.

use super::super::history::History;
use super::super::text::is_checksum;
use super::super::touched::Touched;
use super::super::write::{inverted, title};
use super::{Applied, Direction, Step};
use crate::operation::{Operation, data_checks, made};
use crate::schema::Schema;
use crate::sql::tokens::{Token, tokenize};
use crate::sql::{self, Dialect};

impl History {
    /// What each step does to rows and indexes, as far as its `meta` tells: a file that was edited speaks for itself.
    pub(super) fn add_effects(&self, dialect: Dialect, applied: &[Applied], steps: &mut [Step]) {
        let Ok(order) = self.ordered() else {
            return;
        };
        let mut state = Schema::default();
        for (migration, meta) in order {
            let at = steps.iter().position(|s| s.version == migration.version);
            let late = at.and_then(|at| self.state_before_late(applied, &steps[..=at]));
            let step = at.and_then(|at| steps.get_mut(at));
            if let Some(step) = step
                && let Some(hashes) = meta.files.get(dialect.name())
            {
                if dialect == Dialect::Sqlite && !meta.operations.is_empty() {
                    step.rebuilds = self.rebuilds(migration, meta, step.direction, &state);
                }
                let inverse = inverted(&state, &meta.operations).ok();
                let (before, operations, hash) = match (step.direction, &inverse) {
                    (Direction::Revert, Some((after, inverse))) => (after, inverse, &hashes.down),
                    _ => (&state, &meta.operations, &hashes.up),
                };
                step.add_dropped_indexes(operations);
                // What was written by hand may bring the rows in order.
                step.generated = is_checksum(hash, &step.sql) && !meta.by_hand;
                if step.resume.is_none() && !meta.by_hand {
                    let before = late.as_ref().unwrap_or(before);
                    if late.is_some() && step.generated {
                        step.write_for(dialect, before, operations);
                    }
                    step.touched = Touched::by_operations(before, operations);
                    if step.generated {
                        step.data_checks = data_checks(before, operations);
                        step.made = made(before, operations);
                        step.makes_only = step.made.len() == operations.len();
                    }
                }
            }
            for operation in &meta.operations {
                if operation.apply(&mut state).is_err() {
                    return;
                }
            }
        }
    }

    /// The schema of the database before the last of `steps`, where that is applied after newer migrations of another
    /// branch, for which its file was not written.
    fn state_before_late(&self, applied: &[Applied], steps: &[Step]) -> Option<Schema> {
        let (step, earlier) = steps.split_last()?;
        let reverted = |version: i64| {
            let mut reverts = earlier.iter().filter(|s| s.direction == Direction::Revert);
            reverts.any(|step| step.version == version)
        };
        let mut done: Vec<Applied> = applied.to_vec();
        done.retain(|row| row.success && !reverted(row.version));
        let is_late = done.iter().any(|row| row.version > step.version);
        if step.direction == Direction::Revert || !is_late {
            return None;
        }
        let new = earlier.iter().filter(|s| s.direction == Direction::Apply);
        done.extend(new.map(|step| Applied {
            version: step.version,
            description: step.description.clone(),
            installed_on: String::new(),
            success: true,
            checksum: String::new(),
            interrupted: None,
        }));
        self.state_of(&done).ok()
    }
}

impl Step {
    /// Replaces the statements of the file by those for a database that is at `before`.
    fn write_for(&mut self, dialect: Dialect, before: &Schema, operations: &[Operation]) {
        if let Ok(script) = sql::render(dialect, before, operations) {
            self.sql = script.text(&title(&self.name, self.direction.file()));
            self.rebuilds = script.rebuilds;
        }
    }

    /// Whether a file that was edited by hand names the object: what becomes of it there is what its author wants. A column's
    /// attributes, named as `table.column`, are for such a file to say, too.
    pub(crate) fn says(&self, dialect: Dialect, name: &str) -> bool {
        let is_it = |token: &Token| token.name().is_some_and(|n| n.eq_ignore_ascii_case(name));
        let names_it = || {
            let script = tokenize(dialect, &self.sql);
            let mut statements = script.statements.iter();
            statements.any(|statement| statement.tokens.iter().any(is_it))
        };
        !self.generated && (name.contains('.') || names_it())
    }

    /// Whether the view is made again after the last statement.
    pub(crate) fn makes_again(&self, view: &str) -> bool {
        self.recreations.iter().any(|again| again.view == view)
    }

    fn add_dropped_indexes(&mut self, operations: &[Operation]) {
        let dropped = operations.iter().filter_map(|operation| match operation {
            Operation::DropIndex { name, .. } | Operation::RenameIndex { from: name, .. } => {
                Some(name.clone())
            }
            _ => None,
        });
        self.dropped_indexes = dropped.collect();
    }
}
