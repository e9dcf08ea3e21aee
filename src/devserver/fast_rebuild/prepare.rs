//! Prepares fast rebuilds after a build of cargo's.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

use tokio::sync::mpsc::UnboundedReceiver;

use super::cache::{self, Cache, restore};
use super::decide::{Baseline, FilesNow};
use super::files::{free_memory, inputs, is_newer, modified, sources};
use super::graph::edited_and_around;
use super::invocation::Invocation;
use super::preparation::{Owners, Preparation, Stop, failed};
use super::{FOLDER, FastRebuild, Prepared, lock};
use crate::devserver::cargo_build::accelerator::{PreparationOutcome, Reason, Request, Tools};
use crate::devserver::process::Order;

/// How long nothing has to be edited before the crates that have not been edited are prepared.
const IDLE: Duration = Duration::from_secs(2);

/// How many crates are prepared beforehand: each takes the processor and room on the disk.
const MAX_CRATES: usize = 16;

/// How much memory has to be available for that, in bytes: a compiler of a large crate takes about half of this.
const MIN_MEMORY: u64 = 2 << 30;

impl FastRebuild {
    /// Records what has been observed of a successful build, for the next session.
    pub(in crate::devserver) fn record(&self) -> std::io::Result<()> {
        let mut observed = self.observed();
        let Some(folder) = observed
            .program
            .as_ref()
            .map(|program| program.with_file_name(FOLDER))
        else {
            return Ok(());
        };
        std::fs::create_dir_all(&folder)?;
        let file = folder.join(cache::FILE);
        restore(&mut observed, &file);
        Cache::new(&observed).write(&file)
    }

    /// Prepares the next build in the background.
    pub(in crate::devserver) async fn prepare(
        &self,
        request: &Request,
        orders: &mut UnboundedReceiver<Order>,
    ) -> PreparationOutcome {
        // One at a time: the previous one may still be stopping.
        let _alone = self.preparing.lock().await;
        if self.observed().prepared.is_some() {
            return PreparationOutcome::Unchanged;
        }
        let started = Instant::now();
        match self.try_to_prepare(request, orders).await {
            Ok(()) => PreparationOutcome::Ready(started.elapsed()),
            Err(Stop::Ordered) => PreparationOutcome::Cancelled,
            Err(Stop::Failed(error)) => {
                // Not again until cargo has built again.
                self.observed().program = None;
                PreparationOutcome::Unavailable(Reason::Other(error.to_string()))
            }
        }
    }

    /// Prepares the crates that have not been edited, too, so that their first edit is like a later one. Waits until
    /// nothing has been edited for a while, and lets other processes have the processor first.
    pub(in crate::devserver) async fn prepare_all(
        &self,
        request: &Request,
        orders: &mut UnboundedReceiver<Order>,
    ) -> PreparationOutcome {
        if !request.prepare_all_crates {
            return PreparationOutcome::Unchanged;
        }
        if tokio::time::timeout(IDLE, orders.recv()).await.is_ok() {
            return PreparationOutcome::Cancelled;
        }
        let _alone = self.preparing.lock().await;
        let started = Instant::now();
        let mut request = request.clone();
        request.tools.is_background = true;
        match self.try_to_prepare_all(&request.tools, orders).await {
            Ok(true) => PreparationOutcome::Ready(started.elapsed()),
            Ok(false) => PreparationOutcome::Unchanged,
            Err(Stop::Ordered) => PreparationOutcome::Cancelled,
            // What is prepared remains so.
            Err(Stop::Failed(error)) => {
                PreparationOutcome::Unavailable(Reason::Other(error.to_string()))
            }
        }
    }

    /// Whether all crates are prepared; not if an edit waits for its build.
    async fn try_to_prepare_all(
        &self,
        tools: &Tools,
        orders: &mut UnboundedReceiver<Order>,
    ) -> Result<bool, Stop> {
        let (prepared, invocations) = {
            let observed = self.observed();
            match &observed.prepared {
                Some(prepared) => (Arc::clone(prepared), observed.invocations.clone()),
                None => return Err(Stop::Ordered),
            }
        };
        let owners = owners(&invocations, &tools.root);
        let mut edited = likely(&owners, &invocations);
        edited.extend(prepared.units.keys().cloned());
        let (crates, _) = edited_and_around(&invocations, &edited);
        let mut new = crates.iter().map(Invocation::id);
        if new.all(|id| prepared.units.contains_key(&id)) {
            return Ok(true);
        }
        if free_memory().is_some_and(|free| free < MIN_MEMORY) {
            return failed("there is little memory left");
        }
        if !prepared.is_current() {
            return Ok(false);
        }
        if !lock(&prepared.uncommitted).is_empty() {
            return failed("an edit was compiled and then taken back");
        }
        let output = prepared.folder.join("all");
        std::fs::create_dir_all(&output)?;
        let Some(binary) = prepared.units.get(&prepared.binary).cloned() else {
            return Ok(false);
        };
        // Edits since cargo has built are in fast rebuilds.
        let baseline = lock(&prepared.baseline).with_owners(&owners);
        let mut preparation = Preparation {
            tools,
            folder: &prepared.folder,
            output,
            invocations: &invocations,
            owners,
            before: Some(&prepared),
            orders,
        };
        let line = binary.recorded_line()?;
        let all = preparation.all(binary, line, &edited, baseline).await?;
        // An edit during the preparation is in the one and not in the other.
        if !prepared.is_current() {
            return Err(Stop::Ordered);
        }
        self.replace_prepared(&prepared, all)?;
        Ok(true)
    }

    /// Puts `all` in the place of `before`, and keeps its prewarmed compiler.
    fn replace_prepared(&self, before: &Arc<Prepared>, all: Prepared) -> Result<(), Stop> {
        let all = Prepared {
            preload: before.preload.clone(),
            prewarmed: Mutex::new(before.take_prewarmed()),
            ..all
        };
        let mut observed = self.observed();
        // Another build may have begun meanwhile, or a crash may have taken away what was prepared.
        let is_current = observed
            .prepared
            .as_ref()
            .is_some_and(|now| Arc::ptr_eq(now, before));
        if !is_current {
            return Err(Stop::Ordered);
        }
        observed.prepared = Some(Arc::new(all));
        Ok(())
    }

    async fn try_to_prepare(
        &self,
        request: &Request,
        orders: &mut UnboundedReceiver<Order>,
    ) -> Result<(), Stop> {
        let tools = &request.tools;
        let (number, started, program) = {
            let observed = self.observed();
            match (observed.started, observed.program.clone()) {
                (Some(started), Some(program)) => (observed.build, started, program),
                _ => return Err(Stop::Ordered),
            }
        };
        let folder = program.with_file_name(FOLDER);
        let cache = folder.join(cache::FILE);
        let (invocations, edited) = {
            let mut observed = self.observed();
            restore(&mut observed, &cache);
            (observed.invocations.clone(), observed.edited.clone())
        };
        let files = settled_inputs(&program, started, &tools.root)?;
        let owners = owners(&invocations, &tools.root);
        let edited = match edited.is_empty() {
            // The crate that was written last is likely to be edited next.
            true => latest(&owners, &invocations).into_iter().collect(),
            false => edited,
        };
        self.observed().edited.extend(edited.iter().cloned());
        let baseline = Baseline {
            by_cargo: files,
            owners: owners.clone(),
            ..Baseline::default()
        };
        let mut preparation = Preparation {
            tools,
            folder: &folder,
            output: folder.clone(),
            invocations: &invocations,
            owners,
            before: None,
            orders,
        };
        let (binary, line) = preparation.binary(&program).await?;
        let prepared = preparation.all(binary, line, &edited, baseline).await?;
        let preload = match request.prewarm_compiler {
            false => None,
            true => preparation.preload(&prepared).await,
        };
        let prepared = Prepared {
            preload,
            ..prepared
        };
        let mut observed = self.observed();
        if observed.build != number {
            return Err(Stop::Ordered);
        }
        let written = Cache::new(&observed);
        observed.prepared = Some(Arc::new(prepared));
        drop(observed);
        written.write(&cache)?;
        Ok(())
    }
}

/// The crates that are most likely to be edited: of the libraries of the project, those written last.
fn likely(owners: &Owners, invocations: &BTreeMap<String, Invocation>) -> BTreeSet<String> {
    let mut written: BTreeMap<&String, SystemTime> = BTreeMap::new();
    for (file, ids) in owners {
        let (Some(time), Some(id)) = (modified(file), ids.first().filter(|_| ids.len() == 1))
        else {
            continue;
        };
        if invocations.get(id).is_some_and(Invocation::is_library) {
            let newest = written.entry(id).or_insert(time);
            *newest = time.max(*newest);
        }
    }
    let mut ids: Vec<(&String, SystemTime)> = written.into_iter().collect();
    ids.sort_by_key(|(_, time)| std::cmp::Reverse(*time));
    let ids = ids.into_iter().take(MAX_CRATES);
    ids.map(|(id, _)| id.clone()).collect()
}

/// The files that decide what cargo builds, if none has changed since it started to.
fn settled_inputs(program: &Path, started: SystemTime, root: &Path) -> Result<FilesNow, Stop> {
    let files = inputs(program, root)?;
    if let Some(folder) = files.keys().find(|file| file.is_dir()) {
        return failed(format_args!(
            "a build script reads the whole folder {}",
            folder.display()
        ));
    }
    // Cargo writes its lock file itself.
    let is_written_by_hand = |file: &&PathBuf| !file.ends_with("Cargo.lock");
    let mut by_hand = files.keys().filter(is_written_by_hand);
    if by_hand.any(|file| is_newer(file, started)) {
        // The build that this requires prepares again.
        return Err(Stop::Ordered);
    }
    Ok(files)
}

/// The ids of the crates that read a file.
fn owners(invocations: &BTreeMap<String, Invocation>, root: &Path) -> Owners {
    let mut owners = Owners::new();
    for invocation in invocations.values() {
        let directory = invocation.directory(root);
        let directory = directory.as_deref().unwrap_or(root);
        for source in sources(&invocation.dep_info(), directory) {
            owners.entry(source).or_default().insert(invocation.id());
        }
    }
    owners
}

/// Files written within this time of each other were written by one command: a generator writes an app's files, and a
/// line in the project's crate.
const AT_ONCE: Duration = Duration::from_millis(10);

/// The id of the library that the files written last belong to; of several, the one with most of these files.
fn latest(owners: &Owners, invocations: &BTreeMap<String, Invocation>) -> Option<String> {
    let of_libraries = owners.iter().filter_map(|(file, ids)| {
        let id = ids.first().filter(|_| ids.len() == 1)?;
        let invocation = invocations.get(id).filter(|unit| unit.is_library())?;
        Some((modified(file)?, invocation.id()))
    });
    let files: Vec<(SystemTime, String)> = of_libraries.collect();
    most_at_last(&files)
}

fn most_at_last(files: &[(SystemTime, String)]) -> Option<String> {
    let (last, _) = files.iter().max()?;
    let mut counts: BTreeMap<&str, (usize, SystemTime)> = BTreeMap::new();
    for (time, id) in files {
        let is_late = last.duration_since(*time).is_ok_and(|age| age <= AT_ONCE);
        if is_late {
            let (count, newest) = counts.entry(id).or_insert((0, *time));
            *count += 1;
            *newest = (*newest).max(*time);
        }
    }
    let most = counts.into_iter().max_by_key(|(_, found)| *found);
    most.map(|(id, _)| id.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_crate_with_most_of_the_last_files_is_prepared() {
        let at = |milliseconds| SystemTime::UNIX_EPOCH + Duration::from_millis(milliseconds);
        type Files = &'static [(u64, &'static str)];
        let cases: [(Files, Option<&str>); 4] = [
            (&[], None),
            (&[(0, "shop"), (500, "books")], Some("books")),
            (
                &[
                    (0, "accounts"),
                    (0, "accounts"),
                    (0, "accounts"),
                    (496, "books"),
                    (496, "books"),
                    (500, "shop"),
                ],
                Some("books"),
            ),
            (&[(500, "books"), (503, "shop")], Some("shop")),
        ];
        for (files, expected) in cases {
            let files: Vec<_> = files
                .iter()
                .map(|(time, id)| (at(*time), (*id).to_owned()))
                .collect();
            assert_eq!(most_at_last(&files).as_deref(), expected, "{files:?}");
        }
    }
}
