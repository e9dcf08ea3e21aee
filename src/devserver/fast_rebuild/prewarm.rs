//! A compiler that is started before it is needed, and waits for the edit.
//!
//! It has read what it remembers of the last time, and has memory at hand, when it comes to the first source file that
//! may change, and waits there. What it has read by then must not change meanwhile: that is the crate's first file,
//! unless that is the one which is edited.

use std::io::Error;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::Compiled;
use super::files::{free_memory, modified, sources_as_read};
use super::preload::PausedProcess;
use super::run::Running;
use crate::devserver::build::Build;

/// How much memory is laid out beforehand, in bytes: what an edit of a crate with one model takes.
const MEMORY: u64 = 192 << 20;

/// What has to remain free, in bytes.
const REST: u64 = 1 << 30;

/// A file that was edited, and what it holds.
pub(super) type Edited = (PathBuf, Option<String>);

/// A compiler that waits.
#[derive(Debug)]
pub(super) struct Prewarmed {
    /// The crate that it is to compile, by its id.
    of: String,
    /// A file that it has read, and when that was written.
    read: Option<(PathBuf, Option<SystemTime>)>,
    /// What it was let go for.
    gone: Option<Vec<Seen>>,
    waiting: PausedProcess,
}

/// A file, what it held, and when that was written.
type Seen = (PathBuf, Option<String>, Option<SystemTime>);

impl Prewarmed {
    /// Has a compiler wait for the next edit of a crate, in the library `wait`.
    pub(super) fn start(build: &Build, of: &Compiled, wait: &Path) -> std::io::Result<Self> {
        let free = free_memory().unwrap_or_default();
        if free < MEMORY + REST {
            return Err(Error::other("there is little memory left"));
        }
        let Some(root) = of.invocation.source() else {
            return Err(Error::other("the crate has no first file"));
        };
        let mut files = sources_as_read(&of.dep_info())?;
        files.insert(root.clone());
        let written = |file: &PathBuf| modified(&of.directory.join(file));
        let is_edited = files.iter().max_by_key(|it| written(it)) == Some(&root);
        let read = (!is_edited && files.len() > 1).then(|| {
            files.retain(|it| *it != root);
            let path = of.directory.join(&root);
            let time = modified(&path);
            (path, time)
        });
        let files: Option<Vec<&str>> = files.iter().map(|it| it.to_str()).collect();
        let files = files.ok_or_else(|| Error::other("a file has an odd name"))?;
        let mut command = of.rustc()?;
        command.env("LUTHIER_WAIT_MEMORY", MEMORY.to_string());
        Ok(Self {
            of: of.invocation.id(),
            read,
            gone: None,
            waiting: PausedProcess::start(build, command, wait, &files.join("\n"))?,
        })
    }

    /// Whether it compiles the crate as it is now, with these files edited.
    pub(super) fn is_for(&self, of: &Compiled, files: &[Edited]) -> bool {
        let mut read = self.read.iter();
        self.of == of.invocation.id()
            && read.all(|(file, time)| modified(file) == *time)
            && self.gone.as_ref().is_none_or(|gone| *gone == seen(files))
    }

    /// Lets it go on, now that these files are edited, before anybody asks for it.
    pub(super) fn go(&mut self, files: &[Edited]) {
        self.gone = Some(seen(files));
        self.waiting.open();
    }

    pub(super) fn has_gone(&self) -> bool {
        self.gone.is_some()
    }

    /// The compiler, which goes on.
    pub(super) fn gone(self) -> Running {
        self.waiting.opened()
    }
}

fn seen(files: &[Edited]) -> Vec<Seen> {
    let files = files.iter();
    files
        .map(|(file, text)| (file.clone(), text.clone(), modified(file)))
        .collect()
}
