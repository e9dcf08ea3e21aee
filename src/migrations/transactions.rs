//! Which operations may share a migration: PostgreSQL can use a new enum value only after it is committed.

use super::operation::Operation;

/// The operations of each migration, in order; empty operations make one migration.
pub(crate) fn in_transactions(operations: Vec<Operation>) -> Vec<Vec<Operation>> {
    let (enums, rest): (Vec<Operation>, Vec<Operation>) = operations
        .into_iter()
        .partition(|operation| matches!(operation, Operation::AlterEnum { .. }));
    let uses = |name: &str| {
        rest.iter().any(|operation| match operation {
            Operation::AddColumn { column, .. } | Operation::AlterColumn { column, .. } => {
                column.kind.enum_name() == Some(name)
            }
            Operation::CreateTable { table } => table
                .columns
                .iter()
                .any(|column| column.kind.enum_name() == Some(name)),
            _ => false,
        })
    };
    let needs_commit = enums
        .iter()
        .any(|operation| matches!(operation, Operation::AlterEnum { name, .. } if uses(name)));
    if needs_commit {
        return vec![enums, rest];
    }
    // The rest does not look at the values, so they may as well change first.
    vec![enums.into_iter().chain(rest).collect()]
}
