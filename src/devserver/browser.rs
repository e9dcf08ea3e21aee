//! What open pages know of the development server: one value, sent to each of them whenever it changes.

use serde::Serialize;
use tokio::sync::watch;

/// What a page shows. A page that slept, or came late, is right again with the newest value alone.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(super) struct Page {
    /// Rises with everything that makes a page look different: a page of another version loads itself again.
    pub(super) version: u64,
    /// Rises when style sheets alone have changed: they are exchanged in place.
    pub(super) styles: u64,
    /// A build or a start is under way.
    pub(super) building: bool,
    /// What is wrong with the project now.
    pub(super) problems: Vec<Problem>,
    /// Migrations that the database has yet to see.
    pub(super) pending: Vec<String>,
}

/// A mistake, as the compiler or the site told of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Problem {
    pub(super) title: String,
    /// In full, with the colours of a terminal.
    pub(super) text: String,
    /// Relative to the project.
    pub(super) file: Option<String>,
    /// From 1.
    pub(super) line: usize,
    pub(super) column: usize,
    /// What opens the place in an editor.
    pub(super) link: Option<String>,
}

/// The value, for the run to change and the pages to follow. Clones are the same.
#[derive(Clone, Debug)]
pub(super) struct Pages(std::sync::Arc<watch::Sender<Page>>);

impl Default for Pages {
    fn default() -> Self {
        Self(std::sync::Arc::new(watch::Sender::new(Page::default())))
    }
}

impl Pages {
    /// Changes what pages show; they hear of it if it is really different.
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
