//! Names that a step gives and that something made by hand has: told before the first statement, with what is there.

use crate::error::{Error, Result};
use crate::migrations::{Direction, Step};
use crate::operation::{Made, MadeKind};
use crate::schema::{Schema, Table};
use crate::sql::{Dialect, Grade};

use super::Database;
use super::introspect::schemas_of;

/// How many differences to tell of one thing.
const DIFFERENCES: usize = 3;

/// What is there in the place of something that a step makes.
struct Obstacle<'a> {
    made: &'a Made,
    /// Where it is not what the step makes; empty where it is; `None` where nothing is to be compared.
    differences: Option<Vec<String>>,
}

impl Database {
    /// Refuses a step that makes what is there already.
    ///
    /// # Errors
    /// What is there, whether it is as the step makes it, and the ways out.
    pub(crate) async fn check_names(&mut self, step: &Step) -> Result<()> {
        // A file that was edited by hand, or has begun to run, speaks for itself.
        if !step.generated || step.resume.is_some() || step.made.is_empty() {
            return Ok(());
        }
        let dialect = self.dialect();
        let mut taken: Vec<&Made> = Vec::new();
        for query in dialect.taken(&step.made) {
            let numbers = self.texts(&query).await?;
            let numbers = numbers
                .iter()
                .filter_map(|number| number.parse::<usize>().ok());
            taken.extend(numbers.filter_map(|number| step.made.get(number)));
        }
        // On SQLite another process may have applied the step meanwhile.
        if taken.is_empty() || self.is_done(step).await? {
            return Ok(());
        }
        let tables = taken.iter().map(|made| &made.table);
        let live = self.introspect(&schemas_of(tables)).await?.schema;
        let obstacles: Vec<Obstacle<'_>> = taken
            .into_iter()
            .map(|made| Obstacle {
                made,
                differences: differences(dialect, made, &live),
            })
            .collect();
        Err(refusal(dialect, step, &obstacles))
    }

    async fn is_done(&mut self, step: &Step) -> Result<bool> {
        let rows = self.applied().await?;
        let is_applied = rows
            .iter()
            .any(|row| row.version == step.version && row.success);
        Ok(is_applied == (step.direction == Direction::Apply))
    }
}

/// Where what is there is not what is wanted.
fn differences(dialect: Dialect, made: &Made, live: &Schema) -> Option<Vec<String>> {
    let wanted = made.wanted.as_ref()?;
    let (name, table) = (&made.name, live.table(&made.table));
    let found = match made.what {
        MadeKind::Table => table?.clone(),
        MadeKind::Column => Table {
            name: made.table.clone(),
            columns: vec![table?.column(name)?.clone()],
            ..Table::default()
        },
        MadeKind::Index => {
            let (is, wanted) = (table?.index(name)?, wanted.table(&made.table)?.index(name)?);
            let same = is.columns == wanted.columns && is.unique == wanted.unique;
            return Some(if same {
                Vec::new()
            } else {
                vec![format!("it is on {}", listed(&is.columns))]
            });
        }
        MadeKind::ForeignKey => {
            let (is, wanted) = (
                table?.foreign_key(name)?,
                wanted.table(&made.table)?.foreign_key(name)?,
            );
            let same = is == wanted;
            let text = format!("it is from {} to `{}`", listed(&is.columns), is.table);
            return Some(if same { Vec::new() } else { vec![text] });
        }
        MadeKind::Enum => {
            let (is, wanted) = (live.enums.get(name)?, wanted.enums.get(name)?);
            let text = format!("its values are {}", listed(&is.values));
            return Some(if is.values == wanted.values {
                Vec::new()
            } else {
                vec![text]
            });
        }
    };
    let mut alone = live.clone();
    alone.tables = [(found.name.clone(), found)].into();
    alone
        .enums
        .retain(|name, _| wanted.enums.contains_key(name));
    let differences = dialect.compare(wanted, &alone).into_iter();
    let differences =
        differences.filter(|d| !matches!(d.grade, Grade::Name | Grade::Unsure | Grade::Comment));
    Some(differences.map(|difference| difference.message).collect())
}

fn listed(names: &[String]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}

fn refusal(dialect: Dialect, step: &Step, obstacles: &[Obstacle<'_>]) -> Error {
    let sentence = |obstacle: &Obstacle<'_>| {
        let place = obstacle.made.place();
        match &obstacle.differences {
            None => format!("{place} is there already, made by hand"),
            Some(differences) if differences.is_empty() => {
                format!("{place} is there already, made by hand, and is what the migration makes")
            }
            Some(differences) => {
                let some = &differences[..differences.len().min(DIFFERENCES)];
                let more = match differences.len() - some.len() {
                    0 => String::new(),
                    more => format!("; and {more} more"),
                };
                format!(
                    "{place} is there already, made by hand, and is not what the migration makes: {}{more}",
                    some.join("; ")
                )
            }
        }
    };
    let sentences: Vec<String> = obstacles.iter().map(sentence).collect();
    let error = Error::failed(format_args!(
        "{} was not started, since names that it gives are taken:\n  {}",
        step.name,
        sentences.join("\n  ")
    ));
    let is_same =
        |obstacle: &Obstacle<'_>| obstacle.differences.as_ref().is_some_and(Vec::is_empty);
    // Only PostgreSQL has types for enums.
    let needed = |made: &&Made| made.what != MadeKind::Enum || dialect == Dialect::Postgres;
    let nothing_is_left =
        step.makes_only && obstacles.len() == step.made.iter().filter(needed).count();
    if nothing_is_left && step.direction == Direction::Apply && obstacles.iter().all(is_same) {
        return error.hint(format!(
            "all of it is there, so record it as done: `luthier migrate {} --fake`",
            step.name
        ));
    }
    let aside: Vec<String> = obstacles
        .iter()
        .map(|obstacle| format!("`{};`", dialect.put_aside(obstacle.made)))
        .collect();
    error
        .hint(format!(
            "put it aside by hand, migrate, and bring over what is to stay: {}",
            aside.join(" ")
        ))
        .hint(format!(
            "or take the statements that make it out of migrations/{dialect}/{}.{}.sql, where it is to stay as it is",
            step.name,
            step.direction.file()
        ))
}
