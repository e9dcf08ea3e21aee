//! Whether values of one type can become values of another, and how.

use crate::schema::{Column, ColumnType, Schema};

use super::Dialect;

mod digits;
mod gate;
mod moments;
mod numbers;
mod text;
mod values;

pub(super) use gate::Alteration;
pub(crate) use gate::{accept, is_accepted_gate};
use values::{Change, Conversion};

/// What becomes of the values of `table.old`, which is `name` in SQL, when it becomes `new`.
pub(super) fn conversion(
    dialect: Dialect,
    name: &str,
    (old, new): (&ColumnType, &ColumnType),
    values: &[String],
) -> Conversion {
    let change = Change {
        dialect,
        name,
        from: old,
        to: new,
        values,
    };
    change.conversion()
}

/// The values of the enum that `column` is of.
pub(super) fn enum_values<'a>(schema: &'a Schema, column: &Column) -> &'a [String] {
    let name = column.kind.enum_name().unwrap_or_default();
    schema.enums.get(name).map_or(&[], |kind| &kind.values)
}

/// What kinds of values a type holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
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

pub(super) fn family(kind: &ColumnType) -> Family {
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

/// Refuses a change of type that no cast can do.
///
/// # Errors
/// A sentence that says what to do instead.
pub(super) fn check(
    table: &str,
    name: &str,
    from: &ColumnType,
    to: &ColumnType,
) -> Result<(), String> {
    use Family::{
        Boolean, Bytes, Date, Enum, Integer, Json, Moment, Number, Other, Text, Time, Uuid,
    };
    let possible = match (family(from), family(to)) {
        (from, to) if from == to => true,
        (Other, _) | (_, Other) => true,
        // To text anything goes; from text whatever reads.
        (Text, _) | (_, Text) => true,
        (Integer | Number | Boolean, Integer | Number | Boolean) => true,
        (Date | Moment, Date | Moment) | (Moment, Time) => true,
        (Bytes | Enum | Json | Uuid | Time, _) | (_, Bytes | Enum | Json | Uuid | Time) => false,
        _ => false,
    };
    if possible {
        Ok(())
    } else {
        Err(format!(
            "`{table}.{name}` cannot go from `{from}` to `{to}`: no conversion exists. Give the new \
             field another name, or write the change by hand (`makemigrations --empty`)"
        ))
    }
}
