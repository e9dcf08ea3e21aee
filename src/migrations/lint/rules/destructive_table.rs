//! Tables that go away with their rows (Atlas DS102, squawk `ban-drop-table`).

use super::prelude::*;

pub(super) static RULE: Rule = Rule {
    kind: Check {
        id: "LUT001",
        name: "destructive-table",
        level: Level::Warning,
        why: "The rows are gone for good, and program versions that still run stop working.",
        instead: "ship a version that no longer uses the table first, keep a backup, then drop it in a later release",
    },
    dialects: rule::ALL,
    checks_down: false,
    check,
};

fn check(script: &Script) -> Vec<Violation> {
    let mut violations = Vec::new();
    for (at, statement) in script.statements() {
        match statement {
            Statement::DropTable {
                tables, temporary, ..
            } if !temporary => {
                let lost = tables.iter().filter(|table| {
                    let rebuilt = |rebuild: &Rebuild| rebuild.dropped == at.statement;
                    script.existed(table, at.statement) && !script.rebuilds().iter().any(rebuilt)
                });
                violations.extend(lost.map(|table| {
                    Violation::new(at, format!("{table} is dropped with all its rows"))
                }));
            }
            Statement::Truncate { tables, .. } => {
                let lost = tables
                    .iter()
                    .filter(|table| script.existed(table, at.statement));
                violations.extend(
                    lost.map(|table| Violation::new(at, format!("{table} loses all its rows"))),
                );
            }
            Statement::DropOther { what, name, .. } if what == "database" || what == "schema" => {
                violations.push(Violation::new(
                    at,
                    format!("the {what} {name} is dropped with all it holds"),
                ));
            }
            _ => {}
        }
    }
    violations
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dropped_tables_are_found() {
        finds(
            &RULE,
            Postgres,
            &[
                "DROP TABLE books",
                "DROP TABLE IF EXISTS shop.books CASCADE",
                "TRUNCATE ONLY books",
                "DROP SCHEMA shop",
            ],
        );
        finds(
            &RULE,
            Mysql,
            &["DROP TABLE `books`", "TRUNCATE books", "DROP DATABASE shop"],
        );
        finds(&RULE, Sqlite, &["CREATE TABLE a (b);\nDROP TABLE c"]);
    }

    #[test]
    fn tables_of_the_same_file_and_rebuilds_pass() {
        passes(
            &RULE,
            Sqlite,
            &[
                "CREATE TEMP TABLE gate (ok); DROP TABLE gate",
                "CREATE TABLE b__new (id); DROP TABLE b; ALTER TABLE b__new RENAME TO b",
                "ALTER TABLE b RENAME TO b_old; CREATE TABLE b (id); DROP TABLE b_old",
            ],
        );
        passes(
            &RULE,
            Mysql,
            &["DROP TEMPORARY TABLE x", "DROP VIEW v", "DROP INDEX i ON t"],
        );
    }
}
