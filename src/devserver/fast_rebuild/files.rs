//! Files that cargo and rustc read and write.

use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::baseline::FilesNow;
use crate::cargo::dep_info;
use crate::devserver::fingerprint;

/// The files that decide what cargo builds, with their contents.
pub(super) fn inputs(program: &Path, root: &Path) -> std::io::Result<FilesNow> {
    let info = std::fs::read_to_string(program.with_extension("d"))?;
    let mut paths = dep_info::inputs(&info);
    // Manifests may appear and disappear as well as change.
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

/// The text of a file, or something that is different for different contents; `None` if there is no such file.
pub(super) fn contents(file: &Path) -> Option<String> {
    let bytes = std::fs::read(file).ok()?;
    Some(match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => format!("{:016x}", fingerprint::bytes(error.as_bytes())),
    })
}

/// The files that a crate was compiled from, as canonical paths as far as `directory`, where rustc ran, is concerned.
pub(super) fn sources(file: &Path, directory: &Path) -> BTreeSet<PathBuf> {
    // Cargo prints canonical paths; ours may contain a symlink.
    let directory = directory
        .canonicalize()
        .unwrap_or_else(|_| directory.into());
    let files = sources_as_read(file).unwrap_or_default();
    files.into_iter().map(|path| directory.join(path)).collect()
}

/// The files that a crate was compiled from, by the names that rustc opened.
pub(super) fn sources_as_read(file: &Path) -> std::io::Result<BTreeSet<PathBuf>> {
    Ok(dep_info::inputs(&std::fs::read_to_string(file)?))
}

/// Whether a file is a source file.
pub(super) fn is_rust(file: &Path) -> bool {
    file.extension().is_some_and(|extension| extension == "rs")
}

/// Whether one is a hard link to the other, or a copy.
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
    modified(file).is_some_and(|modified| modified >= time)
}

pub(super) fn is_newer_than(one: &Path, other: &Path) -> bool {
    modified(other).is_some_and(|other| is_newer(one, other))
}

/// Copies a library of cargo's, which cargo may overwrite at any time.
pub(super) fn copy_library(library: &Path, folder: &Path) -> std::io::Result<PathBuf> {
    let copies = folder.join("kept");
    std::fs::create_dir_all(&copies)?;
    let copy = copies.join(library.file_name().unwrap_or_default());
    std::fs::copy(library, &copy)?;
    Ok(copy)
}

/// Makes a file available at a second path.
pub(super) fn share(file: &Path, path: &Path) -> std::io::Result<()> {
    match std::fs::hard_link(file, path) {
        Ok(()) => Ok(()),
        // Not every file system has hard links.
        Err(_) => std::fs::copy(file, path).map(drop),
    }
}

/// Makes a file available in a folder that may have another one by its name.
pub(super) fn share_in(file: &Path, folder: &Path) -> std::io::Result<PathBuf> {
    let here = folder.join(file.file_name().unwrap_or_default());
    if here != file {
        match std::fs::remove_file(&here) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            _ => share(file, &here)?,
        }
    }
    Ok(here)
}

/// How much memory is available, in bytes, as Linux reports it; in a container, within its limit.
pub(super) fn free_memory() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix("MemAvailable:"))?;
    let kibibytes: u64 = line.trim().strip_suffix(" kB")?.trim().parse().ok()?;
    let number = |name: &str| -> Option<u64> {
        let text = std::fs::read_to_string(format!("/sys/fs/cgroup/{name}")).ok()?;
        text.trim().parse().ok()
    };
    let limit = number("memory.max").zip(number("memory.current"));
    let within = limit.map_or(u64::MAX, |(most, now)| most.saturating_sub(now));
    Some(within.min(kibibytes << 10))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_shared_in_the_place_of_a_link_to_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let all = folder.path().join("all");
        std::fs::create_dir(&all).expect("made");
        let file = folder.path().join("libbooks.so");
        for contents in ["one", "two"] {
            std::fs::write(&file, contents).expect("written");
            for _ in 0..2 {
                let shared = share_in(&file, &all).expect("shared");
                assert_eq!(shared, all.join("libbooks.so"));
                assert_eq!(super::contents(&shared).as_deref(), Some(contents));
                assert_eq!(share_in(&shared, &all).expect("it is there"), shared);
                assert_eq!(super::contents(&file).as_deref(), Some(contents));
            }
        }
    }
}
