//! The types a field can have, and their arguments.

use std::ops::Range;

use super::error::FieldError;

/// Every type: how it is written, and what it is.
pub(crate) const TYPES: &[(&str, &str)] = &[
    ("string(n)", "text of at most n characters, 255 without (n)"),
    ("text", "text of any length"),
    ("int", "32-bit whole number"),
    ("bigint", "64-bit whole number"),
    ("smallint", "16-bit whole number"),
    ("float", "32-bit number"),
    ("double", "64-bit number"),
    (
        "decimal(p,s)",
        "exact number of p digits, s of them after the point",
    ),
    ("bool", "true or false"),
    ("date", "year, month and day"),
    ("time", "time of day"),
    ("datetime", "moment, kept in UTC"),
    ("uuid", "UUID"),
    ("json", "any JSON value"),
    ("bytes", "bytes, base64 in the API"),
    ("email", "e-mail address"),
    ("url", "web address"),
    ("slug", "letters, digits, `-` and `_`"),
    ("enum(a,b,c)", "one of these values"),
    (
        "ref(app.Model)",
        "refers to a row of another model; add on_delete=cascade, set_null or restrict (the default)",
    ),
    (
        "one(app.Model)",
        "as ref, but no two rows refer to the same",
    ),
    (
        "many(app.Model)",
        "refers to any number of rows, through a model of its own",
    ),
];

/// The type of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum FieldType {
    String {
        length: u32,
    },
    Text,
    Int,
    BigInt,
    SmallInt,
    Float,
    Double,
    Decimal {
        precision: u32,
        scale: u32,
    },
    Bool,
    Date,
    Time,
    DateTime,
    Uuid,
    Json,
    Bytes,
    Email,
    Url,
    Slug,
    Enum(Vec<Variant>),
    Ref {
        target: ModelPath,
        on_delete: OnDelete,
    },
    One {
        target: ModelPath,
        on_delete: OnDelete,
    },
    Many {
        target: ModelPath,
    },
}

/// A value of an `enum`: as stored and sent, and as named in Rust.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Variant {
    pub(crate) value: String,
    pub(crate) name: String,
}

/// `app.Model`, as typed; whether it exists is for others to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ModelPath {
    pub(crate) app: String,
    pub(crate) model: String,
    /// Where it is in the text of the field.
    pub(crate) at: Range<usize>,
}

/// What becomes of a row when the one it refers to is deleted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum OnDelete {
    /// The other one cannot be deleted.
    #[default]
    Restrict,
    Cascade,
    SetNull,
}

impl OnDelete {
    pub(super) const ALL: [(&str, Self); 3] = [
        ("cascade", Self::Cascade),
        ("set_null", Self::SetNull),
        ("restrict", Self::Restrict),
    ];
}

impl FieldType {
    /// The types without arguments.
    pub(super) fn plain(word: &str) -> Option<Self> {
        Some(match word {
            "text" => Self::Text,
            "int" => Self::Int,
            "bigint" => Self::BigInt,
            "smallint" => Self::SmallInt,
            "float" => Self::Float,
            "double" => Self::Double,
            "bool" => Self::Bool,
            "date" => Self::Date,
            "time" => Self::Time,
            "datetime" => Self::DateTime,
            "uuid" => Self::Uuid,
            "json" => Self::Json,
            "bytes" => Self::Bytes,
            "email" => Self::Email,
            "url" => Self::Url,
            "slug" => Self::Slug,
            _ => return None,
        })
    }

    /// `set_null` needs a column that can be null.
    pub(super) fn check_nullable(&self, text: &str, nullable: bool) -> Result<(), FieldError> {
        let (Self::Ref { target, on_delete } | Self::One { target, on_delete }) = self else {
            return Ok(());
        };
        if *on_delete != OnDelete::SetNull || nullable {
            return Ok(());
        }
        let at = text.find("on_delete").map_or(target.at.clone(), |start| {
            start
                ..text[start..]
                    .find(')')
                    .map_or(text.len(), |close| start + close)
        });
        let close = text.find(')').map_or(text.len(), |close| close + 1);
        Err(
            FieldError::new(text, at, "`set_null` needs a field that may be null").hint(format!(
                "add a `?`: `{}?{}`",
                &text[..close],
                &text[close..]
            )),
        )
    }

    /// What the field refers to, if it refers to anything.
    pub(crate) fn target(&self) -> Option<&ModelPath> {
        match self {
            Self::Ref { target, .. } | Self::One { target, .. } | Self::Many { target } => {
                Some(target)
            }
            _ => None,
        }
    }
}
