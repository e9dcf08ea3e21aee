//! Uniqueness that the rows may not keep (Atlas MF101, MF102).

use super::prelude::*;

pub(super) static RULE: Rule = Rule {
    kind: Check {
        id: "LUT006",
        name: "unique-on-data",
        level: Level::Warning,
        why: "It fails where rows are equal already. `luthier migrate` looks before it starts; other migrators stop \
              in the middle.",
        instead: "find and fix duplicates in a migration of their own first (`luthier makemigrations --empty`)",
    },
    dialects: rule::ALL,
    checks_down: false,
    check,
};

fn check(script: &Script) -> Vec<Violation> {
    let mut violations = Vec::new();
    let mut look = |at: At, table: &Name, columns: &[String]| {
        // NULLs are never equal, and a column that has just come holds nothing else.
        let fresh = |column: &String| script.column_is_new(table, column, at.statement);
        let rebuilt = script
            .rebuilds()
            .iter()
            .any(|rebuild| rebuild.table.same(table));
        if script.existed(table, at.statement) && !rebuilt && !columns.iter().any(fresh) {
            let what = match columns {
                [] => String::new(),
                columns => format!(" in `{}`", columns.join("`, `")),
            };
            violations.push(Violation::new(
                at,
                format!("rows of {table} must differ{what} from now on"),
            ));
        }
    };
    for (at, statement) in script.statements() {
        if let Statement::CreateIndex(index) = statement
            && index.unique
        {
            look(at, &index.table, &index.columns);
        }
    }
    for (at, table, action) in script.actions() {
        match action {
            Alter::AddConstraint(added)
                if added.kind == ConstraintKind::Unique && !added.using_index =>
            {
                look(at, table, &added.columns);
            }
            _ => {}
        }
    }
    for (at, table, action) in script.actions() {
        if let Alter::AddColumn(column) = action
            && column.unique
            && column
                .default
                .as_ref()
                .is_some_and(|default| !default.iter().any(|token| token.is("NULL")))
        {
            violations.push(Violation::new(
                at,
                format!(
                    "every row of {table} gets the same `{}`, which must differ",
                    column.name
                ),
            ));
        }
    }
    violations
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_uniqueness_is_found() {
        for dialect in Dialect::ALL {
            finds(&RULE, dialect, &["CREATE UNIQUE INDEX i ON books (isbn)"]);
        }
        finds(
            &RULE,
            Postgres,
            &[
                "ALTER TABLE books ADD CONSTRAINT u UNIQUE (isbn)",
                "ALTER TABLE books ADD COLUMN isbn text UNIQUE DEFAULT ''",
            ],
        );
        finds(
            &RULE,
            Mysql,
            &["ALTER TABLE books ADD UNIQUE INDEX u (isbn)"],
        );
    }

    #[test]
    fn what_cannot_clash_passes() {
        passes(
            &RULE,
            Postgres,
            &[
                "CREATE TABLE books (isbn text); CREATE UNIQUE INDEX i ON books (isbn)",
                "ALTER TABLE books ADD COLUMN isbn text UNIQUE",
                "ALTER TABLE books ADD COLUMN isbn text; CREATE UNIQUE INDEX i ON books (isbn)",
                "ALTER TABLE books ADD CONSTRAINT u UNIQUE USING INDEX i",
                "CREATE INDEX i ON books (isbn)",
            ],
        );
        passes(
            &RULE,
            Sqlite,
            &[
                "CREATE TABLE b__new (id); DROP TABLE b; ALTER TABLE b__new RENAME TO b; CREATE UNIQUE INDEX i ON b (id)",
            ],
        );
    }
}
