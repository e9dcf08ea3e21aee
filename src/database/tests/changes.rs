//! From one random schema to the next: operations, files, and which values stay as they are.

use crate::migrations::{File, Fills, Renames, diff, questions, unanswered, write};
use crate::operation::Operation;
use crate::schema::{Column, ColumnType, Schema};
use crate::sql::Dialect;

/// Takes the first candidate of every second question.
fn some_renames(before: &Schema, after: &Schema) -> Renames {
    let mut renames = Renames::default();
    for (number, question) in questions(before, after, &renames).iter().enumerate() {
        if number % 2 == 0 {
            renames.take(question, &question.candidates[0]);
            if renames.check(before, after).is_err() {
                return Renames::default();
            }
        }
    }
    renames
}

/// The operations from one schema to the other, with some things renamed, and values for new columns.
pub(super) fn operations(before: &Schema, after: &Schema) -> Vec<Operation> {
    let mut fills = Fills::new();
    let renames = some_renames(before, after);
    let plain = diff(before, after, &renames, &fills).expect("a diff");
    for (table, column) in unanswered(before, &plain) {
        let new = after.column(&table, &column).expect("it is new");
        fills.insert((table, column), value(new, after, 1));
    }
    diff(before, after, &renames, &fills).expect("a diff")
}

/// The files of a migration, added to those of others.
pub(super) fn add(
    files: &mut Vec<File>,
    dialect: Dialect,
    name: &str,
    parents: &[&str],
    (before, operations): (&Schema, &[Operation]),
) -> Result<(), String> {
    let parents = parents.iter().map(|parent| (*parent).to_owned()).collect();
    let written = write(name, parents, before, operations, &[dialect])?;
    let new = written.files.into_iter();
    files.extend(new.map(|(path, text)| File { path, text }));
    Ok(())
}

/// A value of the column for the row `number`, 1 or 2.
pub(super) fn value(column: &Column, schema: &Schema, number: usize) -> String {
    match &column.kind {
        ColumnType::Boolean => ["FALSE", "TRUE"][number - 1].into(),
        ColumnType::Enum(name) => format!(
            "'{}'",
            schema.enums[name].values[number - 1].replace('\'', "''")
        ),
        kind if kind.is_text() => format!("'{number}'"),
        _ => number.to_string(),
    }
}

/// A table and one of its columns.
pub(super) type Location = (String, String);

/// The tables and columns that are as they were, by their names before and after.
pub(super) fn unchanged(before: &Schema, operations: &[Operation]) -> Vec<(Location, Location)> {
    let mut names: Vec<(Location, Location)> = Vec::new();
    for table in before.tables.values() {
        for column in &table.columns {
            let name = (table.name.clone(), column.name.clone());
            names.push((name.clone(), name));
        }
    }
    for operation in operations {
        match operation {
            Operation::RenameTable { from, to } => {
                let moved = names.iter_mut().filter(|(_, (table, _))| table == from);
                moved.for_each(|(_, (table, _))| table.clone_from(to));
            }
            Operation::RenameColumn { table, from, to } => {
                let moved = names
                    .iter_mut()
                    .filter(|(_, (t, c))| t == table && c == from);
                moved.for_each(|(_, (_, column))| column.clone_from(to));
            }
            Operation::DropTable { name } => names.retain(|(_, (table, _))| table != name),
            Operation::DropColumn { table, name } => {
                names.retain(|(_, (t, c))| !(t == table && c == name))
            }
            Operation::AlterColumn { table, column, .. } => {
                names.retain(|(_, (t, c))| !(t == table && *c == column.name));
            }
            Operation::AlterEnum { .. } => {
                names.retain(|((table, column), _)| {
                    before
                        .column(table, column)
                        .is_none_or(|c| c.kind.enum_name().is_none())
                });
            }
            _ => {}
        }
    }
    names
}
