//! A database schema as plain data, the same for every dialect.
//!
//! Tables and enums are kept by name, indexes and foreign keys in the order of their names, so that equal
//! schemas compare and serialize equally. Columns keep their order; nothing depends on it but the text of
//! `CREATE TABLE`.

mod column_type;
mod generated;
mod order;
#[cfg(test)]
pub(crate) mod random;
mod references;
mod table;
mod unsaid;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub(crate) use column_type::{ColumnType, Length};
pub(crate) use order::creation_order;
pub(crate) use table::{Action, Column, Default, ForeignKey, Index, Table};
pub(crate) use unsaid::{Actions, Object, Unsaid, UnsaidColumn};

/// A column that has another name now.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ColumnRename {
    /// The table's name now.
    pub(crate) table: String,
    pub(crate) old: String,
    pub(crate) new: String,
}

/// Every table and enum type of one database.
#[derive(Clone, Debug, std::default::Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Schema {
    pub(crate) tables: BTreeMap<String, Table>,
    /// Native enum types by name; only PostgreSQL has them as objects of their own.
    pub(crate) enums: BTreeMap<String, EnumType>,
    /// By enum, the values that an entity says where the database has others.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) unsaid_enums: BTreeMap<String, Vec<String>>,
    /// What a database holds besides, known to the migrations that made or adopted it.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(crate) objects: BTreeSet<Object>,
}

/// A native enum: `CREATE TYPE … AS ENUM` on PostgreSQL, an inline `ENUM(…)` on MySQL, text on SQLite.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct EnumType {
    pub(crate) name: String,
    /// In declaration order: databases sort by it.
    pub(crate) values: Vec<String>,
}

impl Schema {
    pub(crate) fn table(&self, name: &str) -> Option<&Table> {
        self.tables.get(name)
    }

    pub(crate) fn column(&self, table: &str, column: &str) -> Option<&Column> {
        self.table(table)?.column(column)
    }

    /// A column with its table.
    ///
    /// # Errors
    /// Which of the two is not there.
    pub(crate) fn place(&self, table: &str, column: &str) -> Result<(&Table, &Column), String> {
        let at = self.table(table);
        let at = at.ok_or_else(|| format!("there is no table `{table}`"))?;
        let found = at.column(column);
        let found = found.ok_or_else(|| format!("there is no `{table}.{column}`"))?;
        Ok((at, found))
    }

    /// A hash that two schemas share exactly when they mean the same tables, whatever the order of columns and
    /// whoever decided it.
    pub(crate) fn hash(&self) -> String {
        let mut canonical = self.clone();
        canonical.unsaid_enums.clear();
        canonical.objects.clear();
        for table in canonical.tables.values_mut() {
            table.unsaid = Unsaid::default();
            table.columns.sort_by(|a, b| a.name.cmp(&b.name));
        }
        let text = serde_json::to_vec(&canonical).unwrap_or_default();
        hex(&Sha256::digest(text))
    }

    /// Whether both describe the same database: equal but for the order of columns.
    pub(crate) fn same_as(&self, other: &Self) -> bool {
        self.hash() == other.hash()
    }
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}
