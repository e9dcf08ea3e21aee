//! Statements about rows: `INSERT`, `UPDATE`, `DELETE`.

use super::super::statement::Statement;
use super::cursor::Cursor;
use crate::sql::tokens::{Token, TokenKind};

/// After `INSERT`.
pub(super) fn insert(c: &mut Cursor) -> Option<Statement> {
    // SQLite: `INSERT OR REPLACE INTO`; MySQL: `INSERT IGNORE INTO`, or without it.
    while !c.is_at_end() && !c.peek("INTO") {
        let mut ahead = c.clone();
        let modifier = ahead.word()?;
        if ![
            "OR",
            "REPLACE",
            "IGNORE",
            "ABORT",
            "FAIL",
            "ROLLBACK",
            "LOW_PRIORITY",
            "DELAYED",
            "HIGH_PRIORITY",
        ]
        .contains(&modifier.as_str())
        {
            break;
        }
        *c = ahead;
    }
    c.eat("INTO");
    let table = c.name()?;
    c.parenthesized();
    let mut unqualified = Vec::new();
    if c.eat("SELECT") {
        unqualified = unqualified_names(c.rest());
    }
    Some(Statement::Insert { table, unqualified })
}

/// Double-quoted names up to `FROM` that no table qualifies.
fn unqualified_names(tokens: &[Token]) -> Vec<String> {
    let mut found = Vec::new();
    for (number, token) in tokens.iter().enumerate() {
        if token.is("FROM") {
            break;
        }
        let beside = |at: Option<usize>| at.and_then(|at| tokens.get(at));
        let before = beside(number.checked_sub(1));
        let after = beside(Some(number + 1));
        let qualifies = |token: Option<&Token>| token.is_some_and(|token| token.is("."));
        let alias = before.is_some_and(|token| token.is("AS"));
        if let TokenKind::Quoted(name) = &token.kind
            && !qualifies(before)
            && !qualifies(after)
            && !alias
        {
            found.push(name.clone());
        }
    }
    found
}

/// After `UPDATE`.
pub(super) fn update(c: &mut Cursor) -> Option<Statement> {
    while [
        "OR",
        "REPLACE",
        "IGNORE",
        "ABORT",
        "FAIL",
        "ROLLBACK",
        "LOW_PRIORITY",
        "ONLY",
    ]
    .iter()
    .any(|word| c.eat(word))
    {}
    let table = c.name()?;
    let filtered = is_filtered(c);
    Some(Statement::Update { table, filtered })
}

/// After `DELETE`.
pub(super) fn delete(c: &mut Cursor) -> Option<Statement> {
    while ["LOW_PRIORITY", "QUICK", "IGNORE"]
        .iter()
        .any(|word| c.eat(word))
    {}
    c.eat("FROM");
    c.eat("ONLY");
    let table = c.name()?;
    let filtered = is_filtered(c);
    Some(Statement::Delete { table, filtered })
}

/// Whether something chooses among the rows.
fn is_filtered(c: &Cursor) -> bool {
    ["WHERE", "LIMIT", "JOIN", "USING"]
        .iter()
        .any(|word| c.rest_has(word))
}
