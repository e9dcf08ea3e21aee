//! A place in the tokens of a statement.

use super::super::statement::Name;
use crate::sql::tokens::{Token, TokenKind};

#[derive(Clone)]
pub(super) struct Cursor<'a> {
    tokens: &'a [Token],
}

impl<'a> Cursor<'a> {
    pub(super) fn new(tokens: &'a [Token]) -> Self {
        Self { tokens }
    }

    pub(super) fn rest(&self) -> &'a [Token] {
        self.tokens
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.tokens.is_empty()
    }

    pub(super) fn peek(&self, keyword: &str) -> bool {
        self.tokens.first().is_some_and(|token| token.is(keyword))
    }

    /// Takes the keyword or symbol, if it is next.
    pub(super) fn eat(&mut self, keyword: &str) -> bool {
        let there = self.peek(keyword);
        if there {
            self.tokens = &self.tokens[1..];
        }
        there
    }

    /// Takes all of the keywords, if they are next.
    pub(super) fn eats(&mut self, keywords: &[&str]) -> bool {
        let there = self.tokens.len() >= keywords.len()
            && keywords
                .iter()
                .zip(self.tokens)
                .all(|(keyword, token)| token.is(keyword));
        if there {
            self.tokens = &self.tokens[keywords.len()..];
        }
        there
    }

    /// Takes whatever is next.
    pub(super) fn take(&mut self) -> Option<&'a Token> {
        let (first, rest) = self.tokens.split_first()?;
        self.tokens = rest;
        Some(first)
    }

    /// Takes a bare word; in capitals.
    pub(super) fn word(&mut self) -> Option<String> {
        match &self.tokens.first()?.kind {
            TokenKind::Word(word) => {
                let word = word.to_ascii_uppercase();
                self.take();
                Some(word)
            }
            _ => None,
        }
    }

    /// Takes one part of a name. MySQL takes strings for some, SQLite for all.
    pub(super) fn part(&mut self) -> Option<String> {
        match &self.tokens.first()?.kind {
            TokenKind::Word(name) | TokenKind::Quoted(name) | TokenKind::Text(name) => {
                self.take();
                Some(name.clone())
            }
            _ => None,
        }
    }

    /// Takes a name, with its schema where there is one.
    pub(super) fn name(&mut self) -> Option<Name> {
        let mut name = Name {
            schema: None,
            name: self.part()?,
        };
        while self.eat(".") {
            let part = self.part()?;
            name.schema = Some(std::mem::replace(&mut name.name, part));
        }
        // PostgreSQL's old way to include what inherits.
        self.eat("*");
        Some(name)
    }

    /// Takes names with commas between.
    pub(super) fn names(&mut self) -> Option<Vec<Name>> {
        let mut names = vec![self.name()?];
        while self.eat(",") {
            self.eat("ONLY");
            names.push(self.name()?);
        }
        Some(names)
    }

    /// Takes what is in parentheses, without them; `None` where there are none.
    pub(super) fn parenthesized(&mut self) -> Option<&'a [Token]> {
        if !self.peek("(") {
            return None;
        }
        let mut depth = 0_usize;
        for (number, token) in self.tokens.iter().enumerate() {
            if token.is("(") {
                depth += 1;
            } else if token.is(")") {
                depth -= 1;
                if depth == 0 {
                    let inside = &self.tokens[1..number];
                    self.tokens = &self.tokens[number + 1..];
                    return Some(inside);
                }
            }
        }
        // Never closed: all of it.
        let inside = &self.tokens[1..];
        self.tokens = &[];
        Some(inside)
    }

    /// Takes a list in parentheses; its items that start with a name and are no call.
    pub(super) fn bare_names(&mut self) -> Vec<String> {
        let items = commas(self.parenthesized().unwrap_or_default());
        let names = items.into_iter().filter_map(|item| {
            let mut item = Cursor::new(item);
            let name = item.part()?;
            (!item.peek("(")).then_some(name)
        });
        names.collect()
    }

    /// Whether the keyword comes later, outside of parentheses.
    pub(super) fn rest_has(&self, keyword: &str) -> bool {
        let mut depth = 0_usize;
        for token in self.tokens {
            if token.is("(") {
                depth += 1;
            } else if token.is(")") {
                depth = depth.saturating_sub(1);
            } else if depth == 0 && token.is(keyword) {
                return true;
            }
        }
        false
    }

    /// Whether an option is given: `VACUUM FULL`, `VACUUM (FULL)`, but not `VACUUM (FULL off)`.
    pub(super) fn option(&self, keyword: &str) -> bool {
        let mut list = self.clone();
        let inside = list.parenthesized().unwrap_or_default();
        let on = |option: &[Token]| {
            let off = ["FALSE", "OFF", "0"];
            option.first().is_some_and(|token| token.is(keyword))
                && !option.get(1).is_some_and(|value| {
                    off.iter()
                        .any(|word| value.text().eq_ignore_ascii_case(word))
                })
        };
        commas(inside).into_iter().any(on) || self.rest_has(keyword)
    }
}

/// The parts between commas outside of parentheses and brackets.
pub(super) fn commas(tokens: &[Token]) -> Vec<&[Token]> {
    let mut parts = Vec::new();
    let mut depth = 0_usize;
    let mut start = 0;
    for (number, token) in tokens.iter().enumerate() {
        if token.is("(") || token.is("[") {
            depth += 1;
        } else if token.is(")") || token.is("]") {
            depth = depth.saturating_sub(1);
        } else if depth == 0 && token.is(",") {
            parts.push(&tokens[start..number]);
            start = number + 1;
        }
    }
    parts.push(&tokens[start..]);
    parts.retain(|part| !part.is_empty());
    parts
}
