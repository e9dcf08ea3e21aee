//! What an operation does to a schema.

use crate::schema::{Schema, Table};

use super::{Operation, exists, missing, no_enum, no_table, objects};

impl Operation {
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
                schema.unsaid_enums.remove(name);
            }
            Self::CreateTable { table } => {
                let name = table.name.clone();
                if schema.tables.insert(name, table.clone()).is_some() {
                    return Err(format!("the table `{}` exists already", table.name));
                }
            }
            Self::DropTable { name } => {
                schema.tables.remove(name).ok_or_else(|| no_table(name))?;
                schema.objects.retain(|object| object.table != *name);
            }
            Self::RenameTable { from, to } => rename_table(schema, from, to)?,
            Self::CommentTable { name, comment } => {
                let table = table_mut(schema, name)?;
                table.comment.clone_from(comment);
                table.unsaid.comment = None;
            }
            Self::DropColumn { table, name } => {
                self.apply_to_table(table_mut(schema, table)?)?;
                objects::drop_column(schema, table, name);
            }
            Self::Adopt { objects, enums } => {
                schema.objects.extend(objects.iter().cloned());
                schema.unsaid_enums.extend(enums.clone());
            }
            Self::Forget { objects, enums } => {
                schema.objects.retain(|object| !objects.contains(object));
                schema
                    .unsaid_enums
                    .retain(|name, _| !enums.contains_key(name));
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
                at.unsaid.column_dropped(name);
            }
            Self::AlterColumn { column, .. } => {
                let error = missing(at, &column.name);
                let old = at.column_mut(&column.name).ok_or(error)?;
                let old = std::mem::replace(old, column.clone());
                at.unsaid.column_changed(&old, column);
            }
            Self::AlterPrimaryKey { columns, .. } => {
                at.primary_key.clone_from(columns);
                at.unsaid.primary_key = None;
            }
            Self::AddIndex { index, .. } => {
                if at.index(&index.name).is_some() {
                    return Err(exists(at, &index.name));
                }
                at.add_index(index.clone());
            }
            Self::DropIndex { name, .. } => {
                let found = at.indexes.iter().position(|index| index.name == *name);
                at.indexes.remove(found.ok_or_else(|| missing(at, name))?);
                at.unsaid.part_dropped(name);
            }
            Self::RenameIndex { from, to, .. } => {
                let found = at.indexes.iter().position(|index| index.name == *from);
                let mut index = at.indexes.remove(found.ok_or_else(|| missing(at, from))?);
                index.name.clone_from(to);
                at.add_index(index);
                at.unsaid.part_renamed(from, to);
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
                at.unsaid.part_dropped(name);
            }
            Self::RenameForeignKey { from, to, .. } => {
                let found = at.foreign_keys.iter().position(|key| key.name == *from);
                let mut key = at
                    .foreign_keys
                    .remove(found.ok_or_else(|| missing(at, from))?);
                key.name.clone_from(to);
                at.add_foreign_key(key);
                at.unsaid.part_renamed(from, to);
            }
            _ => {}
        }
        Ok(())
    }
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
        let absent = table.unsaid.absent_keys.iter_mut();
        for key in absent.filter(|key| key.table == from) {
            key.table = to.to_owned();
        }
    }
    objects::rename_table(schema, from, to);
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
    for column in &mut at.columns {
        column.follow_rename(from, to);
    }
    at.unsaid.column_renamed(from, to);
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
    objects::rename_column(schema, table, from, to);
    Ok(())
}

fn table_mut<'a>(schema: &'a mut Schema, name: &str) -> Result<&'a mut Table, String> {
    schema.tables.get_mut(name).ok_or_else(|| no_table(name))
}
