//! Columns that get another name (Atlas BC102, squawk `renaming-column`).

use super::prelude::*;

pub(super) static RULE: Rule = Rule {
    kind: Check {
        id: "LUT004",
        name: "rename-column",
        level: Level::Warning,
        why: "Program versions that run while this is deployed still ask for the old name, and fail.",
        instead: "add the new column, write both for one release, then drop the old one; or keep the name in the \
                  database and rename the field only (`column_name`)",
    },
    dialects: rule::ALL,
    checks_down: false,
    check,
};

fn check(script: &Script) -> Vec<Violation> {
    let actions = script.actions();
    let violations = actions.filter_map(|(at, table, action)| match action {
        Alter::RenameColumn { from } => Some(Violation::new(
            at,
            format!("{table}: the column `{from}` gets another name"),
        )),
        Alter::Redefine { from, column } if !from.eq_ignore_ascii_case(&column.name) => {
            Some(Violation::new(
                at,
                format!("{table}: the column `{from}` becomes `{}`", column.name),
            ))
        }
        _ => None,
    });
    violations.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn renames_are_found() {
        for dialect in Dialect::ALL {
            finds(
                &RULE,
                dialect,
                &[
                    "ALTER TABLE books RENAME COLUMN name TO title",
                    "ALTER TABLE books RENAME name TO title",
                ],
            );
        }
        finds(
            &RULE,
            Mysql,
            &["ALTER TABLE books CHANGE COLUMN name title varchar(200) NOT NULL"],
        );
    }

    #[test]
    fn other_names_pass() {
        passes(
            &RULE,
            Mysql,
            &[
                "ALTER TABLE books CHANGE name Name text",
                "ALTER TABLE books RENAME INDEX a TO b",
            ],
        );
        passes(
            &RULE,
            Postgres,
            &["CREATE TABLE a (b int); ALTER TABLE a RENAME b TO c"],
        );
    }
}
