//! `CREATE TABLE`, and the definitions of columns and constraints.

use super::super::statement::{Column, Constraint, ConstraintKind, Statement};
use super::cursor::{Cursor, commas};
use crate::sql::tokens::{Token, TokenKind};

/// What ends the type of a column, or its default.
const ENDS: &[&str] = &[
    "NOT",
    "NULL",
    "DEFAULT",
    "UNIQUE",
    "PRIMARY",
    "REFERENCES",
    "CHECK",
    "CONSTRAINT",
    "GENERATED",
    "AS",
    "COLLATE",
    "COMMENT",
    "AUTO_INCREMENT",
    "AUTOINCREMENT",
    "KEY",
    "FIRST",
    "AFTER",
    "ON",
    "STORAGE",
    "COMPRESSION",
    "DEFERRABLE",
    "INITIALLY",
    "VIRTUAL",
    "STORED",
    "INVISIBLE",
    "VISIBLE",
    "USING",
];

/// After `CREATE TABLE`.
pub(super) fn create_table(c: &mut Cursor) -> Option<Statement> {
    c.eats(&["IF", "NOT", "EXISTS"]);
    let table = c.name()?;
    let mut columns = Vec::new();
    for item in commas(c.parenthesized().unwrap_or_default()) {
        let mut item = Cursor::new(item);
        let is_index = ["KEY", "INDEX", "FULLTEXT", "SPATIAL", "LIKE"]
            .iter()
            .any(|word| item.peek(word));
        if !is_index && constraint(&mut item).is_none() {
            columns.extend(column(&mut item));
        }
    }
    Some(Statement::CreateTable { table, columns })
}

/// A constraint of a table; nothing is taken where it is none.
pub(super) fn constraint(c: &mut Cursor) -> Option<Constraint> {
    let mut ahead = c.clone();
    let mut name = None;
    if ahead.eat("CONSTRAINT")
        && !["UNIQUE", "PRIMARY", "FOREIGN", "CHECK", "EXCLUDE"]
            .iter()
            .any(|word| ahead.peek(word))
    {
        name = ahead.part();
    }
    let mut columns = Vec::new();
    let kind = if ahead.eat("UNIQUE") {
        // MySQL: `UNIQUE INDEX name (…)`; PostgreSQL: `UNIQUE NULLS NOT DISTINCT (…)`.
        let _ = ahead.eat("INDEX") || ahead.eat("KEY");
        ahead.eats(&["NULLS", "NOT", "DISTINCT"]);
        if !ahead.peek("(") && !ahead.peek("USING") {
            name = ahead.part().or(name);
        }
        columns = ahead.bare_names();
        ConstraintKind::Unique
    } else if ahead.eats(&["PRIMARY", "KEY"]) {
        columns = ahead.bare_names();
        ConstraintKind::PrimaryKey
    } else if ahead.eats(&["FOREIGN", "KEY"]) {
        if !ahead.peek("(") {
            ahead.part();
        }
        columns = ahead.bare_names();
        ConstraintKind::ForeignKey
    } else if ahead.eat("CHECK") {
        let required = required(ahead.parenthesized().unwrap_or_default());
        ConstraintKind::Check { required }
    } else if ahead.eat("EXCLUDE") {
        ConstraintKind::Exclude
    } else if name.is_some() && ahead.eats(&["NOT", "NULL"]) {
        columns.extend(ahead.part());
        ConstraintKind::NotNull
    } else {
        return None;
    };
    let rest = ahead.rest();
    let has = |one: &str, two: &str| {
        let mut pairs = rest.windows(2);
        pairs.any(|pair| pair[0].is(one) && pair[1].is(two))
    };
    let found = Constraint {
        name,
        kind,
        columns,
        not_valid: has("NOT", "VALID"),
        using_index: has("USING", "INDEX"),
    };
    *c = ahead;
    Some(found)
}

/// The column of `column IS NOT NULL`.
fn required(mut tokens: &[Token]) -> Option<String> {
    // One more pair of parentheses is common.
    while let [first, inside @ .., last] = tokens
        && first.is("(")
        && last.is(")")
    {
        tokens = inside;
    }
    let mut c = Cursor::new(tokens);
    let name = c.name()?;
    let required = c.eats(&["IS", "NOT", "NULL"]) && c.is_at_end();
    required.then_some(name.name)
}

/// A column: its name, type and all that follows.
pub(super) fn column(c: &mut Cursor) -> Option<Column> {
    let name = c.part()?;
    definition(c, name)
}

/// A column's type and all that follows.
pub(super) fn definition(c: &mut Cursor, name: String) -> Option<Column> {
    let mut column = Column {
        name,
        ..Column::default()
    };
    if let Some(TokenKind::Word(kind) | TokenKind::Quoted(kind)) =
        c.rest().first().map(|token| &token.kind)
        && !c.rest().first().is_some_and(ends)
    {
        column.kind = kind.to_lowercase();
        column.counts = column.kind.ends_with("serial");
    }
    while !c.is_at_end() {
        option(c, &mut column);
    }
    Some(column)
}

fn ends(token: &Token) -> bool {
    ENDS.iter().any(|word| token.is(word))
}

/// Takes one option of a column, or one token of its type.
fn option(c: &mut Cursor, column: &mut Column) {
    if c.eats(&["NOT", "NULL"]) {
        column.not_null = true;
    } else if c.eat("DEFAULT") {
        column.default = Some(default(c));
    } else if c.eats(&["PRIMARY", "KEY"]) {
        column.primary = true;
    } else if c.eat("UNIQUE") {
        column.unique = true;
    } else if c.eat("REFERENCES") {
        column.references = true;
        c.name();
        c.parenthesized();
        // `ON DELETE SET NULL` and `SET DEFAULT` are no options of the column.
        while c.eat("ON") {
            c.take();
            let _ = c.eat("SET") || c.eat("NO");
            c.take();
        }
    } else if c.eat("CHECK") {
        c.parenthesized();
    } else if c.eat("GENERATED") {
        column.generated = true;
        while !c.is_at_end() && !c.eat("AS") {
            c.take();
        }
        if c.eat("IDENTITY") {
            column.generated = false;
            column.counts = true;
        }
        c.parenthesized();
    } else if c.eat("AS") {
        column.generated = true;
        c.parenthesized();
    } else if c.eat("STORED") || c.eat("PERSISTENT") {
        column.stored = true;
    } else if c.eat("AUTO_INCREMENT") || c.eat("AUTOINCREMENT") {
        column.counts = true;
    } else if c.parenthesized().is_none() {
        // What follows one of these is a name or a string, whatever it looks like.
        let _ = c.eat("COMMENT") || c.eat("COLLATE") || c.eat("CONSTRAINT");
        c.take();
    }
}

/// The expression after `DEFAULT`.
fn default(c: &mut Cursor) -> Vec<Token> {
    let mut tokens = Vec::new();
    // `NULL` would end it, but may be all of it.
    if c.peek("NULL") {
        tokens.extend(c.take().cloned());
        return tokens;
    }
    let before = c.rest();
    while !c.is_at_end() && (c.rest().len() == before.len() || !c.rest().first().is_some_and(ends))
    {
        if c.parenthesized().is_none() {
            c.take();
        }
    }
    tokens.extend_from_slice(&before[..before.len() - c.rest().len()]);
    tokens
}
