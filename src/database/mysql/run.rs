//! Running a migration statement by statement: MySQL cannot take statements back, so that what is cut short or fails
//! goes on from there the next time.

use std::time::{Duration, Instant};

use crate::error::{Error, Result};
use crate::migrations::Step;
use crate::sql::statements::split;
use crate::sql::tokens::tokenize;
use crate::sql::{Dialect, is_accepted_gate};

use super::Mysql;
use super::effect::{Boundary, Effect};
use super::progress::Definitions;
use crate::database::driver::{Done, Driver};
use crate::database::errors::explain;

/// The temporary table that guards in generated files use, which holds nothing that anybody needs later.
const GATE: &str = "luthier_gate";

/// A statement and what it does.
struct Statement<'a> {
    text: &'a str,
    effect: Effect,
}

/// Why a statement stopped a run.
struct Failure {
    error: sqlx::Error,
    /// Whether the statement has surely done nothing, not even in a run before that was cut short.
    certain: bool,
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        Self {
            error,
            certain: true,
        }
    }
}

/// Where a run begins.
struct Start {
    /// The number of the first statement to run, from 0.
    at: usize,
    /// What the objects of that statement were like when it was started, in a run that was cut short then.
    cut_short: Option<Definitions>,
}

impl Mysql {
    /// Runs one statement after the other and writes down how far it got. For sqlx the migration has failed until it
    /// is done.
    pub(super) async fn run_statements(&mut self, step: &Step, done: Done<'_>) -> Result<Duration> {
        let start = Instant::now();
        let texts = split(Dialect::Mysql, &step.sql);
        let statements: Vec<Statement> = texts
            .iter()
            .map(|text| Statement {
                text,
                effect: Effect::of_statement(text),
            })
            .collect();
        let begin = self.begin(step, &statements).await?;
        if step.resume.is_none() {
            for removal in &step.removals {
                self.execute(removal).await?;
            }
            // Views are written down before anything says that the migration has begun.
            self.start_progress(step, &texts).await?;
            self.mark_started(step).await?;
        } else {
            self.start_progress(step, &texts).await?;
        }
        self.restore_session(&statements[..begin.at]).await?;
        let mut at = begin.at;
        let mut cut_short = begin.cut_short;
        while at < statements.len() {
            done(at);
            let end = end_of_unit(&statements, at);
            let unit = &statements[at..end];
            let before = cut_short.take();
            if is_accepted_gate(unit[0].text, &step.accepted_losses) {
                // The guard is three statements: its table, what it looks for, and the table's end.
                at = (at + 3).min(statements.len());
                self.note_progress(step, at).await?;
                continue;
            }
            if let Err(failure) = self.unit(step, at, unit, before).await {
                return Err(self.stopped(step, at, &statements, failure).await?);
            }
            at = end;
        }
        self.make_views_again(step).await?;
        let elapsed = start.elapsed();
        self.mark_done(step, elapsed).await?;
        Ok(elapsed)
    }

    /// Finds out where to begin.
    async fn begin(&mut self, step: &Step, statements: &[Statement<'_>]) -> Result<Start> {
        let Some(resume) = step.resume else {
            return Ok(Start {
                at: 0,
                cut_short: None,
            });
        };
        let progress = self.progress(step.version).await?;
        let mut at = resume.min(statements.len());
        let before = progress
            .filter(|progress| !progress.failed)
            .map(|progress| progress.before);
        if let Some(made) = open_temporary(&statements[..at]) {
            let (number, name) = made;
            if name != GATE {
                return Err(Error::failed(format_args!(
                    "{} cannot go on with statement {}: the temporary table `{name}` of statement {} went away with the \
                     connection that made it",
                    step.name,
                    at + 1,
                    number + 1
                ))
                .hint("bring the schema to the migration's end by hand, and record it with `luthier migrate --fake`"));
            }
            // Nothing but the guard itself ran since.
            at = number;
            return Ok(Start {
                at,
                cut_short: None,
            });
        }
        Ok(Start {
            at,
            cut_short: before,
        })
    }

    /// Repeats what earlier statements said to the connection that ran them.
    async fn restore_session(&mut self, ran: &[Statement<'_>]) -> Result<()> {
        for statement in ran {
            let is_setting = ["SET", "USE", "PREPARE"].iter().any(|word| {
                let start = statement.text.get(..word.len());
                start.is_some_and(|start| start.eq_ignore_ascii_case(word))
            });
            if statement.effect == Effect::Session && is_setting {
                self.execute(statement.text).await?;
            }
        }
        Ok(())
    }

    /// Runs one statement, or a transaction of the author's own, and writes down that it is done.
    async fn unit(
        &mut self,
        step: &Step,
        at: usize,
        unit: &[Statement<'_>],
        cut_short: Option<Definitions>,
    ) -> Result<(), Failure> {
        let end = at + unit.len();
        let [statement] = unit else {
            return Ok(self.in_transaction(step, unit, end).await?);
        };
        match &statement.effect {
            Effect::Rows | Effect::Transaction(_) => self.in_transaction(step, unit, end).await?,
            Effect::Session | Effect::Temporary { .. } | Effect::Repeatable => {
                self.execute(statement.text).await?;
                self.note_progress(step, end).await?;
            }
            effect @ (Effect::Tables(_) | Effect::Object(_)) => {
                let now = self.definitions(effect).await.map_err(protocol)?;
                let cut_short = cut_short.filter(|before| !before.is_empty());
                let mut certain = true;
                if let Some(before) = cut_short {
                    let has_run = self.has_run(statement.text, effect, &before).await;
                    if has_run.map_err(protocol)? {
                        return Ok(self.note_progress(step, end).await?);
                    }
                    // Somebody has changed something since: whether it ran shows once that is put right.
                    certain = before == now;
                }
                if certain {
                    self.note_start(step, at, &now).await.map_err(protocol)?;
                }
                if let Err(error) = self.change(statement.text, effect).await {
                    return Err(Failure { error, certain });
                }
                self.note_progress(step, end).await?;
            }
        }
        Ok(())
    }

    /// Runs a statement that changes tables. MariaDB does not follow a rename into expressions of a table that it keeps
    /// open under an alias (`FROM t x`), and says that the column is unknown; it follows once the table is opened again.
    async fn change(&mut self, statement: &str, effect: &Effect) -> Result<(), sqlx::Error> {
        let mut result = self.execute(statement).await;
        for _ in 0..5 {
            let (Err(error), Effect::Tables(tables)) = (&result, effect) else {
                break;
            };
            if !is_unknown_in_expression(error) {
                break;
            }
            for table in tables {
                // Nothing changes, and the server closes the table. A table that is not there yet is told by the statement.
                let table = Dialect::Mysql.table(table);
                let _ = self
                    .execute(&format!("ALTER TABLE {table} ENABLE KEYS"))
                    .await;
            }
            result = self.execute(statement).await;
        }
        result
    }

    /// Nothing tells whether a statement that changes rows has run before, so that the note of it is in the same
    /// transaction.
    async fn in_transaction(
        &mut self,
        step: &Step,
        unit: &[Statement<'_>],
        end: usize,
    ) -> Result<(), sqlx::Error> {
        self.execute("START TRANSACTION").await?;
        let mut result = Ok(());
        for statement in unit {
            if !matches!(statement.effect, Effect::Transaction(_)) {
                result = match self.keeping_moments(step, statement.text).await {
                    Ok(text) => self.execute(&text).await,
                    Err(error) => Err(error),
                };
            } else if statement.text.to_ascii_uppercase().starts_with("ROLLBACK") {
                result = self.execute("ROLLBACK").await;
            }
            if result.is_err() {
                break;
            }
        }
        if result.is_ok() {
            result = self.note_progress(step, end).await;
        }
        let last = if result.is_ok() { "COMMIT" } else { "ROLLBACK" };
        let ended = self.execute(last).await;
        result.and(ended)
    }

    /// An `UPDATE` of this tool's own, so that columns that follow every change of their row (`ON UPDATE`) stay as they
    /// are: nobody changed the row.
    async fn keeping_moments(
        &mut self,
        step: &Step,
        statement: &str,
    ) -> Result<String, sqlx::Error> {
        let Some((start, table)) = (step.generated).then(|| updated_table(statement)).flatten()
        else {
            return Ok(statement.to_owned());
        };
        let columns = self
            .texts(&format!(
                "SELECT CAST(column_name AS CHAR) FROM information_schema.columns WHERE table_schema = DATABASE() \
                 AND table_name = {} AND extra LIKE '%on update%'",
                Dialect::Mysql.literal(&table)
            ))
            .await?;
        let names = columns.iter().map(|name| Dialect::Mysql.quote(name));
        let kept: String = names
            .filter(|name| !statement[start..].starts_with(&format!("{name} =")))
            .map(|name| format!("{name} = {name}, "))
            .collect();
        Ok(format!(
            "{}{kept}{}",
            &statement[..start],
            &statement[start..]
        ))
    }

    /// The error of a statement, after it is written down that it failed: only then is it certain that it did nothing.
    async fn stopped(
        &mut self,
        step: &Step,
        at: usize,
        statements: &[Statement<'_>],
        failure: Failure,
    ) -> Result<Error> {
        let Failure { error, certain } = failure;
        let answered = certain && matches!(error, sqlx::Error::Database(_));
        if at == 0 && answered {
            self.mark_untouched(step).await?;
            self.end_progress(step.version).await?;
            return Ok(explain(step, error, "nothing of it was kept"));
        }
        if answered {
            self.note_failure(step).await?;
        }
        let kept = format!(
            "the {at} statements before it are kept, MySQL cannot take them back. `luthier migrate` goes on with statement \
             {} of {}: {}",
            at + 1,
            statements.len(),
            statements[at].text.lines().next().unwrap_or_default()
        );
        Ok(explain(step, error, &kept).hint(format!(
            "take away what stands in its way, or correct the statement in migrations/mysql/{}.{}.sql: what has not run \
             yet may be changed",
            step.name,
            step.direction.file()
        )))
    }
}

/// The end of what runs as one from `at`: a statement, or all from `START TRANSACTION` to `COMMIT`.
fn end_of_unit(statements: &[Statement<'_>], at: usize) -> usize {
    if statements[at].effect != Effect::Transaction(Boundary::Begin) {
        return at + 1;
    }
    let rest = &statements[at..];
    let end = rest
        .iter()
        .position(|s| s.effect == Effect::Transaction(Boundary::End));
    // What changes the schema ends every transaction by itself.
    let breaks = |s: &Statement| {
        !matches!(
            s.effect,
            Effect::Rows | Effect::Session | Effect::Transaction(_)
        )
    };
    match end {
        Some(end) if !rest[..end].iter().any(breaks) => at + end + 1,
        _ => at + 1,
    }
}

/// Of `UPDATE table SET …`, where the first assignment begins, and the table.
fn updated_table(statement: &str) -> Option<(usize, String)> {
    let script = tokenize(Dialect::Mysql, statement);
    let [update, table, set, first, ..] = script.statements.first()?.tokens.as_slice() else {
        return None;
    };
    let is_update = update.is("UPDATE") && set.is("SET");
    is_update.then(|| Some((first.span.start, table.name()?.to_owned())))?
}

/// The temporary table that the statements leave open: the number of the statement that made it, and its name.
fn open_temporary(ran: &[Statement<'_>]) -> Option<(usize, String)> {
    let mut open: Vec<(usize, String)> = Vec::new();
    for (number, statement) in ran.iter().enumerate() {
        if let Effect::Temporary { name: table, drops } = &statement.effect {
            open.retain(|(_, name)| name != table);
            if !drops {
                open.push((number, table.clone()));
            }
        }
    }
    open.into_iter().next()
}

/// Whether a name is unknown in an expression that belongs to a table: a computed column, a check, a default.
fn is_unknown_in_expression(error: &sqlx::Error) -> bool {
    let places = ["in 'GENERATED ALWAYS AS'", "in 'CHECK'", "in 'DEFAULT'"];
    error
        .as_database_error()
        .is_some_and(|error| places.iter().any(|place| error.message().ends_with(place)))
}

/// An error beside the statement itself.
fn protocol(error: Error) -> sqlx::Error {
    sqlx::Error::Protocol(format!("{:#}", error.source))
}
