//! Files that no `mod` declaration reaches: forgotten, most likely.

use std::collections::{BTreeMap, HashSet};

use super::super::source::{Diagnostic, SourceLocation};
use super::Index;

impl Index<'_> {
    /// Those that hold an entity, a message for each folder.
    pub(in super::super) fn warnings(&self) -> Vec<String> {
        let mut folders: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for path in self.unreached() {
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            folders.entry(folder).or_default().push(path);
        }
        let message = |(folder, paths): (&str, Vec<&str>)| match paths.as_slice() {
            [path] => format!(
                "{path} holds an entity, but no `mod` declaration that is compiled by default reaches it: it is left \
                 out"
            ),
            paths => format!(
                "{} files of {folder} hold entities, but no `mod` declaration that is compiled by default reaches \
                 them: they are left out ({})",
                paths.len(),
                some(paths)
            ),
        };
        folders.into_iter().map(message).collect()
    }

    /// Why there are no entities although files hold some: the worst would be to say that there is nothing to do.
    pub(in super::super) fn nothing_reached(&self) -> Option<Diagnostic> {
        let paths = self.unreached();
        let first = paths.first()?;
        let source = self.sources.iter().find(|source| source.path == *first)?;
        let message = match paths.len() {
            1 => format!("{first} holds an entity, but no `mod` declaration reaches it"),
            count => {
                format!("{count} files hold entities, but no `mod` declaration reaches any of them")
            }
        };
        let line = source
            .text
            .lines()
            .find(|line| line.contains("DeriveEntityModel"));
        let place = SourceLocation::in_text(first, line.unwrap_or_default());
        Some(place.with(
            message,
            "the modules start at the library or program that Cargo.toml names; a macro that declares modules has to be \
             a `macro_rules!` of the workspace",
        ))
    }

    /// Their paths.
    pub(in super::super) fn unreached(&self) -> Vec<&str> {
        let reached: HashSet<usize> = self.modules.borrow().iter().map(|m| m.source).collect();
        self.sources
            .iter()
            .enumerate()
            .filter(|(number, source)| {
                !reached.contains(number)
                    && source.text.contains("DeriveEntityModel")
                    && declares_entity(&source.text)
            })
            .map(|(_, source)| source.path.as_str())
            .collect()
    }
}

/// The names of a few files, and how many there are besides.
fn some(paths: &[&str]) -> String {
    const SHOWN: usize = 3;
    let name = |path: &&str| path.rsplit('/').next().unwrap_or(path).to_owned();
    let mut names: Vec<String> = paths.iter().take(SHOWN).map(name).collect();
    if paths.len() > SHOWN {
        names.push("…".into());
    }
    names.join(", ")
}

/// Whether the derive is written outside of comments.
fn declares_entity(text: &str) -> bool {
    let lines = text.lines().map(str::trim_start);
    let mut code = lines.filter(|line| !line.starts_with("//"));
    code.any(|line| line.contains("DeriveEntityModel") && !line.starts_with("use "))
}
