//! A linker that links nothing: it records the arguments and objects that rustc passes for the program.

use std::io::Error;
use std::path::{Path, PathBuf};

use super::Unit;
use super::link_line::LinkLine;
use super::symbols::{ProgramWide, program_wide};

impl Unit {
    /// The library in the unit's own folder.
    pub(super) fn library(&self) -> PathBuf {
        let library = self.invocation.library();
        let name = library.file_name().unwrap_or_default();
        self.folder.join("out").join(name)
    }

    /// The dep-info file of the last compilation there.
    pub(super) fn dep_info(&self) -> PathBuf {
        let list = self.invocation.dep_info();
        let name = list.file_name().unwrap_or_default();
        self.folder.join("out").join(name)
    }

    /// The unit's shared library in `folder`, and the arguments that link it.
    pub(super) fn dylib(&self, line: &LinkLine, folder: &Path) -> (PathBuf, Vec<String>) {
        let name = format!("lib{}.so", self.invocation.id());
        let dylib = folder.join(&name);
        let arguments = line.dylib(&self.library(), &name, &dylib);
        (dylib, arguments)
    }

    /// The script to use as a linker.
    pub(super) fn recorder(&self) -> std::io::Result<PathBuf> {
        let script = self.folder.join("record-link.sh");
        std::fs::write(&script, RECORDER)?;
        #[cfg(unix)]
        std::fs::set_permissions(&script, std::os::unix::fs::PermissionsExt::from_mode(0o755))?;
        Ok(script)
    }

    /// The arguments that rustc passed to the linker in [`Unit::compile`], with the objects where they were kept.
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

/// Checks that the file contains nothing of which a program may have only one.
pub(super) fn check_separable(file: &Path, crate_name: &str) -> std::io::Result<()> {
    match program_wide(file)? {
        None => Ok(()),
        Some(ProgramWide::Allocator) => {
            Err(Error::other("the program has an allocator of its own"))
        }
        Some(ProgramWide::Section) => Err(Error::other(format!(
            "{crate_name} contributes to a linker section of the whole program"
        ))),
    }
}

/// Copies the objects, which rustc removes when it exits, and writes the arguments to a file. What an earlier run has
/// recorded stays until then: a compiler that waits for an edit has been started with this linker, too.
const RECORDER: &str = r#"#!/bin/sh
set -e
objects=${0%/*}/objects
rm -rf "$objects"
mkdir "$objects"
for argument; do
    case $argument in
    *.o)
        ln "$argument" "$objects/" 2>/dev/null || cp "$argument" "$objects/"
        argument=$objects/${argument##*/}
        ;;
    esac
    printf '%s\n' "$argument" >>"$objects/arguments"
done
"#;
