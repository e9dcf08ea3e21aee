//! A new migration as text: SQL for every dialect, and its `meta`.

use std::collections::BTreeMap;

use crate::schema::Schema;
use crate::sql::{self, Dialect};

use super::history::{Hashes, Meta, checksum};
use super::operation::Operation;

/// The files of one migration, by their path in the migrations folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Written {
    pub(crate) name: String,
    pub(crate) files: Vec<(String, String)>,
    /// What follows it.
    pub(crate) after: Schema,
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
    let mut files = Vec::new();
    let mut hashes = BTreeMap::new();
    for dialect in dialects {
        let script = |before: &Schema, operations: &[Operation], direction: &str| {
            sql::render(*dialect, before, operations)
                .map(|script| script.text(&title(name, direction)))
                .map_err(|refusal| format!("{}: {refusal}", dialect.title()))
        };
        let up = script(before, operations, "up")?;
        let down = script(&after, &inverse, "down")?;
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
    let meta = Meta {
        parents,
        operations: operations.to_vec(),
        files: hashes,
        schema: after.hash(),
    };
    let mut text = serde_json::to_string_pretty(&meta).map_err(|error| error.to_string())?;
    text.push('\n');
    files.push((format!("meta/{name}.json"), text));
    Ok(Written {
        name: name.to_owned(),
        files,
        after,
    })
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

fn title(name: &str, direction: &str) -> String {
    let words = name.split_once('_').map_or(name, |(_, rest)| rest);
    match direction {
        "down" => format!("Takes back {name}."),
        _ => format!("{}.", crate::migrations::name::sentence(words)),
    }
}
