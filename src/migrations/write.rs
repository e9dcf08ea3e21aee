//! A new migration as text: SQL for every dialect, and its `meta`.

use std::collections::BTreeMap;

use crate::schema::Schema;
use crate::sql::{self, Dialect};

use super::history::{Hashes, History, Meta};
use super::text::checksum;
use crate::operation::Operation;

/// The files of one migration, by their path in the migrations folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Written {
    pub(crate) name: String,
    pub(crate) files: Vec<(String, String)>,
    /// What follows it.
    pub(crate) after: Schema,
}

impl Written {
    /// Says in `meta` that these things, made by hand on some databases, may go.
    ///
    /// # Errors
    /// `meta` cannot be written as text.
    pub(crate) fn accept_losses(&mut self, names: &[String]) -> Result<(), String> {
        let path = format!("meta/{}.json", self.name);
        for (_, text) in self.files.iter_mut().filter(|(file, _)| *file == path) {
            let mut meta: Meta = serde_json::from_str(text).map_err(|error| error.to_string())?;
            meta.accepted_losses = names.to_vec();
            *text = meta_text(&meta)?;
        }
        Ok(())
    }
}

/// Writes the migration called `name` (`20261121084512_initial`), which changes `before` by `operations`.
///
/// # Errors
/// An operation that a dialect cannot express, in words for the user.
pub(crate) fn write(
    name: &str,
    parents: Vec<String>,
    before: &Schema,
    operations: &[Operation],
    dialects: &[Dialect],
) -> Result<Written, String> {
    let (after, inverse) = inverted(before, operations)?;
    let change = Change {
        name,
        before,
        after: &after,
        operations,
        inverse: &inverse,
    };
    let (mut files, hashes) = change.files(dialects)?;
    let meta = Meta {
        parents,
        operations: operations.to_vec(),
        files: hashes,
        schema: after.hash(),
        replaces: Vec::new(),
        by_hand: false,
        accepted_losses: Vec::new(),
    };
    files.push((format!("meta/{name}.json"), meta_text(&meta)?));
    Ok(Written {
        name: name.to_owned(),
        files,
        after,
    })
}

/// Writes the migration that adopts a database: the files of its own dialect are given, those of the others follow
/// the operations.
///
/// # Errors
/// An operation that a dialect cannot express, in words for the user.
pub(crate) fn write_adopted(
    name: &str,
    operations: &[Operation],
    dialects: &[Dialect],
    (own, up, down): (Dialect, String, String),
) -> Result<Written, String> {
    let before = Schema::default();
    let (after, inverse) = inverted(&before, operations)?;
    let change = Change {
        name,
        before: &before,
        after: &after,
        operations,
        inverse: &inverse,
    };
    let others: Vec<Dialect> = dialects.iter().copied().filter(|d| *d != own).collect();
    let (mut files, mut hashes) = change.files(&others)?;
    let own_hashes = Hashes {
        up: checksum(&up),
        down: checksum(&down),
    };
    hashes.insert(own.name().to_owned(), own_hashes);
    files.push((format!("{own}/{name}.up.sql"), up));
    files.push((format!("{own}/{name}.down.sql"), down));
    let meta = Meta {
        parents: Vec::new(),
        operations: operations.to_vec(),
        files: hashes,
        schema: after.hash(),
        replaces: Vec::new(),
        by_hand: true,
        accepted_losses: Vec::new(),
    };
    files.push((format!("meta/{name}.json"), meta_text(&meta)?));
    Ok(Written {
        name: name.to_owned(),
        files,
        after,
    })
}

/// What a migration written for other dialects needs to serve `dialects` too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Extended {
    pub(crate) name: String,
    pub(crate) files: Vec<(String, String)>,
    /// The path of its `meta`, its text so far, and its text with the new files.
    pub(crate) meta: (String, String, String),
    /// What it does, or a part of it, was written by hand, for the other dialects.
    pub(crate) by_hand: bool,
}

/// Extends every migration that was written before `dialects` were all of the project's.
///
/// # Errors
/// An operation that a new dialect cannot express.
pub(crate) fn extend(history: &History, dialects: &[Dialect]) -> Result<Vec<Extended>, String> {
    let mut extended = Vec::new();
    let mut before = Schema::default();
    for (migration, meta) in history.ordered()? {
        let (after, inverse) = inverted(&before, &meta.operations)?;
        let new: Vec<Dialect> = dialects
            .iter()
            .copied()
            .filter(|dialect| !meta.files.contains_key(dialect.name()))
            .collect();
        if !new.is_empty() {
            let change = Change {
                name: &migration.name,
                before: &before,
                after: &after,
                operations: &meta.operations,
                inverse: &inverse,
            };
            let (files, hashes) = change.files(&new)?;
            let mut more = meta.clone();
            more.files.extend(hashes);
            let path = format!("meta/{}.json", migration.name);
            extended.push(Extended {
                name: migration.name.clone(),
                files,
                meta: (path, migration.meta_text.clone(), meta_text(&more)?),
                by_hand: meta.by_hand || meta.operations.is_empty() && meta.parents.len() < 2,
            });
        }
        before = after;
    }
    Ok(extended)
}

pub(super) fn meta_text(meta: &Meta) -> Result<String, String> {
    let mut text = serde_json::to_string_pretty(meta).map_err(|error| error.to_string())?;
    text.push('\n');
    Ok(text)
}

/// One migration, both ways.
struct Change<'a> {
    name: &'a str,
    before: &'a Schema,
    after: &'a Schema,
    operations: &'a [Operation],
    inverse: &'a [Operation],
}

/// Files by their path in the migrations folder, and their hashes by dialect.
type Files = (Vec<(String, String)>, BTreeMap<String, Hashes>);

impl Change<'_> {
    fn files(&self, dialects: &[Dialect]) -> Result<Files, String> {
        let name = self.name;
        let mut files = Vec::new();
        let mut hashes = BTreeMap::new();
        for dialect in dialects {
            let script = |before: &Schema, operations: &[Operation], direction: &str| {
                sql::render(*dialect, before, operations)
                    .map(|script| script.text(&title(name, direction)))
                    .map_err(|refusal| format!("{}: {refusal}", dialect.title()))
            };
            let up = script(self.before, self.operations, "up")?;
            let down = script(self.after, self.inverse, "down")?;
            hashes.insert(
                dialect.name().to_owned(),
                Hashes {
                    up: checksum(&up),
                    down: checksum(&down),
                },
            );
            files.push((format!("{dialect}/{name}.up.sql"), up));
            files.push((format!("{dialect}/{name}.down.sql"), down));
        }
        Ok((files, hashes))
    }
}

/// The schema after `operations`, and the operations that lead back from there.
pub(crate) fn inverted(
    before: &Schema,
    operations: &[Operation],
) -> Result<(Schema, Vec<Operation>), String> {
    let mut state = before.clone();
    let mut inverse = Vec::with_capacity(operations.len());
    for operation in operations {
        inverse.push(operation.inverse(&state)?);
        operation.apply(&mut state)?;
    }
    inverse.reverse();
    Ok((state, inverse))
}

pub(super) fn title(name: &str, direction: &str) -> String {
    let words = name.split_once('_').map_or(name, |(_, rest)| rest);
    match direction {
        "down" => format!("Takes back {name}."),
        _ => format!("{}.", crate::migrations::name::sentence(words)),
    }
}
