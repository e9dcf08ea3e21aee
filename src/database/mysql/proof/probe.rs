//! What shows, on a temporary table, what a statement makes of the real one.

use crate::sql::Dialect;
use crate::sql::statements::{Token, spans, tokens};

use super::super::effect::Effect;

/// What shows, on a temporary table, what a statement makes of the real one.
pub(super) struct Probe {
    pub(super) statements: Vec<String>,
    /// The foreign keys that the statement adds, which no temporary table can have.
    pub(super) references: Vec<String>,
    /// The names of the foreign keys that it drops.
    pub(super) dropped: Vec<String>,
}

impl Probe {
    pub(super) fn new(statement: &str, table: &str, was: Option<&str>) -> Self {
        let mut statements = Vec::new();
        if let Some(was) = was {
            let (plain, _) = without_references(was);
            statements.push(plain.replacen("CREATE TABLE", "CREATE TEMPORARY TABLE", 1));
        }
        let mut references = Vec::new();
        let mut dropped = Vec::new();
        let words = tokens(Dialect::Mysql, statement);
        if words.first().is_some_and(|word| word.is("CREATE"))
            && words.get(1).is_some_and(|word| word.is("TABLE"))
        {
            let (plain, keys) = without_references(statement);
            references = keys;
            let start = plain.to_ascii_uppercase().find("TABLE").unwrap_or(0);
            statements.push(format!("CREATE TEMPORARY {}", &plain[start..]));
        } else if words.first().is_some_and(|word| word.is("ALTER")) {
            let head = end_of_head(statement);
            let mut kept = Vec::new();
            for action in parts(&statement[head..]) {
                let words = tokens(Dialect::Mysql, action);
                let is_key = words
                    .windows(2)
                    .position(|pair| pair[0].is("FOREIGN") && pair[1].is("KEY"));
                match is_key {
                    Some(at) if words.first().is_some_and(|word| word.is("DROP")) => {
                        dropped.extend(words.get(at + 2).and_then(Token::name));
                    }
                    Some(_) => references.push(normal(action)),
                    None => kept.push(action.trim()),
                }
            }
            if !kept.is_empty() {
                statements.push(format!("{} {}", &statement[..head], kept.join(", ")));
            }
        } else {
            statements.push(statement.to_owned());
        }
        if statements.is_empty() {
            statements.push(format!("DO 0 /* {table} */"));
        }
        Self {
            statements,
            references,
            dropped,
        }
    }
}

/// Where the actions of `ALTER TABLE t` begin.
fn end_of_head(statement: &str) -> usize {
    let words = tokens(Dialect::Mysql, statement);
    let Some(at) = words.iter().position(|word| word.is("TABLE")) else {
        return 0;
    };
    let last = match words.get(at + 2) {
        Some(Token::Sign('.')) => words.get(at + 3),
        _ => words.get(at + 1),
    };
    let end = last.and_then(|word| match word {
        Token::Word(text) | Token::Name(text) => {
            Some(text.as_ptr() as usize - statement.as_ptr() as usize + text.len())
        }
        _ => None,
    });
    end.unwrap_or(0)
}

/// The text cut at the commas that stand in no parentheses and quotes.
fn parts(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let (mut depth, mut start) = (0_usize, 0);
    for (at, end) in spans(Dialect::Mysql, text) {
        match &text[at..end] {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            "," if depth == 0 => {
                found.push(&text[start..at]);
                start = end;
            }
            _ => {}
        }
    }
    found.push(&text[start..]);
    found
}

/// `CREATE TABLE` without its foreign keys, and those.
fn without_references(create: &str) -> (String, Vec<String>) {
    let spans = spans(Dialect::Mysql, create);
    let mut depth = 0_usize;
    let (mut open, mut close) = (None, None);
    for (at, end) in spans {
        match &create[at..end] {
            "(" => {
                depth += 1;
                open.get_or_insert(end);
            }
            ")" => {
                depth = depth.saturating_sub(1);
                if depth == 0 && close.is_none() {
                    close = Some(at);
                }
            }
            _ => {}
        }
    }
    let (Some(open), Some(close)) = (open, close) else {
        return (create.to_owned(), Vec::new());
    };
    let is_key = |part: &&&str| {
        let words = tokens(Dialect::Mysql, part);
        words
            .windows(2)
            .any(|pair| pair[0].is("FOREIGN") && pair[1].is("KEY"))
    };
    let all = parts(&create[open..close]);
    let keys: Vec<&str> = all.iter().filter(is_key).copied().collect();
    let kept: Vec<&str> = all.iter().filter(|part| !is_key(part)).copied().collect();
    let kept = kept.join(",");
    let plain = format!(
        "{}{}\n{}",
        &create[..open],
        kept.trim_end(),
        &create[close..]
    );
    (plain, keys.into_iter().map(normal).collect())
}

/// A foreign key without what may be written or left out: `constraint`, quotes, blanks, the action that is taken anyway.
fn normal(key: &str) -> String {
    let words = tokens(Dialect::Mysql, key);
    let names: Vec<String> = words
        .iter()
        .filter(|word| !word.is("ADD") && !word.is("CONSTRAINT"))
        .map(|word| match word {
            Token::Sign(sign) => sign.to_string(),
            word => word.name().unwrap_or_default().to_lowercase(),
        })
        .collect();
    let mut text = names.join(" ");
    for usual in ["restrict", "no action"] {
        for event in ["on delete", "on update"] {
            text = text.replace(&format!(" {event} {usual}"), "");
        }
    }
    text
}

/// Whether the table has the foreign key; one without a name by its columns.
pub(super) fn has_reference(table: &str, key: &str) -> bool {
    let (_, keys) = without_references(table);
    keys.iter()
        .any(|there| there == key || (key.starts_with("foreign key") && there.ends_with(key)))
}

/// Whether two definitions are the same but for foreign keys, and the indexes that InnoDB makes for them.
pub(super) fn same_but_references(made: &str, is: &str, dropped: &[String]) -> bool {
    let (plain, keys) = without_references(is);
    let names: Vec<&str> = keys
        .iter()
        .filter_map(|key| key.split(' ').next())
        .collect();
    if names
        .iter()
        .any(|name| dropped.iter().any(|gone| gone.eq_ignore_ascii_case(name)))
    {
        return false;
    }
    let lines = |text: &str| -> Vec<String> {
        let mut lines: Vec<String> = text
            .replacen("CREATE TEMPORARY TABLE", "CREATE TABLE", 1)
            .lines()
            .map(|line| line.trim().trim_end_matches(',').to_owned())
            .filter(|line| !line.is_empty())
            .collect();
        lines.sort();
        lines
    };
    let (made, is) = (lines(made), lines(&plain));
    let is_made_for_key = |line: &&String| {
        let index = line
            .strip_prefix("KEY `")
            .and_then(|rest| rest.split('`').next());
        index.is_some_and(|index| names.iter().any(|name| name.eq_ignore_ascii_case(index)))
    };
    let differ = |a: &[String], b: &[String]| {
        let mut only = a.iter().filter(|line| !b.contains(line));
        only.all(|line| is_made_for_key(&line))
    };
    differ(&made, &is) && differ(&is, &made)
}

/// The renames of tables in a statement.
pub(super) fn renames(statement: &str) -> Vec<(String, String)> {
    let words = tokens(Dialect::Mysql, statement);
    if !words.first().is_some_and(|word| word.is("RENAME")) {
        return Vec::new();
    }
    let Effect::Tables(tables) = Effect::of_statement(statement) else {
        return Vec::new();
    };
    tables
        .chunks_exact(2)
        .map(|pair| (pair[0].clone(), pair[1].clone()))
        .collect()
}

pub(super) fn is_drop(statement: &str) -> bool {
    let words = tokens(Dialect::Mysql, statement);
    words.first().is_some_and(|word| word.is("DROP"))
        && words.get(1).is_some_and(|word| word.is("TABLE"))
}

/// A definition without the name of the table.
pub(super) fn body(create: Option<&str>) -> Option<&str> {
    create
        .and_then(|text| text.split_once('('))
        .map(|(_, rest)| rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_keys_are_taken_out_of_definitions() {
        let create = "CREATE TABLE `t` (\n  `a` int DEFAULT 1,\n  `b` decimal(3,1) COMMENT 'x, (y',\n  CONSTRAINT `k` FOREIGN KEY (`a`) \
                      REFERENCES `p` (`id`) ON DELETE CASCADE\n) ENGINE=InnoDB";
        let (plain, keys) = without_references(create);
        assert_eq!(
            plain,
            "CREATE TABLE `t` (\n  `a` int DEFAULT 1,\n  `b` decimal(3,1) COMMENT 'x, (y'\n) ENGINE=InnoDB"
        );
        assert_eq!(
            keys,
            ["k foreign key ( a ) references p ( id ) on delete cascade"]
        );
        assert!(has_reference(
            create,
            &normal(
                "ADD CONSTRAINT k FOREIGN KEY(`a`) REFERENCES p(id) ON DELETE CASCADE ON UPDATE RESTRICT"
            )
        ));
        assert!(!has_reference(
            create,
            &normal("ADD CONSTRAINT k FOREIGN KEY(`a`) REFERENCES p(id)")
        ));
    }

    #[test]
    fn probes_leave_foreign_keys_out() {
        let probe = Probe::new(
            "ALTER TABLE `t`\n    ADD COLUMN a int DEFAULT 'x,y', ADD CONSTRAINT k FOREIGN KEY (a) REFERENCES p (id),\n DROP FOREIGN KEY `old`",
            "t",
            Some("CREATE TABLE `t` (\n  `id` int\n)"),
        );
        assert_eq!(
            probe.statements,
            [
                "CREATE TEMPORARY TABLE `t` (\n  `id` int\n)",
                "ALTER TABLE `t` ADD COLUMN a int DEFAULT 'x,y'"
            ]
        );
        assert_eq!(
            probe.references,
            ["k foreign key ( a ) references p ( id )"]
        );
        assert_eq!(probe.dropped, ["old"]);
    }
}
