//! Columns that may become empty (squawk `ban-drop-not-null`).

use super::prelude::*;

pub(super) static RULE: Rule = Rule {
    kind: Check {
        id: "LUT026",
        name: "drop-not-null",
        level: Level::Info,
        why: "Program versions that run while this is deployed do not expect NULL, and fail on reading it.",
        instead: "write no NULL before every running version can read it",
    },
    dialects: rule::POSTGRES,
    checks_down: false,
    check,
};

fn check(script: &Script) -> Vec<Violation> {
    let actions = script.actions();
    let violations = actions.filter_map(|(at, table, action)| match action {
        Alter::DropNotNull { column } => Some(Violation::new(
            at,
            format!("`{column}` of {table} may be NULL from now on"),
        )),
        _ => None,
    });
    violations.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_that_may_be_empty_are_found() {
        finds(
            &RULE,
            Postgres,
            &["ALTER TABLE books ALTER COLUMN isbn DROP NOT NULL"],
        );
    }

    #[test]
    fn other_changes_pass() {
        passes(
            &RULE,
            Postgres,
            &[
                "ALTER TABLE books ALTER COLUMN isbn DROP DEFAULT",
                "ALTER TABLE books ALTER isbn SET NOT NULL",
            ],
        );
    }
}
