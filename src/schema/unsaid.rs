//! What a database decided where the entity left it open, kept with the table it belongs to.
//!
//! A table that was adopted from a database holds the database's own types, defaults and names. Here stands what the
//! entity said instead at that time: as long as it says nothing else, the difference is none.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Action, Column, ColumnType, Default, ForeignKey, Index};

/// The part of a table that the database decided.
#[derive(Clone, Debug, std::default::Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Unsaid {
    /// By column, what its entity says where the database has something else.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) columns: BTreeMap<String, UnsaidColumn>,
    /// Columns that no entity has.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub(crate) only_columns: BTreeSet<String>,
    /// Indexes, unique keys and foreign keys that go by the database's name.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub(crate) names: BTreeSet<String>,
    /// Indexes, unique keys and foreign keys that no entity declares.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub(crate) only_parts: BTreeSet<String>,
    /// Unique keys that are constraints of the table, not indexes on their own.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub(crate) constraints: BTreeSet<String>,
    /// The name of the primary key's constraint, where it is not the usual one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) primary_key_name: Option<String>,
    /// The columns of the primary key in the entity's order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) primary_key: Option<Vec<String>>,
    /// By foreign key, the actions that the entity says.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) actions: BTreeMap<String, Actions>,
    /// The table's comment in the entity.
    #[serde(
        skip_serializing_if = "Option::is_none",
        serialize_with = "said",
        deserialize_with = "explicit"
    )]
    pub(crate) comment: Option<Option<String>>,
    /// Indexes that the entity declares and the database does not have.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) absent_indexes: Vec<Index>,
    /// Foreign keys that the entity declares and the database does not have.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) absent_keys: Vec<ForeignKey>,
}

/// What an entity says of a column, property by property, where the database has something else. `Some(None)` is an
/// entity that says nothing.
#[derive(Clone, Debug, std::default::Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct UnsaidColumn {
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub(crate) kind: Option<ColumnType>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) nullable: Option<bool>,
    #[serde(
        skip_serializing_if = "Option::is_none",
        serialize_with = "said",
        deserialize_with = "explicit"
    )]
    pub(crate) default: Option<Option<Default>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) auto_increment: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) unique: Option<bool>,
    #[serde(
        skip_serializing_if = "Option::is_none",
        serialize_with = "said",
        deserialize_with = "explicit"
    )]
    pub(crate) comment: Option<Option<String>>,
    #[serde(
        skip_serializing_if = "Option::is_none",
        serialize_with = "said",
        deserialize_with = "explicit"
    )]
    pub(crate) extra: Option<Option<String>>,
}

/// The actions of a foreign key as the entity says them.
#[derive(Clone, Debug, std::default::Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Actions {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) on_delete: Option<Action>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) on_update: Option<Action>,
}

/// Something of a database that entities cannot express: a trigger, a view, a partial index, a check.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Object {
    /// The database it belongs to: `sqlite`, `postgres` or `mysql`.
    pub(crate) dialect: String,
    /// `trigger`, `view`, `index`, `check`, `collation`, …
    pub(crate) kind: String,
    /// The table it belongs to; empty for what stands alone.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) table: String,
    pub(crate) name: String,
    /// Its definition as the database tells it.
    pub(crate) definition: String,
}

impl Unsaid {
    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// A column changed from `old` to `new`: what changed has been said now.
    pub(crate) fn column_changed(&mut self, old: &Column, new: &Column) {
        self.only_columns.remove(&new.name);
        let Some(unsaid) = self.columns.get_mut(&new.name) else {
            return;
        };
        unsaid.said(old, new);
        if *unsaid == UnsaidColumn::default() {
            self.columns.remove(&new.name);
        }
    }

    pub(crate) fn column_dropped(&mut self, name: &str) {
        self.only_columns.remove(name);
        self.columns.remove(name);
    }

    pub(crate) fn column_renamed(&mut self, from: &str, to: &str) {
        if let Some(unsaid) = self.columns.remove(from) {
            self.columns.insert(to.to_owned(), unsaid);
        }
        if self.only_columns.remove(from) {
            self.only_columns.insert(to.to_owned());
        }
        let swap = |name: &mut String| {
            if name == from {
                to.clone_into(name);
            }
        };
        self.primary_key.iter_mut().flatten().for_each(swap);
        for index in &mut self.absent_indexes {
            index.columns.iter_mut().for_each(swap);
        }
        for key in &mut self.absent_keys {
            key.columns.iter_mut().for_each(swap);
        }
    }

    /// An index or a foreign key is gone.
    pub(crate) fn part_dropped(&mut self, name: &str) {
        self.names.remove(name);
        self.only_parts.remove(name);
        self.constraints.remove(name);
        self.actions.remove(name);
    }

    pub(crate) fn part_renamed(&mut self, from: &str, to: &str) {
        for names in [&mut self.names, &mut self.only_parts, &mut self.constraints] {
            if names.remove(from) {
                names.insert(to.to_owned());
            }
        }
        if let Some(actions) = self.actions.remove(from) {
            self.actions.insert(to.to_owned(), actions);
        }
    }
}

impl UnsaidColumn {
    /// Forgets the properties in which `new` differs from `old`.
    fn said(&mut self, old: &Column, new: &Column) {
        if old.kind != new.kind {
            self.kind = None;
        }
        if old.nullable != new.nullable {
            self.nullable = None;
        }
        if old.default != new.default {
            self.default = None;
        }
        if old.auto_increment != new.auto_increment {
            self.auto_increment = None;
        }
        if old.unique != new.unique {
            self.unique = None;
        }
        if old.comment != new.comment {
            self.comment = None;
        }
        if old.extra != new.extra {
            self.extra = None;
        }
    }

    /// Gives `entity` the database's properties (those of `state`) where it still says what it said.
    pub(crate) fn fill(&self, entity: &mut Column, state: &Column) {
        if self.kind.as_ref() == Some(&entity.kind) {
            entity.kind.clone_from(&state.kind);
        }
        if self.nullable == Some(entity.nullable) {
            entity.nullable = state.nullable;
        }
        if self.default.as_ref() == Some(&entity.default) {
            entity.default.clone_from(&state.default);
        }
        if self.auto_increment == Some(entity.auto_increment) {
            entity.auto_increment = state.auto_increment;
        }
        if self.unique == Some(entity.unique) {
            entity.unique = state.unique;
        }
        if self.comment.as_ref() == Some(&entity.comment) {
            entity.comment.clone_from(&state.comment);
        }
        if self.extra.as_ref() == Some(&entity.extra) {
            entity.extra.clone_from(&state.extra);
        }
    }
}

/// Writes `Some(None)` as `null`.
#[expect(clippy::ref_option, reason = "serde asks for this signature")]
fn said<T: Serialize, S: Serializer>(
    value: &Option<Option<T>>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    value
        .as_ref()
        .and_then(Option::as_ref)
        .serialize(serializer)
}

/// Reads `null` as `Some(None)`.
fn explicit<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_is_kept_apart_from_null() {
        let unsaid = UnsaidColumn {
            default: Some(None),
            kind: Some(ColumnType::Text),
            ..UnsaidColumn::default()
        };
        let text = serde_json::to_string(&unsaid).unwrap();
        assert_eq!(text, r#"{"type":"text","default":null}"#);
        assert_eq!(serde_json::from_str::<UnsaidColumn>(&text).unwrap(), unsaid);
    }

    #[test]
    fn what_the_entity_says_later_counts() {
        let silent = Column::new("in_print", ColumnType::Boolean);
        let mut state = silent.clone();
        state.default = Some(Default::Bool(true));
        let unsaid = UnsaidColumn {
            default: Some(None),
            ..UnsaidColumn::default()
        };
        let mut entity = silent.clone();
        unsaid.fill(&mut entity, &state);
        assert_eq!(entity, state);
        let mut speaks = silent;
        speaks.default = Some(Default::Bool(false));
        let mut entity = speaks.clone();
        unsaid.fill(&mut entity, &state);
        assert_eq!(entity, speaks);
    }
}
