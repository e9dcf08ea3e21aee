//! What takes an operation back.

use crate::schema::{Column, ColumnType, Schema};

use super::{Operation, missing, no_enum, no_table};

impl Operation {
    /// The operation that takes this one back, where `before` is the schema it was applied to. The data of
    /// what was dropped does not come back.
    ///
    /// # Errors
    /// What the operation is about is not in `before`.
    pub(crate) fn inverse(&self, before: &Schema) -> Result<Self, String> {
        let table_of = |name: &str| before.table(name).ok_or_else(|| no_table(name));
        Ok(match self.clone() {
            Self::CreateEnum { kind } => Self::DropEnum { name: kind.name },
            Self::DropEnum { name } => Self::CreateEnum {
                kind: before
                    .enums
                    .get(&name)
                    .ok_or_else(|| no_enum(&name))?
                    .clone(),
            },
            Self::AlterEnum { name, renamed, .. } => {
                let kind = before.enums.get(&name).ok_or_else(|| no_enum(&name))?;
                Self::AlterEnum {
                    values: kind.values.clone(),
                    renamed: renamed.into_iter().map(|(from, to)| (to, from)).collect(),
                    name,
                }
            }
            Self::CreateTable { table } => Self::DropTable { name: table.name },
            Self::DropTable { name } => Self::CreateTable {
                table: table_of(&name)?.clone(),
            },
            Self::RenameTable { from, to } => Self::RenameTable { from: to, to: from },
            Self::CommentTable { name, .. } => Self::CommentTable {
                comment: table_of(&name)?.comment.clone(),
                name,
            },
            Self::AddColumn { table, column, .. } => Self::DropColumn {
                table,
                name: column.name,
            },
            Self::DropColumn { table, name } => {
                let column = column_of(before, &table, &name)?;
                Self::AddColumn {
                    fill: neutral(before, &table, &column),
                    column,
                    table,
                }
            }
            Self::RenameColumn { table, from, to } => Self::RenameColumn {
                table,
                from: to,
                to: from,
            },
            Self::AlterColumn { table, column, .. } => {
                let old = column_of(before, &table, &column.name)?;
                Self::AlterColumn {
                    fill: neutral(before, &table, &old).filter(|_| column.nullable),
                    column: old,
                    table,
                    lossy: false,
                }
            }
            Self::AlterPrimaryKey { table, .. } => Self::AlterPrimaryKey {
                columns: table_of(&table)?.primary_key.clone(),
                table,
            },
            Self::AddIndex { table, index } => Self::DropIndex {
                table,
                name: index.name,
            },
            Self::DropIndex { table, name } => {
                let at = table_of(&table)?;
                Self::AddIndex {
                    index: at.index(&name).ok_or_else(|| missing(at, &name))?.clone(),
                    table,
                }
            }
            Self::RenameIndex { table, from, to } => Self::RenameIndex {
                table,
                from: to,
                to: from,
            },
            Self::AddForeignKey { table, key } => Self::DropForeignKey {
                table,
                name: key.name,
            },
            Self::DropForeignKey { table, name } => {
                let at = table_of(&table)?;
                Self::AddForeignKey {
                    key: at
                        .foreign_key(&name)
                        .ok_or_else(|| missing(at, &name))?
                        .clone(),
                    table,
                }
            }
            Self::Adopt { objects, enums } => Self::Forget { objects, enums },
            Self::Forget { objects, enums } => Self::Adopt { objects, enums },
            Self::RenameForeignKey { table, from, to } => Self::RenameForeignKey {
                table,
                from: to,
                to: from,
            },
        })
    }
}

/// SQL for rows whose value of a required column is gone for good: the emptiest there is. None where the column
/// has a default, or where made-up values would be wrong: keys, references, unique columns.
fn neutral(schema: &Schema, table: &str, column: &Column) -> Option<String> {
    use ColumnType as T;
    let at = schema.table(table)?;
    let is_in = |columns: &[String]| columns.contains(&column.name);
    let special = column.unique
        || is_in(&at.primary_key)
        || at
            .indexes
            .iter()
            .any(|index| index.unique && is_in(&index.columns))
        || at.foreign_keys.iter().any(|key| is_in(&key.columns));
    if special || !column.needs_value() {
        return None;
    }
    let sql = match &column.kind {
        kind if kind.is_integer() => "0".to_owned(),
        T::Float | T::Double | T::Decimal(_) | T::Money(_) => "0".into(),
        T::Boolean => "FALSE".into(),
        T::Char(_) | T::String(_) | T::Text | T::Blob | T::VarBinary(_) => "''".into(),
        T::Date => "'1970-01-01'".into(),
        T::Time => "'00:00:00'".into(),
        T::DateTime | T::Timestamp => "'1970-01-01 00:00:00'".into(),
        T::TimestampWithTimeZone => "'1970-01-01 00:00:00+00:00'".into(),
        T::Json | T::JsonBinary => "'{}'".into(),
        T::Enum(name) => {
            let first = schema.enums.get(name)?.values.first()?;
            format!("'{}'", first.replace('\'', "''"))
        }
        _ => return None,
    };
    Some(sql)
}

fn column_of(schema: &Schema, table: &str, name: &str) -> Result<Column, String> {
    schema
        .column(table, name)
        .cloned()
        .ok_or_else(|| format!("the table `{table}` has no `{name}`"))
}
