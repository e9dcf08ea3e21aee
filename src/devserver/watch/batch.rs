//! Collects the events of one save.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use notify::EventKind;
use tokio::time::{Instant, timeout_at};

use super::{Watch, files, is_source};

/// Editors write a file in several steps; a change is reported when no event came for this long…
const QUIET: Duration = Duration::from_millis(20);

/// …or at the latest after this long.
const AT_MOST: Duration = Duration::from_millis(100);

/// Files that may have changed.
#[derive(Default)]
pub(super) struct Batch {
    pub(super) files: BTreeSet<PathBuf>,
    /// Folders appeared or disappeared, or events were lost: everything has to be compared.
    pub(super) walk: bool,
}

impl Watch {
    /// Collects the events of one save.
    pub(super) async fn batch(
        &mut self,
        first: notify::Result<notify::Event>,
        on_early_write: &impl Fn(),
    ) -> Batch {
        let mut batch = Batch::default();
        let end = Instant::now() + AT_MOST;
        let (mut next, mut quiet) = (first, end);
        loop {
            let is_write = !is_access(&next);
            self.note(next, &mut batch);
            if batch.files.is_empty() && !batch.walk {
                return batch;
            }
            // Programs that read the files because of this cause more events, but no more writes.
            if is_write {
                quiet = end.min(Instant::now() + QUIET);
                if batch.files.iter().any(|file| is_source(file)) {
                    on_early_write();
                }
            }
            next = match timeout_at(quiet, self.changed.recv()).await {
                Ok(Some(next)) if Instant::now() < end => next,
                Ok(Some(last)) => {
                    self.note(last, &mut batch);
                    return batch;
                }
                _ => return batch,
            };
        }
    }

    fn note(&self, event: notify::Result<notify::Event>, batch: &mut Batch) {
        match event {
            _ if is_access(&event) => {}
            Ok(event) if event.need_rescan() => batch.walk = true,
            Ok(event) => {
                for path in event.paths {
                    let names = self.aliases.get(&path);
                    batch.files.extend(names.into_iter().flatten().cloned());
                    let is_elsewhere = path
                        .parent()
                        .is_some_and(|folder| self.elsewhere.contains(folder));
                    if is_elsewhere && !self.elsewhere.contains(&path) {
                        continue;
                    }
                    batch.walk |= files::is_ignore_file(&path);
                    let is_folder = self.folders.contains(&path) || path.is_dir();
                    let came_or_went = !self.folders.contains(&path) || !path.is_dir();
                    batch.walk |= is_folder && came_or_went;
                    if !is_folder {
                        batch.files.insert(path);
                    }
                }
            }
            Err(_) => batch.walk = true,
        }
    }
}

/// Reading a file is not a change.
fn is_access(event: &notify::Result<notify::Event>) -> bool {
    matches!(event, Ok(event) if matches!(event.kind, EventKind::Access(_)))
}
