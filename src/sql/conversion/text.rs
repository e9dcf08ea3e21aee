//! What text can be read as, by PostgreSQL's rules, and as what.

use super::change::Conversion;
use crate::sql::Dialect;

mod moments;
mod numbers;
mod pattern;

pub(super) use moments::to_moment;
pub(super) use numbers::{to_integer, to_number};
use pattern::{not_like, trimmed};

const UUID: &str = "[0-9a-fA-F]{8}-?([0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}";

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
