//! Which operations may share a migration: PostgreSQL can use a new enum value only after it is committed.

use crate::operation::Operation;

/// The operations of each migration, in order; empty operations make one migration.
pub(crate) fn in_transactions(mut operations: Vec<Operation>) -> Vec<Vec<Operation>> {
    let alters = |operation: &Operation| matches!(operation, Operation::AlterEnum { .. });
    let Some(last) = operations.iter().rposition(alters) else {
        return vec![operations];
    };
    let altered: Vec<String> = operations
        .iter()
        .filter_map(|operation| match operation {
            Operation::AlterEnum { name, .. } => Some(name.clone()),
            _ => None,
        })
        .collect();
    let rest = operations.split_off(last + 1);
    let of_altered =
        |kind: Option<&str>| kind.is_some_and(|kind| altered.iter().any(|a| a == kind));
    let uses = rest.iter().any(|operation| match operation {
        Operation::AddColumn { column, .. } | Operation::AlterColumn { column, .. } => {
            of_altered(column.kind.enum_name())
        }
        Operation::CreateTable { table } => {
            let mut columns = table.columns.iter();
            columns.any(|column| of_altered(column.kind.enum_name()))
        }
        _ => false,
    });
    if uses {
        return vec![operations, rest];
    }
    vec![operations.into_iter().chain(rest).collect()]
}
