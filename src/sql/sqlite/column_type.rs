//! Column types in SQLite.

use crate::schema::{ColumnType, Length};

/// The type as SeaORM's DDL for SQLite writes it.
pub(in crate::sql) fn column_type(kind: &ColumnType) -> Option<String> {
    let pair = |name: &str, pair: &Option<(u32, u32)>| match pair {
        Some((precision, scale)) => format!("{name}({precision}, {scale})"),
        None => name.to_owned(),
    };
    Some(match kind {
        ColumnType::Char(None) => "char".into(),
        ColumnType::Char(Some(size)) => format!("char({size})"),
        ColumnType::String(Length::N(size)) => format!("varchar({size})"),
        ColumnType::String(_) => "varchar".into(),
        ColumnType::Text => "text".into(),
        ColumnType::TinyInteger | ColumnType::TinyUnsigned => "tinyint".into(),
        ColumnType::SmallInteger | ColumnType::SmallUnsigned => "smallint".into(),
        ColumnType::Integer
        | ColumnType::Unsigned
        | ColumnType::BigInteger
        | ColumnType::BigUnsigned => "integer".into(),
        ColumnType::Float => "float".into(),
        ColumnType::Double => "double".into(),
        ColumnType::Decimal(None) => "real_decimal".into(),
        ColumnType::Decimal(size) => pair("real", size),
        ColumnType::Money(size) => pair("real_money", size),
        ColumnType::DateTime => "datetime_text".into(),
        ColumnType::Timestamp => "timestamp_text".into(),
        ColumnType::TimestampWithTimeZone => "timestamp_with_timezone_text".into(),
        ColumnType::Time => "time_text".into(),
        ColumnType::Date => "date_text".into(),
        ColumnType::Binary(size) => format!("blob({size})"),
        ColumnType::VarBinary(Length::N(size)) => format!("varbinary_blob({size})"),
        ColumnType::VarBinary(_) => "varbinary_blob".into(),
        ColumnType::Blob => "blob".into(),
        ColumnType::Boolean => "boolean".into(),
        ColumnType::Json => "json_text".into(),
        ColumnType::JsonBinary => "jsonb_text".into(),
        ColumnType::Uuid => "uuid_text".into(),
        ColumnType::Custom(sql) => sql.clone(),
        ColumnType::Enum(_) => "enum_text".into(),
        ColumnType::Year
        | ColumnType::Interval(..)
        | ColumnType::Array(_)
        | ColumnType::Vector(_)
        | ColumnType::Cidr
        | ColumnType::Inet
        | ColumnType::MacAddr
        | ColumnType::Bit(_)
        | ColumnType::VarBit(_)
        | ColumnType::LTree => return None,
    })
}
