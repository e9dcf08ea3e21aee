//! A compiler that is started before it is needed, and pauses until the edit. The second layer: it has its own switch.
//!
//! It has loaded its incremental state, and has memory at hand, when it comes to the first source file that may change,
//! and pauses there. What it has read by then must not change meanwhile: that is the crate's root file, unless that is
//! the file that is edited.

use std::io::Error;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::sync::mpsc::UnboundedReceiver;

use super::decide::Edited;
use super::files::{free_memory, modified, sources_as_read};
use super::preload::Paused;
use super::run::Running;
use super::{FastRebuild, Prepared, Unit, lock};
use crate::devserver::cargo_build::accelerator::{Reason, Request, Tools};
use crate::devserver::process::Order;

/// How much memory is mapped in advance, in bytes: about what an edit of a crate with one model takes.
const MEMORY: u64 = 192 << 20;

/// How much memory has to remain free, in bytes.
const RESERVE: u64 = 1 << 30;

/// How long a compiler is kept.
const PATIENCE: Duration = Duration::from_secs(15 * 60);

/// A paused compiler.
#[derive(Debug)]
pub(super) struct Prewarmed {
    /// The id of the crate that it is to compile.
    id: String,
    /// A file that it has read already, and its modification time then.
    read: Option<(PathBuf, Option<SystemTime>)>,
    /// The edit that it was resumed for.
    resumed_for: Option<Vec<Seen>>,
    paused: Paused,
}

/// A file, its contents, and its modification time.
type Seen = (PathBuf, Option<String>, Option<SystemTime>);

impl Prewarmed {
    /// Starts a compiler for the next edit of a crate, paused by the library `preload`.
    fn start(tools: &Tools, unit: &Unit, preload: &Path) -> std::io::Result<Self> {
        let free = free_memory().unwrap_or_default();
        if free < MEMORY + RESERVE {
            return Err(Error::other("there is little memory left"));
        }
        let Some(root) = unit.invocation.source() else {
            return Err(Error::other("the crate has no root file"));
        };
        let mut files = sources_as_read(&unit.dep_info())?;
        files.insert(root.clone());
        let written = |file: &PathBuf| modified(&unit.directory.join(file));
        let is_edited = files.iter().max_by_key(|file| written(file)) == Some(&root);
        let read = (!is_edited && files.len() > 1).then(|| {
            files.retain(|file| *file != root);
            let path = unit.directory.join(&root);
            let time = modified(&path);
            (path, time)
        });
        let files: Option<Vec<&str>> = files.iter().map(|file| file.to_str()).collect();
        let files = files.ok_or_else(|| Error::other("a file name is not UTF-8"))?;
        let mut command = unit.rustc()?;
        command.env("LUTHIER_WAIT_MEMORY", MEMORY.to_string());
        Ok(Self {
            id: unit.invocation.id(),
            read,
            resumed_for: None,
            paused: Paused::start(tools, command, preload, &files.join("\n"))?,
        })
    }

    /// Whether it compiles the crate as it is now, with these edits.
    pub(super) fn is_for(&self, unit: &Unit, files: &[Edited]) -> bool {
        let mut read = self.read.iter();
        self.id == unit.invocation.id()
            && read.all(|(file, time)| modified(file) == *time)
            && self
                .resumed_for
                .as_ref()
                .is_none_or(|resumed_for| *resumed_for == seen(files))
    }

    /// The running compiler.
    pub(super) fn resume(self) -> Running {
        self.paused.resume()
    }
}

/// Whether the file is empty: most editors truncate a file and then write it, and the text comes with the next event.
fn is_truncated((_, text): &Edited) -> bool {
    text.as_ref().is_some_and(String::is_empty)
}

fn seen(files: &[Edited]) -> Vec<Seen> {
    let files = files.iter();
    files
        .map(|(file, text)| (file.clone(), text.clone(), modified(file)))
        .collect()
}

impl FastRebuild {
    /// A source file is being written; the build that it needs will be requested soon. The paused compiler is resumed
    /// already: if more is written before the build starts, its result is not used. A truncated file is not resumed for.
    pub(in crate::devserver) fn on_early_write(&self) {
        let Some(prepared) = self.observed().prepared.clone() else {
            return;
        };
        let mut prewarmed = lock(&prepared.prewarmed);
        if let Some(prewarmed) = prewarmed.as_mut()
            && prewarmed.resumed_for.is_none()
            && let Ok(outdated) = prepared.outdated()
            && let [only] = outdated.as_slice()
            && !only.files.iter().any(is_truncated)
            && let Some(unit) = prepared.units.get(&only.id)
            && prewarmed.is_for(unit, &only.files)
        {
            prewarmed.resumed_for = Some(seen(&only.files));
            prewarmed.paused.open();
        }
    }

    /// Starts a compiler for the next edit.
    pub(in crate::devserver) fn prewarm(&self, request: &Request) -> Result<(), Reason> {
        match self.observed().prepared.clone() {
            Some(prepared) => prepared
                .prewarm(&request.tools)
                .map_err(|error| Reason::Other(error.to_string())),
            None => Ok(()),
        }
    }

    /// Keeps the compiler until an order comes, which is with the next build, or for a while: it holds its memory.
    pub(in crate::devserver) async fn keep_prewarmed(&self, orders: &mut UnboundedReceiver<Order>) {
        let Some(prepared) = self.observed().prepared.as_ref().map(Arc::downgrade) else {
            return;
        };
        if tokio::time::timeout(PATIENCE, orders.recv()).await.is_err()
            && let Some(prepared) = prepared.upgrade()
        {
            prepared.take_prewarmed();
        }
    }
}

impl Prepared {
    /// Starts a compiler for the crate that is most likely to be edited next: the one edited last.
    fn prewarm(&self, tools: &Tools) -> std::io::Result<()> {
        let Some(preload) = &self.preload else {
            return Ok(());
        };
        let next = {
            let baseline = lock(&self.baseline);
            let written = |id: &&String| {
                let files = baseline.owners.iter();
                files
                    .filter(|(_, owners)| owners.contains(*id))
                    .filter_map(|(file, _)| modified(file))
                    .max()
            };
            self.units.keys().max_by_key(written).cloned()
        };
        if let Some(unit) = next.and_then(|id| self.units.get(&id)) {
            let prewarmed = Prewarmed::start(tools, unit, preload)?;
            *lock(&self.prewarmed) = Some(prewarmed);
        }
        Ok(())
    }

    /// Starts the linker for a crate that is still being compiled: it pauses at the crate's library.
    pub(super) fn prewarm_linker(
        &self,
        tools: &Tools,
        unit: &Unit,
        arguments: &[String],
    ) -> Option<Paused> {
        let (preload, library) = (self.preload.as_ref()?, unit.library());
        // The linker driver checks that the file exists.
        if !library.is_file() {
            return None;
        }
        let mut command = super::run::linker(self.linker(), arguments);
        // The linker opens it, not its driver.
        command.env("LUTHIER_WAIT_BELOW", "yes");
        Paused::start(tools, command, preload, library.to_str()?).ok()
    }
}
