//! An SQLite `CREATE TABLE` taken apart, so that one part can change while the others stay as they are written.

use crate::sql::Dialect;
use crate::sql::tokens::{Token, TokenKind, tokenize};

mod parser;

use parser::Parser;

/// A table as its stored text defines it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Definition {
    pub(super) columns: Vec<ColumnDefinition>,
    /// Constraints that follow the columns.
    pub(super) constraints: Vec<Clause>,
    /// What follows the closing bracket: `WITHOUT ROWID, STRICT`.
    pub(super) options: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ColumnDefinition {
    pub(super) name: String,
    /// The name as it is written.
    pub(super) written: String,
    pub(super) kind: String,
    pub(super) clauses: Vec<Clause>,
}

/// A constraint of a column or of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Clause {
    pub(super) kind: ClauseKind,
    pub(super) text: String,
    /// Its meaning without its name, to compare with others.
    pub(super) key: String,
    /// The name of the constraint.
    pub(super) name: Option<String>,
    /// The columns of a key; for an expression, the names in it.
    pub(super) names: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ClauseKind {
    PrimaryKey,
    NotNull,
    Unique,
    Check,
    Default,
    Collate,
    Reference,
    Generated,
}

impl Definition {
    /// # Errors
    /// What in the text is not understood.
    pub(crate) fn parse(sql: &str) -> Result<Self, String> {
        let mut script = tokenize(Dialect::Sqlite, sql);
        if let Some((_, why)) = script.broken {
            return Err(why);
        }
        if script.statements.len() != 1 {
            return Err("it is not one statement".into());
        }
        let tokens = script.statements.remove(0).tokens;
        let mut parser = Parser {
            sql,
            tokens: &tokens,
            at: 0,
        };
        parser.definition()
    }

    /// The statement that makes the table under `name`, which is in quotes already.
    pub(super) fn create(&self, name: &str) -> String {
        let columns = self.columns.iter().map(ColumnDefinition::text);
        let constraints = self.constraints.iter().map(|clause| clause.text.clone());
        let lines: Vec<String> = columns.chain(constraints).collect();
        let mut text = format!("CREATE TABLE {name} (\n    {}\n)", lines.join(",\n    "));
        if !self.options.is_empty() {
            text.push(' ');
            text.push_str(&self.options);
        }
        text
    }

    pub(super) fn column(&self, name: &str) -> Option<&ColumnDefinition> {
        self.columns.iter().find(|column| column.is(name))
    }

    pub(super) fn has_option(&self, word: &str) -> bool {
        let script = tokenize(Dialect::Sqlite, &self.options);
        let mut tokens = script.statements.iter().flat_map(|s| &s.tokens);
        tokens.any(|token| token.is(word))
    }

    /// The columns of the primary key.
    pub(super) fn primary_key(&self) -> Vec<&str> {
        let own = self.columns.iter().filter(|column| {
            let mut clauses = column.clauses.iter();
            clauses.any(|clause| clause.kind == ClauseKind::PrimaryKey)
        });
        let own: Vec<&str> = own.map(|column| column.name.as_str()).collect();
        if !own.is_empty() {
            return own;
        }
        let mut keys = self.constraints.iter();
        let key = keys.find(|clause| clause.kind == ClauseKind::PrimaryKey);
        key.map(|clause| clause.names.iter().map(String::as_str).collect())
            .unwrap_or_default()
    }

    /// Whether the number of a row is a column, or there is none.
    pub(super) fn keeps_row_numbers(&self) -> bool {
        if self.has_option("ROWID") {
            return true;
        }
        match self.primary_key().as_slice() {
            [only] => self
                .column(only)
                .is_some_and(|column| column.kind.eq_ignore_ascii_case("integer")),
            _ => false,
        }
    }

    pub(super) fn counts_up(&self) -> bool {
        let mut clauses = self.columns.iter().flat_map(|column| &column.clauses);
        clauses.any(|clause| {
            clause.kind == ClauseKind::PrimaryKey && clause.key.ends_with("autoincrement")
        })
    }
}

impl ColumnDefinition {
    pub(super) fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    pub(super) fn is_generated(&self) -> bool {
        let mut clauses = self.clauses.iter();
        clauses.any(|clause| clause.kind == ClauseKind::Generated)
    }

    pub(super) fn text(&self) -> String {
        let mut words = vec![self.written.as_str()];
        if !self.kind.is_empty() {
            words.push(&self.kind);
        }
        words.extend(self.clauses.iter().map(|clause| clause.text.as_str()));
        words.join(" ")
    }
}

impl Clause {
    pub(super) fn mentions(&self, column: &str) -> bool {
        self.names
            .iter()
            .any(|name| name.eq_ignore_ascii_case(column))
    }
}

/// The names in an expression that may be columns: words and quoted names that are not called.
pub(super) fn names_in(tokens: &[Token]) -> Vec<String> {
    let mut names = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let called = tokens.get(at + 1).is_some_and(|next| next.is("("));
        let quoted = matches!(token.kind, TokenKind::Quoted(_));
        if let Some(name) = token.name().filter(|_| quoted || !called) {
            names.push(name.to_owned());
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(sql: &str) -> String {
        let definition = Definition::parse(sql).expect(sql);
        let clauses = |clauses: &[Clause]| -> Vec<String> {
            let texts = clauses.iter().map(|clause| format!("[{}]", clause.text));
            texts.collect()
        };
        let columns = definition.columns.iter().map(|column| {
            format!(
                "{}:{}{}",
                column.name,
                column.kind,
                clauses(&column.clauses).concat()
            )
        });
        let mut all: Vec<String> = columns.collect();
        all.extend(clauses(&definition.constraints));
        all.push(definition.options.clone());
        all.join(" ")
    }

    #[test]
    fn every_clause_is_found() {
        for (sql, expected) in [
            ("CREATE TABLE t(a)", "a: "),
            (
                "CREATE TABLE \"t\" (\"id\" integer NOT NULL PRIMARY KEY AUTOINCREMENT, \"a b\" varchar(20) COLLATE NOCASE \
                 DEFAULT 'x, y' CHECK (\"a b\" <> ')') UNIQUE ON CONFLICT IGNORE) STRICT, WITHOUT ROWID",
                "id:integer[NOT NULL][PRIMARY KEY AUTOINCREMENT] a b:varchar(20)[COLLATE NOCASE][DEFAULT 'x, y']\
                 [CHECK (\"a b\" <> ')')][UNIQUE ON CONFLICT IGNORE] STRICT, WITHOUT ROWID",
            ),
            (
                "create table if not exists main.t (\n  a double precision default -1.5 null, -- a remark, with (\n  [b] \
                 references p(id) on delete set null on update no action not deferrable initially deferred not null,\n \
                 c int generated always as (a * (2)) stored check(c>0)\n, constraint ck check (a < c) primary key (a, b \
                 desc) on conflict fail, foreign key (a,c) references q match full on delete set default)",
                "a:double precision[default -1.5][null] b:[references p(id) on delete set null on update no action not \
                 deferrable initially deferred][not null] c:int[generated always as (a * (2)) stored][check(c>0)] \
                 [constraint ck check (a < c)] [primary key (a, b desc) on conflict fail] [foreign key (a,c) references q \
                 match full on delete set default] ",
            ),
            (
                "CREATE TABLE t (a int CONSTRAINT n NOT NULL DEFAULT (CASE WHEN 1 THEN ')' END), 'b' text AS (a) , \
                 unique (a, b))",
                "a:int[CONSTRAINT n NOT NULL][DEFAULT (CASE WHEN 1 THEN ')' END)] b:text[AS (a)] [unique (a, b)] ",
            ),
        ] {
            assert_eq!(parts(sql), expected, "{sql}");
        }
    }

    #[test]
    fn what_is_no_definition_is_refused() {
        for sql in [
            "",
            "CREATE TABLE t",
            "CREATE TABLE t (a int",
            "CREATE TABLE t (1 int)",
            "CREATE TABLE t (a text DEFAULT 'x",
        ] {
            assert!(Definition::parse(sql).is_err(), "{sql}");
        }
    }

    #[test]
    fn a_definition_means_the_same_after_it_was_written_again() {
        let sql = "CREATE TABLE t (a int CHECK (a > 0), \"b\" text COLLATE RTRIM, UNIQUE (a, b)) WITHOUT ROWID";
        let definition = Definition::parse(sql).expect("it is one");
        let again = Definition::parse(&definition.create("\"t__new\"")).expect("it is one");
        assert_eq!(again, definition);
        assert_eq!(again.primary_key(), Vec::<&str>::new());
        assert!(again.has_option("rowid") && !again.counts_up());
    }
}
