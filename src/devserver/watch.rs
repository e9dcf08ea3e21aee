//! Watches the project's files.
//!
//! Folders are watched one by one, so that ignored ones cost nothing; a change counts only if a file's contents differ,
//! so that `touch`, a formatter that changes nothing, and reading do not start a build. Files that a build has read are
//! watched wherever they are, also where a link leads.
#![expect(
    clippy::disallowed_methods,
    reason = "the development server reads the files that it watches"
)]

mod batch;
pub(super) mod build_scripts;
pub(super) mod change;
mod files;
mod inputs;
mod path_dependencies;
mod start;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use ignore::gitignore::Gitignore;
use notify::{RecursiveMode, Watcher};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};

pub(super) use inputs::{BuildInputs, Changes, Inputs};

use batch::Batch;
use build_scripts::BuildScripts;
use change::{Change, classify, is_scratch};
use inputs::reported_at;

use super::command::Rules;
use super::state::events::Event;
use super::terminal::Terminal;
use crate::error::Result;

/// A file that has become empty is probably about to be written.
const EMPTY: Duration = Duration::from_millis(30);

/// A project that is being watched, for as long as this lives.
pub(super) struct Watch {
    /// The project, and the crates outside it that it is built from.
    roots: Vec<PathBuf>,
    /// What files mean to a site that is not a cargo binary.
    rules: Option<Rules>,
    watcher: Box<dyn Watcher + Send>,
    changed: UnboundedReceiver<notify::Result<notify::Event>>,
    folders: BTreeSet<PathBuf>,
    /// Those of them that are watched for single files.
    elsewhere: BTreeSet<PathBuf>,
    /// The names of files that are reported at other paths.
    aliases: BTreeMap<PathBuf, BTreeSet<PathBuf>>,
    /// The contents of files as they were last seen, as hashes.
    contents: BTreeMap<PathBuf, u64>,
    /// What `.gitignore` files list, for single files.
    ignored: Vec<Gitignore>,
    inputs: tokio::sync::watch::Receiver<BuildInputs>,
    changes: Changes,
    build_scripts: BuildScripts,
    /// Stands for the start of the last build before there is one.
    started: SystemTime,
    /// Answers of cargo: the crates outside the project that it depends on by path.
    path_dependencies: (
        UnboundedSender<BTreeSet<PathBuf>>,
        UnboundedReceiver<BTreeSet<PathBuf>>,
    ),
}

impl Watch {
    /// When build scripts run, for builds to tell.
    pub(super) fn build_scripts(&self) -> BuildScripts {
        self.build_scripts.clone()
    }

    /// Watches folders that appeared, forgets those that disappeared, and returns the files whose contents differ.
    fn walk(&mut self) -> notify::Result<BTreeSet<PathBuf>> {
        let mut folders = BTreeSet::new();
        for root in &self.roots {
            files::folders(root, &mut folders);
        }
        self.ignored = files::gitignores(&folders);
        // Files that the compiler has read count, even in an ignored folder.
        let inputs = self.inputs.borrow().files.clone();
        self.aliases = self.aliases(&inputs, &folders);
        let needed = files::folders_of(self.aliases.keys());
        self.elsewhere = needed.difference(&folders).cloned().collect();
        folders.extend(needed);
        for gone in self.folders.difference(&folders) {
            // The system has mostly removed that watch already.
            let _ = self.watcher.unwatch(gone);
        }
        for folder in folders.difference(&self.folders) {
            // Folders, never single files: an editor that saves by renaming would end the watch of a file.
            match self.watcher.watch(folder, RecursiveMode::NonRecursive) {
                Err(error) if folder.is_dir() => return Err(error),
                _ => {}
            }
        }
        // Files of a folder that is ignored from now on are forgotten; files that are gone have changed.
        self.contents.retain(|file, _| {
            let watched = file.parent().is_some_and(|folder| folders.contains(folder));
            watched || inputs.contains(file) || !file.exists()
        });
        self.folders = folders;
        // Watched first and read then, so that no change is missed in between.
        let mut files: BTreeSet<PathBuf> = self.contents.keys().cloned().collect();
        files.extend(inputs);
        for folder in &self.folders {
            files.extend(files::in_folder(folder));
        }
        files.retain(|file| self.classify(file).is_some());
        files.retain(|file| self.is_different(file));
        Ok(files)
    }

    /// Where changes of inputs, and of links in these folders, are reported, with their names.
    fn aliases(
        &self,
        inputs: &BTreeSet<PathBuf>,
        folders: &BTreeSet<PathBuf>,
    ) -> BTreeMap<PathBuf, BTreeSet<PathBuf>> {
        let links = folders.iter().flat_map(|folder| files::links_in(folder));
        let links = links.filter(|link| self.classify(link).is_some());
        let mut aliases: BTreeMap<PathBuf, BTreeSet<PathBuf>> = BTreeMap::new();
        for file in inputs.iter().cloned().chain(links) {
            for path in reported_at(&file) {
                aliases.entry(path).or_default().insert(file.clone());
            }
        }
        aliases
    }

    fn classify(&self, file: &Path) -> Option<Change> {
        let inputs = self.inputs.borrow();
        if inputs.files.contains(file) {
            return Some(Change::Rebuild);
        }
        // A build script that names no inputs runs again whenever a file of its package changes.
        let is_input = inputs
            .packages
            .iter()
            .any(|package| file.starts_with(package))
            && !is_scratch(&file.file_name()?.to_string_lossy())
            && !files::is_ignored(&self.ignored, file);
        if is_input && self.folders.contains(file.parent()?) {
            return Some(Change::Rebuild);
        }
        if let Some(rules) = &self.rules {
            return rules.classify(file.strip_prefix(&self.roots[0]).ok()?);
        }
        // Of nested roots the innermost.
        let inside = self
            .roots
            .iter()
            .filter_map(|root| file.strip_prefix(root).ok());
        let inside = inside.min_by_key(|inside| inside.components().count())?;
        classify(inside)
    }

    /// Whether the file differs from its last known contents, which are updated.
    fn is_different(&mut self, file: &Path) -> bool {
        match files::hash(file) {
            Some(hash) => self.contents.insert(file.to_owned(), hash) != Some(hash),
            None => self.contents.remove(file).is_some(),
        }
    }

    /// Sends each change to `events` until the receiver is gone; calls `on_early_write` as soon as a source file is
    /// being written, before the change is complete.
    pub(super) async fn run(
        mut self,
        events: UnboundedSender<Event>,
        on_early_write: impl Fn(),
        terminal: Terminal,
    ) {
        self.request_path_dependencies();
        loop {
            let files = tokio::select! {
                first = self.changed.recv() => {
                    let Some(first) = first else { return };
                    let batch = self.batch(first, &on_early_write).await;
                    self.different(batch, &terminal).await
                }
                built = self.inputs.changed() => {
                    if built.is_err() {
                        return;
                    }
                    self.follow_inputs(&terminal)
                }
                Some(crates) = self.path_dependencies.1.recv() => self.widen(crates, &terminal),
            };
            if files.iter().any(|file| file.ends_with("Cargo.toml")) {
                self.request_path_dependencies();
            }
            if self.send(&files, &events, &terminal).is_err() {
                return;
            }
        }
    }

    /// Asks cargo, in the background, which crates outside the project it is built from.
    fn request_path_dependencies(&self) {
        if self.rules.is_some() {
            return;
        }
        let (root, answer) = (self.roots[0].clone(), self.path_dependencies.0.clone());
        tokio::task::spawn_blocking(move || {
            // The receiver is gone when the whole server is stopping.
            let _ = answer.send(path_dependencies::outside(&root));
        });
    }

    /// Watches files that the last build has read outside the watched folders.
    fn follow_inputs(&mut self, terminal: &Terminal) -> BTreeSet<PathBuf> {
        let inputs = self.inputs.borrow_and_update().clone();
        let mut different = BTreeSet::new();
        for file in &inputs.files {
            if !self.contents.contains_key(file)
                && let Some(hash) = files::hash(file)
            {
                self.contents.insert(file.clone(), hash);
                // The build may have read it before it was written.
                if inputs
                    .since
                    .is_some_and(|since| files::is_newer(file, since))
                {
                    different.insert(file.clone());
                }
            }
        }
        let elsewhere = inputs
            .files
            .iter()
            .filter(|input| !self.roots.iter().any(|root| input.starts_with(root)));
        let crates = elsewhere.filter_map(|input| files::crate_of(input));
        let crates = crates.collect();
        different.extend(self.widen(crates, terminal));
        different
    }

    /// Watches these crates, too. Returns files elsewhere that turn out to differ.
    fn widen(&mut self, crates: BTreeSet<PathBuf>, terminal: &Terminal) -> BTreeSet<PathBuf> {
        let mut new = BTreeSet::new();
        for folder in crates {
            if !self.roots.iter().any(|root| folder.starts_with(root)) {
                self.roots.push(folder.clone());
                new.insert(folder);
            }
        }
        let inputs = self.inputs.borrow().files.clone();
        self.aliases = self.aliases(&inputs, &self.folders);
        let needed = files::folders_of(self.aliases.keys());
        new.extend(needed.difference(&self.folders).cloned());
        if new.is_empty() {
            return new;
        }
        match self.walk() {
            Ok(mut files) => {
                files.retain(|file| !new.iter().any(|folder| file.starts_with(folder)));
                files
            }
            Err(error) => {
                terminal.warning(format_args!("a crate is not watched: {error}"));
                BTreeSet::new()
            }
        }
    }

    /// The files of the batch whose contents differ.
    async fn different(&mut self, batch: Batch, terminal: &Terminal) -> BTreeSet<PathBuf> {
        let mut files = batch.files;
        files.retain(|file| self.classify(file).is_some());
        let emptied = |file: &PathBuf| files::is_empty(file) && self.contents.contains_key(file);
        if files.iter().any(emptied) {
            tokio::time::sleep(EMPTY).await;
        }
        files.retain(|file| self.is_different(file));
        if batch.walk {
            match self.walk() {
                Ok(more) => files.extend(more),
                Err(error) => {
                    terminal.warning(format_args!("a new folder is not watched: {error}"));
                }
            }
        }
        files
    }

    /// Makes cargo notice files whose modification times are older than its last build.
    fn touch_older<'a>(&self, files: impl Iterator<Item = &'a PathBuf>, terminal: &Terminal) {
        if self.rules.is_some() {
            return;
        }
        let since = self.inputs.borrow().since.unwrap_or(self.started);
        for file in files {
            let shown = file.strip_prefix(&self.roots[0]).unwrap_or(file).display();
            match files::touch_older(file, since) {
                Ok(false) => {}
                Ok(true) => terminal.detail(format_args!(
                    "touched {shown}: its modification time is older than the last build"
                )),
                Err(error) => terminal.warning(format_args!(
                    "cargo does not build the change of {shown}, whose modification time is older than the last build \
                     and cannot be changed: {error}"
                )),
            }
        }
    }

    fn send(
        &self,
        files: &BTreeSet<PathBuf>,
        events: &UnboundedSender<Event>,
        terminal: &Terminal,
    ) -> Result<(), tokio::sync::mpsc::error::SendError<Event>> {
        let mut greatest: [Option<(Change, &Path)>; 2] = [None, None];
        for file in files {
            if let Some(change) = self.classify(file) {
                let place = &mut greatest[usize::from(change.is_for_pages())];
                if place.is_none_or(|(greatest, _)| change > greatest) {
                    *place = Some((change, file));
                }
            }
        }
        let is_built = |file: &&PathBuf| {
            let change = self.classify(file);
            matches!(change, Some(Change::Rebuild | Change::Relock))
        };
        // Where nothing is built, templates are looked for among them.
        let is_noted = |file: &&PathBuf| self.rules.is_some() || is_built(file);
        self.changes.add(files.iter().filter(is_noted).cloned());
        // A build that is cancelled by its own output never ends.
        if let Some((Change::Rebuild, file)) = greatest[0]
            && files.iter().filter(is_built).all(|file| {
                files::modified(file).is_some_and(|time| self.build_scripts.ran_at(time))
            })
        {
            let shown = file.strip_prefix(&self.roots[0]).unwrap_or(file);
            terminal.detail(format_args!(
                "changed by a build script: {}",
                shown.display()
            ));
            events.send(Event::WrittenByBuild(shown.to_owned()))?;
            greatest[0] = None;
        }
        // Only now: a build script is known by the times of the files that it writes.
        self.touch_older(files.iter().filter(is_built), terminal);
        for (change, file) in greatest.into_iter().flatten() {
            let shown = file.strip_prefix(&self.roots[0]).unwrap_or(file).display();
            match files::age(file) {
                Some(age) => terminal.detail(format_args!(
                    "changed: {shown} ({:.1} ms ago)",
                    age.as_secs_f64() * 1000.0
                )),
                None => terminal.detail(format_args!("changed: {shown}")),
            }
            if change.is_for_pages() {
                terminal.step("Changed", shown);
            }
            events.send(Event::Changed(change))?;
        }
        Ok(())
    }
}

fn is_source(file: &Path) -> bool {
    file.extension().is_some_and(|extension| extension == "rs")
}
