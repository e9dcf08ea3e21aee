//! Columns that become required (Atlas MF104, squawk `adding-not-nullable-field`).

use super::prelude::*;

pub(super) static RULE: Rule = Rule {
    kind: Kind {
        id: "LUT008",
        name: "set-not-null",
        level: Level::Warning,
        why: "It fails where a row holds NULL, and on PostgreSQL reads the whole table while nobody else can.",
        instead: "add `CHECK (column IS NOT NULL) NOT VALID`, VALIDATE it in a second migration, then SET NOT NULL, \
                  which trusts the check",
    },
    dialects: &[Dialect::Postgres, Dialect::Mysql],
    both_ways: false,
    check,
};

fn check(script: &Script) -> Vec<Hit> {
    let actions = script.actions();
    let hits = actions.filter_map(|(at, table, action)| {
        let column = match action {
            Alter::SetNotNull { column } => column,
            Alter::Redefine { column, .. } if column.not_null && !column.counts => &column.name,
            _ => return None,
        };
        // A file that has just added and filled the column is told about that.
        let fresh = script.column_is_new(table, column, at.statement);
        let proven = is_proven(script, table, column, at.statement);
        (!fresh && !proven).then(|| {
            Hit::new(
                at,
                format!("every row of {table} must have `{column}` from now on"),
            )
        })
    });
    hits.collect()
}

/// Whether a valid check says the same: one that is validated here, or a name that this file does not make.
fn is_proven(script: &Script, table: &Name, column: &str, before: usize) -> bool {
    let said: Option<&String> = script.actions().find_map(|(_, at, action)| match action {
        Alter::AddConstraint(Constraint {
            name: Some(name),
            kind: ConstraintKind::Check {
                required: Some(required),
            },
            ..
        }) if at.same(table) && required.eq_ignore_ascii_case(column) => Some(name),
        _ => None,
    });
    script.actions().any(|(at, on, action)| {
        let valid =
            matches!(action, Alter::Validate { name } if said.is_none_or(|said| said == name));
        at.statement < before && on.same(table) && valid
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_that_become_required_are_found() {
        finds(
            &RULE,
            Postgres,
            &[
                "ALTER TABLE books ALTER COLUMN isbn SET NOT NULL",
                "ALTER TABLE books ALTER isbn SET NOT NULL",
            ],
        );
        finds(
            &RULE,
            Mysql,
            &["ALTER TABLE books MODIFY COLUMN isbn varchar(20) NOT NULL"],
        );
    }

    #[test]
    fn proven_and_new_columns_pass() {
        passes(
            &RULE,
            Postgres,
            &[
                "ALTER TABLE b ADD CONSTRAINT c CHECK (x IS NOT NULL) NOT VALID; ALTER TABLE b VALIDATE CONSTRAINT c;\
                 ALTER TABLE b ALTER COLUMN x SET NOT NULL",
                "ALTER TABLE b VALIDATE CONSTRAINT x_is_there; ALTER TABLE b ALTER COLUMN x SET NOT NULL",
                "ALTER TABLE b ADD COLUMN x int; UPDATE b SET x = 1; ALTER TABLE b ALTER COLUMN x SET NOT NULL",
                "ALTER TABLE b ALTER COLUMN x DROP NOT NULL",
            ],
        );
        passes(
            &RULE,
            Mysql,
            &["ALTER TABLE books MODIFY COLUMN isbn varchar(20)"],
        );
    }
}
