//! The state of the development server that open pages show: one value, sent to each page whenever it changes.

mod editor;

use serde::Serialize;
use tokio::sync::watch;

use crate::cargo::messages::CompilerError;

pub(crate) use editor::Editor;

/// What a page shows. The newest value is complete: a page that reconnects needs no earlier one.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(super) struct Page {
    /// Increases whenever pages may look different: a page of another version reloads.
    pub(super) version: u64,
    /// Increases when only style sheets have changed: they are replaced in place.
    pub(super) styles: u64,
    /// A build or a start is in progress.
    pub(super) building: bool,
    /// The errors of the last build or start.
    pub(super) problems: Vec<Problem>,
    /// The errors of templates, which the site reads at each request.
    pub(super) templates: Vec<Problem>,
    /// Migrations that the database does not have yet.
    pub(super) pending: Vec<String>,
    /// Whose models no migration makes.
    pub(super) unmade: Vec<String>,
}

/// An error reported by the compiler or the site.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Problem {
    pub(super) title: String,
    /// The whole message, with ANSI colours.
    pub(super) text: String,
    /// Relative to the project.
    pub(super) file: Option<String>,
    /// From 1.
    pub(super) line: usize,
    pub(super) column: usize,
    /// The link that opens the location in an editor.
    pub(super) link: Option<String>,
}

impl From<CompilerError> for Problem {
    fn from(error: CompilerError) -> Self {
        Self {
            title: error.title,
            text: error.text,
            file: error.file,
            line: error.line,
            column: error.column,
            link: None,
        }
    }
}

/// The value that the executor changes and the pages follow. Clones are the same.
#[derive(Clone, Debug)]
pub(super) struct Pages(std::sync::Arc<watch::Sender<Page>>);

impl Default for Pages {
    fn default() -> Self {
        Self(std::sync::Arc::new(watch::Sender::new(Page::default())))
    }
}

impl Pages {
    /// Changes the value; pages are notified only if it differs.
    pub(super) fn change(&self, change: impl FnOnce(&mut Page)) {
        self.0.send_if_modified(|page| {
            let before = page.clone();
            change(page);
            *page != before
        });
    }

    pub(super) fn now(&self) -> Page {
        self.0.borrow().clone()
    }

    pub(super) fn follow(&self) -> watch::Receiver<Page> {
        self.0.subscribe()
    }
}
