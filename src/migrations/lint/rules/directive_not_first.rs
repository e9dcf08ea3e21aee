//! `-- no-transaction` where sqlx does not look for it.

use super::prelude::*;

pub(super) static RULE: Rule = Rule {
    kind: Check {
        id: "LUT032",
        name: "directive-not-first",
        level: Level::Error,
        why: "sqlx and luthier look for `-- no-transaction` at the very first byte of the file. Anywhere else it is a \
              comment, and the migration runs in a transaction.",
        instead: "make it the first line, with nothing in front of it",
    },
    dialects: &[Dialect::Sqlite, Dialect::Postgres],
    checks_down: true,
    check,
};

fn check(script: &Script) -> Vec<Violation> {
    if script.no_transaction {
        return Vec::new();
    }
    let mut violations = Vec::new();
    for (number, statement) in script.statements.iter().enumerate() {
        for comment in &statement.comments {
            let text = comment.text.trim();
            if text.eq_ignore_ascii_case("no-transaction") || text == "no transaction" {
                let at = At {
                    statement: number,
                    line: comment.line,
                };
                violations.push(Violation::new(
                    at,
                    "`-- no-transaction` is not at the start of the file",
                ));
            }
        }
    }
    violations
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn misplaced_directives_are_found() {
        for dialect in [Sqlite, Postgres] {
            finds(
                &RULE,
                dialect,
                &[
                    "SELECT 1; -- no-transaction",
                    "-- Title.\nSELECT 1 -- No-Transaction",
                    "\n/* no-transaction */ SELECT 1",
                ],
            );
        }
    }

    #[test]
    fn the_first_line_passes() {
        passes(
            &RULE,
            Postgres,
            &[
                "-- no-transaction\nSELECT 1",
                "-- Runs in no-transaction mode.\nSELECT 1",
            ],
        );
    }
}
