//! The digits of numbers: whether floating point gives a number back as it was written.
//!
//! A double keeps 15 significant digits of any number, a single six; what has more survives only if it is the shortest
//! way to write the floating point number that it becomes.

use super::super::Dialect;

/// How many significant digits every double keeps.
pub(super) const OF_DOUBLES: u8 = 15;
/// How many every single keeps.
pub(super) const OF_SINGLES: u8 = 6;

/// The significant digits of a number that is written as `text`: without its sign, point, exponent, and zeros around it.
pub(super) fn significant(dialect: Dialect, text: &str) -> String {
    match dialect {
        Dialect::Sqlite => format!(
            "trim(replace(replace(replace(replace(substr({text}, 1, instr(lower({text}) || 'e', 'e') - 1), '.', ''), '-', ''), \
             '+', ''), ' ', ''), '0')"
        ),
        Dialect::Postgres => format!(
            "trim(BOTH '0' FROM regexp_replace(split_part(lower({text}), 'e', 1), '[^0-9]', '', 'g'))"
        ),
        Dialect::Mysql => format!(
            "trim(BOTH '0' FROM regexp_replace(substring_index(lower({text}), 'e', 1), '[^0-9]', ''))"
        ),
    }
}

/// The shortest text that a double, which `number` is, can be read from again.
pub(super) fn shortest_double(dialect: Dialect, number: &str) -> String {
    match dialect {
        // Fifteen digits are enough for whatever was written with as many.
        Dialect::Sqlite => {
            let with = |digits: u8| format!("printf('%!.{digits}g', {number})");
            format!(
                "(CASE {number} WHEN CAST({fifteen} AS REAL) THEN {fifteen} WHEN CAST({sixteen} AS REAL) THEN {sixteen} \
                 ELSE {} END)",
                with(17),
                fifteen = with(15),
                sixteen = with(16),
            )
        }
        Dialect::Postgres => format!("({number})::text"),
        Dialect::Mysql => format!("CAST({number} AS CHAR)"),
    }
}

/// Where the number that is written as `text` is not what the double `number` is written as.
pub(super) fn are_lost(dialect: Dialect, text: &str, number: &str) -> String {
    let (digits, now) = (
        significant(dialect, text),
        significant(dialect, &shortest_double(dialect, number)),
    );
    format!("length({digits}) > {OF_DOUBLES} AND {digits} <> {now}")
}
