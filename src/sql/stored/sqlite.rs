//! SQLite: types are free text; those of SeaORM, and those that people write.

use crate::schema::{ColumnType, Length};

use super::spelling::Spelling;

pub(super) fn read(text: &str) -> ColumnType {
    let spelling = Spelling::parse(text);
    let sized =
        |with: fn(u32) -> ColumnType, without: ColumnType| spelling.one().map_or(without, with);
    let string = || {
        sized(
            |n| ColumnType::String(Length::N(n)),
            ColumnType::String(Length::None),
        )
    };
    let none = spelling.numbers.is_empty();
    match spelling.name.as_str() {
        "char" | "character" | "nchar" => ColumnType::Char(spelling.one()),
        "varchar" | "character varying" | "nvarchar" | "varying character" => string(),
        "text" | "clob" => ColumnType::Text,
        "tinyint" | "int1" => ColumnType::TinyInteger,
        "smallint" | "int2" => ColumnType::SmallInteger,
        // SQLite has one kind of whole numbers, of 64 bits.
        "integer" | "int" | "bigint" | "int4" | "int8" | "mediumint" | "unsigned big int"
        | "bigint unsigned" | "integer unsigned" | "int unsigned" => ColumnType::BigInteger,
        "float" | "float4" => ColumnType::Float,
        "double" | "double precision" | "float8" => ColumnType::Double,
        "real" if none => ColumnType::Double,
        "real_decimal" => ColumnType::Decimal(spelling.pair()),
        "real" | "decimal" | "numeric" => ColumnType::Decimal(spelling.pair()),
        "real_money" => ColumnType::Money(spelling.pair()),
        "datetime_text" | "datetime" => ColumnType::DateTime,
        "timestamp_text" | "timestamp" => ColumnType::Timestamp,
        "timestamp_with_timezone_text" | "timestamp with time zone" | "timestamptz" => {
            ColumnType::TimestampWithTimeZone
        }
        "time_text" | "time" => ColumnType::Time,
        "date_text" | "date" => ColumnType::Date,
        // A column without a type takes everything as it comes.
        "blob" | "" => sized(ColumnType::Binary, ColumnType::Blob),
        "varbinary_blob" | "varbinary" => sized(
            |n| ColumnType::VarBinary(Length::N(n)),
            ColumnType::VarBinary(Length::None),
        ),
        "boolean" | "bool" => ColumnType::Boolean,
        "json_text" | "json" => ColumnType::Json,
        "jsonb_text" | "jsonb" => ColumnType::JsonBinary,
        "uuid_text" | "uuid" => ColumnType::Uuid,
        _ => ColumnType::Custom(spelling.whole),
    }
}
