//! A database as statements: its objects, one by one.

use crate::database::introspect::is_bookkeeping;
use crate::schema::Object;
use crate::sql::Dialect;

/// Where sea-orm-migration keeps its rows.
pub(super) const SEAORM_TABLE: &str = "seaql_migrations";

/// One object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Item {
    /// `table`, `view`, `trigger`, …
    pub(crate) kind: &'static str,
    /// The table it belongs to; empty for what stands alone.
    pub(crate) table: String,
    pub(crate) name: String,
    pub(crate) create: String,
    /// The statement that takes it away; `None` for what goes with something else.
    pub(crate) drop: Option<String>,
    /// What the session must be set to for it (`sql_mode = '…'`), which the database keeps with it. MySQL alone.
    pub(crate) settings: Vec<String>,
}

/// Whether it is the table of sea-orm-migration.
pub(crate) fn is_seaorm_table(item: &Item) -> bool {
    item.kind == "table" && item.name == SEAORM_TABLE
}

/// Whether a table is that of a migration tool that a new database makes for itself.
pub(super) fn is_made_by_tools(table: &str) -> bool {
    is_bookkeeping(table) && table != SEAORM_TABLE
}

impl Item {
    /// As migrations keep it.
    pub(crate) fn object(&self, dialect: Dialect) -> Object {
        Object {
            dialect: dialect.name().to_owned(),
            kind: self.kind.to_owned(),
            table: self.table.clone(),
            name: self.name.clone(),
            definition: self.create.clone(),
        }
    }
}

/// A database as statements.
#[derive(Clone, Debug, Default)]
pub(crate) struct Dump {
    /// In an order in which they can be made.
    pub(crate) items: Vec<Item>,
    /// What cannot be made again from the catalogue, in words.
    pub(crate) left_out: Vec<String>,
    /// The migrations that sea-orm-migration has applied, oldest first, each with its time in seconds.
    pub(crate) seaorm: Vec<(String, String)>,
}
