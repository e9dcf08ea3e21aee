//! Statements in order, and their text as a migration file.

use super::Dialect;
use super::sqlite::{RebuildBase, rebuild_body};
use super::transaction::NO_TRANSACTION;

/// What one direction of a migration does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Script {
    /// The statements manage their own transaction.
    pub(crate) no_transaction: bool,
    pub(crate) parts: Vec<Part>,
    /// On SQLite: what each rebuild was written for, in order.
    pub(crate) rebuilds: Vec<RebuildBase>,
}

/// Statements that belong together, under one comment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) comment: String,
    /// Without the semicolon; one that ends in a new line is text that has its own.
    pub(crate) statements: Vec<String>,
}

impl Script {
    pub(crate) fn push(&mut self, comment: impl Into<String>, statements: Vec<String>) {
        self.parts.push(Part {
            comment: comment.into(),
            statements,
        });
    }

    /// The statements of `text`, a file that somebody wrote or edited, for a place among others.
    ///
    /// # Errors
    /// It manages its own transaction, or has no clear end.
    pub(crate) fn by_hand(dialect: Dialect, comment: String, text: &str) -> Result<Self, String> {
        let mut script = Self::default();
        let mut body = text;
        if let Some(rest) = text.strip_prefix(NO_TRANSACTION) {
            match (dialect, rebuild_body(text)) {
                (Dialect::Sqlite, Some(inside)) => {
                    script.no_transaction = true;
                    body = inside;
                }
                (Dialect::Mysql, _) => body = rest,
                _ => return Err("it manages its own transaction".into()),
            }
        }
        let body: Vec<&str> = body
            .lines()
            .skip_while(|line| line.trim().is_empty() || line.starts_with("--"))
            .collect();
        if !body.is_empty() {
            script.push(comment, vec![complete(&body)?]);
        }
        if script.no_transaction {
            wrap(&mut script);
        }
        Ok(script)
    }

    /// Several scripts as one, in order.
    pub(crate) fn joined(scripts: Vec<Self>) -> Self {
        let mut all = Self::default();
        for mut script in scripts {
            if script.no_transaction {
                unwrap(&mut script);
                all.no_transaction = true;
            }
            all.parts.append(&mut script.parts);
            all.rebuilds.append(&mut script.rebuilds);
        }
        if all.no_transaction {
            wrap(&mut all);
        }
        all
    }

    /// With a transaction of its own around it, in which SQLite does not enforce foreign keys.
    pub(crate) fn without_foreign_keys(mut self) -> Self {
        wrap(&mut self);
        self
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
                if !statement.ends_with('\n') {
                    text.push_str(";\n");
                }
            }
        }
        text
    }
}

/// The lines as text that others can follow: the last statement has its semicolon.
fn complete(lines: &[&str]) -> Result<String, String> {
    let is_code = |line: &&str| !line.trim().is_empty() && !line.trim_start().starts_with("--");
    let mut text = lines.join("\n");
    if let Some(last) = lines.iter().rposition(is_code) {
        let line = lines[last].trim_end();
        if !line.ends_with(';') {
            if ["--", "#", "/*", "*/"]
                .iter()
                .any(|sign| line.contains(sign))
            {
                return Err("its last statement does not end in `;`".into());
            }
            let end = lines[..last]
                .iter()
                .map(|line| line.len() + 1)
                .sum::<usize>()
                + line.len();
            text.insert(end, ';');
        }
    }
    text.push('\n');
    Ok(text)
}

/// Puts a transaction without foreign keys around a script.
pub(super) fn wrap(script: &mut Script) {
    script.no_transaction = true;
    script.parts.insert(
        0,
        Part {
            comment: "Dropping or rebuilding a table must not delete the rows that refer to it."
                .into(),
            statements: vec!["PRAGMA foreign_keys = OFF".into(), "BEGIN IMMEDIATE".into()],
        },
    );
    script.push("", vec!["COMMIT".into(), "PRAGMA foreign_keys = ON".into()]);
}

/// Takes off what [`wrap`] put around a script.
fn unwrap(script: &mut Script) {
    script.no_transaction = false;
    script.parts.pop();
    script.parts.remove(0);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_by_hand_ends_in_a_semicolon() {
        for (text, expected) in [
            ("UPDATE a SET b = 1", Ok("UPDATE a SET b = 1;\n")),
            ("UPDATE a\nSET b = 1;\n", Ok("UPDATE a\nSET b = 1;\n")),
            (
                "-- Title.\n\nUPDATE a SET b = 1  \n\n-- Done.\n",
                Ok("UPDATE a SET b = 1;  \n\n-- Done.\n"),
            ),
            ("-- Nothing.\n", Ok("")),
            (
                "UPDATE a SET b = 1 -- one",
                Err("its last statement does not end in `;`"),
            ),
            (
                "-- no-transaction\nVACUUM;\n",
                Err("it manages its own transaction"),
            ),
        ] {
            let script = Script::by_hand(Dialect::Sqlite, "By hand.".into(), text);
            let found = script.map(|script| {
                let statements = script.parts.into_iter().flat_map(|part| part.statements);
                statements.collect::<String>()
            });
            let expected = expected.map(str::to_owned).map_err(str::to_owned);
            assert_eq!(found, expected, "{text}");
        }
    }
}
