//! One change to a schema, the same for every dialect; it knows its effect on the state and its inverse.

use serde::{Deserialize, Serialize};

use crate::schema::{Column, ColumnType, EnumType, ForeignKey, Index, Schema, Table};

/// A change to a schema. Tables, columns, indexes and keys are named as in the database.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "operation", rename_all = "snake_case")]
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
}

impl Operation {
    /// The table it is about, if it is about one.
    pub(crate) fn table(&self) -> Option<&str> {
        match self {
            Self::CreateEnum { .. } | Self::DropEnum { .. } | Self::AlterEnum { .. } => None,
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

    /// Whether rows or values are lost for good.
    pub(crate) fn is_destructive(&self) -> bool {
        matches!(self, Self::DropTable { .. } | Self::DropColumn { .. })
    }

    /// Changes `schema` as the database will be changed.
    ///
    /// # Errors
    /// What the operation is about is not there, or is there already.
    pub(crate) fn apply(&self, schema: &mut Schema) -> Result<(), String> {
        match self {
            Self::CreateEnum { kind } => {
                if schema
                    .enums
                    .insert(kind.name.clone(), kind.clone())
                    .is_some()
                {
                    return Err(format!("the enum `{}` exists already", kind.name));
                }
            }
            Self::DropEnum { name } => {
                schema.enums.remove(name).ok_or_else(|| no_enum(name))?;
            }
            Self::AlterEnum { name, values, .. } => {
                let kind = schema.enums.get_mut(name).ok_or_else(|| no_enum(name))?;
                kind.values.clone_from(values);
            }
            Self::CreateTable { table } => {
                let name = table.name.clone();
                if schema.tables.insert(name, table.clone()).is_some() {
                    return Err(format!("the table `{}` exists already", table.name));
                }
            }
            Self::DropTable { name } => {
                schema.tables.remove(name).ok_or_else(|| no_table(name))?;
            }
            Self::RenameTable { from, to } => rename_table(schema, from, to)?,
            Self::CommentTable { name, comment } => {
                table_mut(schema, name)?.comment.clone_from(comment);
            }
            Self::RenameColumn { table, from, to } => rename_column(schema, table, from, to)?,
            other => {
                let name = other.table().unwrap_or_default();
                other.apply_to_table(table_mut(schema, name)?)?;
            }
        }
        Ok(())
    }

    /// The operations that stay within one table.
    fn apply_to_table(&self, at: &mut Table) -> Result<(), String> {
        match self {
            Self::AddColumn { column, .. } => {
                if at.column(&column.name).is_some() {
                    return Err(exists(at, &column.name));
                }
                at.columns.push(column.clone());
            }
            Self::DropColumn { name, .. } => {
                let found = at.columns.iter().position(|column| column.name == *name);
                at.columns.remove(found.ok_or_else(|| missing(at, name))?);
            }
            Self::AlterColumn { column, .. } => {
                let error = missing(at, &column.name);
                *at.column_mut(&column.name).ok_or(error)? = column.clone();
            }
            Self::AlterPrimaryKey { columns, .. } => at.primary_key.clone_from(columns),
            Self::AddIndex { index, .. } => {
                if at.index(&index.name).is_some() {
                    return Err(exists(at, &index.name));
                }
                at.add_index(index.clone());
            }
            Self::DropIndex { name, .. } => {
                let found = at.indexes.iter().position(|index| index.name == *name);
                at.indexes.remove(found.ok_or_else(|| missing(at, name))?);
            }
            Self::RenameIndex { from, to, .. } => {
                let found = at.indexes.iter().position(|index| index.name == *from);
                let mut index = at.indexes.remove(found.ok_or_else(|| missing(at, from))?);
                index.name.clone_from(to);
                at.add_index(index);
            }
            Self::AddForeignKey { key, .. } => {
                if at.foreign_key(&key.name).is_some() {
                    return Err(exists(at, &key.name));
                }
                at.add_foreign_key(key.clone());
            }
            Self::DropForeignKey { name, .. } => {
                let found = at.foreign_keys.iter().position(|key| key.name == *name);
                at.foreign_keys
                    .remove(found.ok_or_else(|| missing(at, name))?);
            }
            Self::RenameForeignKey { from, to, .. } => {
                let found = at.foreign_keys.iter().position(|key| key.name == *from);
                let mut key = at
                    .foreign_keys
                    .remove(found.ok_or_else(|| missing(at, from))?);
                key.name.clone_from(to);
                at.add_foreign_key(key);
            }
            _ => {}
        }
        Ok(())
    }

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
            Self::RenameForeignKey { table, from, to } => Self::RenameForeignKey {
                table,
                from: to,
                to: from,
            },
        })
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

    /// One line for a person: `Add column books.isbn: string(20)`.
    pub(crate) fn describe(&self, before: &Schema) -> String {
        match self {
            Self::CreateEnum { kind } => {
                format!("Create enum {} ({})", kind.name, kind.values.join(", "))
            }
            Self::DropEnum { name } => format!("Drop enum {name}"),
            Self::AlterEnum { name, values, .. } => {
                format!("Change enum {name} to ({})", values.join(", "))
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
        }
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
    if column.auto_increment {
        text.push_str(", counts up");
    }
    text
}

/// References follow a table's new name, as they do in every database.
fn rename_table(schema: &mut Schema, from: &str, to: &str) -> Result<(), String> {
    if schema.tables.contains_key(to) {
        return Err(format!("the table `{to}` exists already"));
    }
    let mut table = schema.tables.remove(from).ok_or_else(|| no_table(from))?;
    table.name = to.to_owned();
    schema.tables.insert(to.to_owned(), table);
    for table in schema.tables.values_mut() {
        for key in table
            .foreign_keys
            .iter_mut()
            .filter(|key| key.table == from)
        {
            key.table = to.to_owned();
        }
    }
    Ok(())
}

/// Keys and indexes follow a column's new name, their own names stay.
fn rename_column(schema: &mut Schema, table: &str, from: &str, to: &str) -> Result<(), String> {
    let at = table_mut(schema, table)?;
    if at.column(to).is_some() {
        return Err(exists(at, to));
    }
    let error = missing(at, from);
    at.column_mut(from).ok_or(error)?.name = to.to_owned();
    let swap = |name: &mut String| {
        if name == from {
            to.clone_into(name);
        }
    };
    at.primary_key.iter_mut().for_each(swap);
    for index in &mut at.indexes {
        index.columns.iter_mut().for_each(swap);
    }
    for key in &mut at.foreign_keys {
        key.columns.iter_mut().for_each(swap);
    }
    for other in schema.tables.values_mut() {
        for key in other
            .foreign_keys
            .iter_mut()
            .filter(|key| key.table == table)
        {
            key.references.iter_mut().for_each(swap);
        }
    }
    Ok(())
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

fn table_mut<'a>(schema: &'a mut Schema, name: &str) -> Result<&'a mut Table, String> {
    schema.tables.get_mut(name).ok_or_else(|| no_table(name))
}

fn column_of(schema: &Schema, table: &str, name: &str) -> Result<Column, String> {
    schema
        .column(table, name)
        .cloned()
        .ok_or_else(|| format!("the table `{table}` has no `{name}`"))
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
