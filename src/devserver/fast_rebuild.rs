//! Rebuilds an edited crate without cargo: the crate alone is compiled, and linked to what cargo compiled before.
//!
//! After each build of cargo's, [`prepare`] makes ready, in the background, what an edit will need: the dependencies
//! linked to one shared library ([`deps_dylib`]), the objects of the program's own crate ([`link_recorder`]), and each
//! edited crate compiled once in a folder of its own, so that rustc has an incremental state there, and linked to a
//! shared library. While nothing is edited, the other crates are prepared in the same way. A [`rebuild`] is then one run of rustc for one crate, and a small link. That is correct only if no
//! other crate contains anything of what was edited: [`decide`] knows by syntax ([`body_diff`] where function bodies
//! differ, [`visible`] where more does) and by what is in the object files ([`symbols`]). In every other case, and whenever anything fails, cargo builds. Files of cargo's are read
//! and never written.
//!
//! A second layer, with its own switch, makes rustc start before the edit: [`prewarm`], which uses [`preload`].
//!
//! # How cargo's runs of rustc are known
//!
//! From the lines ``Running `…` `` of `cargo build -vv`, which is passed only where fast rebuilds are on. The alternative
//! is to be cargo's rustc wrapper and to write argv and environment as JSON. Compared by what breaks:
//!
//! - *sccache, or another `RUSTC_WRAPPER`*: `-vv` prints the whole command, the wrapper first, and a rebuild runs exactly
//!   that. A wrapper of ours would have to take the place of the user's and start it in turn.
//! - *`RUSTC_WORKSPACE_WRAPPER`*: cargo hashes it into the file names of workspace crates. With ours set, `cargo build`
//!   and rust-analyzer in the same target directory would compile every workspace crate a second time.
//! - *crates that are fresh*: cargo runs no compiler, so neither way learns of them; hence [`cache`].
//! - *the next cargo*: the lines are meant for people and may change. Then none is parsed, nothing gets prepared, and
//!   every build is cargo's: slower, never wrong. A wrapper's interface is stable, which is its one advantage.
//! - *cost*: a wrapper is one more process for each crate of a full build, several hundred times.

#![expect(
    clippy::disallowed_methods,
    reason = "build output is not a project file, and sources are read as rustc reads them"
)]

mod baseline;
mod body_diff;
mod cache;
mod compile;
mod decide;
mod deps_dylib;
mod exports;
mod files;
mod graph;
mod inside;
mod invocation;
mod items;
mod link_line;
mod link_recorder;
mod mentions;
mod preload;
mod preparation;
mod prepare;
mod prewarm;
mod rebuild;
mod run;
mod signatures;
mod symbols;
mod visible;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use super::cargo_build::accelerator::CargoEvent;
use body_diff::Comparisons;
use decide::Baseline;
use exports::Exports;
use inside::Readings;
use invocation::Invocation;
use link_line::LinkLine;
use prewarm::Prewarmed;

/// The folder for output, beside the program that cargo builds.
const FOLDER: &str = "runserver";

/// After this many crashes of programs built by fast rebuilds, cargo builds all of them.
const MAX_CRASHES: u32 = 3;

/// The state of fast rebuilds. Clones share it.
#[derive(Clone, Debug, Default)]
pub(super) struct FastRebuild {
    observed: Arc<Mutex<Observed>>,
    /// Held during preparation.
    preparing: Arc<tokio::sync::Mutex<()>>,
}

/// What has been observed of cargo's builds.
#[derive(Debug, Default)]
struct Observed {
    /// How cargo compiles the project's crates, by their ids.
    invocations: BTreeMap<String, Invocation>,
    /// The ids of those that the current build compiles.
    compiled_now: BTreeSet<String>,
    /// The libraries of the last build, and the folders of all packages in it.
    libraries: BTreeSet<PathBuf>,
    packages: BTreeSet<PathBuf>,
    /// The ids of the crates that are edited: they are not part of the dependencies' shared library.
    edited: BTreeSet<String>,
    /// Counts cargo's builds: what was prepared after one is outdated after the next.
    build: u64,
    started: Option<SystemTime>,
    /// The program of the last successful build of cargo's.
    program: Option<PathBuf>,
    prepared: Option<Arc<Prepared>>,
    /// How many programs built by fast rebuilds have crashed.
    crashes: u32,
}

/// Everything that a fast rebuild needs.
#[derive(Debug)]
struct Prepared {
    folder: PathBuf,
    /// The id of the program's own crate.
    binary: String,
    /// The program's own crate and the edited ones, by their ids.
    units: BTreeMap<String, Unit>,
    line: LinkLine,
    deps_dylib: PathBuf,
    /// The libraries and objects in that shared library.
    in_deps_dylib: Vec<PathBuf>,
    /// Copies of libraries that are neither in it nor edited, by where cargo writes them.
    copies: BTreeMap<PathBuf, PathBuf>,
    baseline: Mutex<Baseline>,
    exports: Mutex<Exports>,
    comparisons: Mutex<Comparisons>,
    readings: Mutex<Readings>,
    /// The last program.
    linked: Mutex<Linked>,
    /// The library that makes processes pause; without it none is started in advance.
    preload: Option<PathBuf>,
    prewarmed: Mutex<Option<Prewarmed>>,
    /// The ids of crates that were compiled for a program that never came to be.
    uncommitted: Mutex<BTreeSet<String>>,
}

/// A program and its parts.
#[derive(Clone, Debug)]
struct Linked {
    program: PathBuf,
    /// The shared libraries of the edited crates, by where cargo writes their libraries.
    dylibs: BTreeMap<PathBuf, PathBuf>,
}

/// A crate that can be compiled without cargo.
#[derive(Clone, Debug)]
struct Unit {
    invocation: Invocation,
    /// The working directory of rustc.
    directory: PathBuf,
    /// Where it writes.
    folder: PathBuf,
}

impl FastRebuild {
    fn observed(&self) -> MutexGuard<'_, Observed> {
        lock(&self.observed)
    }

    /// Takes in what cargo reports while it builds.
    pub(super) fn observe(&self, event: CargoEvent<'_>) {
        let mut observed = self.observed();
        match event {
            CargoEvent::Started => observed.on_start(),
            CargoEvent::Running(line) => observed.on_rustc(line),
            CargoEvent::Artifact { manifest, library } => observed.on_artifact(manifest, library),
            CargoEvent::Finished(program) => observed.on_finish(program),
        }
    }

    /// A program that was built by a fast rebuild has crashed: the next build is cargo's.
    pub(super) fn disable(&self) {
        let mut observed = self.observed();
        observed.prepared = None;
        observed.crashes += 1;
    }

    /// Whether something can be prepared: everything after a build of cargo's, or a compiler for the next edit.
    pub(super) fn needs_preparation(&self) -> bool {
        let observed = self.observed();
        let is_possible = cfg!(target_os = "linux") && observed.crashes < MAX_CRASHES;
        is_possible && (observed.prepared.is_some() || observed.program.is_some())
    }
}

impl Observed {
    fn on_start(&mut self) {
        self.build += 1;
        self.prepared = None;
        self.program = None;
        self.compiled_now.clear();
        self.libraries.clear();
        self.packages.clear();
        self.started = Some(SystemTime::now());
    }

    fn on_rustc(&mut self, line: &str) {
        if let Some(invocation) = Invocation::read(line) {
            let id = invocation.id();
            // Older invocations of the same target are outdated; one build may compile it in two ways.
            let compiled_now = &self.compiled_now;
            self.invocations.retain(|id, known| {
                compiled_now.contains(id) || !known.is_of_same_target(&invocation)
            });
            self.compiled_now.insert(id.clone());
            self.invocations.insert(id, invocation);
        }
    }

    fn on_artifact(&mut self, manifest: &Path, library: Option<&str>) {
        self.packages.extend(manifest.parent().map(Path::to_owned));
        self.libraries.extend(library.map(PathBuf::from));
    }

    fn on_finish(&mut self, program: &Path) {
        self.program = Some(program.to_owned());
        let compiled: Vec<&Invocation> = self
            .compiled_now
            .iter()
            .filter_map(|id| self.invocations.get(id))
            .collect();
        // After a full build nobody knows which crates are edited.
        if compiled.len() == self.invocations.len() && self.edited.is_empty() {
            return;
        }
        // A library that was compiled although nothing that it uses was, has been edited.
        let edited: Vec<String> = compiled
            .iter()
            .filter(|unit| unit.is_library() && !compiled.iter().any(|other| unit.uses(other)))
            .map(|unit| unit.id())
            .collect();
        self.edited.extend(edited);
    }
}

/// A lock whose holder cannot have left anything half-done.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
