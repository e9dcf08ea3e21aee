//! From what is applied to a target: the steps in order, or why there is no way.

use std::collections::BTreeMap;

use crate::sql::Dialect;
use crate::sql::statements::split;

use super::blocked::{Blocked, blocked};
use super::branches::unmerged;
use super::history::{History, Migration};
use super::text::{is_checksum, runnable};

pub(super) mod applied;
mod effects;
pub(super) mod step;

pub(crate) use applied::{Applied, Interrupted, statement_hash};
pub(crate) use step::{Direction, MigrationTarget, Recreation, Step};

impl History {
    /// The migration that `text` means: its whole name, or the start of it or of its words.
    ///
    /// # Errors
    /// None or several fit.
    pub(crate) fn target(&self, text: &str) -> Result<MigrationTarget, Blocked> {
        if text == "zero" {
            return Ok(MigrationTarget::Zero);
        }
        let find = |fits: &dyn Fn(&Migration) -> bool| -> Vec<&Migration> {
            self.migrations.values().filter(|m| fits(m)).collect()
        };
        let words = |m: &Migration| {
            m.name
                .split_once('_')
                .map_or("", |(_, words)| words)
                .to_owned()
        };
        for found in [
            find(&|m| m.name == text || m.version.to_string() == text),
            find(&|m| words(m) == text),
            find(&|m| m.name.starts_with(text)),
            find(&|m| words(m).starts_with(text)),
        ] {
            match found.as_slice() {
                [] => {}
                [one] => return Ok(MigrationTarget::Version(one.version)),
                several => {
                    let names: Vec<&str> = several.iter().map(|m| m.name.as_str()).collect();
                    return Err(blocked(
                        format!("`{text}` fits {} migrations", several.len()),
                        format!("say more of the name: {}", names.join(", ")),
                    ));
                }
            }
        }
        Err(blocked(
            format!("there is no migration `{text}`"),
            "`luthier showmigrations` lists them; `zero` means none",
        ))
    }

    /// The steps from `applied` to `target`: first back, newest first, then forth, oldest first.
    ///
    /// # Errors
    /// The files and the database contradict each other.
    pub(crate) fn steps(
        &self,
        dialect: Dialect,
        applied: &[Applied],
        target: &MigrationTarget,
    ) -> Result<Vec<Step>, Blocked> {
        let mut rows: BTreeMap<i64, &Applied> =
            applied.iter().map(|row| (row.version, row)).collect();
        for row in applied {
            self.check_row(dialect, row)?;
        }
        let last = match target {
            MigrationTarget::Latest => i64::MAX,
            MigrationTarget::Version(version) => *version,
            MigrationTarget::Zero => 0,
        };
        let mut steps = Vec::new();
        // What was cut short is brought to its end before anything else.
        for row in applied.iter().filter(|row| !row.success) {
            if let (Some(cut), Some(migration)) =
                (&row.interrupted, self.migrations.get(&row.version))
            {
                let mut rest = step(migration, dialect, cut.direction)?;
                rest.resume = Some(cut.done);
                steps.push(rest);
                if cut.direction == Direction::Revert {
                    rows.remove(&row.version);
                }
            }
        }
        for migration in self.migrations.values().rev() {
            if migration.version > last && rows.contains_key(&migration.version) {
                steps.push(step(migration, dialect, Direction::Revert)?);
            }
        }
        let newest = applied.iter().map(|row| row.version).max().unwrap_or(0);
        for migration in self.migrations.values() {
            if migration.version > last || rows.contains_key(&migration.version) {
                continue;
            }
            if migration.version < newest {
                self.check_late(migration, &rows)?;
            }
            // Files of another dialect alone are none of this database's business.
            let here = migration.sql.contains_key(&dialect);
            if !here
                && let Some(meta) = &migration.meta
                && !meta.files.contains_key(dialect.name())
            {
                return Err(blocked(
                    format!("the migrations are not written for {}", dialect.title()),
                    format!(
                        "add \"{dialect}\" to the dialects in luthier.toml, and run `luthier makemigrations`"
                    ),
                ));
            }
            if here || migration.meta.is_some() {
                steps.push(step(migration, dialect, Direction::Apply)?);
            }
        }
        self.check_branches(applied, &steps)?;
        self.add_effects(dialect, applied, &mut steps);
        Ok(steps)
    }

    fn check_row(&self, dialect: Dialect, row: &Applied) -> Result<(), Blocked> {
        let name = format!("{}_{}", row.version, row.description.replace(' ', "_"));
        if !row.success && row.interrupted.is_none() {
            return Err(blocked(
                format!("the migration {name} stopped half-way"),
                "bring the schema in order by hand, then delete its row from `_sqlx_migrations`, or set \
                 `success` to true",
            ));
        }
        let up = self
            .migrations
            .get(&row.version)
            .and_then(|migration| migration.sql.get(&dialect)?.up.as_ref());
        match up {
            None => Err(blocked(
                format!("the migration {name} is applied, but its file is missing"),
                format!(
                    "bring migrations/{dialect}/{name}.up.sql back from version control, or take the migration \
                     back from where it exists"
                ),
            )),
            // The rest of what stopped half-way may be corrected, and its beginning is looked at below.
            Some(_) if self.half_done(dialect, row)? => Ok(()),
            Some(up) if !is_checksum(&row.checksum, up) => Err(blocked(
                format!("migrations/{dialect}/{name}.up.sql was edited after it was applied"),
                "undo the edit, and put the change into a migration of its own",
            )),
            Some(_) => Ok(()),
        }
    }

    /// Whether the row is that of a migration that stopped half-way while it was applied, and goes on.
    ///
    /// # Errors
    /// The statements that ran are not those of the file any more.
    fn half_done(&self, dialect: Dialect, row: &Applied) -> Result<bool, Blocked> {
        let Some(Interrupted {
            direction,
            done,
            statements: Some(ran),
        }) = &row.interrupted
        else {
            return Ok(false);
        };
        let migration = self.migrations.get(&row.version);
        let Some((migration, sql)) = migration.and_then(|m| Some((m, m.sql.get(&dialect)?))) else {
            return Ok(false);
        };
        let (text, which) = match direction {
            Direction::Apply => (&sql.up, "up"),
            Direction::Revert => (&sql.down, "down"),
        };
        let now: Vec<String> = split(dialect, text.as_deref().unwrap_or_default())
            .iter()
            .map(|statement| statement_hash(statement))
            .collect();
        let changed = (0..*done).find(|at| now.get(*at) != ran.get(*at));
        match changed {
            Some(at) => Err(blocked(
                format!(
                    "{} stopped half-way after {done} statements, and statement {} of \
                     migrations/{dialect}/{}.{which}.sql, which ran, is another one now",
                    migration.name,
                    at + 1,
                    migration.name,
                ),
                "undo the edit of what ran; what has not run may be corrected",
            )),
            None => Ok(*direction == Direction::Apply),
        }
    }

    /// A migration that is older than what is applied, from a branch that was merged late: fine as long as
    /// nothing newer touches the same.
    fn check_late(&self, late: &Migration, rows: &BTreeMap<i64, &Applied>) -> Result<(), Blocked> {
        let name = [&late.name];
        let ours = self.footprint(name.into_iter());
        for version in rows.keys().filter(|version| **version > late.version) {
            let Some(newer) = self.migrations.get(version) else {
                continue;
            };
            if self.are_merged(&late.name, &newer.name) {
                continue;
            }
            let theirs = self.footprint([&newer.name].into_iter());
            let both = ours.collisions(&theirs);
            if both.is_empty() {
                continue;
            }
            if self.are_beside(&late.name, &newer.name) {
                return Err(unmerged(&late.name, &newer.name, &both));
            }
            return Err(blocked(
                format!(
                    "{} is not applied, but the newer {} is, and both touch {}",
                    late.name,
                    newer.name,
                    both.join(", ")
                ),
                format!(
                    "go back before both and on again: `luthier migrate {}` and `luthier migrate`; or \
                         `--fake` it where it is done already",
                    self.before(late.version)
                ),
            ));
        }
        Ok(())
    }

    /// The name of the migration before `version`, or `zero`.
    fn before(&self, version: i64) -> &str {
        self.migrations
            .range(..version)
            .next_back()
            .map_or("zero", |(_, migration)| &migration.name)
    }
}

pub(super) fn step(
    migration: &Migration,
    dialect: Dialect,
    direction: Direction,
) -> Result<Step, Blocked> {
    let sql = migration.sql.get(&dialect);
    let up = sql.and_then(|sql| sql.up.clone());
    let down = sql.and_then(|sql| sql.down.clone());
    let missing = |which: &str| {
        blocked(
            format!(
                "migrations/{dialect}/{}.{which}.sql is missing",
                migration.name
            ),
            match which {
                "down" => "this migration has no way back",
                _ => "bring it back from version control",
            },
        )
    };
    let up = up.ok_or_else(|| missing("up"))?;
    let sql = match direction {
        Direction::Apply => up.clone(),
        Direction::Revert => down.ok_or_else(|| missing("down"))?,
    };
    let file = format!(
        "migrations/{dialect}/{}.{}.sql",
        migration.name,
        direction.file()
    );
    let sql = runnable(dialect, &file, &sql)?;
    Ok(Step {
        direction,
        version: migration.version,
        name: migration.name.clone(),
        description: migration.description(),
        sql,
        up,
        accepted_losses: migration
            .meta
            .as_ref()
            .map(|meta| meta.accepted_losses.clone())
            .unwrap_or_default(),
        ..Step::default()
    })
}
