//! Kinds of fields: checks beside those of `garde`, formats beside those of `serde`.
//!
//! A check is used as `#[garde(custom(fields::date))]`, under `inner(…)` for an `Option`; a format as
//! `#[serde(with = "platform::fields::base64")]`.

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, SubsecRound, Timelike, Utc};
use email_address::{EmailAddress, Options};
use sea_orm::prelude::Decimal;
use serde::{Deserialize, Deserializer, Serializer, de};
use serde_json::{Value, json};
use utoipa::openapi::schema::{ObjectBuilder, OneOfBuilder, Schema, SchemaType, Type};
use utoipa::openapi::{Ref, RefOr};

/// The present moment, as exactly as every database keeps it.
pub fn now() -> DateTime<Utc> {
    Utc::now().trunc_subsecs(6)
}

/// Years 1 to 9999: what every database, client and RFC 3339 agree on.
pub fn date(date: &NaiveDate, _: &()) -> garde::Result {
    if (1..=9999).contains(&date.year()) {
        Ok(())
    } else {
        Err(garde::Error::new("must lie in the years 1 to 9999"))
    }
}

/// A [`date`] and a [`time`].
pub fn datetime(datetime: &DateTime<Utc>, context: &()) -> garde::Result {
    date(&datetime.date_naive(), context)?;
    time(&datetime.time(), context)
}

/// No leap second: databases count 86,400 seconds a day.
pub fn time(time: &NaiveTime, _: &()) -> garde::Result {
    if time.nanosecond() < 1_000_000_000 {
        Ok(())
    } else {
        Err(garde::Error::new("must not be a leap second"))
    }
}

/// Neither infinite nor not-a-number, also after rounding to the width of the column.
pub fn finite<T: Into<f64> + Copy>(number: &T, _: &()) -> garde::Result {
    let number: f64 = (*number).into();
    if number.is_finite() {
        Ok(())
    } else {
        Err(garde::Error::new("is out of range"))
    }
}

/// At most `DIGITS` digits, `SCALE` of them after the point.
pub fn decimal<const DIGITS: u32, const SCALE: u32>(number: &Decimal, _: &()) -> garde::Result {
    let number = number.normalize();
    let limit = 10_i128.pow(DIGITS - SCALE);
    if number.scale() <= SCALE && number.trunc().abs().mantissa() < limit {
        Ok(())
    } else {
        Err(garde::Error::new(format!(
            "must have at most {DIGITS} digits, {SCALE} of them after the point"
        )))
    }
}

/// Documents a [`time`].
pub fn time_schema() -> Schema {
    time_of_type(Type::String)
}

/// As [`time_schema`], for one that may be null.
pub fn optional_time_schema() -> Schema {
    time_of_type(SchemaType::from_iter([Type::String, Type::Null]))
}

/// How a [`time`] is written.
pub const TIME_PATTERN: &str = r"^([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,9})?$";

fn time_of_type(schema_type: impl Into<SchemaType>) -> Schema {
    ObjectBuilder::new()
        .schema_type(schema_type)
        .pattern(Some(TIME_PATTERN))
        .into()
}

/// Letters from a to z, digits, `-` and `_`: what a web address holds without escapes.
pub fn slug(text: &str, _: &()) -> garde::Result {
    if text
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    {
        Ok(())
    } else {
        Err(garde::Error::new(
            "may hold only letters from a to z, digits, `-` and `_`",
        ))
    }
}

/// An e-mail address alone, without a display name.
pub fn email(text: &str, _: &()) -> garde::Result {
    let options = Options::default()
        .without_display_text()
        .without_domain_literal();
    match EmailAddress::parse_with_options(text, options) {
        Ok(_) => Ok(()),
        Err(_) => Err(garde::Error::new("is not an e-mail address")),
    }
}

/// A web address, and nothing a browser would run, such as `javascript:…`.
pub fn http(text: &str, _: &()) -> garde::Result {
    let scheme = text.split("://").next().unwrap_or_default();
    if ["http", "https"].contains(&scheme) {
        Ok(())
    } else {
        Err(garde::Error::new("must start with http:// or https://"))
    }
}

/// Reads a decimal from a string or a number, every digit as it is written.
pub fn read_decimal<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Decimal, D::Error> {
    let text = match Value::deserialize(deserializer)? {
        Value::String(text) => text,
        Value::Number(number) => match number.as_f64() {
            // Without an exponent, which would be cut off where it is too small.
            Some(float) if number.is_f64() => float.to_string(),
            _ => number.to_string(),
        },
        _ => return Err(de::Error::custom("is not a decimal number")),
    };
    Decimal::from_str_exact(&text).map_err(|_| de::Error::custom("is not a decimal number"))
}

/// As [`read_decimal`], for one that may be null.
pub fn read_optional_decimal<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Decimal>, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::Null => Ok(None),
        value => read_decimal(value).map(Some).map_err(de::Error::custom),
    }
}

/// Writes a decimal with all the digits of its column: `12.30`, also where the database keeps `12.3`.
pub fn write_decimal<const SCALE: u32, S: Serializer>(
    number: &Decimal,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut number = *number;
    number.rescale(SCALE);
    serializer.serialize_str(&number.to_string())
}

/// As [`write_decimal`], for one that may be null.
pub fn write_optional_decimal<const SCALE: u32, S: Serializer>(
    number: &Option<Decimal>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match number {
        Some(number) => write_decimal::<SCALE, S>(number, serializer),
        None => serializer.serialize_none(),
    }
}

/// Documents a [`decimal`] in a body: a string, or a number where few digits matter.
pub fn decimal_schema<const DIGITS: u32, const SCALE: u32>() -> Schema {
    decimal_of(DIGITS, SCALE).into()
}

/// As [`decimal_schema`], for one that may be null.
pub fn optional_decimal_schema<const DIGITS: u32, const SCALE: u32>() -> Schema {
    let null = ObjectBuilder::new().schema_type(Type::Null);
    decimal_of(DIGITS, SCALE).item(null).into()
}

/// Documents a decimal of any size in an address.
pub fn decimal_text_schema() -> Schema {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .pattern(Some(r"^-?[0-9]{1,18}(\.[0-9]{1,9})?$"))
        .into()
}

fn decimal_of(digits: u32, scale: u32) -> OneOfBuilder {
    let whole = match digits - scale {
        0 => "0".to_owned(),
        most => format!("[0-9]{{1,{most}}}"),
    };
    let fraction = match scale {
        0 => String::new(),
        most => format!(r"(\.[0-9]{{1,{most}}})?"),
    };
    let text = ObjectBuilder::new()
        .schema_type(Type::String)
        .pattern(Some(format!("^-?{whole}{fraction}$")));
    let limit = 10_f64.powi((digits - scale).cast_signed());
    let number = ObjectBuilder::new()
        .exclusive_minimum(Some(-limit))
        .exclusive_maximum(Some(limit));
    let number = match scale {
        0 => number.schema_type(Type::Integer),
        _ => number
            .schema_type(Type::Number)
            .multiple_of(Some(1.0 / 10_f64.powi(scale.cast_signed()))),
    };
    OneOfBuilder::new().item(text).item(number)
}

/// Documents any JSON value.
pub fn json_schema() -> RefOr<Schema> {
    Ref::new(JSON_REFERENCE).into()
}

/// Where the documentation has [`any_json`].
pub const JSON_REFERENCE: &str = "#/components/schemas/Json";

/// Any JSON value without the character NUL, which PostgreSQL cannot keep.
pub fn any_json() -> Value {
    let text = json!({ "type": "string", "pattern": r"^[^\u0000]*$" });
    let any = json!({ "$ref": JSON_REFERENCE });
    json!({
        "description": "Any JSON value without the character NUL.",
        "anyOf": [
            { "type": ["null", "boolean", "number"] },
            text,
            { "type": "array", "items": any },
            { "type": "object", "propertyNames": text, "additionalProperties": any },
        ],
    })
}

/// Bytes as a base64 string.
pub mod base64 {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    use serde::{Deserialize, Deserializer, Serializer, de};
    use utoipa::openapi::schema::{ObjectBuilder, Schema, SchemaType, Type};

    /// Whole groups of four, the last one padded and without stray bits.
    const PATTERN: &str = "^([A-Za-z0-9+/]{4})*\
        ([A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$";

    /// Documents the string.
    pub fn schema() -> Schema {
        of_type(Type::String)
    }

    fn of_type(schema_type: impl Into<SchemaType>) -> Schema {
        ObjectBuilder::new()
            .schema_type(schema_type)
            .content_encoding("base64")
            .pattern(Some(PATTERN))
            .into()
    }

    /// Writes the bytes as padded standard base64.
    pub fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(bytes))
    }

    /// Reads padded standard base64.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        let text = String::deserialize(deserializer)?;
        STANDARD
            .decode(text)
            .map_err(|_| de::Error::custom("is not base64"))
    }

    /// The same for bytes that may be absent.
    pub mod option {
        use super::*;

        /// Documents the string, or null.
        pub fn schema() -> Schema {
            of_type(SchemaType::from_iter([Type::String, Type::Null]))
        }

        /// Writes `null` or base64.
        pub fn serialize<S: Serializer>(
            bytes: &Option<Vec<u8>>,
            serializer: S,
        ) -> Result<S::Ok, S::Error> {
            match bytes {
                Some(bytes) => super::serialize(bytes, serializer),
                None => serializer.serialize_none(),
            }
        }

        /// Reads `null` or base64.
        pub fn deserialize<'de, D: Deserializer<'de>>(
            deserializer: D,
        ) -> Result<Option<Vec<u8>>, D::Error> {
            let text = Option::<String>::deserialize(deserializer)?;
            text.map(|text| STANDARD.decode(text))
                .transpose()
                .map_err(|_| de::Error::custom("is not base64"))
        }
    }
}
