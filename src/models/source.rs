//! What comes in, and how a message points into it.

use std::fmt;

use proc_macro2::Span;

use super::cfg::Features;
use super::settings::EntitySettings;

/// What a project's entities are read from.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sources {
    pub(crate) files: Vec<Source>,
    pub(crate) settings: EntitySettings,
}

impl From<Vec<Source>> for Sources {
    fn from(files: Vec<Source>) -> Self {
        Self {
            files,
            settings: EntitySettings::default(),
        }
    }
}

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
    pub(crate) role: Role,
    /// Those of its crate.
    pub(crate) features: Features,
}

/// What a file is to cargo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// The root of a library.
    Library,
    /// The root of a program.
    Program,
    /// Some other file, which a `mod` declaration may reach.
    Module,
}

impl Role {
    /// What cargo makes of a file at `path` when `Cargo.toml` does not say: `src/lib.rs`, `src/main.rs`, `src/bin/x.rs`,
    /// `src/bin/x/main.rs`.
    pub(crate) fn usual(root: &str, path: &str) -> Self {
        let inside = path.strip_prefix(root).unwrap_or(path);
        let parts: Vec<&str> = inside.trim_start_matches('/').split('/').collect();
        match parts.as_slice() {
            ["lib.rs"] => Self::Library,
            ["main.rs"] | ["bin", _] | ["bin", _, "main.rs"] => Self::Program,
            _ => Self::Module,
        }
    }
}

/// A place in a source file.
#[derive(Clone, Debug)]
pub(crate) struct SourceLocation {
    path: Box<str>,
    /// From 1.
    line: u32,
    /// From 1, in characters.
    column: u32,
    /// How many characters the caret underlines.
    width: u32,
    text: Box<str>,
}

/// Something in a source file that stops the reading, and what would settle it.
#[derive(Clone, Debug)]
pub(crate) struct Diagnostic {
    pub(crate) place: SourceLocation,
    pub(crate) message: String,
    pub(crate) help: String,
    /// Other places with the same cause.
    pub(crate) also: Vec<SourceLocation>,
}

/// No file is longer than that.
fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

impl SourceLocation {
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
            path: source.path.as_str().into(),
            line: count(start.line),
            column: count(start.column + 1),
            width: count(width.max(1)),
            text: text.into(),
        }
    }

    /// A line of a file that is not a source.
    pub(super) fn in_text(path: &str, line: &str) -> Self {
        Self {
            path: path.into(),
            line: 1,
            column: 1,
            width: count(line.chars().count().max(1)),
            text: line.into(),
        }
    }

    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// From 1.
    pub(crate) fn line(&self) -> usize {
        self.line as usize
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
            also: Vec::new(),
        }
    }
}

impl SourceLocation {
    /// The line, and a caret under what is meant.
    pub(crate) fn excerpt(&self) -> String {
        let number = self.line.to_string();
        let margin = " ".repeat(number.len());
        // Tabs are kept so that the caret stands under what it means.
        let indent: String = self
            .text
            .chars()
            .take(self.column as usize - 1)
            .map(|c| if c == '\t' { '\t' } else { ' ' })
            .collect();
        format!(
            "{margin} |\n{number} | {}\n{margin} | {indent}{}",
            self.text.trim_end(),
            "^".repeat(self.width as usize)
        )
    }
}

impl Diagnostic {
    /// The same as `errors`, one for each cause.
    pub(crate) fn grouped(errors: Vec<Self>) -> Vec<Self> {
        let mut groups: Vec<Self> = Vec::new();
        for error in errors {
            let same = groups
                .iter_mut()
                .find(|group| group.message == error.message && group.help == error.help);
            match same {
                Some(group) => group.also.push(error.place),
                None => groups.push(error),
            }
        }
        groups
    }

    /// The other places: `and 18 more fields: a.rs:3, b.rs:7, …`.
    pub(crate) fn others(&self) -> Option<String> {
        const SHOWN: usize = 3;
        let count = self.also.len();
        let mut places: Vec<String> = self
            .also
            .iter()
            .take(SHOWN)
            .map(SourceLocation::line_text)
            .collect();
        if count > SHOWN {
            places.push("…".into());
        }
        (count > 0).then(|| format!("and {count} more: {}", places.join(", ")))
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let SourceLocation {
            path, line, column, ..
        } = &self.place;
        let margin = " ".repeat(line.to_string().len());
        writeln!(f, "{}", self.message)?;
        writeln!(f, "{margin}--> {path}:{line}:{column}")?;
        write!(f, "{}", self.place.excerpt())?;
        if let Some(others) = self.others() {
            write!(f, "\n{margin} = {others}")?;
        }
        if !self.help.is_empty() {
            write!(f, "\n{margin} = help: {}", self.help)?;
        }
        Ok(())
    }
}
