//! What `ALTER TABLE` of SQLite can do by itself.

use crate::operation::Operation;
use crate::schema::{Column, ForeignKey};

/// A rename; to SQLite names that differ by case alone are the same, so that one goes by way of a third.
pub(super) fn renames(from: &str, to: &str, rename: impl Fn(&str, &str) -> String) -> Vec<String> {
    if !from.eq_ignore_ascii_case(to) {
        return vec![rename(from, to)];
    }
    let aside = format!("{to}__renamed");
    vec![rename(from, &aside), rename(&aside, to)]
}

/// What does not wait, even where the table's other changes do.
pub(super) fn is_always_native(operation: &Operation) -> bool {
    matches!(
        operation,
        Operation::RenameTable { .. }
            | Operation::RenameColumn { .. }
            | Operation::DropTable { .. }
    )
}

/// Whether a later operation changes the table in a way that a rebuild can take along.
pub(super) fn touched_later(table: &str, later: &[Operation]) -> bool {
    let mut name = table;
    for operation in later {
        match operation {
            Operation::RenameTable { from, to } if from == name => name = to,
            Operation::DropTable { name: dropped } if dropped == name => return true,
            Operation::CommentTable { .. }
            | Operation::RenameForeignKey { .. }
            | Operation::RenameTable { .. }
            | Operation::RenameColumn { .. } => {}
            operation if operation.table() == Some(name) => return true,
            _ => {}
        }
    }
    false
}

/// `ALTER TABLE … ADD COLUMN` takes no unique columns, and no defaults that are computed.
pub(super) fn can_be_added(column: &Column) -> bool {
    use crate::schema::Default;
    if column.is_generated() {
        return !column.is_stored() && !column.unique;
    }
    let constant = match &column.default {
        None => column.nullable,
        Some(Default::Null) => column.nullable,
        Some(Default::Bool(_) | Default::Number(_) | Default::Text(_)) => true,
        Some(_) => false,
    };
    constant && !column.unique && !column.auto_increment
}

/// The foreign key that a later operation adds to `column`, where it can come with it: SQLite wants such a
/// column to be empty at first.
pub(super) fn inline_key<'a>(
    column: &Column,
    table: &str,
    later: &'a [Operation],
) -> Option<&'a ForeignKey> {
    if column.default.is_some() {
        return None;
    }
    later.iter().find_map(|operation| match operation {
        Operation::AddForeignKey { table: at, key } => {
            (at == table && key.columns == [column.name.as_str()]).then_some(key)
        }
        _ => None,
    })
}
