//! MySQL and MariaDB: the spellings of `information_schema`, with or without the widths that older servers show.

use crate::schema::{ColumnType, Length};

use super::spelling::Spelling;

pub(super) fn read(text: &str) -> ColumnType {
    let spelling = Spelling::parse(text);
    let none = spelling.numbers.is_empty();
    match (spelling.name.as_str(), spelling.one()) {
        ("bool" | "boolean", _) | ("tinyint", Some(1)) => ColumnType::Boolean,
        ("tinyint", _) => ColumnType::TinyInteger,
        ("smallint", _) => ColumnType::SmallInteger,
        ("int" | "integer", _) => ColumnType::Integer,
        ("bigint", _) => ColumnType::BigInteger,
        ("tinyint unsigned", _) => ColumnType::TinyUnsigned,
        ("smallint unsigned", _) => ColumnType::SmallUnsigned,
        ("int unsigned" | "integer unsigned", _) => ColumnType::Unsigned,
        ("bigint unsigned", _) => ColumnType::BigUnsigned,
        ("char" | "character", n) => ColumnType::Char(n.or(Some(1))),
        // What SeaORM makes of a string without a length.
        ("varchar" | "character varying", Some(255)) => ColumnType::String(Length::None),
        ("varchar" | "character varying", Some(n)) => ColumnType::String(Length::N(n)),
        ("longtext", _) => ColumnType::String(Length::Max),
        ("text", None) => ColumnType::Text,
        ("float", None) if none => ColumnType::Float,
        ("double" | "double precision" | "real", None) if none => ColumnType::Double,
        ("decimal" | "numeric" | "dec", _) => match spelling.pair() {
            // What the server makes of a decimal without numbers.
            None | Some((10, 0)) => ColumnType::Decimal(None),
            pair => ColumnType::Decimal(pair),
        },
        ("datetime", None | Some(0)) => ColumnType::DateTime,
        ("timestamp", None | Some(0)) => ColumnType::TimestampWithTimeZone,
        ("time", None | Some(0)) => ColumnType::Time,
        ("date", _) => ColumnType::Date,
        ("year", _) => ColumnType::Year,
        // How SeaORM keeps a UUID.
        ("binary", Some(16)) => ColumnType::Uuid,
        ("binary", n) => ColumnType::Binary(n.unwrap_or(1)),
        ("varbinary", Some(255)) => ColumnType::VarBinary(Length::None),
        ("varbinary", Some(n)) => ColumnType::VarBinary(Length::N(n)),
        ("longblob", _) => ColumnType::VarBinary(Length::Max),
        ("blob", None) => ColumnType::Blob,
        ("bit", n) => ColumnType::Bit(n.or(Some(1))),
        ("json", _) => ColumnType::Json,
        _ => ColumnType::Custom(spelling.whole),
    }
}
