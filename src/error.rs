//! The one error type: a kind that picks the exit code, a message, its causes, and hints.

use std::fmt;
use std::process::ExitCode;

/// A result whose error knows its exit code.
pub(crate) type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a command stopped; each kind is one exit code of the command line's contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ErrorKind {
    /// Something failed, or a check said no: exit code 1.
    Failed,
    /// Bad usage or bad input; nothing was written: exit code 2.
    BadInput,
    /// A question needs an answer and asking is forbidden; nothing was written: exit code 3.
    NeedsAnswer,
}

/// What stopped a command: what happened, what caused it, and what to do next.
#[derive(Debug)]
pub(crate) struct Error {
    pub(crate) kind: ErrorKind,
    pub(crate) source: anyhow::Error,
    pub(crate) hints: Vec<String>,
}

impl Error {
    pub(crate) fn failed(message: impl fmt::Display) -> Self {
        Self::new(ErrorKind::Failed, message)
    }

    pub(crate) fn bad_input(message: impl fmt::Display) -> Self {
        Self::new(ErrorKind::BadInput, message)
    }

    pub(crate) fn needs_answer(message: impl fmt::Display) -> Self {
        Self::new(ErrorKind::NeedsAnswer, message)
    }

    fn new(kind: ErrorKind, message: impl fmt::Display) -> Self {
        Self {
            kind,
            source: anyhow::anyhow!("{message}"),
            hints: Vec::new(),
        }
    }

    /// Adds what to do next; printed as `Hint: …` in the order given.
    #[must_use]
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    pub(crate) fn exit_code(&self) -> ExitCode {
        ExitCode::from(match self.kind {
            ErrorKind::Failed => 1,
            ErrorKind::BadInput => 2,
            ErrorKind::NeedsAnswer => 3,
        })
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.source.fmt(f)
    }
}

/// Any other error is a failure: exit code 1.
impl<E: Into<anyhow::Error>> From<E> for Error {
    fn from(source: E) -> Self {
        Self {
            kind: ErrorKind::Failed,
            source: source.into(),
            hints: Vec::new(),
        }
    }
}
