//! Kinds of fields: checks beside those of `garde`, formats beside those of `serde`.
//!
//! A check is used as `#[garde(custom(fields::date))]`, under `inner(…)` for an `Option`; a format as
//! `#[serde(with = "platform::fields::base64")]`.

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, Timelike, Utc};
use sea_orm::prelude::Decimal;
use utoipa::openapi::schema::{ObjectBuilder, OneOfBuilder, Schema, Type};

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

/// Documents a decimal in a request: a number, or a string where every digit counts.
pub fn decimal_schema() -> Schema {
    let text = ObjectBuilder::new()
        .schema_type(Type::String)
        .pattern(Some(r"^-?[0-9]+(\.[0-9]+)?$"));
    OneOfBuilder::new()
        .item(text)
        .item(ObjectBuilder::new().schema_type(Type::Number))
        .into()
}

/// Bytes as a base64 string.
pub mod base64 {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    use serde::{Deserialize, Deserializer, Serializer, de};

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
