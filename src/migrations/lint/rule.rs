//! What a rule is, and what it finds.

use crate::check::Check;
use crate::sql::Dialect;

use super::script::{At, Script};
use crate::migrations::Direction;

/// One thing to look for.
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) kind: Check,
    pub(super) dialects: &'static [Dialect],
    /// Whether the way back is looked at too: what it loses, or locks, is known to whoever takes it.
    pub(super) checks_down: bool,
    pub(super) check: fn(&Script) -> Vec<Violation>,
}

/// A place where a rule applies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Violation {
    pub(super) at: At,
    pub(super) message: String,
}

impl Violation {
    pub(super) fn new(at: At, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { at, message }
    }
}

impl Rule {
    pub(super) fn is_about(&self, script: &Script) -> bool {
        self.dialects.contains(&script.dialect)
            && (self.checks_down || script.direction == Direction::Apply)
    }
}

pub(super) const ALL: &[Dialect] = &Dialect::ALL;
pub(super) const POSTGRES: &[Dialect] = &[Dialect::Postgres];
pub(super) const MYSQL: &[Dialect] = &[Dialect::Mysql];
pub(super) const SQLITE: &[Dialect] = &[Dialect::Sqlite];

/// For the tests beneath each rule.
#[cfg(test)]
pub(super) mod testing {
    use super::*;

    /// The lines where `rule` applies.
    fn lines(rule: &Rule, dialect: Dialect, sql: &str) -> Vec<usize> {
        let script = Script::read(dialect, Direction::Apply, sql);
        assert!(
            rule.is_about(&script),
            "{} is not about {dialect}",
            rule.kind.id
        );
        assert!(script.unknown().is_empty(), "{sql}");
        let violations = (rule.check)(&script);
        violations
            .into_iter()
            .map(|violation| violation.at.line)
            .collect()
    }

    /// Each of these is found, once, in its last line.
    #[track_caller]
    pub(in crate::migrations::lint) fn finds(rule: &Rule, dialect: Dialect, bad: &[&str]) {
        for sql in bad {
            let last = sql.lines().count();
            assert_eq!(lines(rule, dialect, sql), [last], "{sql}");
        }
    }

    /// None of these is.
    #[track_caller]
    pub(in crate::migrations::lint) fn passes(rule: &Rule, dialect: Dialect, good: &[&str]) {
        for sql in good {
            assert_eq!(lines(rule, dialect, sql), [0; 0], "{sql}");
        }
    }
}
