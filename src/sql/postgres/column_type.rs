//! Column types in PostgreSQL.

use crate::schema::{ColumnType, Length};
use crate::sql::Dialect;

const PG: Dialect = Dialect::Postgres;

/// The type as SeaORM's DDL for PostgreSQL writes it.
pub(in crate::sql) fn column_type(kind: &ColumnType) -> Option<String> {
    let sized = |name: &str, size: &Option<u32>| match size {
        Some(size) => format!("{name}({size})"),
        None => name.to_owned(),
    };
    let pair = |name: &str, pair: &Option<(u32, u32)>| match pair {
        Some((precision, scale)) => format!("{name}({precision}, {scale})"),
        None => name.to_owned(),
    };
    Some(match kind {
        ColumnType::Char(size) => sized("char", size),
        ColumnType::String(Length::N(size)) => format!("varchar({size})"),
        ColumnType::String(_) => "varchar".into(),
        ColumnType::Text => "text".into(),
        ColumnType::TinyInteger | ColumnType::TinyUnsigned | ColumnType::SmallInteger => {
            "smallint".into()
        }
        ColumnType::Integer | ColumnType::SmallUnsigned => "integer".into(),
        ColumnType::BigInteger | ColumnType::Unsigned | ColumnType::BigUnsigned => "bigint".into(),
        ColumnType::Float => "real".into(),
        ColumnType::Double => "double precision".into(),
        ColumnType::Decimal(size) => pair("decimal", size),
        // PostgreSQL's money has no precision of its own.
        ColumnType::Money(_) => "money".into(),
        ColumnType::DateTime => "timestamp without time zone".into(),
        ColumnType::Timestamp => "timestamp".into(),
        ColumnType::TimestampWithTimeZone => "timestamp with time zone".into(),
        ColumnType::Time => "time".into(),
        ColumnType::Date => "date".into(),
        ColumnType::Interval(fields, precision) => {
            let mut text = "interval".to_owned();
            if let Some(fields) = fields {
                text.push_str(&format!(" {fields}"));
            }
            if let Some(precision) = precision {
                text.push_str(&format!("({precision})"));
            }
            text
        }
        ColumnType::Binary(_) | ColumnType::VarBinary(_) | ColumnType::Blob => "bytea".into(),
        ColumnType::Bit(size) => sized("bit", size),
        ColumnType::VarBit(size) => format!("varbit({size})"),
        ColumnType::Boolean => "bool".into(),
        ColumnType::Json => "json".into(),
        ColumnType::JsonBinary => "jsonb".into(),
        ColumnType::Uuid => "uuid".into(),
        ColumnType::Custom(sql) => sql.clone(),
        ColumnType::Enum(name) => PG.quote(name),
        ColumnType::Array(element) => format!("{}[]", column_type(element)?),
        ColumnType::Vector(size) => sized("vector", size),
        ColumnType::Cidr => "cidr".into(),
        ColumnType::Inet => "inet".into(),
        ColumnType::MacAddr => "macaddr".into(),
        ColumnType::LTree => "ltree".into(),
        ColumnType::Year => return None,
    })
}
