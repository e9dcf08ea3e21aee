//! What a preparation does: compiles and links once what fast rebuilds will need.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::io::Error;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use tokio::sync::mpsc::UnboundedReceiver;

use super::body_diff::opaque_functions;
use super::decide::{Baseline, CrateFacts};
use super::exports::{Exports, Part, offered};
use super::files::{contents, copy_library, is_newer_than, is_rust, is_same_file, share_in};
use super::graph::{dependents, edited_and_around};
use super::invocation::Invocation;
use super::link_line::LinkLine;
use super::link_recorder::check_separable;
use super::rebuild::no_longer_defined;
use super::run::{End, Rustc, link};
use super::symbols::Symbols;
use super::{Linked, Prepared, Unit, deps_dylib, lock, preload};
use crate::devserver::cargo_build::accelerator::Tools;
use crate::devserver::process::Order;

/// The ids of the crates that read a file, by the files.
pub(super) type Owners = BTreeMap<PathBuf, BTreeSet<String>>;

/// Why nothing is prepared.
pub(super) enum Stop {
    /// By an order; the next build asks again.
    Ordered,
    Failed(Error),
}

impl<E: Into<Error>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

pub(super) fn failed<T>(reason: impl std::fmt::Display) -> Result<T, Stop> {
    Err(Stop::Failed(Error::other(reason.to_string())))
}

/// A preparation that runs.
pub(super) struct Preparation<'a> {
    pub(super) tools: &'a Tools,
    /// Where crates are compiled.
    pub(super) folder: &'a Path,
    /// Where what is linked goes: what another preparation has linked may be in use.
    pub(super) output: PathBuf,
    pub(super) invocations: &'a BTreeMap<String, Invocation>,
    pub(super) owners: Owners,
    /// What is prepared already, which edits may have changed since.
    pub(super) before: Option<&'a Prepared>,
    pub(super) orders: &'a mut UnboundedReceiver<Order>,
}

impl Preparation<'_> {
    /// Everything but the library that makes compilers pause. `baseline` knows no crates yet.
    pub(super) async fn all(
        &mut self,
        binary: Unit,
        line: LinkLine,
        edited: &BTreeSet<String>,
        mut baseline: Baseline,
    ) -> Result<Prepared, Stop> {
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
        baseline.crates.insert(binary.invocation.id(), binary_facts);
        let mut units = BTreeMap::from([(binary.invocation.id(), binary.clone())]);
        let mut linked = Linked {
            program: self.output.join("program"),
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
            let (facts, dylib) = match self.before.and_then(|before| before.part(invocation)) {
                Some((facts, dylib)) => (facts, share_in(&dylib, &self.output)?),
                None => {
                    let facts = self.compile(&unit, &binary.invocation, &line).await?;
                    let (dylib, arguments) = unit.dylib(&line, &self.output);
                    let end = link(self.tools, &linker, &arguments, self.orders).await?;
                    succeeded(end, invocation.crate_name())?;
                    (facts, dylib)
                }
            };
            linked.dylibs.insert(invocation.library(), dylib);
            baseline.crates.insert(invocation.id(), facts);
            units.insert(invocation.id(), unit);
        }
        if let Some(before) = self.before {
            exports.add_later(&lock(&before.exports));
            let first = exports.first_missing(&BTreeMap::new(), || offered(&deps_dylib))?;
            if let Some((id, function)) = first {
                return failed(no_longer_defined(&units, id, function));
            }
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
            uncommitted: Mutex::default(),
        })
    }

    /// The library that makes compilers pause; without it none is started in advance.
    pub(super) async fn preload(&mut self, prepared: &Prepared) -> Option<PathBuf> {
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
    pub(super) async fn binary(&mut self, program: &Path) -> Result<(Unit, LinkLine), Stop> {
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
        let path = deps_dylib::path(&self.output, &inside)?;
        let shim = line.shim();
        if !path.is_file() {
            let new = self.output.join("base.new");
            let arguments = line.deps_dylib(is_inside, &shim, &new);
            let end = link(self.tools, linker, &arguments, self.orders).await?;
            succeeded(end, "the shared library of the dependencies")?;
            deps_dylib::replace(&self.output, &new, &path)?;
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

impl Prepared {
    /// What other crates have of an edited crate, and its shared library as it is in the last program.
    fn part(&self, invocation: &Invocation) -> Option<(CrateFacts, PathBuf)> {
        let facts = lock(&self.baseline).crates.get(&invocation.id()).cloned();
        let dylib = lock(&self.linked)
            .dylibs
            .get(&invocation.library())
            .cloned();
        facts.zip(dylib)
    }
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
