//! Indexes that are built anew while nobody can write (squawk `require-concurrent-reindex`).

use super::prelude::*;

pub(super) static RULE: Rule = Rule {
    kind: Kind {
        id: "LUT023",
        name: "reindex-not-concurrent",
        level: Level::Warning,
        why: "Nobody can write to the table, or read through the index, until it is built.",
        instead: "REINDEX … CONCURRENTLY, as the only statement of a file that starts with `-- no-transaction`",
    },
    dialects: rule::POSTGRES,
    both_ways: false,
    check,
};

fn check(script: &Script) -> Vec<Hit> {
    let doings = script.doings();
    let hits = doings.filter_map(|(at, doing)| match doing {
        Doing::Reindex {
            concurrently: false,
        } => Some(Hit::new(at, "REINDEX keeps writers out")),
        _ => None,
    });
    hits.collect()
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
