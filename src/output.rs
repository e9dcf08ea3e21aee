//! The only module that prints: data to stdout, everything else to stderr.

use std::io::Write;

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};

use crate::error::{Error, ErrorKind};

/// How a generator line is marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    Create,
    Edit,
    Identical,
    Conflict,
    Skip,
    Remove,
}

impl Status {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Edit => "edit",
            Self::Identical => "identical",
            Self::Conflict => "conflict",
            Self::Skip => "skip",
            Self::Remove => "remove",
        }
    }

    fn style(self) -> Style {
        match self {
            Self::Create => AnsiColor::Green.on_default().bold(),
            Self::Edit => AnsiColor::Yellow.on_default().bold(),
            Self::Conflict | Self::Remove => AnsiColor::Red.on_default().bold(),
            Self::Identical | Self::Skip => AnsiColor::Blue.on_default().bold(),
        }
    }
}

/// Writes to the terminal the way the global options ask.
#[derive(Clone, Debug)]
pub(crate) struct Output {
    color: ColorChoice,
    quiet: bool,
    verbose: u8,
}

impl Output {
    pub(crate) fn new(color: ColorChoice, quiet: bool, verbose: u8) -> Self {
        Self {
            color,
            quiet,
            verbose,
        }
    }

    /// A line of data: stdout, always.
    pub(crate) fn data(&self, line: impl std::fmt::Display) {
        // A reader that closed the pipe wants no more: not an error.
        let _ = writeln!(AutoStream::new(std::io::stdout(), self.color), "{line}");
    }

    /// A line of status for a person: stderr, silenced by `--quiet`.
    pub(crate) fn status(&self, line: impl std::fmt::Display) {
        if !self.quiet {
            self.write_err(&line.to_string());
        }
    }

    /// A line that says what is being done: `    Building  bookstore`.
    pub(crate) fn step(&self, verb: &str, what: impl std::fmt::Display) {
        let style = AnsiColor::Green.on_default().bold();
        self.status(format_args!("{style}{verb:>12}{style:#}  {what}"));
    }

    /// The same output, silent but for data, warnings and errors unless `--verbose` asks for all.
    pub(crate) fn quieter(&self) -> Self {
        Self {
            quiet: self.quiet || self.verbose == 0,
            ..self.clone()
        }
    }

    /// Whether what goes to stderr is coloured.
    pub(crate) fn has_colors(&self) -> bool {
        AutoStream::new(std::io::stderr(), self.color).current_choice() != ColorChoice::Never
    }

    pub(crate) fn is_quiet(&self) -> bool {
        self.quiet
    }

    pub(crate) fn is_verbose(&self) -> bool {
        self.verbose > 0
    }

    /// A line only `--verbose` wants.
    pub(crate) fn detail(&self, line: impl std::fmt::Display) {
        if self.verbose > 0 {
            self.status(line);
        }
    }

    /// One file of a generator: `    create  src/urls.rs`.
    pub(crate) fn file(&self, status: Status, path: impl std::fmt::Display) {
        self.status(Self::file_line(status, path));
    }

    /// The text of [`Output::file`].
    pub(crate) fn file_line(status: Status, path: impl std::fmt::Display) -> String {
        let style = status.style();
        format!("{style}{:>12}{style:#}  {path}", status.word())
    }

    /// What another tool said, as it said it: stderr, even when quiet.
    pub(crate) fn diagnostic(&self, text: impl std::fmt::Display) {
        self.write_err(&text.to_string());
    }

    /// A warning, with what to do about it.
    pub(crate) fn warning(&self, message: impl std::fmt::Display) {
        let style = AnsiColor::Yellow.on_default().bold();
        self.write_err(&format!("{style}Warning:{style:#} {message}"));
    }

    /// An error with its causes and hints: stderr, even when quiet.
    pub(crate) fn error(&self, error: &Error) {
        let red = AnsiColor::Red.on_default().bold();
        let cyan = AnsiColor::Cyan.on_default().bold();
        self.write_err(&format!("{red}Error:{red:#} {error}"));
        for cause in error.source.chain().skip(1) {
            self.write_err(&format!("{red}Caused by:{red:#} {cause}"));
        }
        for hint in &error.hints {
            self.write_err(&format!("{cyan}Hint:{cyan:#} {hint}"));
        }
        if error.kind != ErrorKind::Failed {
            self.status("Nothing was written.");
        }
    }

    fn write_err(&self, line: &str) {
        let _ = writeln!(AutoStream::new(std::io::stderr(), self.color), "{line}");
    }
}
