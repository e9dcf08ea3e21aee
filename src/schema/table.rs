//! A table and its parts.

use serde::{Deserialize, Serialize};

use super::{ColumnType, Unsaid};

#[derive(Clone, Debug, std::default::Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Table {
    /// As in the database; `schema.table` where the entity names a schema.
    pub(crate) name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) comment: Option<String>,
    pub(crate) columns: Vec<Column>,
    /// Column names, in key order.
    pub(crate) primary_key: Vec<String>,
    /// Ordered by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) indexes: Vec<Index>,
    /// Ordered by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) foreign_keys: Vec<ForeignKey>,
    /// What a database decided that the table was adopted from.
    #[serde(default, skip_serializing_if = "Unsaid::is_empty")]
    pub(crate) unsaid: Unsaid,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Column {
    pub(crate) name: String,
    #[serde(rename = "type")]
    pub(crate) kind: ColumnType,
    #[serde(default, skip_serializing_if = "is_false")]
    pub(crate) nullable: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) default: Option<Default>,
    #[serde(default, skip_serializing_if = "is_false")]
    pub(crate) auto_increment: bool,
    #[serde(default, skip_serializing_if = "is_false")]
    pub(crate) unique: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) comment: Option<String>,
    /// SQL pasted behind the column's definition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) extra: Option<String>,
}

/// What the database fills in when a row says nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Default {
    Bool(bool),
    /// Digits as in the source: `0`, `-1`, `2.50`.
    Number(String),
    Text(String),
    CurrentTimestamp,
    CurrentDate,
    CurrentTime,
    Null,
    /// An expression in the database's own language.
    Sql(String),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Index {
    pub(crate) name: String,
    pub(crate) columns: Vec<String>,
    #[serde(default, skip_serializing_if = "is_false")]
    pub(crate) unique: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ForeignKey {
    pub(crate) name: String,
    pub(crate) columns: Vec<String>,
    /// The table pointed at.
    pub(crate) table: String,
    /// Its columns, as many as `columns`.
    pub(crate) references: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) on_delete: Option<Action>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) on_update: Option<Action>,
}

/// What happens to a row when the row it points at is deleted or changes its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::enum_variant_names, reason = "they are SQL's own names")]
pub(crate) enum Action {
    Restrict,
    Cascade,
    SetNull,
    NoAction,
    SetDefault,
}

impl Table {
    pub(crate) fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    pub(crate) fn column_mut(&mut self, name: &str) -> Option<&mut Column> {
        self.columns.iter_mut().find(|column| column.name == name)
    }

    pub(crate) fn index(&self, name: &str) -> Option<&Index> {
        self.indexes.iter().find(|index| index.name == name)
    }

    pub(crate) fn foreign_key(&self, name: &str) -> Option<&ForeignKey> {
        self.foreign_keys.iter().find(|key| key.name == name)
    }

    /// Adds an index, keeping the order of names.
    pub(crate) fn add_index(&mut self, index: Index) {
        let at = self
            .indexes
            .partition_point(|other| other.name < index.name);
        self.indexes.insert(at, index);
    }

    /// Adds a foreign key, keeping the order of names.
    pub(crate) fn add_foreign_key(&mut self, key: ForeignKey) {
        let at = self
            .foreign_keys
            .partition_point(|other| other.name < key.name);
        self.foreign_keys.insert(at, key);
    }

    /// Indexes of their own, without the unique keys that are constraints of the table.
    pub(crate) fn own_indexes(&self) -> impl Iterator<Item = &Index> {
        let is_own = |index: &&Index| !self.unsaid.constraints.contains(&index.name);
        self.indexes.iter().filter(is_own)
    }

    /// Unique keys that are constraints of the table.
    pub(crate) fn unique_constraints(&self) -> impl Iterator<Item = &Index> {
        let is_constraint = |index: &&Index| self.unsaid.constraints.contains(&index.name);
        self.indexes.iter().filter(is_constraint)
    }

    /// Whether `column` is the whole primary key.
    pub(crate) fn is_sole_primary_key(&self, column: &str) -> bool {
        matches!(self.primary_key.as_slice(), [only] if only == column)
    }
}

impl Index {
    /// Whether it is on `columns`, whose order matters to an index that is not unique.
    pub(crate) fn is_on(&self, columns: &[String]) -> bool {
        if self.columns == columns {
            return true;
        }
        self.unique
            && self.columns.len() == columns.len()
            && columns.iter().all(|column| self.columns.contains(column))
    }
}

impl ForeignKey {
    /// Whether both lead from the same columns to the same columns.
    pub(crate) fn is_same_way(&self, other: &Self) -> bool {
        self.columns == other.columns
            && self.table == other.table
            && self.references == other.references
    }
}

impl Column {
    /// A required column of one type and nothing else.
    pub(crate) fn new(name: impl Into<String>, kind: ColumnType) -> Self {
        Self {
            name: name.into(),
            kind,
            nullable: false,
            default: None,
            auto_increment: false,
            unique: false,
            comment: None,
            extra: None,
        }
    }

    /// Whether rows that exist need a value that nobody has given yet.
    pub(crate) fn needs_value(&self) -> bool {
        !self.nullable && self.default.is_none() && !self.auto_increment && !self.is_generated()
    }
}

impl Default {
    /// For messages: `'draft'`, `0`, `CURRENT_TIMESTAMP`.
    pub(crate) fn describe(&self) -> String {
        match self {
            Self::Bool(flag) => flag.to_string(),
            Self::Number(digits) => digits.clone(),
            Self::Text(text) => format!("'{text}'"),
            Self::CurrentTimestamp => "CURRENT_TIMESTAMP".into(),
            Self::CurrentDate => "CURRENT_DATE".into(),
            Self::CurrentTime => "CURRENT_TIME".into(),
            Self::Null => "NULL".into(),
            Self::Sql(sql) => sql.clone(),
        }
    }
}

impl Action {
    pub(crate) fn sql(self) -> &'static str {
        match self {
            Self::Restrict => "RESTRICT",
            Self::Cascade => "CASCADE",
            Self::SetNull => "SET NULL",
            Self::NoAction => "NO ACTION",
            Self::SetDefault => "SET DEFAULT",
        }
    }
}

fn is_false(flag: &bool) -> bool {
    !*flag
}
