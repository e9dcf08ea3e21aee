//! Whether a crate that differs in more than function bodies can be compiled alone. Pure.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::baseline::{Baseline, FilesNow};
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
        self.read_mentions(id, &facts.names, sources);
        let versions = [&baseline.by_cargo, now];
        for file in baseline.rust_files(id) {
            let texts = versions.iter().filter_map(|contents| text(contents, file));
            texts.for_each(|text| self.read_items(file, text));
        }
        let Some((_, Ok(mentions))) = self.mentions.get(id) else {
            return Err(Visible::Unclear);
        };
        let [before, after] = versions.map(|contents| self.items(baseline, contents, id));
        changes_inside(&before?, &after?, mentions)
    }

    fn read_mentions(&mut self, id: &str, names: &Names, sources: Vec<String>) {
        let known = self.mentions.get(id);
        if known.is_none_or(|(known, _)| *known != sources) {
            let texts: Vec<&str> = sources.iter().map(String::as_str).collect();
            let mentions = mentions(names, &texts);
            self.mentions.insert(id.to_owned(), (sources, mentions));
        }
    }

    fn read_items(&mut self, file: &Path, text: &str) {
        const VERSIONS: usize = 2;
        let versions = self.files.entry(file.to_owned()).or_default();
        if versions.iter().any(|(known, _)| known == text) {
            return;
        }
        if versions.len() == VERSIONS {
            // The first one is cargo's, and remains.
            versions.pop();
        }
        let mut items = items(text);
        // Equal items of two files are two.
        for item in items.iter_mut().flatten() {
            item.text = format!("{}: {}", file.display(), item.text);
        }
        versions.push((text.to_owned(), items));
    }

    /// The items of all files of a crate, which have been read.
    fn items(
        &self,
        baseline: &Baseline,
        contents: &FilesNow,
        id: &str,
    ) -> Result<Vec<&Item>, Visible> {
        let mut all = Vec::new();
        for file in baseline.rust_files(id) {
            if let Some(text) = text(contents, file) {
                let mut versions = self.files.get(file).into_iter().flatten();
                let version = versions.find(|(known, _)| known == text);
                all.extend(
                    version
                        .and_then(|(_, items)| items.as_ref())
                        .ok_or(Visible::Unclear)?,
                );
            }
        }
        Ok(all)
    }
}

fn text<'a>(files: &'a FilesNow, file: &Path) -> Option<&'a String> {
    files.get(file).and_then(Option::as_ref)
}
