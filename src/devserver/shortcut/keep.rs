//! What rustc would have a program linked of: kept, instead of linked.

use std::io::Error;
use std::path::{Path, PathBuf};

use super::Compiled;
use super::link::LinkLine;

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

    /// What the crate's shared library is called.
    pub(super) fn shared_name(&self) -> String {
        format!("lib{}.so", self.invocation.id())
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

#[expect(
    clippy::disallowed_methods,
    reason = "what is built is no file of the project"
)]
pub(super) fn write(file: &Path, contents: &[u8]) -> std::io::Result<()> {
    std::fs::write(file, contents)
}
