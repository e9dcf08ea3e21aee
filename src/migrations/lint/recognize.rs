//! From the tokens of a statement to what it does.

mod alter;
mod column;
mod cursor;
mod rows;

use super::statement::{CreateIndex, Statement};
use crate::sql::tokens::{Token, TokenKind};
use cursor::Cursor;

/// Statements of which no rule asks more than that they are known.
const HARMLESS: &[&str] = &[
    "SELECT",
    "VALUES",
    "WITH",
    "COMMENT",
    "GRANT",
    "REVOKE",
    "ANALYZE",
    "ANALYSE",
    "EXPLAIN",
    "SHOW",
    "USE",
    "REPLACE",
    "MERGE",
    "COPY",
    "NOTIFY",
    "CHECKPOINT",
    "SAVEPOINT",
    "RELEASE",
    "LISTEN",
    "UNLISTEN",
    "SECURITY",
    "IMPORT",
    "DISCARD",
    "PREPARE",
    "DEALLOCATE",
    "OPTIMIZE",
    "UNLOCK",
    "FLUSH",
    "FETCH",
    "MOVE",
    "DECLARE",
    "CLOSE",
    "REASSIGN",
    "LOAD",
    "TABLE",
];

pub(super) fn recognize(tokens: &[Token]) -> Statement {
    let mut cursor = Cursor::new(tokens);
    // A query may start with parentheses.
    if tokens.first().is_some_and(|token| token.is("(")) {
        return Statement::Harmless;
    }
    if is_guard(tokens) {
        return Statement::Harmless;
    }
    statement(&mut cursor).unwrap_or_else(|| Statement::Unknown(start(tokens)))
}

/// A guard as `makemigrations` writes it for PostgreSQL: it looks, and at most fails.
fn is_guard(tokens: &[Token]) -> bool {
    let [first, body] = tokens else {
        return false;
    };
    let body = body.text();
    first.is("DO")
        && body.starts_with(" BEGIN\n    IF EXISTS (SELECT 1 ")
        && body.contains("RAISE EXCEPTION USING ERRCODE = 'check_violation', MESSAGE = ")
        && body.matches("THEN\n").count() == 1
}

/// The first words of a statement, to name it by.
fn start(tokens: &[Token]) -> String {
    let words: Vec<&str> = tokens.iter().take(3).map(Token::text).collect();
    let words = words.join(" ");
    let line = words.lines().next().unwrap_or_default();
    let short: String = line.chars().take(40).collect();
    format!("`{short}` …")
}

/// `None` for what is not understood.
fn statement(c: &mut Cursor) -> Option<Statement> {
    let first = c.word()?;
    if HARMLESS.contains(&first.as_str()) {
        return Some(Statement::Harmless);
    }
    Some(match first.as_str() {
        "CREATE" => return create(c),
        "ALTER" => return alter::statement(c),
        "DROP" => return drop(c),
        "RENAME" => return rename(c),
        "TRUNCATE" => truncate(c)?,
        "INSERT" => rows::insert(c)?,
        "UPDATE" => rows::update(c)?,
        "DELETE" => rows::delete(c)?,
        "PRAGMA" => pragma(c)?,
        "SET" => set(c),
        "RESET" => Statement::Harmless,
        "BEGIN" | "START" => Statement::Begin,
        "COMMIT" | "END" => Statement::Commit,
        // To a savepoint it leaves the transaction open.
        "ROLLBACK" | "ABORT" if c.rest_has("TO") => Statement::Harmless,
        "ROLLBACK" | "ABORT" => Statement::Rollback,
        // Modes that let others read and write.
        "LOCK" if c.rest_has("ROW") || c.rest_has("ACCESS") && c.rest_has("SHARE") => {
            Statement::Harmless
        }
        "LOCK" => Statement::Rewrite {
            command: "LOCK TABLE",
            concurrently: false,
        },
        "REINDEX" => Statement::Reindex {
            concurrently: c.option("CONCURRENTLY"),
        },
        "VACUUM" if c.option("FULL") => Statement::Rewrite {
            command: "VACUUM FULL",
            concurrently: false,
        },
        "VACUUM" => Statement::Harmless,
        "CLUSTER" => Statement::Rewrite {
            command: "CLUSTER",
            concurrently: false,
        },
        "REFRESH" => Statement::Rewrite {
            command: "REFRESH MATERIALIZED VIEW",
            concurrently: c.rest_has("CONCURRENTLY"),
        },
        _ => return None,
    })
}

fn create(c: &mut Cursor) -> Option<Statement> {
    let mut unique = false;
    loop {
        let word = c.word()?;
        match word.as_str() {
            "OR" | "REPLACE" | "GLOBAL" | "LOCAL" | "UNLOGGED" | "FULLTEXT" | "SPATIAL"
            | "CLUSTERED" | "FOREIGN" | "TEMP" | "TEMPORARY" => {}
            "UNIQUE" => unique = true,
            "TABLE" => return column::create_table(c),
            "INDEX" => return create_index(c, unique),
            "TYPE" | "DOMAIN" => return Some(Statement::CreateType(c.name()?)),
            _ => return Some(Statement::Harmless),
        }
    }
}

fn create_index(c: &mut Cursor, unique: bool) -> Option<Statement> {
    let concurrently = c.eat("CONCURRENTLY");
    c.eats(&["IF", "NOT", "EXISTS"]);
    let name = if c.eat("ON") {
        None
    } else {
        let name = c.name()?;
        if c.eat("USING") {
            c.word()?;
        }
        if !c.eat("ON") {
            return None;
        }
        Some(name)
    };
    c.eat("ONLY");
    let table = c.name()?;
    if c.eat("USING") {
        c.word()?;
    }
    let columns = c.bare_names();
    Some(Statement::CreateIndex(CreateIndex {
        name,
        table,
        unique,
        concurrently,
        columns,
    }))
}

fn drop(c: &mut Cursor) -> Option<Statement> {
    let temporary = c.eat("TEMPORARY");
    let mut what = c.word()?;
    if what == "MATERIALIZED" || what == "FOREIGN" || what == "EVENT" {
        what = format!("{what} {}", c.word()?);
    }
    let concurrently = c.eat("CONCURRENTLY");
    c.eats(&["IF", "EXISTS"]);
    if matches!(what.as_str(), "TABLE" | "FOREIGN TABLE") {
        let tables = c.names()?;
        let cascade = c.rest_has("CASCADE");
        return Some(Statement::DropTable {
            tables,
            temporary,
            cascade,
        });
    }
    if what == "INDEX" {
        return Some(Statement::DropIndex {
            names: c.names()?,
            concurrently,
        });
    }
    let name = c.name().unwrap_or_default();
    let cascade = c.rest_has("CASCADE");
    Some(Statement::DropOther {
        what: what.to_lowercase(),
        name,
        cascade,
    })
}

fn rename(c: &mut Cursor) -> Option<Statement> {
    if !c.eat("TABLE") {
        // `RENAME USER`.
        return Some(Statement::Harmless);
    }
    let mut renames = Vec::new();
    loop {
        let from = c.name()?;
        if !c.eat("TO") {
            return None;
        }
        renames.push((from, c.name()?));
        if !c.eat(",") {
            return Some(Statement::RenameTables(renames));
        }
    }
}

fn truncate(c: &mut Cursor) -> Option<Statement> {
    c.eat("TABLE");
    c.eat("ONLY");
    let tables = c.names()?;
    let cascade = c.rest_has("CASCADE");
    Some(Statement::Truncate { tables, cascade })
}

fn pragma(c: &mut Cursor) -> Option<Statement> {
    let name = c.name()?.name.to_lowercase();
    let value = if c.eat("=") || c.eat("(") {
        c.rest().first().map(|token| token.text().to_lowercase())
    } else {
        None
    };
    Some(Statement::Pragma {
        name,
        value: value.unwrap_or_default(),
    })
}

fn set(c: &mut Cursor) -> Statement {
    if !c.eat("LOCAL") {
        c.eat("SESSION");
    }
    let Some(name) = c.name().filter(|name| name.schema.is_none()) else {
        return Statement::Harmless;
    };
    if !c.eat("=") {
        c.eat("TO");
    }
    let value = c.rest().first().map(|token| token.text().to_lowercase());
    Statement::Set {
        name: name.name.to_lowercase(),
        value: value.unwrap_or_default(),
    }
}

impl Token {
    pub(super) fn text(&self) -> &str {
        match &self.kind {
            TokenKind::Word(text)
            | TokenKind::Quoted(text)
            | TokenKind::Text(text)
            | TokenKind::Number(text)
            | TokenKind::Symbol(text) => text,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::statement::Name;
    use super::*;
    use crate::sql::Dialect;
    use crate::sql::tokens::tokenize;

    fn statement(dialect: Dialect, sql: &str) -> Statement {
        recognize(&tokenize(dialect, sql).statements[0].tokens)
    }

    #[test]
    fn what_is_no_statement_is_unknown() {
        for sql in [
            "foo",
            "1",
            "ALTER",
            "DROP",
            "CREATE INDEX x",
            "\"ALTER\" TABLE x",
            "RENAME TABLE a",
        ] {
            let statement = statement(Dialect::Mysql, sql);
            assert!(
                matches!(statement, Statement::Unknown(_)),
                "{sql}: {statement:?}"
            );
        }
    }

    #[test]
    fn settings_and_pragmas_are_read() {
        let set = |name: &str, value: &str| Statement::Set {
            name: name.into(),
            value: value.into(),
        };
        for sql in [
            "SET lock_timeout = '2s'",
            "SET LOCAL lock_timeout TO '2s'",
            "set session LOCK_TIMEOUT='2S'",
        ] {
            assert_eq!(
                statement(Dialect::Postgres, sql),
                set("lock_timeout", "2s"),
                "{sql}"
            );
        }
        let pragma = Statement::Pragma {
            name: "foreign_keys".into(),
            value: "off".into(),
        };
        for sql in ["PRAGMA foreign_keys = OFF", "pragma main.foreign_keys(off)"] {
            assert_eq!(statement(Dialect::Sqlite, sql), pragma, "{sql}");
        }
    }

    #[test]
    fn indexes_are_read_in_every_order() {
        let expected = CreateIndex {
            name: Some(Name {
                schema: None,
                name: "i".into(),
            }),
            table: Name {
                schema: Some("shop".into()),
                name: "books".into(),
            },
            unique: true,
            concurrently: true,
            columns: vec!["a".into(), "b".into()],
        };
        let sql = "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON ONLY shop.books USING btree (a, b DESC) WHERE x";
        assert_eq!(
            statement(Dialect::Postgres, sql),
            Statement::CreateIndex(expected)
        );
    }
}
