//! The text of `CREATE TABLE`, for what no pragma tells: checks, collations, conflict clauses, generated columns.

use crate::sql::Dialect;
use crate::sql::tokens::{Token, TokenKind, tokenize};

/// Kind, name and definition of everything in `sql` that a schema has no place for.
pub(super) fn parts(sql: &str) -> Vec<(&'static str, String, String)> {
    let script = tokenize(Dialect::Sqlite, sql);
    let Some(statement) = script.statements.first() else {
        return Vec::new();
    };
    let tokens = &statement.tokens;
    let Some(open) = tokens.iter().position(|token| token.is("(")) else {
        return Vec::new();
    };
    let close = closing(tokens, open);
    let mut found = Vec::new();
    for line in split(&tokens[open + 1..close]) {
        found.extend(line_parts(line));
    }
    found
}

/// The place of the parenthesis that closes the one at `open`.
fn closing(tokens: &[Token], open: usize) -> usize {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        if token.is("(") {
            depth += 1;
        } else if token.is(")") {
            depth -= 1;
            if depth == 0 {
                return at;
            }
        }
    }
    tokens.len()
}

/// The columns and constraints between the commas.
fn split(tokens: &[Token]) -> Vec<&[Token]> {
    let mut depth = 0_usize;
    tokens
        .split(|token| {
            if token.is("(") {
                depth += 1;
            } else if token.is(")") {
                depth = depth.saturating_sub(1);
            }
            depth == 0 && token.is(",")
        })
        .collect()
}

fn line_parts(line: &[Token]) -> Vec<(&'static str, String, String)> {
    let of_table = line.first().is_some_and(|first| {
        ["CONSTRAINT", "CHECK", "PRIMARY", "UNIQUE", "FOREIGN"]
            .iter()
            .any(|word| first.is(word))
    });
    let column = match line.first() {
        Some(first) if !of_table => text(first),
        _ => String::new(),
    };
    let mut found = Vec::new();
    let mut at = usize::from(!of_table);
    let mut name = String::new();
    while let Some(token) = line.get(at) {
        let next = line.get(at + 1);
        if token.is("(") {
            at = closing(line, at) + 1;
            continue;
        }
        if token.is("CONSTRAINT") {
            name = next.map(text).unwrap_or_default();
            at += 2;
            continue;
        }
        if token.is("CHECK") {
            let end = closing(line, at + 1);
            let definition = joined(line.get(at..=end).unwrap_or_default());
            found.push(("check", std::mem::take(&mut name), definition));
            at = end + 1;
            continue;
        }
        if token.is("COLLATE") {
            let collation = next.map(text).unwrap_or_default().to_uppercase();
            if collation != "BINARY" {
                found.push(("collation", column.clone(), collation));
            }
        } else if token.is("ON") && next.is_some_and(|next| next.is("CONFLICT")) {
            found.push((
                "on conflict",
                column.clone(),
                joined(&line[at..line.len().min(at + 3)]),
            ));
        } else if token.is("DEFERRABLE") {
            found.push(("deferrable", column.clone(), joined(&line[at..])));
        } else if token.is("AS") && next.is_some_and(|next| next.is("(")) {
            let end = closing(line, at + 1);
            let mut definition = joined(line.get(at + 1..=end).unwrap_or_default());
            if line[end..].iter().any(|token| token.is("STORED")) {
                definition.push_str(" STORED");
            }
            found.push(("generated", column.clone(), definition));
        }
        at += 1;
    }
    found
}

fn text(token: &Token) -> String {
    match &token.kind {
        TokenKind::Word(text)
        | TokenKind::Quoted(text)
        | TokenKind::Text(text)
        | TokenKind::Number(text)
        | TokenKind::Symbol(text) => text.clone(),
    }
}

/// The tokens as SQL again, with single blanks.
fn joined(tokens: &[Token]) -> String {
    let mut sql = String::new();
    for token in tokens {
        let word = match &token.kind {
            TokenKind::Quoted(name) => format!("\"{}\"", name.replace('"', "\"\"")),
            TokenKind::Text(text) => format!("'{}'", text.replace('\'', "''")),
            _ => text(token),
        };
        let tight = sql.is_empty()
            || sql.ends_with(['(', '.'])
            || matches!(word.as_str(), ")" | "," | ".")
            || word == "("
                && !sql.ends_with(|c: char| "=<>+-*/,".contains(c))
                && !sql.ends_with("CHECK");
        if !tight {
            sql.push(' ');
        }
        sql.push_str(&word);
    }
    sql
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_pragmas_do_not_tell_is_found_in_the_text() {
        let sql = "CREATE TABLE t (\n  id integer PRIMARY KEY ON CONFLICT REPLACE,\n  \"check\" int, -- CHECK (no)\n  \
                   a text DEFAULT 'CHECK (1)' COLLATE NOCASE CHECK (length(a) > 1),\n  \
                   b int AS (a || 'x') STORED,\n  c int REFERENCES t (id) DEFERRABLE INITIALLY DEFERRED,\n  \
                   CONSTRAINT positive CHECK (\"check\" > 0 AND c IN (1, 2))\n) STRICT";
        let parts: Vec<String> = parts(sql)
            .into_iter()
            .map(|(kind, name, definition)| format!("{kind} {name}: {definition}"))
            .collect();
        insta::assert_snapshot!(parts.join("\n"), @r#"
        on conflict id: ON CONFLICT REPLACE
        collation a: NOCASE
        check : CHECK (length(a) > 1)
        generated b: (a || 'x') STORED
        deferrable c: DEFERRABLE INITIALLY DEFERRED
        check positive: CHECK ("check" > 0 AND c IN(1, 2))
        "#);
    }

    #[test]
    fn a_plain_table_has_nothing_to_tell() {
        let sql = "CREATE TABLE t (a int, \"check\" text /* CHECK (1) */, [collate] int)";
        assert_eq!(parts(sql), []);
    }
}
