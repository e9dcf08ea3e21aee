//! Locks that are waited for without an end (squawk `require-timeout-settings`).

use super::prelude::*;

pub(super) static RULE: Rule = Rule {
    kind: Check {
        id: "LUT017",
        name: "no-lock-timeout",
        level: Level::Info,
        why: "While it waits for its lock behind one long query, everybody else waits behind it: the site stands still.",
        instead: "start the file with `SET LOCAL lock_timeout = '5s';`, and try again when it does not get through",
    },
    dialects: rule::POSTGRES,
    checks_down: false,
    check,
};

/// Tells once a file, at the first lock.
fn check(script: &Script) -> Vec<Violation> {
    for (at, statement) in script.statements() {
        if let Statement::Set { name, value } = statement
            && name == "lock_timeout"
            && value != "0"
        {
            return Vec::new();
        }
        let locked = match statement {
            Statement::AlterTable { table, actions } => {
                let quiet = |what: &Alter| {
                    matches!(
                        what,
                        Alter::Validate { .. } | Alter::DetachPartition { concurrently: true }
                    )
                };
                (!actions.iter().all(|action| quiet(&action.what))).then_some(table)
            }
            Statement::CreateIndex(index) if !index.concurrently => Some(&index.table),
            Statement::DropTable { tables, .. } | Statement::Truncate { tables, .. } => {
                tables.first()
            }
            _ => None,
        };
        if let Some(table) = locked
            && script.existed(table, at.statement)
        {
            return vec![Violation::new(
                at,
                format!("it waits for {table} as long as it takes"),
            )];
        }
    }
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endless_waiting_is_found_once() {
        finds(
            &RULE,
            Postgres,
            &[
                "ALTER TABLE a ADD COLUMN b int",
                "CREATE TABLE c (id int);\nDROP TABLE a",
                "SET lock_timeout = 0;\nTRUNCATE a",
                "SET my.lock_timeout = '1s';\nTRUNCATE a",
            ],
        );
    }

    #[test]
    fn limited_waiting_and_new_tables_pass() {
        passes(
            &RULE,
            Postgres,
            &[
                "SET LOCAL lock_timeout = '5s'; ALTER TABLE a ADD COLUMN b int",
                "CREATE TABLE a (id int); CREATE INDEX i ON a (id); ALTER TABLE a ADD COLUMN b int",
                "ALTER TABLE a VALIDATE CONSTRAINT b",
                "UPDATE a SET b = 1",
            ],
        );
    }
}
