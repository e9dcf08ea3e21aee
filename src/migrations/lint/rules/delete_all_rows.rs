//! `DELETE` without a `WHERE`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule {
    kind: Check {
        id: "LUT033",
        name: "delete-all-rows",
        level: Level::Warning,
        why: "All rows are gone for good; without a WHERE it may be a slip.",
        instead: "say which rows with WHERE, or allow it with a reason",
    },
    dialects: rule::ALL,
    checks_down: false,
    check,
};

fn check(script: &Script) -> Vec<Violation> {
    let statements = script.statements();
    let violations = statements.filter_map(|(at, statement)| match statement {
        Statement::Delete {
            table,
            filtered: false,
        } if script.existed(table, at.statement) => {
            Some(Violation::new(at, format!("{table} loses all its rows")))
        }
        _ => None,
    });
    violations.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unlimited_deletes_are_found() {
        for dialect in Dialect::ALL {
            finds(&RULE, dialect, &["DELETE FROM books"]);
        }
    }

    #[test]
    fn limited_ones_pass() {
        passes(
            &RULE,
            Sqlite,
            &[
                "DELETE FROM books WHERE id = 1",
                "CREATE TABLE a (b); DELETE FROM a",
            ],
        );
        passes(
            &RULE,
            Postgres,
            &["DELETE FROM books USING authors WHERE true"],
        );
        passes(
            &RULE,
            Mysql,
            &[
                "DELETE b FROM books b JOIN authors a ON a.id = b.a_id",
                "DELETE FROM b ORDER BY id LIMIT 5",
            ],
        );
    }
}
