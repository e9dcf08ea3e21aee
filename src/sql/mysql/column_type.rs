//! Column types in MySQL.

use crate::schema::{ColumnType, Length, Schema};
use crate::sql::Dialect;

const MY: Dialect = Dialect::Mysql;

/// The type as SeaORM's DDL for MySQL writes it.
pub(in crate::sql) fn column_type(kind: &ColumnType, schema: &Schema) -> Option<String> {
    let sized = |name: &str, size: &Option<u32>| match size {
        Some(size) => format!("{name}({size})"),
        None => name.to_owned(),
    };
    let decimal = |pair: &Option<(u32, u32)>| match pair {
        Some((precision, scale)) => format!("decimal({precision}, {scale})"),
        None => "decimal".to_owned(),
    };
    Some(match kind {
        ColumnType::Char(size) => sized("char", size),
        ColumnType::String(Length::N(size)) => format!("varchar({size})"),
        ColumnType::String(Length::None) => "varchar(255)".into(),
        // As long as a row may be, a varchar would leave no room for anything else.
        ColumnType::String(Length::Max) => "longtext".into(),
        ColumnType::Text => "text".into(),
        ColumnType::TinyInteger => "tinyint".into(),
        ColumnType::SmallInteger => "smallint".into(),
        ColumnType::Integer => "int".into(),
        ColumnType::BigInteger => "bigint".into(),
        ColumnType::TinyUnsigned => "tinyint UNSIGNED".into(),
        ColumnType::SmallUnsigned => "smallint UNSIGNED".into(),
        ColumnType::Unsigned => "int UNSIGNED".into(),
        ColumnType::BigUnsigned => "bigint UNSIGNED".into(),
        ColumnType::Float => "float".into(),
        ColumnType::Double => "double".into(),
        ColumnType::Decimal(size) | ColumnType::Money(size) => decimal(size),
        ColumnType::DateTime => "datetime".into(),
        ColumnType::Timestamp | ColumnType::TimestampWithTimeZone => "timestamp".into(),
        ColumnType::Time => "time".into(),
        ColumnType::Date => "date".into(),
        ColumnType::Year => "year".into(),
        ColumnType::Binary(size) => format!("binary({size})"),
        ColumnType::VarBinary(Length::N(size)) => format!("varbinary({size})"),
        ColumnType::VarBinary(Length::None) => "varbinary(255)".into(),
        ColumnType::VarBinary(Length::Max) => "longblob".into(),
        ColumnType::Blob => "blob".into(),
        ColumnType::Bit(size) => sized("bit", size),
        ColumnType::VarBit(size) => format!("bit({size})"),
        ColumnType::Boolean => "bool".into(),
        ColumnType::Json | ColumnType::JsonBinary => "json".into(),
        ColumnType::Uuid => "binary(16)".into(),
        ColumnType::Custom(sql) => sql.clone(),
        ColumnType::Enum(name) => {
            let values = &schema.enums.get(name)?.values;
            let values: Vec<String> = values.iter().map(|value| MY.literal(value)).collect();
            format!("ENUM({})", values.join(", "))
        }
        ColumnType::Interval(..)
        | ColumnType::Array(_)
        | ColumnType::Vector(_)
        | ColumnType::Cidr
        | ColumnType::Inet
        | ColumnType::MacAddr
        | ColumnType::LTree => return None,
    })
}
