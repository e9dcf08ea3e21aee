//! Drops that take more along than they name (squawk `ban-truncate-cascade`).

use super::prelude::*;

pub(super) static RULE: Rule = Rule {
    kind: Check {
        id: "LUT029",
        name: "cascade",
        level: Level::Warning,
        why: "CASCADE drops, or empties, everything that depends on it as well: foreign keys, views, other tables, \
              whatever a colleague has added since.",
        instead: "name what shall go, one statement each, and leave CASCADE away",
    },
    dialects: rule::POSTGRES,
    checks_down: true,
    check,
};

fn check(script: &Script) -> Vec<Violation> {
    let mut violations = Vec::new();
    for (at, statement) in script.statements() {
        match statement {
            Statement::DropTable { cascade: true, .. }
            | Statement::DropOther { cascade: true, .. }
            | Statement::Truncate { cascade: true, .. } => {
                violations.push(Violation::new(
                    at,
                    "CASCADE takes along whatever depends on it",
                ));
            }
            Statement::AlterTable { table, actions } => {
                for action in actions {
                    if let Alter::DropColumn {
                        cascade: true,
                        name,
                    }
                    | Alter::DropConstraint {
                        cascade: true,
                        name,
                        ..
                    } = &action.what
                    {
                        let line = action.line;
                        let message =
                            format!("CASCADE takes along whatever depends on `{name}` of {table}");
                        violations.push(Violation::new(At { line, ..at }, message));
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
    fn cascades_are_found() {
        finds(
            &RULE,
            Postgres,
            &[
                "TRUNCATE books CASCADE",
                "DROP TABLE IF EXISTS a, b CASCADE",
                "DROP TYPE mood CASCADE",
                "ALTER TABLE a DROP COLUMN b CASCADE",
            ],
        );
    }

    #[test]
    fn references_that_cascade_pass() {
        passes(
            &RULE,
            Postgres,
            &[
                "ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES c (d) ON DELETE CASCADE",
                "DROP TABLE a RESTRICT",
            ],
        );
    }
}
