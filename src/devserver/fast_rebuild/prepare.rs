//! Making ready what the short way needs, after a build of cargo's.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::io::Error;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use tokio::sync::mpsc::UnboundedReceiver;

use super::body_diff::opaque_functions;
use super::cache::{Cache, restore};
use super::files::{
    contents, copy_library, inputs, is_newer, is_newer_than, is_same_file, modified, sources,
};
use super::graph::{dependents, edited_and_around};
use super::invocation::Invocation;
use super::link_line::LinkLine;
use super::link_recorder::check_separable;
use super::run::{End, link};
use super::symbols::Symbols;
use super::{Compiled, FOLDER, FastRebuild, Linked, Prepared, deps_dylib, preload};
use crate::devserver::build::Build;
use crate::devserver::process::Order;

/// For how long a compiler waits.
const PATIENCE: Duration = Duration::from_secs(15 * 60);

/// Why nothing is made ready.
enum Stop {
    /// It was told to; the next build asks again.
    Asked,
    Why(Error),
}

impl<E: Into<Error>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Why(error.into())
    }
}

fn no<T>(why: impl std::fmt::Display) -> Result<T, Stop> {
    Err(Stop::Why(Error::other(why.to_string())))
}

impl FastRebuild {
    /// Makes everything ready for the next edit, as far as it can be.
    pub(in super::super) async fn prepare(
        &self,
        build: &Build,
        orders: &mut UnboundedReceiver<Order>,
    ) {
        // One at a time: the one before may be on its way out.
        let alone = self.preparing.lock().await;
        if self.observed().prepared.is_none() {
            let started = std::time::Instant::now();
            match self.try_to_prepare(build, orders).await {
                Ok(()) => build.terminal.detail(format_args!(
                    "fast rebuild is prepared, after {:.1} s",
                    started.elapsed().as_secs_f64()
                )),
                Err(Stop::Asked) => return,
                Err(Stop::Why(error)) => {
                    // Not again until cargo has built again.
                    self.observed().program = None;
                    build
                        .terminal
                        .detail(format_args!("fast rebuild is not available: {error}"));
                    return;
                }
            }
        }
        drop(alone);
        self.prewarm(build, orders).await;
    }

    /// Has a compiler wait for the next edit, though not for ever: it keeps its memory.
    async fn prewarm(&self, build: &Build, orders: &mut UnboundedReceiver<Order>) {
        let Some(prepared) = self.observed().prepared.clone() else {
            return;
        };
        if let Err(error) = prepared.prewarm(build) {
            build
                .terminal
                .detail(format_args!("no compiler is prewarmed: {error}"));
        }
        let prepared = Arc::downgrade(&prepared);
        // An order ends whatever is being made ready, and so the next edit has come.
        if tokio::time::timeout(PATIENCE, orders.recv()).await.is_err()
            && let Some(prepared) = prepared.upgrade()
        {
            prepared.take_prewarmed();
        }
    }

    async fn try_to_prepare(
        &self,
        build: &Build,
        orders: &mut UnboundedReceiver<Order>,
    ) -> Result<(), Stop> {
        let (number, started, program) = {
            let observed = self.observed();
            match (observed.started, observed.program.clone()) {
                (Some(started), Some(program)) => (observed.build, started, program),
                _ => return Err(Stop::Asked),
            }
        };
        let folder = program.with_file_name(FOLDER);
        let memory = folder.join("memory.json");
        let (invocations, edited) = {
            let mut observed = self.observed();
            restore(&mut observed, &memory);
            (observed.invocations.clone(), observed.edited.clone())
        };
        let files = settled_inputs(&program, started, &build.root)?;
        let owners = owners(&invocations, &build.root);
        let edited = match edited.is_empty() {
            // Whoever wrote it last is likely to go on there.
            true => latest(&owners, &invocations).into_iter().collect(),
            false => edited,
        };
        self.observed().edited.extend(edited.iter().cloned());
        let preparation = Preparation {
            build,
            folder: &folder,
            invocations: &invocations,
            owners: &owners,
        };
        let (binary, line) = preparation.binary(&program, orders).await?;
        let (mut edited, around) = edited_and_around(&invocations, &edited);
        edited.retain(|it| line.libraries().any(|library| library == it.library()));
        let mut moved = BTreeMap::new();
        for invocation in &around {
            let library = invocation.library();
            moved.insert(library.clone(), copy_library(&library, &folder)?);
        }
        let apart = |library: &Path| {
            moved.contains_key(library) || edited.iter().any(|it| it.library() == library)
        };
        let linker = binary.invocation.linker();
        let (deps_dylib, in_deps_dylib) =
            preparation.deps_dylib(&line, linker, apart, orders).await?;
        let mut crates = BTreeMap::new();
        let mut linked = Linked {
            program: folder.join("program"),
            parts: BTreeMap::new(),
        };
        for invocation in &edited {
            let mut compiled = preparation.compiled(invocation)?;
            preparation.make(&mut compiled, &line, orders).await?;
            let (part, arguments) = compiled.part(&line, &compiled.folder);
            let end = link(build, linker, &arguments, orders).await?;
            good(end, invocation.crate_name())?;
            linked.parts.insert(invocation.library(), part);
            crates.insert(invocation.id(), compiled);
        }
        // What cannot be linked now will not be then.
        let arguments = line.rest(
            &deps_dylib,
            &in_deps_dylib,
            &moved,
            &linked.parts,
            &linked.program,
        );
        let end = link(build, linker, &arguments, orders).await?;
        good(end, "the program")?;
        let compiler = binary.invocation.program();
        let wait = match build.prewarm_compiler {
            false => Err(Error::other("`prewarm-compiler` is off")),
            true => preload::library(build, compiler, &folder, orders).await,
        };
        let wait = wait
            .inspect_err(|error| {
                build
                    .terminal
                    .detail(format_args!("no compiler is prewarmed: {error}"));
            })
            .ok();

        let mut observed = self.observed();
        if observed.build != number {
            return Err(Stop::Asked);
        }
        let written = Cache::of(&observed);
        observed.prepared = Some(Arc::new(Prepared {
            folder,
            binary,
            line,
            deps_dylib,
            in_deps_dylib,
            moved,
            crates,
            owners,
            files,
            compiled: Mutex::default(),
            comparisons: Mutex::default(),
            linked: Mutex::new(linked),
            wait,
            prewarmed: Mutex::default(),
        }));
        drop(observed);
        written.write(&memory)?;
        Ok(())
    }
}

/// Where things are made ready.
struct Preparation<'a> {
    build: &'a Build,
    folder: &'a Path,
    invocations: &'a BTreeMap<String, Invocation>,
    owners: &'a BTreeMap<PathBuf, BTreeSet<String>>,
}

impl Preparation<'_> {
    /// The program's own crate, and how it is linked.
    async fn binary(
        &self,
        program: &Path,
        orders: &mut UnboundedReceiver<Order>,
    ) -> Result<(Compiled, LinkLine), Stop> {
        let mut binaries = self.invocations.values().filter(|it| it.is_binary());
        let Some(binary) = binaries.find(|it| is_same_file(&it.binary(), program)) else {
            return no("cargo has not compiled the program in this session yet");
        };
        if !binary.is_plain() {
            return no("the program is optimised, or has a build script");
        }
        let compiled = self.compiled(binary)?;
        let end = compiled.compile(self.build, None, orders).await?.end;
        good(end, binary.crate_name())?;
        let line = compiled.recorded_line()?;
        Ok((compiled, line))
    }

    /// The shared library of all crates that are not `apart`, and what need not be linked again.
    async fn deps_dylib(
        &self,
        line: &LinkLine,
        linker: &OsStr,
        apart: impl Fn(&Path) -> bool,
        orders: &mut UnboundedReceiver<Order>,
    ) -> Result<(PathBuf, Vec<PathBuf>), Stop> {
        let stays = |library: &Path| !apart(library);
        let libraries = line.libraries().filter(|it| stays(it));
        let mut inside: Vec<PathBuf> = libraries.map(Path::to_owned).collect();
        let place = deps_dylib::place(self.folder, &inside)?;
        let shim = line.shim();
        if !place.is_file() {
            let linked = self.folder.join("base.new");
            let arguments = line.deps_dylib(stays, &shim, &linked);
            let end = link(self.build, linker, &arguments, orders).await?;
            good(end, "the dependencies")?;
            deps_dylib::replace(self.folder, &linked, &place)?;
        }
        inside.extend(shim);
        Ok((place, inside))
    }

    /// Compiles an edited crate in its own place as cargo has compiled it, and sees what other crates hold of it.
    async fn make(
        &self,
        compiled: &mut Compiled,
        line: &LinkLine,
        orders: &mut UnboundedReceiver<Order>,
    ) -> Result<(), Stop> {
        let invocation = &compiled.invocation;
        if !is_newer_than(&compiled.library(), &invocation.library()) {
            let end = compiled.compile(self.build, None, orders).await?.end;
            good(end, invocation.crate_name())?;
        }
        let dependents = dependents(self.invocations, invocation);
        for object in line.objects() {
            compiled.copies.read(object, invocation.crate_name())?;
        }
        for dependent in dependents {
            let library = dependent.library();
            compiled.copies.read(&library, invocation.crate_name())?;
            check_separable(&library, dependent.crate_name())?;
        }
        check_separable(&compiled.library(), invocation.crate_name())?;
        compiled.layout_is_used = self.is_layout_used(compiled);
        Ok(())
    }

    /// Whether other crates use what functions of this one answer with, where that has no name.
    fn is_layout_used(&self, of: &Compiled) -> bool {
        let (id, name) = (of.invocation.id(), of.invocation.crate_name());
        let is_rust = |file: &Path| file.extension().is_some_and(|it| it == "rs");
        let mut sources = self
            .owners
            .iter()
            .filter(|(file, owners)| owners.contains(&id) && is_rust(file));
        of.copies.use_closures(name)
            || sources.any(
                |(file, _)| match contents(file).as_deref().map(opaque_functions) {
                    Some(Some(opaque)) => opaque.iter().any(|it| of.copies.know(name, it)),
                    _ => true,
                },
            )
    }

    fn compiled(&self, invocation: &Invocation) -> Result<Compiled, Stop> {
        let Some(directory) = invocation.directory(&self.build.root) else {
            return no(format_args!("no source of {}", invocation.crate_name()));
        };
        Ok(Compiled {
            folder: self.folder.join(invocation.id()),
            invocation: invocation.clone(),
            directory,
            copies: Symbols::default(),
            layout_is_used: true,
        })
    }
}

/// The files that decide what cargo makes, if none has changed since it started to.
fn settled_inputs(
    program: &Path,
    started: SystemTime,
    root: &Path,
) -> Result<BTreeMap<PathBuf, Option<String>>, Stop> {
    let files = inputs(program, root)?;
    if let Some(folder) = files.keys().find(|it| it.is_dir()) {
        return no(format_args!(
            "a build script reads the whole folder {}",
            folder.display()
        ));
    }
    // Its lock file cargo writes itself.
    let by_hand = |file: &&PathBuf| !file.ends_with("Cargo.lock");
    let mut by_hand = files.keys().filter(by_hand);
    if by_hand.any(|file| is_newer(file, started)) {
        // The build that this calls for makes ready.
        return Err(Stop::Asked);
    }
    Ok(files)
}

/// Which crates read a file, by their ids.
fn owners(
    invocations: &BTreeMap<String, Invocation>,
    root: &Path,
) -> BTreeMap<PathBuf, BTreeSet<String>> {
    let mut owners: BTreeMap<PathBuf, BTreeSet<String>> = BTreeMap::new();
    for invocation in invocations.values() {
        for source in sources(invocation, root) {
            owners.entry(source).or_default().insert(invocation.id());
        }
    }
    owners
}

/// The id of the library that the file written last is part of.
fn latest(
    owners: &BTreeMap<PathBuf, BTreeSet<String>>,
    invocations: &BTreeMap<String, Invocation>,
) -> Option<String> {
    let of_library = owners.iter().filter_map(|(file, ids)| {
        let id = ids.first().filter(|_| ids.len() == 1)?;
        let invocation = invocations.get(id).filter(|it| it.is_library())?;
        Some((modified(file)?, invocation.id()))
    });
    of_library.max().map(|(_, id)| id)
}

fn good(end: End, what: &str) -> Result<(), Stop> {
    match end {
        End::Good => Ok(()),
        End::Stopped => Err(Stop::Asked),
        End::Failed => no(format_args!("{what} cannot be built without cargo")),
    }
}
