//! One fast rebuild: rustc for each edited crate, and the links.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::io::Error;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use tokio::sync::mpsc::UnboundedReceiver;

use super::decide::{Baseline, FilesNow, Outdated, Refusal, decide};
use super::exports::{Part, offered};
use super::files::{contents, is_newer, share, sources};
use super::link_recorder::check_separable;
use super::prewarm::Prewarmed;
use super::run::{End, link};
use super::{FastRebuild, Linked, Prepared, Unit, lock};
use crate::devserver::cargo_build::accelerator::{Accelerated, Outcome, Reason, Request};
use crate::devserver::fingerprint;
use crate::devserver::process::Order;
use crate::devserver::state::Program;

/// How many programs are kept: the older of two generations may still run, and read itself for a backtrace.
const KEPT: u64 = 8;

/// How coarse modification times may be.
const CLOCK_TICK: Duration = Duration::from_millis(10);

impl FastRebuild {
    /// Builds the program, if that can be done without cargo.
    pub(in crate::devserver) async fn try_build(
        &self,
        request: &Request,
        orders: &mut UnboundedReceiver<Order>,
    ) -> Outcome {
        let Some(prepared) = self.observed().prepared.clone() else {
            return Outcome::NotApplicable(Reason::NotPrepared);
        };
        let unknown = lock(&prepared.baseline)
            .unknown(&request.changed)
            .map(Path::to_owned);
        let outdated = match (prepared.outdated(), unknown) {
            (Ok(_), Some(file)) => Err(Reason::FileChanged(file).into()),
            (outdated, _) => outdated,
        };
        let outdated = match outdated {
            Ok(outdated) => outdated,
            Err(refusal) => {
                self.observed().edited.extend(refusal.edited);
                return Outcome::NotApplicable(refusal.reason);
            }
        };
        match rebuild(request, &prepared, outdated, orders).await {
            Ok(outcome) => outcome,
            Err(error) => {
                self.observed().prepared = None;
                Outcome::NotApplicable(Reason::Other(error.to_string()))
            }
        }
    }
}

/// The state of a rebuild.
struct Rebuild<'a> {
    request: &'a Request,
    prepared: &'a Prepared,
    /// The folder for the new program.
    folder: PathBuf,
    started: SystemTime,
    linked: Linked,
    /// The crates that were compiled, with the edits: they count once the program is linked.
    compiled: Vec<Outdated>,
    /// The names in them, by the ids of the crates.
    parts: BTreeMap<String, Part>,
    warnings: Vec<String>,
    compiling: Duration,
    prewarmed: bool,
}

/// What came of one crate.
enum Compiled {
    Done,
    Ended(Outcome),
}

async fn rebuild(
    request: &Request,
    prepared: &Prepared,
    outdated: Vec<Outdated>,
    orders: &mut UnboundedReceiver<Order>,
) -> std::io::Result<Outcome> {
    let start = Instant::now();
    let names: Vec<&str> = outdated
        .iter()
        .filter_map(|crate_| Some(prepared.units.get(&crate_.id)?.invocation.crate_name()))
        .collect();
    let names = names.join(", ");
    let _progress = request.tools.terminal.progress(&names);
    let mut rebuild = Rebuild {
        request,
        prepared,
        folder: prepared.new_folder()?,
        started: SystemTime::now() - CLOCK_TICK,
        linked: lock(&prepared.linked).clone(),
        compiled: Vec::new(),
        parts: BTreeMap::new(),
        warnings: Vec::new(),
        compiling: Duration::ZERO,
        prewarmed: false,
    };
    let mut compiled_binary = None;
    for crate_ in outdated {
        let Some(unit) = prepared.units.get(&crate_.id) else {
            return Err(Error::other(format!("{} is not prepared", crate_.id)));
        };
        if let Compiled::Ended(outcome) = rebuild.compile(unit, crate_, orders).await? {
            return Ok(outcome);
        }
        if unit.invocation.is_binary() {
            compiled_binary = Some(unit);
        }
    }
    rebuild.read_parts(compiled_binary)?;
    if let Some(reason) = rebuild.missing()? {
        return Ok(Outcome::NotApplicable(reason));
    }
    if rebuild.link(compiled_binary, orders).await? == End::Stopped {
        return Ok(Outcome::Cancelled);
    }
    let program = Program {
        fingerprint: rebuild.linked.fingerprint()?,
        path: rebuild.linked.program.clone(),
        by_cargo: false,
    };
    let sources = rebuild.commit();
    Ok(Outcome::Built(Accelerated {
        program,
        crates: names,
        warnings: rebuild.warnings,
        sources,
        started: rebuild.started,
        took: start.elapsed(),
        compiling: rebuild.compiling,
        prewarmed: rebuild.prewarmed,
    }))
}

impl Rebuild<'_> {
    /// Compiles one crate, and links it to a shared library unless it is the program's own.
    async fn compile(
        &mut self,
        unit: &Unit,
        outdated: Outdated,
        orders: &mut UnboundedReceiver<Order>,
    ) -> std::io::Result<Compiled> {
        let (tools, prepared) = (&self.request.tools, self.prepared);
        let start = Instant::now();
        // A compiler that was started for another crate is of no use.
        let prewarmed = prepared
            .take_prewarmed()
            .filter(|prewarmed| prewarmed.is_for(unit, &outdated.files));
        self.prewarmed |= prewarmed.is_some();
        let dylib =
            (!unit.invocation.is_binary()).then(|| unit.dylib(&prepared.line, &self.folder));
        let linker = dylib
            .as_ref()
            .and_then(|(_, arguments)| prepared.prewarm_linker(tools, unit, arguments));
        lock(&prepared.uncommitted).insert(outdated.id.clone());
        let rustc = unit.compile(tools, prewarmed, orders).await?;
        self.compiling += start.elapsed();
        match rustc.end {
            End::Stopped => return Ok(Compiled::Ended(Outcome::Cancelled)),
            // A mistake has a place in a file; cargo may be able to repair anything else.
            End::Failed if rustc.errors.iter().all(|error| error.file.is_none()) => {
                let first = rustc.errors.into_iter().next();
                let reason = first.map_or_else(|| "no error".to_owned(), |error| error.title);
                return Err(Error::other(format!("rustc failed: {reason}")));
            }
            End::Failed => return Ok(Compiled::Ended(Outcome::Failed(rustc.errors))),
            End::Succeeded => {}
        }
        self.warnings.extend(rustc.warnings);
        if let Some((dylib, arguments)) = dylib {
            check_separable(&unit.library(), unit.invocation.crate_name())?;
            let mut end = End::Failed;
            if let Some(linker) = linker {
                (end, _) = linker.resume().wait(orders, |_| false).await?;
            }
            if end == End::Failed {
                end = link(tools, prepared.linker(), &arguments, orders).await?;
            }
            if end == End::Stopped {
                return Ok(Compiled::Ended(Outcome::Cancelled));
            }
            let library = unit.invocation.library();
            self.linked.dylibs.insert(library, dylib);
        }
        self.compiled.push(outdated);
        Ok(Compiled::Done)
    }

    /// Reads the names in what was compiled.
    fn read_parts(&mut self, compiled_binary: Option<&Unit>) -> std::io::Result<()> {
        for outdated in &self.compiled {
            let Some(unit) = self.prepared.units.get(&outdated.id) else {
                continue;
            };
            if !unit.invocation.is_binary() {
                let part = Part::read([&*unit.library()])?;
                self.parts.insert(outdated.id.clone(), part);
            }
        }
        if let Some(unit) = compiled_binary {
            let part = Part::read(unit.recorded_line()?.objects())?;
            self.parts.insert(unit.invocation.id(), part);
        }
        Ok(())
    }

    /// The first function that other parts of the program use, and that no part has now.
    fn missing(&self) -> std::io::Result<Option<Reason>> {
        let exports = lock(&self.prepared.exports);
        let offered = || offered(&self.prepared.deps_dylib);
        let first = exports.first_missing(&self.parts, offered)?;
        Ok(first.map(|(id, function)| no_longer_defined(&self.prepared.units, id, function)))
    }

    /// The program is linked: what it was compiled from is the baseline of the next edit. Returns the sources of the
    /// crates that were compiled.
    fn commit(&mut self) -> BTreeSet<PathBuf> {
        *lock(&self.prepared.linked) = self.linked.clone();
        let mut exports = lock(&self.prepared.exports);
        for (id, part) in std::mem::take(&mut self.parts) {
            exports.add(id, part);
        }
        drop(exports);
        let mut baseline = lock(&self.prepared.baseline);
        let mut all = BTreeSet::new();
        for outdated in std::mem::take(&mut self.compiled) {
            lock(&self.prepared.uncommitted).remove(&outdated.id);
            let files = outdated.files.into_iter().collect();
            baseline.compiled(&outdated.id, files);
            if let Some(unit) = self.prepared.units.get(&outdated.id) {
                all.extend(self.note_sources(unit, &mut baseline));
            }
        }
        all
    }

    /// Adds files that the crate reads since this edit to those that are compared, and returns all that it reads.
    fn note_sources(&self, unit: &Unit, baseline: &mut Baseline) -> BTreeSet<PathBuf> {
        let read = sources(&unit.dep_info(), &unit.directory);
        let is_known = |file: &Path| {
            baseline.by_cargo.contains_key(file) || baseline.recompiled.contains_key(file)
        };
        let new: FilesNow = read
            .iter()
            .filter(|file| !is_known(file))
            .map(|file| {
                // Who knows whether the compiler has read it before or after it was written.
                let contents = match is_newer(file, self.started) {
                    true => Some("\0".to_owned()),
                    false => contents(file),
                };
                (file.clone(), contents)
            })
            .collect();
        let again: Vec<PathBuf> = read.iter().filter(|file| is_known(file)).cloned().collect();
        let id = unit.invocation.id();
        baseline.compiled(&id, new);
        for file in again {
            // It may have been another crate's alone.
            baseline.owners.entry(file).or_default().insert(id.clone());
        }
        read
    }

    /// Links the program if its own crate was compiled, and brings its parts together.
    async fn link(
        &mut self,
        compiled_binary: Option<&Unit>,
        orders: &mut UnboundedReceiver<Order>,
    ) -> std::io::Result<End> {
        let prepared = self.prepared;
        let program = self.folder.join(&self.request.name);
        self.linked.gather(&self.folder)?;
        match compiled_binary {
            None => share(&self.linked.program, &program)?,
            Some(unit) => {
                let line = unit.recorded_line()?;
                let mut in_deps_dylib = prepared.in_deps_dylib.clone();
                in_deps_dylib.extend(line.shim());
                let arguments = line.program(
                    &prepared.deps_dylib,
                    &in_deps_dylib,
                    &prepared.copies,
                    &self.linked.dylibs,
                    &program,
                );
                let end = link(&self.request.tools, prepared.linker(), &arguments, orders).await?;
                if end == End::Stopped {
                    return Ok(end);
                }
            }
        }
        self.linked.program = program;
        Ok(End::Succeeded)
    }
}

/// A function, by its mangled name, of the crate by its id.
pub(super) fn no_longer_defined(
    units: &BTreeMap<String, Unit>,
    id: &str,
    function: &str,
) -> Reason {
    let unit = units.get(id);
    let name = unit.map_or(id, |unit| unit.invocation.crate_name());
    let function = format!("{:#}", rustc_demangle::demangle(function));
    Reason::NoLongerDefined(function, name.to_owned())
}

impl Linked {
    /// Brings all parts together in one folder.
    fn gather(&mut self, folder: &Path) -> std::io::Result<()> {
        for dylib in self.dylibs.values_mut() {
            let here = folder.join(dylib.file_name().unwrap_or_default());
            if *dylib != here {
                share(dylib, &here)?;
                *dylib = here;
            }
        }
        Ok(())
    }

    /// A number that is equal for equal programs of equal parts.
    fn fingerprint(&self) -> std::io::Result<u64> {
        let files = self.dylibs.values().chain([&self.program]);
        fingerprint::files(files.map(PathBuf::as_path))
    }
}

impl Prepared {
    pub(super) fn linker(&self) -> &OsStr {
        let binary = self.units.get(&self.binary);
        binary.map_or(OsStr::new("cc"), |unit| unit.invocation.linker())
    }

    pub(super) fn take_prewarmed(&self) -> Option<Prewarmed> {
        lock(&self.prewarmed).take()
    }

    /// The crates that have to be compiled now.
    pub(super) fn outdated(&self) -> Result<Vec<Outdated>, Refusal> {
        let baseline = lock(&self.baseline);
        let now: FilesNow = baseline
            .files()
            .into_iter()
            .map(|file| (file.to_owned(), contents(file)))
            .collect();
        let outdated = decide(
            &baseline,
            &now,
            &mut lock(&self.comparisons),
            &mut lock(&self.readings),
        )?;
        let mut used = outdated
            .iter()
            .filter_map(|crate_| self.units.get(&crate_.id))
            .flat_map(|unit| unit.invocation.externs());
        // As after `cargo clean`.
        match used.find(|library| !library.is_file()) {
            Some(gone) => Err(Reason::Missing(gone.to_owned()).into()),
            None => Ok(outdated),
        }
    }

    /// Whether the last program is what the files are now.
    pub(super) fn is_current(&self) -> bool {
        match self.outdated() {
            Ok(_) => false,
            Err(refusal) => matches!(refusal.reason, Reason::NothingChanged),
        }
    }

    /// A new folder for a program.
    fn new_folder(&self) -> std::io::Result<PathBuf> {
        let programs = self.folder.join("programs");
        std::fs::create_dir_all(&programs)?;
        let mut last: u64 = 0;
        for entry in std::fs::read_dir(&programs)? {
            let number = entry?
                .file_name()
                .to_str()
                .and_then(|name| name.parse().ok());
            last = last.max(number.unwrap_or(0));
        }
        if let Some(old) = last.checked_sub(KEPT) {
            // It may have been removed already.
            let _ = std::fs::remove_dir_all(programs.join(old.to_string()));
        }
        let folder = programs.join((last + 1).to_string());
        std::fs::create_dir_all(&folder)?;
        Ok(folder)
    }
}
