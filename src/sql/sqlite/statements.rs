//! A script for SQLite as its statements, each with what it does to a table or another object.

use crate::sql::Dialect;
use crate::sql::gate::TABLE_GATE;
use crate::sql::tokens::{Token, TokenKind, TokenizedStatement, normalized, tokenize};
use crate::sql::transaction::NO_TRANSACTION;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Statement {
    pub(crate) text: String,
    pub(crate) effect: Effect,
}

/// What a statement does, as far as a rebuild may ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    CreateTable(String),
    DropTable(String),
    RenameTable {
        from: String,
        to: String,
    },
    /// `INSERT INTO` a table.
    Insert(String),
    /// An index, a trigger or a view, with its meaning.
    Create {
        name: String,
        meaning: String,
    },
    /// An index, a trigger or a view.
    Drop(String),
    /// One of the statements of [`TABLE_GATE`].
    TableGate,
    /// It changes what is known of numbers that were given out.
    Sequence,
    Other,
}

/// Who brings the transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Frame {
    /// The one who runs the script.
    Transaction,
    /// The script, with foreign keys off: its statements are those between `BEGIN` and `COMMIT`.
    WithoutForeignKeys,
    /// The script, in a way that only its author knows.
    Own,
}

/// The statements of `text` and what is around them, however it is laid out.
///
/// # Errors
/// Why it cannot be read.
pub(crate) fn read(text: &str) -> Result<(Frame, Vec<Statement>), String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let script = tokenize(Dialect::Sqlite, text);
    if let Some((line, why)) = script.broken {
        return Err(format!("line {line}: {why}"));
    }
    let statements = script.statements;
    let own = text.starts_with(NO_TRANSACTION);
    let (frame, inside) = match inside(&statements) {
        Some(inside) if own => (Frame::WithoutForeignKeys, inside),
        _ if own => (Frame::Own, statements.as_slice()),
        _ => (Frame::Transaction, statements.as_slice()),
    };
    let statements = inside.iter().filter_map(|statement| {
        let tokens = &statement.tokens;
        Some(Statement {
            text: text[tokens.first()?.span.start..tokens.last()?.span.end].to_owned(),
            effect: effect(tokens),
        })
    });
    Ok((frame, statements.collect()))
}

/// The text between `BEGIN` and `COMMIT` of a script that is [`Frame::WithoutForeignKeys`].
pub(crate) fn body(text: &str) -> Option<&str> {
    let script = tokenize(Dialect::Sqlite, text);
    if script.broken.is_some() {
        return None;
    }
    inside(&script.statements)?;
    let begin = script.statements.get(1)?.tokens.last()?.span.end;
    let commit = script.statements.len().checked_sub(2)?;
    let commit = script.statements.get(commit)?.tokens.first()?.span.start;
    let body = text.get(begin..commit)?.trim_start();
    let body = body.strip_prefix(';').unwrap_or(body);
    Some(
        body.strip_prefix('\r')
            .unwrap_or(body)
            .trim_start_matches('\n'),
    )
}

/// What is between the pragmas and the transaction that a rebuild needs around it.
fn inside(statements: &[TokenizedStatement]) -> Option<&[TokenizedStatement]> {
    let [off, begin, inside @ .., commit, on] = statements else {
        return None;
    };
    let says = |statement: &TokenizedStatement, forms: &[&str]| {
        let text = normalized(&statement.tokens);
        forms.contains(&text.as_str())
    };
    let pragma = |statement, values: &[&str]| {
        values.iter().any(|value| {
            let (set, call) = (
                format!("pragma foreign_keys = {value}"),
                format!("pragma foreign_keys ( {value} )"),
            );
            says(statement, &[&set, &call])
        })
    };
    let framed = pragma(off, &["off", "0", "false", "no"])
        && begin.tokens.first().is_some_and(|first| first.is("BEGIN"))
        && says(
            commit,
            &["commit", "commit transaction", "end", "end transaction"],
        )
        && pragma(on, &["on", "1", "true", "yes"]);
    let words = ["BEGIN", "COMMIT", "END", "ROLLBACK", "SAVEPOINT", "RELEASE"];
    let controls = |statement: &TokenizedStatement| {
        let first = statement.tokens.first();
        first.is_some_and(|first| words.iter().any(|word| first.is(word)))
    };
    (framed && !inside.iter().any(controls)).then_some(inside)
}

fn effect(tokens: &[Token]) -> Effect {
    let mut words = Words { tokens, at: 0 };
    let effect = words.effect().unwrap_or(Effect::Other);
    let is_gate = |name: &str| name == TABLE_GATE;
    let names = |name: &str| tokens.iter().any(|token| token.name() == Some(name));
    match &effect {
        Effect::DropTable(name) | Effect::Insert(name) if is_gate(name) => Effect::TableGate,
        Effect::Other if names(TABLE_GATE) => Effect::TableGate,
        Effect::Insert(_) | Effect::Other if names("sqlite_sequence") => Effect::Sequence,
        _ => effect,
    }
}

struct Words<'a> {
    tokens: &'a [Token],
    at: usize,
}

impl Words<'_> {
    fn effect(&mut self) -> Option<Effect> {
        if self.skip("CREATE") {
            if self.skip("TEMP") || self.skip("TEMPORARY") {
                return None;
            }
            if self.skip("TABLE") {
                self.skip_all(&["IF", "NOT", "EXISTS"]);
                return Some(Effect::CreateTable(self.name()?));
            }
            self.skip("UNIQUE");
            if !(self.skip("INDEX") || self.skip("TRIGGER") || self.skip("VIEW")) {
                return None;
            }
            self.skip_all(&["IF", "NOT", "EXISTS"]);
            let name = self.name()?;
            let meaning = meaning(self.tokens);
            return Some(Effect::Create { name, meaning });
        }
        if self.skip("DROP") {
            let table = self.skip("TABLE");
            if !(table || self.skip("INDEX") || self.skip("TRIGGER") || self.skip("VIEW")) {
                return None;
            }
            self.skip_all(&["IF", "EXISTS"]);
            let name = self.name()?;
            return Some(match table {
                true => Effect::DropTable(name),
                false => Effect::Drop(name),
            });
        }
        if self.skip("ALTER") && self.skip("TABLE") {
            let from = self.name()?;
            if self.skip("RENAME") && self.skip("TO") {
                let to = self.name()?;
                return Some(Effect::RenameTable { from, to });
            }
            return None;
        }
        if self.skip("INSERT") {
            if self.skip("OR") {
                self.at += 1;
            }
            if self.skip("INTO") {
                return Some(Effect::Insert(self.name()?));
            }
        }
        None
    }

    /// A name, without the schema before it.
    fn name(&mut self) -> Option<String> {
        let name_at = |at: usize| -> Option<&str> {
            let token = self.tokens.get(at)?;
            match &token.kind {
                TokenKind::Text(name) => Some(name),
                _ => token.name(),
            }
        };
        let first = name_at(self.at)?;
        if self.tokens.get(self.at + 1).is_some_and(|dot| dot.is(".")) {
            let name = name_at(self.at + 2)?.to_owned();
            self.at += 3;
            return Some(name);
        }
        let name = first.to_owned();
        self.at += 1;
        Some(name)
    }

    fn skip(&mut self, word: &str) -> bool {
        let found = self.tokens.get(self.at).is_some_and(|token| token.is(word));
        self.at += usize::from(found);
        found
    }

    fn skip_all(&mut self, words: &[&str]) {
        for word in words {
            self.skip(word);
        }
    }
}

/// What the definition of an index, a trigger or a view means, however it is written.
pub(crate) fn meaning(tokens: &[Token]) -> String {
    normalized(tokens).replace("if not exists ", "")
}

/// [`meaning`] of a stored definition.
pub(crate) fn meaning_of(sql: &str) -> String {
    let script = tokenize(Dialect::Sqlite, sql);
    let statements = script.statements.iter();
    let tokens: Vec<Token> = statements.flat_map(|s| s.tokens.clone()).collect();
    meaning(&tokens)
}

/// A table that statements replace: the statement that makes the new one is number `create`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Replacement {
    pub(crate) table: String,
    /// The name that the new table has at first.
    pub(crate) aside: String,
    pub(crate) create: usize,
    /// The statement that copies the rows, where there is one.
    pub(crate) copy: Option<usize>,
    /// The statement that gives the new table the old one's name.
    pub(crate) rename: usize,
}

/// The tables that `statements` replace: make new, copy, drop old, rename new.
pub(crate) fn replacements(statements: &[Statement]) -> Vec<Replacement> {
    let mut found = Vec::new();
    for (create, statement) in statements.iter().enumerate() {
        let Effect::CreateTable(aside) = &statement.effect else {
            continue;
        };
        let after = || statements.iter().enumerate().skip(create + 1);
        let same = |one: &str, other: &str| one.eq_ignore_ascii_case(other);
        let renamed = after().find_map(|(number, statement)| match &statement.effect {
            Effect::RenameTable { from, to } if same(from, aside) => Some((number, to.clone())),
            _ => None,
        });
        let Some((rename, table)) = renamed else {
            continue;
        };
        let between = || after().take_while(|(number, _)| *number < rename);
        let drops = |statement: &Statement| matches!(&statement.effect, Effect::DropTable(name) if same(name, &table));
        if !between().any(|(_, statement)| drops(statement)) {
            continue;
        }
        let copies = |statement: &Statement| matches!(&statement.effect, Effect::Insert(name) if same(name, aside));
        found.push(Replacement {
            table,
            aside: aside.clone(),
            create,
            copy: between()
                .find(|(_, statement)| copies(statement))
                .map(|(number, _)| number),
            rename,
        });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const REBUILD: &str = "-- no-transaction\n-- Title.\n\nPRAGMA foreign_keys = OFF;\nBEGIN IMMEDIATE;\n\n-- Change.\nCREATE \
                           TABLE \"t__new\" (\"a\" int);\nINSERT INTO \"t__new\" (\"a\")\n    SELECT \"t\".\"a\"\n    FROM \"t\";\nDROP TABLE \
                           \"t\";\nPRAGMA legacy_alter_table = ON;\nALTER TABLE \"t__new\" RENAME TO \"t\";\n\nCOMMIT;\nPRAGMA \
                           foreign_keys = ON;\n";

    #[test]
    fn the_frame_is_found_however_it_is_laid_out() {
        let crlf = REBUILD.replace('\n', "\r\n");
        let other = REBUILD
            .replace("BEGIN IMMEDIATE;", "begin; /* ; */")
            .replace("= OFF", "=0");
        for text in [
            REBUILD.to_owned(),
            format!("{REBUILD}-- Reviewed by nobody.\n"),
            REBUILD.trim_end().to_owned(),
            REBUILD.trim_end().trim_end_matches(';').to_owned(),
            crlf,
            other,
            format!("\u{feff}{REBUILD}"),
        ] {
            let (frame, statements) = read(&text).expect("it is read");
            assert_eq!(frame, Frame::WithoutForeignKeys, "{text}");
            assert_eq!(statements.len(), 5, "{text}");
            let found = replacements(&statements);
            assert_eq!(found.len(), 1);
            let Replacement {
                table,
                create,
                copy,
                rename,
                ..
            } = &found[0];
            assert_eq!(
                (table.as_str(), *create, *copy, *rename),
                ("t", 0, Some(1), 4)
            );
        }
        for text in [
            REBUILD.replace("COMMIT;", "COMMIT; BEGIN; COMMIT;"),
            REBUILD.replace("PRAGMA foreign_keys = ON;", ""),
            "-- no-transaction\nVACUUM;\n".into(),
        ] {
            assert_eq!(read(&text).expect("it is read").0, Frame::Own, "{text}");
        }
        let plain = read("SELECT 1; SELECT ';'").expect("it is read");
        assert_eq!((plain.0, plain.1.len()), (Frame::Transaction, 2));
        assert!(read("SELECT 'open").is_err());
    }

    #[test]
    fn effects_are_told() {
        let create = |name: &str, meaning: &str| Effect::Create {
            name: name.into(),
            meaning: meaning.into(),
        };
        for (sql, expected) in [
            (
                "create table if not exists main.[a b] (x)",
                Effect::CreateTable("a b".into()),
            ),
            ("CREATE TEMP TABLE x (a)", Effect::Other),
            ("DROP TABLE IF EXISTS \"x\"", Effect::DropTable("x".into())),
            ("DROP TRIGGER main.x", Effect::Drop("x".into())),
            (
                "ALTER TABLE a RENAME TO \"b\"",
                Effect::RenameTable {
                    from: "a".into(),
                    to: "b".into(),
                },
            ),
            ("ALTER TABLE a RENAME COLUMN b TO c", Effect::Other),
            (
                "INSERT OR IGNORE INTO a SELECT 1",
                Effect::Insert("a".into()),
            ),
            (
                "CREATE UNIQUE INDEX IF NOT EXISTS \"i\" ON T (A)",
                create("i", "create unique index i on t ( a )"),
            ),
            (
                "CREATE TEMP TABLE \"luthier_table_gate\" (\"ok\" integer)",
                Effect::TableGate,
            ),
            ("INSERT INTO luthier_table_gate SELECT 0", Effect::TableGate),
            ("DROP TABLE luthier_table_gate", Effect::TableGate),
            (
                "DELETE FROM \"sqlite_sequence\" WHERE name = 'x'",
                Effect::Sequence,
            ),
        ] {
            let (_, statements) = read(sql).expect("it is read");
            assert_eq!(statements[0].effect, expected, "{sql}");
        }
    }
}
