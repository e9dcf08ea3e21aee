//! Enum values that get another name (strong_migrations `rename_enum_value`).

use super::prelude::*;

pub(super) static RULE: Rule = Rule {
    kind: Check {
        id: "LUT024",
        name: "rename-enum-value",
        level: Level::Warning,
        why: "Program versions that run while this is deployed still write the old name, and fail on reading the new one.",
        instead: "add the new value, let the program read both for one release, then move the rows over",
    },
    dialects: rule::POSTGRES,
    checks_down: false,
    check,
};

fn check(script: &Script) -> Vec<Violation> {
    let statements = script.statements();
    let violations = statements.filter_map(|(at, statement)| match statement {
        Statement::RenameEnumValue { kind } => Some(Violation::new(
            at,
            format!("a value of {kind} gets another name"),
        )),
        _ => None,
    });
    violations.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn renamed_values_are_found() {
        finds(
            &RULE,
            Postgres,
            &["ALTER TYPE \"Mood\" RENAME VALUE 'sad' TO 'blue'"],
        );
    }

    #[test]
    fn other_changes_pass() {
        passes(
            &RULE,
            Postgres,
            &[
                "ALTER TYPE mood ADD VALUE 'calm'",
                "ALTER TYPE mood RENAME TO feeling",
            ],
        );
    }
}
