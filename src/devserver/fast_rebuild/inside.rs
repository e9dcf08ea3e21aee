//! Whether a crate that differs in more than function bodies can be compiled alone. Pure.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::decide::{Baseline, FilesNow};
use super::items::{Item, Names, items};
use super::mentions::{Mentions, Unclear, mentions};
use super::visible::{Visible, changes_inside};

/// A version of a file, and its items.
type Version = (String, Option<Vec<Item>>);

/// What was read of files, so that an edit reads only what it has changed.
#[derive(Debug, Default)]
pub(super) struct Readings {
    /// The last two versions of each file, with their items.
    files: BTreeMap<PathBuf, Vec<Version>>,
    /// By the id of a crate: the sources of its dependents, and what they mention of it.
    mentions: BTreeMap<String, (Vec<String>, Result<Mentions, Unclear>)>,
}

impl Readings {
    /// The names of the items of a crate that differ from those that cargo compiled, if none of its dependents can have
    /// one of them.
    pub(super) fn changes_inside(
        &mut self,
        baseline: &Baseline,
        now: &FilesNow,
        id: &str,
    ) -> Result<Names, Visible> {
        let Some(facts) = baseline.crates.get(id) else {
            return Err(Visible::Unclear);
        };
        // What includes another file may be anything, and macros may read one.
        let mut others = baseline.other_files(id);
        if others.any(|file| text(&baseline.by_cargo, file) != text(now, file)) {
            return Err(Visible::Unclear);
        }
        let mut sources = Vec::new();
        for dependent in &facts.dependents {
            for file in baseline.rust_files(dependent) {
                let (before, after) = (text(&baseline.by_cargo, file), text(now, file));
                sources.extend(before.cloned());
                sources.extend(after.filter(|_| before != after).cloned());
            }
        }
        let mentions = self.mentions(id, &facts.names, sources);
        let mentions = mentions.map_err(|Unclear| Visible::Unclear)?;
        let before = self.items(baseline, &baseline.by_cargo, id)?;
        let after = self.items(baseline, now, id)?;
        changes_inside(&before, &after, &mentions)
    }

    fn mentions(
        &mut self,
        id: &str,
        names: &Names,
        sources: Vec<String>,
    ) -> Result<Mentions, Unclear> {
        match self.mentions.get(id) {
            Some((known, mentions)) if *known == sources => mentions.clone(),
            _ => {
                let texts: Vec<&str> = sources.iter().map(String::as_str).collect();
                let mentions = mentions(names, &texts);
                let read = (sources, mentions.clone());
                self.mentions.insert(id.to_owned(), read);
                mentions
            }
        }
    }

    /// The items of all files of a crate.
    fn items(
        &mut self,
        baseline: &Baseline,
        contents: &FilesNow,
        id: &str,
    ) -> Result<Vec<Item>, Visible> {
        let mut all = Vec::new();
        for file in baseline.rust_files(id) {
            if let Some(text) = text(contents, file) {
                let items = self.read(file, text).ok_or(Visible::Unclear)?;
                // Equal items of two files are two.
                all.extend(items.iter().map(|item| Item {
                    text: format!("{}: {}", file.display(), item.text),
                    ..item.clone()
                }));
            }
        }
        Ok(all)
    }

    fn read(&mut self, file: &Path, text: &str) -> Option<&[Item]> {
        const VERSIONS: usize = 2;
        let versions = self.files.entry(file.to_owned()).or_default();
        let known = versions.iter().position(|(known, _)| known == text);
        let place = known.unwrap_or_else(|| {
            if versions.len() == VERSIONS {
                // The first one is cargo's, and remains.
                versions.pop();
            }
            versions.push((text.to_owned(), items(text)));
            versions.len() - 1
        });
        versions.get(place)?.1.as_deref()
    }
}

fn text<'a>(files: &'a FilesNow, file: &Path) -> Option<&'a String> {
    files.get(file).and_then(Option::as_ref)
}
