//! Transactions within the migration's own (squawk `transaction-nesting`).

use super::prelude::*;

pub(super) static RULE: Rule = Rule {
    kind: Check {
        id: "LUT028",
        name: "transaction-in-transaction",
        level: Level::Error,
        why: "The migration runs in a transaction already: SQLite refuses another, and on PostgreSQL COMMIT ends the \
              migrator's own, so that the rest runs without one and a failure leaves half of it behind.",
        instead: "leave BEGIN and COMMIT away, or start the file with the line `-- no-transaction`",
    },
    dialects: &[Dialect::Sqlite, Dialect::Postgres],
    checks_down: true,
    check,
};

/// Tells once a file.
fn check(script: &Script) -> Vec<Violation> {
    if script.no_transaction {
        return Vec::new();
    }
    let mut statements = script.statements();
    let found = statements.find(|(_, statement)| {
        matches!(
            statement,
            Statement::Begin | Statement::Commit | Statement::Rollback
        )
    });
    let violation = found.map(|(at, statement)| {
        let word = match statement {
            Statement::Begin => "BEGIN",
            Statement::Commit => "COMMIT",
            _ => "ROLLBACK",
        };
        Violation::new(
            at,
            format!("{word} inside the transaction of the migration"),
        )
    });
    violation.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_transactions_are_found() {
        for dialect in [Sqlite, Postgres] {
            finds(
                &RULE,
                dialect,
                &["BEGIN; SELECT 1; COMMIT", "SELECT 1;\nCOMMIT", "ROLLBACK"],
            );
        }
    }

    #[test]
    fn with_the_directive_and_in_programs_they_pass() {
        passes(
            &RULE,
            Sqlite,
            &[
                "-- no-transaction\nBEGIN; SELECT 1; COMMIT",
                "CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; END",
            ],
        );
        passes(
            &RULE,
            Postgres,
            &[
                "SAVEPOINT a; ROLLBACK TO a",
                "CREATE FUNCTION f() RETURNS int AS $$ BEGIN RETURN 1; END $$",
            ],
        );
    }
}
