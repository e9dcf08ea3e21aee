//! Operations in words.

use crate::schema::{Column, Schema};

use super::Operation;

impl Operation {
    /// One line for a person: `Add column books.isbn: string(20)`.
    pub(crate) fn describe(&self, before: &Schema) -> String {
        match self {
            Self::CreateEnum { kind } => {
                format!("Create enum {} ({})", kind.name, kind.values.join(", "))
            }
            Self::DropEnum { name } => format!("Drop enum {name}"),
            Self::AlterEnum {
                name,
                values,
                renamed,
            } => {
                let renamed: Vec<String> = renamed
                    .iter()
                    .map(|(from, to)| format!("; {from} is now {to}"))
                    .collect();
                format!(
                    "Change enum {name} to ({}){}",
                    values.join(", "),
                    renamed.concat()
                )
            }
            Self::CreateTable { table } => format!("Create table {}", table.name),
            Self::DropTable { name } => format!("Drop table {name}"),
            Self::RenameTable { from, to } => format!("Rename table {from} to {to}"),
            Self::CommentTable { name, .. } => format!("Change the comment of table {name}"),
            Self::AddColumn { table, column, .. } => {
                format!("Add column {table}.{}: {}", column.name, summary(column))
            }
            Self::DropColumn { table, name } => format!("Drop column {table}.{name}"),
            Self::RenameColumn { table, from, to } => {
                format!("Rename column {table}.{from} to {to}")
            }
            Self::AlterColumn { table, column, .. } => {
                let old = before
                    .column(table, &column.name)
                    .map(summary)
                    .unwrap_or_default();
                let name = &column.name;
                format!("Change column {table}.{name}: {old} → {}", summary(column))
            }
            Self::AlterPrimaryKey { table, columns } => {
                format!(
                    "Change the primary key of {table} to ({})",
                    columns.join(", ")
                )
            }
            Self::AddIndex { table, index } => {
                let unique = if index.unique { "unique " } else { "" };
                let columns = index.columns.join(", ");
                format!("Add {unique}index {} on {table} ({columns})", index.name)
            }
            Self::DropIndex { table, name } => format!("Drop index {name} of {table}"),
            Self::RenameIndex { table, from, to } => {
                format!("Rename index {from} of {table} to {to}")
            }
            Self::AddForeignKey { table, key } => {
                let columns = key.columns.join(", ");
                format!(
                    "Add foreign key {} from {table} ({columns}) to {}",
                    key.name, key.table
                )
            }
            Self::DropForeignKey { table, name } => format!("Drop foreign key {name} of {table}"),
            Self::RenameForeignKey { table, from, to } => {
                format!("Rename foreign key {from} of {table} to {to}")
            }
            Self::Adopt { objects, .. } => format!("Keep {}", count(objects.len())),
            Self::Forget { objects, .. } => format!("Forget {}", count(objects.len())),
        }
    }
}

fn count(objects: usize) -> String {
    match objects {
        1 => "1 object of the database".into(),
        many => format!("{many} objects of the database"),
    }
}

/// `string(20), nullable, default 'x', unique`.
fn summary(column: &Column) -> String {
    let mut text = column.kind.to_string();
    if column.nullable {
        text.push_str(", nullable");
    }
    if let Some(default) = &column.default {
        text.push_str(&format!(", default {}", default.describe()));
    }
    if column.unique {
        text.push_str(", unique");
    }
    if let Some(extra) = column.extra.as_ref().filter(|_| column.is_generated()) {
        text.push_str(&format!(", {extra}"));
    }
    if column.auto_increment {
        text.push_str(", counts up");
    }
    text
}
