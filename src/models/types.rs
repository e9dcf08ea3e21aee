//! Column types: from the Rust type of a field, and from `column_type = "…"`.

use syn::{Expr, GenericArgument, Lit, PathArguments, Type, TypePath};

use crate::schema::{ColumnType, EnumType, Length};

use super::index::{Index, ModuleId};
use super::resolve::Target;
use super::source::{Diagnostic, Place};
use super::values;

/// A column type, and the enum it brings along.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) kind: ColumnType,
    pub(super) enum_type: Option<EnumType>,
}

impl From<ColumnType> for Known {
    fn from(kind: ColumnType) -> Self {
        Self {
            kind,
            enum_type: None,
        }
    }
}

const HELP: &str =
    "say it with `#[sea_orm(column_type = \"…\")]`, for example `column_type = \"Text\"`";

/// The column type of a field of type `ty` written in `module`, as SeaORM's `ValueType` gives it.
pub(super) fn of_rust(index: &Index, module: ModuleId, ty: &Type) -> Result<Known, Diagnostic> {
    of_rust_at_depth(index, module, ty, 0)
}

fn of_rust_at_depth(
    index: &Index,
    module: ModuleId,
    ty: &Type,
    depth: u8,
) -> Result<Known, Diagnostic> {
    let unknown = |name: &str| {
        Place::new(index.source(module), span_of(ty))
            .with(format!("cannot tell which column type `{name}` is"), HELP)
    };
    let path = match ty {
        Type::Path(TypePath {
            qself: None, path, ..
        }) if depth < 16 => path,
        Type::Group(group) => return of_rust_at_depth(index, module, &group.elem, depth + 1),
        Type::Paren(paren) => return of_rust_at_depth(index, module, &paren.elem, depth + 1),
        other => return Err(unknown(&compact(other))),
    };
    match index.resolve(module, path)? {
        Some(Target::Type(at, item)) => {
            let content = index.content(at)?;
            if let syn::Item::Type(alias) = &content.items[item] {
                return of_rust_at_depth(index, at, &alias.ty, depth + 1);
            }
            match values::read(index, at, &content.items[item])? {
                values::Value::Known(known) => Ok(known),
                values::Value::Wraps(inner) => of_rust_at_depth(index, at, &inner, depth + 1),
                values::Value::Opaque => Err(unknown(&compact(ty))),
            }
        }
        Some(Target::External(names)) => {
            let segment = path.segments.last();
            if names.last().is_some_and(|name| name == "Vec")
                && let Some(element) = segment.and_then(|s| first_argument(&s.arguments))
            {
                if compact(element) == "u8" {
                    return Ok(ColumnType::VarBinary(Length::None).into());
                }
                let element = of_rust_at_depth(index, module, element, depth + 1)?;
                return Ok(Known {
                    kind: ColumnType::Array(Box::new(element.kind)),
                    enum_type: element.enum_type,
                });
            }
            external(&names)
                .map(Known::from)
                .ok_or_else(|| unknown(&compact(ty)))
        }
        _ => Err(unknown(&compact(ty))),
    }
}

/// The first generic argument that is a type.
pub(super) fn first_argument(arguments: &PathArguments) -> Option<&Type> {
    let PathArguments::AngleBracketed(arguments) = arguments else {
        return None;
    };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })
}

/// The text of a type without white space, which is what SeaORM's macros look at.
pub(super) fn compact(ty: &Type) -> String {
    quote::quote!(#ty).to_string().split_whitespace().collect()
}

fn span_of(ty: &Type) -> proc_macro2::Span {
    syn::spanned::Spanned::span(ty)
}

/// The column type of a type outside of the workspace, by its full path.
fn external(path: &[String]) -> Option<ColumnType> {
    let names: Vec<&str> = path.iter().map(String::as_str).collect();
    let (home, name) = match names.as_slice() {
        [name] => ("", *name),
        [home, .., name] => (*home, *name),
        [] => return None,
    };
    let kind = match (home, name) {
        ("", "bool") => ColumnType::Boolean,
        ("", "i8") => ColumnType::TinyInteger,
        ("", "i16") => ColumnType::SmallInteger,
        ("", "i32") => ColumnType::Integer,
        ("", "i64") => ColumnType::BigInteger,
        ("", "u8") => ColumnType::TinyUnsigned,
        ("", "u16") => ColumnType::SmallUnsigned,
        ("", "u32") => ColumnType::Unsigned,
        ("", "u64") => ColumnType::BigUnsigned,
        ("", "f32") => ColumnType::Float,
        ("", "f64") => ColumnType::Double,
        ("", "char") => ColumnType::Char(None),
        ("" | "std" | "alloc", "String") => ColumnType::String(Length::None),
        ("std" | "alloc", "Cow") => ColumnType::String(Length::None),
        ("sea_orm" | "sea_query", name) => return of_sea_orm(name),
        ("chrono", "NaiveDate") | ("time" | "jiff", "Date") => ColumnType::Date,
        ("chrono", "NaiveTime") | ("time" | "jiff", "Time") => ColumnType::Time,
        ("chrono", "NaiveDateTime") | ("time", "PrimitiveDateTime") => ColumnType::DateTime,
        ("jiff", "DateTime") => ColumnType::Timestamp,
        ("chrono", "DateTime") | ("time", "OffsetDateTime") | ("jiff", "Timestamp") => {
            ColumnType::TimestampWithTimeZone
        }
        ("uuid", "Uuid") => ColumnType::Uuid,
        ("rust_decimal", "Decimal") | ("bigdecimal", "BigDecimal") => ColumnType::Decimal(None),
        ("serde_json", "Value") => ColumnType::Json,
        ("ipnetwork", "IpNetwork") => ColumnType::Inet,
        ("mac_address", "MacAddress") => ColumnType::MacAddr,
        ("pgvector", "Vector") => ColumnType::Vector(None),
        _ => return None,
    };
    Some(kind)
}

/// What `sea_orm::entity::prelude` and its like call their types.
fn of_sea_orm(name: &str) -> Option<ColumnType> {
    Some(match name {
        "Date" | "ChronoDate" | "TimeDate" | "NaiveDate" => ColumnType::Date,
        "Time" | "ChronoTime" | "TimeTime" | "NaiveTime" => ColumnType::Time,
        "DateTime" | "ChronoDateTime" | "TimeDateTime" | "NaiveDateTime" => ColumnType::DateTime,
        "DateTimeWithTimeZone"
        | "DateTimeUtc"
        | "DateTimeLocal"
        | "ChronoDateTimeWithTimeZone"
        | "ChronoDateTimeUtc"
        | "ChronoDateTimeLocal"
        | "TimeDateTimeWithTimeZone" => ColumnType::TimestampWithTimeZone,
        "ChronoUnixTimestamp"
        | "ChronoUnixTimestampMillis"
        | "TimeUnixTimestamp"
        | "TimeUnixTimestampMillis" => ColumnType::BigInteger,
        "Decimal" | "BigDecimal" => ColumnType::Decimal(None),
        "Uuid" => ColumnType::Uuid,
        "TextUuid" => ColumnType::String(Length::None),
        "Json" | "JsonValue" => ColumnType::Json,
        "IpNetwork" => ColumnType::Inet,
        "PgVector" => ColumnType::Vector(None),
        _ => return None,
    })
}

/// Whether a type of that full path has a column type: how a glob import is known to bring a name in.
pub(super) fn is_known(path: &[String]) -> bool {
    path.len() > 1 && external(path).is_some()
}

/// The column type that `ColumnType::` followed by `expr` is.
pub(super) fn of_attribute(expr: &Expr) -> Result<Known, String> {
    match expr {
        Expr::Path(path) => named(&last_name(path), &[]),
        Expr::Call(call) => {
            let Expr::Path(function) = &*call.func else {
                return Err("this is not a column type".into());
            };
            let arguments: Vec<&Expr> = call.args.iter().collect();
            named(&last_name(function), &arguments)
        }
        Expr::MethodCall(call)
            if matches!(call.method.to_string().as_str(), "into" | "to_owned") =>
        {
            of_attribute(&call.receiver)
        }
        Expr::Struct(body) => values::enum_type(body),
        _ => Err("this is not a column type".into()),
    }
}

fn named(name: &str, arguments: &[&Expr]) -> Result<Known, String> {
    let bad = || format!("cannot read the arguments of `{name}`");
    let kind = match (name, arguments) {
        ("Char" | "char", [n]) => ColumnType::Char(optional(n).ok_or_else(bad)?),
        ("String" | "string", [n]) => ColumnType::String(length(n).ok_or_else(bad)?),
        ("VarBinary" | "var_binary", [n]) => ColumnType::VarBinary(length(n).ok_or_else(bad)?),
        ("Binary", [n]) => ColumnType::Binary(number(n).ok_or_else(bad)?),
        ("Decimal", [pair]) => ColumnType::Decimal(optional_pair(pair).ok_or_else(bad)?),
        ("Money", [pair]) => ColumnType::Money(optional_pair(pair).ok_or_else(bad)?),
        ("Bit", [n]) => ColumnType::Bit(optional(n).ok_or_else(bad)?),
        ("VarBit", [n]) => ColumnType::VarBit(number(n).ok_or_else(bad)?),
        ("Vector", [n]) => ColumnType::Vector(optional(n).ok_or_else(bad)?),
        ("Interval", [fields, precision]) => ColumnType::Interval(
            interval_fields(fields).ok_or_else(bad)?,
            optional(precision).ok_or_else(bad)?,
        ),
        ("Custom" | "custom", [sql]) => ColumnType::Custom(text(sql).ok_or_else(bad)?),
        ("Array", [element]) => {
            let element = of_attribute(unwrapped(element))?;
            return Ok(Known {
                kind: ColumnType::Array(Box::new(element.kind)),
                enum_type: element.enum_type,
            });
        }
        (name, []) => {
            use heck::ToSnakeCase;
            let snake = match name {
                "LTree" => "ltree".to_owned(),
                name => name.to_snake_case(),
            };
            ColumnType::plain(&snake)
                .ok_or_else(|| format!("SeaORM has no column type `{name}`"))?
        }
        _ => return Err(bad()),
    };
    Ok(kind.into())
}

fn last_name(path: &syn::ExprPath) -> String {
    path.path
        .segments
        .last()
        .map(|segment| segment.ident.to_string())
        .unwrap_or_default()
}

/// Takes `RcOrArc::new(…)`, `Arc::new(…)` and `.into()` off.
fn unwrapped(expr: &Expr) -> &Expr {
    match expr {
        Expr::Call(call)
            if matches!(&*call.func, Expr::Path(f) if last_name(f) == "new")
                && call.args.len() == 1 =>
        {
            call.args.first().map_or(expr, unwrapped)
        }
        Expr::MethodCall(call) => unwrapped(&call.receiver),
        _ => expr,
    }
}

fn number(expr: &Expr) -> Option<u32> {
    match expr {
        Expr::Lit(lit) => match &lit.lit {
            Lit::Int(number) => number.base10_parse().ok(),
            _ => None,
        },
        _ => None,
    }
}

/// `None` → `None`, `Some(3)` → `Some(3)`; the outer `None` means neither.
fn optional(expr: &Expr) -> Option<Option<u32>> {
    some_or_none(expr, number)
}

fn optional_pair(expr: &Expr) -> Option<Option<(u32, u32)>> {
    some_or_none(expr, |inner| match inner {
        Expr::Tuple(pair) => match pair.elems.iter().collect::<Vec<_>>().as_slice() {
            [a, b] => Some((number(a)?, number(b)?)),
            _ => None,
        },
        _ => None,
    })
}

fn some_or_none<T>(expr: &Expr, inner: impl Fn(&Expr) -> Option<T>) -> Option<Option<T>> {
    match expr {
        Expr::Path(path) if last_name(path) == "None" => Some(None),
        Expr::Call(call) if matches!(&*call.func, Expr::Path(f) if last_name(f) == "Some") => {
            Some(Some(inner(call.args.first()?)?))
        }
        _ => None,
    }
}

/// `StringLen::N(3)`, `StringLen::Max`, `StringLen::None`, and the older `Some(3)` and plain `3`.
fn length(expr: &Expr) -> Option<Length> {
    match expr {
        Expr::Path(path) => match last_name(path).as_str() {
            "Max" => Some(Length::Max),
            "None" => Some(Length::None),
            _ => None,
        },
        Expr::Call(call) => match &*call.func {
            Expr::Path(f) if matches!(last_name(f).as_str(), "N" | "Some") => {
                Some(Length::N(number(call.args.first()?)?))
            }
            _ => None,
        },
        expr => Some(Length::N(number(expr)?)),
    }
}

fn interval_fields(expr: &Expr) -> Option<Option<String>> {
    use heck::ToShoutySnakeCase;
    some_or_none(expr, |inner| match inner {
        Expr::Path(path) => Some(last_name(path).to_shouty_snake_case().replace('_', " ")),
        _ => None,
    })
}

/// The string in `"x"`, `"x".into()`, `Alias::new("x")`, `SeaRc::new(Alias::new("x"))`.
pub(super) fn text(expr: &Expr) -> Option<String> {
    match unwrapped(expr) {
        Expr::Lit(lit) => match &lit.lit {
            Lit::Str(text) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}
