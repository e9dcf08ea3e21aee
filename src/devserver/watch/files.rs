//! The watched files on disk.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use ignore::gitignore::Gitignore;
use ignore::{DirEntry, WalkBuilder};

use crate::devserver::fingerprint;

/// Larger files are compared by length and modification time.
const LARGE: u64 = 8 * 1024 * 1024;

/// Adds `root` and the folders below it, except those that `.gitignore` lists, hidden ones, and build output.
pub(in crate::devserver) fn folders(root: &Path, folders: &mut BTreeSet<PathBuf>) {
    let walk = WalkBuilder::new(root)
        .hidden(false)
        .parents(false)
        .git_global(false)
        .git_exclude(false)
        .require_git(false)
        .follow_links(false)
        .filter_entry(|entry| entry.depth() == 0 || is_wanted(entry))
        .build();
    // Folders that cannot be read cannot be watched.
    let walk = walk.filter_map(Result::ok);
    folders.extend(
        walk.filter(|entry| entry.file_type().is_some_and(|kind| kind.is_dir()))
            .map(DirEntry::into_path),
    );
}

fn is_wanted(entry: &DirEntry) -> bool {
    if !entry.file_type().is_some_and(|kind| kind.is_dir()) {
        return false;
    }
    let name = entry.file_name();
    let is_hidden = name.as_encoded_bytes().starts_with(b".") && name != ".cargo";
    // Cargo marks its target directories so (https://bford.info/cachedir).
    let is_cache = entry.path().join("CACHEDIR.TAG").exists();
    let is_environment = entry.path().join("pyvenv.cfg").exists();
    !is_hidden
        && !is_cache
        && !is_environment
        && !["__pycache__", "node_modules", "target"]
            .iter()
            .any(|other| name == *other)
}

/// Whether the file lists ignored folders.
pub(in crate::devserver) fn is_ignore_file(file: &Path) -> bool {
    let name = file.file_name().and_then(|name| name.to_str());
    matches!(name, Some(".gitignore" | ".ignore"))
}

/// The folders of these files, except build output.
pub(in crate::devserver) fn folders_of<'a>(
    files: impl Iterator<Item = &'a PathBuf>,
) -> BTreeSet<PathBuf> {
    let folders: BTreeSet<&Path> = files.filter_map(|file| file.parent()).collect();
    let folders = folders.into_iter();
    folders
        .filter(|folder| folder.is_dir() && !is_output(folder))
        .map(Path::to_owned)
        .collect()
}

fn is_output(folder: &Path) -> bool {
    let mut above = folder.ancestors();
    above.any(|folder| folder.join("CACHEDIR.TAG").exists())
}

/// These files, except build output.
pub(super) fn without_output(files: BTreeSet<PathBuf>) -> BTreeSet<PathBuf> {
    let folders: BTreeSet<PathBuf> = files
        .iter()
        .filter_map(|file| file.parent())
        .map(Path::to_owned)
        .collect();
    let output: BTreeSet<PathBuf> = folders
        .into_iter()
        .filter(|folder| is_output(folder))
        .collect();
    let is_source = |file: &PathBuf| file.parent().is_none_or(|folder| !output.contains(folder));
    files.into_iter().filter(is_source).collect()
}

/// The links to files directly in a folder.
pub(super) fn links_in(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    entries
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_symlink()))
        .map(|entry| entry.path())
        .filter(|path| path.is_file())
        .collect()
}

/// The `.gitignore` files in these folders. A line that cannot be parsed ignores nothing.
pub(super) fn gitignores(folders: &BTreeSet<PathBuf>) -> Vec<Gitignore> {
    let files = folders.iter().map(|folder| folder.join(".gitignore"));
    files
        .filter(|file| file.is_file())
        .map(|file| Gitignore::new(file).0)
        .collect()
}

/// Whether one of them lists the file.
pub(super) fn is_ignored(gitignores: &[Gitignore], file: &Path) -> bool {
    gitignores
        .iter()
        .filter(|gitignore| file.starts_with(gitignore.path()))
        .any(|gitignore| {
            gitignore
                .matched_path_or_any_parents(file, false)
                .is_ignore()
        })
}

/// When the file was written.
pub(super) fn modified(file: &Path) -> Option<SystemTime> {
    std::fs::metadata(file).ok()?.modified().ok()
}

/// Whether the file was written at this time or later.
pub(super) fn is_newer(file: &Path, time: SystemTime) -> bool {
    modified(file).is_some_and(|modified| modified >= time)
}

/// Gives a file that was written before `time` the present as its modification time; whether it was. Cargo compares
/// nothing else, and would not build a file that came from a backup or an archive with the time it had there.
pub(super) fn touch_older(file: &Path, time: SystemTime) -> std::io::Result<bool> {
    if modified(file).is_none_or(|modified| modified >= time) {
        return Ok(false);
    }
    std::fs::File::open(file)?.set_modified(SystemTime::now())?;
    Ok(true)
}

/// The files directly in a folder; none if it does not exist.
pub(in crate::devserver) fn in_folder(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let files = entries.filter_map(Result::ok);
    files
        .filter(|entry| entry.file_type().is_ok_and(|kind| !kind.is_dir()))
        .map(|entry| entry.path())
        .collect()
}

/// A number that is equal for equal contents; `None` if there is no such file.
pub(in crate::devserver) fn hash(file: &Path) -> Option<u64> {
    let data = std::fs::metadata(file)
        .ok()
        .filter(std::fs::Metadata::is_file)?;
    if data.len() > LARGE {
        let time = data
            .modified()
            .ok()?
            .duration_since(std::time::UNIX_EPOCH)
            .ok()?;
        return Some(data.len() ^ u64::from(time.subsec_nanos()).rotate_left(32) ^ time.as_secs());
    }
    let contents = std::fs::read(file).ok()?;
    Some(fingerprint::bytes(&contents))
}

pub(in crate::devserver) fn is_empty(file: &Path) -> bool {
    std::fs::metadata(file).is_ok_and(|data| data.is_file() && data.len() == 0)
}

/// The time since the file was written.
pub(in crate::devserver) fn age(file: &Path) -> Option<Duration> {
    std::fs::metadata(file)
        .ok()?
        .modified()
        .ok()?
        .elapsed()
        .ok()
}

/// The folder of the crate that a source file belongs to.
pub(in crate::devserver) fn crate_of(file: &Path) -> Option<PathBuf> {
    let mut folders = file.ancestors().skip(1);
    folders
        .find(|folder| folder.join("Cargo.toml").is_file())
        .map(Path::to_owned)
}

/// The name of the file system, if it is one that does not report changes made by others.
#[cfg(target_os = "linux")]
pub(in crate::devserver) fn silent_filesystem(folder: &Path) -> Option<&'static str> {
    // From linux/magic.h, and vboxsf from its own source.
    const SILENT: [(u32, &str); 6] = [
        (0x6969, "NFS"),
        (0x517B, "SMB"),
        (0xFF53_4D42, "CIFS"),
        (0xFE53_4D42, "SMB"),
        (0x0102_1997, "9p"),
        (0x786F_4256, "a VirtualBox folder"),
    ];
    let kind = rustix::fs::statfs(folder).ok()?.f_type;
    SILENT
        .iter()
        .find(|(magic, _)| i64::from(*magic) == kind & 0xFFFF_FFFF)
        .map(|(_, name)| *name)
}

#[cfg(not(target_os = "linux"))]
pub(in crate::devserver) fn silent_filesystem(_: &Path) -> Option<&'static str> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ignored_folders_and_build_output_are_left_out() {
        let root = tempfile::tempdir().expect("a folder");
        for folder in [
            "src/api",
            ".git/refs",
            ".cargo",
            "target/debug",
            "out",
            "made/deep",
            "venv/lib",
            "books/__pycache__",
            "node_modules/x",
        ] {
            std::fs::create_dir_all(root.path().join(folder)).expect("a folder");
        }
        std::fs::write(root.path().join(".gitignore"), "/out\n").expect("written");
        std::fs::write(root.path().join("made/CACHEDIR.TAG"), "").expect("written");
        std::fs::write(root.path().join("venv/pyvenv.cfg"), "").expect("written");
        let mut found = BTreeSet::new();
        folders(root.path(), &mut found);
        let found: Vec<_> = found
            .iter()
            .map(|folder| folder.strip_prefix(root.path()).expect("inside").to_str())
            .map(|folder| folder.expect("text"))
            .collect();
        assert_eq!(found, ["", ".cargo", "books", "src", "src/api"]);
    }

    #[test]
    fn equal_contents_have_equal_hashes_and_no_file_has_none() {
        let root = tempfile::tempdir().expect("a folder");
        let file = root.path().join("a.rs");
        assert_eq!(hash(&file), None);
        assert_eq!(hash(root.path()), None);
        std::fs::write(&file, "one").expect("written");
        let one = hash(&file);
        std::fs::write(&file, "two").expect("written");
        assert_ne!(hash(&file), one);
        std::fs::write(&file, "one").expect("written");
        assert_eq!(hash(&file), one);
        assert!(!is_empty(&file) && age(&file).is_some());
    }
}
