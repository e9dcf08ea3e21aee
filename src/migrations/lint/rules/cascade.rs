//! Drops that take more along than they name (squawk `ban-truncate-cascade`).

use super::prelude::*;

pub(super) static RULE: Rule = Rule {
    kind: Kind {
        id: "LUT029",
        name: "cascade",
        level: Level::Warning,
        why: "CASCADE drops, or empties, everything that depends on it as well: foreign keys, views, other tables, \
              whatever a colleague has added since.",
        instead: "name what shall go, one statement each, and leave CASCADE away",
    },
    dialects: rule::POSTGRES,
    both_ways: true,
    check,
};

fn check(script: &Script) -> Vec<Hit> {
    let mut hits = Vec::new();
    for (at, doing) in script.doings() {
        match doing {
            Doing::DropTable { cascade: true, .. }
            | Doing::DropOther { cascade: true, .. }
            | Doing::Truncate { cascade: true, .. } => {
                hits.push(Hit::new(at, "CASCADE takes along whatever depends on it"));
            }
            Doing::AlterTable { table, actions } => {
                for action in actions {
                    if let Alter::DropColumn {
                        cascade: true,
                        name,
                    }
                    | Alter::DropConstraint {
                        cascade: true,
                        name,
                        ..
                    } = &action.what
                    {
                        let line = action.line;
                        let message =
                            format!("CASCADE takes along whatever depends on `{name}` of {table}");
                        hits.push(Hit::new(At { line, ..at }, message));
                    }
                }
            }
            _ => {}
        }
    }
    hits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cascades_are_found() {
        finds(
            &RULE,
            Postgres,
            &[
                "TRUNCATE books CASCADE",
                "DROP TABLE IF EXISTS a, b CASCADE",
                "DROP TYPE mood CASCADE",
                "ALTER TABLE a DROP COLUMN b CASCADE",
            ],
        );
    }

    #[test]
    fn references_that_cascade_pass() {
        passes(
            &RULE,
            Postgres,
            &[
                "ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES c (d) ON DELETE CASCADE",
                "DROP TABLE a RESTRICT",
            ],
        );
    }
}
