//! Comments that allow what a rule found: `-- luthier: allow LUT012: the table is empty until release 3`.

use crate::check::{Check, Finding, Level};

use super::rule::Violation;
use super::script::{At, Script};
use crate::sql::tokens::Comment;

pub(super) static CHECKS: [&Check; 3] = [&NO_REASON, &UNKNOWN, &UNUSED];

static NO_REASON: Check = Check {
    id: "LUT091",
    name: "allowed-without-reason",
    level: Level::Warning,
    why: "Whoever reads the migration later cannot tell whether the reason still holds, so the comment has no effect.",
    instead: "say why behind the id: `-- luthier: allow LUT012: the table is empty until release 3`",
};

static UNKNOWN: Check = Check {
    id: "LUT092",
    name: "allowed-unknown-id",
    level: Level::Warning,
    why: "The comment has no effect: there is no such rule.",
    instead: "`luthier check --explain all` lists the ids",
};

static UNUSED: Check = Check {
    id: "LUT093",
    name: "allowed-in-vain",
    level: Level::Warning,
    why: "The comment has no effect, and would hide a finding that comes later.",
    instead: "take it away, or put it in front of the statement that it means",
};

/// One id of one comment.
struct Allow<'a> {
    /// `None` after the last statement.
    statement: Option<usize>,
    line: usize,
    id: &'a str,
    reason: &'a str,
    used: bool,
}

/// The findings that no comment allows, and what is wrong with the comments.
pub(super) fn apply_suppressions(
    script: &Script,
    violations: Vec<(&'static Check, Violation)>,
    path: &str,
) -> Vec<Finding> {
    let mut allows = allows(script);
    let mut findings = Vec::new();
    for (kind, violation) in violations {
        let At { statement, line } = violation.at;
        let mut fitting = allows.iter_mut().filter(|allow| {
            allow.statement == Some(statement)
                && !allow.reason.is_empty()
                && allow.id.eq_ignore_ascii_case(kind.id)
        });
        match fitting.next() {
            Some(allow) => allow.used = true,
            None => findings.push(kind.found(violation.message).at(path, line)),
        }
    }
    for allow in allows.iter().filter(|allow| !allow.used) {
        let id = allow.id;
        let known = super::checks()
            .iter()
            .any(|kind| kind.id.eq_ignore_ascii_case(id));
        let finding = if !known {
            UNKNOWN.found(format!("`{id}` is not a rule"))
        } else if allow.reason.is_empty() {
            NO_REASON.found(format!("{id} is allowed without a reason"))
        } else {
            UNUSED.found(format!("{id} is allowed, but does not apply here"))
        };
        findings.push(finding.at(path, allow.line));
    }
    findings
}

fn allows(script: &Script) -> Vec<Allow<'_>> {
    let statements = script.statements.iter().enumerate();
    let comments = statements
        .flat_map(|(number, statement)| statement.comments.iter().map(move |c| (Some(number), c)))
        .chain(script.rest.iter().map(|comment| (None, comment)));
    let mut allows = Vec::new();
    for (statement, comment) in comments {
        let Some((ids, reason)) = parse(comment) else {
            continue;
        };
        allows.extend(ids.into_iter().map(|id| Allow {
            statement,
            line: comment.line,
            id,
            reason,
            used: false,
        }));
    }
    allows
}

/// The ids and the reason of a comment that is for us.
fn parse(comment: &Comment) -> Option<(Vec<&str>, &str)> {
    let rest = comment.text.trim().strip_prefix("luthier:")?;
    let rest = rest.trim_start().strip_prefix("allow")?;
    if !rest.is_empty() && !rest.starts_with(char::is_whitespace) {
        return None;
    }
    let (ids, reason) = rest.split_once(':').unwrap_or((rest, ""));
    let ids: Vec<&str> = ids
        .split([',', ' ', '\t'])
        .filter(|id| !id.is_empty())
        .collect();
    Some((ids, reason.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::migrations::Direction;
    use crate::migrations::lint::{Sql, lint};
    use crate::sql::Dialect;

    /// The ids found in `text`, with their lines.
    fn found(text: &str) -> Vec<(&'static str, usize)> {
        let findings = lint(Sql {
            dialect: Dialect::Mysql,
            direction: Direction::Apply,
            path: "x.up.sql",
            text,
            before: None,
        });
        let line = |finding: &Finding| finding.place.as_ref().map_or(0, |place| place.line);
        findings
            .iter()
            .map(|found| (found.kind.id, line(found)))
            .collect()
    }

    #[test]
    fn a_comment_with_a_reason_allows_one_statement() {
        for (text, expected) in [
            ("DROP TABLE a;", vec![("LUT001", 1)]),
            (
                "-- luthier: allow LUT001: it was never used\nDROP TABLE a;",
                vec![],
            ),
            (
                "DROP TABLE a; -- luthier: allow LUT001: it was never used",
                vec![],
            ),
            (
                "DROP /* luthier: allow lut001: never used */ TABLE a;",
                vec![],
            ),
            (
                "-- luthier: allow LUT001: never used\nDROP TABLE a;\nDROP TABLE b;",
                vec![("LUT001", 3)],
            ),
            (
                "-- luthier: allow LUT001, LUT002: both are gone since May\nALTER TABLE a DROP COLUMN b;\n",
                vec![("LUT093", 1)],
            ),
            (
                "-- luthier: allow LUT001\nDROP TABLE a;",
                vec![("LUT091", 1), ("LUT001", 2)],
            ),
            (
                "-- luthier: allow LUT001: \nDROP TABLE a;",
                vec![("LUT091", 1), ("LUT001", 2)],
            ),
            (
                "-- luthier: allow LUT999: why not\nDROP TABLE a;",
                vec![("LUT092", 1), ("LUT001", 2)],
            ),
            (
                "SELECT 1;\n-- luthier: allow LUT001: too late\n",
                vec![("LUT093", 2)],
            ),
            ("-- luthier allow LUT001: no colon\nSELECT 1;", vec![]),
        ] {
            assert_eq!(found(text), expected, "{text}");
        }
    }
}
