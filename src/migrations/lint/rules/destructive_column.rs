//! Columns that go away with what they hold (Atlas DS103, squawk `ban-drop-column`).

use super::prelude::*;

pub(super) static RULE: Rule = Rule {
    kind: Kind {
        id: "LUT002",
        name: "destructive-column",
        level: Level::Warning,
        why: "What the column holds is gone for good, and program versions that still select or write it fail.",
        instead: "ship a version that no longer uses the column first, then drop it in a later release",
    },
    dialects: rule::ALL,
    checks_down: false,
    check,
};

fn check(script: &Script) -> Vec<Violation> {
    let actions = script.actions();
    let violations = actions.filter_map(|(at, table, action)| match action {
        Alter::DropColumn { name, .. } if !script.column_is_new(table, name, at.statement) => {
            Some(Violation::new(
                at,
                format!("{table} loses the column `{name}` and what it holds"),
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
    fn dropped_columns_are_found() {
        for dialect in Dialect::ALL {
            finds(
                &RULE,
                dialect,
                &[
                    "ALTER TABLE books DROP COLUMN isbn",
                    "ALTER TABLE books DROP isbn",
                    "ALTER TABLE books\nDROP COLUMN isbn",
                ],
            );
        }
        finds(
            &RULE,
            Postgres,
            &["ALTER TABLE IF EXISTS ONLY books DROP COLUMN IF EXISTS isbn CASCADE"],
        );
    }

    #[test]
    fn what_this_file_made_and_other_drops_pass() {
        passes(
            &RULE,
            Postgres,
            &[
                "CREATE TABLE a (b int); ALTER TABLE a DROP COLUMN b",
                "ALTER TABLE a ADD COLUMN b int; ALTER TABLE a DROP COLUMN b",
                "ALTER TABLE a DROP CONSTRAINT b",
                "ALTER TABLE a ALTER COLUMN b DROP DEFAULT",
            ],
        );
        passes(
            &RULE,
            Mysql,
            &[
                "ALTER TABLE a DROP INDEX b",
                "ALTER TABLE a DROP PRIMARY KEY",
                "ALTER TABLE a DROP FOREIGN KEY b",
            ],
        );
    }
}
