//! The Rust type of a column, and the `column_type` where SeaORM would choose another.

use crate::schema::{ColumnType, Length};

use super::enums::Enums;

pub(super) struct Rust {
    pub(super) name: String,
    /// What follows `ColumnType::`.
    pub(super) column_type: Option<String>,
}

pub(super) fn field_type(kind: &ColumnType, enums: &Enums<'_>) -> Rust {
    let plain = |name: &str| Rust {
        name: name.to_owned(),
        column_type: None,
    };
    let said = |name: &str| Rust {
        name: name.to_owned(),
        column_type: Some(attribute(kind)),
    };
    match kind {
        ColumnType::String(Length::None) => plain("String"),
        ColumnType::TinyInteger => plain("i8"),
        ColumnType::SmallInteger => plain("i16"),
        ColumnType::Integer => plain("i32"),
        ColumnType::BigInteger => plain("i64"),
        ColumnType::TinyUnsigned => plain("u8"),
        ColumnType::SmallUnsigned => plain("u16"),
        ColumnType::Unsigned => plain("u32"),
        ColumnType::BigUnsigned => plain("u64"),
        ColumnType::Float => plain("f32"),
        ColumnType::Double => plain("f64"),
        ColumnType::Decimal(None) => plain("Decimal"),
        ColumnType::Boolean => plain("bool"),
        ColumnType::Date => plain("Date"),
        ColumnType::Time => plain("Time"),
        ColumnType::DateTime => plain("DateTime"),
        ColumnType::TimestampWithTimeZone => plain("DateTimeUtc"),
        ColumnType::VarBinary(Length::None) => plain("Vec<u8>"),
        ColumnType::Json => plain("Json"),
        ColumnType::Uuid => plain("Uuid"),
        ColumnType::Enum(name) => match enums.rust_name(name) {
            Some(rust) => plain(rust),
            None => said("String"),
        },
        ColumnType::Array(element) => {
            let inner = field_type(element, enums);
            // `Vec<u8>` would be bytes.
            match inner.column_type.is_none() && inner.name != "u8" {
                true => plain(&format!("Vec<{}>", inner.name)),
                false => said(&format!("Vec<{}>", inner.name)),
            }
        }
        ColumnType::Decimal(Some(_)) | ColumnType::Money(_) => said("Decimal"),
        ColumnType::Timestamp => said("DateTime"),
        ColumnType::Year => said("u16"),
        ColumnType::Bit(None | Some(1)) => said("bool"),
        ColumnType::Binary(_)
        | ColumnType::VarBinary(_)
        | ColumnType::Blob
        | ColumnType::Bit(_)
        | ColumnType::VarBit(_) => said("Vec<u8>"),
        ColumnType::JsonBinary => said("Json"),
        ColumnType::Cidr | ColumnType::Inet => said("IpNetwork"),
        ColumnType::Vector(_) => said("PgVector"),
        ColumnType::Custom(sql) => said(of_custom(sql)),
        ColumnType::Char(_)
        | ColumnType::String(_)
        | ColumnType::Text
        | ColumnType::Interval(..)
        | ColumnType::MacAddr
        | ColumnType::LTree => said("String"),
    }
}

/// Whether the field's type is only the likeliest one: SeaORM has no name for the column's.
pub(crate) fn is_guess(kind: &ColumnType) -> bool {
    const TEXTS: [&str; 6] = [
        "citext",
        "enum(",
        "enum_text",
        "mediumtext",
        "set(",
        "tinytext",
    ];
    match kind {
        ColumnType::Custom(sql) => {
            of_custom(sql) == "String" && !TEXTS.iter().any(|text| sql.starts_with(text))
        }
        ColumnType::Array(element) => is_guess(element),
        ColumnType::Interval(..) => true,
        _ => false,
    }
}

/// Types that SeaORM has no name for but that a Rust type of its own reads.
fn of_custom(sql: &str) -> &'static str {
    let starts = |with: &str| sql.starts_with(with);
    if starts("timestamp") && (sql.contains("with time zone") || !sql.contains("without")) {
        "DateTimeUtc"
    } else if starts("timestamp") || starts("datetime") {
        "DateTime"
    } else if starts("time(") || starts("time ") {
        "Time"
    } else if sql.contains("blob") || sql == "bytea" {
        "Vec<u8>"
    } else if starts("mediumint") || starts("int(") {
        "i64"
    } else if starts("float(") || starts("double(") || starts("double precision(") {
        "f64"
    } else {
        "String"
    }
}

/// A column type as `column_type` says it.
pub(in super::super) fn attribute(kind: &ColumnType) -> String {
    let length = |length: &Length| match length {
        Length::N(n) => format!("StringLen::N({n})"),
        Length::Max => "StringLen::Max".to_owned(),
        Length::None => "StringLen::None".to_owned(),
    };
    match kind {
        ColumnType::Char(n) => format!("Char({n:?})"),
        ColumnType::String(n) => format!("String({})", length(n)),
        ColumnType::VarBinary(n) => format!("VarBinary({})", length(n)),
        ColumnType::Decimal(pair) => format!("Decimal({pair:?})"),
        ColumnType::Money(pair) => format!("Money({pair:?})"),
        ColumnType::Binary(n) => format!("Binary({n})"),
        ColumnType::Bit(n) => format!("Bit({n:?})"),
        ColumnType::VarBit(n) => format!("VarBit({n})"),
        ColumnType::Vector(n) => format!("Vector({n:?})"),
        ColumnType::Interval(fields, precision) => {
            let fields = match fields {
                Some(fields) => {
                    use heck::ToUpperCamelCase;
                    let name = fields.to_upper_camel_case();
                    format!("Some(sea_orm::sea_query::PgInterval::{name})")
                }
                None => "None".to_owned(),
            };
            format!("Interval({fields}, {precision:?})")
        }
        ColumnType::Custom(sql) => format!("custom({sql:?})"),
        ColumnType::Array(element) => format!(
            "Array(sea_orm::sea_query::RcOrArc::new(ColumnType::{}))",
            attribute(element)
        ),
        ColumnType::Enum(name) => format!("custom({name:?})"),
        plain => {
            use heck::ToUpperCamelCase;
            match plain.to_string().as_str() {
                "ltree" => "LTree".to_owned(),
                name => name.to_upper_camel_case(),
            }
        }
    }
}
