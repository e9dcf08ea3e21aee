//! Watching the project's files.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use notify::{EventKind, RecursiveMode, Watcher};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::{Instant, timeout_at};

use super::change::{FOLDERS, classify};
use super::state::Event;
use super::terminal::Terminal;
use crate::error::{Error, Result};

/// Editors write a file in several steps; a change is reported when nothing moved for this long…
const QUIET: Duration = Duration::from_millis(20);
/// …or at the latest after this long.
const AT_MOST: Duration = Duration::from_millis(100);
/// How often files are looked at where the system does not report changes.
const POLL_EVERY: Duration = Duration::from_millis(500);

/// A project that is being watched, for as long as this lives.
pub(super) struct Watch {
    root: PathBuf,
    watcher: Box<dyn Watcher + Send>,
    changed: UnboundedReceiver<notify::Result<notify::Event>>,
    /// The folders of [`FOLDERS`] that exist and are watched.
    folders: BTreeSet<&'static str>,
}

impl Watch {
    pub(super) fn start(root: &Path, poll: bool, terminal: &Terminal) -> Result<Self> {
        // The paths reported are real ones, also when the project was reached through a link.
        let root = root.canonicalize()?;
        if poll {
            return Self::with(&root, true).map_err(unwatchable);
        }
        Self::with(&root, false).or_else(|error| {
            terminal.warning(format_args!(
                "the system does not report changes ({error}); looking at the files twice a second instead"
            ));
            Self::with(&root, true).map_err(unwatchable)
        })
    }

    fn with(root: &Path, polling: bool) -> notify::Result<Self> {
        let (sender, changed) = unbounded_channel();
        let handler = move |event| {
            // The receiver goes when the server does.
            let _ = sender.send(event);
        };
        let watcher: Box<dyn Watcher + Send> = if polling {
            let config = notify::Config::default().with_poll_interval(POLL_EVERY);
            Box::new(notify::PollWatcher::new(handler, config)?)
        } else {
            Box::new(notify::recommended_watcher(handler)?)
        };
        let mut watch = Self {
            root: root.to_owned(),
            watcher,
            changed,
            folders: BTreeSet::new(),
        };
        // Folders, never single files: an editor that saves by renaming would end the watch of a file.
        watch.watcher.watch(root, RecursiveMode::NonRecursive)?;
        watch.adopt_folders()?;
        Ok(watch)
    }

    /// Watches the folders that appeared.
    fn adopt_folders(&mut self) -> notify::Result<()> {
        for folder in FOLDERS {
            let path = self.root.join(folder);
            if !path.is_dir() {
                self.folders.remove(folder);
            } else if self.folders.insert(folder) {
                self.watcher.watch(&path, RecursiveMode::Recursive)?;
            }
        }
        Ok(())
    }

    /// Tells `events` of each change, until nobody listens.
    pub(super) async fn run(mut self, events: UnboundedSender<Event>, terminal: Terminal) {
        while let Some(paths) = self.batch().await {
            if let Err(error) = self.adopt_folders() {
                terminal.warning(format_args!("a new folder is not watched: {error}"));
            }
            let changes = paths
                .iter()
                .filter_map(|path| Some((classify(path)?, path)));
            // An editor's passing file is a poor name for a change when a lasting one is at hand.
            let Some((change, path)) =
                changes.max_by_key(|(change, path)| (*change, self.root.join(path).is_file()))
            else {
                continue;
            };
            terminal.detail(format_args!("changed: {}", path.display()));
            if events.send(Event::Changed(change)).is_err() {
                return;
            }
        }
    }

    /// The paths, relative to the project, that changed together; `None` when watching has ended.
    async fn batch(&mut self) -> Option<BTreeSet<PathBuf>> {
        let mut paths = BTreeSet::new();
        loop {
            let first = self.changed.recv().await?;
            self.note(first, &mut paths);
            let end = Instant::now() + AT_MOST;
            while let Ok(next) =
                timeout_at(end.min(Instant::now() + QUIET), self.changed.recv()).await
            {
                self.note(next?, &mut paths);
            }
            if !paths.is_empty() {
                return Some(paths);
            }
        }
    }

    fn note(&self, event: notify::Result<notify::Event>, paths: &mut BTreeSet<PathBuf>) {
        match event {
            // Cargo reading the sources is no change.
            Ok(event) if matches!(event.kind, EventKind::Access(_)) => {}
            // Changes were lost: any file may have changed.
            Ok(event) if event.need_rescan() => {
                paths.insert("src".into());
            }
            Ok(event) => paths.extend(
                event
                    .paths
                    .iter()
                    .filter_map(|path| path.strip_prefix(&self.root).ok().map(Path::to_owned)),
            ),
            Err(_) => {
                paths.insert("src".into());
            }
        }
    }
}

fn unwatchable(error: notify::Error) -> Error {
    Error::failed(format_args!("the project cannot be watched: {error}"))
}
