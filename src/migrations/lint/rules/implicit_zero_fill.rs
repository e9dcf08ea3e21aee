//! Required columns that MySQL fills by itself (Atlas MY101).

use super::add_not_null_no_default::is_required;
use super::prelude::*;

pub(super) static RULE: Rule = Rule {
    kind: Check {
        id: "LUT010",
        name: "implicit-zero-fill",
        level: Level::Warning,
        why: "MySQL does not refuse: it writes 0, '' or the first value of an enum into every row that exists.",
        instead: "give a DEFAULT, or add the column as nullable, fill it, then make it NOT NULL",
    },
    dialects: rule::MYSQL,
    checks_down: true,
    check,
};

fn check(script: &Script) -> Vec<Violation> {
    let actions = script.actions();
    let violations = actions.filter_map(|(at, table, action)| match action {
        Alter::AddColumn(column) if is_required(column) => Some(Violation::new(
            at,
            format!("every row of {table} gets an empty `{}`", column.name),
        )),
        _ => None,
    });
    violations.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filled_columns_are_found() {
        finds(
            &RULE,
            Mysql,
            &["ALTER TABLE `books` ADD COLUMN `pages` int NOT NULL COMMENT 'DEFAULT' AFTER `id`"],
        );
    }

    #[test]
    fn columns_that_bring_a_value_pass() {
        passes(
            &RULE,
            Mysql,
            &[
                "ALTER TABLE books ADD COLUMN pages int",
                "ALTER TABLE books ADD COLUMN pages int NOT NULL DEFAULT 1",
                "ALTER TABLE books ADD COLUMN id int NOT NULL AUTO_INCREMENT PRIMARY KEY",
                "ALTER TABLE books ADD COLUMN d int AS (a + 1) STORED NOT NULL",
            ],
        );
    }
}
