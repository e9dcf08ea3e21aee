//! Whether a statement ran before its run was cut short: only what the catalogue proves counts.
//!
//! The server itself says what the statement makes: it is run on a temporary table like the one before, which hides
//! the real table from this connection meanwhile.

use sqlx::Row;

use crate::error::Result;
use crate::sql::Dialect;
use crate::sql::statements::tokens;

use super::Mysql;
use super::effect::{Effect, Object};
use super::progress::Definitions;

mod probe;

use probe::{Probe, body, has_reference, is_drop, renames, same_but_references};

impl Mysql {
    /// What the objects that a statement changes are like now.
    pub(super) async fn definitions(&mut self, effect: &Effect) -> Result<Definitions> {
        let mut found = Definitions::new();
        match effect {
            Effect::Tables(tables) => {
                for table in tables {
                    let definition = self.definition("TABLE", table).await?;
                    found.insert(table.clone(), definition);
                }
            }
            Effect::Object(Object { kind, name, .. }) => {
                let definition = self.definition(kind, name).await?;
                found.insert(name.clone(), definition);
            }
            _ => {}
        }
        Ok(found)
    }

    /// `SHOW CREATE` of an object; `None` where there is none.
    async fn definition(&mut self, kind: &str, name: &str) -> Result<Option<String>> {
        let sql = format!("SHOW CREATE {kind} {}", quoted(name));
        let column = match kind {
            "TABLE" | "VIEW" => 1,
            "EVENT" => 3,
            _ => 2,
        };
        let row = match self.row(&sql).await {
            Ok(row) => row,
            Err(sqlx::Error::Database(_)) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let text: Option<String> = row.and_then(|row| row.try_get(column).ok());
        Ok(text.map(|text| without_counter(&text)))
    }

    /// Whether `statement` made of `before` what is there now.
    pub(super) async fn has_run(
        &mut self,
        statement: &str,
        effect: &Effect,
        before: &Definitions,
    ) -> Result<bool> {
        let now = self.definitions(effect).await?;
        if now == *before {
            return Ok(false);
        }
        match effect {
            Effect::Object(object) => {
                let (was, is) = (before.get(&object.name), now.get(&object.name));
                Ok(self.object_has_run(
                    statement,
                    object,
                    was.cloned().flatten(),
                    is.cloned().flatten(),
                ))
            }
            Effect::Tables(tables) => match renames(statement).as_slice() {
                [] if is_drop(statement) => {
                    Ok(tables.iter().all(|table| now.get(table) == Some(&None)))
                }
                [] => self.table_has_run(statement, tables, before, &now).await,
                pairs => Ok(pairs.iter().all(|(from, to)| {
                    let was = before.get(from).cloned().flatten();
                    let is = now.get(to).cloned().flatten();
                    was.is_some()
                        && now.get(from) == Some(&None)
                        && body(was.as_deref()) == body(is.as_deref())
                })),
            },
            _ => Ok(false),
        }
    }

    fn object_has_run(
        &self,
        statement: &str,
        object: &Object,
        was: Option<String>,
        is: Option<String>,
    ) -> bool {
        if object.drops {
            return was.is_some() && is.is_none();
        }
        // The server keeps the text of what is a program, behind a name that it may spell otherwise.
        let tail = |text: &str| {
            let words = tokens(Dialect::Mysql, text);
            let at = words
                .iter()
                .position(|word| word.is(object.kind))
                .unwrap_or(0);
            let rest = words.get(at + 2..).unwrap_or_default();
            rest.iter()
                .map(|word| format!("{word:?}").to_lowercase())
                .collect::<Vec<_>>()
        };
        was.is_none() && is.is_some_and(|is| tail(&is) == tail(statement))
    }

    /// Compares with what the statement makes of a temporary table.
    async fn table_has_run(
        &mut self,
        statement: &str,
        tables: &[String],
        before: &Definitions,
        now: &Definitions,
    ) -> Result<bool> {
        let [table] = tables else {
            return Ok(false);
        };
        let (Some(was), Some(Some(is))) = (before.get(table), now.get(table)) else {
            return Ok(false);
        };
        let probe = Probe::new(statement, table, was.as_deref());
        if !probe.references.iter().all(|key| has_reference(is, key)) {
            return Ok(false);
        }
        let made = self.try_out(&probe, table).await;
        let _ = self
            .execute(&format!("DROP TEMPORARY TABLE IF EXISTS {}", quoted(table)))
            .await;
        let Ok(made) = made else {
            // The server allows no temporary tables, or the statement does not fit what was there.
            return Ok(false);
        };
        Ok(same_but_references(&made, is, &probe.dropped))
    }

    async fn try_out(&mut self, probe: &Probe, table: &str) -> Result<String> {
        for sql in &probe.statements {
            self.execute(sql).await?;
        }
        let made = self.definition("TABLE", table).await?;
        made.ok_or_else(|| crate::error::Error::failed("there is no temporary table"))
    }
}

/// The next number is no part of a definition.
fn without_counter(create: &str) -> String {
    match create.split_once(" AUTO_INCREMENT=") {
        Some((head, rest)) => {
            let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit());
            format!("{head}{rest}")
        }
        None => create.to_owned(),
    }
}

/// A name in quotes, with its schema where it has one.
fn quoted(name: &str) -> String {
    let parts: Vec<String> = name
        .split('.')
        .map(|part| format!("`{}`", part.replace('`', "``")))
        .collect();
    parts.join(".")
}
