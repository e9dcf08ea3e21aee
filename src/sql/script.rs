//! Statements in order, and their text as a migration file.

/// The first line of a file that sqlx must not run in a transaction of its own.
pub(crate) const NO_TRANSACTION: &str = "-- no-transaction";

/// What one direction of a migration does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Script {
    /// The statements manage their own transaction.
    pub(crate) no_transaction: bool,
    pub(crate) parts: Vec<Part>,
}

/// Statements that belong together, under one comment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) comment: String,
    /// Without the semicolon.
    pub(crate) statements: Vec<String>,
}

impl Script {
    pub(crate) fn push(&mut self, comment: impl Into<String>, statements: Vec<String>) {
        self.parts.push(Part {
            comment: comment.into(),
            statements,
        });
    }

    /// The text of the file: a title, then every part under its comment.
    pub(crate) fn text(&self, title: &str) -> String {
        let mut text = String::new();
        if self.no_transaction {
            // sqlx looks for this at the very first byte.
            text.push_str(NO_TRANSACTION);
            text.push('\n');
        }
        text.push_str(&format!("-- {title}\n"));
        if self.parts.is_empty() {
            text.push_str("-- Nothing changes in this database.\n");
        }
        for part in &self.parts {
            text.push('\n');
            for line in part.comment.lines() {
                text.push_str(&format!("-- {line}\n"));
            }
            for statement in &part.statements {
                text.push_str(statement);
                text.push_str(";\n");
            }
        }
        text
    }
}
