//! Commands that rewrite a whole table, or keep everybody out of it (squawk `prefer-repack`).

use super::prelude::*;

pub(super) static RULE: Rule = Rule {
    kind: Check {
        id: "LUT030",
        name: "table-rewrite",
        level: Level::Warning,
        why: "The whole table is rewritten, or kept for this session alone, while nobody else can use it.",
        instead: "VACUUM without FULL, pg_repack, or REFRESH MATERIALIZED VIEW CONCURRENTLY",
    },
    dialects: rule::POSTGRES,
    checks_down: false,
    check,
};

fn check(script: &Script) -> Vec<Violation> {
    let mut violations = Vec::new();
    for (at, statement) in script.statements() {
        if let Statement::Rewrite {
            command,
            concurrently: false,
        } = statement
        {
            violations.push(Violation::new(at, format!("{command} keeps everybody out")));
        }
    }
    for (at, table, action) in script.actions() {
        if let Alter::Rebuild(words) = action {
            violations.push(Violation::new(at, format!("{words} rewrites {table}")));
        }
    }
    violations
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rewrites_are_found() {
        finds(
            &RULE,
            Postgres,
            &[
                "VACUUM FULL books",
                "VACUUM (FULL, ANALYZE) books",
                "CLUSTER books USING i",
                "REFRESH MATERIALIZED VIEW v",
                "ALTER TABLE books SET UNLOGGED",
                "ALTER TABLE books SET TABLESPACE fast",
                "LOCK TABLE books IN ACCESS EXCLUSIVE MODE",
            ],
        );
    }

    #[test]
    fn gentle_commands_pass() {
        passes(
            &RULE,
            Postgres,
            &[
                "VACUUM books",
                "VACUUM (FULL off) books",
                "LOCK TABLE books IN ACCESS SHARE MODE",
                "REFRESH MATERIALIZED VIEW CONCURRENTLY v",
                "ALTER TABLE books SET (fillfactor = 70)",
            ],
        );
    }
}
