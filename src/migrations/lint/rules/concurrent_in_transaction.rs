//! `CONCURRENTLY` where it cannot be (squawk `ban-concurrent-index-creation-in-transaction`).

use super::prelude::*;

pub(super) static RULE: Rule = Rule {
    kind: Check {
        id: "LUT013",
        name: "concurrent-in-transaction",
        level: Level::Error,
        why: "PostgreSQL refuses CONCURRENTLY inside a transaction. Migrations run in one unless their file starts \
              with `-- no-transaction`, and several statements of one file always share one.",
        instead: "put the statement alone into a migration whose file starts with the line `-- no-transaction`",
    },
    dialects: rule::POSTGRES,
    checks_down: true,
    check,
};

fn check(script: &Script) -> Vec<Violation> {
    let mut violations = Vec::new();
    let mut look = |at: At, concurrently: bool| {
        if !concurrently {
            return;
        }
        if !script.no_transaction {
            violations.push(Violation::new(
                at,
                "CONCURRENTLY runs inside the transaction of the migration",
            ));
        } else if script.statements.len() > 1 {
            violations.push(Violation::new(
                at,
                "CONCURRENTLY shares the file, and so a transaction, with other statements",
            ));
        }
    };
    for (at, statement) in script.statements() {
        match statement {
            Statement::CreateIndex(index) => look(at, index.concurrently),
            Statement::DropIndex { concurrently, .. } | Statement::Reindex { concurrently } => {
                look(at, *concurrently);
            }
            Statement::AlterTable { actions, .. } => {
                for action in actions {
                    if let Alter::DetachPartition { concurrently } = action.what {
                        look(at, concurrently);
                    }
                }
            }
            _ => {}
        }
    }
    violations
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_fail_is_found() {
        finds(
            &RULE,
            Postgres,
            &[
                "CREATE INDEX CONCURRENTLY i ON books (isbn)",
                "DROP INDEX CONCURRENTLY i",
                "REINDEX TABLE CONCURRENTLY books",
                "ALTER TABLE a DETACH PARTITION b CONCURRENTLY",
                "-- no-transaction\nSET lock_timeout = '1s';\nCREATE INDEX CONCURRENTLY i ON books (isbn)",
            ],
        );
    }

    #[test]
    fn alone_it_passes() {
        passes(
            &RULE,
            Postgres,
            &[
                "-- no-transaction\n-- An index.\n\nCREATE INDEX CONCURRENTLY i ON books (isbn);\n",
                "CREATE INDEX i ON books (isbn)",
            ],
        );
    }
}
