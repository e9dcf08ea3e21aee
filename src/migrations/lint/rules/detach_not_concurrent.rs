//! Partitions that leave under the strongest lock (squawk `require-concurrent-partition-detach`).

use super::prelude::*;

pub(super) static RULE: Rule = Rule {
    kind: Check {
        id: "LUT031",
        name: "detach-not-concurrent",
        level: Level::Warning,
        why: "Nobody can use the partitioned table until the partition has left, and it waits for every running query.",
        instead: "DETACH PARTITION … CONCURRENTLY, as the only statement of a file that starts with `-- no-transaction`",
    },
    dialects: rule::POSTGRES,
    checks_down: false,
    check,
};

fn check(script: &Script) -> Vec<Violation> {
    let actions = script.actions();
    let violations = actions.filter_map(|(at, table, action)| match action {
        Alter::DetachPartition {
            concurrently: false,
        } => Some(Violation::new(
            at,
            format!("a partition leaves {table} while nobody can use it"),
        )),
        _ => None,
    });
    violations.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locked_detaching_is_found() {
        finds(&RULE, Postgres, &["ALTER TABLE a DETACH PARTITION b"]);
    }

    #[test]
    fn gentle_detaching_passes() {
        passes(
            &RULE,
            Postgres,
            &[
                "ALTER TABLE a DETACH PARTITION b CONCURRENTLY",
                "ALTER TABLE a ATTACH PARTITION b FOR VALUES IN (1)",
            ],
        );
    }
}
