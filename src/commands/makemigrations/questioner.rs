//! Who answers the questions of [`autodetect`](crate::migrations::autodetect): the flags, or the flags and a person.

use std::collections::BTreeMap;
use std::fmt::Display;

use crate::ask;
use crate::error::{Error, Result};
use crate::migrations::{Fills, Of, Origin, Question, Questioner};

/// Questions on a terminal.
pub(super) trait Prompt {
    /// The index of the item that is chosen.
    fn choose(&mut self, prompt: &str, items: &[String]) -> Result<usize>;
    fn text(&mut self, prompt: &str) -> Result<String>;
    fn confirm(&mut self, prompt: &str) -> Result<bool>;
}

/// The terminal that the command was started on.
pub(super) struct TerminalPrompt;

impl Prompt for TerminalPrompt {
    fn choose(&mut self, prompt: &str, items: &[String]) -> Result<usize> {
        ask::choose(prompt, items)
    }

    fn text(&mut self, prompt: &str) -> Result<String> {
        ask::text(prompt)
    }

    fn confirm(&mut self, prompt: &str) -> Result<bool> {
        ask::confirm(prompt)
    }
}

/// Answers from the command line alone: an open question is an error that names the flag.
pub(super) struct Flags<'a> {
    /// Allow tables and columns to be dropped with all that they hold.
    pub(super) allow_drop: bool,
    /// Where fields are written, by table and column: `books.isbn` → `apps/books/src/models/book.rs:14`.
    pub(super) locations: &'a BTreeMap<String, String>,
}

impl Questioner for Flags<'_> {
    fn origin(&mut self, _: &Question, open: &[Question]) -> Result<Origin> {
        match self.allow_drop {
            true => Ok(Origin::New),
            false => Err(needs_renames(open)),
        }
    }

    fn values(&mut self, columns: &[(String, String)]) -> Result<Fills> {
        let names = columns.iter().map(|(table, column)| {
            let name = format!("{table}.{column}");
            match self.locations.get(&name) {
                Some(place) => format!("`{name}` ({place})"),
                None => format!("`{name}`"),
            }
        });
        let names: Vec<String> = names.collect();
        let first = columns
            .first()
            .map(|(table, column)| format!("{table}.{column}"));
        let first = first.unwrap_or_default();
        Err(Error::needs_answer(format_args!(
            "rows that exist need a value for {}",
            names.join(", ")
        ))
        .hint(format!(
            "--default {first}=SQL gives them one, for example --default \"{first}='x'\""
        ))
        .hint("or give the field a `default_value`, or make it an `Option`"))
    }

    fn confirm_drops(&mut self, losses: &[String]) -> Result<()> {
        if self.allow_drop {
            return Ok(());
        }
        Err(Error::needs_answer(format_args!(
            "this would drop, with all that they hold: {}",
            losses.join(", ")
        ))
        .hint("--allow-drop if that is meant"))
    }
}

/// The flags, and a person who is asked what they leave open.
pub(super) struct Person<P> {
    pub(super) prompt: P,
    /// Allow tables and columns to be dropped with all that they hold.
    pub(super) allow_drop: bool,
}

impl<P: Prompt> Questioner for Person<P> {
    fn origin(&mut self, question: &Question, _: &[Question]) -> Result<Origin> {
        let (what, name) = match &question.of {
            Of::Columns(table) => ("column", format!("{table}.{}", question.new)),
            Of::Values(name) => ("value", format!("{name}.{}", question.new)),
            Of::Tables => ("table", question.new.clone()),
        };
        let renamed = question.candidates.iter();
        let mut items: Vec<String> = renamed.map(|old| format!("`{old}`, renamed")).collect();
        items.push(format!("a new {what}"));
        let prompt = format!("Where does the {what} `{name}` come from?");
        let chosen = self.prompt.choose(&prompt, &items)?;
        let old = question.candidates.get(chosen).cloned();
        Ok(old.map_or(Origin::New, Origin::RenamedFrom))
    }

    fn values(&mut self, columns: &[(String, String)]) -> Result<Fills> {
        let mut fills = Fills::new();
        for (table, column) in columns {
            let sql = self.prompt.text(&format!(
                "`{table}.{column}` is required. SQL for the rows that exist (0, 'text', CURRENT_TIMESTAMP, …)"
            ))?;
            fills.insert((table.clone(), column.clone()), sql);
        }
        Ok(fills)
    }

    fn confirm_drops(&mut self, losses: &[String]) -> Result<()> {
        let losses = losses.join(", ");
        let question = format!("Drop {losses}, with all that they hold?");
        if self.allow_drop || self.prompt.confirm(&question)? {
            return Ok(());
        }
        Err(Error::failed(
            "nothing was dropped, and nothing was written",
        ))
    }
}

fn needs_renames(open: &[Question]) -> Error {
    let sentences = open.iter().map(|question| {
        let new = &question.new;
        let new = match &question.of {
            Of::Columns(table) => format!("`{table}.{new}`"),
            Of::Values(name) => format!("the value `{new}` of the enum `{name}`"),
            Of::Tables => format!("the table `{new}`"),
        };
        let gone = listed(&question.candidates);
        format!("{new} appeared while {gone} went away")
    });
    let sentences: Vec<String> = sentences.collect();
    let mut error = Error::needs_answer(format_args!(
        "renamed, or dropped and added? {}",
        sentences.join("; ")
    ));
    for question in open {
        let likeliest = question.candidates.first().map_or("", String::as_str);
        let new = &question.new;
        let flag = match &question.of {
            Of::Columns(table) => format!("--rename {table}.{likeliest}={table}.{new}"),
            Of::Values(name) => format!("--rename-value {}", quoted(name, likeliest, new)),
            Of::Tables => format!("--rename-table {likeliest}={new}"),
        };
        error = error.hint(format!("{flag} for a rename"));
    }
    error.hint("--allow-drop to drop what went away, with all that it holds")
}

/// `Mood.sad=gloomy`, in quotes where a shell would take it apart.
fn quoted(name: &str, old: &str, new: &str) -> String {
    let text = format!("{name}.{old}={new}");
    let plain = |c: char| c.is_alphanumeric() || "._-=".contains(c);
    if text.chars().all(plain) {
        return text;
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}

fn listed(names: &[impl Display]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}

#[cfg(test)]
mod tests;
