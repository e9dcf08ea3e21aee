//! What cargo reads and writes, looked at and copied.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::invocation::Invocation;
use crate::devserver::watch::change;

/// The files that decide what cargo makes, and what they hold.
#[expect(
    clippy::disallowed_methods,
    reason = "the sources are read as rustc reads them"
)]
pub(super) fn inputs(
    program: &Path,
    root: &Path,
) -> std::io::Result<BTreeMap<PathBuf, Option<String>>> {
    let info = std::fs::read_to_string(program.with_extension("d"))?;
    let mut paths = change::inputs(&info);
    // Manifests may come and go as well as change.
    let folders: BTreeSet<PathBuf> = paths
        .iter()
        .flat_map(|path| path.ancestors().skip(1))
        .filter(|folder| folder.starts_with(root) || folder.join("Cargo.toml").is_file())
        .chain(root.ancestors())
        .map(Path::to_owned)
        .collect();
    for folder in folders {
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
pub(super) fn sources(invocation: &Invocation, root: &Path) -> BTreeSet<PathBuf> {
    let directory = invocation.directory(root);
    let directory = directory.as_deref().unwrap_or(root);
    // Cargo speaks of real paths; ours may go through a link.
    let directory = directory
        .canonicalize()
        .unwrap_or_else(|_| directory.into());
    let files = sources_as_read(&invocation.dep_info()).unwrap_or_default();
    files.into_iter().map(|path| directory.join(path)).collect()
}

/// The files that a crate was compiled from, by the names that rustc opened them with.
#[expect(
    clippy::disallowed_methods,
    reason = "what rustc wrote is no file of the project"
)]
pub(super) fn sources_as_read(dep_info: &Path) -> std::io::Result<BTreeSet<PathBuf>> {
    Ok(change::inputs(&std::fs::read_to_string(dep_info)?))
}

/// Whether one is a link to the other, or a copy.
pub(super) fn is_same_file(one: &Path, other: &Path) -> bool {
    let data = |path: &Path| std::fs::metadata(path).ok();
    let state = |data: std::fs::Metadata| Some((data.len(), data.modified().ok()?));
    let (one, other) = (data(one).and_then(state), data(other).and_then(state));
    one.is_some() && one == other
}

pub(super) fn modified(file: &Path) -> Option<SystemTime> {
    std::fs::metadata(file).ok()?.modified().ok()
}

pub(super) fn is_newer(file: &Path, time: SystemTime) -> bool {
    modified(file).is_some_and(|it| it >= time)
}

pub(super) fn is_newer_than(one: &Path, other: &Path) -> bool {
    modified(other).is_some_and(|other| is_newer(one, other))
}

/// Copies a library of cargo's, which it may write anew at any time.
#[expect(
    clippy::disallowed_methods,
    reason = "what is built is no file of the project"
)]
pub(super) fn copy_library(library: &Path, folder: &Path) -> std::io::Result<PathBuf> {
    let kept = folder.join("kept");
    std::fs::create_dir_all(&kept)?;
    let copy = kept.join(library.file_name().unwrap_or_default());
    std::fs::copy(library, &copy)?;
    Ok(copy)
}

/// Gives a file that was made the place where it is looked for.
#[expect(
    clippy::disallowed_methods,
    reason = "what is built is no file of the project"
)]
pub(super) fn put(linked: &Path, place: &Path) -> std::io::Result<()> {
    std::fs::rename(linked, place)
}

/// Gives a file a second place.
#[expect(
    clippy::disallowed_methods,
    reason = "what is built is no file of the project"
)]
pub(super) fn share(file: &Path, place: &Path) -> std::io::Result<()> {
    match std::fs::hard_link(file, place) {
        Ok(()) => Ok(()),
        // Not every file system has links.
        Err(_) => std::fs::copy(file, place).map(drop),
    }
}

/// How much memory programs can have, in bytes, as Linux tells; in a container, within its limit.
#[expect(
    clippy::disallowed_methods,
    reason = "what the system tells is no file of the project"
)]
pub(super) fn free_memory() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = text
        .lines()
        .find_map(|it| it.strip_prefix("MemAvailable:"))?;
    let kibibytes: u64 = line.trim().strip_suffix(" kB")?.trim().parse().ok()?;
    let number = |name: &str| -> Option<u64> {
        let text = std::fs::read_to_string(format!("/sys/fs/cgroup/{name}")).ok()?;
        text.trim().parse().ok()
    };
    let limit = number("memory.max").zip(number("memory.current"));
    let within = limit.map_or(u64::MAX, |(most, now)| most.saturating_sub(now));
    Some(within.min(kibibytes << 10))
}
