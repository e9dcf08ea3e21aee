//! What kinds of values a type holds.

use crate::schema::{Column, ColumnType, Schema};

/// The values of the enum that `column` is of.
pub(in crate::sql) fn enum_values<'a>(schema: &'a Schema, column: &Column) -> &'a [String] {
    let name = column.kind.enum_name().unwrap_or_default();
    schema.enums.get(name).map_or(&[], |kind| &kind.values)
}

/// What kinds of values a type holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sql) enum Family {
    Integer,
    /// With a fraction.
    Number,
    Boolean,
    Text,
    Bytes,
    Date,
    Time,
    Moment,
    Uuid,
    Json,
    Enum,
    Array,
    Other,
}

pub(in crate::sql) fn family(kind: &ColumnType) -> Family {
    match kind {
        kind if kind.is_integer() => Family::Integer,
        ColumnType::Year => Family::Integer,
        ColumnType::Float | ColumnType::Double | ColumnType::Decimal(_) | ColumnType::Money(_) => {
            Family::Number
        }
        ColumnType::Boolean => Family::Boolean,
        kind if kind.is_text() => Family::Text,
        ColumnType::Blob | ColumnType::Binary(_) | ColumnType::VarBinary(_) => Family::Bytes,
        ColumnType::Date => Family::Date,
        ColumnType::Time => Family::Time,
        ColumnType::DateTime | ColumnType::Timestamp | ColumnType::TimestampWithTimeZone => {
            Family::Moment
        }
        ColumnType::Uuid => Family::Uuid,
        ColumnType::Json | ColumnType::JsonBinary => Family::Json,
        ColumnType::Enum(_) => Family::Enum,
        ColumnType::Array(_) => Family::Array,
        _ => Family::Other,
    }
}
