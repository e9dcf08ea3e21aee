//! Column types: SeaORM's, with a short text form used in files and messages.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The type of a column, as SeaORM's `ColumnType` names them. Its text form is `snake_case` with its
/// arguments: `string(200)`, `decimal(10, 2)`, `array(integer)`, `enum(Mood)`, `custom(citext)`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub(crate) enum ColumnType {
    Char(Option<u32>),
    String(Length),
    Text,
    Blob,
    TinyInteger,
    SmallInteger,
    Integer,
    BigInteger,
    TinyUnsigned,
    SmallUnsigned,
    Unsigned,
    BigUnsigned,
    Float,
    Double,
    Decimal(Option<(u32, u32)>),
    DateTime,
    Timestamp,
    TimestampWithTimeZone,
    Time,
    Date,
    Year,
    /// Fields (`YEAR TO MONTH`) and precision.
    Interval(Option<String>, Option<u32>),
    Binary(u32),
    VarBinary(Length),
    Bit(Option<u32>),
    VarBit(u32),
    Boolean,
    Money(Option<(u32, u32)>),
    Json,
    JsonBinary,
    Uuid,
    /// SQL pasted as it is.
    Custom(String),
    /// The name of an enum type of the same schema.
    Enum(String),
    Array(Box<ColumnType>),
    Vector(Option<u32>),
    Cidr,
    Inet,
    MacAddr,
    LTree,
}

/// The length of a string or of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Length {
    N(u32),
    Max,
    None,
}

impl ColumnType {
    /// The largest number of characters that the type holds.
    pub(crate) fn max_characters(&self) -> Option<u32> {
        match self {
            Self::String(Length::N(length)) | Self::Char(Some(length)) => Some(*length),
            _ => None,
        }
    }

    /// The whole numbers that the type holds, as far as every database can compare them.
    pub(crate) fn integer_range(&self) -> Option<(i64, i64)> {
        Some(match self {
            Self::TinyInteger => (i8::MIN.into(), i8::MAX.into()),
            Self::SmallInteger => (i16::MIN.into(), i16::MAX.into()),
            Self::Integer => (i32::MIN.into(), i32::MAX.into()),
            Self::BigInteger => (i64::MIN, i64::MAX),
            Self::TinyUnsigned => (0, u8::MAX.into()),
            Self::SmallUnsigned => (0, u16::MAX.into()),
            Self::Unsigned => (0, u32::MAX.into()),
            Self::BigUnsigned => (0, i64::MAX),
            _ => return None,
        })
    }

    /// The types without arguments and their names.
    const PLAIN: [(&'static str, Self); 26] = [
        ("text", Self::Text),
        ("blob", Self::Blob),
        ("tiny_integer", Self::TinyInteger),
        ("small_integer", Self::SmallInteger),
        ("integer", Self::Integer),
        ("big_integer", Self::BigInteger),
        ("tiny_unsigned", Self::TinyUnsigned),
        ("small_unsigned", Self::SmallUnsigned),
        ("unsigned", Self::Unsigned),
        ("big_unsigned", Self::BigUnsigned),
        ("float", Self::Float),
        ("double", Self::Double),
        ("date_time", Self::DateTime),
        ("timestamp", Self::Timestamp),
        ("timestamp_with_time_zone", Self::TimestampWithTimeZone),
        ("time", Self::Time),
        ("date", Self::Date),
        ("year", Self::Year),
        ("boolean", Self::Boolean),
        ("json", Self::Json),
        ("json_binary", Self::JsonBinary),
        ("uuid", Self::Uuid),
        ("cidr", Self::Cidr),
        ("inet", Self::Inet),
        ("mac_addr", Self::MacAddr),
        ("ltree", Self::LTree),
    ];

    /// The type without arguments called `name`.
    pub(crate) fn plain(name: &str) -> Option<Self> {
        Self::PLAIN
            .into_iter()
            .find(|(plain, _)| *plain == name)
            .map(|(_, kind)| kind)
    }

    /// Whole numbers, which alone can count up by themselves.
    pub(crate) fn is_integer(&self) -> bool {
        matches!(
            self,
            Self::TinyInteger
                | Self::SmallInteger
                | Self::Integer
                | Self::BigInteger
                | Self::TinyUnsigned
                | Self::SmallUnsigned
                | Self::Unsigned
                | Self::BigUnsigned
        )
    }

    pub(crate) fn is_text(&self) -> bool {
        matches!(self, Self::Char(_) | Self::String(_) | Self::Text)
    }

    /// The enum type it is made of, itself or as an array's element.
    pub(crate) fn enum_name(&self) -> Option<&str> {
        match self {
            Self::Enum(name) => Some(name),
            Self::Array(element) => element.enum_name(),
            _ => None,
        }
    }
}

impl fmt::Display for ColumnType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Char(None) => f.write_str("char"),
            Self::Char(Some(n)) => write!(f, "char({n})"),
            Self::String(length) => write_length(f, "string", *length),
            Self::VarBinary(length) => write_length(f, "var_binary", *length),
            Self::Decimal(None) => f.write_str("decimal"),
            Self::Decimal(Some((p, s))) => write!(f, "decimal({p}, {s})"),
            Self::Money(None) => f.write_str("money"),
            Self::Money(Some((p, s))) => write!(f, "money({p}, {s})"),
            Self::Interval(fields, precision) => {
                f.write_str("interval")?;
                if fields.is_some() || precision.is_some() {
                    write!(f, "({}", fields.as_deref().unwrap_or_default())?;
                    if let Some(precision) = precision {
                        write!(f, ", {precision}")?;
                    }
                    f.write_str(")")?;
                }
                Ok(())
            }
            Self::Binary(n) => write!(f, "binary({n})"),
            Self::Bit(None) => f.write_str("bit"),
            Self::Bit(Some(n)) => write!(f, "bit({n})"),
            Self::VarBit(n) => write!(f, "var_bit({n})"),
            Self::Custom(sql) => write!(f, "custom({sql})"),
            Self::Enum(name) => write!(f, "enum({name})"),
            Self::Array(element) => write!(f, "array({element})"),
            Self::Vector(None) => f.write_str("vector"),
            Self::Vector(Some(n)) => write!(f, "vector({n})"),
            plain => {
                let name = Self::PLAIN.iter().find(|(_, kind)| kind == plain);
                f.write_str(name.map_or("?", |(name, _)| name))
            }
        }
    }
}

fn write_length(f: &mut fmt::Formatter<'_>, name: &str, length: Length) -> fmt::Result {
    match length {
        Length::N(n) => write!(f, "{name}({n})"),
        Length::Max => write!(f, "{name}(max)"),
        Length::None => f.write_str(name),
    }
}

impl From<ColumnType> for String {
    fn from(kind: ColumnType) -> Self {
        kind.to_string()
    }
}

impl TryFrom<String> for ColumnType {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl FromStr for ColumnType {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let unknown = || format!("unknown column type `{text}`");
        let (name, argument) = match text.split_once('(') {
            Some((name, rest)) => (name, Some(rest.strip_suffix(')').ok_or_else(unknown)?)),
            None => (text, None),
        };
        let number = |argument: &str| argument.trim().parse::<u32>().map_err(|_| unknown());
        let length = || match argument {
            None => Ok::<_, String>(Length::None),
            Some("max") => Ok(Length::Max),
            Some(n) => Ok(Length::N(number(n)?)),
        };
        let pair = || match argument {
            None => Ok(None),
            Some(pair) => {
                let (a, b) = pair.split_once(',').ok_or_else(unknown)?;
                Ok::<_, String>(Some((number(a)?, number(b)?)))
            }
        };
        Ok(match (name, argument) {
            ("char", n) => Self::Char(n.map(number).transpose()?),
            ("string", _) => Self::String(length()?),
            ("var_binary", _) => Self::VarBinary(length()?),
            ("decimal", _) => Self::Decimal(pair()?),
            ("money", _) => Self::Money(pair()?),
            ("interval", None) => Self::Interval(None, None),
            ("interval", Some(argument)) => {
                let (fields, precision) = match argument.split_once(',') {
                    Some((fields, precision)) => (fields, Some(number(precision)?)),
                    None => (argument, None),
                };
                Self::Interval((!fields.is_empty()).then(|| fields.to_owned()), precision)
            }
            ("binary", Some(n)) => Self::Binary(number(n)?),
            ("bit", n) => Self::Bit(n.map(number).transpose()?),
            ("var_bit", Some(n)) => Self::VarBit(number(n)?),
            ("custom", Some(sql)) => Self::Custom(sql.to_owned()),
            ("enum", Some(name)) => Self::Enum(name.to_owned()),
            ("array", Some(element)) => Self::Array(Box::new(element.parse()?)),
            ("vector", n) => Self::Vector(n.map(number).transpose()?),
            (plain, None) => Self::plain(plain).ok_or_else(unknown)?,
            _ => return Err(unknown()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_forms_read_back() {
        for text in [
            "char",
            "char(3)",
            "string",
            "string(200)",
            "string(max)",
            "text",
            "decimal",
            "decimal(10, 2)",
            "interval",
            "interval(YEAR TO MONTH)",
            "interval(, 3)",
            "interval(DAY, 3)",
            "binary(16)",
            "var_binary(max)",
            "bit",
            "var_bit(8)",
            "custom(geometry(Point, 4326))",
            "enum(Mood)",
            "array(array(string(20)))",
            "vector(3)",
            "timestamp_with_time_zone",
            "ltree",
        ] {
            let kind: ColumnType = text.parse().expect(text);
            assert_eq!(kind.to_string(), text);
        }
    }

    #[test]
    fn nonsense_is_refused() {
        for text in [
            "",
            "strin",
            "string(",
            "string(x)",
            "decimal(1)",
            "text(3)",
            "enum",
        ] {
            assert!(text.parse::<ColumnType>().is_err(), "{text}");
        }
    }
}
