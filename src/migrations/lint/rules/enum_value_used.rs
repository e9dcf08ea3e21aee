//! Enum values that are used before they are committed.

use super::prelude::*;
use crate::migrations::lint::pieces::What;

pub(super) static RULE: Rule = Rule {
    kind: Kind {
        id: "LUT018",
        name: "enum-value-used-at-once",
        level: Level::Error,
        why: "PostgreSQL knows a new enum value only after the transaction that added it: `unsafe use of new value`.",
        instead: "add the value in one migration, and use it in the next",
    },
    dialects: rule::POSTGRES,
    both_ways: true,
    check,
};

fn check(script: &Script) -> Vec<Hit> {
    let mut added: Vec<(&Name, &String)> = Vec::new();
    let mut made: Vec<&Name> = Vec::new();
    let mut hits = Vec::new();
    for (number, statement) in script.statements.iter().enumerate() {
        let used = added.iter().find(|(_, value)| {
            let is_it = |what: &What| matches!(what, What::Text(text) if text == *value);
            statement.pieces.iter().any(|piece| is_it(&piece.what))
        });
        match &statement.doing {
            Doing::CreateType(name) => made.push(name),
            // In a type of the same transaction new values may be used.
            Doing::AddEnumValue { kind, value } if !made.iter().any(|made| made.same(kind)) => {
                added.push((kind, value));
            }
            _ => {
                if let Some((kind, value)) = used {
                    let at = At {
                        statement: number,
                        line: statement.line,
                    };
                    hits.push(Hit::new(
                        at,
                        format!("'{value}' of {kind} is used in the transaction that adds it"),
                    ));
                }
            }
        }
    }
    hits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn use_at_once_is_found() {
        finds(
            &RULE,
            Postgres,
            &[
                "ALTER TYPE mood ADD VALUE 'calm';\nUPDATE people SET mood = 'calm'",
                "ALTER TYPE mood ADD VALUE IF NOT EXISTS 'calm' BEFORE 'sad';\nALTER TABLE p ALTER m SET DEFAULT 'calm'",
            ],
        );
    }

    #[test]
    fn use_later_passes() {
        passes(
            &RULE,
            Postgres,
            &[
                "ALTER TYPE mood ADD VALUE 'calm'; ALTER TYPE mood ADD VALUE 'wild' AFTER 'calm'",
                "ALTER TYPE mood ADD VALUE 'calm'; UPDATE people SET mood = 'sad'",
                "CREATE TYPE mood AS ENUM ('sad'); ALTER TYPE mood ADD VALUE 'calm'; INSERT INTO m VALUES ('calm')",
            ],
        );
    }
}
