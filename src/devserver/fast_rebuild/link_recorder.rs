//! What rustc would have a program linked of: kept, instead of linked.

use std::io::Error;
use std::path::{Path, PathBuf};

use super::Compiled;
use super::link_line::LinkLine;
use super::symbols::{ProgramWide, program_wide};

impl Compiled {
    /// The library in the crate's own folder.
    pub(super) fn library(&self) -> PathBuf {
        let library = self.invocation.library();
        let name = library.file_name().unwrap_or_default();
        self.folder.join("out").join(name)
    }

    /// The list of what rustc has read when it last compiled the crate there.
    pub(super) fn dep_info(&self) -> PathBuf {
        let list = self.invocation.dep_info();
        let name = list.file_name().unwrap_or_default();
        self.folder.join("out").join(name)
    }

    /// The crate's shared library in `place`, and how it is linked.
    pub(super) fn part(&self, line: &LinkLine, place: &Path) -> (PathBuf, Vec<String>) {
        let name = format!("lib{}.so", self.invocation.id());
        let part = place.join(&name);
        let arguments = line.part(&self.library(), &name, &part);
        (part, arguments)
    }

    /// A linker that links nothing, and keeps what it is given.
    #[expect(
        clippy::disallowed_methods,
        reason = "what is built is no file of the project"
    )]
    pub(super) fn recorder(&self) -> std::io::Result<PathBuf> {
        let objects = self.folder.join("objects");
        // What an earlier run left would be taken for part of the program.
        match std::fs::remove_dir_all(&objects) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        std::fs::create_dir_all(&objects)?;
        let script = self.folder.join("keep.sh");
        write(&script, RECORDER.as_bytes())?;
        #[cfg(unix)]
        std::fs::set_permissions(&script, std::os::unix::fs::PermissionsExt::from_mode(0o755))?;
        Ok(script)
    }

    /// What rustc gave the linker in [`Compiled::compile`], with the objects where they were kept.
    #[expect(
        clippy::disallowed_methods,
        reason = "what is built is no file of the project"
    )]
    pub(super) fn recorded_line(&self) -> std::io::Result<LinkLine> {
        let text = std::fs::read_to_string(self.folder.join("objects/arguments"))?;
        let line = LinkLine::new(text.lines().map(str::to_owned).collect())
            .ok_or_else(|| Error::other("the program's linker arguments are not supported"))?;
        for object in line.objects() {
            check_separable(object, self.invocation.crate_name())?;
        }
        Ok(line)
    }
}

/// That nothing of a whole program is in a file of the crate.
pub(super) fn check_separable(file: &Path, crate_name: &str) -> std::io::Result<()> {
    match program_wide(file)? {
        None => Ok(()),
        Some(ProgramWide::Allocator) => {
            Err(Error::other("the program has an allocator of its own"))
        }
        Some(ProgramWide::Gathered) => Err(Error::other(format!(
            "{crate_name} contributes to a linker section of the whole program"
        ))),
    }
}

/// Copies objects, which rustc removes at its end, and writes down the arguments.
const RECORDER: &str = r#"#!/bin/sh
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

#[expect(
    clippy::disallowed_methods,
    reason = "what is built is no file of the project"
)]
pub(super) fn write(file: &Path, contents: &[u8]) -> std::io::Result<()> {
    std::fs::write(file, contents)
}
