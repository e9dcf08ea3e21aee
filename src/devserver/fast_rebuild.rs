//! The short way from an edit to a new program, past cargo: the edited crate alone is compiled, and linked to what
//! cargo compiled before.
//!
//! After each of its builds cargo's runs of rustc are known, and [`prepare`] makes ready, while the person reads, what
//! an edit will need: the dependencies linked to one shared library, the program's own objects, and the edited crates
//! compiled once into a place of their own, so that rustc remembers them, and each linked to a shared library. The
//! [`take`]n way is then one run of rustc for one crate, which has been started [`ahead`] and waits, and a small link.
//! That is right only when other crates hold nothing of what was edited: [`edit`]
//! tells by syntax, [`symbols`] by what is compiled. In every other case, and when anything goes wrong, cargo builds.
//!
//! Cargo's own files are read and never written.

mod body_diff;
mod cache;
mod deps_dylib;
mod files;
mod graph;
mod invocation;
mod link_line;
mod link_recorder;
mod preload;
mod prepare;
mod prewarm;
mod rebuild;
mod run;
mod symbols;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use body_diff::Comparisons;
use invocation::Invocation;
use link_line::LinkLine;
use prewarm::Prewarmed;
use symbols::Symbols;

/// Where what is made lies, beside the program that cargo makes.
const FOLDER: &str = "runserver";

/// After so many deaths of programs that were made the short way, cargo makes them all.
const ENOUGH: u32 = 3;

/// What is known of the short way. Clones share it.
#[derive(Clone, Debug, Default)]
pub(super) struct FastRebuild {
    observed: Arc<Mutex<Observed>>,
    /// Held while something is being made ready.
    preparing: Arc<tokio::sync::Mutex<()>>,
}

#[derive(Debug, Default)]
struct Observed {
    /// How cargo has the project's crates compiled, by their ids.
    invocations: BTreeMap<String, Invocation>,
    /// Those of the build that runs.
    compiled_now: BTreeSet<String>,
    /// Libraries that the last build made or found, and the folders of all packages that are part of it.
    libraries: BTreeSet<PathBuf>,
    packages: BTreeSet<PathBuf>,
    /// The crates that are edited, by their ids: these are kept out of the shared library.
    edited: BTreeSet<String>,
    /// Counts builds: what was made ready for one is of no use after the next.
    build: u64,
    started: Option<SystemTime>,
    /// The program of the last good build of cargo's.
    program: Option<PathBuf>,
    prepared: Option<Arc<Prepared>>,
    /// How many programs that were made the short way have died.
    deaths: u32,
}

/// All that it takes to go the short way.
#[derive(Debug)]
struct Prepared {
    folder: PathBuf,
    /// The program's own crate.
    binary: Compiled,
    line: LinkLine,
    deps_dylib: PathBuf,
    /// What is linked in the shared library, and so not again.
    in_deps_dylib: Vec<PathBuf>,
    /// Where libraries that are neither there nor edited are taken from, by where cargo writes them.
    moved: BTreeMap<PathBuf, PathBuf>,
    /// The edited crates, by their ids.
    crates: BTreeMap<String, Compiled>,
    /// Which crates of the project read a file, by their ids.
    owners: BTreeMap<PathBuf, BTreeSet<String>>,
    /// Every file that decides what cargo makes, and what it held.
    files: BTreeMap<PathBuf, Option<String>>,
    /// What some of them held when their crate was last compiled the short way.
    compiled: Mutex<BTreeMap<PathBuf, Option<String>>>,
    comparisons: Mutex<Comparisons>,
    /// The last program.
    linked: Mutex<Linked>,
    /// The library that makes programs wait; without it none does.
    wait: Option<PathBuf>,
    /// The compiler that waits for the next edit.
    prewarmed: Mutex<Option<Prewarmed>>,
}

/// A program and its parts.
#[derive(Clone, Debug)]
struct Linked {
    program: PathBuf,
    /// The shared libraries of the edited crates, by where cargo has their libraries.
    parts: BTreeMap<PathBuf, PathBuf>,
}

/// A crate that can be compiled without cargo.
#[derive(Clone, Debug)]
struct Compiled {
    invocation: Invocation,
    /// Where rustc runs.
    directory: PathBuf,
    /// Where it writes.
    folder: PathBuf,
    /// What other crates hold of this one.
    copies: Symbols,
    /// Whether other crates were compiled for the size of what only bodies of its functions tell.
    layout_is_used: bool,
}

impl FastRebuild {
    fn observed(&self) -> MutexGuard<'_, Observed> {
        self.observed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Cargo starts to build: nothing that was made ready will be of use.
    pub(super) fn cargo_starts(&self) {
        let mut observed = self.observed();
        observed.build += 1;
        observed.prepared = None;
        observed.program = None;
        observed.compiled_now.clear();
        observed.libraries.clear();
        observed.packages.clear();
        observed.started = Some(SystemTime::now());
    }

    /// A status line of cargo's.
    pub(super) fn on_rustc(&self, line: &str) {
        if let Some(invocation) = Invocation::read(line) {
            let mut observed = self.observed();
            let id = invocation.id();
            // What it was compiled like before is of no use; in one build it may be compiled for two purposes.
            let Observed {
                compiled_now,
                invocations,
                ..
            } = &mut *observed;
            invocations
                .retain(|id, it| compiled_now.contains(id) || !it.is_of_same_target(&invocation));
            observed.compiled_now.insert(id.clone());
            observed.invocations.insert(id, invocation);
        }
    }

    /// Cargo made something, or found it to be current, of the package with the manifest.
    pub(super) fn on_artifact(&self, manifest: &Path, library: Option<String>) {
        let mut observed = self.observed();
        observed
            .packages
            .extend(manifest.parent().map(Path::to_owned));
        observed.libraries.extend(library.map(PathBuf::from));
    }

    /// Cargo's build came to a good end with `program`.
    pub(super) fn cargo_ended(&self, program: &Path) {
        let mut observed = self.observed();
        observed.program = Some(program.to_owned());
        // What was compiled because nothing else was is what was edited; when all was compiled there is no telling.
        let compiled_now: Vec<&Invocation> = observed
            .compiled_now
            .iter()
            .filter_map(|id| observed.invocations.get(id))
            .collect();
        if compiled_now.len() == observed.invocations.len() && observed.edited.is_empty() {
            return;
        }
        let first: Vec<String> = compiled_now
            .iter()
            .filter(|it| it.is_library() && !compiled_now.iter().any(|other| it.uses(other)))
            .map(|it| it.id())
            .collect();
        observed.edited.extend(first);
    }

    /// A program that was made the short way has died: the next one is made by cargo.
    pub(super) fn disable(&self) {
        let mut observed = self.observed();
        observed.prepared = None;
        observed.deaths += 1;
    }

    /// Whether something is to be made ready: all, after cargo has built, or a compiler that waits.
    pub(super) fn needs_preparation(&self) -> bool {
        let observed = self.observed();
        let may_work = cfg!(target_os = "linux") && observed.deaths < ENOUGH;
        may_work && (observed.prepared.is_some() || observed.program.is_some())
    }
}
