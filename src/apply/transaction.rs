//! All files of a change or none, in a folder that exists.
//!
//! 1. **Stage**: new contents are written to `.luthier/stage/new/<n>`. Until here nothing has happened.
//! 2. **Journal**: `.luthier/journal.json`, complete at once by a rename, says what is about to be moved.
//! 3. **Move**: each file that exists is kept at `.luthier/stage/old/<n>`, then its new contents take its place, or
//!    it goes away.
//! 4. **Commit**: the journal is removed. That one step decides between the old state and the new.
//!
//! Whoever finds a journal undoes step 3: the same code after a failed move and after a crash. Undoing can itself
//! be cut short and repeated.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::change::Change;
use super::paths::{self, FOLDER};
use super::{disk, lock, record};
use crate::error::{Error, Result};
use crate::interrupt;
use crate::output::Output;

const JOURNAL: &str = "journal.json";

/// What is about to be moved.
#[derive(Debug, Deserialize, Serialize)]
struct Journal {
    /// The command, as typed.
    title: String,
    /// Folders to make, outer ones first.
    folders: Vec<PathBuf>,
    moves: Vec<Move>,
}

#[derive(Debug, Deserialize, Serialize)]
struct Move {
    /// Relative to the root. The move's place in the journal names its staged files.
    path: PathBuf,
    /// SHA-256 of the new contents: a file that holds anything else was touched by somebody else since. Empty
    /// where there are none, because the file goes away.
    after: String,
    /// Whether a file is replaced.
    replaces: bool,
}

impl Move {
    fn removes(&self) -> bool {
        self.after.is_empty()
    }
}

/// The places of one transaction.
struct Places<'a> {
    root: &'a Path,
    own: PathBuf,
}

impl<'a> Places<'a> {
    fn under(root: &'a Path) -> Self {
        let own = root.join(FOLDER);
        Self { root, own }
    }

    fn journal(&self) -> PathBuf {
        self.own.join(JOURNAL)
    }

    fn stage(&self) -> PathBuf {
        self.own.join("stage")
    }

    fn staged(&self, index: usize) -> PathBuf {
        self.own.join(format!("stage/new/{index}"))
    }

    fn kept(&self, index: usize) -> PathBuf {
        self.own.join(format!("stage/old/{index}"))
    }
}

/// Whether a crash left a transaction of the project at `root` half done, or another process is in the middle of one.
pub(super) fn is_pending(root: &Path) -> bool {
    Places::under(root).stage().exists()
}

/// Makes `changes` real, all or none. The caller holds the lock and has checked the paths.
pub(super) fn commit(root: &Path, title: &str, changes: &[&Change]) -> Result<()> {
    let places = Places::under(root);
    let journal = stage(&places, title, changes).inspect_err(|_| {
        let _ = disk::remove_folder(&places.stage());
    })?;
    let moved = move_all(&places, &journal).and_then(|()| disk::remove_file(&places.journal()));
    if let Err(error) = moved {
        return Err(match undo(&places, &journal) {
            Ok(_) => error,
            Err(_) => error
                .hint("the files could not be put back; the next luthier command here will do it"),
        });
    }
    // Done. What cannot be cleared away now is cleared away by the next run.
    let _ = disk::remove_folder(&places.stage());
    Ok(())
}

/// Undoes a transaction that a crash cut short.
pub(super) fn recover(output: &Output, root: &Path) -> Result<()> {
    let lock = lock::wait(root, "(recovery)")?;
    let places = Places::under(root);
    // A repository could hold a link here, and what it points to is not ours to move or remove.
    paths::within(root, &Path::new(FOLDER).join("stage/old/0"))?;
    let Some(text) = disk::read(&places.journal())? else {
        // Leftovers. That they cannot be removed is no reason for a command that only reads to fail.
        let _ = disk::remove_folder(&places.stage());
        drop(lock);
        tidy(root);
        return Ok(());
    };
    let journal: Journal =
        serde_json::from_slice(&text).map_err(|error| unreadable(&places, error))?;
    let touched = undo(&places, &journal)?;
    drop(lock);
    tidy(root);
    output.warning(format_args!(
        "`luthier {}` had been cut short; the project is as it was before it",
        journal.title
    ));
    for path in touched {
        output.warning(format_args!(
            "{} was edited since and is left as it is",
            path.display()
        ));
    }
    Ok(())
}

fn unreadable(places: &Places, error: serde_json::Error) -> Error {
    let journal = places.journal();
    let stage = places.stage();
    Error::failed(format_args!("{} cannot be understood: {error}", journal.display())).hint(format!(
        "it says how to undo a luthier command that was cut short; if the project's files are as they should be, \
         remove it and {}",
        stage.display()
    ))
}

/// Removes our folder if it holds no more than a lock, because nothing was ever committed here.
pub(super) fn tidy(root: &Path) {
    let places = Places::under(root);
    if !places.own.join(".gitignore").exists() && !is_pending(root) {
        let _ = disk::remove_file(&lock::path(root));
        let _ = disk::remove_empty_folder(&places.own);
    }
}

/// Steps 1 and 2. An error leaves no journal.
fn stage(places: &Places, title: &str, changes: &[&Change]) -> Result<Journal> {
    for folder in ["stage", "stage/new", "stage/old"] {
        disk::make_folder(&places.own.join(folder))?;
    }
    let mut folders = BTreeSet::new();
    let mut moves = Vec::with_capacity(changes.len());
    for (index, change) in changes.iter().enumerate() {
        let place = paths::within(places.root, &change.path)?;
        if !change.removes() {
            let staged = places.staged(index);
            disk::write_for(&place, &staged, &change.new)?;
            if change.old.is_some() {
                disk::copy_permissions(&place, &staged)?;
            }
        }
        let above = change.path.ancestors().skip(1);
        folders.extend(above.filter(|folder| !places.root.join(folder).exists()));
        moves.push(Move {
            path: change.path.clone(),
            after: if change.removes() {
                String::new()
            } else {
                record::sha256(&change.new)
            },
            replaces: change.old.is_some(),
        });
    }
    let journal = Journal {
        title: title.to_owned(),
        folders: folders.into_iter().map(Path::to_owned).collect(),
        moves,
    };
    let draft = places.stage().join(JOURNAL);
    disk::write(&draft, &serde_json::to_vec(&journal)?)?;
    interrupt::stop_if_requested()?;
    disk::rename(&draft, &places.journal())?;
    Ok(journal)
}

fn move_all(places: &Places, journal: &Journal) -> Result<()> {
    for folder in &journal.folders {
        disk::make_folder(&places.root.join(folder))?;
    }
    for (index, file) in journal.moves.iter().enumerate() {
        let place = places.root.join(&file.path);
        if file.replaces {
            disk::set_aside(&place, &places.kept(index))?;
        }
        if file.removes() {
            disk::remove_file(&place)?;
        } else {
            disk::rename(&places.staged(index), &place)?;
        }
    }
    Ok(())
}

/// Puts everything back, last move first, and returns the files that are left alone because they hold neither what
/// was there nor what was written.
fn undo(places: &Places, journal: &Journal) -> Result<Vec<PathBuf>> {
    let mut touched = Vec::new();
    for (index, file) in journal.moves.iter().enumerate().rev() {
        // The journal may come from anywhere: a repository could hold one.
        let Ok(place) = paths::within(places.root, &file.path) else {
            touched.push(file.path.clone());
            continue;
        };
        let old = disk::read(&places.kept(index))?;
        match (disk::read(&place)?, old) {
            // Not moved yet, or put back already.
            (there, old) if file.replaces && (old.is_none() || there == old) => {}
            (None, None) => {}
            (Some(there), _) if record::sha256(&there) != file.after => {
                touched.push(file.path.clone());
            }
            (_, Some(_)) => disk::rename(&places.kept(index), &place)?,
            (Some(_), None) => disk::remove_file(&place)?,
        }
    }
    for folder in journal.folders.iter().rev() {
        if let Ok(inside) = paths::within(places.root, &folder.join("inside")) {
            disk::remove_empty_folder(inside.parent().unwrap_or(&inside))?;
        }
    }
    disk::remove_file(&places.journal())?;
    disk::remove_folder(&places.stage())?;
    Ok(touched)
}
