//! A change of type, and what it does to values.

use crate::schema::ColumnType;
use crate::sql::Dialect;

/// What a change of type does to values; all texts are SQL about the column as it is before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in super::super) struct Conversion {
    /// The new value, where the database's own way would give another one.
    pub(in super::super) value: Option<String>,
    /// Where rows are whose value has no meaning in the new type.
    pub(in super::super) unreadable: Option<String>,
    /// Where rows are whose value would be another one afterwards.
    pub(in super::super) changed: Option<String>,
}

/// A change of type with all that it depends on.
pub(in super::super) struct Change<'a> {
    pub(in super::super) dialect: Dialect,
    /// The column, quoted.
    pub(in super::super) name: &'a str,
    pub(in super::super) from: &'a ColumnType,
    pub(in super::super) to: &'a ColumnType,
    /// The values of the enum that it becomes.
    pub(in super::super) values: &'a [String],
}
