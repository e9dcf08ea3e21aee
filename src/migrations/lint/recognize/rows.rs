//! Statements about rows: `INSERT`, `UPDATE`, `DELETE`.

use super::super::pieces::{Piece, What};
use super::super::statement::Doing;
use super::cursor::Cursor;

/// After `INSERT`.
pub(super) fn insert(c: &mut Cursor) -> Option<Doing> {
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
    Some(Doing::Insert { table, unqualified })
}

/// Double-quoted names up to `FROM` that no table qualifies.
fn unqualified_names(pieces: &[Piece]) -> Vec<String> {
    let mut found = Vec::new();
    for (number, piece) in pieces.iter().enumerate() {
        if piece.is("FROM") {
            break;
        }
        let beside = |at: Option<usize>| at.and_then(|at| pieces.get(at));
        let before = beside(number.checked_sub(1));
        let after = beside(Some(number + 1));
        let qualifies = |piece: Option<&Piece>| piece.is_some_and(|piece| piece.is("."));
        let alias = before.is_some_and(|piece| piece.is("AS"));
        if let What::Quoted(name) = &piece.what
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
pub(super) fn update(c: &mut Cursor) -> Option<Doing> {
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
    Some(Doing::Update { table, filtered })
}

/// After `DELETE`.
pub(super) fn delete(c: &mut Cursor) -> Option<Doing> {
    while ["LOW_PRIORITY", "QUICK", "IGNORE"]
        .iter()
        .any(|word| c.eat(word))
    {}
    c.eat("FROM");
    c.eat("ONLY");
    let table = c.name()?;
    let filtered = is_filtered(c);
    Some(Doing::Delete { table, filtered })
}

/// Whether something chooses among the rows.
fn is_filtered(c: &Cursor) -> bool {
    ["WHERE", "LIMIT", "JOIN", "USING"]
        .iter()
        .any(|word| c.rest_has(word))
}
