//! Which files of a generated project cargo may take for unchanged since the project before it.
//!
//! Cargo compares times, and every file of a new project is new, though most of `platform` and `apps/accounts` is the
//! same in all projects, and compiling it again is most of what their tests do. Projects share a target folder and lie
//! at the same path, so a file that holds what the last one at its place held also gets its time.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs::File;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// A hash of each file's contents, and when they were written, by the path inside the project.
type Files = BTreeMap<PathBuf, (u64, SystemTime)>;

/// What cargo has seen last at each place.
pub(crate) struct Freshness(RefCell<Files>);

impl Freshness {
    /// Takes the record at `path`, which is there again when a project has come to its end: what cargo saw in one that
    /// was killed, nobody knows. It counts if it was saved under `last`: nobody else has used the target folder since.
    pub(crate) fn take(path: &Path, last: SystemTime) -> Self {
        let text = std::fs::read(path).unwrap_or_default();
        let _ = std::fs::remove_file(path);
        match serde_json::from_slice::<(SystemTime, Files)>(&text) {
            Ok((saved, files)) if saved == last => Self(RefCell::new(files)),
            _ => Self(RefCell::default()),
        }
    }

    pub(crate) fn save(&self, path: &Path, since: SystemTime) {
        let text = serde_json::to_vec(&(since, &self.0)).expect("paths are text");
        std::fs::write(path, text).expect("the target folder can be written to");
    }

    /// To be called before cargo reads the project at `root`.
    pub(crate) fn observe(&self, root: &Path) {
        let mut files = self.0.borrow_mut();
        let is_ours = |entry: &walkdir::DirEntry| entry.file_name() != ".luthier";
        let entries = walkdir::WalkDir::new(root).into_iter();
        for entry in entries.filter_entry(is_ours).filter_map(Result::ok) {
            if !entry.file_type().is_file() {
                continue;
            }
            let inside = entry.path().strip_prefix(root).expect("inside").to_owned();
            let mut hasher = DefaultHasher::new();
            std::fs::read(entry.path())
                .expect("readable")
                .hash(&mut hasher);
            let (hash, written) = (hasher.finish(), written(entry.path()));
            match files.get(&inside) {
                Some((known, before)) if *known == hash => set_written(entry.path(), *before),
                _ => {
                    files.insert(inside, (hash, written));
                }
            }
        }
    }
}

fn written(path: &Path) -> SystemTime {
    let metadata = path.metadata().expect("it was just read");
    metadata.modified().expect("this system keeps times")
}

fn set_written(path: &Path, time: SystemTime) {
    let file = File::options().append(true).open(path);
    let file = file.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    file.set_modified(time).expect("times can be set");
}

#[test]
fn a_file_that_holds_what_was_there_before_keeps_its_time() {
    let folder = crate::common::Sandbox::new();
    let file = folder.path("a.rs");
    let record = folder.path("record");
    let at = |seconds| SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(seconds);
    let write = |text: &str, seconds: u64| {
        folder.write("a.rs", text);
        set_written(&file, at(seconds));
        let freshness = Freshness::take(&record, at(seconds - 10));
        freshness.observe(&folder.root());
        freshness.save(&record, at(seconds));
        let shown = written(&file).duration_since(SystemTime::UNIX_EPOCH);
        shown.expect("a time after 1970").as_secs()
    };
    assert_eq!(write("one", 10), 10);
    assert_eq!(write("one", 20), 10);
    assert_eq!(write("two", 30), 30);
    // What was built of the other is not what was built last.
    assert_eq!(write("one", 40), 40);
    // A project that was killed has left no record.
    drop(Freshness::take(&record, at(40)));
    assert_eq!(write("one", 50), 50);
    // Somebody else has built something since.
    assert_eq!(write("one", 70), 70);
}
