//! A plan: what a generator wants to do, as plain data, nothing done yet.

use std::path::{Path, PathBuf};

/// What shall become of one file; paths are relative to the plan's root and use `/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// The file holds exactly this. A different existing file is a conflict.
    Create { path: PathBuf, contents: Vec<u8> },
    /// The file, read as `before`, becomes `after`. Anything else on disk means it changed meanwhile.
    Edit {
        path: PathBuf,
        before: String,
        after: String,
    },
    /// The file holds this and, if it was generated before, what its owner has changed in it since. Where the two do
    /// not go together, and where the file was never generated, a different one is a conflict.
    Refresh { path: PathBuf, contents: Vec<u8> },
    /// The file, read as `before`, goes away.
    Remove { path: PathBuf, before: String },
}

impl Step {
    pub(crate) fn path(&self) -> &Path {
        match self {
            Self::Create { path, .. }
            | Self::Edit { path, .. }
            | Self::Refresh { path, .. }
            | Self::Remove { path, .. } => path,
        }
    }
}

/// Ordered steps under one root folder.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    /// What is being done, as typed: `startapp books`. Recorded with what was written.
    pub(crate) title: String,
    /// The folder that every path is relative to; it may not exist yet.
    pub(crate) root: PathBuf,
    pub(crate) steps: Vec<Step>,
}

impl Plan {
    pub(crate) fn new(title: impl Into<String>, root: impl Into<PathBuf>) -> Self {
        Self {
            title: title.into(),
            root: root.into(),
            steps: Vec::new(),
        }
    }

    pub(crate) fn create(&mut self, path: impl Into<PathBuf>, contents: impl Into<Vec<u8>>) {
        self.steps.push(Step::Create {
            path: path.into(),
            contents: contents.into(),
        });
    }

    pub(crate) fn refresh(&mut self, path: impl Into<PathBuf>, contents: impl Into<Vec<u8>>) {
        self.steps.push(Step::Refresh {
            path: path.into(),
            contents: contents.into(),
        });
    }

    pub(crate) fn remove(&mut self, path: impl Into<PathBuf>, before: impl Into<String>) {
        self.steps.push(Step::Remove {
            path: path.into(),
            before: before.into(),
        });
    }

    /// Adds an edit; `before == after` is kept, so that the report can say `identical`.
    pub(crate) fn edit(
        &mut self,
        path: impl Into<PathBuf>,
        before: impl Into<String>,
        after: impl Into<String>,
    ) {
        self.steps.push(Step::Edit {
            path: path.into(),
            before: before.into(),
            after: after.into(),
        });
    }
}
