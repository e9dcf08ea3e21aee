//! Which functions of a crate other crates contain copies of.

use std::collections::BTreeSet;
use std::path::Path;

use object::read::archive::ArchiveFile;
use object::{Object, ObjectSection, ObjectSymbol};

/// The readable names in object files and libraries of object files.
#[derive(Clone, Debug, Default)]
pub(super) struct Symbols {
    defined: BTreeSet<String>,
    /// Used, and defined elsewhere.
    used: BTreeSet<String>,
}

/// Visits an object file, or each object file of a library.
pub(super) fn each_object(
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
            // Besides object files a library contains metadata of rustc.
            if member.name().ends_with(b".o") {
                visit(&object::File::parse(member.data(data.as_slice())?)?)?;
            }
        }
        Ok(())
    };
    visit_all().map_err(std::io::Error::other)
}

/// What a program has only one of, so that it cannot be in a shared library of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ProgramWide {
    /// The allocator of `#[global_allocator]`: the dependencies' shared library would use another.
    Allocator,
    /// A linker section with the name of a C identifier: the linker concatenates those of all objects, and some crates
    /// keep registries in them.
    Section,
}

/// What is in the file that a program has only one of.
pub(super) fn program_wide(file: &Path) -> std::io::Result<Option<ProgramWide>> {
    let (mut found, mut allocates) = (None, false);
    each_object(file, |object| {
        for section in object.sections() {
            let mut name = section.name()?.bytes();
            let is_variable = name
                .next()
                .is_some_and(|first| first.is_ascii_alphabetic() || first == b'_')
                && name.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
            if is_variable {
                found = Some(ProgramWide::Section);
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
    #[cfg(test)]
    pub(super) fn with_definitions(names: &[&str]) -> Self {
        Self {
            defined: names.iter().map(|name| (*name).to_owned()).collect(),
            used: BTreeSet::new(),
        }
    }

    /// Adds the symbols in `file` that mention the crate `name`.
    pub(super) fn read(&mut self, file: &Path, name: &str) -> std::io::Result<()> {
        each_object(file, |object| self.read_object(object, name))
    }

    fn read_object(&mut self, file: &object::File<'_>, name: &str) -> object::Result<()> {
        for symbol in file.symbols() {
            let mangled = symbol.name()?;
            // Both mangling schemes keep names readable, so that this is a cheap filter.
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

    /// Whether a symbol with the names of the function and its crate is defined: there may be a copy of its code.
    pub(super) fn define(&self, crate_name: &str, function: &str) -> bool {
        let mut defined = self.defined.iter();
        defined.any(|symbol| names(symbol, crate_name) && names(symbol, function))
    }

    /// Whether a symbol with the names of the function and its crate is used or defined.
    pub(super) fn use_(&self, crate_name: &str, function: &str) -> bool {
        let mut all = self.defined.union(&self.used);
        all.any(|symbol| names(symbol, crate_name) && names(symbol, function))
    }

    /// Whether a symbol is used or defined that has the name in a path of the crate, or is a function of that name of a type
    /// of the crate.
    pub(super) fn have(&self, crate_name: &str, name: &str) -> bool {
        let mut all = self.defined.union(&self.used);
        all.any(|symbol| has_path(symbol, crate_name, name))
    }

    /// Whether a closure, or the state of an `async` function, of the crate is used or defined.
    pub(super) fn use_closures(&self, crate_name: &str) -> bool {
        self.use_(crate_name, "closure")
    }
}

/// Whether the word is a part of a demangled symbol.
fn names(symbol: &str, wanted: &str) -> bool {
    symbol
        .split(|c: char| !(c.is_alphanumeric() || c == '_'))
        .any(|word| word == wanted)
}

/// Whether a path in a demangled symbol begins with the crate and has the name after that, or ends with the name after a
/// type in angle brackets.
fn has_path(symbol: &str, crate_name: &str, name: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut paths = symbol.split(|c: char| !(is_word(c) || c == ':'));
    paths.any(|path| {
        let mut words = path.split("::");
        match words.next() {
            Some(first) if first == crate_name => words.any(|word| word == name),
            // After `<books::Book as Trait>`.
            Some("") => words.next() == Some(name),
            _ => false,
        }
    })
}

/// Whether an object file is the allocator shim, which rustc generates for a program.
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
    fn copies_are_found_by_their_names() {
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
        assert!(symbols.define("books", "list"));
        assert!(!symbols.define("books", "lists"));
        assert!(!symbols.define("books", "retrieve"));
        assert!(!symbols.define("users", "list"));
        assert!(!symbols.define("books", "router"));
        assert!(symbols.use_("books", "router") && symbols.use_("books", "list"));
        assert!(symbols.use_closures("books") && symbols.use_closures("users"));
        assert!(!symbols.use_closures("site"));
    }

    #[test]
    fn names_in_paths_of_a_crate_are_found() {
        let symbol = "<admin::list::Page<books::models::Book> as core::fmt::Debug>::fmt";
        for (crate_name, name, expected) in [
            ("books", "Book", true),
            ("books", "models", true),
            ("books", "list", false),
            ("books", "Page", false),
            ("admin", "list", true),
            ("books", "fmt", true),
            ("books", "Debug", false),
        ] {
            assert_eq!(
                has_path(symbol, crate_name, name),
                expected,
                "{crate_name} {name}"
            );
        }
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
        assert!(symbols.define("luthier", "definitions_of_a_library_are_read"));
        assert!(!symbols.define("luthier", "nothing_of_the_kind"));
        assert!(!is_allocator_shim(&program));
    }
}
