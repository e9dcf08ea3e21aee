//! The fields of `startmodel`, as typed: `name:type[(args)][?][:unique][:index][=default]`. Pure.

use std::fmt;
use std::ops::Range;

use crate::error::Error;

mod arguments;
mod default;
mod kind;
mod name;
mod parse;

pub(crate) use default::Default;
pub(crate) use kind::{Kind, OnDelete, TYPES, Target};
pub(crate) use name::LIST_PARAMETERS;
pub(crate) use parse::parse;

/// One field of a model.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Field {
    /// In snake case; a Rust keyword (`type`) is fine, code then says `r#type`.
    pub(crate) name: String,
    pub(crate) kind: Kind,
    /// It may be `NULL`.
    pub(crate) nullable: bool,
    /// No two rows may have the same value.
    pub(crate) unique: bool,
    /// It has an index of its own, beside that of `unique`.
    pub(crate) index: bool,
    pub(crate) default: Option<Default>,
}

impl Field {
    /// The name of its column: a reference is kept as the id of what it refers to. A `many` has none.
    pub(crate) fn column(&self) -> Option<String> {
        match &self.kind {
            Kind::Many { .. } => None,
            Kind::Ref { .. } | Kind::One { .. } => Some(format!("{}_id", self.name)),
            _ => Some(self.name.clone()),
        }
    }

    /// Whether it is kept in a table of its own.
    pub(crate) fn is_many(&self) -> bool {
        matches!(self.kind, Kind::Many { .. })
    }
}

/// All fields of one model, in the order given; names that clash are refused.
pub(crate) fn parse_all(texts: &[String]) -> Result<Vec<Field>, FieldError> {
    let mut fields = Vec::new();
    for text in texts {
        let field = parse(text)?;
        name::check_beside(text, &field, &fields)?;
        fields.push(field);
    }
    Ok(fields)
}

/// What is wrong with a field, and where in its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FieldError {
    pub(crate) text: String,
    pub(crate) at: Range<usize>,
    pub(crate) message: String,
    pub(crate) hint: Option<String>,
}

impl FieldError {
    pub(crate) fn new(text: &str, at: Range<usize>, message: impl Into<String>) -> Self {
        Self {
            text: text.to_owned(),
            at,
            message: message.into(),
            hint: None,
        }
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width =
            |range: Range<usize>| self.text.get(range).map_or(0, |text| text.chars().count());
        let before = width(0..self.at.start);
        let marked = width(self.at.clone()).max(1);
        writeln!(f, "{}", self.message)?;
        writeln!(f, "    {}", self.text)?;
        write!(f, "    {:before$}{:^<marked$}", "", "")
    }
}

impl From<FieldError> for Error {
    fn from(error: FieldError) -> Self {
        let hint = error.hint.clone();
        let error = Self::bad_input(error);
        match hint {
            Some(hint) => error.hint(hint),
            None => error,
        }
    }
}

/// The one of `names` that `typed` was probably meant to be.
pub(crate) fn nearest<'a>(
    typed: &str,
    names: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let typed = typed.to_ascii_lowercase();
    let scored = names.into_iter().map(|name| {
        let distance = strsim::damerau_levenshtein(&typed, &name.to_ascii_lowercase());
        (distance, name)
    });
    let (distance, name) = scored.min_by_key(|(distance, _)| *distance)?;
    (distance <= (typed.len().max(name.len()) / 3).max(1)).then_some(name)
}

/// How many names a hint lists at most.
const LISTED: usize = 8;

/// A hint that lists all of `names`, which are called `what`, or the five of many that are nearest to `typed`.
pub(crate) fn listed(what: &str, typed: &str, names: &[impl AsRef<str>]) -> String {
    let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
    if names.len() <= LISTED {
        return format!("the {what} are {}", names.join(", "));
    }
    let typed = typed.to_ascii_lowercase();
    let distance = |name: &&str| strsim::damerau_levenshtein(&typed, &name.to_ascii_lowercase());
    let mut near = names.clone();
    near.sort_by_key(distance);
    near.truncate(5);
    format!(
        "the nearest of {} {what} are {}",
        names.len(),
        near.join(", ")
    )
}

#[cfg(test)]
mod tests;
