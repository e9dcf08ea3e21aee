//! What is wrong with a field as typed.

use std::fmt;
use std::ops::Range;

use crate::error::Error;

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
