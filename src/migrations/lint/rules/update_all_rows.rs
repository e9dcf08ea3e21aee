//! Whole tables that are written within a migration (strong_migrations "backfilling data").

use super::prelude::*;

pub(super) static RULE: Rule = Rule {
    kind: Check {
        id: "LUT027",
        name: "update-all-rows",
        level: Level::Info,
        why: "Every row stays locked until the migration ends, and on PostgreSQL the table doubles in size.",
        instead: "for a large table: fill it in steps of some thousand rows, outside of the migration",
    },
    dialects: &[Dialect::Postgres, Dialect::Mysql],
    checks_down: false,
    check,
};

fn check(script: &Script) -> Vec<Violation> {
    let statements = script.statements();
    let violations = statements.filter_map(|(at, statement)| match statement {
        Statement::Update {
            table,
            filtered: false,
        } if script.existed(table, at.statement) => Some(Violation::new(
            at,
            format!("every row of {table} is written in one go"),
        )),
        _ => None,
    });
    violations.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unlimited_updates_are_found() {
        finds(
            &RULE,
            Postgres,
            &["UPDATE ONLY books SET isbn = (SELECT 'x' WHERE true)"],
        );
        finds(&RULE, Mysql, &["UPDATE `books` SET `isbn` = ''"]);
    }

    #[test]
    fn limited_ones_and_new_tables_pass() {
        passes(
            &RULE,
            Postgres,
            &[
                "UPDATE books SET isbn = '' WHERE isbn IS NULL",
                "CREATE TABLE a AS SELECT 1; UPDATE a SET b = 1",
            ],
        );
    }
}
