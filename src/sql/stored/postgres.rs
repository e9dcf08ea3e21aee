//! PostgreSQL: the spellings of `format_type`, and those that people write.

use crate::schema::{ColumnType, Length};

use super::spelling::Spelling;

pub(super) fn read(text: &str) -> ColumnType {
    if let Some(element) = text.trim().strip_suffix("[]") {
        return ColumnType::Array(Box::new(read(element)));
    }
    let spelling = Spelling::parse(text);
    let none = spelling.numbers.is_empty();
    match spelling.name.as_str() {
        "char" | "character" => ColumnType::Char(spelling.one().or(Some(1))),
        "varchar" | "character varying" => {
            ColumnType::String(spelling.one().map_or(Length::None, Length::N))
        }
        "text" => ColumnType::Text,
        "smallint" | "int2" => ColumnType::SmallInteger,
        "integer" | "int" | "int4" => ColumnType::Integer,
        "bigint" | "int8" => ColumnType::BigInteger,
        "real" | "float4" => ColumnType::Float,
        "double precision" | "float8" | "float" => ColumnType::Double,
        "decimal" | "numeric" => ColumnType::Decimal(spelling.pair()),
        "money" => ColumnType::Money(None),
        "timestamp" | "timestamp without time zone" if none => ColumnType::DateTime,
        "timestamp with time zone" | "timestamptz" if none => ColumnType::TimestampWithTimeZone,
        "time" | "time without time zone" if none => ColumnType::Time,
        "date" => ColumnType::Date,
        "bytea" => ColumnType::VarBinary(Length::None),
        "bit" => ColumnType::Bit(spelling.one().or(Some(1))),
        "varbit" | "bit varying" => match spelling.one() {
            Some(size) => ColumnType::VarBit(size),
            None => ColumnType::Custom(spelling.whole),
        },
        "bool" | "boolean" => ColumnType::Boolean,
        "json" => ColumnType::Json,
        "jsonb" => ColumnType::JsonBinary,
        "uuid" => ColumnType::Uuid,
        "cidr" => ColumnType::Cidr,
        "inet" => ColumnType::Inet,
        "macaddr" => ColumnType::MacAddr,
        "ltree" => ColumnType::LTree,
        "vector" => ColumnType::Vector(spelling.one()),
        name if name == "interval" || name.starts_with("interval ") => {
            let fields = name["interval".len()..].trim().to_uppercase();
            ColumnType::Interval((!fields.is_empty()).then_some(fields), spelling.one())
        }
        _ => ColumnType::Custom(spelling.whole),
    }
}
