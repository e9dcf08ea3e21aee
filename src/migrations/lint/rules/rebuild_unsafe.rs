//! SQLite tables that are rebuilt with foreign keys watching.

use super::prelude::*;

pub(super) static RULE: Rule = Rule {
    kind: Check {
        id: "LUT020",
        name: "rebuild-unsafe",
        level: Level::Error,
        why: "With foreign keys on, dropping the old table deletes or empties the rows that refer to it. The pragma \
              that turns them off means nothing inside a transaction, and nobody notices unless \
              `foreign_key_check` is asked.",
        instead: "start the file with `-- no-transaction`, then `PRAGMA foreign_keys = OFF; BEGIN IMMEDIATE;` … copy, drop, \
                  rename, ask `pragma_foreign_key_check` … `COMMIT; PRAGMA foreign_keys = ON;`",
    },
    dialects: rule::SQLITE,
    checks_down: true,
    check,
};

fn check(script: &Script) -> Vec<Violation> {
    let mut violations = Vec::new();
    for rebuild in script.rebuilds() {
        let at = At {
            statement: rebuild.dropped,
            line: script.statements[rebuild.dropped].line,
        };
        if let Some(why) = why(script, rebuild) {
            violations.push(Violation::new(
                at,
                format!("{} is rebuilt, but {why}", rebuild.table),
            ));
        }
    }
    violations
}

fn why(script: &Script, rebuild: &Rebuild) -> Option<&'static str> {
    if rebuild.moved_first {
        return Some(
            "the old table is renamed first, and takes the references of other tables along",
        );
    }
    let mut keys_on = true;
    let mut in_transaction = !script.no_transaction;
    let mut keys_on_at_drop = true;
    let mut transaction_at_drop = in_transaction;
    let mut pragma_in_vain = false;
    for (at, statement) in script.statements() {
        match statement {
            Statement::Begin => in_transaction = true,
            Statement::Commit | Statement::Rollback => in_transaction = false,
            Statement::Pragma { name, value } if name == "foreign_keys" => {
                let off = matches!(value.as_str(), "off" | "0" | "false" | "no");
                if in_transaction {
                    pragma_in_vain |= off;
                } else {
                    keys_on = !off;
                }
            }
            _ => {}
        }
        if at.statement == rebuild.dropped {
            (keys_on_at_drop, transaction_at_drop) = (keys_on, in_transaction);
        }
    }
    let asks = script.statements.iter().any(|statement| {
        let tokens = &statement.tokens;
        tokens
            .iter()
            .any(|token| token.text().to_lowercase().contains("foreign_key_check"))
    });
    if keys_on_at_drop && pragma_in_vain {
        Some(
            "`PRAGMA foreign_keys = OFF` means nothing inside a transaction: rows that refer to it will go",
        )
    } else if keys_on_at_drop {
        Some("foreign keys are on: rows that refer to it will go")
    } else if !transaction_at_drop {
        Some("not in a transaction: a failure half-way loses the table")
    } else if !keys_on {
        Some("foreign keys stay off for whoever uses the connection next")
    } else if !asks {
        Some("nothing asks `foreign_key_check` afterwards")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STEPS: &str = "CREATE TABLE b_new (id int); INSERT INTO b_new (id) SELECT b.id FROM b; DROP TABLE b; \
                         ALTER TABLE b_new RENAME TO b;";

    #[test]
    fn unsafe_rebuilds_are_found() {
        let off = "PRAGMA foreign_keys = OFF;";
        let on = "PRAGMA foreign_keys = ON";
        let ask = "PRAGMA foreign_key_check;";
        for sql in [
            STEPS.to_owned(),
            format!("{off} {STEPS} {ask} {on}"),
            format!("PRAGMA defer_foreign_keys = ON; {STEPS} {ask}"),
            format!("-- no-transaction\nBEGIN; {off} {STEPS} {ask} COMMIT; {on}"),
            format!("-- no-transaction\n{off} {STEPS} {ask} {on}"),
            format!("-- no-transaction\n{off} BEGIN; {STEPS} COMMIT; {on}"),
            format!("-- no-transaction\n{off} BEGIN; {STEPS} {ask} COMMIT;"),
            "ALTER TABLE b RENAME TO o; CREATE TABLE b (id); INSERT INTO b SELECT o.id FROM o; DROP TABLE o".into(),
        ] {
            finds(&RULE, Sqlite, &[sql.as_str()]);
        }
    }

    #[test]
    fn the_right_way_passes() {
        let sql = format!(
            "-- no-transaction\nPRAGMA foreign_keys = OFF; BEGIN IMMEDIATE; {STEPS} \
             INSERT INTO gate SELECT 0 FROM pragma_foreign_key_check; COMMIT; PRAGMA foreign_keys = ON;"
        );
        passes(
            &RULE,
            Sqlite,
            &[
                &sql,
                "DROP TABLE b",
                "CREATE TABLE b (id); ALTER TABLE b RENAME TO c",
            ],
        );
    }
}
