//! Columns that become required (Atlas MF104, squawk `adding-not-nullable-field`).

use super::prelude::*;

pub(super) static RULE: Rule = Rule {
    kind: Check {
        id: "LUT008",
        name: "set-not-null",
        level: Level::Warning,
        why: "It fails where a row holds NULL, and on PostgreSQL reads the whole table while nobody else can.",
        instead: "fill the NULLs in a migration of its own first. On PostgreSQL, add `CHECK (column IS NOT NULL) NOT \
                  VALID`, VALIDATE it in a second migration, then SET NOT NULL, which trusts the check",
    },
    dialects: &[Dialect::Postgres, Dialect::Mysql],
    checks_down: false,
    check,
};

fn check(script: &Script) -> Vec<Violation> {
    let actions = script.actions();
    let violations = actions.filter_map(|(at, table, action)| {
        let column = match action {
            Alter::SetNotNull { column } => column,
            Alter::Redefine { column, .. } if column.not_null && !column.counts => &column.name,
            _ => return None,
        };
        // A file that has just added and filled the column is told about that.
        let fresh = script.column_is_new(table, column, at.statement);
        let proven = is_proven(script, table, column, at.statement);
        let was_required = script.was_required(table, column);
        (!fresh && !proven && !was_required).then(|| {
            Violation::new(
                at,
                format!("every row of {table} must have `{column}` from now on"),
            )
        })
    });
    violations.collect()
}

/// Whether a valid check says the same: one of this column that is validated here, or one that an earlier file added.
fn is_proven(script: &Script, table: &Name, column: &str, before: usize) -> bool {
    let proves = |name: &String| {
        let added = script.actions().find_map(|(_, on, action)| match action {
            Alter::AddConstraint(added) if on.same(table) && added.name.as_ref() == Some(name) => {
                Some(added)
            }
            _ => None,
        });
        match added.map(|added| &added.kind) {
            None => true,
            Some(ConstraintKind::Check {
                required: Some(required),
            }) => required.eq_ignore_ascii_case(column),
            Some(_) => false,
        }
    };
    script.actions().any(|(at, on, action)| match action {
        Alter::Validate { name } => at.statement < before && on.same(table) && proves(name),
        _ => false,
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
    fn a_check_of_another_column_proves_nothing() {
        let sql = "ALTER TABLE b ADD CONSTRAINT c CHECK (y IS NOT NULL) NOT VALID; \
                   ALTER TABLE b VALIDATE CONSTRAINT c; ALTER TABLE b ALTER COLUMN x SET NOT NULL";
        finds(&RULE, Postgres, &[sql]);
    }

    #[test]
    fn columns_that_were_required_before_pass() {
        use crate::schema::{Column, ColumnType, Schema, Table};
        let sql = "ALTER TABLE `books` MODIFY COLUMN `isbn` bigint NOT NULL";
        let mut isbn = Column::new("isbn", ColumnType::Integer);
        for (nullable, expected) in [(false, 0), (true, 1)] {
            isbn.nullable = nullable;
            let mut script = Script::read(Mysql, crate::migrations::Direction::Apply, sql);
            let table = Table {
                name: "books".into(),
                columns: vec![isbn.clone()],
                ..Table::default()
            };
            let mut schema = Schema::default();
            schema.tables.insert("books".into(), table);
            script.before = Some(schema);
            assert_eq!(check(&script).len(), expected);
        }
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
