//! Databases that have what a squashed migration stands for: its row takes the place of theirs, and nothing runs.

use crate::sql::Dialect;

use super::blocked::{Blocked, blocked};
use super::history::{History, Migration, Replaced};
use super::plan::{Applied, Direction, Step, step};
use super::text::checksum;

/// An exchange of rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Takeover {
    /// The squashed migration.
    pub(crate) step: Step,
    /// The versions of the rows that go, one of which may be its own.
    pub(crate) versions: Vec<i64>,
}

impl History {
    /// The exchanges that `applied` calls for, and the rows after them.
    ///
    /// # Errors
    /// Only some of what a squashed migration stands for is applied.
    pub(crate) fn take_over(
        &self,
        dialect: Dialect,
        mut applied: Vec<Applied>,
    ) -> Result<(Vec<Takeover>, Vec<Applied>), Blocked> {
        let mut takeovers = Vec::new();
        for migration in self.migrations.values() {
            let Some(meta) = migration.meta.as_ref().filter(|m| !m.replaces.is_empty()) else {
                continue;
            };
            let Ok(step) = step(migration, dialect, Direction::Apply) else {
                continue;
            };
            let hash = checksum(&step.up);
            let is_own = |row: &Applied| row.version == step.version && row.checksum == hash;
            if applied.iter().any(is_own) {
                continue;
            }
            let row_of = |replaced: &Replaced| -> Option<&Applied> {
                let hash = replaced.up.get(dialect.name())?;
                let version = version_of(&replaced.name)?;
                applied
                    .iter()
                    .find(|row| row.version == version && row.checksum == *hash && row.success)
            };
            let rows_of = |way: &Vec<Replaced>| -> Vec<i64> {
                let rows = way.iter().filter_map(row_of);
                rows.map(|row| row.version).collect()
            };
            let all = meta
                .replaces
                .iter()
                .find(|way| rows_of(way).len() == way.len());
            let Some(way) = all else {
                let most = meta.replaces.iter().max_by_key(|way| rows_of(way).len());
                if let Some(way) = most
                    && !rows_of(way).is_empty()
                {
                    let lacking = way.iter().filter(|replaced| row_of(replaced).is_none());
                    let lacking: Vec<&str> = lacking.map(|r| r.name.as_str()).collect();
                    return Err(partly(migration, dialect, way.len(), &lacking));
                }
                continue;
            };
            let versions = rows_of(way);
            let installed_on = applied.iter().filter(|row| versions.contains(&row.version));
            let installed_on = installed_on.map(|row| row.installed_on.clone()).max();
            applied.retain(|row| !versions.contains(&row.version));
            applied.push(Applied {
                version: step.version,
                description: step.description.clone(),
                installed_on: installed_on.unwrap_or_default(),
                success: true,
                checksum: hash,
                interrupted: None,
            });
            takeovers.push(Takeover { step, versions });
        }
        applied.sort_by_key(|row| row.version);
        Ok((takeovers, applied))
    }
}

fn version_of(name: &str) -> Option<i64> {
    name.split_once('_')?.0.parse().ok()
}

fn partly(migration: &Migration, dialect: Dialect, all: usize, lacking: &[&str]) -> Blocked {
    let name = &migration.name;
    blocked(
        format!(
            "{name} stands for {all} migrations, and this database has only some of them: {} {} missing",
            lacking.join(", "),
            if lacking.len() == 1 { "is" } else { "are" }
        ),
        format!(
            "apply the rest with the files from before they were squashed, then come back: `git log -- \
             'migrations/{dialect}/{}*'` finds them",
            lacking.first().unwrap_or(&"")
        ),
    )
}
