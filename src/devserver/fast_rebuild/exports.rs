//! Which names the parts of a program take from edited crates: a crate must still define them after an edit.
//!
//! A crate that calls a generic function uses the copy that a crate below has already, even of a function of the
//! standard library (rustc: `-Zshare-generics`, on where nothing is optimised). An edit may take that copy away.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use object::{Object, ObjectSymbol};

use super::symbols::each_object;

/// The mangled names of one part: a crate, or the program's own objects.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Part {
    /// What others can use.
    defined: BTreeSet<String>,
    /// What it takes from others.
    used: BTreeSet<String>,
}

impl Part {
    /// The part that consists of these libraries and objects.
    pub(super) fn read<'a>(files: impl IntoIterator<Item = &'a Path>) -> std::io::Result<Self> {
        let mut part = Self::default();
        for file in files {
            each_object(file, |object| {
                for symbol in object.symbols().filter(ObjectSymbol::is_global) {
                    let names = match symbol.is_undefined() {
                        true => &mut part.used,
                        false => &mut part.defined,
                    };
                    names.insert(symbol.name()?.to_owned());
                }
                Ok(())
            })?;
        }
        Ok(part)
    }
}

/// What the parts of a program have of each other.
#[derive(Debug, Default)]
pub(super) struct Exports {
    /// What cargo's build of each edited crate defines, by the crate's id: others are compiled against that build.
    by_cargo: BTreeMap<String, BTreeSet<String>>,
    /// The parts as they are in the last program, by the ids of their crates.
    parts: BTreeMap<String, Part>,
}

impl Exports {
    /// Adds an edited crate as cargo has built it.
    pub(super) fn add_edited(&mut self, id: String, part: Part) {
        self.by_cargo.insert(id.clone(), part.defined.clone());
        self.parts.insert(id, part);
    }

    /// Adds a part, or has it as it is now.
    pub(super) fn add(&mut self, id: String, part: Part) {
        self.parts.insert(id, part);
    }

    /// Has the parts as edits have left them that `before` knows.
    pub(super) fn add_later(&mut self, before: &Self) {
        for (id, part) in &mut self.parts {
            if let Some(later) = before.parts.get(id) {
                part.clone_from(later);
            }
        }
    }

    /// The first function that other parts use, and that neither a part nor the dependencies have: `offered` tells what they
    /// offer, where that is needed.
    pub(super) fn first_missing(
        &self,
        compiled: &BTreeMap<String, Part>,
        offered: impl FnOnce() -> std::io::Result<BTreeSet<String>>,
    ) -> std::io::Result<Option<(&str, &str)>> {
        let missing = self.missing(compiled);
        if missing.is_empty() {
            return Ok(None);
        }
        let offered = offered()?;
        let mut missing = missing.into_iter();
        Ok(missing.find(|(_, name)| !offered.contains(*name)))
    }

    /// Functions that an edited crate has no longer, while another part uses them: of the parts as they are but for
    /// those `compiled` again. By their mangled names, each with the id of the edited crate.
    pub(super) fn missing(&self, compiled: &BTreeMap<String, Part>) -> Vec<(&str, &str)> {
        let now = |id: &str| compiled.get(id).or_else(|| self.parts.get(id));
        let ids: BTreeSet<&String> = self.parts.keys().chain(compiled.keys()).collect();
        let parts: Vec<&Part> = ids.iter().filter_map(|id| now(id)).collect();
        let is_missing = |name: &str| {
            parts.iter().any(|part| part.used.contains(name))
                && !parts.iter().any(|part| part.defined.contains(name))
        };
        let exported = self.by_cargo.iter().flat_map(|(id, names)| {
            let now = now(id).map(|part| &part.defined);
            let is_gone = move |name: &&String| now.is_none_or(|now| !now.contains(*name));
            let gone = names.iter().filter(is_gone);
            gone.map(|name| (id.as_str(), name.as_str()))
        });
        exported.filter(|(_, name)| is_missing(name)).collect()
    }
}

/// The names that a shared library offers.
pub(super) fn offered(dylib: &Path) -> std::io::Result<BTreeSet<String>> {
    let data = std::fs::read(dylib)?;
    let read = || -> object::Result<_> {
        let file = object::File::parse(data.as_slice())?;
        let symbols = file.dynamic_symbols().filter(ObjectSymbol::is_definition);
        symbols
            .map(|symbol| symbol.name().map(str::to_owned))
            .collect()
    };
    read().map_err(std::io::Error::other)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(defined: &[&str], used: &[&str]) -> Part {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Part {
            defined: names(defined),
            used: names(used),
        }
    }

    #[test]
    fn what_others_use_must_stay() {
        let mut exports = Exports::default();
        exports.add_edited("books".into(), part(&["list", "append", "own"], &["visit"]));
        exports.add_edited("store".into(), part(&["visit", "count"], &[]));
        exports.add(
            "shop".into(),
            part(&["page"], &["list", "append", "malloc"]),
        );
        type Compiled = &'static [(
            &'static str,
            &'static [&'static str],
            &'static [&'static str],
        )];
        let cases: [(Compiled, Option<(&str, &str)>); 7] = [
            (&[], None),
            (&[("books", &["list", "append"], &["visit"])], None),
            (
                &[("books", &["list", "own"], &["visit"])],
                Some(("books", "append")),
            ),
            // Nobody uses it any more, or the user has its own now.
            (&[("books", &["list"], &[]), ("shop", &[], &["list"])], None),
            (
                &[
                    ("books", &["list"], &[]),
                    ("shop", &["append"], &["list", "append"]),
                ],
                None,
            ),
            // A part that is compiled again uses what cargo's build had.
            (&[("store", &["visit"], &[])], None),
            (
                &[
                    ("store", &["visit"], &[]),
                    ("books", &["list", "append"], &["count"]),
                ],
                Some(("store", "count")),
            ),
        ];
        for (compiled, expected) in cases {
            let compiled = compiled
                .iter()
                .map(|(id, defined, used)| ((*id).to_owned(), part(defined, used)))
                .collect();
            let missing = exports.missing(&compiled);
            assert_eq!(missing, Vec::from_iter(expected), "{compiled:?}");
        }
        // The edit after that.
        exports.add("store".into(), part(&["visit"], &[]));
        let compiled = BTreeMap::from([("shop".to_owned(), part(&[], &["list", "count"]))]);
        assert_eq!(exports.missing(&compiled), [("store", "count")]);
        let offered = || Ok(BTreeSet::from(["count".to_owned()]));
        let first = exports.first_missing(&compiled, offered);
        assert_eq!(first.expect("nothing is read"), None);

        // What is prepared later knows the edit, and its own crates.
        let mut later = Exports::default();
        later.add_edited("store".into(), part(&["visit", "count"], &[]));
        later.add_edited("paper".into(), part(&["sheet"], &["count"]));
        later.add_later(&exports);
        assert_eq!(later.missing(&BTreeMap::new()), [("store", "count")]);
    }

    #[test]
    fn names_of_a_program_are_read() {
        let program = std::env::current_exe().expect("a program");
        let part = Part::read([program.as_path()]).expect("a program");
        assert!(
            part.used.iter().any(|name| name.starts_with("malloc")),
            "libc is used"
        );
        assert!(!part.defined.is_empty());
    }
}
