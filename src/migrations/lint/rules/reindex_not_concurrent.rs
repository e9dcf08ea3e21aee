//! Indexes that are rebuilt while nobody can write (squawk `require-concurrent-reindex`).

use super::prelude::*;

pub(super) static RULE: Rule = Rule {
    kind: Check {
        id: "LUT023",
        name: "reindex-not-concurrent",
        level: Level::Warning,
        why: "Nobody can write to the table, or read through the index, until it is built.",
        instead: "REINDEX … CONCURRENTLY, as the only statement of a file that starts with `-- no-transaction`",
    },
    dialects: rule::POSTGRES,
    checks_down: false,
    check,
};

fn check(script: &Script) -> Vec<Violation> {
    let statements = script.statements();
    let violations = statements.filter_map(|(at, statement)| match statement {
        Statement::Reindex {
            concurrently: false,
        } => Some(Violation::new(at, "REINDEX keeps writers out")),
        _ => None,
    });
    violations.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locked_reindexes_are_found() {
        finds(
            &RULE,
            Postgres,
            &["REINDEX TABLE books", "REINDEX (VERBOSE) INDEX i"],
        );
    }

    #[test]
    fn concurrent_ones_pass() {
        passes(
            &RULE,
            Postgres,
            &[
                "REINDEX INDEX CONCURRENTLY i",
                "REINDEX (CONCURRENTLY) TABLE books",
            ],
        );
    }
}
