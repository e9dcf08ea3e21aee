//! One field of a model.

use super::default::Default;
use super::field_type::FieldType;

/// One field of a model.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Field {
    /// In snake case; a Rust keyword (`type`) is fine, code then says `r#type`.
    pub(crate) name: String,
    pub(crate) kind: FieldType,
    /// It may be `NULL`.
    pub(crate) nullable: bool,
    /// No two rows may have the same value.
    pub(crate) unique: bool,
    /// It has an index of its own, beside that of `unique`.
    pub(crate) index: bool,
    pub(crate) default: Option<Default>,
}

impl Field {
    /// The name of its column: a reference is kept as the id of what it refers to. A `many` has none.
    pub(crate) fn column(&self) -> Option<String> {
        match &self.kind {
            FieldType::Many { .. } => None,
            FieldType::Ref { .. } | FieldType::One { .. } => Some(format!("{}_id", self.name)),
            _ => Some(self.name.clone()),
        }
    }

    /// Whether it is kept in a table of its own.
    pub(crate) fn is_many(&self) -> bool {
        matches!(self.kind, FieldType::Many { .. })
    }
}
