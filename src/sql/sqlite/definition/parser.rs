//! Reads `CREATE TABLE`.

use crate::sql::tokens::{Token, TokenKind, normalized};

use super::{Clause, ClauseKind, ColumnDefinition, Definition, names_in};

pub(super) struct Parser<'a> {
    pub(super) sql: &'a str,
    pub(super) tokens: &'a [Token],
    pub(super) at: usize,
}

impl Parser<'_> {
    pub(super) fn definition(&mut self) -> Result<Definition, String> {
        self.at = self
            .tokens
            .iter()
            .position(|token| token.is("("))
            .ok_or("it lists no columns")?
            + 1;
        let mut columns: Vec<ColumnDefinition> = Vec::new();
        let mut constraints = Vec::new();
        loop {
            if self.is_any(&["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"]) {
                constraints.push(self.clause()?);
            } else if self.is(",") {
                self.at += 1;
            } else if self.is(")") {
                self.at += 1;
                break;
            } else if self.at < self.tokens.len() {
                columns.push(self.column()?);
            } else {
                return Err("its bracket is not closed".into());
            }
        }
        let options = match self.tokens.get(self.at) {
            Some(first) => {
                let end = self.tokens.last().map_or(0, |last| last.span.end);
                self.sql[first.span.start..end].to_owned()
            }
            None => String::new(),
        };
        Ok(Definition {
            columns,
            constraints,
            options,
        })
    }

    fn column(&mut self) -> Result<ColumnDefinition, String> {
        let start = self.at;
        let token = &self.tokens[start];
        let name = match &token.kind {
            TokenKind::Text(name) => name.clone(),
            _ => token
                .name()
                .ok_or_else(|| format!("`{}` is not a name", self.text(start, start + 1)))?
                .to_owned(),
        };
        self.at += 1;
        let kind_start = self.at;
        while self.at < self.tokens.len() && !self.starts_clause() && !self.is_any(&[",", ")"]) {
            self.group_or_one();
        }
        let kind = self.text(kind_start, self.at);
        let mut clauses = Vec::new();
        while self.starts_clause() {
            let mut clause = self.clause()?;
            if clause.names.is_empty() {
                clause.names.push(name.clone());
            }
            clauses.push(clause);
        }
        Ok(ColumnDefinition {
            name,
            written: self.text(start, start + 1),
            kind,
            clauses,
        })
    }

    fn starts_clause(&self) -> bool {
        self.is_any(&[
            "CONSTRAINT",
            "PRIMARY",
            "NOT",
            "NULL",
            "UNIQUE",
            "CHECK",
            "DEFAULT",
            "COLLATE",
            "REFERENCES",
            "GENERATED",
            "AS",
        ])
    }

    fn clause(&mut self) -> Result<Clause, String> {
        let start = self.at;
        let mut name = None;
        if self.skip("CONSTRAINT") {
            name = self
                .tokens
                .get(self.at)
                .and_then(Token::name)
                .map(str::to_owned);
            self.at += 1;
        }
        let body = self.at;
        let (kind, names) = self.clause_body()?;
        let tokens = self.tokens.get(body..self.at).ok_or("it ends too early")?;
        Ok(Clause {
            kind,
            text: self.text(start, self.at),
            key: normalized(tokens),
            name,
            names,
        })
    }

    fn clause_body(&mut self) -> Result<(ClauseKind, Vec<String>), String> {
        let first = self.at;
        self.at += 1;
        let word = self.tokens.get(first).ok_or("it ends too early")?;
        Ok(if word.is("PRIMARY") {
            self.skip("KEY");
            let names = self.list();
            let _ = self.skip("ASC") || self.skip("DESC");
            self.on_conflict();
            self.skip("AUTOINCREMENT");
            (ClauseKind::PrimaryKey, names)
        } else if word.is("NOT") || word.is("NULL") {
            self.skip("NULL");
            self.on_conflict();
            (ClauseKind::NotNull, Vec::new())
        } else if word.is("UNIQUE") {
            let names = self.list();
            self.on_conflict();
            (ClauseKind::Unique, names)
        } else if word.is("CHECK") {
            let names = self.expression();
            self.on_conflict();
            (ClauseKind::Check, names)
        } else if word.is("DEFAULT") {
            let _ = self.skip("-") || self.skip("+");
            self.group_or_one();
            (ClauseKind::Default, Vec::new())
        } else if word.is("COLLATE") {
            self.at += 1;
            (ClauseKind::Collate, Vec::new())
        } else if word.is("GENERATED") || word.is("AS") {
            self.skip("ALWAYS");
            self.skip("AS");
            let names = self.expression();
            let _ = self.skip("STORED") || self.skip("VIRTUAL");
            (ClauseKind::Generated, names)
        } else if word.is("FOREIGN") {
            self.skip("KEY");
            let names = self.list();
            self.skip("REFERENCES");
            self.reference();
            (ClauseKind::Reference, names)
        } else if word.is("REFERENCES") {
            self.reference();
            (ClauseKind::Reference, Vec::new())
        } else {
            return Err(format!(
                "`{}` is not understood",
                self.text(first, first + 1)
            ));
        })
    }

    /// What follows `REFERENCES`.
    fn reference(&mut self) {
        self.at += 1;
        if self.is("(") {
            self.group_or_one();
        }
        loop {
            if self.skip("ON") {
                self.at += 1;
                let _ = self.skip("SET") || self.skip("NO");
                self.at += 1;
            } else if self.skip("MATCH") {
                self.at += 1;
            } else if self.is("NOT") && self.next_is("DEFERRABLE") {
                self.at += 2;
            } else if self.skip("INITIALLY") {
                self.at += 1;
            } else if !self.skip("DEFERRABLE") {
                return;
            }
        }
    }

    fn on_conflict(&mut self) {
        if self.is("ON") && self.next_is("CONFLICT") {
            self.at += 3;
        }
    }

    /// The names in brackets, each with what may follow it; none where there are no brackets.
    fn list(&mut self) -> Vec<String> {
        if !self.is("(") {
            return Vec::new();
        }
        let start = self.at + 1;
        self.group_or_one();
        let inside = &self.tokens[start..self.at.saturating_sub(1).max(start)];
        let items = inside.split(|token| token.is(","));
        items
            .filter_map(|item| item.first()?.name().map(str::to_owned))
            .collect()
    }

    /// The names in the brackets of an expression.
    fn expression(&mut self) -> Vec<String> {
        let start = self.at;
        self.group_or_one();
        names_in(&self.tokens[start..self.at.min(self.tokens.len())])
    }

    /// Steps over one token, or over brackets and all that they hold.
    fn group_or_one(&mut self) {
        let mut depth = 0usize;
        while let Some(token) = self.tokens.get(self.at) {
            self.at += 1;
            if token.is("(") {
                depth += 1;
            } else if token.is(")") {
                depth = depth.saturating_sub(1);
            }
            if depth == 0 {
                return;
            }
        }
    }

    fn is(&self, word: &str) -> bool {
        self.tokens.get(self.at).is_some_and(|token| token.is(word))
    }

    fn is_any(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.is(word))
    }

    fn next_is(&self, word: &str) -> bool {
        self.tokens
            .get(self.at + 1)
            .is_some_and(|token| token.is(word))
    }

    fn skip(&mut self, word: &str) -> bool {
        let found = self.is(word);
        self.at += usize::from(found);
        found
    }

    fn text(&self, start: usize, end: usize) -> String {
        match (self.tokens.get(start), self.tokens.get(end.wrapping_sub(1))) {
            (Some(first), Some(last)) if start < end => {
                self.sql[first.span.start..last.span.end].to_owned()
            }
            _ => String::new(),
        }
    }
}
