//! What is unsafe about the SQL of a migration: rules over statements, one file a rule. Pure.
//!
//! `sql::tokens` splits a file into statements of tokens (the tokens are sqlparser's, for every dialect), `recognize` tells
//! what each statement does as far as a rule may ask, `rules` judge, and `allow` reads the comments that say
//! otherwise. What is not recognised is reported as such: silence means that a statement was looked at.
//!
//! sqlparser's grammar is not used: it refuses much that migrations are made of (`DROP INDEX CONCURRENTLY`,
//! `DETACH PARTITION`, `DROP IDENTITY`, `RENAME INDEX`), and a rule needs the frame of a statement, not its
//! expressions.

mod allow;
mod recognize;
mod rule;
mod rules;
mod script;
mod statement;
#[cfg(test)]
mod tests;

use crate::check::{Check, Finding, Level};
use crate::schema::Schema;
use crate::sql::Dialect;

use super::plan::Direction;
use script::Script;

/// One SQL file of a migration.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sql<'a> {
    pub(crate) dialect: Dialect,
    pub(crate) direction: Direction,
    /// For messages: `migrations/postgres/20261121084512_initial.up.sql`.
    pub(crate) path: &'a str,
    pub(crate) text: &'a str,
    /// The schema that the migrations before it lead to, where it is known.
    pub(crate) before: Option<&'a Schema>,
}

static NOT_ANALYSED: Check = Check {
    id: "LUT090",
    name: "not-analysed",
    level: Level::Warning,
    why: "No rule looked at this statement, because what it does was not understood.",
    instead: "look at it yourself, then say so in front of it: `-- luthier: allow LUT090: <why it is safe>`",
};

/// Everything that rules say about `sql`, in the order of its lines.
pub(crate) fn lint(sql: Sql) -> Vec<Finding> {
    let mut script = Script::read(sql.dialect, sql.direction, sql.text);
    script.before = sql.before.cloned();
    let mut violations = Vec::new();
    for rule in rules::ALL.iter().filter(|rule| rule.is_about(&script)) {
        let found = (rule.check)(&script);
        violations.extend(found.into_iter().map(|violation| (&rule.kind, violation)));
    }
    let unknown = script.unknown();
    violations.extend(
        unknown
            .into_iter()
            .map(|violation| (&NOT_ANALYSED, violation)),
    );
    let mut findings = allow::apply_suppressions(&script, violations, sql.path);
    findings.sort_by(|a, b| a.place.cmp(&b.place));
    findings
}

/// All that [`lint`] can find.
pub(crate) fn checks() -> Vec<&'static Check> {
    let rules = rules::ALL.iter().map(|rule| &rule.kind);
    rules.chain([&NOT_ANALYSED]).chain(allow::CHECKS).collect()
}
