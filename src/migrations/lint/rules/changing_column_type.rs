//! Columns that change their type (squawk `changing-column-type`).

use super::prelude::*;

pub(super) static RULE: Rule = Rule {
    kind: Check {
        id: "LUT009",
        name: "changing-column-type",
        level: Level::Warning,
        why: "Most changes of a type rewrite the whole table and its indexes while nobody else can read it; only \
              few, such as longer text, do not. Running program versions may not read the new type.",
        instead: "add a new column of the new type, copy in steps, switch the program over, then drop the old one",
    },
    dialects: rule::POSTGRES,
    checks_down: false,
    check,
};

fn check(script: &Script) -> Vec<Violation> {
    let actions = script.actions();
    let violations = actions.filter_map(|(at, table, action)| match action {
        Alter::SetType { column } if !script.column_is_new(table, column, at.statement) => Some(
            Violation::new(at, format!("`{column}` of {table} changes its type")),
        ),
        _ => None,
    });
    violations.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changed_types_are_found() {
        finds(
            &RULE,
            Postgres,
            &[
                "ALTER TABLE books ALTER COLUMN pages TYPE bigint",
                "ALTER TABLE books ALTER pages SET DATA TYPE text USING pages::text",
            ],
        );
    }

    #[test]
    fn other_changes_pass() {
        passes(
            &RULE,
            Postgres,
            &[
                "ALTER TABLE a ALTER COLUMN b SET DEFAULT 1",
                "CREATE TABLE a (b int); ALTER TABLE a ALTER b TYPE bigint",
            ],
        );
    }
}
