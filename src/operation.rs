//! One change to a schema, the same for every dialect; it knows its effect on the state and its inverse.

mod apply;
mod describe;
mod inverse;
mod made;
mod objects;
mod preflight;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub(crate) use made::{Made, MadeKind, made};
pub(crate) use preflight::{Conversion, DataCheck, data_checks};

use crate::schema::{Column, EnumType, ForeignKey, Index, Object, Schema, Table};

/// A change to a schema. Tables, columns, indexes and keys are named as in the database.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "operation", rename_all = "snake_case")]
#[expect(
    clippy::large_enum_variant,
    reason = "a history holds few operations, most of which make tables"
)]
pub(crate) enum Operation {
    CreateEnum {
        #[serde(flatten)]
        kind: EnumType,
    },
    DropEnum {
        name: String,
    },
    /// The values change: some are added, renamed or taken away. `renamed` has the old and the new name.
    AlterEnum {
        name: String,
        values: Vec<String>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        renamed: Vec<(String, String)>,
    },
    CreateTable {
        #[serde(flatten)]
        table: Table,
    },
    DropTable {
        name: String,
    },
    RenameTable {
        from: String,
        to: String,
    },
    CommentTable {
        name: String,
        comment: Option<String>,
    },
    AddColumn {
        table: String,
        column: Column,
        /// SQL for the rows that exist, where the column has no default of its own.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        fill: Option<String>,
    },
    DropColumn {
        table: String,
        name: String,
    },
    RenameColumn {
        table: String,
        from: String,
        to: String,
    },
    /// Everything about a column but its name.
    AlterColumn {
        table: String,
        column: Column,
        /// SQL for the rows that hold NULL, where the column becomes required.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        fill: Option<String>,
        /// Values that the new type rounds or cuts may change.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        lossy: bool,
    },
    AlterPrimaryKey {
        table: String,
        columns: Vec<String>,
    },
    AddIndex {
        table: String,
        index: Index,
    },
    DropIndex {
        table: String,
        name: String,
    },
    RenameIndex {
        table: String,
        from: String,
        to: String,
    },
    AddForeignKey {
        table: String,
        key: ForeignKey,
    },
    DropForeignKey {
        table: String,
        name: String,
    },
    RenameForeignKey {
        table: String,
        from: String,
        to: String,
    },
    /// What a database holds that entities cannot express is known from now on. It makes no statements: the files of
    /// an adopted database make the objects themselves.
    Adopt {
        objects: Vec<Object>,
        /// By enum, the values that an entity says where the database has others.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        enums: BTreeMap<String, Vec<String>>,
    },
    /// The inverse of `Adopt`.
    Forget {
        objects: Vec<Object>,
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        enums: BTreeMap<String, Vec<String>>,
    },
}

impl Operation {
    /// The table it is about, if it is about one.
    pub(crate) fn table(&self) -> Option<&str> {
        match self {
            Self::CreateEnum { .. }
            | Self::DropEnum { .. }
            | Self::AlterEnum { .. }
            | Self::Adopt { .. }
            | Self::Forget { .. } => None,
            Self::CreateTable { table } => Some(&table.name),
            Self::DropTable { name } | Self::CommentTable { name, .. } => Some(name),
            Self::RenameTable { to, .. } => Some(to),
            Self::AddColumn { table, .. }
            | Self::DropColumn { table, .. }
            | Self::RenameColumn { table, .. }
            | Self::AlterColumn { table, .. }
            | Self::AlterPrimaryKey { table, .. }
            | Self::AddIndex { table, .. }
            | Self::DropIndex { table, .. }
            | Self::RenameIndex { table, .. }
            | Self::AddForeignKey { table, .. }
            | Self::DropForeignKey { table, .. }
            | Self::RenameForeignKey { table, .. } => Some(table),
        }
    }

    /// Whether rows or values of a database that holds `before` are lost for good.
    pub(crate) fn is_destructive(&self, before: &Schema) -> bool {
        match self {
            Self::DropTable { .. } | Self::DropColumn { .. } => true,
            Self::AlterColumn { table, column, .. } => {
                let old = before.column(table, &column.name);
                column.is_generated() && old.is_some_and(|old| !old.is_generated())
            }
            _ => false,
        }
    }

    /// `+`, `-` or `~`: something comes, goes, or changes.
    pub(crate) fn symbol(&self) -> char {
        match self {
            Self::CreateEnum { .. }
            | Self::CreateTable { .. }
            | Self::AddColumn { .. }
            | Self::AddIndex { .. }
            | Self::AddForeignKey { .. } => '+',
            Self::DropEnum { .. }
            | Self::DropTable { .. }
            | Self::DropColumn { .. }
            | Self::DropIndex { .. }
            | Self::DropForeignKey { .. } => '-',
            _ => '~',
        }
    }
}

fn no_table(name: &str) -> String {
    format!("there is no table `{name}`")
}

fn no_enum(name: &str) -> String {
    format!("there is no enum `{name}`")
}

fn missing(table: &Table, name: &str) -> String {
    format!("the table `{}` has no `{name}`", table.name)
}

fn exists(table: &Table, name: &str) -> String {
    format!("the table `{}` has `{name}` already", table.name)
}
