//! Reading files: text, or nothing where there is no such file.
#![expect(
    clippy::disallowed_methods,
    reason = "this module reads files for the modules that load projects and cargo's workspaces"
)]

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::Context as _;

use crate::error::{Error, Result};

/// The folder at or above `start` that holds `file`.
pub(crate) fn nearest<'a>(start: &'a Path, file: &str) -> Option<&'a Path> {
    start.ancestors().find(|folder| folder.join(file).is_file())
}

/// The names of what is directly in `folder`, sorted; nothing if there is no such folder.
pub(crate) fn names_in(folder: &Path) -> Result<Vec<OsString>> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(unreadable(folder, error)),
    };
    let names = entries.map(|entry| Ok(entry?.file_name()));
    let mut names: Vec<OsString> = names
        .collect::<std::io::Result<_>>()
        .map_err(|error| unreadable(folder, error))?;
    names.sort();
    Ok(names)
}

/// The text of a file; `None` if there is none.
pub(crate) fn read(path: &Path) -> Result<Option<String>> {
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        // Below a file there is nothing either: `members = ["crates/*"]` may match a README.
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            return Ok(None);
        }
        Err(error) => return Err(unreadable(path, error)),
    };
    let is_utf16 = bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff");
    let encoding = if is_utf16 { "UTF-16, not" } else { "not" };
    String::from_utf8(bytes)
        .map(Some)
        .with_context(|| format!("{} is {encoding} UTF-8 text", path.display()))
        .map_err(|error| Error::from(error).hint("save the file in the encoding UTF-8"))
}

/// The error of a file or folder that cannot be read, with its path.
pub(crate) fn unreadable(path: &Path, error: std::io::Error) -> Error {
    Error::from(anyhow::Error::new(error).context(format!("{} cannot be read", path.display())))
}

/// The texts of files that were read beforehand, by their paths relative to a root, with `/`. Plans that are pure read
/// from these.
#[derive(Debug, Default)]
pub(crate) struct Texts {
    /// None of a file that is not there.
    files: BTreeMap<String, Option<String>>,
    /// Folders whose files of one extension are all among `files`.
    folders: Vec<(String, String)>,
}

impl Texts {
    /// Adds what one file holds, or that there is no such file.
    pub(crate) fn add_file(&mut self, path: String, text: Option<String>) {
        self.files.insert(path, text);
    }

    /// Says that all files below `folder` that end in `.extension` have been added.
    pub(crate) fn add_folder(&mut self, folder: &str, extension: &str) {
        self.folders.push((folder.to_owned(), extension.to_owned()));
    }

    /// The text of a file; `None` if there is no such file.
    ///
    /// # Errors
    /// When nobody has looked whether there is such a file.
    pub(crate) fn read(&self, path: &str) -> Result<Option<String>> {
        let is_in = |(folder, extension): &(String, String)| {
            let inside = path.strip_prefix(folder.as_str());
            let below = inside.is_some_and(|inside| inside.starts_with('/'));
            below
                && path
                    .rsplit_once('.')
                    .is_some_and(|(_, end)| end == extension)
        };
        match self.files.get(path) {
            Some(text) => Ok(text.clone()),
            None if self.folders.iter().any(is_in) => Ok(None),
            None => Err(anyhow::anyhow!("{path} was not read beforehand").into()),
        }
    }

    /// The files directly in a folder, in the order of their names, with their texts.
    pub(crate) fn directly_in(&self, folder: &str) -> impl Iterator<Item = (&str, &str)> {
        let prefix = format!("{folder}/");
        self.files.iter().filter_map(move |(path, text)| {
            let name = path.strip_prefix(&prefix)?;
            (!name.contains('/')).then_some((path.as_str(), text.as_deref()?))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_answer_for_files_that_were_looked_for_and_refuse_the_others() {
        let mut texts = Texts::default();
        texts.add_file("Cargo.toml".to_owned(), Some("[package]".to_owned()));
        texts.add_file("Cargo.lock".to_owned(), None);
        texts.add_file("src/models/book.rs".to_owned(), Some("struct".to_owned()));
        texts.add_file("src/models/deep/x.rs".to_owned(), Some(String::new()));
        texts.add_folder("src", "rs");
        assert_eq!(
            texts.read("Cargo.toml").ok(),
            Some(Some("[package]".to_owned()))
        );
        assert_eq!(texts.read("Cargo.lock").ok(), Some(None));
        assert_eq!(texts.read("src/urls.rs").ok(), Some(None));
        for unknown in ["README.md", "src/page.html", "srcs/x.rs"] {
            assert!(texts.read(unknown).is_err(), "{unknown}");
        }
        let models: Vec<_> = texts.directly_in("src/models").collect();
        assert_eq!(models, [("src/models/book.rs", "struct")]);
    }
}
