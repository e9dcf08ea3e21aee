//! Going the short way.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::io::Error;
use std::path::{Path, PathBuf};
use std::sync::{MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::mpsc::UnboundedReceiver;

use super::ahead::{Ahead, Edited};
use super::files::{contents, modified, share};
use super::run::{End, link};
use super::{Compiled, Made, Ready, Shortcut};
use crate::devserver::build::{Build, fingerprint};
use crate::devserver::process::Order;
use crate::devserver::state::{Built, Program};

/// How many programs are kept: the older of two generations may still run, and read itself for a backtrace.
const KEPT: u64 = 8;

impl Shortcut {
    /// Something is being written: what the compiler that waits was waiting for, it may be.
    ///
    /// Should more be written before it is time to build, what it makes of this is of no use and is not used.
    pub(in super::super) fn foresee(&self) {
        let Some(ready) = self.known().ready.clone() else {
            return;
        };
        let mut ahead = ready.ahead();
        if let Some(ahead) = ahead.as_mut().filter(|it| !it.has_gone())
            && let Ok(outdated) = ready.outdated()
            && let [only] = outdated.as_slice()
            && ahead.is_for(only.compiled, &only.files)
        {
            ahead.go(&only.files);
        }
    }

    /// Builds the program the short way; `None` when cargo has to.
    pub(in super::super) async fn take(
        &self,
        build: &Build,
        orders: &mut UnboundedReceiver<Order>,
    ) -> Option<Built> {
        let ready = self.known().ready.clone()?;
        let outdated = match ready.outdated() {
            Ok(outdated) => outdated,
            Err(why) => {
                self.known().edited.extend(why.edited);
                build
                    .terminal
                    .detail(format_args!("no short way: {}", why.reason));
                return None;
            }
        };
        match make(build, &ready, outdated, orders).await {
            Ok(built) => Some(built),
            Err(error) => {
                build.terminal.detail(format_args!("no short way: {error}"));
                self.known().ready = None;
                None
            }
        }
    }
}

/// Compiles the crates and links the program.
async fn make(
    build: &Build,
    ready: &Ready,
    outdated: Vec<Outdated<'_>>,
    orders: &mut UnboundedReceiver<Order>,
) -> std::io::Result<Built> {
    let started = Instant::now();
    let names: Vec<&str> = outdated.iter().map(Outdated::name).collect();
    let names = names.join(", ");
    let _progress = build.terminal.progress(&names);
    let place = ready.place()?;
    let mut made = ready.made().clone();
    let mut line = None;
    let mut warnings = Vec::new();
    let (mut compiling, mut had_waited) = (Duration::ZERO, false);
    for Outdated { compiled, files } in outdated {
        let start = Instant::now();
        // Whoever waits for another crate waits in vain.
        let ahead = ready.take_ahead().filter(|it| it.is_for(compiled, &files));
        had_waited |= ahead.is_some();
        let part = (!compiled.invocation.is_binary()).then(|| compiled.part(&ready.line, &place));
        let linking = part
            .as_ref()
            .and_then(|(_, arguments)| ready.link_ahead(build, compiled, arguments));
        let rustc = compiled.compile(build, ahead, orders).await?;
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
                end = link(build, ready.linker(), &arguments, orders).await?;
            }
            if end == End::Stopped {
                return Ok(Built::Cancelled);
            }
            made.parts.insert(compiled.invocation.library(), part);
        } else {
            line = Some(compiled.kept_line()?);
        }
        ready.compiled().extend(files);
    }
    let program = place.join(&build.name);
    made.gather(&place)?;
    match line {
        None => share(&made.program, &program)?,
        Some(line) => {
            let mut in_base = ready.in_base.clone();
            in_base.extend(line.shim());
            let arguments = line.rest(&ready.base, &in_base, &ready.moved, &made.parts, &program);
            if link(build, ready.linker(), &arguments, orders).await? == End::Stopped {
                return Ok(Built::Cancelled);
            }
        }
    }
    made.program = program;
    build.pages.change(|page| page.problems.clear());
    build.show(&warnings);
    let total = started.elapsed();
    build.terminal.step(
        "Built",
        format_args!("{names} in {:.2} s", total.as_secs_f64()),
    );
    build.terminal.detail(format_args!(
        "the short way: rustc{} {:.1} ms, linker {:.1} ms",
        if had_waited { ", which waited," } else { "" },
        compiling.as_secs_f64() * 1000.0,
        (total - compiling).as_secs_f64() * 1000.0
    ));
    let built = Program {
        fingerprint: made.fingerprint()?,
        path: made.program.clone(),
        by_cargo: false,
    };
    *ready.made() = made;
    Ok(Built::Done(built))
}

impl Made {
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

impl Ready {
    /// What each file held when its crate was last compiled, where that is not what cargo compiled.
    fn compiled(&self) -> MutexGuard<'_, BTreeMap<PathBuf, Option<String>>> {
        self.compiled.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn made(&self) -> MutexGuard<'_, Made> {
        self.made.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn linker(&self) -> &OsStr {
        self.binary.invocation.linker()
    }

    /// The compiler that waits.
    fn ahead(&self) -> MutexGuard<'_, Option<Ahead>> {
        self.ahead.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn take_ahead(&self) -> Option<Ahead> {
        self.ahead().take()
    }

    /// Has a compiler wait for the crate that is most likely to be edited next.
    pub(super) fn look_ahead(&self, build: &Build) -> std::io::Result<()> {
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
            let ahead = Ahead::start(build, next, wait)?;
            *self.ahead() = Some(ahead);
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
            Some(_) => Err(format!("{} is part of several crates", file.display())),
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
            .ok_or_else(|| {
                format!(
                    "{} differs in more than bodies of functions",
                    file.display()
                )
            })?;
        let name = of.invocation.crate_name();
        let held = changed.names.iter().find(|it| of.elsewhere.hold(name, it));
        if let Some(function) = held {
            return Err(format!("other crates hold `{function}` too"));
        }
        if changed.opaque && of.leaks {
            return Err(format!(
                "other crates are compiled for what functions of {name} answer with"
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
