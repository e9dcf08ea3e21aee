//! Checks that look at every row at once (squawk `constraint-missing-not-valid`).

use super::prelude::*;

pub(super) static RULE: Rule = Rule {
    kind: Check {
        id: "LUT015",
        name: "check-without-not-valid",
        level: Level::Warning,
        why: "Nobody can use the table until every row is checked.",
        instead: "add the check as NOT VALID, and VALIDATE CONSTRAINT in a second migration, which keeps nobody out",
    },
    dialects: rule::POSTGRES,
    checks_down: false,
    check,
};

fn check(script: &Script) -> Vec<Violation> {
    let mut violations = Vec::new();
    for (at, table, action) in script.actions() {
        match action {
            Alter::AddConstraint(added) => {
                let is_check = matches!(
                    added.kind,
                    ConstraintKind::Check { .. } | ConstraintKind::NotNull
                );
                if is_check && !added.not_valid {
                    violations.push(Violation::new(
                        at,
                        format!("every row of {table} is checked while nobody can use it"),
                    ));
                }
            }
            Alter::Validate { name } => {
                // In the transaction that adds it nothing is won.
                let added_here = script.actions().any(|(_, on, action)| {
                    let same = matches!(action, Alter::AddConstraint(added) if added.name.as_ref() == Some(name));
                    same && on.same(table)
                });
                if added_here && !script.no_transaction {
                    violations.push(Violation::new(
                        at,
                        format!("`{name}` is validated in the transaction that adds it, which still holds its lock"),
                    ));
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
    fn checked_at_once_is_found() {
        finds(
            &RULE,
            Postgres,
            &[
                "ALTER TABLE b ADD CONSTRAINT c CHECK (price > 0)",
                "ALTER TABLE b ADD CHECK (price > 0) NO INHERIT",
                "ALTER TABLE b ADD CONSTRAINT c CHECK (price > 0) NOT VALID;\nALTER TABLE b VALIDATE CONSTRAINT c",
            ],
        );
    }

    #[test]
    fn checked_later_passes() {
        passes(
            &RULE,
            Postgres,
            &[
                "ALTER TABLE b ADD CONSTRAINT c CHECK (price > 0) NOT VALID",
                "ALTER TABLE b VALIDATE CONSTRAINT c",
                "CREATE TABLE b (price int); ALTER TABLE b ADD CONSTRAINT c CHECK (price > 0)",
            ],
        );
    }
}
