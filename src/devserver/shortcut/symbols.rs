//! Which functions of a crate other crates hold copies of.

use std::collections::BTreeSet;
use std::path::Path;

use object::read::archive::ArchiveFile;
use object::{Object, ObjectSymbol};

/// The readable names of what object files and libraries of object files define.
#[derive(Clone, Debug, Default)]
pub(super) struct Symbols {
    names: BTreeSet<String>,
}

impl Symbols {
    /// Adds what `file` defines of, or for, the crate `name`.
    #[expect(
        clippy::disallowed_methods,
        reason = "what rustc compiled is no file of the project"
    )]
    pub(super) fn read(
        &mut self,
        file: &Path,
        name: &str,
    ) -> Result<(), Box<dyn std::error::Error>> {
        let data = std::fs::read(file)?;
        let Ok(archive) = ArchiveFile::parse(data.as_slice()) else {
            return Ok(self.read_object(&data, name)?);
        };
        for member in archive.members() {
            let member = member?;
            // Beside object files a library holds rustc's notes on the crate.
            if member.name().ends_with(b".o") {
                self.read_object(member.data(data.as_slice())?, name)?;
            }
        }
        Ok(())
    }

    fn read_object(&mut self, data: &[u8], name: &str) -> object::Result<()> {
        let file = object::File::parse(data)?;
        for symbol in file.symbols().filter(ObjectSymbol::is_definition) {
            let symbol = symbol.name()?;
            // Both ways to mangle keep names readable, and cheap to look for.
            if symbol.contains(name) {
                let readable = rustc_demangle::demangle(symbol);
                self.names.insert(format!("{readable:#}"));
            }
        }
        Ok(())
    }

    /// Whether there may be a copy of a function's code: something that bears its name, and that of its crate.
    pub(super) fn hold(&self, crate_name: &str, function: &str) -> bool {
        let names = |symbol: &str, wanted: &str| {
            symbol
                .split(|c: char| !(c.is_alphanumeric() || c == '_'))
                .any(|word| word == wanted)
        };
        self.names
            .iter()
            .any(|symbol| names(symbol, crate_name) && names(symbol, function))
    }
}

/// Whether an object file defines what rustc makes for a program alone: the way to the allocator.
#[expect(
    clippy::disallowed_methods,
    reason = "what rustc compiled is no file of the project"
)]
pub(super) fn is_allocator_shim(file: &Path) -> bool {
    // A few short functions.
    const SMALL: usize = 64 * 1024;
    let Ok(data) = std::fs::read(file) else {
        return false;
    };
    if data.len() > SMALL {
        return false;
    }
    object::File::parse(data.as_slice()).is_ok_and(|file| {
        let mut defined = file.symbols().filter(ObjectSymbol::is_definition);
        defined.any(|symbol| {
            symbol
                .name()
                .is_ok_and(|name| name.contains("__rust_no_alloc_shim_is_unstable"))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_are_found_by_the_names_they_bear() {
        let symbols = Symbols {
            names: [
                "books::api::book::list::{{closure}}",
                "core::ptr::drop_in_place<books::api::Page>",
                "site::urls::retrieve",
            ]
            .map(str::to_owned)
            .into(),
        };
        assert!(symbols.hold("books", "list"));
        assert!(!symbols.hold("books", "lists"));
        assert!(!symbols.hold("books", "retrieve"));
        assert!(!symbols.hold("users", "list"));
    }

    #[test]
    fn definitions_of_a_library_are_read() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut symbols = Symbols::default();
        assert!(
            symbols
                .read(&folder.path().join("none.o"), "luthier")
                .is_err()
        );
        // This very program defines what the crate has.
        let program = std::env::current_exe().expect("a program");
        symbols.read(&program, "luthier").expect("a program");
        assert!(symbols.hold("luthier", "definitions_of_a_library_are_read"));
        assert!(!symbols.hold("luthier", "nothing_of_the_kind"));
        assert!(!is_allocator_shim(&program));
    }
}
