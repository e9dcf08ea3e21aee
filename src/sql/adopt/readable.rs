//! Which types of a database the Rust type behind an entity's column can hold.

use crate::schema::ColumnType;

use super::super::Dialect;
use super::super::conversion::{Family, family};

impl Dialect {
    /// Whether a field whose entity says `entity` can hold what a column of type `database` gives it. Lengths,
    /// precisions and the several spellings of one thing do not matter to Rust.
    pub(super) fn is_readable(self, entity: &ColumnType, database: &ColumnType) -> bool {
        use ColumnType as T;
        match (entity, database) {
            // Its entity names a type in SQL, so that the Rust type is anybody's.
            (T::Custom(_), _) => true,
            (T::Array(entity), T::Array(database)) => self.is_readable(entity, database),
            // A domain, or a type of an extension: what reads it, only the program knows.
            (_, T::Custom(_)) => true,
            // What MySQL and SQLite call an enum is text to a program.
            (T::String(_) | T::Text | T::Char(_), T::Enum(_)) => self != Self::Postgres,
            (T::Enum(_), T::String(_) | T::Text | T::Char(_)) => self != Self::Postgres,
            // sqlx reads a moment from text and from a number of seconds.
            _ if self == Self::Sqlite && family(entity) == Family::Moment => {
                Affinity::from_type(database) != Affinity::Blob
            }
            _ if self == Self::Sqlite => {
                Affinity::from_type(entity).meets(Affinity::from_type(database))
            }
            (T::Boolean, T::TinyInteger) | (T::TinyInteger, T::Boolean) => self == Self::Mysql,
            (T::Boolean, T::TinyUnsigned | T::Bit(Some(1))) => self == Self::Mysql,
            (T::Uuid, T::Binary(16)) | (T::Binary(16), T::Uuid) => true,
            (T::VarBinary(_) | T::Blob | T::Binary(_), T::Uuid) => self == Self::Mysql,
            (T::Vector(_), T::Vector(_)) => true,
            (entity, database) if family(entity) == Family::Integer => {
                family(database) == Family::Integer && self.width(entity) == self.width(database)
            }
            (T::Float, T::Double) | (T::Double, T::Float) => self == Self::Mysql,
            (T::Float | T::Double, other) => entity == other,
            (T::Decimal(_) | T::Money(_), T::Decimal(_) | T::Money(_)) => true,
            // The zone is a matter of the Rust type.
            (T::DateTime | T::Timestamp, T::DateTime | T::Timestamp) => true,
            (T::TimestampWithTimeZone, T::TimestampWithTimeZone) => true,
            (
                T::DateTime | T::Timestamp | T::TimestampWithTimeZone,
                T::DateTime | T::Timestamp | T::TimestampWithTimeZone,
            ) => self == Self::Mysql,
            (T::Json | T::JsonBinary, T::Json | T::JsonBinary) => true,
            (T::Json | T::JsonBinary, T::String(_) | T::Text) => self == Self::Mysql,
            (entity, database) => {
                family(entity) != Family::Other && family(entity) == family(database)
                    || entity == database
            }
        }
    }

    /// How many bytes a whole number takes, and whether it has a sign.
    fn width(self, kind: &ColumnType) -> (u8, bool) {
        use ColumnType as T;
        let (bytes, signed) = match kind {
            T::TinyInteger => (1, true),
            T::SmallInteger | T::Year => (2, true),
            T::Integer => (4, true),
            T::TinyUnsigned => (1, false),
            T::SmallUnsigned => (2, false),
            T::Unsigned => (4, false),
            T::BigUnsigned => (8, false),
            _ => (8, true),
        };
        match self {
            Self::Mysql => (bytes, signed),
            // PostgreSQL has no unsigned numbers, and none of one byte.
            _ => (bytes.max(2), true),
        }
    }
}

/// What SQLite makes of a type; a program reads a column by this alone.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Affinity {
    Integer,
    Real,
    Text,
    Blob,
    /// A type that says nothing, or that only the program understands.
    Any,
}

impl Affinity {
    fn from_type(kind: &ColumnType) -> Self {
        use ColumnType as T;
        match (family(kind), kind) {
            (_, T::Custom(_)) => Self::Any,
            (Family::Integer | Family::Boolean, _) => Self::Integer,
            (Family::Number, _) => Self::Real,
            (Family::Bytes, _) => Self::Blob,
            (_, T::Uuid) => Self::Any,
            _ => Self::Text,
        }
    }

    /// Dates may be kept as text or as numbers, decimals as either kind of number.
    fn meets(self, other: Self) -> bool {
        self == other
            || self == Self::Any
            || other == Self::Any
            || matches!((self, other), (Self::Real, Self::Integer))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Length;

    #[test]
    fn lengths_do_not_matter_and_kinds_do() {
        use ColumnType as T;
        let (text, integer) = (T::String(Length::None), T::Integer);
        let (pg, my, lite) = (Dialect::Postgres, Dialect::Mysql, Dialect::Sqlite);
        for (dialect, entity, database, expected) in [
            (pg, &text, T::String(Length::N(200)), true),
            (pg, &text, T::Text, true),
            (pg, &text, T::Custom("citext".into()), true),
            (pg, &text, T::Integer, false),
            (pg, &text, T::Enum("mood".into()), false),
            (my, &text, T::Enum("mood".into()), true),
            (pg, &integer, T::Text, false),
            (pg, &integer, T::BigInteger, false),
            (pg, &T::Unsigned, T::Integer, true),
            (my, &T::Unsigned, T::Integer, false),
            (my, &T::TinyInteger, T::Boolean, true),
            (pg, &T::Decimal(None), T::Decimal(Some((10, 2))), true),
            (pg, &T::Json, T::JsonBinary, true),
            (pg, &T::DateTime, T::TimestampWithTimeZone, false),
            (my, &T::DateTime, T::TimestampWithTimeZone, true),
            (
                pg,
                &T::Array(Box::new(T::Text)),
                T::Array(Box::new(T::String(Length::N(3)))),
                true,
            ),
            (lite, &text, T::DateTime, true),
            (lite, &integer, T::Text, false),
            (lite, &T::Decimal(None), T::BigInteger, true),
        ] {
            let found = dialect.is_readable(entity, &database);
            assert_eq!(found, expected, "{dialect} {entity} from {database}");
        }
    }
}
