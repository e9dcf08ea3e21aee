//! Whether values of one type can become values of another, and how.

use crate::schema::ColumnType;

use super::Dialect;

mod change;
mod digits;
mod family;
mod gate;
mod moments;
mod numbers;
mod text;
mod values;

pub(super) use family::{Family, enum_values, family};
pub(super) use gate::Alteration;
pub(crate) use gate::{accept, is_accepted_gate};

use change::{Change, Conversion};

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
