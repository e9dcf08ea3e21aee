//! What text can be read as, by PostgreSQL's rules, and as what: dates and times in the order of ISO 8601 only, since
//! any other depends on settings.

use crate::schema::ColumnType;

use super::super::Dialect;
use super::values::Conversion;

/// Regular expressions for both servers, which know no classes such as `\d` in common.
const DATE: &str = "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])";
const TIME: &str = "([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,6})?)?";
const ZONE: &str = "(Z|[+-][0-9]{2}(:[0-9]{2})?)?";
const NUMBER: &str = "[+-]?([0-9]+([.][0-9]+)?|[.][0-9]+)([eE][+-]?[0-9]+)?";

const UUID: &str = "[0-9a-fA-F]{8}-?([0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}";

/// A condition that the text is not of this form; for SQLite another one.
fn not_like(dialect: Dialect, name: &str, pattern: &str) -> String {
    match dialect {
        Dialect::Mysql => {
            format!("CONVERT({name} USING utf8mb4) COLLATE utf8mb4_bin NOT REGEXP '^{pattern}$'")
        }
        _ => format!("{name} !~ '^{pattern}$'"),
    }
}

fn trimmed(name: &str) -> String {
    format!("trim({name})")
}

/// Bytes are read as UTF-8. SQLite tells by what a character is when it is written again.
pub(super) fn from_bytes(dialect: Dialect, name: &str) -> Conversion {
    let unreadable = match dialect {
        Dialect::Sqlite => {
            let character = format!("substr(CAST({name} AS TEXT), \"at\", 1)");
            format!(
                "instr({name}, X'00') > 0 OR EXISTS (WITH RECURSIVE \"place\"(\"at\") AS (SELECT 1 UNION ALL \
                 SELECT \"at\" + 1 FROM \"place\" WHERE \"at\" < length(CAST({name} AS TEXT))) SELECT 1 FROM \"place\" \
                 WHERE {character} <> '' AND CAST({character} AS BLOB) <> CAST(char(unicode({character})) AS BLOB))"
            )
        }
        Dialect::Postgres => format!("NOT pg_temp.luthier_is_text({name})"),
        Dialect::Mysql => format!(
            "instr({name}, X'00') > 0 OR NOT (CAST(CONVERT({name} USING utf8mb4) AS BINARY) <=> {name})"
        ),
    };
    Conversion {
        unreadable: Some(unreadable),
        ..Conversion::default()
    }
}

pub(super) fn to_boolean(dialect: Dialect, name: &str) -> Conversion {
    const TRUE: &str = "'t', 'tr', 'tru', 'true', 'y', 'ye', 'yes', 'on', '1'";
    const FALSE: &str = "'f', 'fa', 'fal', 'fals', 'false', 'n', 'no', 'of', 'off', '0'";
    let text = format!("lower({})", trimmed(name));
    let value = match dialect {
        Dialect::Postgres => None,
        Dialect::Sqlite => Some(format!(
            "CASE WHEN {text} IN ({TRUE}) THEN 1 WHEN {text} IN ({FALSE}) THEN 0 END"
        )),
        Dialect::Mysql => Some(format!(
            "CASE WHEN {text} IN ({TRUE}) THEN '1' WHEN {text} IN ({FALSE}) THEN '0' END"
        )),
    };
    Conversion {
        value,
        unreadable: Some(format!("{text} NOT IN ({TRUE}, {FALSE})")),
        changed: None,
    }
}

pub(super) fn to_integer(dialect: Dialect, name: &str, to: &ColumnType) -> Conversion {
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
pub(super) fn to_number(
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
    if matches!(to, ColumnType::Float | ColumnType::Double) {
        let beyond = beyond_floats(dialect, &text, to);
        found.unreadable = Some(format!("CASE WHEN {wrong} THEN TRUE ELSE {beyond} END"));
    }
    if dialect == Dialect::Sqlite {
        // Floating point keeps 15 digits for certain.
        let digits = format!("ltrim(replace({text}, '.', ''), '+-0')");
        found.changed = Some(format!(
            "CASE WHEN {wrong} THEN FALSE ELSE {digits} NOT GLOB '*[eE]*' AND length({digits}) > 15 END"
        ));
    }
    found
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

pub(super) fn to_uuid(dialect: Dialect, name: &str) -> Conversion {
    // Braces only as a pair around the whole.
    let bare = format!(
        "(CASE WHEN {name} LIKE '{{%}}' THEN substr({name}, 2, length({name}) - 2) ELSE {name} END)"
    );
    let hex = format!("replace({bare}, '-', '')");
    match dialect {
        // SeaORM keeps 16 bytes in both.
        Dialect::Sqlite => Conversion {
            value: Some(format!(
                "CASE typeof({name}) WHEN 'blob' THEN {name} ELSE unhex({hex}) END"
            )),
            unreadable: Some(format!(
                "typeof({name}) <> 'blob' AND (length({hex}) <> 32 OR {hex} GLOB '*[^0-9a-fA-F]*')"
            )),
            changed: None,
        },
        _ => Conversion {
            value: (dialect == Dialect::Mysql).then(|| format!("unhex({hex})")),
            unreadable: Some(not_like(dialect, name, &format!("({UUID}|[{{]{UUID}[}}])"))),
            changed: None,
        },
    }
}

/// A UUID as everybody writes it.
pub(super) fn uuid_as_text(dialect: Dialect, name: &str) -> Option<String> {
    let part = |from: u8, length: u8| format!("substr(hex({name}), {from}, {length})");
    let parts = [
        part(1, 8),
        part(9, 4),
        part(13, 4),
        part(17, 4),
        part(21, 12),
    ];
    match dialect {
        Dialect::Postgres => None,
        Dialect::Sqlite => Some(format!(
            "CASE typeof({name}) WHEN 'blob' THEN lower({}) ELSE {name} END",
            parts.join(" || '-' || ")
        )),
        Dialect::Mysql => Some(format!("lower(concat_ws('-', {}))", parts.join(", "))),
    }
}

pub(super) fn to_json(dialect: Dialect, name: &str) -> Conversion {
    Conversion {
        value: None,
        unreadable: Some(match dialect {
            Dialect::Sqlite => format!("NOT json_valid({name})"),
            Dialect::Postgres => format!("NOT pg_temp.luthier_is_json({name}::text)"),
            Dialect::Mysql => format!("NOT json_valid({name})"),
        }),
        changed: None,
    }
}

pub(super) fn to_moment(dialect: Dialect, name: &str, to: &ColumnType) -> Conversion {
    let text = trimmed(name);
    let is_zoned = matches!(to, ColumnType::TimestampWithTimeZone);
    if matches!(to, ColumnType::Time) {
        return to_time(dialect, name);
    }
    let is_date = matches!(to, ColumnType::Date);
    let wrong = match dialect {
        Dialect::Sqlite => not_a_moment(&text, is_zoned),
        _ => {
            let zone = if is_zoned { ZONE } else { "" };
            not_like(dialect, name, &format!(" *{DATE}([ T]{TIME}{zone})? *"))
        }
    };
    let mut found = Conversion {
        value: None,
        unreadable: Some(format!(
            "CASE WHEN {wrong} THEN TRUE ELSE {} END",
            no_such_day(dialect, &text)
        )),
        changed: None,
    };
    if is_date {
        let time = format!("substr({text}, 12)");
        let zero = "'', '00:00', '00:00:00'";
        found.changed = Some(format!(
            "CASE WHEN {wrong} THEN FALSE ELSE {time} NOT IN ({zero}) END"
        ));
        found.value = (dialect != Dialect::Postgres).then(|| format!("substr({text}, 1, 10)"));
        return found;
    }
    let in_order = format!("replace({text}, 'T', ' ')");
    found.value = match (dialect, is_zoned) {
        (Dialect::Postgres, _) => None,
        (Dialect::Sqlite, false) => Some(format!(
            "CASE length({text}) WHEN 10 THEN {text} || ' 00:00:00' ELSE {in_order} END"
        )),
        (Dialect::Sqlite, true) => Some(format!(
            "CASE WHEN length({text}) = 10 THEN {text} || ' 00:00:00+00:00' WHEN {text} GLOB '*Z' OR {text} GLOB \
             '*:*[+-][0-9][0-9]:[0-9][0-9]' THEN {text} WHEN {text} GLOB '*:*[+-][0-9][0-9]' THEN {text} || ':00' \
             ELSE {text} || '+00:00' END"
        )),
        (Dialect::Mysql, false) => Some(in_order),
        (Dialect::Mysql, true) => {
            // An empty text where there is no offset, or none at all.
            let zone = format!(
                "nullif(regexp_substr(substr({text}, 12), '[+-][0-9]{{2}}(:[0-9]{{2}})?$'), '')"
            );
            Some(format!(
                "CASE WHEN length({text}) <= 19 THEN {in_order} WHEN {text} LIKE '%Z' THEN replace({in_order}, 'Z', '') \
                 WHEN {zone} IS NULL THEN {in_order} ELSE convert_tz(substr({in_order}, 1, length({text}) - \
                 length({zone})), concat({zone}, CASE length({zone}) WHEN 3 THEN ':00' ELSE '' END), '+00:00') END"
            ))
        }
    };
    if dialect == Dialect::Mysql {
        // The server keeps whole seconds, and timestamps of fewer years.
        found.changed = Some(format!(
            "CONVERT({name} USING utf8mb4) REGEXP '[.][0-9]*[1-9]'"
        ));
        if is_zoned || matches!(to, ColumnType::Timestamp) {
            let years = format!("substr({text}, 1, 4) NOT BETWEEN '1970' AND '2037'");
            let day = no_such_day(dialect, &text);
            found.unreadable = Some(format!(
                "CASE WHEN {wrong} THEN TRUE ELSE {day} OR {years} END"
            ));
        }
    }
    found
}

fn to_time(dialect: Dialect, name: &str) -> Conversion {
    let text = trimmed(name);
    let wrong = match dialect {
        Dialect::Sqlite => format!("NOT ({})", is_time(&text)),
        _ => not_like(dialect, name, &format!(" *{TIME} *")),
    };
    Conversion {
        value: (dialect != Dialect::Postgres).then(|| text.clone()),
        unreadable: Some(wrong),
        changed: (dialect == Dialect::Mysql)
            .then(|| format!("CONVERT({name} USING utf8mb4) REGEXP '[.][0-9]*[1-9]'")),
    }
}

/// Days that the pattern lets through and no calendar has.
fn no_such_day(dialect: Dialect, text: &str) -> String {
    let day = format!("substr({text}, 6, 5)");
    let year = match dialect {
        Dialect::Mysql => format!("CAST(substr({text}, 1, 4) AS UNSIGNED)"),
        _ => format!("CAST(substr({text}, 1, 4) AS INTEGER)"),
    };
    format!(
        "({day} IN ('02-30', '02-31', '04-31', '06-31', '09-31', '11-31') OR {year} = 0 \
         OR ({day} = '02-29' AND ({year} % 4 <> 0 OR ({year} % 100 = 0 AND {year} % 400 <> 0))))"
    )
}

/// SQLite has no regular expressions.
fn is_time(time: &str) -> String {
    format!(
        "{time} GLOB '[0-2][0-9]:[0-5][0-9]*' AND substr({time}, 1, 2) <= '23' AND (length({time}) = 5 \
         OR ({time} GLOB '?????:[0-5][0-9]*' AND (length({time}) = 8 OR (substr({time}, 9, 1) = '.' \
         AND length({time}) BETWEEN 10 AND 15 AND substr({time}, 10) NOT GLOB '*[^0-9]*'))))"
    )
}

fn not_a_moment(text: &str, is_zoned: bool) -> String {
    let rest = format!("substr({text}, 12)");
    let time = match is_zoned {
        false => rest,
        true => format!(
            "(CASE WHEN {rest} GLOB '*Z' THEN substr({rest}, 1, length({rest}) - 1) \
             WHEN {rest} GLOB '*[+-][0-9][0-9]:[0-9][0-9]' THEN substr({rest}, 1, length({rest}) - 6) \
             WHEN {rest} GLOB '*[+-][0-9][0-9]' THEN substr({rest}, 1, length({rest}) - 3) ELSE {rest} END)"
        ),
    };
    format!(
        "{text} NOT GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]*' OR substr({text}, 6, 2) NOT BETWEEN '01' AND '12' \
         OR substr({text}, 9, 2) NOT BETWEEN '01' AND '31' OR (length({text}) > 10 AND NOT (substr({text}, 11, 1) IN (' ', 'T') \
         AND {}))",
        is_time(&time)
    )
}
