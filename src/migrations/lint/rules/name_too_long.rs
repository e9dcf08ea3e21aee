//! Names beyond a database's limit (squawk `identifier-too-long`).

use super::prelude::*;
use crate::sql::tokens::TokenKind;

pub(super) static RULE: Rule = Rule {
    kind: Check {
        id: "LUT025",
        name: "name-too-long",
        level: Level::Warning,
        why: "PostgreSQL cuts names off after 63 bytes without an error, so that two may become one and later \
              statements miss them; MySQL refuses more than 64 characters.",
        instead: "choose a shorter name",
    },
    dialects: &[Dialect::Postgres, Dialect::Mysql],
    checks_down: true,
    check,
};

fn check(script: &Script) -> Vec<Violation> {
    let mut violations = Vec::new();
    for (number, statement) in script.statements.iter().enumerate() {
        let long = statement.tokens.iter().find_map(|token| match &token.kind {
            TokenKind::Word(name) | TokenKind::Quoted(name) => {
                let is_long = match script.dialect {
                    Dialect::Postgres => name.len() > 63,
                    _ => name.chars().count() > 64,
                };
                is_long.then_some((token.line, name))
            }
            _ => None,
        });
        if let Some((line, name)) = long {
            let at = At {
                statement: number,
                line,
            };
            violations.push(Violation::new(
                at,
                format!("`{name}` is too long for a name"),
            ));
        }
    }
    violations
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_are_found() {
        let (bare, wide) = ("n".repeat(64), "ü".repeat(32));
        let sql = [
            format!("ALTER TABLE a ADD COLUMN\n{bare} int"),
            format!("CREATE INDEX \"{wide}\" ON a (b)"),
        ];
        finds(&RULE, Postgres, &[&sql[0], &sql[1]]);
        let sql = format!("CREATE TABLE `{}` (id int)", "n".repeat(65));
        finds(&RULE, Mysql, &[&sql]);
    }

    #[test]
    fn names_that_fit_and_strings_pass() {
        let sql = format!(
            "COMMENT ON TABLE {} IS '{}'",
            "n".repeat(63),
            "x".repeat(99)
        );
        passes(&RULE, Postgres, &[&sql]);
        passes(&RULE, Mysql, &[&format!("DROP TABLE {}", "ü".repeat(64))]);
    }
}
