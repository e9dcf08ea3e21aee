//! Enum values that are used before they are committed.

use super::prelude::*;
use crate::sql::tokens::TokenKind;

pub(super) static RULE: Rule = Rule {
    kind: Check {
        id: "LUT018",
        name: "enum-value-used-at-once",
        level: Level::Error,
        why: "PostgreSQL knows a new enum value only after the transaction that added it: `unsafe use of new value`.",
        instead: "add the value in one migration, and use it in the next",
    },
    dialects: rule::POSTGRES,
    checks_down: true,
    check,
};

fn check(script: &Script) -> Vec<Violation> {
    let mut added: Vec<(&Name, &String)> = Vec::new();
    let mut made: Vec<&Name> = Vec::new();
    let mut violations = Vec::new();
    for (number, statement) in script.statements.iter().enumerate() {
        let used = added.iter().find(|(_, value)| {
            let is_it = |what: &TokenKind| matches!(what, TokenKind::Text(text) if text == *value);
            statement.tokens.iter().any(|token| is_it(&token.kind))
        });
        match &statement.statement {
            Statement::CreateType(name) => made.push(name),
            // In a type of the same transaction new values may be used.
            Statement::AddEnumValue { kind, value } if !made.iter().any(|made| made.same(kind)) => {
                added.push((kind, value));
            }
            _ => {
                if let Some((kind, value)) = used {
                    let at = At {
                        statement: number,
                        line: statement.line,
                    };
                    violations.push(Violation::new(
                        at,
                        format!("'{value}' of {kind} is used in the transaction that adds it"),
                    ));
                }
            }
        }
    }
    violations
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
