//! Which functions of a crate other crates hold copies of.

use std::collections::BTreeSet;
use std::path::Path;

use object::read::archive::ArchiveFile;
use object::{Object, ObjectSection, ObjectSymbol};

/// The readable names in object files and libraries of object files.
#[derive(Clone, Debug, Default)]
pub(super) struct Symbols {
    defined: BTreeSet<String>,
    /// What is used only, and defined elsewhere.
    used: BTreeSet<String>,
}

/// Does something with an object file, or with each of a library of object files.
#[expect(
    clippy::disallowed_methods,
    reason = "what rustc compiled is no file of the project"
)]
fn each_object(
    file: &Path,
    mut visit: impl FnMut(&object::File<'_>) -> object::Result<()>,
) -> std::io::Result<()> {
    let data = std::fs::read(file)?;
    let mut visit_all = || -> object::Result<()> {
        let Ok(archive) = ArchiveFile::parse(data.as_slice()) else {
            return visit(&object::File::parse(data.as_slice())?);
        };
        for member in archive.members() {
            let member = member?;
            // Beside object files a library holds rustc's notes on the crate.
            if member.name().ends_with(b".o") {
                visit(&object::File::parse(member.data(data.as_slice())?)?)?;
            }
        }
        Ok(())
    };
    visit_all().map_err(std::io::Error::other)
}

/// What there is of `file` once in a program, so that it cannot be in a part of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ProgramWide {
    /// The allocator, for which a program asks in one place: `#[global_allocator]`. The base would use another beside.
    Allocator,
    /// What a linker gathers from everywhere, as it does sections that have the name of a variable: some crates keep
    /// lists of all that is of a kind so.
    Gathered,
}

/// What of a whole program is in the file.
pub(super) fn program_wide(file: &Path) -> std::io::Result<Option<ProgramWide>> {
    let (mut found, mut allocates) = (None, false);
    each_object(file, |object| {
        for section in object.sections() {
            let mut name = section.name()?.bytes();
            let is_variable = name
                .next()
                .is_some_and(|it| it.is_ascii_alphabetic() || it == b'_')
                && name.all(|it| it.is_ascii_alphanumeric() || it == b'_');
            if is_variable {
                found = Some(ProgramWide::Gathered);
            }
        }
        for symbol in object.symbols().filter(ObjectSymbol::is_definition) {
            allocates |= symbol.name()?.ends_with("__rust_alloc");
        }
        Ok(())
    })?;
    if allocates && !is_allocator_shim(file) {
        found = Some(ProgramWide::Allocator);
    }
    Ok(found)
}

impl Symbols {
    /// Adds what `file` has of, or for, the crate `name`.
    pub(super) fn read(&mut self, file: &Path, name: &str) -> std::io::Result<()> {
        each_object(file, |object| self.read_object(object, name))
    }

    fn read_object(&mut self, file: &object::File<'_>, name: &str) -> object::Result<()> {
        for symbol in file.symbols() {
            let mangled = symbol.name()?;
            // Both ways to mangle keep names readable, and cheap to look for.
            if mangled.contains(name) {
                let names = match symbol.is_definition() {
                    true => &mut self.defined,
                    false => &mut self.used,
                };
                names.insert(format!("{:#}", rustc_demangle::demangle(mangled)));
            }
        }
        Ok(())
    }

    /// Whether there may be a copy of a function's code: something that bears its name, and that of its crate.
    pub(super) fn hold(&self, crate_name: &str, function: &str) -> bool {
        let mut defined = self.defined.iter();
        defined.any(|symbol| names(symbol, crate_name) && names(symbol, function))
    }

    /// Whether something of the function is used, or held.
    pub(super) fn know(&self, crate_name: &str, function: &str) -> bool {
        let mut all = self.defined.union(&self.used);
        all.any(|symbol| names(symbol, crate_name) && names(symbol, function))
    }

    /// Whether a closure, or the state of an `async` function, of the crate is used or held.
    pub(super) fn use_closures(&self, crate_name: &str) -> bool {
        self.know(crate_name, "closure")
    }
}

/// Whether the word is one of those that a readable symbol is made of.
fn names(symbol: &str, wanted: &str) -> bool {
    symbol
        .split(|c: char| !(c.is_alphanumeric() || c == '_'))
        .any(|word| word == wanted)
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
            defined: [
                "books::api::book::list::{{closure}}",
                "core::ptr::drop_in_place<books::api::Page>",
                "site::urls::retrieve",
            ]
            .map(str::to_owned)
            .into(),
            used: ["books::urls::router", "users[1f]::login::{closure#0}"]
                .map(str::to_owned)
                .into(),
        };
        assert!(symbols.hold("books", "list"));
        assert!(!symbols.hold("books", "lists"));
        assert!(!symbols.hold("books", "retrieve"));
        assert!(!symbols.hold("users", "list"));
        assert!(!symbols.hold("books", "router"));
        assert!(symbols.know("books", "router") && symbols.know("books", "list"));
        assert!(symbols.use_closures("books") && symbols.use_closures("users"));
        assert!(!symbols.use_closures("site"));
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
