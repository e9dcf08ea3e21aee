//! Foreign keys that are checked at once (squawk `adding-foreign-key-constraint`).

use super::prelude::*;

pub(super) static RULE: Rule = Rule {
    kind: Check {
        id: "LUT014",
        name: "foreign-key-without-not-valid",
        level: Level::Warning,
        why: "Nobody can write to either table until every row is checked.",
        instead: "add the key as NOT VALID, and VALIDATE CONSTRAINT in a second migration, which keeps nobody out",
    },
    dialects: rule::POSTGRES,
    checks_down: false,
    check,
};

fn check(script: &Script) -> Vec<Violation> {
    let actions = script.actions();
    let violations = actions.filter_map(|(at, table, action)| match action {
        Alter::AddConstraint(added)
            if added.kind == ConstraintKind::ForeignKey && !added.not_valid =>
        {
            // A column that has just come is empty, but the lock on both tables is taken all the same.
            Some(Violation::new(
                at,
                format!("every row of {table} is checked while nobody can write to it"),
            ))
        }
        Alter::AddColumn(column) if column.references => Some(Violation::new(
            at,
            format!(
                "`{}` comes with a reference, which keeps writers out of both tables",
                column.name
            ),
        )),
        _ => None,
    });
    violations.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checked_keys_are_found() {
        finds(
            &RULE,
            Postgres,
            &[
                "ALTER TABLE b ADD CONSTRAINT f FOREIGN KEY (a_id) REFERENCES a (id)",
                "ALTER TABLE b ADD FOREIGN KEY (a_id) REFERENCES a (id) ON DELETE CASCADE",
                "ALTER TABLE b ADD COLUMN a_id int REFERENCES a",
            ],
        );
    }

    #[test]
    fn unchecked_keys_and_new_tables_pass() {
        passes(
            &RULE,
            Postgres,
            &[
                "ALTER TABLE b ADD CONSTRAINT f FOREIGN KEY (a_id) REFERENCES a (id) NOT VALID",
                "CREATE TABLE b (a_id int REFERENCES a)",
                "CREATE TABLE b (a_id int); ALTER TABLE b ADD CONSTRAINT f FOREIGN KEY (a_id) REFERENCES a (id)",
            ],
        );
    }
}
