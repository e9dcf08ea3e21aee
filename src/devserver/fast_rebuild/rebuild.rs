//! Going the short way.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::io::Error;
use std::path::{Path, PathBuf};
use std::sync::{MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::mpsc::UnboundedReceiver;

use super::files::{contents, modified, share};
use super::prewarm::{Edited, Prewarmed};
use super::run::{End, link};
use super::{Compiled, FastRebuild, Linked, Prepared};
use crate::devserver::build::{Build, fingerprint};
use crate::devserver::process::Order;
use crate::devserver::state::{Built, Program};

/// How many programs are kept: the older of two generations may still run, and read itself for a backtrace.
const KEPT: u64 = 8;

impl FastRebuild {
    /// Something is being written: what the compiler that waits was waiting for, it may be.
    ///
    /// Should more be written before it is time to build, what it makes of this is of no use and is not used.
    pub(in super::super) fn on_early_write(&self) {
        let Some(prepared) = self.observed().prepared.clone() else {
            return;
        };
        let mut prewarmed = prepared.prewarmed();
        if let Some(prewarmed) = prewarmed.as_mut().filter(|it| !it.has_gone())
            && let Ok(outdated) = prepared.outdated()
            && let [only] = outdated.as_slice()
            && prewarmed.is_for(only.compiled, &only.files)
        {
            prewarmed.go(&only.files);
        }
    }

    /// Builds the program the short way; `None` when cargo has to.
    pub(in super::super) async fn try_build(
        &self,
        build: &Build,
        orders: &mut UnboundedReceiver<Order>,
    ) -> Option<Built> {
        let prepared = self.observed().prepared.clone()?;
        let outdated = match prepared.outdated() {
            Ok(outdated) => outdated,
            Err(why) => {
                self.observed().edited.extend(why.edited);
                build
                    .terminal
                    .detail(format_args!("falling back to cargo: {}", why.reason));
                return None;
            }
        };
        match make(build, &prepared, outdated, orders).await {
            Ok(built) => Some(built),
            Err(error) => {
                build
                    .terminal
                    .detail(format_args!("falling back to cargo: {error}"));
                self.observed().prepared = None;
                None
            }
        }
    }
}

/// Compiles the crates and links the program.
async fn make(
    build: &Build,
    prepared: &Prepared,
    outdated: Vec<Outdated<'_>>,
    orders: &mut UnboundedReceiver<Order>,
) -> std::io::Result<Built> {
    let started = Instant::now();
    let names: Vec<&str> = outdated.iter().map(Outdated::name).collect();
    let names = names.join(", ");
    let _progress = build.terminal.progress(&names);
    let place = prepared.place()?;
    let mut linked = prepared.linked().clone();
    let mut line = None;
    let mut warnings = Vec::new();
    let (mut compiling, mut had_waited) = (Duration::ZERO, false);
    for Outdated { compiled, files } in outdated {
        let start = Instant::now();
        // Whoever waits for another crate waits in vain.
        let prewarmed = prepared
            .take_prewarmed()
            .filter(|it| it.is_for(compiled, &files));
        had_waited |= prewarmed.is_some();
        let part =
            (!compiled.invocation.is_binary()).then(|| compiled.part(&prepared.line, &place));
        let linking = part
            .as_ref()
            .and_then(|(_, arguments)| prepared.prewarm_linker(build, compiled, arguments));
        let rustc = compiled.compile(build, prewarmed, orders).await?;
        compiling += start.elapsed();
        match rustc.end {
            End::Stopped => return Ok(Built::Cancelled),
            // A mistake has a place in a file; whatever else is wrong, cargo may know how to put right.
            End::Failed if rustc.errors.iter().all(|error| error.file.is_none()) => {
                let first = rustc.errors.into_iter().next();
                let why = first.map_or_else(|| "without an error".to_owned(), |it| it.title);
                return Err(Error::other(format!("rustc failed: {why}")));
            }
            End::Failed => {
                build.failed(rustc.errors, &[]);
                return Ok(Built::Failed);
            }
            End::Good => {}
        }
        warnings.extend(rustc.warnings);
        if let Some((part, arguments)) = part {
            let mut end = End::Failed;
            if let Some(linking) = linking {
                (end, _) = linking.opened().end(orders, |_| false).await?;
            }
            if end == End::Failed {
                end = link(build, prepared.linker(), &arguments, orders).await?;
            }
            if end == End::Stopped {
                return Ok(Built::Cancelled);
            }
            linked.parts.insert(compiled.invocation.library(), part);
        } else {
            line = Some(compiled.recorded_line()?);
        }
        prepared.compiled().extend(files);
    }
    let program = place.join(&build.name);
    linked.gather(&place)?;
    match line {
        None => share(&linked.program, &program)?,
        Some(line) => {
            let mut in_deps_dylib = prepared.in_deps_dylib.clone();
            in_deps_dylib.extend(line.shim());
            let arguments = line.rest(
                &prepared.deps_dylib,
                &in_deps_dylib,
                &prepared.moved,
                &linked.parts,
                &program,
            );
            if link(build, prepared.linker(), &arguments, orders).await? == End::Stopped {
                return Ok(Built::Cancelled);
            }
        }
    }
    linked.program = program;
    build.pages.change(|page| page.problems.clear());
    build.show(&warnings);
    let total = started.elapsed();
    build.terminal.step(
        "Built",
        format_args!("{names} in {:.2} s", total.as_secs_f64()),
    );
    build.terminal.detail(format_args!(
        "fast rebuild: rustc{} {:.1} ms, linker {:.1} ms",
        if had_waited { " (prewarmed)" } else { "" },
        compiling.as_secs_f64() * 1000.0,
        (total - compiling).as_secs_f64() * 1000.0
    ));
    let built = Program {
        fingerprint: linked.fingerprint()?,
        path: linked.program.clone(),
        by_cargo: false,
    };
    *prepared.linked() = linked;
    Ok(Built::Done(built))
}

impl Linked {
    /// Brings all parts together in one folder.
    fn gather(&mut self, place: &Path) -> std::io::Result<()> {
        for part in self.parts.values_mut() {
            let here = place.join(part.file_name().unwrap_or_default());
            if *part != here {
                share(part, &here)?;
                *part = here;
            }
        }
        Ok(())
    }

    /// A number that is equal for equal programs of equal parts.
    fn fingerprint(&self) -> std::io::Result<u64> {
        let files = self.parts.values().chain([&self.program]);
        let mut hash = crc32fast::Hasher::new();
        let mut length = 0;
        for file in files {
            let of_file = fingerprint(file)?;
            hash.update(&of_file.to_le_bytes());
            length += of_file & 0xffff_ffff;
        }
        Ok(u64::from(hash.finalize()) << 32 | (length & 0xffff_ffff))
    }
}

/// Why cargo has to build.
struct Refusal {
    reason: String,
    /// Crates that may go the short way next time.
    edited: BTreeSet<String>,
}

impl From<String> for Refusal {
    fn from(reason: String) -> Self {
        Self {
            reason,
            edited: BTreeSet::new(),
        }
    }
}

/// A crate to be compiled.
struct Outdated<'a> {
    compiled: &'a Compiled,
    /// Its files that differ from what it was compiled from, and what they hold.
    files: Vec<Edited>,
}

impl Outdated<'_> {
    fn name(&self) -> &str {
        self.compiled.invocation.crate_name()
    }
}

impl Prepared {
    /// What each file held when its crate was last compiled, where that is not what cargo compiled.
    fn compiled(&self) -> MutexGuard<'_, BTreeMap<PathBuf, Option<String>>> {
        self.compiled.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn linked(&self) -> MutexGuard<'_, Linked> {
        self.linked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn linker(&self) -> &OsStr {
        self.binary.invocation.linker()
    }

    /// The compiler that waits.
    fn prewarmed(&self) -> MutexGuard<'_, Option<Prewarmed>> {
        self.prewarmed
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn take_prewarmed(&self) -> Option<Prewarmed> {
        self.prewarmed().take()
    }

    /// Has a compiler wait for the crate that is most likely to be edited next.
    pub(super) fn prewarm(&self, build: &Build) -> std::io::Result<()> {
        let Some(wait) = &self.wait else {
            return Ok(());
        };
        let written = |it: &&Compiled| {
            let id = it.invocation.id();
            let of_crate = self
                .owners
                .iter()
                .filter(|(_, owners)| owners.contains(&id));
            of_crate.filter_map(|(file, _)| modified(file)).max()
        };
        let crates = self.crates.values().chain([&self.binary]);
        if let Some(next) = crates.max_by_key(written) {
            let prewarmed = Prewarmed::start(build, next, wait)?;
            *self.prewarmed() = Some(prewarmed);
        }
        Ok(())
    }

    /// The crates that are to be compiled again, if since cargo's build nothing was edited but bodies of functions
    /// that no other crate holds.
    fn outdated(&self) -> Result<Vec<Outdated<'_>>, Refusal> {
        let mut outdated: BTreeMap<&str, Outdated<'_>> = BTreeMap::new();
        let mut unready = BTreeSet::new();
        let compiled = self.compiled();
        for (file, by_cargo) in &self.files {
            let now = contents(file);
            let last = compiled.get(file).unwrap_or(by_cargo);
            if now == *by_cargo && now == *last {
                continue;
            }
            let owner = self.owner(file)?;
            let Some(of) = self.crate_of(owner) else {
                unready.insert(owner.to_owned());
                continue;
            };
            if !of.invocation.is_binary() {
                self.check(of, file, by_cargo.as_deref(), now.as_deref())?;
            }
            if now != *last {
                let outdated = outdated.entry(owner).or_insert(Outdated {
                    compiled: of,
                    files: Vec::new(),
                });
                outdated.files.push((file.clone(), now));
            }
        }
        if !unready.is_empty() {
            return Err(Refusal {
                reason: "a crate is edited for the first time".to_owned(),
                edited: unready,
            });
        }
        if outdated.is_empty() {
            return Err("no file of a crate has changed".to_owned().into());
        }
        let mut used = outdated
            .values()
            .flat_map(|it| it.compiled.invocation.externs());
        if let Some(gone) = used.find(|it| !it.is_file()) {
            return Err(format!("{} is gone", gone.display()).into());
        }
        Ok(outdated.into_values().collect())
    }

    /// The id of the one crate that a file is part of.
    fn owner(&self, file: &Path) -> Result<&str, String> {
        match self.owners.get(file) {
            Some(owners) if owners.len() == 1 => {
                Ok(owners.first().map_or("", |owner| owner.as_str()))
            }
            Some(_) => Err(format!("{} belongs to several crates", file.display())),
            None => Err(format!("{} has changed", file.display())),
        }
    }

    fn crate_of(&self, id: &str) -> Option<&Compiled> {
        if self.binary.invocation.id() == id {
            return Some(&self.binary);
        }
        self.crates.get(id)
    }

    /// That other crates need not be compiled again.
    fn check(
        &self,
        of: &Compiled,
        file: &Path,
        before: Option<&str>,
        after: Option<&str>,
    ) -> Result<(), String> {
        let changed = before
            .zip(after)
            .and_then(|(before, after)| {
                let mut comparisons = self
                    .comparisons
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner);
                comparisons.changed_bodies(file, before, after)
            })
            .ok_or_else(|| format!("{} differs in more than function bodies", file.display()))?;
        let name = of.invocation.crate_name();
        let held = changed.names.iter().find(|it| of.copies.hold(name, it));
        if let Some(function) = held {
            return Err(format!("other crates contain copies of `{function}`"));
        }
        if changed.opaque && of.layout_is_used {
            return Err(format!(
                "other crates depend on the return types of functions of {name}"
            ));
        }
        Ok(())
    }

    /// A new folder for a program.
    #[expect(
        clippy::disallowed_methods,
        reason = "what is built is no file of the project"
    )]
    fn place(&self) -> std::io::Result<PathBuf> {
        let programs = self.folder.join("programs");
        std::fs::create_dir_all(&programs)?;
        let mut last: u64 = 0;
        for entry in std::fs::read_dir(&programs)? {
            let number = entry?.file_name().to_str().and_then(|it| it.parse().ok());
            last = last.max(number.unwrap_or(0));
        }
        if let Some(old) = last.checked_sub(KEPT) {
            // It has been removed before when the numbers began anew.
            let _ = std::fs::remove_dir_all(programs.join(old.to_string()));
        }
        let place = programs.join((last + 1).to_string());
        std::fs::create_dir_all(&place)?;
        Ok(place)
    }
}
