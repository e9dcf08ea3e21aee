//! What a column is when nobody says: to the database, and to the API.

use heck::ToUpperCamelCase;
use serde::Serialize;

use super::enums;
use crate::models;
use crate::scaffold::field::{self, Field, FieldType};

/// The function that makes a default for the API.
#[derive(Debug, Serialize)]
pub(super) struct Default {
    /// `default_status`
    pub(super) name: String,
    /// What it returns.
    rust: String,
    value: String,
    /// Whether it is the same every time.
    pub(super) constant: bool,
}

impl Default {
    /// The default of a field whose Rust type is `rust`.
    pub(super) fn new(field: &Field, rust: &str, model: &str) -> Option<Self> {
        let default = field.default.as_ref()?;
        let value = match default {
            field::Default::Text(text) => match &field.kind {
                FieldType::Enum(variants) => {
                    let variant = variants.iter().find(|variant| variant.value == *text);
                    let variant =
                        variant.map_or_else(|| text.to_upper_camel_case(), |v| v.name.clone());
                    format!("{}::{variant}", enums::name_of(model, &field.name))
                }
                // The text was found to be one when the field was read.
                FieldType::Date | FieldType::Time | FieldType::DateTime => {
                    format!("{text:?}.parse().unwrap_or_default()")
                }
                FieldType::Uuid => format!("Uuid::from_u128(0x{})", text.replace('-', "_")),
                _ => format!("{text:?}.to_owned()"),
            },
            field::Default::Number(number) => match field.kind {
                FieldType::Decimal { .. } => decimal(number),
                _ => number.clone(),
            },
            field::Default::Bool(flag) => flag.to_string(),
            field::Default::Now => match field.kind {
                FieldType::Date => "fields::now().date_naive()".to_owned(),
                FieldType::Time => "fields::now().time()".to_owned(),
                _ => "fields::now()".to_owned(),
            },
        };
        Some(Self {
            name: format!("default_{}", field.name),
            rust: rust.to_owned(),
            value: match field.nullable {
                true => format!("Some({value})"),
                false => value,
            },
            constant: *default != field::Default::Now,
        })
    }
}

/// `Decimal::new(999, 2)` of `9.99`.
fn decimal(number: &str) -> String {
    let scale = number.split_once('.').map_or(0, |(_, after)| after.len());
    let digits = number.replace('.', "");
    let (sign, digits) = match digits.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", &*digits),
    };
    let digits = match digits.trim_start_matches('0') {
        "" => "0",
        digits => digits,
    };
    match format!("{sign}{digits}").parse::<i64>() {
        Ok(mantissa) => format!("Decimal::new({mantissa}, {scale})"),
        Err(_) => format!("Decimal::from_i128_with_scale({sign}{digits}, {scale})"),
    }
}

/// The argument of `#[sea_orm(…)]` that gives the column its default.
pub(super) fn in_database(field: &Field) -> Option<String> {
    let default = field.default.as_ref()?;
    Some(match (default, &field.kind) {
        (field::Default::Now, FieldType::Date) => {
            "default_expr = \"Expr::current_date()\"".to_owned()
        }
        (field::Default::Now, FieldType::Time) => {
            "default_expr = \"Expr::current_time()\"".to_owned()
        }
        (field::Default::Now, _) => "default_expr = \"Expr::current_timestamp()\"".to_owned(),
        (field::Default::Text(text), _) => format!("default_value = {text:?}"),
        // As text no digit gets lost.
        (field::Default::Number(number), FieldType::Decimal { .. }) => {
            format!("default_value = {number:?}")
        }
        (field::Default::Number(number), FieldType::BigInt) => {
            format!("default_value = {}", models::number_literal(number))
        }
        (field::Default::Number(number), _) => format!("default_value = {number}"),
        (field::Default::Bool(flag), _) => format!("default_value = {flag}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_keep_every_digit() {
        let cases = [
            ("9.99", "Decimal::new(999, 2)"),
            ("-0.50", "Decimal::new(-50, 2)"),
            ("007", "Decimal::new(7, 0)"),
            ("0.00", "Decimal::new(0, 2)"),
            (
                "12345678901234567890.12",
                "Decimal::from_i128_with_scale(1234567890123456789012, 2)",
            ),
            (
                "-9223372036854775809",
                "Decimal::from_i128_with_scale(-9223372036854775809, 0)",
            ),
        ];
        for (number, expected) in cases {
            assert_eq!(decimal(number), expected);
        }
    }
}
