//! Text that becomes numbers.

use crate::schema::ColumnType;

use super::super::super::Dialect;
use super::super::change::Conversion;
use super::super::digits::{OF_SINGLES, are_lost, significant};
use super::super::numbers::{not_single, rounded_to_single};
use super::pattern::{NUMBER, not_like, trimmed};

pub(in super::super) fn to_integer(dialect: Dialect, name: &str, to: &ColumnType) -> Conversion {
    let (low, high) = to.integer_range().unwrap_or((i64::MIN, i64::MAX));
    let text = trimmed(name);
    match dialect {
        Dialect::Sqlite => {
            let (digits, significant) = (
                format!("ltrim({text}, '+-')"),
                format!("ltrim({text}, '+-0')"),
            );
            Conversion {
                value: Some(format!("CAST({text} AS INTEGER)")),
                unreadable: Some(format!(
                    "{digits} = '' OR {digits} GLOB '*[^0-9]*' OR {text} GLOB '[+-][+-]*' OR length({significant}) > 19 \
                     OR (length({significant}) = 19 AND {significant} > '9223372036854775807') \
                     OR CAST({text} AS INTEGER) NOT BETWEEN {low} AND {high}"
                )),
                changed: None,
            }
        }
        Dialect::Postgres => Conversion {
            value: None,
            unreadable: Some(format!(
                "CASE WHEN {} THEN TRUE ELSE {text}::numeric NOT BETWEEN {low} AND {high} END",
                not_like(dialect, name, " *[+-]?[0-9]+ *")
            )),
            changed: None,
        },
        Dialect::Mysql => Conversion {
            value: Some(text.clone()),
            unreadable: Some(format!(
                "CASE WHEN {} THEN TRUE ELSE CAST({text} AS DECIMAL(65)) NOT BETWEEN {low} AND {high} END",
                not_like(dialect, name, " *[+-]?[0-9]+ *")
            )),
            changed: None,
        },
    }
}

/// `scale` is that of a decimal: digits before and behind the point.
pub(in super::super) fn to_number(
    dialect: Dialect,
    name: &str,
    to: &ColumnType,
    scale: Option<(u32, u32)>,
) -> Conversion {
    let text = trimmed(name);
    let (wrong, number) = match dialect {
        Dialect::Sqlite => {
            // What JSON takes for a number behind a digit, since it knows neither a plus nor zeros before.
            (
                format!(
                    "{text} GLOB '*[^0-9.eE+-]*' OR {text} NOT GLOB '*[0-9]*' OR {text} GLOB '*[0-9.][+-]*' \
                     OR {text} GLOB '[+-][+-]*' OR ltrim({text}, '+-') GLOB '[eE]*' OR NOT json_valid('1' || ltrim({text}, '+-0'))"
                ),
                format!("CAST({text} AS REAL)"),
            )
        }
        Dialect::Postgres => (
            not_like(dialect, name, &format!(" *{NUMBER} *")),
            format!("{text}::numeric"),
        ),
        Dialect::Mysql => (
            not_like(dialect, name, &format!(" *{NUMBER} *")),
            format!("CAST({text} AS DECIMAL(65,30))"),
        ),
    };
    let mut found = Conversion {
        value: match dialect {
            Dialect::Sqlite => Some(number.clone()),
            Dialect::Postgres => None,
            Dialect::Mysql => Some(text.clone()),
        },
        unreadable: Some(wrong.clone()),
        changed: None,
    };
    if let Some((digits, scale)) = scale {
        let rounded = format!("round({number}, {scale})");
        let zeros = "0".repeat(digits as usize);
        found.unreadable = Some(format!(
            "CASE WHEN {wrong} THEN TRUE ELSE abs({rounded}) >= 1{zeros} END"
        ));
        found.changed = Some(format!(
            "CASE WHEN {wrong} THEN FALSE ELSE {rounded} <> {number} END"
        ));
        if dialect == Dialect::Sqlite {
            found.value = Some(rounded);
        }
        return found;
    }
    if let ColumnType::Float | ColumnType::Double = to {
        let beyond = beyond_floats(dialect, &text, to);
        let lost = lost_in_floats(dialect, &text, to);
        found.unreadable = Some(format!("CASE WHEN {wrong} THEN TRUE ELSE {beyond} END"));
        found.changed = Some(format!(
            "CASE WHEN {wrong} THEN FALSE WHEN {beyond} THEN FALSE ELSE {lost} END"
        ));
        if let (Dialect::Sqlite, ColumnType::Float) = (dialect, to) {
            found.value = Some(rounded_to_single(&number));
        }
    }
    found
}

/// Where floating point would not give a number back as it is written.
fn lost_in_floats(dialect: Dialect, text: &str, to: &ColumnType) -> String {
    let number = match dialect {
        Dialect::Sqlite => format!("CAST({text} AS REAL)"),
        Dialect::Postgres => format!("{text}::double precision"),
        Dialect::Mysql => format!("CAST({text} AS DOUBLE)"),
    };
    match to {
        ColumnType::Float => format!(
            "length({}) > {OF_SINGLES} AND {}",
            significant(dialect, text),
            not_single(dialect, &number)
        ),
        _ => are_lost(dialect, text, &number),
    }
}

/// Where a number is too large for its type, or so small that it would be zero.
fn beyond_floats(dialect: Dialect, text: &str, to: &ColumnType) -> String {
    let (least, most) = match to {
        ColumnType::Float => ("1.4e-45", "3.4028235e38"),
        _ => ("4.94e-324", "1.797693134862315e308"),
    };
    match dialect {
        Dialect::Postgres => format!(
            "({text}::numeric <> 0 AND abs({text}::numeric) NOT BETWEEN {least}::numeric AND {most}::numeric)"
        ),
        Dialect::Sqlite => {
            let digits = format!("substr({text}, 1, instr(lower({text}) || 'e', 'e') - 1)");
            format!(
                "(ltrim({digits}, '+-0.') <> '' AND abs(CAST({text} AS REAL)) NOT BETWEEN {least} AND {most})"
            )
        }
        Dialect::Mysql => format!(
            "(substring_index(lower({text}), 'e', 1) REGEXP '[1-9]' AND abs(CAST({text} AS DOUBLE)) NOT BETWEEN {least} AND {most})"
        ),
    }
}
