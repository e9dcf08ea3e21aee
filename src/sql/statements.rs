//! A script of MySQL or PostgreSQL cut into its statements, so that each can be run and counted alone: pure.
//!
//! Semicolons in quotes, comments and the bodies of triggers and routines end nothing. `DELIMITER`, a command of the
//! `mysql` client, is understood.
//!
//! It does not use [`super::tokens`], because it cuts text that it must not understand. A server may know syntax that
//! sqlparser's tokenizer refuses, and a refusal ends the list of tokens, where here every byte belongs to a statement. What
//! MySQL runs from comments (`/*!40101 … */`) and what `DELIMITER` changes are no tokens there. And statements are
//! counted: a migration that stopped goes on at a number, so that a newer sqlparser must not cut a file differently.

use super::Dialect;

mod lexer;

pub(crate) use lexer::{Token, spans, tokens, unclosed};
use lexer::{end_of_token, is_word};

/// The statements of `sql`, without the comments before them.
pub(crate) fn split(dialect: Dialect, sql: &str) -> Vec<&str> {
    let mut splitter = Splitter {
        dialect,
        sql,
        at: 0,
        start: 0,
        delimiter: ";",
        words: Words::default(),
        found: Vec::new(),
    };
    splitter.run();
    splitter.found
}

/// The words of the open statement, as far as they tell whether its body is a program.
#[derive(Default)]
struct Words {
    /// The first words, in capitals.
    first: Vec<String>,
    last: String,
    /// Blocks that are open: `BEGIN`, `CASE`, `IF`, loops.
    depth: usize,
}

impl Words {
    /// Takes a word, or a sign that may stand before one.
    fn take(&mut self, text: &str) {
        const LOOPS: [&str; 5] = ["IF", "LOOP", "WHILE", "REPEAT", "FOR"];
        const STARTS: [&str; 9] = [
            "BEGIN", "THEN", "ELSE", ";", "DO", "LOOP", "REPEAT", "ROW", ":",
        ];
        let word = text.to_ascii_uppercase();
        if self.first.len() < 12 {
            self.first.push(word.clone());
        }
        // MariaDB runs a block by itself; a bare BEGIN starts a transaction.
        if self.first == ["BEGIN", "NOT"] && self.last == "BEGIN" {
            self.depth = 1;
        }
        if self.is_program() {
            let after_end = self.last == "END";
            let starts = STARTS.contains(&self.last.as_str());
            match word.as_str() {
                "END" => self.depth = self.depth.saturating_sub(1),
                "BEGIN" => self.depth += 1,
                "CASE" if !after_end => self.depth += 1,
                word if LOOPS.contains(&word) && starts => self.depth += 1,
                _ => {}
            }
        }
        self.last = word;
    }

    /// Whether semicolons may belong to the statement's own body.
    fn is_program(&self) -> bool {
        let is_one_of = |words: &[&str]| {
            self.first
                .first()
                .is_some_and(|first| words.contains(&first.as_str()))
        };
        if is_one_of(&["BEGIN"]) {
            return self.first.get(1).is_some_and(|word| word == "NOT");
        }
        let plain = [
            "TABLE",
            "INDEX",
            "VIEW",
            "DATABASE",
            "SCHEMA",
            "TEMPORARY",
            "UNIQUE",
            "(",
        ];
        let programs = ["TRIGGER", "PROCEDURE", "FUNCTION", "EVENT", "PACKAGE"];
        is_one_of(&["CREATE", "ALTER"])
            && self
                .first
                .iter()
                .take_while(|word| !plain.contains(&word.as_str()))
                .any(|word| programs.contains(&word.as_str()))
    }
}

struct Splitter<'a> {
    dialect: Dialect,
    sql: &'a str,
    at: usize,
    /// Where the open statement begins.
    start: usize,
    delimiter: &'a str,
    words: Words,
    found: Vec<&'a str>,
}

impl<'a> Splitter<'a> {
    fn run(&mut self) {
        while self.at < self.sql.len() {
            let rest = &self.sql[self.at..];
            let ends = rest.starts_with(self.delimiter);
            if ends && (self.delimiter != ";" || self.words.depth == 0) {
                self.end(self.delimiter.len());
                continue;
            }
            let first = rest.chars().next().unwrap_or(' ');
            let next = self.end_of_token(first);
            let text = &self.sql[self.at..next];
            let token = Token::new(self.dialect, first, text);
            let is_first = token.is_some() && self.words.first.is_empty();
            if is_first {
                self.start = self.at;
            }
            if is_first && self.dialect == Dialect::Mysql && text.eq_ignore_ascii_case("DELIMITER")
            {
                self.set_delimiter(next);
                continue;
            }
            match token {
                Some(Token::Word(word)) => self.words.take(word),
                Some(Token::Sign(_)) => self.words.take(text),
                Some(Token::Name(_) | Token::Text(_)) => self.words.take("?"),
                // What the server runs although it looks like a comment.
                None if text.starts_with("/*!") || text.starts_with("/*M!") => {
                    if self.words.first.is_empty() {
                        self.start = self.at;
                    }
                    self.words.take("?");
                }
                None => {}
            }
            self.at = next;
        }
        self.end(0);
    }

    /// The end of the token at hand; `END$$` is a word and a delimiter.
    fn end_of_token(&self, first: char) -> usize {
        let next = end_of_token(self.dialect, self.sql, self.at);
        let text = &self.sql[self.at..next];
        let is_word = self.delimiter != ";" && is_word(first);
        match text.find(self.delimiter).filter(|_| is_word) {
            Some(at) => self.at + at,
            None => next,
        }
    }

    /// Ends the open statement before a delimiter of this length.
    fn end(&mut self, length: usize) {
        if !self.words.first.is_empty() {
            self.found.push(self.sql[self.start..self.at].trim_end());
        }
        self.at += length;
        self.words = Words::default();
    }

    /// The rest of the line is the new delimiter.
    fn set_delimiter(&mut self, from: usize) {
        let line = self.sql[from..].split('\n').next().unwrap_or_default();
        let wanted = line.split_whitespace().next().unwrap_or(";");
        self.delimiter = wanted;
        self.at = (from + line.len() + 1).min(self.sql.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_of_mysql_end_outside_of_quotes_comments_and_bodies() {
        for (sql, expected) in [
            ("", vec![]),
            ("-- Only a title.\n\n-- Nothing.\n;;\n", vec![]),
            ("SELECT 1;", vec!["SELECT 1"]),
            (
                "-- a;b\nSELECT ';', \"x;\", `;`;\nSELECT 2",
                vec!["SELECT ';', \"x;\", `;`", "SELECT 2"],
            ),
            (
                "SELECT 'it''s; \\'; ;';SELECT 2;",
                vec!["SELECT 'it''s; \\'; ;'", "SELECT 2"],
            ),
            ("SELECT 1 /* ; */, 2; # ;\n", vec!["SELECT 1 /* ; */, 2"]),
            ("SELECT 1--2;", vec!["SELECT 1--2"]),
            ("--\tone;\nSELECT 1; --", vec!["SELECT 1"]),
            (
                "SELECT 'ä;ö'; SELECT 'unclosed;",
                vec!["SELECT 'ä;ö'", "SELECT 'unclosed;"],
            ),
            (
                "CREATE TABLE event (begin int, function int); DROP TABLE `trigger`; -- BEGIN\nSELECT 1",
                vec![
                    "CREATE TABLE event (begin int, function int)",
                    "DROP TABLE `trigger`",
                    "SELECT 1",
                ],
            ),
            (
                "CREATE DEFINER=`a`@`b` TRIGGER t BEFORE INSERT ON x FOR EACH ROW BEGIN\n IF NEW.a THEN SET NEW.a = \
                 CASE WHEN 1 THEN 2 END; END IF;\nEND;\nSELECT 1;",
                vec![
                    "CREATE DEFINER=`a`@`b` TRIGGER t BEFORE INSERT ON x FOR EACH ROW BEGIN\n IF NEW.a THEN SET NEW.a = \
                 CASE WHEN 1 THEN 2 END; END IF;\nEND",
                    "SELECT 1",
                ],
            ),
            (
                "CREATE TRIGGER t BEFORE INSERT ON x FOR EACH ROW IF NEW.a IS NULL THEN SET NEW.a = 1; END IF; SELECT 1",
                vec![
                    "CREATE TRIGGER t BEFORE INSERT ON x FOR EACH ROW IF NEW.a IS NULL THEN SET NEW.a = 1; END IF",
                    "SELECT 1",
                ],
            ),
            (
                "CREATE PROCEDURE p() BEGIN w: WHILE 1 DO SELECT IF(1, 2, 3); LEAVE w; END WHILE; REPEAT SELECT 1; UNTIL 1 \
                 END REPEAT; CASE 1 WHEN 1 THEN SELECT 1; END CASE; END; SELECT 1",
                vec![
                    "CREATE PROCEDURE p() BEGIN w: WHILE 1 DO SELECT IF(1, 2, 3); LEAVE w; END WHILE; REPEAT SELECT 1; UNTIL 1 \
                 END REPEAT; CASE 1 WHEN 1 THEN SELECT 1; END CASE; END",
                    "SELECT 1",
                ],
            ),
            (
                "BEGIN; UPDATE t SET a = 1; COMMIT; BEGIN NOT ATOMIC SELECT 1; END; SELECT 2",
                vec![
                    "BEGIN",
                    "UPDATE t SET a = 1",
                    "COMMIT",
                    "BEGIN NOT ATOMIC SELECT 1; END",
                    "SELECT 2",
                ],
            ),
            (
                "DELIMITER //\nCREATE PROCEDURE p() BEGIN SELECT 1; END //\ndelimiter ;\nSELECT 2;",
                vec!["CREATE PROCEDURE p() BEGIN SELECT 1; END", "SELECT 2"],
            ),
            (
                "DELIMITER $$\r\nCREATE PROCEDURE p() BEGIN SELECT '$$'; END$$\r\nDELIMITER ;\r\nSELECT 2;",
                vec!["CREATE PROCEDURE p() BEGIN SELECT '$$'; END", "SELECT 2"],
            ),
            (
                "/*!40101 SET NAMES utf8 */; SELECT 1",
                vec!["/*!40101 SET NAMES utf8 */", "SELECT 1"],
            ),
        ] {
            assert_eq!(split(Dialect::Mysql, sql), expected, "{sql}");
        }
    }

    #[test]
    fn statements_of_postgresql_end_outside_of_quotes_comments_and_bodies() {
        for (sql, expected) in [
            (
                "DO $$ BEGIN PERFORM 1; END $$; SELECT $1, $x$;$x$ /* /* ; */ ; */; SELECT 'a\\'; SELECT 2",
                vec![
                    "DO $$ BEGIN PERFORM 1; END $$",
                    "SELECT $1, $x$;$x$ /* /* ; */ ; */",
                    "SELECT 'a\\'",
                    "SELECT 2",
                ],
            ),
            ("SELECT 1--;\n;SELECT 2", vec!["SELECT 1--;", "SELECT 2"]),
        ] {
            assert_eq!(split(Dialect::Postgres, sql), expected, "{sql}");
        }
    }
}
