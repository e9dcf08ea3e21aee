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

mod ahead;
mod base;
mod edit;
mod files;
mod graph;
mod invocation;
mod keep;
mod link;
mod memory;
mod prepare;
mod run;
mod symbols;
mod take;
mod wait;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use ahead::Ahead;
use edit::Comparisons;
use invocation::Invocation;
use link::LinkLine;
use symbols::Symbols;

/// Where what is made lies, beside the program that cargo makes.
const FOLDER: &str = "runserver";

/// After so many deaths of programs that were made the short way, cargo makes them all.
const ENOUGH: u32 = 3;

/// What is known of the short way. Clones share it.
#[derive(Clone, Debug, Default)]
pub(super) struct Shortcut {
    known: Arc<Mutex<Known>>,
    /// Held while something is being made ready.
    preparing: Arc<tokio::sync::Mutex<()>>,
}

#[derive(Debug, Default)]
struct Known {
    /// How cargo has the project's crates compiled, by their ids.
    invocations: BTreeMap<String, Invocation>,
    /// Those of the build that runs.
    heard: BTreeSet<String>,
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
    ready: Option<Arc<Ready>>,
    /// How many programs that were made the short way have died.
    deaths: u32,
}

/// All that it takes to go the short way.
#[derive(Debug)]
struct Ready {
    folder: PathBuf,
    /// The program's own crate.
    binary: Compiled,
    line: LinkLine,
    base: PathBuf,
    /// What is linked in the shared library, and so not again.
    in_base: Vec<PathBuf>,
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
    made: Mutex<Made>,
    /// The library that makes programs wait; without it none does.
    wait: Option<PathBuf>,
    /// The compiler that waits for the next edit.
    ahead: Mutex<Option<Ahead>>,
}

/// A program and its parts.
#[derive(Clone, Debug)]
struct Made {
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
    elsewhere: Symbols,
    /// Whether other crates were compiled for the size of what only bodies of its functions tell.
    leaks: bool,
}

impl Shortcut {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Cargo starts to build: nothing that was made ready will be of use.
    pub(super) fn cargo_starts(&self) {
        let mut known = self.known();
        known.build += 1;
        known.ready = None;
        known.program = None;
        known.heard.clear();
        known.libraries.clear();
        known.packages.clear();
        known.started = Some(SystemTime::now());
    }

    /// A status line of cargo's.
    pub(super) fn hear(&self, line: &str) {
        if let Some(invocation) = Invocation::read(line) {
            let mut known = self.known();
            let id = invocation.id();
            // What it was compiled like before is of no use; in one build it may be compiled for two purposes.
            let Known {
                heard, invocations, ..
            } = &mut *known;
            invocations.retain(|id, it| heard.contains(id) || !it.is_of_same_target(&invocation));
            known.heard.insert(id.clone());
            known.invocations.insert(id, invocation);
        }
    }

    /// Cargo made something, or found it to be current, of the package with the manifest.
    pub(super) fn found(&self, manifest: &Path, library: Option<String>) {
        let mut known = self.known();
        known.packages.extend(manifest.parent().map(Path::to_owned));
        known.libraries.extend(library.map(PathBuf::from));
    }

    /// Cargo's build came to a good end with `program`.
    pub(super) fn cargo_ended(&self, program: &Path) {
        let mut known = self.known();
        known.program = Some(program.to_owned());
        // What was compiled because nothing else was is what was edited; when all was compiled there is no telling.
        let heard: Vec<&Invocation> = known
            .heard
            .iter()
            .filter_map(|id| known.invocations.get(id))
            .collect();
        if heard.len() == known.invocations.len() && known.edited.is_empty() {
            return;
        }
        let first: Vec<String> = heard
            .iter()
            .filter(|it| it.is_library() && !heard.iter().any(|other| it.uses(other)))
            .map(|it| it.id())
            .collect();
        known.edited.extend(first);
    }

    /// A program that was made the short way has died: the next one is made by cargo.
    pub(super) fn distrust(&self) {
        let mut known = self.known();
        known.ready = None;
        known.deaths += 1;
    }

    /// Whether something is to be made ready: all, after cargo has built, or a compiler that waits.
    pub(super) fn is_to_be_prepared(&self) -> bool {
        let known = self.known();
        let may_work = cfg!(target_os = "linux") && known.deaths < ENOUGH;
        may_work && (known.ready.is_some() || known.program.is_some())
    }
}
