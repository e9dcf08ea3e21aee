//! A file of SQL as statements of tokens, with their comments. Never fails: what cannot be read ends the list.
//!
//! This is the tokenizer for everything that reads SQL for its meaning. What reads text that is not quite SQL, or has to
//! keep every byte of it, scans by itself and says why: [`super::statements`], [`super::stored`],
//! [`crate::schema::Column::is_generated`], and the values of enums in MySQL's catalogue.

use std::ops::Range;

use sqlparser::dialect::{Dialect as Grammar, MySqlDialect, PostgreSqlDialect, SQLiteDialect};
use sqlparser::tokenizer::{
    Location, Token as SqlToken, TokenWithSpan as SqlTokenWithSpan, Tokenizer, Whitespace,
};

use super::Dialect;

/// A token other than white space and comments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) kind: TokenKind,
    /// From 1.
    pub(crate) line: usize,
    /// Its bytes in the text.
    pub(crate) span: Range<usize>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind {
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
pub(crate) struct Comment {
    pub(crate) text: String,
    pub(crate) line: usize,
}

/// Tokens up to a semicolon; comments before, within, and behind it on the same line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct TokenizedStatement {
    pub(crate) tokens: Vec<Token>,
    pub(crate) comments: Vec<Comment>,
}

/// A file of SQL as statements.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct TokenizedScript {
    pub(crate) statements: Vec<TokenizedStatement>,
    /// Comments after the last statement.
    pub(crate) rest: Vec<Comment>,
    /// Where and why reading stopped.
    pub(crate) broken: Option<(usize, String)>,
}

impl Token {
    /// Whether it is this keyword, given in capitals, or this symbol.
    pub(crate) fn is(&self, keyword: &str) -> bool {
        match &self.kind {
            TokenKind::Word(word) => word.eq_ignore_ascii_case(keyword),
            TokenKind::Symbol(symbol) => symbol == keyword,
            _ => false,
        }
    }

    /// The name that it may be: bare or in quotes.
    pub(crate) fn name(&self) -> Option<&str> {
        match &self.kind {
            TokenKind::Word(name) | TokenKind::Quoted(name) => Some(name),
            _ => None,
        }
    }

    /// What it means, however it is written: names in lower case and without quotes.
    pub(crate) fn normalized(&self) -> String {
        match &self.kind {
            TokenKind::Word(name) | TokenKind::Quoted(name) => name.to_lowercase(),
            TokenKind::Text(text) => format!("'{text}'"),
            TokenKind::Number(text) | TokenKind::Symbol(text) => text.to_lowercase(),
        }
    }
}

/// What statements mean, to compare those that may be written differently.
pub(crate) fn normalized(tokens: &[Token]) -> String {
    let words: Vec<String> = tokens.iter().map(Token::normalized).collect();
    words.join(" ")
}

pub(crate) fn tokenize(dialect: Dialect, text: &str) -> TokenizedScript {
    let grammar: &dyn Grammar = match dialect {
        Dialect::Sqlite => &SQLiteDialect {},
        Dialect::Postgres => &PostgreSqlDialect {},
        Dialect::Mysql => &MySqlDialect {},
    };
    let mut read = Vec::new();
    let result = Tokenizer::new(grammar, text).tokenize_with_location_into_buf(&mut read);
    let mut splitter = Splitter::default();
    let mut offsets = Offsets::new(text);
    for token in read {
        let start = offsets.byte(token.span.start);
        let end = offsets.byte(token.span.end);
        splitter.take(token, start..end);
    }
    let mut script = splitter.finish();
    if let Err(error) = result {
        let line = usize::try_from(error.location.line).unwrap_or(0);
        script.broken = Some((line, error.message));
    }
    script
}

/// Turns places given in lines and characters into bytes; they come in order.
struct Offsets<'a> {
    chars: std::str::CharIndices<'a>,
    length: usize,
    line: u64,
    column: u64,
}

impl<'a> Offsets<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            chars: text.char_indices(),
            length: text.len(),
            line: 1,
            column: 1,
        }
    }

    fn byte(&mut self, place: Location) -> usize {
        while (self.line, self.column) < (place.line, place.column) {
            match self.chars.next() {
                Some((_, '\n')) => (self.line, self.column) = (self.line + 1, 1),
                Some(_) => self.column += 1,
                None => return self.length,
            }
        }
        self.chars.offset()
    }
}

#[derive(Default)]
struct Splitter {
    done: TokenizedScript,
    open: TokenizedStatement,
    /// The line that the last statement ended on.
    ended: usize,
    /// How many `BEGIN` and `CASE` are open, in a statement whose body is a program.
    depth: usize,
}

impl Splitter {
    fn take(&mut self, token: SqlTokenWithSpan, span: Range<usize>) {
        let line = usize::try_from(token.span.start.line).unwrap_or(0);
        let kind = match token.token {
            SqlToken::Whitespace(
                Whitespace::SingleLineComment { comment: text, .. }
                | Whitespace::MultiLineComment(text),
            ) => return self.comment(Comment { text, line }),
            SqlToken::Whitespace(_) | SqlToken::EOF => return,
            SqlToken::SemiColon if self.depth == 0 => return self.end(line),
            token => token_kind(token),
        };
        let token = Token { kind, line, span };
        if self.is_program() {
            self.follow(&token);
        }
        self.open.tokens.push(token);
    }

    fn comment(&mut self, comment: Comment) {
        match self.done.statements.last_mut() {
            Some(last) if self.open.tokens.is_empty() && comment.line == self.ended => {
                last.comments.push(comment);
            }
            _ => self.open.comments.push(comment),
        }
    }

    fn end(&mut self, line: usize) {
        self.ended = line;
        if !self.open.tokens.is_empty() {
            let statement = std::mem::take(&mut self.open);
            self.done.statements.push(statement);
        }
    }

    fn finish(mut self) -> TokenizedScript {
        if self.open.tokens.is_empty() {
            self.done.rest = self.open.comments;
        } else {
            self.done.statements.push(self.open);
        }
        self.done
    }

    /// Whether semicolons may belong to the statement's own body.
    fn is_program(&self) -> bool {
        let tokens = &self.open.tokens;
        let is_one_of = |token: &Token, words: &[&str]| words.iter().any(|word| token.is(word));
        let plain = ["TABLE", "INDEX", "VIEW", "TYPE", "SCHEMA", "("];
        tokens.first().is_some_and(|token| token.is("CREATE"))
            && tokens
                .iter()
                // `OR REPLACE`, `TEMP`, and a definer may stand between.
                .take(12)
                .take_while(|token| !is_one_of(token, &plain))
                .any(|token| is_one_of(token, &["TRIGGER", "FUNCTION", "PROCEDURE", "EVENT"]))
    }

    fn follow(&mut self, token: &Token) {
        let last = self.open.tokens.last();
        let after_end = last.is_some_and(|last| last.is("END"));
        if token.is("BEGIN") || (token.is("CASE") && !after_end) {
            self.depth += 1;
        } else if token.is("END") {
            self.depth = self.depth.saturating_sub(1);
        } else if after_end
            && ["IF", "WHILE", "LOOP", "REPEAT"]
                .iter()
                .any(|word| token.is(word))
        {
            // It ended something that was not counted.
            self.depth += 1;
        }
    }
}

fn token_kind(token: SqlToken) -> TokenKind {
    match token {
        SqlToken::Word(word) if word.quote_style.is_some() => TokenKind::Quoted(word.value),
        SqlToken::Word(word) => TokenKind::Word(word.value),
        SqlToken::Number(digits, _) => TokenKind::Number(digits),
        SqlToken::DollarQuotedString(text) => TokenKind::Text(text.value),
        SqlToken::SingleQuotedString(text)
        | SqlToken::DoubleQuotedString(text)
        | SqlToken::EscapedStringLiteral(text)
        | SqlToken::NationalStringLiteral(text)
        | SqlToken::UnicodeStringLiteral(text)
        | SqlToken::HexStringLiteral(text)
        | SqlToken::SingleQuotedByteStringLiteral(text)
        | SqlToken::DoubleQuotedByteStringLiteral(text) => TokenKind::Text(text),
        other => TokenKind::Symbol(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first line of each statement and its number of tokens.
    fn shape(dialect: Dialect, sql: &str) -> Vec<(usize, usize)> {
        let statements = tokenize(dialect, sql).statements;
        statements
            .iter()
            .map(|statement| (statement.tokens[0].line, statement.tokens.len()))
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
    fn comments_belong_to_the_statement_beside_them() {
        let sql = "-- one\nSELECT 1; -- one too\n-- two\nSELECT /* two too */ 2;\n-- nobody's\n";
        let script = tokenize(Dialect::Postgres, sql);
        let texts = |comments: &[Comment]| -> Vec<String> {
            let texts = comments
                .iter()
                .map(|comment| comment.text.trim().to_owned());
            texts.collect()
        };
        assert_eq!(texts(&script.statements[0].comments), ["one", "one too"]);
        assert_eq!(texts(&script.statements[1].comments), ["two", "two too"]);
        assert_eq!(texts(&script.rest), ["nobody's"]);
    }

    #[test]
    fn text_that_cannot_be_read_is_reported_with_its_line() {
        let script = tokenize(Dialect::Postgres, "SELECT 1;\nSELECT 'open;\n");
        assert_eq!(script.statements.len(), 2);
        assert_eq!(script.broken.expect("it is broken").0, 2);
    }
}
