//! What is wrong with a source file: every problem is found before anything is written.

use std::fmt;

/// One problem, shown as `path:LINE: message`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    pub path: String,
    pub line: usize,
    pub message: String,
}

impl Problem {
    pub fn new(path: &str, line: usize, message: impl Into<String>) -> Self {
        Self {
            path: path.to_owned(),
            line,
            message: message.into(),
        }
    }

    /// What the TOML parser says of `text`, which begins at line `first` of the file.
    pub fn from_toml(path: &str, first: usize, text: &str, error: &toml::de::Error) -> Self {
        let start = error.span().map_or(0, |span| span.start);
        Self::new(path, first + line_of(text, start) - 1, error.message())
    }

    /// What the template engine says; `path_of` gives the file of a template.
    pub fn from_template(error: &minijinja::Error, path_of: impl Fn(&str) -> String) -> Self {
        // An error inside of an included or extended layout is the source of the one outside.
        let mut innermost = error;
        let mut next = std::error::Error::source(error);
        while let Some(source) = next {
            if let Some(inner) = source.downcast_ref::<minijinja::Error>()
                && inner.name().is_some()
            {
                innermost = inner;
            }
            next = source.source();
        }
        let path = path_of(innermost.name().unwrap_or_default());
        let kind = innermost.kind().to_string();
        let message = match innermost.detail() {
            Some(detail) => format!("{kind}: {detail}"),
            None => kind,
        };
        Self::new(&path, innermost.line().unwrap_or(1).max(1), message)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.message)
    }
}

/// The line, from 1, of the byte at `offset`.
pub fn line_of(text: &str, offset: usize) -> usize {
    let before = &text.as_bytes()[..offset.min(text.len())];
    1 + before.iter().filter(|byte| **byte == b'\n').count()
}

/// Tells the lines of offsets that mostly grow, without counting from the start each time.
pub struct LineCounter<'a> {
    text: &'a str,
    offset: usize,
    line: usize,
}

impl<'a> LineCounter<'a> {
    pub fn new(text: &'a str) -> Self {
        Self {
            text,
            offset: 0,
            line: 1,
        }
    }

    /// The line, from 1, of the byte at `offset`.
    pub fn line(&mut self, offset: usize) -> usize {
        let offset = offset.min(self.text.len());
        if offset < self.offset {
            *self = Self::new(self.text);
        }
        let between = &self.text.as_bytes()[self.offset..offset];
        self.line += between.iter().filter(|byte| **byte == b'\n').count();
        self.offset = offset;
        self.line
    }
}
