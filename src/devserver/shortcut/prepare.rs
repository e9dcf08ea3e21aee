//! Making ready what the short way needs, after a build of cargo's.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Error;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use serde::{Deserialize, Serialize};
use tokio::sync::mpsc::UnboundedReceiver;

use super::invocation::Invocation;
use super::link::LinkLine;
use super::symbols::Symbols;
use super::take::{End, link};
use super::{Compiled, FOLDER, Known, Ready, Shortcut};
use crate::devserver::build::Build;
use crate::devserver::change;
use crate::devserver::process::Order;

/// What is written down of one session for the next.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Memory {
    invocations: BTreeMap<String, Invocation>,
    edited: BTreeSet<String>,
}

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

impl Shortcut {
    /// Makes everything ready for the next edit, as far as it can be.
    pub(in super::super) async fn prepare(
        &self,
        build: &Build,
        orders: &mut UnboundedReceiver<Order>,
    ) {
        // One at a time: the one before may be on its way out.
        let _alone = self.preparing.lock().await;
        let started = std::time::Instant::now();
        match self.try_to_prepare(build, orders).await {
            Ok(()) => build.terminal.detail(format_args!(
                "the short way is ready, after {:.1} s",
                started.elapsed().as_secs_f64()
            )),
            Err(Stop::Asked) => {}
            Err(Stop::Why(error)) => {
                // Not again until cargo has built again.
                self.known().program = None;
                build.terminal.detail(format_args!("no short way: {error}"));
            }
        }
    }

    async fn try_to_prepare(
        &self,
        build: &Build,
        orders: &mut UnboundedReceiver<Order>,
    ) -> Result<(), Stop> {
        let (number, started, program) = {
            let known = self.known();
            match (known.started, known.program.clone()) {
                (Some(started), Some(program)) => (known.build, started, program),
                _ => return Err(Stop::Asked),
            }
        };
        let folder = program.with_file_name(FOLDER);
        let memory = folder.join("memory.json");
        let (invocations, edited) = {
            let mut known = self.known();
            remember(&mut known, &memory);
            (known.invocations.clone(), known.edited.clone())
        };
        let Some(binary) = invocations
            .values()
            .find(|it| it.is_binary() && is_same_file(&it.binary(), &program))
        else {
            return no("cargo has not yet compiled the program in this session");
        };
        let files = inputs(&program, build)?;
        if let Some(folder) = files.keys().find(|it| it.is_dir()) {
            return no(format_args!("{} is read as a whole", folder.display()));
        }
        if files.keys().any(|file| is_newer(file, started)) {
            // The build that this calls for makes ready.
            return Err(Stop::Asked);
        }
        let mut owners: BTreeMap<PathBuf, BTreeSet<String>> = BTreeMap::new();
        for invocation in invocations.values() {
            for source in sources(invocation, &build.root) {
                owners.entry(source).or_default().insert(invocation.id());
            }
        }
        let compiled = |invocation: &Invocation| {
            let Some(directory) = invocation.directory(&build.root) else {
                return no(format_args!("no source of {}", invocation.crate_name()));
            };
            Ok(Compiled {
                folder: folder.join(invocation.id()),
                invocation: invocation.clone(),
                directory,
                elsewhere: Symbols::default(),
            })
        };
        let ends_well = |end: End, what: &str| match end {
            End::Good => Ok(()),
            End::Stopped => Err(Stop::Asked),
            End::Failed => no(format_args!("{what} cannot be compiled without cargo")),
        };

        let binary = compiled(binary)?;
        if !binary.invocation.is_plain() {
            return no("the program is optimised, or has a build script");
        }
        let end = binary.compile(build, orders).await?.end;
        ends_well(end, "the program")?;
        let line = binary.kept_line()?;

        let (mut edited, around) = edited_and_around(&invocations, &edited);
        edited.retain(|it| line.libraries().any(|library| library == it.library()));
        let mut moved = BTreeMap::new();
        for invocation in edited.iter().chain(&around) {
            let library = invocation.library();
            moved.insert(library.clone(), keep(&library, &folder)?);
        }
        let shim = line.shim();
        let stays = |library: &Path| !moved.contains_key(library);
        let mut in_base: Vec<PathBuf> = line
            .libraries()
            .filter(|it| stays(it))
            .map(Path::to_owned)
            .collect();
        let linker = binary.invocation.linker();
        let base = base_of(&folder, &in_base)?;
        if !base.is_file() {
            let made = folder.join("base.new");
            let arguments = line.base(stays, &shim, &made);
            ends_well(link(build, linker, &arguments, orders).await?, "")?;
            replace_base(&folder, &made, &base)?;
        }

        let mut crates = BTreeMap::new();
        for invocation in &edited {
            let mut compiled = compiled(invocation)?;
            let ours = compiled.library();
            if !is_newer_than(&ours, &invocation.library()) {
                let end = compiled.compile(build, orders).await?.end;
                ends_well(end, invocation.crate_name())?;
            }
            let name = invocation.crate_name();
            let dependents = dependents(&invocations, invocation);
            let holders = line.objects().chain(
                dependents
                    .iter()
                    .filter_map(|it| moved.get(&it.library()))
                    .map(PathBuf::as_path),
            );
            for holder in holders {
                compiled
                    .elsewhere
                    .read(holder, name)
                    .map_err(|error| Error::other(error.to_string()))?;
            }
            moved.insert(invocation.library(), ours);
            crates.insert(invocation.id(), compiled);
        }
        // What cannot be linked now will not be then.
        let trial = folder.join("trial");
        in_base.extend(shim);
        let arguments = line.rest(&base, &in_base, &moved, &trial);
        ends_well(link(build, linker, &arguments, orders).await?, "")?;

        let mut known = self.known();
        if known.build != number {
            return Err(Stop::Asked);
        }
        let written = Memory {
            invocations: known.invocations.clone(),
            edited: known.edited.clone(),
        };
        known.ready = Some(Arc::new(Ready {
            folder,
            binary,
            line,
            base,
            in_base,
            moved,
            crates,
            owners,
            files,
            compiled: Mutex::default(),
        }));
        drop(known);
        write(&memory, &serde_json::to_vec(&written)?)?;
        Ok(())
    }
}

/// Adds what an earlier session has written down, as far as it still holds.
#[expect(
    clippy::disallowed_methods,
    reason = "what was written beside a build is no file of the project"
)]
fn remember(known: &mut Known, memory: &Path) {
    let Ok(text) = std::fs::read(memory) else {
        return;
    };
    // A file that another version wrote is as good as none.
    let memory: Memory = serde_json::from_slice(&text).unwrap_or_default();
    for (id, invocation) in memory.invocations {
        // A library of the same name was compiled in the same way. Programs are compared themselves.
        let holds = !invocation.is_library() || known.libraries.contains(&invocation.library());
        let newer = known
            .invocations
            .values()
            .any(|it| it.is_of_same_target(&invocation));
        if holds && !newer {
            known.invocations.insert(id, invocation);
        }
    }
    let known_again = memory.edited.into_iter();
    let known_again: Vec<String> = known_again
        .filter(|id| known.invocations.contains_key(id))
        .collect();
    known.edited.extend(known_again);
}

/// The edited crates that can be compiled alone, and the crates that depend on them.
fn edited_and_around(
    invocations: &BTreeMap<String, Invocation>,
    edited: &BTreeSet<String>,
) -> (Vec<Invocation>, Vec<Invocation>) {
    let edited: Vec<Invocation> = edited
        .iter()
        .filter_map(|id| invocations.get(id))
        .filter(|it| it.is_library() && it.is_plain() && !is_for_building(invocations, it))
        .cloned()
        .collect();
    let mut around: BTreeMap<String, Invocation> = BTreeMap::new();
    for invocation in &edited {
        for dependent in dependents(invocations, invocation) {
            around.insert(dependent.id(), dependent.clone());
        }
    }
    for invocation in &edited {
        around.remove(&invocation.id());
    }
    (edited, around.into_values().collect())
}

/// Whether macros or build scripts are made of a crate: then the others depend on what it does.
fn is_for_building(invocations: &BTreeMap<String, Invocation>, of: &Invocation) -> bool {
    let mut used = dependents(invocations, of);
    used.push(of);
    let mut tools = invocations.values().filter(|it| it.is_for_building());
    tools.any(|tool| used.iter().any(|it| tool.uses(it)))
}

/// The libraries that use a crate, be it through others.
fn dependents<'a>(
    invocations: &'a BTreeMap<String, Invocation>,
    of: &Invocation,
) -> Vec<&'a Invocation> {
    let mut found: Vec<&Invocation> = Vec::new();
    let mut open = vec![of];
    while let Some(used) = open.pop() {
        for user in invocations.values() {
            let is_new = user.is_library() && !found.iter().any(|it| it.id() == user.id());
            if is_new && user.uses(used) {
                found.push(user);
                open.push(user);
            }
        }
    }
    found
}

impl Compiled {
    /// The library in the crate's own folder.
    fn library(&self) -> PathBuf {
        let library = self.invocation.library();
        let name = library.file_name().unwrap_or_default();
        self.folder.join("out").join(name)
    }

    /// A linker that links nothing, and keeps what it is given.
    #[expect(
        clippy::disallowed_methods,
        reason = "what is built is no file of the project"
    )]
    pub(super) fn keeper(&self) -> std::io::Result<PathBuf> {
        let objects = self.folder.join("objects");
        // What an earlier run left would be taken for part of the program.
        match std::fs::remove_dir_all(&objects) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        std::fs::create_dir_all(&objects)?;
        let script = self.folder.join("keep.sh");
        write(&script, KEEP.as_bytes())?;
        #[cfg(unix)]
        std::fs::set_permissions(&script, std::os::unix::fs::PermissionsExt::from_mode(0o755))?;
        Ok(script)
    }

    /// What rustc gave the linker in [`Compiled::compile`], with the objects where they were kept.
    #[expect(
        clippy::disallowed_methods,
        reason = "what is built is no file of the project"
    )]
    pub(super) fn kept_line(&self) -> std::io::Result<LinkLine> {
        let text = std::fs::read_to_string(self.folder.join("objects/arguments"))?;
        LinkLine::new(text.lines().map(str::to_owned).collect())
            .ok_or_else(|| Error::other("the program is linked in an unknown way"))
    }
}

/// Copies objects, which rustc removes at its end, and writes down the arguments.
const KEEP: &str = r#"#!/bin/sh
set -e
kept=${0%/*}/objects
for argument; do
    case $argument in
    *.o)
        ln "$argument" "$kept/" 2>/dev/null || cp "$argument" "$kept/"
        argument=$kept/${argument##*/}
        ;;
    esac
    printf '%s\n' "$argument" >>"$kept/arguments"
done
"#;

/// The files that decide what cargo makes, and what they hold.
#[expect(
    clippy::disallowed_methods,
    reason = "the sources are read as rustc reads them"
)]
fn inputs(program: &Path, build: &Build) -> std::io::Result<BTreeMap<PathBuf, Option<String>>> {
    let info = std::fs::read_to_string(program.with_extension("d"))?;
    let mut paths = change::inputs(&info);
    // Manifests may come and go as well as change.
    let folders: BTreeSet<PathBuf> = paths
        .iter()
        .flat_map(|path| path.ancestors().skip(1))
        .chain(build.root.ancestors())
        .filter(|folder| folder.starts_with(&build.root) || folder.join("Cargo.toml").is_file())
        .map(Path::to_owned)
        .collect();
    for folder in folders
        .iter()
        .map(PathBuf::as_path)
        .chain(build.root.ancestors())
    {
        for name in [
            "Cargo.toml",
            "Cargo.lock",
            "build.rs",
            "rust-toolchain",
            "rust-toolchain.toml",
            ".cargo/config",
            ".cargo/config.toml",
        ] {
            paths.insert(folder.join(name));
        }
    }
    Ok(paths
        .into_iter()
        .map(|path| {
            let contents = contents(&path);
            (path, contents)
        })
        .collect())
}

/// The text of a file, or something that is different for different contents; `None` when there is none.
#[expect(
    clippy::disallowed_methods,
    reason = "the sources are read as rustc reads them"
)]
pub(super) fn contents(file: &Path) -> Option<String> {
    let bytes = std::fs::read(file).ok()?;
    Some(match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => format!("{:08x}", crc32fast::hash(error.as_bytes())),
    })
}

/// The files of a crate, as real paths.
#[expect(
    clippy::disallowed_methods,
    reason = "what rustc wrote is no file of the project"
)]
fn sources(invocation: &Invocation, root: &Path) -> BTreeSet<PathBuf> {
    let directory = invocation.directory(root);
    let info = std::fs::read_to_string(invocation.dep_info()).unwrap_or_default();
    let directory = directory.as_deref().unwrap_or(root);
    change::inputs(&info)
        .into_iter()
        .map(|path| directory.join(path))
        .collect()
}

/// Whether one is a link to the other, or a copy.
fn is_same_file(one: &Path, other: &Path) -> bool {
    let data = |path: &Path| std::fs::metadata(path).ok();
    let state = |data: std::fs::Metadata| Some((data.len(), data.modified().ok()?));
    let (one, other) = (data(one).and_then(state), data(other).and_then(state));
    one.is_some() && one == other
}

fn modified(file: &Path) -> Option<SystemTime> {
    std::fs::metadata(file).ok()?.modified().ok()
}

fn is_newer(file: &Path, time: SystemTime) -> bool {
    modified(file).is_some_and(|it| it >= time)
}

fn is_newer_than(one: &Path, other: &Path) -> bool {
    modified(other).is_some_and(|other| is_newer(one, other))
}

/// Copies a library of cargo's, which it may write anew at any time.
#[expect(
    clippy::disallowed_methods,
    reason = "what is built is no file of the project"
)]
fn keep(library: &Path, folder: &Path) -> std::io::Result<PathBuf> {
    let kept = folder.join("kept");
    std::fs::create_dir_all(&kept)?;
    let copy = kept.join(library.file_name().unwrap_or_default());
    std::fs::copy(library, &copy)?;
    Ok(copy)
}

/// Where the shared library of these files is, or is to be: each state of the files has a name of its own.
fn base_of(folder: &Path, files: &[PathBuf]) -> std::io::Result<PathBuf> {
    let mut state = String::new();
    for file in files {
        let data = std::fs::metadata(file)?;
        let (length, time) = (data.len(), data.modified()?);
        state.push_str(&format!("{} {length} {time:?}\n", file.display()));
    }
    let hash = crc32fast::hash(state.as_bytes());
    Ok(folder.join(format!("base-{hash:08x}.so")))
}

/// Puts the new shared library in its place and takes the others away; programs that run keep theirs.
#[expect(
    clippy::disallowed_methods,
    reason = "what is built is no file of the project"
)]
fn replace_base(folder: &Path, made: &Path, base: &Path) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|it| it == "so") {
            std::fs::remove_file(path)?;
        }
    }
    std::fs::rename(made, base)
}

#[expect(
    clippy::disallowed_methods,
    reason = "what is built is no file of the project"
)]
fn write(file: &Path, contents: &[u8]) -> std::io::Result<()> {
    std::fs::write(file, contents)
}
