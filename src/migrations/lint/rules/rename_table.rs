//! Tables that get another name (Atlas BC101, squawk `renaming-table`).

use super::prelude::*;

pub(super) static RULE: Rule = Rule {
    kind: Check {
        id: "LUT003",
        name: "rename-table",
        level: Level::Warning,
        why: "Program versions that run while this is deployed still ask for the old name, and fail.",
        instead: "keep the old name as a view for one release, or stop the program while migrating",
    },
    dialects: rule::ALL,
    checks_down: false,
    check,
};

fn check(script: &Script) -> Vec<Violation> {
    let mut violations = Vec::new();
    for (number, from, to) in script.renames() {
        let rebuilds = script.rebuilds();
        let part_of_rebuild = rebuilds.iter().any(|rebuild| {
            let names = [&rebuild.table, &rebuild.aside];
            names.iter().any(|name| name.same(from)) && names.iter().any(|name| name.same(to))
        });
        if script.existed(from, number) && !part_of_rebuild {
            let line = script.statements[number].line;
            let at = At {
                statement: number,
                line,
            };
            violations.push(Violation::new(at, format!("{from} becomes {to}")));
        }
    }
    violations
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn renames_are_found() {
        for dialect in Dialect::ALL {
            finds(&RULE, dialect, &["ALTER TABLE books RENAME TO titles"]);
        }
        finds(&RULE, Postgres, &["ALTER TABLE books SET SCHEMA shop"]);
        finds(
            &RULE,
            Mysql,
            &[
                "RENAME TABLE books TO titles",
                "ALTER TABLE books RENAME titles",
            ],
        );
    }

    #[test]
    fn rebuilds_and_new_tables_pass() {
        passes(
            &RULE,
            Sqlite,
            &[
                "CREATE TABLE b__new (id); DROP TABLE b; ALTER TABLE b__new RENAME TO b",
                "ALTER TABLE b RENAME TO b_old; CREATE TABLE b (id); DROP TABLE b_old",
                "CREATE TABLE a (id); ALTER TABLE a RENAME TO b",
                "ALTER TABLE a RENAME COLUMN b TO c",
            ],
        );
        passes(
            &RULE,
            Postgres,
            &[
                "ALTER TABLE a RENAME CONSTRAINT b TO c",
                "ALTER INDEX a RENAME TO b",
            ],
        );
    }
}
