//! Words, names, strings and comments of MySQL's and PostgreSQL's SQL, and what of it is never closed.

use super::Dialect;

/// The words, quoted names and signs of one statement, without comments and the text of strings.
pub(crate) fn tokens(dialect: Dialect, statement: &str) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(first) = statement[at..].chars().next() {
        let end = end_of_token(dialect, statement, at);
        let text = &statement[at..end];
        if let Some(token) = Token::new(dialect, first, text) {
            found.push(token);
        }
        at = end;
    }
    found
}

/// Where the tokens of `text` begin and end, blanks and comments included.
pub(crate) fn spans(dialect: Dialect, text: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let end = end_of_token(dialect, text, at);
        found.push((at, end));
        at = end;
    }
    found
}

/// A part of a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Token<'a> {
    /// A keyword or a bare name, as written.
    Word(&'a str),
    /// A quoted name with its quotes.
    Name(&'a str),
    /// A string with its quotes.
    Text(&'a str),
    Sign(char),
}

impl<'a> Token<'a> {
    pub(super) fn new(dialect: Dialect, first: char, text: &'a str) -> Option<Self> {
        let is_comment = text.starts_with("--") || (first == '#' && dialect == Dialect::Mysql);
        Some(match first {
            c if c.is_whitespace() => return None,
            _ if (is_comment && text.len() > 1) || text.starts_with("/*") => return None,
            '\'' | '$' if text.len() > 1 => Self::Text(text),
            'E' | 'e' if text.ends_with('\'') => Self::Text(text),
            '"' if dialect == Dialect::Mysql => Self::Text(text),
            '"' | '`' => Self::Name(text),
            c if is_word(c) => Self::Word(text),
            c => Self::Sign(c),
        })
    }

    /// Whether it is this keyword, given in capitals.
    pub(crate) fn is(&self, keyword: &str) -> bool {
        matches!(self, Self::Word(word) if word.eq_ignore_ascii_case(keyword))
    }

    /// What it names: a bare word, or what the quotes hold.
    pub(crate) fn name(&self) -> Option<String> {
        match self {
            Self::Word(word) => Some((*word).to_owned()),
            Self::Name(quoted) => {
                let quote = &quoted[..1];
                let inside = quoted.get(1..quoted.len().checked_sub(1)?)?;
                Some(inside.replace(&quote.repeat(2), quote))
            }
            Self::Text(_) | Self::Sign(_) => None,
        }
    }
}

pub(super) fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '@' | '$')
}

/// The end of the token that starts at `at`, which is inside of `sql`.
pub(super) fn end_of_token(dialect: Dialect, sql: &str, at: usize) -> usize {
    let rest = &sql[at..];
    let line = || rest.find('\n').map_or(rest.len(), |end| end + 1);
    let length = match rest.chars().next() {
        None => 0,
        Some('-') if is_line_comment(dialect, rest) => line(),
        Some('#') if dialect == Dialect::Mysql => line(),
        Some(first) => match enclosed(dialect, rest) {
            Some((_, length)) => length.unwrap_or(rest.len()),
            None if is_word(first) => rest
                .find(|c: char| !is_word(c))
                .filter(|end| *end > 0)
                .unwrap_or(rest.len()),
            None => first.len_utf8(),
        },
    };
    at + length
}

/// What begins `rest` and has an end of its own, and its length where that end is there.
fn enclosed(dialect: Dialect, rest: &str) -> Option<(&'static str, Option<usize>)> {
    Some(match rest.chars().next()? {
        '\'' => ("string", quoted(dialect, rest, '\'')),
        // A string with backslashes.
        'E' | 'e' if dialect == Dialect::Postgres && rest[1..].starts_with('\'') => {
            let length = quoted(Dialect::Mysql, &rest[1..], '\'');
            ("string", length.map(|length| 1 + length))
        }
        '"' if dialect == Dialect::Mysql => ("string", quoted(dialect, rest, '"')),
        '"' => ("quoted name", quoted(dialect, rest, '"')),
        '`' => ("quoted name", quoted(dialect, rest, '`')),
        '[' if dialect == Dialect::Sqlite => ("quoted name", rest.find(']').map(|end| end + 1)),
        '/' if rest.starts_with("/*") => ("comment", block_comment(dialect, rest)),
        '$' if dialect == Dialect::Postgres => {
            let tag = dollar_tag(rest)?;
            let end = rest[tag.len()..].find(tag);
            ("dollar-quoted string", end.map(|end| end + 2 * tag.len()))
        }
        _ => return None,
    })
}

/// The first string, name or comment of `sql` that is never closed: what it is, and the line on which it begins.
pub(crate) fn unclosed(dialect: Dialect, sql: &str) -> Option<(&'static str, usize)> {
    let (at, _) = spans(dialect, sql).pop()?;
    match enclosed(dialect, &sql[at..]) {
        Some((what, None)) if !is_line_comment(dialect, &sql[at..]) => {
            Some((what, sql[..at].matches('\n').count() + 1))
        }
        _ => None,
    }
}

/// Two dashes begin a comment; for MySQL only before a blank, a control character or the end.
fn is_line_comment(dialect: Dialect, rest: &str) -> bool {
    let Some(behind) = rest.strip_prefix("--") else {
        return false;
    };
    dialect != Dialect::Mysql
        || behind
            .chars()
            .next()
            .is_none_or(|c| c.is_whitespace() || c.is_control())
}

/// The length of the comment that `rest` begins with; PostgreSQL's may hold others.
fn block_comment(dialect: Dialect, rest: &str) -> Option<usize> {
    let mut depth = 0;
    let mut at = 0;
    while at < rest.len() {
        if rest[at..].starts_with("/*") && (depth == 0 || dialect == Dialect::Postgres) {
            depth += 1;
            at += 2;
        } else if rest[at..].starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return Some(at);
            }
        } else {
            at += rest[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    None
}

/// `$tag$` at the start of `rest`.
fn dollar_tag(rest: &str) -> Option<&str> {
    let end = rest[1..].find('$')? + 2;
    let tag = &rest[..end];
    let inside = &tag[1..tag.len() - 1];
    let fits = |c: char| c.is_alphanumeric() || c == '_';
    let starts_with_digit = inside.starts_with(|c: char| c.is_ascii_digit());
    (inside.chars().all(fits) && !starts_with_digit).then_some(tag)
}

/// The length of the quoted text that `rest` begins with; a doubled quote and, in MySQL's strings, a backslash hide one.
fn quoted(dialect: Dialect, rest: &str, quote: char) -> Option<usize> {
    let mut chars = rest.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        if c == '\\' && quote != '`' && dialect == Dialect::Mysql {
            chars.next();
        } else if c == quote {
            match chars.peek() {
                Some((_, next)) if *next == quote => {
                    chars.next();
                }
                _ => return Some(at + 1),
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_leave_comments_out() {
        let found = tokens(Dialect::Mysql, "RENAME /* x */ TABLE `a``b` TO c, 'd' -- e");
        let names: Vec<_> = found.iter().filter_map(Token::name).collect();
        assert_eq!(names, ["RENAME", "TABLE", "a`b", "TO", "c"]);
        assert_eq!(found[5], Token::Sign(','));
        assert_eq!(found[6], Token::Text("'d'"));
    }

    #[test]
    fn what_is_never_closed_is_found_with_its_line() {
        use Dialect::{Mysql, Postgres, Sqlite};
        for (dialect, sql, expected) in [
            (
                Mysql,
                "SELECT 1;\n/* one\nSELECT 2;\n",
                Some(("comment", 2)),
            ),
            (Mysql, "SELECT 'it\\';\n", Some(("string", 1))),
            (Mysql, "SELECT 1;\nSELECT \"a;", Some(("string", 2))),
            (Mysql, "SELECT `a;", Some(("quoted name", 1))),
            (Mysql, "-- it's /* so\nSELECT 1; # don't", None),
            (Mysql, "SELECT 1 /* /* */;", None),
            (
                Mysql,
                "CREATE TRIGGER a BEFORE INSERT ON t FOR EACH ROW BEGIN SELECT 1; END",
                None,
            ),
            (Postgres, "SELECT 1 /* /* */;", Some(("comment", 1))),
            (
                Postgres,
                "DO $$ BEGIN\nEND;\nSELECT $1;",
                Some(("dollar-quoted string", 1)),
            ),
            (Postgres, "DO $a$ $$ $a$; SELECT 'a\\', E'b\\'', $1", None),
            (Postgres, "\n\nSELECT E'b\\';", Some(("string", 3))),
            (Sqlite, "SELECT [it's], 'it''s'; -- \"", None),
            (Sqlite, "SELECT \"a\"\"b;", Some(("quoted name", 1))),
            (Sqlite, "SELECT 1; /*", Some(("comment", 1))),
            (Sqlite, "", None),
        ] {
            assert_eq!(unclosed(dialect, sql), expected, "{sql}");
        }
    }
}
