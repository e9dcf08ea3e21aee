//! Columns whose existing rows need a value that only the user knows.

use crate::schema::Schema;

use crate::operation::Operation;

/// The tables and columns of `operations` that need SQL for rows that may exist.
pub(crate) fn unanswered(before: &Schema, operations: &[Operation]) -> Vec<(String, String)> {
    let mut state = before.clone();
    let mut created = Vec::new();
    let mut found = Vec::new();
    for operation in operations {
        match operation {
            Operation::CreateTable { table } => created.push(table.name.clone()),
            Operation::AddColumn {
                table,
                column,
                fill: None,
            } if column.needs_value() && !created.contains(table) => {
                found.push((table.clone(), column.name.clone()));
            }
            Operation::AlterColumn {
                table,
                column,
                fill: None,
                ..
            } if !column.nullable && column.default.is_none() => {
                let was_nullable = state
                    .column(table, &column.name)
                    .is_some_and(|old| old.nullable);
                if was_nullable {
                    found.push((table.clone(), column.name.clone()));
                }
            }
            _ => {}
        }
        // Operations come from a diff of the same schema, so they fit.
        let _ = operation.apply(&mut state);
    }
    found
}
