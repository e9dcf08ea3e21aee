//! The text of migration files: its checksum, however an editor spells it, and what no database can run.

use sha2::{Digest, Sha384};

use crate::schema::hex;
use crate::sql::statements::{Token, split, tokens, unclosed};
use crate::sql::tokens::tokenize;
use crate::sql::{Dialect, NO_TRANSACTION};

use super::blocked::{Blocked, blocked};

/// What some editors put before a text.
pub(super) const MARK: char = '\u{feff}';

/// The text without a byte order mark and with line ends of one character.
pub(super) fn plain(text: &str) -> String {
    text.trim_start_matches(MARK).replace("\r\n", "\n")
}

/// Whether `hash` is that of the text, however a checkout spells its line ends and its beginning.
pub(crate) fn is_checksum(hash: &str, text: &str) -> bool {
    let windows = text.replace('\n', "\r\n");
    checksum(text) == hash
        || checksum(&windows) == hash
        || checksum(&format!("{MARK}{text}")) == hash
        || checksum(&format!("{MARK}{windows}")) == hash
}

/// SHA-384 in hexadecimal, as sqlx computes it over a file's text.
pub(super) fn checksum(text: &str) -> String {
    hex(&Sha384::digest(text))
}

/// The text of a file as it is run: without a `BEGIN` and `COMMIT` around the whole, which the one who runs it brings.
///
/// # Errors
/// It holds what no database reads, or ends its transaction in the middle.
pub(super) fn runnable(dialect: Dialect, file: &str, text: &str) -> Result<String, Blocked> {
    if let Some(at) = text.find('\0') {
        let line = text[..at].matches('\n').count() + 1;
        return Err(blocked(
            format!("{file} has a NUL byte in line {line}, which no database reads"),
            "save the file as UTF-8; UTF-16 looks like this where it has no byte order mark",
        ));
    }
    if text.trim_end().contains('\r') && !text.contains('\n') {
        return Err(blocked(
            format!(
                "{file} ends its lines with a carriage return alone: a comment would reach to the end of the file"
            ),
            "save the file with line ends of Unix (LF) or Windows (CR LF)",
        ));
    }
    // A script for the program psql may hold rows, which are no SQL: the server tells.
    let is_for_psql =
        dialect == Dialect::Postgres && text.lines().any(|line| line.starts_with('\\'));
    if let Some((what, line)) = unclosed(dialect, text).filter(|_| !is_for_psql) {
        return Err(blocked(
            format!(
                "{file} has a {what} that begins in line {line} and is never closed: it reaches to the end of the file"
            ),
            "close it; nothing of the file was run",
        ));
    }
    if dialect == Dialect::Mysql || text.starts_with(NO_TRANSACTION) {
        return Ok(text.to_owned());
    }
    let statements = statements(dialect, text);
    let controls: Vec<Control> = statements.iter().map(|one| control(&one.words)).collect();
    if let [Control::Begin, inside @ .., Control::End] = controls.as_slice()
        && inside.iter().all(|control| *control == Control::None)
        && let [first, .., last] = statements.as_slice()
    {
        let (before, after) = (&text[..first.start], &text[last.end..]);
        return Ok(format!("{before}{}{after}", &text[first.end..last.start]));
    }
    match controls.iter().position(|control| *control == Control::End) {
        Some(at) => Err(blocked(
            format!(
                "{file} ends its transaction itself: statement {} is `{}`",
                at + 1,
                statements[at].words.join(" ")
            ),
            "take it out: a migration runs in one transaction, and is taken back whole. What must run outside of one has \
             `-- no-transaction` as its first line",
        )),
        None => Ok(text.to_owned()),
    }
}

/// A statement's place in the text, and its first words in capitals.
struct Found {
    start: usize,
    end: usize,
    words: Vec<String>,
}

fn statements(dialect: Dialect, text: &str) -> Vec<Found> {
    if dialect == Dialect::Sqlite {
        let script = tokenize(dialect, text);
        let statements = script.statements.iter().filter_map(|statement| {
            let (first, last) = (statement.tokens.first()?, statement.tokens.last()?);
            let words = statement.tokens.iter().take(3);
            Some(Found {
                start: first.span.start,
                end: last.span.end,
                words: words
                    .map(|token| token.normalized().to_uppercase())
                    .collect(),
            })
        });
        return statements.collect();
    }
    let found = split(dialect, text).into_iter().map(|statement| {
        let start = statement.as_ptr() as usize - text.as_ptr() as usize;
        let words = tokens(dialect, statement).into_iter().take(3);
        let word = |token: Token<'_>| match token {
            Token::Word(word) => word.to_uppercase(),
            Token::Name(name) | Token::Text(name) => name.to_owned(),
            Token::Sign(sign) => sign.to_string(),
        };
        Found {
            start,
            end: start + statement.len(),
            words: words.map(word).collect(),
        }
    });
    found.collect()
}

/// What a statement does to the transaction that it is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Control {
    Begin,
    End,
    None,
}

fn control(words: &[String]) -> Control {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["BEGIN", ..] | ["START", "TRANSACTION", ..] => Control::Begin,
        ["ROLLBACK", "TO", ..] | ["ROLLBACK", "TRANSACTION" | "WORK", "TO", ..] => Control::None,
        ["COMMIT" | "END" | "ROLLBACK" | "ABORT", ..] | ["PREPARE", "TRANSACTION", ..] => {
            Control::End
        }
        _ => Control::None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_transaction_around_the_whole_is_that_of_the_migration() {
        for (dialect, text, expected) in [
            (
                Dialect::Postgres,
                "-- One.\nBEGIN;\nSELECT 1;\nCOMMIT;\n",
                "-- One.\n;\nSELECT 1;\n;\n",
            ),
            (
                Dialect::Sqlite,
                "begin immediate; SELECT 1; end",
                "; SELECT 1; ",
            ),
            (
                Dialect::Postgres,
                "START TRANSACTION; SELECT 1; COMMIT AND CHAIN;",
                "; SELECT 1; ;",
            ),
            (
                Dialect::Sqlite,
                "CREATE TRIGGER a AFTER INSERT ON t BEGIN SELECT 1; END;",
                "CREATE TRIGGER a AFTER INSERT ON t BEGIN SELECT 1; END;",
            ),
            (
                Dialect::Postgres,
                "DO $$ BEGIN PERFORM 1; END $$; SAVEPOINT a; ROLLBACK TO a; SELECT 'COMMIT;'",
                "DO $$ BEGIN PERFORM 1; END $$; SAVEPOINT a; ROLLBACK TO a; SELECT 'COMMIT;'",
            ),
            (
                Dialect::Mysql,
                "BEGIN; SELECT 1; COMMIT; SELECT 2",
                "BEGIN; SELECT 1; COMMIT; SELECT 2",
            ),
            (
                Dialect::Sqlite,
                "-- no-transaction\nBEGIN; COMMIT; VACUUM",
                "-- no-transaction\nBEGIN; COMMIT; VACUUM",
            ),
            (
                Dialect::Postgres,
                "CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; END; SELECT 1",
                "CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; END; SELECT 1",
            ),
        ] {
            let found = runnable(dialect, "a.up.sql", text);
            assert_eq!(
                found.map_err(|blocked| blocked.message),
                Ok(expected.to_owned()),
                "{text}"
            );
        }
    }

    #[test]
    fn what_no_database_reads_as_meant_is_refused() {
        for (dialect, text, expected) in [
            (Dialect::Sqlite, "SELECT 1;\n\0", "a NUL byte in line 2"),
            (Dialect::Mysql, "S\0E\0", "a NUL byte in line 1"),
            (
                Dialect::Mysql,
                "-- One.\rSELECT 1;\r",
                "a carriage return alone",
            ),
            (
                Dialect::Mysql,
                "SELECT 1;\n/* SELECT 2;",
                "a comment that begins in line 2 and is never closed",
            ),
            (
                Dialect::Sqlite,
                "SELECT 1;\n\nINSERT INTO t VALUES ('it''s);",
                "a string that begins in line 3",
            ),
            (
                Dialect::Postgres,
                "DO $a$ BEGIN END;",
                "a dollar-quoted string that begins in line 1",
            ),
            (
                Dialect::Postgres,
                "SELECT 1; COMMIT; SELECT 2",
                "statement 2 is `COMMIT`",
            ),
            (
                Dialect::Sqlite,
                "BEGIN; SELECT 1; END; SELECT 2",
                "statement 3 is `END`",
            ),
            (
                Dialect::Postgres,
                "BEGIN; ROLLBACK; BEGIN; COMMIT",
                "statement 2 is `ROLLBACK`",
            ),
        ] {
            let found = runnable(dialect, "a.up.sql", text).map_err(|blocked| blocked.message);
            let message = found.expect_err(text);
            assert!(message.contains(expected), "{text}: {message}");
        }
    }
}
