//! Columns that go away with what they hold (Atlas DS103, squawk `ban-drop-column`).

use super::prelude::*;

pub(super) static RULE: Rule = Rule {
    kind: Check {
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
    let mut violations: Vec<Violation> = violations.collect();
    for rebuild in script.rebuilds() {
        let at = At {
            statement: rebuild.dropped,
            line: script.statements[rebuild.dropped].line,
        };
        for name in script.lost_columns(rebuild) {
            let message = format!(
                "{} is rebuilt without the column `{name}` and what it holds",
                rebuild.table
            );
            violations.push(Violation::new(at, message));
        }
    }
    violations
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
    fn columns_that_a_rebuild_leaves_out_are_found() {
        let sql = |known: &str| {
            format!(
                "CREATE TEMP TABLE luthier_table_gate (ok integer); INSERT INTO luthier_table_gate SELECT 0 FROM \
                 pragma_table_xinfo('b') WHERE name NOT IN ({known}); DROP TABLE luthier_table_gate; CREATE TABLE b__new \
                 (id int); INSERT INTO b__new (id) SELECT b.id FROM b; DROP TABLE b; ALTER TABLE b__new RENAME TO b"
            )
        };
        finds(&RULE, Sqlite, &[sql("'id', 'a'").as_str()]);
        passes(&RULE, Sqlite, &[sql("'id'").as_str()]);
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
