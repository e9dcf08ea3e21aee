//! What migrations written by hand make and drop, by the names in their statements.

use std::collections::BTreeSet;

use crate::migrations::{Applied, History};
use crate::sql::Dialect;
use crate::sql::tokens::{Token, TokenKind, tokenize};

/// Names of tables, columns, indexes, constraints, triggers, views and functions, in lower case.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct ByHand {
    made: BTreeSet<String>,
    dropped: BTreeSet<String>,
}

impl ByHand {
    /// Reads the applied migrations of which no operation tells what they do.
    pub(super) fn read(history: &History, applied: &[Applied], dialect: Dialect) -> Self {
        let mut all = Self::default();
        for migration in history.migrations.values() {
            let by_hand = match &migration.meta {
                Some(meta) => meta.operations.is_empty() && meta.replaces.is_empty(),
                None => true,
            };
            let is_applied = applied
                .iter()
                .any(|row| row.version == migration.version && row.success);
            let up = migration
                .sql
                .get(&dialect)
                .and_then(|sql| sql.up.as_deref());
            if let (true, true, Some(text)) = (by_hand, is_applied, up) {
                all.add(dialect, text);
            }
        }
        all
    }

    pub(super) fn makes(&self, name: &str) -> bool {
        self.made.contains(&key(name))
    }

    pub(super) fn drops(&self, name: &str) -> bool {
        self.dropped.contains(&key(name))
    }

    fn add(&mut self, dialect: Dialect, text: &str) {
        for statement in tokenize(dialect, text).statements {
            self.statement(&statement.tokens);
        }
    }

    fn statement(&mut self, tokens: &[Token]) {
        let Some(first) = tokens.first() else {
            return;
        };
        if first.is("CREATE") || first.is("DROP") {
            let what = tokens
                .iter()
                .position(|token| KINDS.iter().any(|kind| token.is(kind)));
            if let Some(name) = what.and_then(|at| name_after(&tokens[at + 1..])) {
                self.note(name, first.is("CREATE"));
            }
        }
        if first.is("ALTER") {
            for (at, token) in tokens.iter().enumerate() {
                if (token.is("ADD") || token.is("DROP"))
                    && let Some(name) = name_after(&tokens[at + 1..])
                {
                    self.note(name, token.is("ADD"));
                }
                if token.is("RENAME")
                    && let Some(to) = tokens[at..].iter().position(|token| token.is("TO"))
                {
                    let names = (
                        name_after(&tokens[at + 1..]),
                        name_after(&tokens[at + to + 1..]),
                    );
                    if let (Some(old), Some(new)) = names {
                        self.note(old, false);
                        self.note(new, true);
                    }
                }
            }
        }
    }

    fn note(&mut self, name: String, made: bool) {
        let (into, out) = match made {
            true => (&mut self.made, &mut self.dropped),
            false => (&mut self.dropped, &mut self.made),
        };
        out.remove(&name);
        into.insert(name);
    }
}

const KINDS: [&str; 13] = [
    "TABLE",
    "INDEX",
    "VIEW",
    "TRIGGER",
    "FUNCTION",
    "PROCEDURE",
    "SEQUENCE",
    "TYPE",
    "DOMAIN",
    "EXTENSION",
    "EVENT",
    "RULE",
    "POLICY",
];

/// The name that follows words such as `CONCURRENTLY IF NOT EXISTS`, without its schema.
fn name_after(tokens: &[Token]) -> Option<String> {
    const BETWEEN: [&str; 12] = [
        "CONCURRENTLY",
        "IF",
        "NOT",
        "EXISTS",
        "COLUMN",
        "CONSTRAINT",
        "INDEX",
        "UNIQUE",
        "KEY",
        "FOREIGN",
        "TABLE",
        "TRIGGER",
    ];
    let start = tokens.iter().position(|token| {
        !matches!(&token.kind, TokenKind::Word(_)) || !BETWEEN.iter().any(|word| token.is(word))
    })?;
    let mut name = text(&tokens[start])?;
    let mut at = start + 1;
    while tokens.get(at).is_some_and(|token| token.is(".")) {
        name = text(tokens.get(at + 1)?)?;
        at += 2;
    }
    Some(key(&name))
}

fn text(token: &Token) -> Option<String> {
    match &token.kind {
        TokenKind::Word(text) | TokenKind::Quoted(text) => Some(text.clone()),
        _ => None,
    }
}

/// A function is known without its arguments.
fn key(name: &str) -> String {
    let name = name.split('(').next().unwrap_or(name);
    let name = name.rsplit('.').next().unwrap_or(name);
    name.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_tell_what_they_make_and_drop() {
        let text = "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS \"Active\" ON shop.books (isbn) WHERE sold;\n\
                    CREATE OR REPLACE FUNCTION shop.touch() RETURNS trigger AS $$ BEGIN CREATE INDEX no ON x (y); END $$ LANGUAGE plpgsql;\n\
                    ALTER TABLE books ADD CONSTRAINT positive CHECK (price > 0), ADD COLUMN IF NOT EXISTS note text;\n\
                    CREATE TABLE gone (a int); DROP TABLE IF EXISTS gone;\n\
                    ALTER INDEX old RENAME TO new;";
        let mut by_hand = ByHand::default();
        by_hand.add(Dialect::Postgres, text);
        let made: Vec<&str> = by_hand.made.iter().map(String::as_str).collect();
        assert_eq!(made, ["active", "new", "note", "positive", "touch"]);
        assert!(by_hand.drops("gone") && by_hand.makes("touch(integer)"));
    }
}
