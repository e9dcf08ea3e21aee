//! The default of a field, held against its type.

use std::ops::Range;

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, SecondsFormat, SubsecRound, Utc};

use super::definition::Field;
use super::error::FieldError;
use super::field_type::FieldType;
use super::nearest::nearest;

/// A default that fits the type of its field.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Default {
    /// Text, a date (`2024-02-29`), a time (`13:30:00`), a moment (`2024-02-29T13:30:00Z`), a UUID in lower case, or an enum's value.
    Text(String),
    /// A number as it is written in Rust, SQL and JSON alike.
    Number(String),
    Bool(bool),
    /// The moment at which the row is made.
    Now,
}

/// Reads the default at `at`. The error says what would fit.
pub(super) fn parse(text: &str, at: Range<usize>, field: &Field) -> Result<Default, FieldError> {
    let typed = &text[at.clone()];
    let error =
        |(message, hint): (String, String)| FieldError::new(text, at.clone(), message).hint(hint);
    if typed.is_empty() {
        let start = at.start - 1;
        return Err(
            FieldError::new(text, start..start + 1, "there is no default behind the `=`")
                .hint("leave the `=` out, or say a value"),
        );
    }
    value(typed, &field.kind).map_err(error)
}

/// What is wrong, and what would be right.
type Misfit = (String, String);

fn value(typed: &str, kind: &FieldType) -> Result<Default, Misfit> {
    match kind {
        FieldType::String { length } => text(typed, *length as usize),
        FieldType::Text => text(typed, usize::MAX),
        FieldType::Int => whole(typed, i32::MIN.into(), i32::MAX.into()),
        FieldType::BigInt => whole(typed, i64::MIN, i64::MAX),
        FieldType::SmallInt => whole(typed, i16::MIN.into(), i16::MAX.into()),
        FieldType::Float => number(typed, f64::from(f32::MAX)),
        FieldType::Double => number(typed, f64::MAX),
        FieldType::Decimal { precision, scale } => decimal(typed, *precision, *scale),
        FieldType::Bool => match typed {
            "true" => Ok(Default::Bool(true)),
            "false" => Ok(Default::Bool(false)),
            _ => Err(misfit(
                typed,
                "neither true nor false",
                "write `=true` or `=false`",
            )),
        },
        FieldType::Date | FieldType::Time | FieldType::DateTime if typed == "now" => {
            Ok(Default::Now)
        }
        FieldType::Date => date(typed),
        FieldType::Time => time(typed),
        FieldType::DateTime => moment(typed),
        FieldType::Uuid => uuid(typed),
        FieldType::Email => email(typed),
        FieldType::Url => url(typed),
        FieldType::Slug => slug(typed),
        FieldType::Enum(variants) => {
            let values: Vec<&str> = variants.iter().map(|variant| &*variant.value).collect();
            match values.contains(&typed) {
                true => Ok(Default::Text(typed.to_owned())),
                false => Err(misfit(
                    typed,
                    "not one of the values",
                    &match nearest(typed, values.iter().copied()) {
                        Some(near) => format!("did you mean `{near}`?"),
                        None => format!("the values are {}", values.join(", ")),
                    },
                )),
            }
        }
        FieldType::Json | FieldType::Bytes => Err(no_default("such a value")),
        FieldType::Ref { .. } | FieldType::One { .. } | FieldType::Many { .. } => {
            Err(no_default("a reference"))
        }
    }
}

fn misfit(typed: &str, what: &str, hint: &str) -> Misfit {
    (format!("the default `{typed}` is {what}"), hint.to_owned())
}

fn no_default(what: &str) -> Misfit {
    (
        format!("{what} cannot have a default"),
        "leave the `=` and what follows out; `?` makes the field optional".to_owned(),
    )
}

fn text(typed: &str, length: usize) -> Result<Default, Misfit> {
    let count = typed.chars().count();
    if count > length {
        let what = format!("{count} characters long, which is more than {length}");
        return Err(misfit(typed, &what, "shorten it, or lengthen the field"));
    }
    if typed.chars().any(char::is_control) {
        return Err(misfit(
            typed,
            "not plain text: it holds a control character",
            "leave that out",
        ));
    }
    Ok(Default::Text(typed.to_owned()))
}

fn whole(typed: &str, least: i64, most: i64) -> Result<Default, Misfit> {
    let range = format!("write a whole number from {least} to {most}");
    match typed.parse::<i128>() {
        Ok(number) if (i128::from(least)..=i128::from(most)).contains(&number) => {
            Ok(Default::Number(number.to_string()))
        }
        Ok(_) => Err(misfit(typed, "out of range", &range)),
        Err(_) => Err(misfit(typed, "not a whole number", &range)),
    }
}

fn number(typed: &str, most: f64) -> Result<Default, Misfit> {
    match typed.parse::<f64>() {
        Ok(number) if number.is_finite() && number.abs() <= most => {
            Ok(Default::Number(format!("{number:?}")))
        }
        Ok(_) => Err(misfit(
            typed,
            "out of range",
            "write a smaller number, as in `=0.5`",
        )),
        Err(_) => Err(misfit(
            typed,
            "not a number",
            "write a number, as in `=0.5`",
        )),
    }
}

fn decimal(typed: &str, precision: u32, scale: u32) -> Result<Default, Misfit> {
    let (whole, after) = typed.split_once('.').unwrap_or((typed, ""));
    let digits = whole.strip_prefix('-').unwrap_or(whole);
    let plain = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let pointed = typed.contains('.');
    if digits.is_empty() || !plain(digits) || !plain(after) || pointed && after.is_empty() {
        return Err(misfit(
            typed,
            "not a decimal number",
            "write a number, as in `=9.99`",
        ));
    }
    let before = digits.trim_start_matches('0').len();
    if after.len() > scale as usize || before > (precision - scale) as usize {
        let what = format!("not a number of {precision} digits, {scale} of them after the point");
        return Err(misfit(typed, &what, "shorten it, or widen the field"));
    }
    Ok(Default::Number(typed.to_owned()))
}

fn date(typed: &str) -> Result<Default, Misfit> {
    match NaiveDate::parse_from_str(typed, "%Y-%m-%d") {
        Ok(date) if (1..=9999).contains(&date.year()) => {
            Ok(Default::Text(date.format("%Y-%m-%d").to_string()))
        }
        _ => Err(misfit(
            typed,
            "not a date",
            "write year, month and day, as in `=2024-02-29`, or `=now`",
        )),
    }
}

fn time(typed: &str) -> Result<Default, Misfit> {
    let parsed = NaiveTime::parse_from_str(typed, "%H:%M:%S")
        .or_else(|_| NaiveTime::parse_from_str(typed, "%H:%M"));
    match parsed {
        Ok(time) => Ok(Default::Text(time.format("%H:%M:%S").to_string())),
        Err(_) => Err(misfit(
            typed,
            "not a time of day",
            "write it as in `=13:30:00`, or `=now`",
        )),
    }
}

fn moment(typed: &str) -> Result<Default, Misfit> {
    match DateTime::parse_from_rfc3339(typed) {
        Ok(moment) if (1..=9999).contains(&moment.to_utc().year()) => {
            // Databases keep microseconds.
            let moment: DateTime<Utc> = moment.to_utc().trunc_subsecs(6);
            Ok(Default::Text(
                moment.to_rfc3339_opts(SecondsFormat::AutoSi, true),
            ))
        }
        _ => Err(misfit(
            typed,
            "not a moment",
            "write date, time and zone, as in `=2024-02-29T13:30:00Z`, or `=now`",
        )),
    }
}

fn uuid(typed: &str) -> Result<Default, Misfit> {
    let groups: Vec<&str> = typed.split('-').collect();
    let right = groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12])
        && groups.concat().bytes().all(|byte| byte.is_ascii_hexdigit());
    match right {
        true => Ok(Default::Text(typed.to_ascii_lowercase())),
        false => Err(misfit(
            typed,
            "not a UUID",
            "write it as in `=67e55044-10b1-426f-9247-bb680e5fe0c8`",
        )),
    }
}

fn email(typed: &str) -> Result<Default, Misfit> {
    let right = typed.split_once('@').is_some_and(|(user, host)| {
        let plain = |part: &str| {
            !part.is_empty()
                && part
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b".-_+".contains(&byte))
        };
        plain(user)
            && plain(host)
            && host.contains('.')
            && !host.starts_with('.')
            && !host.ends_with('.')
    });
    match right && typed.len() <= 254 {
        true => Ok(Default::Text(typed.to_owned())),
        false => Err(misfit(
            typed,
            "not an e-mail address",
            "write one, as in `=info@example.com`",
        )),
    }
}

fn url(typed: &str) -> Result<Default, Misfit> {
    let rest = typed
        .strip_prefix("https://")
        .or_else(|| typed.strip_prefix("http://"));
    let right = rest.is_some_and(|rest| {
        rest.starts_with(|c: char| c.is_ascii_alphanumeric())
            && rest.bytes().all(|byte| byte.is_ascii_graphic())
    });
    match right && typed.len() <= 200 {
        true => Ok(Default::Text(typed.to_owned())),
        false => Err(misfit(
            typed,
            "not a web address",
            "write one, as in `=https://example.com/`",
        )),
    }
}

fn slug(typed: &str) -> Result<Default, Misfit> {
    let right = typed
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    match right && typed.len() <= 50 {
        true => Ok(Default::Text(typed.to_owned())),
        false => Err(misfit(
            typed,
            "not a slug",
            "write at most 50 letters, digits, `-` and `_`",
        )),
    }
}
