//! Kinds of fields: checks beside those of `garde`, formats beside those of `serde`.
//!
//! A check is used as `#[garde(custom(fields::date))]`, under `inner(…)` for an `Option`.

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, SubsecRound, Timelike, Utc};
use email_address::{EmailAddress, Options};
use sea_orm::prelude::Decimal;
use serde::{Deserialize, Deserializer, Serializer, de};
use serde_json::Value;

/// The present moment, as exactly as every database keeps it.
pub fn now() -> DateTime<Utc> {
    Utc::now().trunc_subsecs(6)
}

/// Years 1 to 9999: what every database, client and RFC 3339 agree on.
pub fn date(date: &NaiveDate, _: &()) -> garde::Result {
    rule(
        (1..=9999).contains(&date.year()),
        "must lie in the years 1 to 9999",
    )
}

/// A [`date`] and a [`time`].
pub fn datetime(datetime: &DateTime<Utc>, context: &()) -> garde::Result {
    date(&datetime.date_naive(), context)?;
    time(&datetime.time(), context)
}

/// No leap second: databases count 86,400 seconds a day.
pub fn time(time: &NaiveTime, _: &()) -> garde::Result {
    rule(
        time.nanosecond() < 1_000_000_000,
        "must not be a leap second",
    )
}

/// Neither infinite nor not-a-number, also after rounding to the width of the column.
pub fn finite<T: Into<f64> + Copy>(number: &T, _: &()) -> garde::Result {
    let number: f64 = (*number).into();
    rule(number.is_finite(), "is out of range")
}

/// At most `DIGITS` digits, `SCALE` of them after the point.
pub fn decimal<const DIGITS: u32, const SCALE: u32>(number: &Decimal, _: &()) -> garde::Result {
    let number = number.normalize();
    let limit = 10_i128.pow(DIGITS - SCALE);
    rule(
        number.scale() <= SCALE && number.trunc().abs().mantissa() < limit,
        &format!("must have at most {DIGITS} digits, {SCALE} of them after the point"),
    )
}

/// Letters from a to z, digits, `-` and `_`: what a web address holds without escapes.
pub fn slug(text: &str, _: &()) -> garde::Result {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    rule(
        text.bytes().all(allowed),
        "may hold only letters from a to z, digits, `-` and `_`",
    )
}

/// An e-mail address alone, without a display name.
pub fn email(text: &str, _: &()) -> garde::Result {
    let options = Options::default()
        .without_display_text()
        .without_domain_literal();
    let parsed = EmailAddress::parse_with_options(text, options);
    rule(parsed.is_ok(), "is not an e-mail address")
}

/// A web address, and nothing a browser would run, such as `javascript:…`.
pub fn http(text: &str, _: &()) -> garde::Result {
    let scheme = text.split("://").next().unwrap_or_default();
    rule(
        ["http", "https"].contains(&scheme),
        "must start with http:// or https://",
    )
}

fn rule(holds: bool, message: &str) -> garde::Result {
    match holds {
        true => Ok(()),
        false => Err(garde::Error::new(message)),
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
