//! SQLite rebuilds that copy names instead of values (drizzle #5360, #5822).

use super::prelude::*;

pub(super) static RULE: Rule = Rule {
    kind: Check {
        id: "LUT034",
        name: "rebuild-copies-names",
        level: Level::Warning,
        why: "SQLite takes a double-quoted name that it does not know for a string, so a column that is missing in \
              the old table is copied as its own name into every row.",
        instead: "write the table in front: `SELECT \"books\".\"isbn\" …`, which fails where there is no such column",
    },
    dialects: rule::SQLITE,
    checks_down: true,
    check,
};

fn check(script: &Script) -> Vec<Violation> {
    let statements = script.statements();
    let violations = statements.filter_map(|(at, statement)| {
        let Statement::Insert { table, unqualified } = statement else {
            return None;
        };
        let rebuilds = script.rebuilds();
        let into_rebuilt = rebuilds.iter().any(|rebuild| {
            let made = if rebuild.moved_first {
                &rebuild.table
            } else {
                &rebuild.aside
            };
            made.same(table)
        });
        let name = unqualified.first()?;
        into_rebuilt.then(|| {
            Violation::new(
                at,
                format!("\"{name}\" becomes a string if the old table has no such column"),
            )
        })
    });
    violations.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unqualified_copies_are_found() {
        finds(
            &RULE,
            Sqlite,
            &[
                "CREATE TABLE n (id); DROP TABLE b; ALTER TABLE n RENAME TO b;\nINSERT INTO n (id) SELECT \"id\" FROM b",
            ],
        );
    }

    #[test]
    fn qualified_copies_pass() {
        passes(
            &RULE,
            Sqlite,
            &[
                "CREATE TABLE n (id); INSERT INTO \"n\" (\"id\") SELECT \"b\".\"id\", 1 AS \"x\" FROM \"b\"; DROP TABLE b; \
                 ALTER TABLE n RENAME TO b",
                "CREATE TABLE n (id); INSERT INTO n SELECT id FROM b; DROP TABLE b; ALTER TABLE n RENAME TO b",
                "INSERT INTO n SELECT \"id\" FROM b",
            ],
        );
    }
}
