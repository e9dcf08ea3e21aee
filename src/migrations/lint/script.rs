//! A file as rules see it: its statements, and which tables were there before it.

use crate::migrations::Direction;
use crate::schema::Schema;
use crate::sql::{Dialect, NO_TRANSACTION};

use super::recognize::recognize;
use super::rule::Violation;
use super::statement::{Action, Alter, Name, Statement};
use crate::sql::TABLE_GATE;
use crate::sql::tokens::{Comment, Token, TokenKind, tokenize};

pub(super) struct Script {
    pub(super) dialect: Dialect,
    pub(super) direction: Direction,
    /// The file starts with the line that keeps sqlx from opening a transaction.
    pub(super) no_transaction: bool,
    pub(super) statements: Vec<ParsedStatement>,
    /// Comments after the last statement.
    pub(super) rest: Vec<Comment>,
    /// Where and why reading stopped.
    broken: Option<(usize, String)>,
    rebuilds: Vec<Rebuild>,
    /// Names that tables made in this file have, and the number of the statement that gives the name.
    made: Vec<(usize, Name)>,
    /// The schema before the file, where it is known.
    pub(super) before: Option<Schema>,
}

pub(super) struct ParsedStatement {
    /// Of its first token.
    pub(super) line: usize,
    pub(super) tokens: Vec<Token>,
    pub(super) comments: Vec<Comment>,
    pub(super) statement: Statement,
}

/// A place in a script: the statement's number, and a line within.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct At {
    pub(super) statement: usize,
    pub(super) line: usize,
}

/// A table that is replaced by another made in the same file, as SQLite needs it; statements by number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Rebuild {
    pub(super) table: Name,
    /// The name under which the new table is made; the old one's last name, where that was moved away first.
    pub(super) aside: Name,
    pub(super) dropped: usize,
    /// The old table was renamed, and references to it followed.
    pub(super) moved_first: bool,
}

impl Script {
    pub(super) fn read(dialect: Dialect, direction: Direction, text: &str) -> Self {
        let tokenized = tokenize(dialect, text);
        let statements: Vec<ParsedStatement> = tokenized
            .statements
            .into_iter()
            .map(|statement| ParsedStatement {
                line: statement.tokens.first().map_or(0, |token| token.line),
                statement: recognize(&statement.tokens),
                tokens: statement.tokens,
                comments: statement.comments,
            })
            .collect();
        let mut script = Self {
            dialect,
            direction,
            no_transaction: text.starts_with(NO_TRANSACTION),
            statements,
            rest: tokenized.rest,
            broken: tokenized.broken,
            rebuilds: Vec::new(),
            made: Vec::new(),
            before: None,
        };
        script.rebuilds = script.find_rebuilds();
        script.made = script.find_made();
        script
    }

    /// Each statement with its place.
    pub(super) fn statements(&self) -> impl Iterator<Item = (At, &Statement)> {
        self.statements
            .iter()
            .enumerate()
            .map(|(number, statement)| {
                let at = At {
                    statement: number,
                    line: statement.line,
                };
                (at, &statement.statement)
            })
    }

    /// Each action of `ALTER TABLE` on a table that was there before, with its place.
    pub(super) fn actions(&self) -> impl Iterator<Item = (At, &Name, &Alter)> {
        self.statements().flat_map(move |(at, statement)| {
            let (table, actions) = match statement {
                Statement::AlterTable { table, actions } if self.existed(table, at.statement) => {
                    (Some(table), actions.as_slice())
                }
                _ => (None, &[] as &[Action]),
            };
            actions.iter().filter_map(move |action| {
                let line = action.line;
                Some((At { line, ..at }, table?, &action.what))
            })
        })
    }

    /// Whether `table` holds rows from before this file when the statement number `before` runs.
    pub(super) fn existed(&self, table: &Name, before: usize) -> bool {
        let is_rebuilt = |rebuild: &Rebuild| rebuild.table.same(table);
        if self.rebuilds.iter().any(is_rebuilt) {
            return true;
        }
        let is_it = |(number, made): &(usize, Name)| *number < before && made.same(table);
        !self.made.iter().any(is_it)
    }

    /// Whether an earlier statement of this file adds the column.
    pub(super) fn column_is_new(&self, table: &Name, column: &str, before: usize) -> bool {
        let earlier = self.statements.get(..=before).unwrap_or_default();
        earlier.iter().any(|statement| match &statement.statement {
            Statement::AlterTable { table: at, actions } => {
                at.same(table)
                    && actions.iter().any(|action| {
                        matches!(&action.what, Alter::AddColumn(added) if added.name.eq_ignore_ascii_case(column))
                    })
            }
            _ => false,
        })
    }

    pub(super) fn rebuilds(&self) -> &[Rebuild] {
        &self.rebuilds
    }

    /// Whether every row had the column before the file.
    pub(super) fn was_required(&self, table: &Name, column: &str) -> bool {
        let tables = self.before.iter().flat_map(|schema| schema.tables.values());
        let named = tables.filter(|other| {
            let name = other.name.rsplit('.').next().unwrap_or_default();
            name.eq_ignore_ascii_case(&table.name)
        });
        let columns = named.flat_map(|table| &table.columns);
        let mut found = columns.filter(|other| other.name.eq_ignore_ascii_case(column));
        found.any(|column| !column.nullable)
    }

    /// The columns of a rebuilt table that the new one does not have, as far as the file says what it was written for.
    pub(super) fn lost_columns(&self, rebuild: &Rebuild) -> Vec<String> {
        let made = self
            .statements
            .iter()
            .find_map(|statement| match &statement.statement {
                Statement::CreateTable { table, columns } if table.same(&rebuild.aside) => {
                    Some(columns)
                }
                _ => None,
            });
        let gate = self.statements.iter().find(|statement| {
            let is_gate = |token: &Token| token.name() == Some(TABLE_GATE);
            let is_about = |token: &Token| matches!(&token.kind, TokenKind::Text(name) if *name == rebuild.table.name);
            let tokens = &statement.tokens;
            tokens.first().is_some_and(|first| first.is("INSERT"))
                && tokens.iter().any(is_gate)
                && tokens.iter().any(is_about)
        });
        let (Some(made), Some(gate)) = (made, gate) else {
            return Vec::new();
        };
        // `NOT IN ('id', 'title')`.
        let known = gate
            .tokens
            .iter()
            .skip_while(|token| !token.is("IN"))
            .skip(2);
        let known = known.take_while(|token| !token.is(")"));
        let names = known.filter_map(|token| match &token.kind {
            TokenKind::Text(name) => Some(name.clone()),
            _ => None,
        });
        let is_there = |name: &String| {
            made.iter()
                .any(|column| column.name.eq_ignore_ascii_case(name))
        };
        names.filter(|name| !is_there(name)).collect()
    }

    /// Statements that no rule can judge.
    pub(super) fn unknown(&self) -> Vec<Violation> {
        let mut violations = Vec::new();
        for (at, statement) in self.statements() {
            match statement {
                Statement::Unknown(what) => {
                    violations.push(Violation::new(at, format!("{what} is not understood")));
                }
                Statement::AlterTable { actions, .. } => {
                    for action in actions {
                        if let Alter::Unknown(what) = &action.what {
                            let line = action.line;
                            let message = format!("{what} is not understood");
                            violations.push(Violation::new(At { line, ..at }, message));
                        }
                    }
                }
                _ => {}
            }
        }
        if let Some((line, why)) = &self.broken {
            let at = At {
                statement: self.statements.len().saturating_sub(1),
                line: *line,
            };
            let message = format!("from here on the file cannot be read: {why}");
            violations.push(Violation::new(at, message));
        }
        violations
    }

    fn find_made(&self) -> Vec<(usize, Name)> {
        let tables = self
            .statements()
            .filter_map(|(at, statement)| match statement {
                Statement::CreateTable { table, .. } => Some((at.statement, table.clone())),
                _ => None,
            });
        let mut made: Vec<(usize, Name)> = tables.collect();
        for (number, from, to) in self.renames() {
            if made
                .iter()
                .any(|(before, name)| *before < number && name.same(from))
            {
                made.push((number, to.clone()));
            }
        }
        made
    }

    fn find_rebuilds(&self) -> Vec<Rebuild> {
        let dropped = |name: &Name| {
            self.statements.iter().position(|statement| {
                matches!(&statement.statement, Statement::DropTable { tables, .. } if tables.iter().any(|t| t.same(name)))
            })
        };
        let made = |name: &Name| {
            self.statements.iter().position(
                |statement| matches!(&statement.statement, Statement::CreateTable { table, .. } if table.same(name)),
            )
        };
        let mut rebuilds = Vec::new();
        for (number, table, to) in self.renames() {
            // CREATE new; DROP old; new → old.
            if let (Some(dropped), Some(made)) = (dropped(to), made(table))
                && made < number
                && dropped < number
            {
                rebuilds.push(Rebuild {
                    table: to.clone(),
                    aside: table.clone(),
                    dropped,
                    moved_first: false,
                });
            }
            // old → aside; CREATE old; DROP aside.
            if let (Some(dropped), Some(made)) = (dropped(to), made(table))
                && number < made
                && made < dropped
            {
                rebuilds.push(Rebuild {
                    table: table.clone(),
                    aside: to.clone(),
                    dropped,
                    moved_first: true,
                });
            }
        }
        rebuilds
    }

    /// Renames of tables: the statement's number, the old name, the new one.
    pub(super) fn renames(&self) -> Vec<(usize, &Name, &Name)> {
        let mut renames = Vec::new();
        for (number, statement) in self.statements.iter().enumerate() {
            match &statement.statement {
                Statement::AlterTable { table, actions } => {
                    renames.extend(actions.iter().filter_map(|action| match &action.what {
                        Alter::RenameTable { to } => Some((number, table, to)),
                        _ => None,
                    }));
                }
                Statement::RenameTables(pairs) => {
                    renames.extend(pairs.iter().map(|(from, to)| (number, from, to)));
                }
                _ => {}
            }
        }
        renames
    }
}
