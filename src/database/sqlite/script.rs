//! Runs the statements of a migration so that what it does not name stays as it is: a table that is rebuilt keeps what
//! the file does not know of it, and at the end every index, trigger and view is there and works.

use std::collections::BTreeMap;

use sqlx::sqlite::SqliteConnection;

use crate::database::driver::Done;
use crate::migrations::{Loss, Step};
use crate::sql::{
    self, Effect, LiveTable, Rebuild, RebuildBase, Replacement, Statement, WrittenRebuild,
};

use super::objects::{Object, Objects, VIRTUAL, quote, run, words};

/// Why a script did not come to its end.
#[derive(Debug)]
pub(super) enum Stopped {
    Sql(sqlx::Error),
    /// The database is not one that the migration fits.
    Unfit(String),
    Losses(Vec<Loss>),
}

impl From<sqlx::Error> for Stopped {
    fn from(error: sqlx::Error) -> Self {
        Self::Sql(error)
    }
}

pub(super) struct Script<'a> {
    connection: &'a mut SqliteConnection,
    step: &'a Step,
    statements: &'a [Statement],
    replacements: Vec<Replacement>,
    bases: Vec<RebuildBase>,
    /// What runs in the place of a statement, by its number; `None` for nothing.
    instead: BTreeMap<usize, Option<String>>,
    /// What runs after a statement, by its number.
    behind: BTreeMap<usize, Vec<String>>,
    losses: Vec<Loss>,
}

impl<'a> Script<'a> {
    pub(super) fn new(
        connection: &'a mut SqliteConnection,
        step: &'a Step,
        statements: &'a [Statement],
    ) -> Self {
        Self {
            connection,
            step,
            statements,
            replacements: sql::replacements(statements),
            bases: step.rebuilds.clone(),
            instead: BTreeMap::new(),
            behind: BTreeMap::new(),
            losses: Vec::new(),
        }
    }

    /// Runs everything; the caller takes its transaction back where that stops.
    pub(super) async fn run(mut self, done: Done<'_>) -> Result<(), Stopped> {
        let before = Objects::read(self.connection).await?;
        for removal in &self.step.removals {
            self.statement(removal).await?;
        }
        let statements = self.statements;
        for (number, statement) in statements.iter().enumerate() {
            let replaced = self.replacements.iter().find(|r| r.create == number);
            if let Some(replacement) = replaced.cloned() {
                self.prepare(&replacement).await?;
            }
            let known = !self.step.rebuilds.is_empty();
            let text = match self.instead.remove(&number) {
                Some(instead) => instead,
                None if known && statement.effect == Effect::TableGate => None,
                None => Some(statement.text.clone()),
            };
            if let Some(text) = text {
                self.statement(&text).await?;
            }
            for text in self.behind.remove(&number).unwrap_or_default() {
                run(self.connection, &text).await?;
            }
            done(number + 1);
        }
        let after = Objects::read(self.connection).await?;
        self.compare(&before, &after).await?;
        match self.refused() {
            losses if losses.is_empty() => Ok(()),
            losses => Err(Stopped::Losses(losses)),
        }
    }

    fn refused(&self) -> Vec<Loss> {
        let accepted = &self.step.accepted_losses;
        let mut refused: Vec<Loss> = Vec::new();
        for loss in self
            .losses
            .iter()
            .filter(|loss| !loss.is_accepted(accepted))
        {
            if !refused
                .iter()
                .any(|other| other.name.eq_ignore_ascii_case(&loss.name))
            {
                refused.push(loss.clone());
            }
        }
        refused
    }

    /// Runs one statement; an object that SQLite names as standing in its way is a loss.
    async fn statement(&mut self, text: &str) -> Result<(), Stopped> {
        loop {
            let Err(error) = run(self.connection, text).await else {
                return Ok(());
            };
            let message = words(&error);
            if message.contains("unknown datatype for")
                && let Some(strict) = sql::strict_add_column(text)
                && strict != text
            {
                return Ok(run(self.connection, &strict).await?);
            }
            let objects = Objects::read(self.connection).await.unwrap_or_default();
            let Some(object) = objects.all.iter().find(|object| {
                let named = format!("error in {} {}", object.kind, object.name);
                message.starts_with(&format!("{named}:"))
                    || message.starts_with(&format!("{named} "))
            }) else {
                return Err(match self.refused() {
                    losses if losses.is_empty() => error.into(),
                    losses => Stopped::Losses(losses),
                });
            };
            let loss = Loss::new(
                &object.name,
                format!(
                    "the {} `{}` stands in the way of `{}`: {message}",
                    object.kind,
                    object.name,
                    text.split_whitespace().collect::<Vec<_>>().join(" ")
                ),
                way_out(object),
            );
            // Out of the way, so that whatever else is lost is told with it; the caller takes all back.
            let kind = object.kind.to_uppercase();
            run(
                self.connection,
                &format!("DROP {kind} {}", quote(&object.name)),
            )
            .await?;
            self.losses.push(loss);
        }
    }

    /// Fits a rebuild to the table as it is now, after what the statements so far renamed.
    async fn prepare(&mut self, replacement: &Replacement) -> Result<(), Stopped> {
        let Some(live) = self.live(&replacement.table).await? else {
            return Ok(());
        };
        let made_later: Vec<(String, String)> = self.statements[replacement.rename..]
            .iter()
            .filter_map(|statement| match &statement.effect {
                Effect::Create { name, meaning } => Some((name.clone(), meaning.clone())),
                _ => None,
            })
            .collect();
        let create = &self.statements[replacement.create].text;
        let written = WrittenRebuild {
            create,
            copy: replacement.copy.map(|at| self.statements[at].text.as_str()),
            aside: &replacement.aside,
            made_later: &made_later,
        };
        let statistics = self.statistics(&live.name).await?;
        let rebuild = match sql::take_base(&mut self.bases, &replacement.table, create) {
            Some(base) => sql::carry(&live, &base, written).map_err(Stopped::Unfit)?,
            // Written by hand: it says itself what the table shall be.
            None => {
                let mut restore = sql::restored(&live, &made_later);
                restore.extend(statistics);
                self.behind.insert(replacement.rename, restore);
                return Ok(());
            }
        };
        self.carry(replacement, rebuild);
        let restore = self.behind.entry(replacement.rename).or_default();
        restore.extend(statistics);
        Ok(())
    }

    /// Statements that bring back what `ANALYZE` found out of a table, which goes with it.
    async fn statistics(&mut self, table: &str) -> Result<Vec<String>, sqlx::Error> {
        let known: i64 =
            sqlx::query_scalar("SELECT count(*) FROM sqlite_master WHERE name = 'sqlite_stat1'")
                .fetch_one(&mut *self.connection)
                .await?;
        if known == 0 {
            return Ok(Vec::new());
        }
        // The indexes of unique columns may have other names afterwards.
        sqlx::query_scalar(
            "SELECT 'INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (' || quote(tbl) || ', ' || quote(idx) || ', ' || quote(stat) || ')' \
             FROM sqlite_stat1 WHERE tbl = ? COLLATE NOCASE AND coalesce(idx, '') NOT LIKE 'sqlite_autoindex_%'",
        )
        .bind(table)
        .fetch_all(&mut *self.connection)
        .await
    }

    fn carry(&mut self, replacement: &Replacement, rebuild: Rebuild) {
        self.instead
            .insert(replacement.create, Some(rebuild.create));
        let mut copy: Vec<String> = Vec::new();
        match (replacement.copy, rebuild.copy) {
            (Some(at), text) => {
                self.instead.insert(at, text);
            }
            (None, Some(text)) => copy.push(text),
            (None, None) => {}
        }
        if rebuild.counts_on {
            copy.extend(sql::count_on(&replacement.table, &replacement.aside));
        }
        let last = replacement.copy.unwrap_or(replacement.create);
        self.behind.insert(last, copy);
        self.behind.insert(replacement.rename, rebuild.restore);
        for (at, statement) in self.statements.iter().enumerate() {
            let inside = at > replacement.create && at < replacement.rename;
            let kept = match &statement.effect {
                Effect::Create { name, .. } => {
                    at > replacement.rename && rebuild.kept_indexes.contains(name)
                }
                Effect::Sequence => inside,
                _ => false,
            };
            if kept {
                self.instead.insert(at, None);
            }
        }
        self.losses.extend(rebuild.losses);
    }

    async fn live(&mut self, table: &str) -> Result<Option<LiveTable>, sqlx::Error> {
        let rows: Vec<(String, String, String)> = sqlx::query_as(
            "SELECT type, name, sql FROM sqlite_master \
             WHERE tbl_name = ? COLLATE NOCASE AND type IN ('table', 'index', 'trigger') AND sql IS NOT NULL \
             ORDER BY type, name",
        )
        .bind(table)
        .fetch_all(&mut *self.connection)
        .await?;
        let mut live = LiveTable::default();
        for (kind, name, sql) in rows {
            match kind.as_str() {
                "table" => (live.name, live.sql) = (name, sql),
                "index" => live.indexes.push((name, sql)),
                _ => live.triggers.push((name, sql)),
            }
        }
        Ok((!live.sql.is_empty()).then_some(live))
    }

    /// Finds the objects that are gone or no longer work, though nothing says that they shall.
    async fn compare(&mut self, before: &Objects, after: &Objects) -> Result<(), sqlx::Error> {
        for object in before.all.iter().filter(|object| !after.has(&object.name)) {
            let lost = self.losses.iter().any(|loss| loss.name == object.name);
            if lost || self.says_drop(object) || !self.table_is_there(object).await? {
                continue;
            }
            self.losses.push(Loss::new(
                &object.name,
                format!(
                    "the {} `{}` of `{}` would be gone: {}",
                    object.kind, object.name, object.table, object.sql
                ),
                way_out(object),
            ));
        }
        for (name, error) in &after.broken {
            let Some(object) = after.all.iter().find(|object| object.name == *name) else {
                continue;
            };
            if before.broken.contains_key(name) || !before.has(name) {
                continue;
            }
            let loss = Loss::new(
                name,
                format!("the {} `{name}` would no longer work: {error}", object.kind),
                way_out(object),
            );
            if loss.is_accepted(&self.step.accepted_losses) && object.kind != VIRTUAL {
                // A broken trigger would fail every later change of its table.
                let kind = object.kind.to_uppercase();
                run(self.connection, &format!("DROP {kind} {}", quote(name))).await?;
            }
            self.losses.push(loss);
        }
        Ok(())
    }

    fn says_drop(&self, object: &Object) -> bool {
        let same = |name: &String| name.eq_ignore_ascii_case(&object.name);
        let drops =
            |statement: &Statement| matches!(&statement.effect, Effect::Drop(name) if same(name));
        self.statements.iter().any(drops) || self.step.dropped_indexes.iter().any(same)
    }

    /// Whether the table of an object is still there, under its own or a new name.
    async fn table_is_there(&mut self, object: &Object) -> Result<bool, sqlx::Error> {
        if object.kind == "view" {
            return Ok(true);
        }
        let mut names = vec![object.table.clone()];
        for statement in self.statements {
            if let Effect::RenameTable { from, to } = &statement.effect
                && names.iter().any(|name| name.eq_ignore_ascii_case(from))
            {
                names.push(to.clone());
            }
        }
        for name in names {
            let there: i64 = sqlx::query_scalar(
                "SELECT count(*) FROM sqlite_master \
                 WHERE name = ? COLLATE NOCASE AND type IN ('table', 'view')",
            )
            .bind(name)
            .fetch_one(&mut *self.connection)
            .await?;
            if there > 0 {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

fn way_out(object: &Object) -> String {
    if object.kind == VIRTUAL {
        return format!(
            "drop it, migrate, and make it again by the new names: DROP TABLE {}; its text was: {}. A search index is filled \
             by INSERT INTO {0} ({0}) VALUES ('rebuild')",
            quote(&object.name),
            object.sql.split_whitespace().collect::<Vec<_>>().join(" ")
        );
    }
    format!(
        "drop it, migrate, and make it again: DROP {} {}; its text was: {}",
        object.kind.to_uppercase(),
        quote(&object.name),
        object.sql.split_whitespace().collect::<Vec<_>>().join(" ")
    )
}
