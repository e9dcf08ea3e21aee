//! Defaults as databases spell them.
//!
//! Catalogues print one expression with casts, parentheses and names for encodings that nobody wrote. What is left when
//! those are taken off has to be the text as printed, byte by byte, so that it is not put together from
//! [`crate::sql::tokens`], which hold strings without their quotes and escapes and know no blanks.

use crate::schema::{ColumnType, Default};

use super::super::Dialect;
use super::super::conversion::{Family, family};
use super::super::literals;

impl Dialect {
    /// The default of a column of type `kind` that this database spells `text`; `None` for one that is `NULL`.
    pub(crate) fn read_default(self, text: &str, kind: &ColumnType) -> Option<Default> {
        let whole = bare(text);
        if self == Self::Mysql
            && *kind == ColumnType::Uuid
            && let Some(uuid) = literals::uuid_of_unhex(whole)
        {
            return Some(Default::Text(uuid));
        }
        let mut value = whole;
        if self == Self::Postgres {
            while let Some(inner) = without_cast(value) {
                value = bare(inner);
            }
        }
        // `'now'` is not a value, but a moment that the cast asks for again.
        let moment = ["'now'", "'today'", "'tomorrow'", "'yesterday'"];
        if self == Self::Postgres && value != whole && moment.contains(&value) {
            return Some(Default::Sql(whole.to_owned()));
        }
        let lower = value.to_lowercase();
        let plain = match lower.as_str() {
            "null" => return None,
            "true" => Default::Bool(true),
            "false" => Default::Bool(false),
            "current_timestamp" | "current_timestamp()" | "now()" => {
                return Some(Default::CurrentTimestamp);
            }
            "current_date" | "current_date()" | "curdate()" => return Some(Default::CurrentDate),
            "current_time" | "current_time()" | "curtime()" => return Some(Default::CurrentTime),
            _ => match self.string(value) {
                Some(text) => Default::Text(text),
                None if is_number(value) => Default::Number(value.to_owned()),
                // A bare word is a string to SQLite, where it is not one of the words above.
                None if self == Self::Sqlite && is_word(value) => Default::Text(value.to_owned()),
                None => return Some(Default::Sql(whole.to_owned())),
            },
        };
        Some(fitted(plain, kind))
    }

    /// What a literal in quotes holds.
    fn string(self, text: &str) -> Option<String> {
        // As servers say which encoding a literal has.
        let text = match (self, text.split_once('\'')) {
            (Self::Mysql, Some((start, _))) if start.starts_with("_utf8") => &text[start.len()..],
            _ => text,
        };
        // SQLite takes a name in double quotes that it does not know for a string.
        let quote = match text.chars().next()? {
            '\'' => '\'',
            '"' if self == Self::Sqlite => '"',
            _ => return None,
        };
        let inner = text.get(1..)?.strip_suffix(quote)?;
        let mut value = String::with_capacity(inner.len());
        let mut chars = inner.chars();
        while let Some(c) = chars.next() {
            if c == quote {
                // A single quote would end the literal, and something follows.
                if chars.next() != Some(quote) {
                    return None;
                }
                value.push(c);
            } else if c == '\\' && self == Self::Mysql {
                value.push(match chars.next()? {
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    '0' => '\0',
                    other => other,
                });
            } else {
                value.push(c);
            }
        }
        Some(value)
    }
}

/// Without white space and parentheses around all of it.
fn bare(text: &str) -> &str {
    let text = text.trim();
    let Some(inner) = text
        .strip_prefix('(')
        .and_then(|rest| rest.strip_suffix(')'))
    else {
        return text;
    };
    let mut depth = 0_i32;
    for (_, c) in outside_of_quotes(inner) {
        depth += match c {
            '(' => 1,
            ')' => -1,
            _ => 0,
        };
        if depth < 0 {
            return text;
        }
    }
    bare(inner)
}

/// What stands before the last `::type` of a value, where the cast is all there is.
fn without_cast(text: &str) -> Option<&str> {
    let mut depth = 0_i32;
    let mut at = None;
    let mut previous = ' ';
    for (place, c) in outside_of_quotes(text) {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            ':' if previous == ':' && depth == 0 => at = Some(place - 1),
            _ => {}
        }
        previous = c;
    }
    let (value, kind) = text.split_at(at?);
    let is_type = kind
        .chars()
        .all(|c| c.is_alphanumeric() || " :_\"().,[]".contains(c));
    let is_value = !value.contains("||") && !value.ends_with(' ');
    (is_type && is_value).then_some(value)
}

/// The characters that are not part of a literal or a quoted name, with their places. Quotes themselves are left out.
fn outside_of_quotes(text: &str) -> impl Iterator<Item = (usize, char)> {
    let mut quote = None;
    text.char_indices().filter(move |(_, c)| match quote {
        Some(end) => {
            if *c == end {
                quote = None;
            }
            false
        }
        None if matches!(c, '\'' | '"' | '`') => {
            quote = Some(*c);
            false
        }
        None => true,
    })
}

fn is_word(text: &str) -> bool {
    let mut chars = text.chars();
    let starts = chars.next().is_some_and(|c| c.is_alphabetic() || c == '_');
    starts && chars.all(|c| c.is_alphanumeric() || c == '_')
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    digits.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && digits.parse::<f64>().is_ok_and(f64::is_finite)
}

/// The same value as the column's type would have it.
fn fitted(value: Default, kind: &ColumnType) -> Default {
    match (family(kind), value) {
        (Family::Boolean, Default::Number(n)) if n == "1" || n == "0" => Default::Bool(n == "1"),
        (Family::Boolean, Default::Text(text)) => match text.as_str() {
            "1" | "t" | "true" => Default::Bool(true),
            "0" | "f" | "false" => Default::Bool(false),
            _ => Default::Text(text),
        },
        (Family::Integer | Family::Number, Default::Bool(flag)) => {
            Default::Number(u8::from(flag).to_string())
        }
        (Family::Integer | Family::Number, Default::Text(text)) if is_number(&text) => {
            Default::Number(shortest(&text))
        }
        (Family::Integer | Family::Number, Default::Number(digits)) => {
            Default::Number(shortest(&digits))
        }
        (Family::Text | Family::Enum, Default::Number(digits)) => Default::Text(digits),
        (_, Default::Text(text)) if literals::is_moment(kind) => {
            Default::Text(literals::moment(&text).unwrap_or(text))
        }
        (_, value) => value,
    }
}

/// `+7.50` as `7.5`, `.5` as `0.5`.
fn shortest(digits: &str) -> String {
    let (sign, digits) = match digits.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", digits.strip_prefix('+').unwrap_or(digits)),
    };
    if digits.contains(['e', 'E']) {
        return format!("{sign}{digits}");
    }
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        whole => whole,
    };
    match fraction.trim_end_matches('0') {
        "" if whole == "0" => "0".to_owned(),
        "" => format!("{sign}{whole}"),
        fraction => format!("{sign}{whole}.{fraction}"),
    }
}

/// One text for every spelling of the same default.
pub(super) fn canonical(default: &Default) -> String {
    match default {
        Default::Sql(sql) => expression(sql),
        other => other.describe(),
    }
}

/// An expression without what databases add to one or leave out: casts, parentheses, blanks, capitals.
fn expression(sql: &str) -> String {
    let mut text = String::with_capacity(sql.len());
    let mut rest = sql;
    while let Some(c) = rest.chars().next() {
        if let Some(quoted) = rest.strip_prefix('\'') {
            let end = quoted.find('\'').map_or(rest.len(), |end| end + 2);
            text.push_str(&rest[..end]);
            rest = &rest[end..];
            continue;
        }
        if let Some(cast) = rest.strip_prefix("::") {
            rest = after_type(cast);
            continue;
        }
        if !c.is_whitespace() && !matches!(c, '(' | ')' | '`' | '"') {
            text.extend(c.to_lowercase());
        }
        rest = &rest[c.len_utf8()..];
    }
    text
}

/// What follows the name of a type: `double precision`, `"Mood"`, `text[]`.
fn after_type(text: &str) -> &str {
    const MORE: [&str; 6] = [
        " varying",
        " precision",
        " without",
        " with",
        " time",
        " zone",
    ];
    let inside = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '"' | '[' | ']');
    let mut rest = text.trim_start_matches(inside);
    while let Some(more) = MORE.iter().find_map(|more| rest.strip_prefix(more)) {
        rest = more.trim_start_matches(inside);
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Length;

    #[test]
    fn defaults_are_read_as_databases_spell_them() {
        let (text, number) = (ColumnType::String(Length::None), ColumnType::Integer);
        let decimal = ColumnType::Decimal(Some((10, 2)));
        let (flag, moment) = (ColumnType::Boolean, ColumnType::TimestampWithTimeZone);
        let (lite, pg, my) = (Dialect::Sqlite, Dialect::Postgres, Dialect::Mysql);
        for (dialect, kind, spelled, expected) in [
            (lite, &text, "'it''s'", "'it's'"),
            (lite, &text, "\"new\"", "'new'"),
            (lite, &number, "(-1)", "-1"),
            (lite, &flag, "TRUE", "true"),
            (lite, &flag, "0", "false"),
            (lite, &moment, "CURRENT_TIMESTAMP", "CURRENT_TIMESTAMP"),
            (lite, &text, "(lower('X'))", "lower('X')"),
            (lite, &text, "(1) + (2)", "(1) + (2)"),
            (pg, &text, "'it''s'::character varying", "'it's'"),
            (pg, &text, "'a::b'::text", "'a::b'"),
            (pg, &number, "'-1'::integer", "-1"),
            (pg, &decimal, "7.50", "7.5"),
            (pg, &decimal, "(0)::numeric(10,2)", "0"),
            (pg, &moment, "now()", "CURRENT_TIMESTAMP"),
            (
                pg,
                &ColumnType::Date,
                "('now'::text)::date",
                "('now'::text)::date",
            ),
            (lite, &text, "now", "'now'"),
            (
                pg,
                &ColumnType::Enum("mood".into()),
                "'happy'::\"Mood\"",
                "'happy'",
            ),
            (
                pg,
                &text,
                "('a'::text || 'b'::text)",
                "'a'::text || 'b'::text",
            ),
            (my, &text, r"'it\'s'", "'it's'"),
            (my, &text, "_utf8mb4'x'", "'x'"),
            (my, &decimal, "7.00", "7"),
            (my, &flag, "1", "true"),
            (my, &moment, "current_timestamp()", "CURRENT_TIMESTAMP"),
            (my, &ColumnType::Date, "(curdate())", "CURRENT_DATE"),
        ] {
            let read = dialect.read_default(spelled, kind).expect(spelled);
            assert_eq!(read.describe(), expected, "{dialect} {spelled}");
        }
        for spelled in ["NULL", "NULL::character varying", "(null)"] {
            assert_eq!(pg.read_default(spelled, &text), None, "{spelled}");
        }
    }

    #[test]
    fn expressions_are_compared_by_what_they_say() {
        assert_eq!(
            expression("lower(('X'::text || 'Y y'::text))"),
            expression("LOWER('X' || 'Y y')")
        );
        assert_ne!(expression("lower('X')"), expression("lower('x')"));
    }
}
