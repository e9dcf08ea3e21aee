//! Prepares fast rebuilds after a build of cargo's.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::io::Error;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

use tokio::sync::mpsc::UnboundedReceiver;

use super::body_diff::opaque_functions;
use super::cache::{Cache, restore};
use super::decide::{Baseline, CrateFacts, FilesNow};
use super::exports::{Exports, Part};
use super::files::{
    contents, copy_library, inputs, is_newer, is_newer_than, is_rust, is_same_file, modified,
    sources,
};
use super::graph::{dependents, edited_and_around};
use super::invocation::Invocation;
use super::link_line::LinkLine;
use super::link_recorder::check_separable;
use super::run::{End, Rustc, link};
use super::symbols::Symbols;
use super::{FOLDER, FastRebuild, Linked, Prepared, Unit, deps_dylib, preload};
use crate::devserver::build::accelerator::{Preparation as Ended, Reason, Request, Tools};
use crate::devserver::process::Order;

type Owners = BTreeMap<PathBuf, BTreeSet<String>>;

/// Why nothing is prepared.
enum Stop {
    /// By an order; the next build asks again.
    Ordered,
    Failed(Error),
}

impl<E: Into<Error>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

fn failed<T>(reason: impl std::fmt::Display) -> Result<T, Stop> {
    Err(Stop::Failed(Error::other(reason.to_string())))
}

impl FastRebuild {
    /// Prepares the next build in the background.
    pub(in crate::devserver) async fn prepare(
        &self,
        request: &Request,
        orders: &mut UnboundedReceiver<Order>,
    ) -> Ended {
        // One at a time: the previous one may still be stopping.
        let _alone = self.preparing.lock().await;
        if self.observed().prepared.is_some() {
            return Ended::Unchanged;
        }
        let started = Instant::now();
        match self.try_to_prepare(request, orders).await {
            Ok(()) => Ended::Ready(started.elapsed()),
            Err(Stop::Ordered) => Ended::Cancelled,
            Err(Stop::Failed(error)) => {
                // Not again until cargo has built again.
                self.observed().program = None;
                Ended::Unavailable(Reason::Other(error.to_string()))
            }
        }
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
        let cache = folder.join("memory.json");
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
        let mut preparation = Preparation {
            tools,
            folder: &folder,
            invocations: &invocations,
            owners,
            orders,
        };
        let prepared = preparation.all(&program, &edited, files).await?;
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

/// A preparation that runs.
struct Preparation<'a> {
    tools: &'a Tools,
    folder: &'a Path,
    invocations: &'a BTreeMap<String, Invocation>,
    owners: Owners,
    orders: &'a mut UnboundedReceiver<Order>,
}

impl Preparation<'_> {
    /// Everything but the library that makes compilers pause.
    async fn all(
        &mut self,
        program: &Path,
        edited: &BTreeSet<String>,
        files: FilesNow,
    ) -> Result<Prepared, Stop> {
        let (binary, line) = self.binary(program).await?;
        let (mut edited, around) = edited_and_around(self.invocations, edited);
        edited.retain(|unit| line.libraries().any(|library| library == unit.library()));
        let mut copies = BTreeMap::new();
        for invocation in &around {
            let library = invocation.library();
            copies.insert(library.clone(), copy_library(&library, self.folder)?);
        }
        let is_apart = |library: &Path| {
            copies.contains_key(library) || edited.iter().any(|unit| unit.library() == library)
        };
        let linker = binary.invocation.linker().to_owned();
        let (deps_dylib, in_deps_dylib) = self.deps_dylib(&line, &linker, is_apart).await?;
        let binary_facts = CrateFacts {
            name: binary.invocation.crate_name().to_owned(),
            is_binary: true,
            ..CrateFacts::default()
        };
        let mut baseline = Baseline {
            by_cargo: files,
            recompiled: FilesNow::new(),
            owners: self.owners.clone(),
            crates: BTreeMap::from([(binary.invocation.id(), binary_facts)]),
        };
        let mut units = BTreeMap::from([(binary.invocation.id(), binary.clone())]);
        let mut linked = Linked {
            program: self.folder.join("program"),
            dylibs: BTreeMap::new(),
        };
        let mut exports = Exports::default();
        exports.add(binary.invocation.id(), Part::read(line.objects())?);
        for invocation in &around {
            exports.add(invocation.id(), Part::read([&*invocation.library()])?);
        }
        for invocation in &edited {
            exports.add_edited(invocation.id(), Part::read([&*invocation.library()])?);
            let unit = self.unit(invocation)?;
            let facts = self.compile(&unit, &binary.invocation, &line).await?;
            let (dylib, arguments) = unit.dylib(&line, &unit.folder);
            let end = link(self.tools, &linker, &arguments, self.orders).await?;
            succeeded(end, invocation.crate_name())?;
            linked.dylibs.insert(invocation.library(), dylib);
            baseline.crates.insert(invocation.id(), facts);
            units.insert(invocation.id(), unit);
        }
        // If it cannot be linked now, neither can it be after an edit.
        let arguments = line.program(
            &deps_dylib,
            &in_deps_dylib,
            &copies,
            &linked.dylibs,
            &linked.program,
        );
        let end = link(self.tools, &linker, &arguments, self.orders).await?;
        succeeded(end, "the program")?;
        Ok(Prepared {
            folder: self.folder.to_owned(),
            binary: binary.invocation.id(),
            units,
            line,
            deps_dylib,
            in_deps_dylib,
            copies,
            baseline: Mutex::new(baseline),
            exports: Mutex::new(exports),
            comparisons: Mutex::default(),
            readings: Mutex::default(),
            linked: Mutex::new(linked),
            preload: None,
            prewarmed: Mutex::default(),
        })
    }

    /// The library that makes compilers pause; without it none is started in advance.
    async fn preload(&mut self, prepared: &Prepared) -> Option<PathBuf> {
        let compiler = prepared.units.get(&prepared.binary)?.invocation.program();
        let library = preload::library(self.tools, compiler, self.folder, self.orders).await;
        library
            .inspect_err(|error| {
                let terminal = &self.tools.terminal;
                terminal.detail(format_args!("no compiler is prewarmed: {error}"));
            })
            .ok()
    }

    /// The program's own crate, and how it is linked.
    async fn binary(&mut self, program: &Path) -> Result<(Unit, LinkLine), Stop> {
        let mut binaries = self.invocations.values().filter(|unit| unit.is_binary());
        let Some(binary) = binaries.find(|unit| is_same_file(&unit.binary(), program)) else {
            return failed("cargo has not compiled the program in this session yet");
        };
        if !binary.is_plain() {
            return failed("the program is optimised, or has a build script");
        }
        let unit = self.unit(binary)?;
        let rustc = unit.compile(self.tools, None, self.orders).await?;
        compiled(&rustc, binary.crate_name())?;
        let line = unit.recorded_line()?;
        Ok((unit, line))
    }

    /// The shared library of all crates that are not apart, and the files in it.
    async fn deps_dylib(
        &mut self,
        line: &LinkLine,
        linker: &OsStr,
        is_apart: impl Fn(&Path) -> bool,
    ) -> Result<(PathBuf, Vec<PathBuf>), Stop> {
        let is_inside = |library: &Path| !is_apart(library);
        let libraries = line.libraries().filter(|library| is_inside(library));
        let mut inside: Vec<PathBuf> = libraries.map(Path::to_owned).collect();
        let path = deps_dylib::path(self.folder, &inside)?;
        let shim = line.shim();
        if !path.is_file() {
            let new = self.folder.join("base.new");
            let arguments = line.deps_dylib(is_inside, &shim, &new);
            let end = link(self.tools, linker, &arguments, self.orders).await?;
            succeeded(end, "the shared library of the dependencies")?;
            deps_dylib::replace(self.folder, &new, &path)?;
        }
        inside.extend(shim);
        Ok((path, inside))
    }

    /// Compiles an edited crate in its own folder as cargo has compiled it, and finds what other crates have of it.
    async fn compile(
        &mut self,
        unit: &Unit,
        binary: &Invocation,
        line: &LinkLine,
    ) -> Result<CrateFacts, Stop> {
        let invocation = &unit.invocation;
        let name = invocation.crate_name();
        if !is_newer_than(&unit.library(), &invocation.library()) {
            let rustc = unit.compile(self.tools, None, self.orders).await?;
            compiled(&rustc, name)?;
        }
        let mut copies = Symbols::default();
        for object in line.objects() {
            copies.read(object, name)?;
        }
        let libraries = dependents(self.invocations, invocation);
        for dependent in &libraries {
            let library = dependent.library();
            copies.read(&library, name)?;
            check_separable(&library, dependent.crate_name())?;
        }
        check_separable(&unit.library(), name)?;
        let users = libraries.into_iter().chain([binary]);
        let names = users.clone().filter_map(|user| user.name_for(invocation));
        Ok(CrateFacts {
            name: name.to_owned(),
            is_binary: false,
            layout_is_used: self.is_layout_used(unit, &copies),
            copies,
            names: names.chain([name]).map(str::to_owned).collect(),
            dependents: users.map(Invocation::id).collect(),
        })
    }

    /// Whether other crates use unnamed types that functions of this one return.
    fn is_layout_used(&self, unit: &Unit, copies: &Symbols) -> bool {
        let (id, name) = (unit.invocation.id(), unit.invocation.crate_name());
        let mut sources = self
            .owners
            .iter()
            .filter(|(file, owners)| owners.contains(&id) && is_rust(file));
        copies.use_closures(name)
            || sources.any(
                |(file, _)| match contents(file).as_deref().map(opaque_functions) {
                    Some(Some(opaque)) => opaque.iter().any(|function| copies.use_(name, function)),
                    _ => true,
                },
            )
    }

    fn unit(&self, invocation: &Invocation) -> Result<Unit, Stop> {
        let Some(directory) = invocation.directory(&self.tools.root) else {
            return failed(format_args!("no source of {}", invocation.crate_name()));
        };
        Ok(Unit {
            folder: self.folder.join(invocation.id()),
            invocation: invocation.clone(),
            directory,
        })
    }
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

/// The reason is the compiler's own where it names one.
fn compiled(rustc: &Rustc, name: &str) -> Result<(), Stop> {
    match rustc.errors.first() {
        Some(error) if rustc.end == End::Failed => failed(format_args!(
            "{name} cannot be built without cargo: {}",
            error.title
        )),
        _ => succeeded(rustc.end, name),
    }
}

fn succeeded(end: End, name: &str) -> Result<(), Stop> {
    match end {
        End::Succeeded => Ok(()),
        End::Stopped => Err(Stop::Ordered),
        End::Failed => failed(format_args!("{name} cannot be built without cargo")),
    }
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
