//! From the tokens of a statement to what it does.

mod alter;
mod column;
mod cursor;
mod rows;

use super::pieces::{Piece, What};
use super::statement::{CreateIndex, Doing};
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

pub(super) fn recognize(pieces: &[Piece]) -> Doing {
    let mut cursor = Cursor::new(pieces);
    // A query may start with parentheses.
    if pieces.first().is_some_and(|piece| piece.is("(")) {
        return Doing::Harmless;
    }
    statement(&mut cursor).unwrap_or_else(|| Doing::Unknown(start(pieces)))
}

/// The first words of a statement, to name it by.
fn start(pieces: &[Piece]) -> String {
    let words: Vec<&str> = pieces.iter().take(3).map(Piece::text).collect();
    let words = words.join(" ");
    let line = words.lines().next().unwrap_or_default();
    let short: String = line.chars().take(40).collect();
    format!("`{short}` …")
}

/// `None` for what is not understood.
fn statement(c: &mut Cursor) -> Option<Doing> {
    let first = c.word()?;
    if HARMLESS.contains(&first.as_str()) {
        return Some(Doing::Harmless);
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
        "RESET" => Doing::Harmless,
        "BEGIN" | "START" => Doing::Begin,
        "COMMIT" | "END" => Doing::Commit,
        // To a savepoint it leaves the transaction open.
        "ROLLBACK" | "ABORT" if c.rest_has("TO") => Doing::Harmless,
        "ROLLBACK" | "ABORT" => Doing::Rollback,
        // Modes that let others read and write.
        "LOCK" if c.rest_has("ROW") || c.rest_has("ACCESS") && c.rest_has("SHARE") => {
            Doing::Harmless
        }
        "LOCK" => Doing::Rewrite {
            command: "LOCK TABLE",
            concurrently: false,
        },
        "REINDEX" => Doing::Reindex {
            concurrently: c.option("CONCURRENTLY"),
        },
        "VACUUM" if c.option("FULL") => Doing::Rewrite {
            command: "VACUUM FULL",
            concurrently: false,
        },
        "VACUUM" => Doing::Harmless,
        "CLUSTER" => Doing::Rewrite {
            command: "CLUSTER",
            concurrently: false,
        },
        "REFRESH" => Doing::Rewrite {
            command: "REFRESH MATERIALIZED VIEW",
            concurrently: c.rest_has("CONCURRENTLY"),
        },
        _ => return None,
    })
}

fn create(c: &mut Cursor) -> Option<Doing> {
    let mut unique = false;
    loop {
        let word = c.word()?;
        match word.as_str() {
            "OR" | "REPLACE" | "GLOBAL" | "LOCAL" | "UNLOGGED" | "FULLTEXT" | "SPATIAL"
            | "CLUSTERED" | "FOREIGN" | "TEMP" | "TEMPORARY" => {}
            "UNIQUE" => unique = true,
            "TABLE" => return column::create_table(c),
            "INDEX" => return create_index(c, unique),
            "TYPE" | "DOMAIN" => return Some(Doing::CreateType(c.name()?)),
            _ => return Some(Doing::Harmless),
        }
    }
}

fn create_index(c: &mut Cursor, unique: bool) -> Option<Doing> {
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
    Some(Doing::CreateIndex(CreateIndex {
        name,
        table,
        unique,
        concurrently,
        columns,
    }))
}

fn drop(c: &mut Cursor) -> Option<Doing> {
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
        return Some(Doing::DropTable {
            tables,
            temporary,
            cascade,
        });
    }
    if what == "INDEX" {
        return Some(Doing::DropIndex {
            names: c.names()?,
            concurrently,
        });
    }
    let name = c.name().unwrap_or_default();
    let cascade = c.rest_has("CASCADE");
    Some(Doing::DropOther {
        what: what.to_lowercase(),
        name,
        cascade,
    })
}

fn rename(c: &mut Cursor) -> Option<Doing> {
    if !c.eat("TABLE") {
        // `RENAME USER`.
        return Some(Doing::Harmless);
    }
    let mut renames = Vec::new();
    loop {
        let from = c.name()?;
        if !c.eat("TO") {
            return None;
        }
        renames.push((from, c.name()?));
        if !c.eat(",") {
            return Some(Doing::RenameTables(renames));
        }
    }
}

fn truncate(c: &mut Cursor) -> Option<Doing> {
    c.eat("TABLE");
    c.eat("ONLY");
    let tables = c.names()?;
    let cascade = c.rest_has("CASCADE");
    Some(Doing::Truncate { tables, cascade })
}

fn pragma(c: &mut Cursor) -> Option<Doing> {
    let name = c.name()?.name.to_lowercase();
    let value = if c.eat("=") || c.eat("(") {
        c.rest().first().map(|piece| piece.text().to_lowercase())
    } else {
        None
    };
    Some(Doing::Pragma {
        name,
        value: value.unwrap_or_default(),
    })
}

fn set(c: &mut Cursor) -> Doing {
    if !c.eat("LOCAL") {
        c.eat("SESSION");
    }
    let Some(name) = c.name().filter(|name| name.schema.is_none()) else {
        return Doing::Harmless;
    };
    if !c.eat("=") {
        c.eat("TO");
    }
    let value = c.rest().first().map(|piece| piece.text().to_lowercase());
    Doing::Set {
        name: name.name.to_lowercase(),
        value: value.unwrap_or_default(),
    }
}

impl Piece {
    pub(super) fn text(&self) -> &str {
        match &self.what {
            What::Word(text)
            | What::Quoted(text)
            | What::Text(text)
            | What::Number(text)
            | What::Symbol(text) => text,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::pieces::cut;
    use super::super::statement::Name;
    use super::*;
    use crate::sql::Dialect;

    fn doing(dialect: Dialect, sql: &str) -> Doing {
        recognize(&cut(dialect, sql).statements[0].pieces)
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
            let doing = doing(Dialect::Mysql, sql);
            assert!(matches!(doing, Doing::Unknown(_)), "{sql}: {doing:?}");
        }
    }

    #[test]
    fn settings_and_pragmas_are_read() {
        let set = |name: &str, value: &str| Doing::Set {
            name: name.into(),
            value: value.into(),
        };
        for sql in [
            "SET lock_timeout = '2s'",
            "SET LOCAL lock_timeout TO '2s'",
            "set session LOCK_TIMEOUT='2S'",
        ] {
            assert_eq!(
                doing(Dialect::Postgres, sql),
                set("lock_timeout", "2s"),
                "{sql}"
            );
        }
        let pragma = Doing::Pragma {
            name: "foreign_keys".into(),
            value: "off".into(),
        };
        for sql in ["PRAGMA foreign_keys = OFF", "pragma main.foreign_keys(off)"] {
            assert_eq!(doing(Dialect::Sqlite, sql), pragma, "{sql}");
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
        assert_eq!(doing(Dialect::Postgres, sql), Doing::CreateIndex(expected));
    }
}
