//! Indexes that keep writers out while they are built (squawk `require-concurrent-index-creation`).

use super::prelude::*;

pub(super) static RULE: Rule = Rule {
    kind: Check {
        id: "LUT012",
        name: "index-not-concurrent",
        level: Level::Warning,
        why: "Nobody can write to the table until the index is built, which takes minutes on a large one.",
        instead: "CREATE INDEX CONCURRENTLY, as the only statement of a file that starts with `-- no-transaction`",
    },
    dialects: rule::POSTGRES,
    checks_down: false,
    check,
};

fn check(script: &Script) -> Vec<Violation> {
    let statements = script.statements();
    let violations = statements.filter_map(|(at, statement)| match statement {
        Statement::CreateIndex(index)
            if !index.concurrently && script.existed(&index.table, at.statement) =>
        {
            let name = index
                .name
                .as_ref()
                .map_or_else(|| "an index".into(), Name::to_string);
            Some(Violation::new(
                at,
                format!("{name} is built while nobody can write to {}", index.table),
            ))
        }
        _ => None,
    });
    violations.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocking_indexes_are_found() {
        finds(
            &RULE,
            Postgres,
            &[
                "CREATE INDEX i ON books (isbn)",
                "CREATE UNIQUE INDEX ON shop.books USING gin (tags)",
            ],
        );
    }

    #[test]
    fn concurrent_ones_and_new_tables_pass() {
        passes(
            &RULE,
            Postgres,
            &[
                "CREATE INDEX CONCURRENTLY i ON books (isbn)",
                "CREATE TABLE public.books (id int); CREATE INDEX i ON \"books\" (id)",
            ],
        );
    }
}
