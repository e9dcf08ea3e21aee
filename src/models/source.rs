//! What comes in, and how a message points into it.

use std::fmt;

use proc_macro2::Span;

use super::cfg::Features;

/// One source file of a crate.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    /// The crate as paths name it: `books`.
    pub(crate) crate_name: String,
    /// The folder of the crate's root file, as in `path`: `apps/books/src`.
    pub(crate) root: String,
    /// Where the file is, for messages: `apps/books/src/models/book.rs`, always with `/`.
    pub(crate) path: String,
    pub(crate) text: String,
    /// Those of its crate.
    pub(crate) features: Features,
}

/// A place in a source file.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    path: String,
    /// From 1.
    line: usize,
    /// From 1, in characters.
    column: usize,
    /// How many characters the caret underlines.
    width: usize,
    text: String,
}

/// Something in a source file that stops the reading, and what would settle it.
#[derive(Clone, Debug)]
pub(crate) struct Diagnostic {
    pub(crate) place: Place,
    pub(crate) message: String,
    pub(crate) help: String,
}

impl Place {
    pub(super) fn new(source: &Source, span: Span) -> Self {
        let (start, end) = (span.start(), span.end());
        let text = source
            .text
            .lines()
            .nth(start.line.saturating_sub(1))
            .unwrap_or_default();
        let width = if end.line == start.line {
            end.column.saturating_sub(start.column)
        } else {
            text.chars().count().saturating_sub(start.column)
        };
        Self {
            path: source.path.clone(),
            line: start.line,
            column: start.column + 1,
            width: width.max(1),
            text: text.to_owned(),
        }
    }

    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// From 1.
    pub(crate) fn line(&self) -> usize {
        self.line
    }

    /// `path:line`.
    pub(super) fn line_text(&self) -> String {
        format!("{}:{}", self.path, self.line)
    }

    pub(super) fn with(self, message: impl Into<String>, help: impl Into<String>) -> Diagnostic {
        Diagnostic {
            place: self,
            message: message.into(),
            help: help.into(),
        }
    }
}

impl Place {
    /// The line, and a caret under what is meant.
    pub(crate) fn excerpt(&self) -> String {
        let number = self.line.to_string();
        let margin = " ".repeat(number.len());
        // Tabs are kept so that the caret stands under what it means.
        let indent: String = self
            .text
            .chars()
            .take(self.column - 1)
            .map(|c| if c == '\t' { '\t' } else { ' ' })
            .collect();
        format!(
            "{margin} |\n{number} | {}\n{margin} | {indent}{}",
            self.text.trim_end(),
            "^".repeat(self.width)
        )
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Place {
            path, line, column, ..
        } = &self.place;
        let margin = " ".repeat(line.to_string().len());
        writeln!(f, "{}", self.message)?;
        writeln!(f, "{margin}--> {path}:{line}:{column}")?;
        write!(f, "{}", self.place.excerpt())?;
        if !self.help.is_empty() {
            write!(f, "\n{margin} = help: {}", self.help)?;
        }
        Ok(())
    }
}
