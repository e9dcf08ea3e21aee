//! Text that becomes dates, times and moments: in the order of ISO 8601 only, since any other depends on settings.

use crate::schema::ColumnType;

use super::super::super::Dialect;
use super::super::change::Conversion;
use super::pattern::{not_like, trimmed};

/// Regular expressions for both servers, which know no classes such as `\d` in common.
const DATE: &str = "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])";
const TIME: &str = "([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,6})?)?";
const ZONE: &str = "(Z|[+-][0-9]{2}(:[0-9]{2})?)?";

pub(in super::super) fn to_moment(dialect: Dialect, name: &str, to: &ColumnType) -> Conversion {
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
