//! References that are no longer kept (Atlas CD101).

use super::prelude::*;

pub(super) static RULE: Rule = Rule {
    kind: Check {
        id: "LUT005",
        name: "drop-foreign-key",
        level: Level::Info,
        why: "From here on rows may refer to what is not there; adding the key again will have to find and fix them.",
        instead: "make sure that nothing relies on the reference, or add the new key in the same migration",
    },
    dialects: rule::ALL,
    checks_down: false,
    check,
};

fn check(script: &Script) -> Vec<Violation> {
    let replaced = |table: &Name| {
        let mut actions = script.actions();
        actions.any(|(_, at, action)| {
            let key = matches!(action, Alter::AddConstraint(added) if added.kind == ConstraintKind::ForeignKey);
            key && at.same(table)
        })
    };
    let actions = script.actions();
    let violations = actions.filter_map(|(at, table, action)| match action {
        Alter::DropConstraint {
            name,
            foreign_key: true,
            ..
        } if !replaced(table) => Some(Violation::new(
            at,
            format!("{table} loses the foreign key `{name}`"),
        )),
        _ => None,
    });
    violations.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dropped_keys_are_found() {
        finds(
            &RULE,
            Postgres,
            &[
                "ALTER TABLE books DROP CONSTRAINT \"fk-books-author_id\"",
                "ALTER TABLE books DROP CONSTRAINT IF EXISTS books_author_id_fkey",
            ],
        );
        finds(&RULE, Mysql, &["ALTER TABLE books DROP FOREIGN KEY a"]);
    }

    #[test]
    fn replaced_keys_and_other_constraints_pass() {
        passes(
            &RULE,
            Postgres,
            &[
                "ALTER TABLE b DROP CONSTRAINT fk_a, ADD CONSTRAINT fk_a FOREIGN KEY (x) REFERENCES a (id) ON DELETE CASCADE",
                "ALTER TABLE b DROP CONSTRAINT b_isbn_key",
            ],
        );
    }
}
