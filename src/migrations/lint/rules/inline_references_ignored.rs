//! `REFERENCES` behind a column, which MySQL reads and forgets (Atlas MY102).

use super::prelude::*;

pub(super) static RULE: Rule = Rule {
    kind: Check {
        id: "LUT011",
        name: "inline-references-ignored",
        level: Level::Warning,
        why: "MySQL before 9.0 reads REFERENCES behind a column and makes no foreign key (MariaDB does since 10.5).",
        instead: "write `FOREIGN KEY (column) REFERENCES …` as a constraint of the table",
    },
    dialects: rule::MYSQL,
    checks_down: true,
    check,
};

fn check(script: &Script) -> Vec<Violation> {
    let mut violations = Vec::new();
    let mut look = |at: At, table: &Name, column: &Column| {
        if column.references {
            violations.push(Violation::new(
                at,
                format!(
                    "REFERENCES behind `{}` of {table} may make no foreign key",
                    column.name
                ),
            ));
        }
    };
    for (at, statement) in script.statements() {
        match statement {
            Statement::CreateTable { table, columns, .. } => {
                columns.iter().for_each(|column| look(at, table, column));
            }
            Statement::AlterTable { table, actions } => {
                for action in actions {
                    if let Alter::AddColumn(column) = &action.what {
                        let line = action.line;
                        look(At { line, ..at }, table, column);
                    }
                }
            }
            _ => {}
        }
    }
    violations
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_behind_columns_are_found() {
        finds(
            &RULE,
            Mysql,
            &[
                "CREATE TABLE b (id int, a_id int NOT NULL REFERENCES a (id) ON DELETE CASCADE)",
                "ALTER TABLE b ADD COLUMN a_id int REFERENCES a (id)",
            ],
        );
    }

    #[test]
    fn constraints_pass() {
        passes(
            &RULE,
            Mysql,
            &[
                "CREATE TABLE b (a_id int, CONSTRAINT f FOREIGN KEY (a_id) REFERENCES a (id))",
                "CREATE TABLE b (c text COMMENT 'REFERENCES a')",
            ],
        );
    }
}
