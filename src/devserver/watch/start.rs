//! Starts to watch a project: by what the system reports, or by polling.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::{Duration, SystemTime};

use notify::Watcher;
use tokio::sync::mpsc::unbounded_channel;

use super::build_scripts::BuildScripts;
use super::inputs::{Changes, Inputs};
use super::{Watch, files};
use crate::devserver::command::Rules;
use crate::devserver::terminal::Terminal;
use crate::error::{Error, Result};

/// How often files are polled where the system does not report changes.
const POLL_EVERY: Duration = Duration::from_millis(300);

impl Watch {
    pub(in crate::devserver) fn start(
        root: &Path,
        poll: bool,
        rules: Option<Rules>,
        inputs: &Inputs,
        changes: &Changes,
        terminal: &Terminal,
    ) -> Result<Self> {
        // The reported paths are canonical, also if the project was reached through a symlink.
        let root = root.canonicalize()?;
        let watch = |polling| {
            let mut watch = Self::with(&root, polling, inputs, changes)?;
            watch.rules = rules.clone();
            watch.walk()?;
            Ok(watch)
        };
        if poll {
            return watch(true).map_err(unwatchable);
        }
        if let Some(kind) = files::silent_filesystem(&root) {
            terminal.warning(format_args!(
                "{kind} does not report changes: polling the files instead"
            ));
            return watch(true).map_err(unwatchable);
        }
        watch(false).or_else(|error: notify::Error| {
            let advice = match error.kind {
                notify::ErrorKind::MaxFilesWatch => ", until fs.inotify.max_user_watches is raised",
                _ => "",
            };
            terminal.warning(format_args!(
                "the system does not report changes ({error}): polling the files instead{advice}"
            ));
            watch(true).map_err(unwatchable)
        })
    }

    fn with(
        root: &Path,
        polling: bool,
        inputs: &Inputs,
        changes: &Changes,
    ) -> notify::Result<Self> {
        let (sender, changed) = unbounded_channel();
        let handler = move |event| {
            // The receiver is gone when the server stops.
            let _ = sender.send(event);
        };
        let watcher: Box<dyn Watcher + Send> = if polling {
            let config = notify::Config::default().with_poll_interval(POLL_EVERY);
            Box::new(notify::PollWatcher::new(handler, config)?)
        } else {
            Box::new(notify::recommended_watcher(handler)?)
        };
        Ok(Self {
            roots: vec![root.to_owned()],
            rules: None,
            watcher,
            changed,
            folders: BTreeSet::new(),
            elsewhere: BTreeSet::new(),
            aliases: BTreeMap::new(),
            contents: BTreeMap::new(),
            ignored: Vec::new(),
            inputs: inputs.subscribe(),
            changes: changes.clone(),
            build_scripts: BuildScripts::default(),
            started: SystemTime::now(),
            path_dependencies: unbounded_channel(),
        })
    }
}

fn unwatchable(error: notify::Error) -> Error {
    Error::failed(format_args!("the project cannot be watched: {error}"))
}
