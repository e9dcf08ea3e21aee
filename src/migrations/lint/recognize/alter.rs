//! `ALTER …`: tables with all their actions, enum types, and the rest.

use super::super::statement::{Action, Alter, Name, Statement};
use super::column::{column, constraint, definition};
use super::cursor::{Cursor, commas};
use crate::sql::tokens::Token;

/// Actions that no rule asks about, by their first word.
const HARMLESS: &[&str] = &[
    "OWNER",
    "ENABLE",
    "DISABLE",
    "COMMENT",
    "INHERIT",
    "ATTACH",
    "REPLICA",
    "AUTO_INCREMENT",
    "NO",
    "NOT",
    "OF",
    "RESET",
    "ROW_FORMAT",
    "CLUSTER",
    "EXTENSION",
    "DEPENDS",
    "CHARACTER",
    "COLLATE",
];

/// After `ALTER`.
pub(super) fn statement(c: &mut Cursor) -> Option<Statement> {
    match c.word()?.as_str() {
        "TABLE" => table(c),
        "TYPE" => kind(c),
        "ONLINE" | "IGNORE" if c.eat("TABLE") => table(c),
        "FOREIGN" if c.eat("TABLE") => table(c),
        _ => Some(Statement::Harmless),
    }
}

fn kind(c: &mut Cursor) -> Option<Statement> {
    let kind = c.name()?;
    if c.eats(&["ADD", "VALUE"]) {
        c.eats(&["IF", "NOT", "EXISTS"]);
        let value = c.part()?;
        return Some(Statement::AddEnumValue { kind, value });
    }
    if c.eats(&["RENAME", "VALUE"]) {
        return Some(Statement::RenameEnumValue { kind });
    }
    Some(Statement::Harmless)
}

fn table(c: &mut Cursor) -> Option<Statement> {
    c.eats(&["IF", "EXISTS"]);
    c.eat("ONLY");
    let table = c.name()?;
    let actions: Vec<Action> = commas(c.rest()).into_iter().map(action).collect();
    // `ALTER TABLE x` alone is no statement.
    (!actions.is_empty()).then_some(Statement::AlterTable { table, actions })
}

fn action(tokens: &[Token]) -> Action {
    let mut c = Cursor::new(tokens);
    let what = alter(&mut c).unwrap_or_else(|| Alter::Unknown(super::start(tokens)));
    Action {
        line: tokens.first().map_or(0, |token| token.line),
        what,
    }
}

fn alter(c: &mut Cursor) -> Option<Alter> {
    let first = c.word()?;
    if HARMLESS.contains(&first.as_str()) {
        return Some(Alter::Harmless);
    }
    Some(match first.as_str() {
        "ADD" => return add(c),
        "DROP" => return drop(c),
        "ALTER" => return alter_column(c),
        "RENAME" => return rename(c),
        "MODIFY" | "CHANGE" => return redefine(c, first == "CHANGE"),
        "VALIDATE" => {
            c.eat("CONSTRAINT");
            Alter::Validate { name: c.part()? }
        }
        "DETACH" => Alter::DetachPartition {
            concurrently: c.rest_has("CONCURRENTLY") || c.rest_has("FINALIZE"),
        },
        "ALGORITHM" => {
            c.eat("=");
            Alter::Algorithm(c.word()?)
        }
        "LOCK" => {
            c.eat("=");
            Alter::Lock(c.word()?)
        }
        "SET" => set(c)?,
        "CONVERT" => Alter::Rebuild("CONVERT TO CHARACTER SET"),
        "ENGINE" => Alter::Rebuild("ENGINE"),
        "FORCE" if c.eat("ROW") => Alter::Harmless,
        "FORCE" => Alter::Rebuild("FORCE"),
        "ORDER" => Alter::Rebuild("ORDER BY"),
        // `DEFAULT CHARACTER SET` only counts for columns to come.
        "DEFAULT" => Alter::Harmless,
        _ => return None,
    })
}

/// After `ALTER TABLE x SET`.
fn set(c: &mut Cursor) -> Option<Alter> {
    Some(match c.rest().first()? {
        word if word.is("LOGGED") => Alter::Rebuild("SET LOGGED"),
        word if word.is("UNLOGGED") => Alter::Rebuild("SET UNLOGGED"),
        word if word.is("TABLESPACE") => Alter::Rebuild("SET TABLESPACE"),
        word if word.is("ACCESS") => Alter::Rebuild("SET ACCESS METHOD"),
        word if word.is("SCHEMA") => {
            c.take();
            Alter::RenameTable { to: c.name()? }
        }
        word if word.is("(") || word.is("WITHOUT") || word.is("WITH") => Alter::Harmless,
        _ => return None,
    })
}

fn add(c: &mut Cursor) -> Option<Alter> {
    if c.peek("PARTITION") || c.peek("PERIOD") || c.peek("SYSTEM") {
        return Some(Alter::Harmless);
    }
    let mut ahead = c.clone();
    let _ = ahead.eat("FULLTEXT") || ahead.eat("SPATIAL");
    if ahead.eat("INDEX") || ahead.eat("KEY") {
        return Some(Alter::Harmless);
    }
    if let Some(found) = constraint(c) {
        return Some(Alter::AddConstraint(found));
    }
    c.eat("COLUMN");
    c.eats(&["IF", "NOT", "EXISTS"]);
    // MySQL: `ADD COLUMN (a int, b int)`.
    if let Some(inside) = c.parenthesized() {
        return column(&mut Cursor::new(commas(inside).first()?)).map(Alter::AddColumn);
    }
    column(c).map(Alter::AddColumn)
}

fn drop(c: &mut Cursor) -> Option<Alter> {
    let cascade = c.rest_has("CASCADE");
    if c.eats(&["PRIMARY", "KEY"]) {
        return Some(Alter::DropPrimaryKey);
    }
    if c.eats(&["FOREIGN", "KEY"]) {
        c.eats(&["IF", "EXISTS"]);
        return Some(Alter::DropConstraint {
            name: c.part()?,
            foreign_key: true,
            cascade,
        });
    }
    if c.eat("CONSTRAINT") || c.eat("CHECK") {
        c.eats(&["IF", "EXISTS"]);
        let name = c.part()?;
        let lower = name.to_lowercase();
        let foreign_key =
            lower.starts_with("fk") || lower.ends_with("_fkey") || lower.ends_with("_fk");
        return Some(Alter::DropConstraint {
            name,
            foreign_key,
            cascade,
        });
    }
    if c.eat("INDEX") || c.eat("KEY") || c.eat("PARTITION") {
        return Some(Alter::Harmless);
    }
    c.eat("COLUMN");
    c.eats(&["IF", "EXISTS"]);
    Some(Alter::DropColumn {
        name: c.part()?,
        cascade,
    })
}

fn alter_column(c: &mut Cursor) -> Option<Alter> {
    if c.eat("INDEX") || c.eat("CONSTRAINT") || c.eat("CHECK") {
        return Some(Alter::Harmless);
    }
    c.eat("COLUMN");
    let column = c.part()?;
    Some(if c.eats(&["SET", "NOT", "NULL"]) {
        Alter::SetNotNull { column }
    } else if c.eats(&["DROP", "NOT", "NULL"]) {
        Alter::DropNotNull { column }
    } else if c.eat("TYPE") || c.eats(&["SET", "DATA", "TYPE"]) {
        Alter::SetType { column }
    } else if c.eats(&["SET", "EXPRESSION"]) {
        Alter::Rebuild("SET EXPRESSION")
    } else if c.peek("SET")
        || c.peek("DROP")
        || c.peek("ADD")
        || c.peek("RESTART")
        || c.peek("RESET")
    {
        Alter::Harmless
    } else {
        return None;
    })
}

fn rename(c: &mut Cursor) -> Option<Alter> {
    if c.eat("INDEX") || c.eat("KEY") || c.eat("CONSTRAINT") {
        return Some(Alter::Harmless);
    }
    if c.eat("TO") || c.eat("AS") {
        return Some(Alter::RenameTable { to: c.name()? });
    }
    c.eat("COLUMN");
    let from = c.part()?;
    if c.eat("TO") {
        return Some(Alter::RenameColumn { from });
    }
    // MySQL: `RENAME new_name`.
    c.is_at_end().then_some(Alter::RenameTable {
        to: Name {
            schema: None,
            name: from,
        },
    })
}

/// MySQL's `MODIFY column …`, or `CHANGE old new …`.
fn redefine(c: &mut Cursor, renames: bool) -> Option<Alter> {
    c.eat("COLUMN");
    c.eats(&["IF", "EXISTS"]);
    let from = c.part()?;
    let name = if renames { c.part()? } else { from.clone() };
    let column = definition(c, name)?;
    Some(Alter::Redefine { from, column })
}
