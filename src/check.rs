//! What checks find: a stable id, how bad it is, where it is, and what to do about it. Plain data.

/// How bad a finding is; ordered.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum, serde::Serialize,
)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Level {
    /// Worth knowing.
    Info,
    /// Goes wrong under circumstances that are not unusual.
    Warning,
    /// Does not work, or loses data.
    #[default]
    Error,
}

impl Level {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A kind of finding: what `luthier check --explain ID` tells about. Ids are never given twice.
///
/// | Ids | Tag |
/// |---|---|
/// | `LUT001`… | `sql` |
/// | `LUT101`… | `models` |
/// | `LUT201`… | `migrations` |
/// | `LUT301`… | `drift` |
/// | `LUT401`… | `admin` |
/// | `D001`… | `deploy` |
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Check {
    pub(crate) id: &'static str,
    /// A few words with `-` between: `index-not-concurrent`.
    pub(crate) name: &'static str,
    pub(crate) level: Level,
    /// Why it matters, in sentences.
    pub(crate) why: &'static str,
    /// What to do instead: the hint where a finding brings none of its own.
    pub(crate) instead: &'static str,
}

/// A place in a file of the project.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    /// Relative to the project's root, with `/`.
    pub(crate) path: String,
    /// From 1; 0 for the file as a whole.
    pub(crate) line: usize,
}

/// One thing that a check found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) kind: &'static Check,
    /// That of its kind, unless this case is worse or less bad.
    pub(crate) level: Level,
    pub(crate) message: String,
    pub(crate) place: Option<Place>,
    /// The lines in question, as they are to be shown.
    pub(crate) excerpt: String,
    pub(crate) hint: String,
}

impl Check {
    /// A finding of this kind, with its general advice.
    pub(crate) fn found(&'static self, message: impl Into<String>) -> Finding {
        Finding {
            kind: self,
            level: self.level,
            message: message.into(),
            place: None,
            excerpt: String::new(),
            hint: self.instead.to_owned(),
        }
    }
}

impl Finding {
    pub(crate) fn at(mut self, path: impl Into<String>, line: usize) -> Self {
        let path = path.into();
        self.place = Some(Place { path, line });
        self
    }

    pub(crate) fn showing(mut self, excerpt: impl Into<String>) -> Self {
        self.excerpt = excerpt.into();
        self
    }

    pub(crate) fn level(mut self, level: Level) -> Self {
        self.level = level;
        self
    }

    /// Advice for this very case.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }
}
