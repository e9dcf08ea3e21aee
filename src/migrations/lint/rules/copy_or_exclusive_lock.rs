//! Changes for which MySQL copies the table or keeps everybody out (strong_migrations).

use super::prelude::*;

pub(super) static RULE: Rule = Rule {
    kind: Check {
        id: "LUT019",
        name: "copy-or-exclusive-lock",
        level: Level::Warning,
        why: "MySQL copies the whole table, and nobody can write to it, or even read it, until that is done.",
        instead: "add `, ALGORITHM=INPLACE, LOCK=NONE`: where the server would have to copy it refuses instead, and a \
                  tool such as gh-ost or pt-online-schema-change can do it",
    },
    dialects: rule::MYSQL,
    checks_down: false,
    check,
};

fn check(script: &Script) -> Vec<Violation> {
    let mut violations = Vec::new();
    for (at, statement) in script.statements() {
        let Statement::AlterTable { table, actions } = statement else {
            continue;
        };
        if !script.existed(table, at.statement) {
            continue;
        }
        let promises = |what: &Alter| match what {
            Alter::Algorithm(algorithm) => {
                matches!(algorithm.as_str(), "INSTANT" | "INPLACE" | "NOCOPY")
            }
            Alter::Lock(lock) => lock == "NONE",
            _ => false,
        };
        let promised = actions.iter().any(|action| promises(&action.what));
        // One line a statement: it is done in one go.
        let found = actions.iter().find_map(|action| {
            if let Alter::Redefine { from, .. } = &action.what
                && script.column_is_new(table, from, at.statement)
            {
                return None;
            }
            let why = why(&action.what, promised)?;
            let line = action.line;
            Some(Violation::new(At { line, ..at }, format!("{table}: {why}")))
        });
        violations.extend(found);
    }
    violations
}

fn why(what: &Alter, promised: bool) -> Option<String> {
    Some(match what {
        Alter::Algorithm(algorithm) if algorithm == "COPY" => "ALGORITHM=COPY copies it".into(),
        Alter::Lock(lock) if lock == "EXCLUSIVE" || lock == "SHARED" => {
            format!("LOCK={lock} keeps others out")
        }
        _ if promised => return None,
        Alter::Redefine { from, .. } => format!("redefining `{from}` may copy it"),
        Alter::Rebuild(words) => format!("{words} copies it"),
        Alter::DropPrimaryKey => "another primary key copies it".into(),
        Alter::AddConstraint(added) => match added.kind {
            ConstraintKind::PrimaryKey => "another primary key copies it".into(),
            ConstraintKind::ForeignKey => "adding a checked foreign key copies it".into(),
            _ => return None,
        },
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_are_found() {
        finds(
            &RULE,
            Mysql,
            &[
                "ALTER TABLE b MODIFY COLUMN c bigint NOT NULL",
                "ALTER TABLE b ADD COLUMN c int, ALGORITHM = COPY",
                "ALTER TABLE b ADD INDEX i (c), LOCK=EXCLUSIVE",
                "ALTER TABLE b CONVERT TO CHARACTER SET utf8mb4",
                "ALTER TABLE b DROP PRIMARY KEY, ADD PRIMARY KEY (a, b)",
                "ALTER TABLE b ADD CONSTRAINT f FOREIGN KEY (a_id) REFERENCES a (id)",
            ],
        );
    }

    #[test]
    fn what_happens_in_place_passes() {
        passes(
            &RULE,
            Mysql,
            &[
                "ALTER TABLE b ADD COLUMN c int",
                "ALTER TABLE b MODIFY c varchar(50), ALGORITHM=INPLACE, LOCK=NONE",
                "ALTER TABLE b ADD INDEX i (c), DROP COLUMN d",
                "CREATE TABLE b (c int); ALTER TABLE b MODIFY c bigint",
                "ALTER TABLE b ADD COLUMN c int; UPDATE b SET c = 1; ALTER TABLE b MODIFY c int NOT NULL",
            ],
        );
    }
}
