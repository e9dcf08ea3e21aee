//! What a statement does to MySQL, as far as it matters for running it a second time: pure.

use crate::sql::Dialect;
use crate::sql::statements::{Token, tokens};

/// How a statement is run, and what tells afterwards whether it has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// Changes rows, or something that is no part of the schema: runs in a transaction with the note that it ran.
    Rows,
    /// Changes the connection alone, so that every connection that goes on needs it.
    Session,
    /// Makes or drops a table that goes away with the connection.
    Temporary { name: String, drops: bool },
    /// Begins, ends or rolls back a transaction of the author's own.
    Transaction(Boundary),
    /// May run twice: `IF EXISTS`, `OR REPLACE`, `TRUNCATE`.
    Repeatable,
    /// Makes, changes or drops tables, by name.
    Tables(Vec<String>),
    /// Makes or drops something else that has a name: a view, a trigger, a routine.
    Object(Object),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Boundary {
    Begin,
    End,
}

/// A view, trigger, routine or event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Object {
    /// As in `SHOW CREATE`: `VIEW`, `TRIGGER`, `PROCEDURE`, `FUNCTION`, `EVENT`.
    pub(super) kind: &'static str,
    pub(super) name: String,
    pub(super) drops: bool,
}

const OBJECTS: [&str; 5] = ["VIEW", "TRIGGER", "PROCEDURE", "FUNCTION", "EVENT"];

impl Effect {
    pub(super) fn of_statement(statement: &str) -> Self {
        let words = tokens(Dialect::Mysql, statement);
        let is = |at: usize, keyword: &str| words.get(at).is_some_and(|word| word.is(keyword));
        let has = |keyword: &str| words.iter().any(|word| word.is(keyword));
        let Some(first) = words.first() else {
            return Self::Session;
        };
        let Token::Word(first) = first else {
            return Self::Rows;
        };
        match first.to_ascii_uppercase().as_str() {
            "SET" => match ["GLOBAL", "PERSIST", "@@GLOBAL", "PASSWORD"]
                .iter()
                .any(|w| is(1, w))
            {
                true => Self::Repeatable,
                false => Self::Session,
            },
            "USE" | "PREPARE" | "DEALLOCATE" | "SELECT" | "DO" | "SHOW" | "LOCK" | "UNLOCK" => {
                Self::Session
            }
            "BEGIN" if words.len() <= 2 => Self::Transaction(Boundary::Begin),
            "START" if is(1, "TRANSACTION") => Self::Transaction(Boundary::Begin),
            "COMMIT" => Self::Transaction(Boundary::End),
            "ROLLBACK" if !has("TO") => Self::Transaction(Boundary::End),
            "TRUNCATE" | "ANALYZE" | "OPTIMIZE" | "CHECK" | "FLUSH" | "GRANT" | "REVOKE" => {
                Self::Repeatable
            }
            "RENAME" if is(1, "TABLE") || is(1, "TABLES") => Self::Tables(renamed(&words[2..])),
            "CREATE" => created(&words),
            "ALTER" => altered(&words),
            "DROP" => dropped(&words),
            _ => Self::Rows,
        }
    }
}

/// The name that starts at `at`, as `table` or `schema.table`.
fn name_at(words: &[Token], at: usize) -> Option<String> {
    let name = words.get(at)?.name()?;
    match (words.get(at + 1), words.get(at + 2).and_then(Token::name)) {
        (Some(Token::Sign('.')), Some(table)) => Some(format!("{name}.{table}")),
        _ => Some(name),
    }
}

fn position(words: &[Token], keyword: &str) -> Option<usize> {
    words.iter().position(|word| word.is(keyword))
}

fn repeats(words: &[Token]) -> bool {
    let pair = |a: &str, b: &str| {
        let mut pairs = words.windows(2);
        pairs.any(|pair| pair[0].is(a) && pair[1].is(b))
    };
    let head_ends = words.iter().position(|word| *word == Token::Sign('('));
    let head = &words[..head_ends.unwrap_or(words.len())];
    let in_head = |word: &str| head.iter().any(|token| token.is(word));
    (in_head("IF") && in_head("EXISTS")) || pair("OR", "REPLACE")
}

fn renamed(words: &[Token]) -> Vec<String> {
    let mut tables = Vec::new();
    let mut expected = true;
    for at in 0..words.len() {
        if expected {
            tables.extend(name_at(words, at));
        }
        expected = words[at] == Token::Sign(',') || words[at].is("TO");
    }
    tables
}

fn created(words: &[Token]) -> Effect {
    if words.get(1).is_some_and(|word| word.is("TEMPORARY")) {
        return temporary(words, false);
    }
    if repeats(words) {
        return Effect::Repeatable;
    }
    let table = |at: usize| name_at(words, at).map(|name| Effect::Tables(vec![name]));
    if words.get(1).is_some_and(|word| word.is("TABLE")) {
        return table(2).unwrap_or(Effect::Rows);
    }
    let index = position(words, "INDEX").filter(|at| *at <= 3);
    if let (Some(_), Some(on)) = (index, position(words, "ON")) {
        return table(on + 1).unwrap_or(Effect::Rows);
    }
    object(words, false).unwrap_or(Effect::Rows)
}

fn temporary(words: &[Token], drops: bool) -> Effect {
    let clause = ["IF", "NOT", "EXISTS"];
    let is_clause = |word: &Token| clause.iter().any(|keyword| word.is(keyword));
    let at = (3..words.len()).find(|at| !is_clause(&words[*at]));
    match at.and_then(|at| name_at(words, at)) {
        Some(name) => Effect::Temporary { name, drops },
        None => Effect::Session,
    }
}

fn altered(words: &[Token]) -> Effect {
    let head = &words[..words.len().min(4)];
    let Some(at) = position(head, "TABLE") else {
        // Views, events, databases and users get what is said, however often.
        return Effect::Repeatable;
    };
    let Some(table) = name_at(words, at + 1) else {
        return Effect::Rows;
    };
    let mut tables = vec![table];
    let pairs = words.windows(2).enumerate();
    for (at, pair) in pairs {
        if pair[0].is("RENAME") {
            match &pair[1] {
                word if word.is("TO") || word.is("AS") => tables.extend(name_at(words, at + 2)),
                word if word.is("COLUMN") || word.is("INDEX") || word.is("KEY") => {}
                _ => tables.extend(name_at(words, at + 1)),
            }
        }
    }
    Effect::Tables(tables)
}

fn dropped(words: &[Token]) -> Effect {
    if words.get(1).is_some_and(|word| word.is("TEMPORARY")) {
        return temporary(words, true);
    }
    if repeats(words) {
        return Effect::Repeatable;
    }
    if words
        .get(1)
        .is_some_and(|word| word.is("TABLE") || word.is("TABLES"))
    {
        let mut tables = Vec::new();
        for at in 2..words.len() {
            if at == 2 || words[at - 1] == Token::Sign(',') {
                tables.extend(name_at(words, at));
            }
        }
        return Effect::Tables(tables);
    }
    if let (Some(1), Some(on)) = (position(words, "INDEX"), position(words, "ON")) {
        return name_at(words, on + 1).map_or(Effect::Rows, |table| Effect::Tables(vec![table]));
    }
    object(words, true).unwrap_or(Effect::Rows)
}

fn object(words: &[Token], drops: bool) -> Option<Effect> {
    let at = words
        .iter()
        .position(|word| OBJECTS.iter().any(|kind| word.is(kind)))?;
    let kind = OBJECTS.into_iter().find(|kind| words[at].is(kind))?;
    let name = name_at(words, at + 1)?;
    Some(Effect::Object(Object { kind, name, drops }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn effects_are_read_from_statements() {
        let tables =
            |names: &[&str]| Effect::Tables(names.iter().map(|n| (*n).to_owned()).collect());
        let object = |kind, name: &str, drops| {
            Effect::Object(Object {
                kind,
                name: name.to_owned(),
                drops,
            })
        };
        for (statement, expected) in [
            ("UPDATE t SET a = 1", Effect::Rows),
            ("WITH x AS (SELECT 1) DELETE FROM t", Effect::Rows),
            ("CALL fill()", Effect::Rows),
            ("SET @x = 1", Effect::Session),
            ("SET GLOBAL x = 1", Effect::Repeatable),
            ("BEGIN", Effect::Transaction(Boundary::Begin)),
            ("START TRANSACTION", Effect::Transaction(Boundary::Begin)),
            ("COMMIT", Effect::Transaction(Boundary::End)),
            ("ROLLBACK TO a", Effect::Rows),
            ("CREATE TABLE event (a int)", tables(&["event"])),
            (
                "create /* x */ table `a``b`.`c` (a int)",
                tables(&["a`b.c"]),
            ),
            ("CREATE TABLE IF NOT EXISTS t (a int)", Effect::Repeatable),
            (
                "CREATE TABLE t (a int CHECK (if(a, 1, exists(select 1))))",
                tables(&["t"]),
            ),
            (
                "CREATE TEMPORARY TABLE IF NOT EXISTS `t` (a int)",
                Effect::Temporary {
                    name: "t".into(),
                    drops: false,
                },
            ),
            (
                "DROP TEMPORARY TABLE t",
                Effect::Temporary {
                    name: "t".into(),
                    drops: true,
                },
            ),
            ("CREATE UNIQUE INDEX i ON `t` (a)", tables(&["t"])),
            ("DROP INDEX i ON t", tables(&["t"])),
            (
                "ALTER TABLE t ADD COLUMN a int, RENAME TO u",
                tables(&["t", "u"]),
            ),
            ("ALTER TABLE t RENAME COLUMN a TO b", tables(&["t"])),
            ("RENAME TABLE a TO b, c TO d", tables(&["a", "b", "c", "d"])),
            ("DROP TABLE a, b", tables(&["a", "b"])),
            ("DROP TABLE IF EXISTS a", Effect::Repeatable),
            ("CREATE VIEW v AS SELECT 1", object("VIEW", "v", false)),
            ("CREATE OR REPLACE VIEW v AS SELECT 1", Effect::Repeatable),
            (
                "CREATE DEFINER=`x`@`y` TRIGGER t BEFORE INSERT ON a FOR EACH ROW SET NEW.b = 1",
                object("TRIGGER", "t", false),
            ),
            ("DROP PROCEDURE p", object("PROCEDURE", "p", true)),
        ] {
            assert_eq!(Effect::of_statement(statement), expected, "{statement}");
        }
    }
}
