//! What a build has read, and what has changed since: shared by builds and the watcher.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use tokio::sync::watch;

use super::files;

/// The files that the program was built from, by cargo or by fast rebuilds since.
#[derive(Clone, Debug, Default)]
pub(in crate::devserver) struct BuildInputs {
    pub(in crate::devserver) files: BTreeSet<PathBuf>,
    /// Packages whose build scripts name no inputs: then every file of the package is one.
    pub(in crate::devserver) packages: BTreeSet<PathBuf>,
    /// When the build started: files that were written later may not be in the program.
    pub(in crate::devserver) since: Option<SystemTime>,
}

/// Sends the inputs of the last build to the watcher. Clones are the same.
#[derive(Clone, Debug, Default)]
pub(in crate::devserver) struct Inputs(Arc<watch::Sender<BuildInputs>>);

impl Inputs {
    /// The inputs of a complete build of cargo's.
    pub(in crate::devserver) fn replace(&self, inputs: BuildInputs) {
        let files = files::without_output(inputs.files);
        self.0.send_replace(BuildInputs { files, ..inputs });
    }

    /// Files that a build has read, or wanted to read, besides those known.
    pub(in crate::devserver) fn add(&self, new: BTreeSet<PathBuf>, since: SystemTime) {
        let is_new = |inputs: &BuildInputs| new.iter().any(|file| !inputs.files.contains(file));
        if is_new(&self.0.borrow()) {
            let new = files::without_output(new);
            self.0.send_modify(|inputs| {
                inputs.files.extend(new);
                inputs.since = Some(since);
            });
        }
    }

    pub(super) fn subscribe(&self) -> watch::Receiver<BuildInputs> {
        self.0.subscribe()
    }
}

/// The files that changed since the last complete build. Clones are the same.
#[derive(Clone, Debug, Default)]
pub(in crate::devserver) struct Changes(Arc<Mutex<BTreeSet<PathBuf>>>);

impl Changes {
    fn files(&self) -> MutexGuard<'_, BTreeSet<PathBuf>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(in crate::devserver) fn add(&self, files: impl IntoIterator<Item = PathBuf>) {
        self.files().extend(files);
    }

    /// What a build that starts now has to take into account. If it does not complete, they are to be added again.
    pub(in crate::devserver) fn take(&self) -> BTreeSet<PathBuf> {
        std::mem::take(&mut *self.files())
    }
}

/// The paths at which a change of the file is reported: where it lies, and where a link to it leads.
pub(super) fn reported_at(file: &Path) -> impl Iterator<Item = PathBuf> {
    let lies_at = file
        .parent()
        .zip(file.file_name())
        .and_then(|(folder, name)| Some(folder.canonicalize().ok()?.join(name)));
    let leads_to = file.canonicalize().ok();
    let differs = leads_to != lies_at;
    lies_at.into_iter().chain(leads_to.filter(|_| differs))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn changes_are_reported_where_a_file_lies_and_where_it_leads() {
        let root = tempfile::tempdir().expect("a folder");
        let root = root.path().canonicalize().expect("a folder");
        let at = |path: &str| root.join(path);
        std::fs::create_dir_all(at("site/src")).expect("a folder");
        std::fs::create_dir_all(at("shared")).expect("a folder");
        std::fs::write(at("shared/note.txt"), "").expect("written");
        std::fs::write(at("site/own.txt"), "").expect("written");
        std::os::unix::fs::symlink(at("shared"), at("site/src/linked")).expect("a link");
        std::os::unix::fs::symlink(at("shared/note.txt"), at("site/note.txt")).expect("a link");
        for (file, expected) in [
            ("site/own.txt", &["site/own.txt"][..]),
            ("site/src/../own.txt", &["site/own.txt"]),
            ("site/note.txt", &["site/note.txt", "shared/note.txt"]),
            ("site/src/linked/note.txt", &["shared/note.txt"]),
            ("site/missing.txt", &["site/missing.txt"]),
            ("nowhere/missing.txt", &[]),
        ] {
            let found: Vec<PathBuf> = reported_at(&at(file)).collect();
            let expected: Vec<PathBuf> = expected.iter().map(|path| at(path)).collect();
            assert_eq!(found, expected, "{file}");
        }
    }
}
