//! Values whose spelling differs from database to database: moments and UUIDs.

use chrono::{DateTime, NaiveDateTime};

use crate::schema::ColumnType;

use super::Dialect;

/// Whether a column of this type holds a date with a time.
pub(super) fn is_moment(kind: &ColumnType) -> bool {
    matches!(
        kind,
        ColumnType::DateTime | ColumnType::Timestamp | ColumnType::TimestampWithTimeZone
    )
}

/// `2020-02-29 12:00:00` of `2020-02-29T12:00:00Z` and of every other spelling that databases use, in UTC.
pub(super) fn moment(text: &str) -> Option<String> {
    let utc = DateTime::parse_from_rfc3339(text)
        .or_else(|_| DateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f%#z"))
        .map(|moment| moment.naive_utc())
        .or_else(|_| NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f"))
        .or_else(|_| NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f"))
        .ok()?;
    Some(utc.format("%Y-%m-%d %H:%M:%S%.f").to_string())
}

/// The hexadecimal digits of a UUID; `None` for any other text.
fn digits(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(|c| *c != '-').collect();
    let is_uuid = digits.len() == 32 && digits.chars().all(|c| c.is_ascii_hexdigit());
    is_uuid.then(|| digits.to_ascii_lowercase())
}

/// The UUID of `unhex('…')`, as a default is written for a column of sixteen bytes.
pub(super) fn uuid_of_unhex(sql: &str) -> Option<String> {
    let call = sql.trim().to_ascii_lowercase();
    let inner = call.strip_prefix("unhex(")?.strip_suffix(')')?;
    // MySQL writes the encoding of a literal in front, and escapes its quotes.
    let text = inner.trim_start_matches("_utf8mb4").replace("\\'", "'");
    let digits = digits(text.strip_prefix('\'')?.strip_suffix('\'')?)?;
    let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default().to_owned();
    let parts = [
        part(0, 8),
        part(8, 12),
        part(12, 16),
        part(16, 20),
        part(20, 32),
    ];
    Some(parts.join("-"))
}

impl Dialect {
    /// A literal of text for a column of type `kind`, spelled as the database reads it there.
    pub(super) fn literal_for(self, text: &str, kind: &ColumnType) -> String {
        if self != Self::Mysql {
            return self.literal(text);
        }
        match kind {
            kind if is_moment(kind) => match moment(text) {
                Some(text) => self.literal(&text),
                None => self.literal(text),
            },
            // SeaORM keeps a UUID as sixteen bytes; only an expression is a default that can be read back.
            ColumnType::Uuid => match digits(text) {
                Some(digits) => format!("(unhex('{digits}'))"),
                None => self.literal(text),
            },
            _ => self.literal(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_have_one_spelling() {
        for (text, expected) in [
            ("2020-02-29T12:00:00Z", Some("2020-02-29 12:00:00")),
            ("2020-02-29 12:00:00", Some("2020-02-29 12:00:00")),
            ("2020-02-29 12:00:00+00", Some("2020-02-29 12:00:00")),
            ("2020-02-29 14:30:00+02:30", Some("2020-02-29 12:00:00")),
            ("2020-02-29T12:00:00.250Z", Some("2020-02-29 12:00:00.250")),
            ("2020-02-29", None),
            ("now", None),
        ] {
            assert_eq!(moment(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn mysql_gets_literals_that_it_reads() {
        let uuid = "67E55044-10b1-426f-9247-bb680e5fe0c8";
        let my = Dialect::Mysql;
        let written = my.literal_for(uuid, &ColumnType::Uuid);
        assert_eq!(written, "(unhex('67e5504410b1426f9247bb680e5fe0c8'))");
        for stored in [
            "unhex('67e5504410b1426f9247bb680e5fe0c8')",
            r"unhex(_utf8mb4\'67e5504410b1426f9247bb680e5fe0c8\')",
        ] {
            let read = uuid_of_unhex(stored).expect(stored);
            assert_eq!(read, uuid.to_ascii_lowercase(), "{stored}");
        }
        assert_eq!(uuid_of_unhex("unhex('67')"), None);
        let moment = "2020-02-29T12:00:00Z";
        let column = ColumnType::TimestampWithTimeZone;
        assert_eq!(my.literal_for(moment, &column), "'2020-02-29 12:00:00'");
        let other = Dialect::Postgres.literal_for(moment, &column);
        assert_eq!(other, "'2020-02-29T12:00:00Z'");
    }
}
