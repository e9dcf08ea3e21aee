//! Which crates a fast rebuild has to compile, or why it does not apply. Pure.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

pub(super) use super::baseline::{Baseline, CrateFacts, Edited, FilesNow};
use super::body_diff::Comparisons;
use super::inside::Readings;
use super::visible::Visible;
use crate::devserver::cargo_build::accelerator::Reason;

/// A crate that has to be compiled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Outdated {
    pub(super) id: String,
    /// Its files that differ from what it was compiled from.
    pub(super) files: Vec<Edited>,
}

/// Cargo has to build.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) reason: Reason,
    /// Crates that should be prepared for a fast rebuild from now on.
    pub(super) edited: BTreeSet<String>,
}

impl From<Reason> for Refusal {
    fn from(reason: Reason) -> Self {
        Self {
            reason,
            edited: BTreeSet::new(),
        }
    }
}

/// The crates to compile, if since cargo's build nothing was edited that other crates contain, or can have.
pub(super) fn decide(
    baseline: &Baseline,
    now: &FilesNow,
    comparisons: &mut Comparisons,
    readings: &mut Readings,
) -> Result<Vec<Outdated>, Refusal> {
    let mut outdated: BTreeMap<&str, Vec<Edited>> = BTreeMap::new();
    let mut unprepared = BTreeSet::new();
    // The crates of which more than bodies differ, and why bodies alone would not do.
    let mut wide: BTreeMap<&str, Reason> = BTreeMap::new();
    for file in baseline.files() {
        let contents = now.get(file).and_then(Option::as_ref);
        let by_cargo = baseline.by_cargo.get(file).and_then(Option::as_ref);
        let last = match baseline.recompiled.get(file) {
            Some(last) => last.as_ref(),
            None => by_cargo,
        };
        if contents == by_cargo && contents == last {
            continue;
        }
        // A file that came into use with a fast rebuild, and is as it was then.
        let is_new = !baseline.by_cargo.contains_key(file);
        if is_new && contents == last {
            continue;
        }
        let owner = baseline.owner(file)?;
        let Some(facts) = baseline.crates.get(owner) else {
            unprepared.insert(owner.to_owned());
            continue;
        };
        if !facts.is_binary
            && let Err(reason) = check_bodies(facts, file, by_cargo, contents, comparisons)
        {
            if let Reason::CopiedFunction(_) = reason {
                return Err(reason.into());
            }
            wide.entry(owner).or_insert(reason);
        }
        if contents != last {
            let files = outdated.entry(owner).or_default();
            files.push((file.to_owned(), contents.cloned()));
        }
    }
    if !unprepared.is_empty() {
        return Err(Refusal {
            reason: Reason::FirstEdit,
            edited: unprepared,
        });
    }
    if outdated.is_empty() {
        return Err(Reason::NothingChanged.into());
    }
    for (id, reason) in wide {
        check_users(baseline, id, &outdated)?;
        check_inside(baseline, now, id, reason, readings)?;
    }
    let outdated = outdated.into_iter().map(|(id, files)| Outdated {
        id: id.to_owned(),
        files,
    });
    Ok(outdated.collect())
}

/// Checks that other crates need not be compiled again.
fn check_bodies(
    facts: &CrateFacts,
    file: &Path,
    before: Option<&String>,
    after: Option<&String>,
    comparisons: &mut Comparisons,
) -> Result<(), Reason> {
    let changed = before
        .zip(after)
        .and_then(|(before, after)| comparisons.changed_bodies(file, before, after))
        .ok_or_else(|| Reason::MoreThanBodies(file.to_owned()))?;
    let mut names = changed.names.iter();
    if let Some(function) = names.find(|name| facts.copies.define(&facts.name, name)) {
        return Err(Reason::CopiedFunction(function.clone()));
    }
    if changed.opaque && facts.layout_is_used {
        return Err(Reason::UsedLayout(facts.name.clone()));
    }
    Ok(())
}

/// Checks that no crate that uses this one is compiled: it may use something new, which cargo's library of this one does
/// not have.
fn check_users(
    baseline: &Baseline,
    id: &str,
    outdated: &BTreeMap<&str, Vec<Edited>>,
) -> Result<(), Reason> {
    let facts = baseline.crates.get(id);
    let mut users = facts.iter().flat_map(|facts| &facts.dependents);
    match users.any(|user| outdated.contains_key(user.as_str())) {
        true => Err(Reason::DependencyChanged(
            facts.map_or(id, |facts| &facts.name).to_owned(),
        )),
        false => Ok(()),
    }
}

/// Checks that other crates need not be compiled again, although more than bodies differ.
fn check_inside(
    baseline: &Baseline,
    now: &FilesNow,
    id: &str,
    reason: Reason,
    readings: &mut Readings,
) -> Result<(), Reason> {
    let Some(facts) = baseline.crates.get(id) else {
        return Err(reason);
    };
    let names = readings.changes_inside(baseline, now, id);
    let names = names.map_err(|visible| match visible {
        Visible::Name(name) => Reason::VisibleName(name, facts.name.clone()),
        Visible::Unclear => reason,
    })?;
    // What the sources do not say is in the object files.
    match names
        .into_iter()
        .find(|name| facts.copies.have(&facts.name, name))
    {
        Some(name) => Err(Reason::VisibleName(name, facts.name.clone())),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::devserver::fast_rebuild::items::Names;
    use crate::devserver::fast_rebuild::symbols::Symbols;

    const LIB: &str = "/s/books/src/lib.rs";
    const MAIN: &str = "/s/src/main.rs";
    const BOOKS: &str = "pub fn list() -> u32 { 1 }\npub fn copied() -> u32 { 1 }\npub async fn later() -> u32 { 1 }\n";

    fn files(files: &[(&str, Option<&str>)]) -> FilesNow {
        let owned =
            |(path, text): &(&str, Option<&str>)| (PathBuf::from(path), text.map(str::to_owned));
        files.iter().map(owned).collect()
    }

    /// A program of the crates `site`, `books` and `store`, the last of which is not prepared.
    fn baseline() -> Baseline {
        let facts = |name: &str, is_binary, dependents: &[&str]| CrateFacts {
            names: Names::from([name.to_owned()]),
            dependents: dependents.iter().map(|id| (*id).to_owned()).collect(),
            name: name.to_owned(),
            is_binary,
            copies: Symbols::with_definitions(&["site::urls", "books::copied"]),
            layout_is_used: true,
        };
        let owners = [
            (LIB, &["books-1"][..]),
            (MAIN, &["site-1"]),
            ("/s/store/src/lib.rs", &["store-1"]),
            ("/s/shared.rs", &["books-1", "site-1"]),
        ];
        let ids = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect();
        Baseline {
            by_cargo: files(&[
                (LIB, Some(BOOKS)),
                (MAIN, Some("fn main() { books::list(); }")),
                ("/s/store/src/lib.rs", Some("fn store() {}")),
                ("/s/shared.rs", Some("")),
                ("/s/Cargo.toml", Some("[package]")),
                ("/s/.cargo/config.toml", None),
            ]),
            recompiled: FilesNow::new(),
            owners: owners
                .map(|(file, owners)| (file.into(), ids(owners)))
                .into(),
            crates: BTreeMap::from([
                ("books-1".to_owned(), facts("books", false, &["site-1"])),
                ("site-1".to_owned(), facts("site", true, &[])),
            ]),
        }
    }

    fn decided(baseline: &Baseline, edits: &[(&str, Option<&str>)]) -> Result<Vec<String>, Reason> {
        let mut now = baseline.by_cargo.clone();
        now.extend(baseline.recompiled.clone());
        now.extend(files(edits));
        let outdated = decide(
            baseline,
            &now,
            &mut Comparisons::default(),
            &mut Readings::default(),
        );
        let names = |outdated: Outdated| format!("{} {}", outdated.id, outdated.files.len());
        outdated
            .map(|outdated| outdated.into_iter().map(names).collect())
            .map_err(|refusal| refusal.reason)
    }

    #[test]
    fn each_edit_is_rebuilt_fast_or_has_a_reason_why_not() {
        let path = |path: &str| PathBuf::from(path);
        let two = BOOKS.replace("list() -> u32 { 1 }", "list() -> u32 { 2 }");
        let copied = BOOKS.replace("copied() -> u32 { 1 }", "copied() -> u32 { 2 }");
        let later = BOOKS.replace("later() -> u32 { 1 }", "later() -> u32 { 2 }");
        let added = format!("{BOOKS}pub fn new() {{}}\n");
        let signature = BOOKS.replace("list() -> u32", "list() -> u64");
        for (edits, expected) in [
            (&[][..], Err(Reason::NothingChanged)),
            (&[(LIB, Some(two.as_str()))], Ok(vec!["books-1 1"])),
            (
                &[(LIB, Some(&*two)), (MAIN, Some("mod new; fn main() {}"))],
                Ok(vec!["books-1 1", "site-1 1"]),
            ),
            (
                &[(LIB, Some(&*signature))],
                Err(Reason::VisibleName("list".into(), "books".into())),
            ),
            (&[(LIB, None)], Err(Reason::MoreThanBodies(path(LIB)))),
            (&[(LIB, Some(&*added))], Ok(vec!["books-1 1"])),
            // The binary may use what is new.
            (
                &[
                    (LIB, Some(&*added)),
                    (MAIN, Some("fn main() { books::new(); }")),
                ],
                Err(Reason::DependencyChanged("books".into())),
            ),
            (
                &[(LIB, Some("no Rust {"))],
                Err(Reason::MoreThanBodies(path(LIB))),
            ),
            (
                &[(LIB, Some(&*copied))],
                Err(Reason::CopiedFunction("copied".into())),
            ),
            (&[(LIB, Some(&*later))], Ok(vec!["books-1 1"])),
            (&[("/s/store/src/lib.rs", Some(""))], Err(Reason::FirstEdit)),
            (
                &[("/s/shared.rs", Some("fn f() {}"))],
                Err(Reason::SharedFile(path("/s/shared.rs"))),
            ),
            (
                &[("/s/Cargo.toml", Some("")), (LIB, Some(&*two))],
                Err(Reason::FileChanged(path("/s/Cargo.toml"))),
            ),
            (
                &[("/s/.cargo/config.toml", Some(""))],
                Err(Reason::FileChanged(path("/s/.cargo/config.toml"))),
            ),
        ] {
            let expected = expected.map(|ids| ids.into_iter().map(str::to_owned).collect());
            assert_eq!(decided(&baseline(), edits), expected, "{edits:?}");
        }
    }

    #[test]
    fn an_edit_counts_from_the_last_fast_rebuild() {
        let two = BOOKS.replace("list() -> u32 { 1 }", "list() -> u32 { 2 }");
        let mut baseline = baseline();
        baseline.compiled("books-1", files(&[(LIB, Some(&two))]));
        assert_eq!(decided(&baseline, &[]), Err(Reason::NothingChanged));
        // Back to what cargo compiled is an edit, too.
        let back = decided(&baseline, &[(LIB, Some(BOOKS))]);
        assert_eq!(back, Ok(vec!["books-1 1".to_owned()]));
    }

    #[test]
    fn files_that_a_fast_rebuild_brings_in_count() {
        let note = "/s/note.txt";
        let mut baseline = baseline();
        let changed = BTreeSet::from([PathBuf::from(note)]);
        assert_eq!(baseline.unknown(&changed), Some(Path::new(note)));
        baseline.compiled("books-1", files(&[(note, Some("one"))]));
        baseline.compiled("site-1", files(&[("/s/page.html", Some("page"))]));
        assert_eq!(baseline.unknown(&changed), None);
        assert_eq!(decided(&baseline, &[]), Err(Reason::NothingChanged));
        let more = Err(Reason::MoreThanBodies(note.into()));
        assert_eq!(decided(&baseline, &[(note, Some("two"))]), more);
        // Without it everything is as cargo compiled it.
        let removed = decided(&baseline, &[(note, None)]);
        assert_eq!(removed, Ok(vec!["books-1 1".to_owned()]));
        // No other crate uses the program's own.
        let page = decided(&baseline, &[("/s/page.html", Some("page two"))]);
        assert_eq!(page, Ok(vec!["site-1 1".to_owned()]));
        // One file in two crates is cargo's.
        baseline.compiled("site-1", files(&[(note, Some("one"))]));
        let shared = Err(Reason::SharedFile(note.into()));
        assert_eq!(decided(&baseline, &[(note, Some("two"))]), shared);
    }

    #[test]
    fn crates_that_are_not_prepared_are_named_for_the_next_time() {
        let baseline = baseline();
        let mut now = baseline.by_cargo.clone();
        now.extend(files(&[("/s/store/src/lib.rs", Some("fn store() { 1; }"))]));
        let refusal = decide(
            &baseline,
            &now,
            &mut Comparisons::default(),
            &mut Readings::default(),
        )
        .expect_err("refused");
        assert_eq!(refusal.edited, BTreeSet::from(["store-1".to_owned()]));
    }
}
