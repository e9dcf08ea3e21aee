//! What `luthier.toml` says about entities, where their source does not.

use std::collections::{BTreeMap, BTreeSet};

use super::column_type;
use super::constants::Scope;
use super::index::Index;
use super::source::{Diagnostic, SourceLocation};
use super::types::Known;

/// The tables in which sea-orm-migration, sqlx and others keep what they have applied.
const HISTORIES: [&str; 3] = [
    "seaql_migrations",
    "_sqlx_migrations",
    "__diesel_schema_migrations",
];

#[derive(Clone, Debug, Default)]
pub(crate) struct EntitySettings {
    /// Type to column type: `BookId` to `Integer`.
    pub(crate) types: BTreeMap<String, String>,
    /// Files and folders whose entities do not count.
    pub(crate) exclude: Vec<String>,
    /// Tables and views that somebody else makes.
    pub(crate) unmanaged: BTreeSet<String>,
}

impl EntitySettings {
    /// The column type that `text` of `[types]` is.
    pub(super) fn column_type(&self, index: &Index, text: &str) -> Result<Known, Diagnostic> {
        index.column_type(0, text, |scope: &Scope| {
            let refused = |message: String| {
                let line = format!("\"{text}\"");
                SourceLocation::in_text("luthier.toml", &line).with(
                    format!("luthier.toml: types: {message}: {line}"),
                    "write it as SeaORM's `ColumnType`: `Text`, `String(StringLen::N(200))`, `custom(\"citext\")`",
                )
            };
            let expr = syn::parse_str(text).map_err(|error| refused(error.to_string()))?;
            column_type::of_attribute(scope, &expr).map_err(refused)
        })
    }

    /// Whether the entities of the file at `path` count.
    pub(super) fn excludes(&self, path: &str) -> bool {
        self.exclude.iter().any(|excluded| {
            let rest = path.strip_prefix(excluded.trim_end_matches('/'));
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    }

    /// Whether somebody else makes and changes the table.
    pub(super) fn leaves(&self, table: &str) -> bool {
        let name = super::entity::base_name(table);
        HISTORIES.contains(&name) || self.unmanaged.contains(table) || self.unmanaged.contains(name)
    }
}
