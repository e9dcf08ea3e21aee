//! A file of SQL as statements of tokens, with their comments. Never fails: what cannot be read ends the list.

use sqlparser::dialect::{Dialect as Grammar, MySqlDialect, PostgreSqlDialect, SQLiteDialect};
use sqlparser::tokenizer::{Token, TokenWithSpan, Tokenizer, Whitespace};

use crate::sql::Dialect;

/// A token that means something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) what: What,
    /// From 1.
    pub(super) line: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// A keyword or a bare name, as written.
    Word(String),
    /// A name in quotes, without them.
    Quoted(String),
    /// A string, without its quotes.
    Text(String),
    Number(String),
    /// Anything else: `(`, `::`, `=`.
    Symbol(String),
}

/// A comment, without what marks it as one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Comment {
    pub(super) text: String,
    pub(super) line: usize,
}

/// Tokens up to a semicolon; comments before, within, and behind it on the same line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Cut {
    pub(super) pieces: Vec<Piece>,
    pub(super) comments: Vec<Comment>,
}

/// A file of SQL, cut.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Pieces {
    pub(super) statements: Vec<Cut>,
    /// Comments after the last statement.
    pub(super) rest: Vec<Comment>,
    /// Where and why reading stopped.
    pub(super) broken: Option<(usize, String)>,
}

impl Piece {
    /// Whether it is this keyword, given in capitals.
    pub(super) fn is(&self, keyword: &str) -> bool {
        match &self.what {
            What::Word(word) => word.eq_ignore_ascii_case(keyword),
            What::Symbol(symbol) => symbol == keyword,
            _ => false,
        }
    }
}

pub(super) fn cut(dialect: Dialect, text: &str) -> Pieces {
    let grammar: &dyn Grammar = match dialect {
        Dialect::Sqlite => &SQLiteDialect {},
        Dialect::Postgres => &PostgreSqlDialect {},
        Dialect::Mysql => &MySqlDialect {},
    };
    let mut tokens = Vec::new();
    let result = Tokenizer::new(grammar, text).tokenize_with_location_into_buf(&mut tokens);
    let mut cutter = Cutter::default();
    for token in tokens {
        cutter.take(token);
    }
    let mut pieces = cutter.finish();
    if let Err(error) = result {
        let line = usize::try_from(error.location.line).unwrap_or(0);
        pieces.broken = Some((line, error.message));
    }
    pieces
}

#[derive(Default)]
struct Cutter {
    done: Pieces,
    open: Cut,
    /// The line that the last statement ended on.
    ended: usize,
    /// How many `BEGIN` and `CASE` are open, in a statement whose body is a program.
    depth: usize,
}

impl Cutter {
    fn take(&mut self, token: TokenWithSpan) {
        let line = usize::try_from(token.span.start.line).unwrap_or(0);
        let what = match token.token {
            Token::Whitespace(
                Whitespace::SingleLineComment { comment: text, .. }
                | Whitespace::MultiLineComment(text),
            ) => return self.comment(Comment { text, line }),
            Token::Whitespace(_) | Token::EOF => return,
            Token::SemiColon if self.depth == 0 => return self.end(line),
            token => what(token),
        };
        let piece = Piece { what, line };
        if self.is_program() {
            self.follow(&piece);
        }
        self.open.pieces.push(piece);
    }

    fn comment(&mut self, comment: Comment) {
        match self.done.statements.last_mut() {
            Some(last) if self.open.pieces.is_empty() && comment.line == self.ended => {
                last.comments.push(comment);
            }
            _ => self.open.comments.push(comment),
        }
    }

    fn end(&mut self, line: usize) {
        self.ended = line;
        if !self.open.pieces.is_empty() {
            let statement = std::mem::take(&mut self.open);
            self.done.statements.push(statement);
        }
    }

    fn finish(mut self) -> Pieces {
        if self.open.pieces.is_empty() {
            self.done.rest = self.open.comments;
        } else {
            self.done.statements.push(self.open);
        }
        self.done
    }

    /// Whether semicolons may belong to the statement's own body.
    fn is_program(&self) -> bool {
        let pieces = &self.open.pieces;
        let is_one_of = |piece: &Piece, words: &[&str]| words.iter().any(|word| piece.is(word));
        let plain = ["TABLE", "INDEX", "VIEW", "TYPE", "SCHEMA", "("];
        pieces.first().is_some_and(|piece| piece.is("CREATE"))
            && pieces
                .iter()
                // `OR REPLACE`, `TEMP`, and a definer may stand between.
                .take(12)
                .take_while(|piece| !is_one_of(piece, &plain))
                .any(|piece| is_one_of(piece, &["TRIGGER", "FUNCTION", "PROCEDURE", "EVENT"]))
    }

    fn follow(&mut self, piece: &Piece) {
        let last = self.open.pieces.last();
        let after_end = last.is_some_and(|last| last.is("END"));
        if piece.is("BEGIN") || (piece.is("CASE") && !after_end) {
            self.depth += 1;
        } else if piece.is("END") {
            self.depth = self.depth.saturating_sub(1);
        } else if after_end
            && ["IF", "WHILE", "LOOP", "REPEAT"]
                .iter()
                .any(|word| piece.is(word))
        {
            // It ended something that was not counted.
            self.depth += 1;
        }
    }
}

fn what(token: Token) -> What {
    match token {
        Token::Word(word) if word.quote_style.is_some() => What::Quoted(word.value),
        Token::Word(word) => What::Word(word.value),
        Token::Number(digits, _) => What::Number(digits),
        Token::DollarQuotedString(text) => What::Text(text.value),
        Token::SingleQuotedString(text)
        | Token::DoubleQuotedString(text)
        | Token::EscapedStringLiteral(text)
        | Token::NationalStringLiteral(text)
        | Token::UnicodeStringLiteral(text)
        | Token::HexStringLiteral(text)
        | Token::SingleQuotedByteStringLiteral(text)
        | Token::DoubleQuotedByteStringLiteral(text) => What::Text(text),
        other => What::Symbol(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first line of each statement and its number of tokens.
    fn shape(dialect: Dialect, sql: &str) -> Vec<(usize, usize)> {
        let statements = cut(dialect, sql).statements;
        statements
            .iter()
            .map(|cut| (cut.pieces[0].line, cut.pieces.len()))
            .collect()
    }

    #[test]
    fn statements_end_at_semicolons_outside_of_quotes_comments_and_bodies() {
        use Dialect::{Mysql, Postgres, Sqlite};
        for (dialect, sql, expected) in [
            (Postgres, "", vec![]),
            (Postgres, ";;\n;", vec![]),
            (
                Postgres,
                "SELECT 1;\nSELECT ';' -- ;\n, \";\"",
                vec![(1, 2), (2, 4)],
            ),
            (
                Postgres,
                "DO $$ BEGIN; END $$;\nSELECT 1",
                vec![(1, 2), (2, 2)],
            ),
            (
                Postgres,
                "SELECT $x$;$$;$x$; SELECT 2",
                vec![(1, 2), (1, 2)],
            ),
            (
                Sqlite,
                "CREATE TRIGGER t AFTER INSERT ON a BEGIN\n SELECT CASE WHEN 1 THEN 2 END;\nEND;\nSELECT 1;",
                vec![(1, 17), (4, 2)],
            ),
            (
                Mysql,
                "CREATE PROCEDURE p() BEGIN IF 1 THEN SELECT 1; END IF; END; SELECT `;` # ;",
                vec![(1, 16), (1, 2)],
            ),
            (
                Sqlite,
                "BEGIN; SELECT 1; END;",
                vec![(1, 1), (1, 2), (1, 1)],
            ),
            (
                Sqlite,
                "CREATE TABLE event (begin int); SELECT 1",
                vec![(1, 7), (1, 2)],
            ),
        ] {
            assert_eq!(shape(dialect, sql), expected, "{sql}");
        }
    }

    #[test]
    fn comments_belong_to_what_they_stand_at() {
        let sql = "-- one\nSELECT 1; -- one too\n-- two\nSELECT /* two too */ 2;\n-- nobody's\n";
        let pieces = cut(Dialect::Postgres, sql);
        let texts = |comments: &[Comment]| -> Vec<String> {
            let texts = comments
                .iter()
                .map(|comment| comment.text.trim().to_owned());
            texts.collect()
        };
        assert_eq!(texts(&pieces.statements[0].comments), ["one", "one too"]);
        assert_eq!(texts(&pieces.statements[1].comments), ["two", "two too"]);
        assert_eq!(texts(&pieces.rest), ["nobody's"]);
    }

    #[test]
    fn what_cannot_be_read_is_told_with_its_line() {
        let pieces = cut(Dialect::Postgres, "SELECT 1;\nSELECT 'open;\n");
        assert_eq!(pieces.statements.len(), 2);
        assert_eq!(pieces.broken.expect("it is broken").0, 2);
    }
}
