//! What a database holds: a schema, and in words what a schema cannot hold.

use crate::error::Result;
use crate::schema::{Object, Schema};
use crate::sql::Dialect;

/// Reads the catalogue of one dialect.
pub(in crate::database) trait Introspect {
    /// What [`crate::database::Database::introspect`] answers.
    async fn introspect(&mut self, also: &[String]) -> Result<Live>;
}

/// What a database holds.
#[derive(Clone, Debug, Default)]
pub(crate) struct Live {
    pub(crate) schema: Schema,
    /// What the schema leaves out, one sentence each: views, triggers, checks, unusual indexes.
    pub(crate) notes: Vec<Note>,
}

/// Something that a schema has no place for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Note {
    /// `trigger`, `check`, `collation`, …
    pub(crate) kind: &'static str,
    /// The table it belongs to; for a view, its own name.
    pub(crate) table: String,
    /// Its name, or that of its column; empty for the whole table.
    pub(crate) name: String,
    /// As the database tells it.
    pub(crate) definition: String,
}

impl Note {
    /// What it is, for a sentence about its table.
    pub(crate) fn message(&self) -> String {
        let Self {
            name, definition, ..
        } = self;
        match self.kind {
            "trigger" => format!("the trigger `{name}`"),
            "check" if name.is_empty() => format!("the constraint {definition}"),
            "check" => format!("the constraint `{name}`: {definition}"),
            "exclusion" => format!("the exclusion constraint `{name}`"),
            "deferrable" => format!("the deferrable constraint `{name}`"),
            "nulls not distinct" => format!("the unique key `{name}` is NULLS NOT DISTINCT"),
            "generated" => format!("the generated column `{name}`"),
            "collation" => format!("the column `{name}` has the collation {definition}"),
            "on update" => format!("the column `{name}` has {definition}"),
            "on conflict" => format!("an ON CONFLICT clause: {definition}"),
            "invisible" => format!("the column `{name}` is INVISIBLE"),
            "identity" => format!("the column `{name}` is GENERATED ALWAYS AS IDENTITY"),
            "sequence" => format!(
                "the column `{name}` takes its numbers from a sequence (`serial`), not from an identity column"
            ),
            "index" => format!("an index that is more than a list of columns: {definition}"),
            _ => definition.clone(),
        }
    }

    /// As migrations keep it.
    pub(crate) fn object(&self, dialect: Dialect) -> Object {
        Object {
            dialect: dialect.name().to_owned(),
            kind: self.kind.to_owned(),
            table: self.table.clone(),
            name: self.name.clone(),
            definition: self.definition.clone(),
        }
    }
}

impl Live {
    pub(super) fn note(
        &mut self,
        kind: &'static str,
        table: &str,
        name: impl Into<String>,
        definition: impl Into<String>,
    ) {
        self.notes.push(Note {
            kind,
            table: table.to_owned(),
            name: name.into(),
            definition: definition.into(),
        });
    }
}

/// The schemas that tables are named with: `shop` of `shop.orders`.
pub(crate) fn schemas_of<'a>(tables: impl Iterator<Item = &'a String>) -> Vec<String> {
    let mut schemas: Vec<String> = tables
        .filter_map(|table| table.split_once('.'))
        .map(|(schema, _)| schema.to_owned())
        .collect();
    schemas.sort();
    schemas.dedup();
    schemas
}
