//! Constraints that build an index under the strongest lock (squawk `disallowed-unique-constraint`,
//! `adding-serial-primary-key-field`).

use super::prelude::*;

pub(super) static RULE: Rule = Rule {
    kind: Check {
        id: "LUT021",
        name: "constraint-builds-index",
        level: Level::Warning,
        why: "The constraint builds its index while nobody else can even read the table.",
        instead: "CREATE UNIQUE INDEX CONCURRENTLY in a migration of its own, then \
                  `ADD CONSTRAINT … UNIQUE USING INDEX …`, which is immediate",
    },
    dialects: rule::POSTGRES,
    checks_down: false,
    check,
};

fn check(script: &Script) -> Vec<Violation> {
    let actions = script.actions();
    let violations = actions.filter_map(|(at, table, action)| {
        let what = match action {
            Alter::AddConstraint(added) if added.builds_index() => match &added.name {
                Some(name) => format!("`{name}`"),
                None => "a constraint".into(),
            },
            Alter::AddColumn(column) if column.unique || column.primary => {
                format!("the key of `{}`", column.name)
            }
            _ => return None,
        };
        Some(Violation::new(
            at,
            format!("{what} is built while nobody can use {table}"),
        ))
    });
    violations.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn built_indexes_are_found() {
        finds(
            &RULE,
            Postgres,
            &[
                "ALTER TABLE b ADD CONSTRAINT u UNIQUE (isbn)",
                "ALTER TABLE b ADD PRIMARY KEY (id)",
                "ALTER TABLE b ADD CONSTRAINT e EXCLUDE USING gist (during WITH &&)",
                "ALTER TABLE b ADD COLUMN isbn text UNIQUE",
                "ALTER TABLE b ADD COLUMN id bigserial PRIMARY KEY",
            ],
        );
    }

    #[test]
    fn built_before_passes() {
        passes(
            &RULE,
            Postgres,
            &[
                "ALTER TABLE b ADD CONSTRAINT u UNIQUE USING INDEX i",
                "ALTER TABLE b ADD CONSTRAINT p PRIMARY KEY USING INDEX i",
                "CREATE TABLE b (id int); ALTER TABLE b ADD PRIMARY KEY (id)",
                "ALTER TABLE b ADD CHECK (a > 0)",
            ],
        );
    }
}
