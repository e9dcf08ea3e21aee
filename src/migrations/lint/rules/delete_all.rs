//! `DELETE` without a `WHERE`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule {
    kind: Kind {
        id: "LUT033",
        name: "delete-all-rows",
        level: Level::Warning,
        why: "All rows are gone for good; without a WHERE it may be a slip.",
        instead: "say which rows with WHERE, or allow it with a reason",
    },
    dialects: rule::ALL,
    both_ways: false,
    check,
};

fn check(script: &Script) -> Vec<Hit> {
    let doings = script.doings();
    let hits = doings.filter_map(|(at, doing)| match doing {
        Doing::Delete {
            table,
            filtered: false,
        } if script.existed(table, at.statement) => {
            Some(Hit::new(at, format!("{table} loses all its rows")))
        }
        _ => None,
    });
    hits.collect()
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
