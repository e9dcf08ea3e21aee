//! Indexes that are dropped under the strongest lock (squawk `require-concurrent-index-deletion`).

use super::prelude::*;

pub(super) static RULE: Rule = Rule {
    kind: Check {
        id: "LUT022",
        name: "drop-index-not-concurrent",
        level: Level::Info,
        why: "It is quick, but waits until no query uses the table, and everybody else waits behind it.",
        instead: "DROP INDEX CONCURRENTLY, as the only statement of a file that starts with `-- no-transaction`",
    },
    dialects: rule::POSTGRES,
    checks_down: false,
    check,
};

fn check(script: &Script) -> Vec<Violation> {
    let statements = script.statements();
    let violations = statements.flat_map(|(at, statement)| match statement {
        Statement::DropIndex {
            names,
            concurrently: false,
        } => names
            .iter()
            .filter(|name| !is_made_here(script, name))
            .map(|name| {
                Violation::new(
                    at,
                    format!("{name} is dropped while nobody can use its table"),
                )
            })
            .collect(),
        _ => Vec::new(),
    });
    violations.collect()
}

fn is_made_here(script: &Script, name: &Name) -> bool {
    script.statements().any(|(_, statement)| match statement {
        Statement::CreateIndex(index) => {
            index.name.as_ref().is_some_and(|made| made.same(name))
                && !script.existed(&index.table, usize::MAX)
        }
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locked_drops_are_found() {
        finds(
            &RULE,
            Postgres,
            &["DROP INDEX i", "DROP INDEX IF EXISTS shop.i CASCADE"],
        );
    }

    #[test]
    fn concurrent_drops_pass() {
        passes(
            &RULE,
            Postgres,
            &[
                "DROP INDEX CONCURRENTLY IF EXISTS i",
                "CREATE TABLE t (a int); CREATE INDEX i ON t (a); DROP INDEX i",
            ],
        );
    }
}
