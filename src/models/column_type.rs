//! `column_type = "…"`, and the expressions of hand-written code that say the same.

use syn::{Expr, Lit, Type, TypePath};

use crate::schema::{ColumnType, Length};

use super::constants::Scope;
use super::types::{Known, Typed};
use super::values;

/// The column type that `ColumnType::` followed by `expr` is.
pub(super) fn of_attribute(scope: &Scope, expr: &Expr) -> Result<Known, String> {
    match expr {
        Expr::Path(path) => named(scope, &last_name(path), &[]),
        Expr::Call(call) => {
            let Expr::Path(function) = &*call.func else {
                return Err("this is not a column type".into());
            };
            let arguments: Vec<&Expr> = call.args.iter().collect();
            named(scope, &last_name(function), &arguments)
        }
        Expr::MethodCall(call)
            if matches!(
                call.method.to_string().as_str(),
                "into" | "to_owned" | "clone"
            ) =>
        {
            of_attribute(scope, &call.receiver)
        }
        Expr::Struct(body) => values::enum_type(scope, body),
        Expr::Group(group) => of_attribute(scope, &group.expr),
        Expr::Paren(paren) => of_attribute(scope, &paren.expr),
        _ => Err("this is not a column type".into()),
    }
}

/// What `ColumnType::Text`, or `<String as ValueType>::column_type()` of another type, is in code.
/// Inside of an implementation, `own` is its type.
pub(super) fn of_code(typed: &Typed, own: Option<&str>, expr: &Expr) -> Option<Known> {
    if let Expr::Call(call) = expr
        && let Expr::Path(function) = &*call.func
        && matches!(last_name(function).as_str(), "column_type" | "db_type")
    {
        let ty = match &function.qself {
            Some(qself) => (*qself.ty).clone(),
            None => {
                let mut path = function.path.clone();
                path.segments.pop();
                path.segments.pop_punct();
                Type::Path(TypePath {
                    attrs: Vec::new(),
                    qself: None,
                    path,
                })
            }
        };
        return typed.read(&ty).ok();
    }
    match expr {
        Expr::MethodCall(call)
            if matches!(
                call.method.to_string().as_str(),
                "into" | "to_owned" | "clone" | "def"
            ) =>
        {
            of_code(typed, own, &call.receiver)
        }
        Expr::Block(block) => match block.block.stmts.last()? {
            syn::Stmt::Expr(expr, None) => of_code(typed, own, expr),
            _ => None,
        },
        Expr::Return(back) => of_code(typed, own, back.expr.as_ref()?),
        expr => {
            let scope = Scope::new(typed.index, typed.module).inside(own);
            of_attribute(&scope, expr).ok()
        }
    }
}

fn named(scope: &Scope, name: &str, arguments: &[&Expr]) -> Result<Known, String> {
    let bad = || format!("cannot read the arguments of `{name}`");
    let length = |n: &Expr| length(scope, n);
    let optional = |n: &Expr| some_or_none(n, |inner| scope.number(inner));
    let pair = |pair: &Expr| some_or_none(pair, |inner| numbers(scope, inner));
    let kind = match (name, arguments) {
        ("Char" | "char", [n]) => ColumnType::Char(optional(n).ok_or_else(bad)?),
        ("String" | "string", [n]) => ColumnType::String(length(n).ok_or_else(bad)?),
        ("VarBinary" | "var_binary", [n]) => ColumnType::VarBinary(length(n).ok_or_else(bad)?),
        // Before 0.11 it had no size.
        ("Binary", []) => ColumnType::plain("blob").ok_or_else(bad)?,
        ("Binary" | "binary", [n]) => binary(scope, n).ok_or_else(bad)?,
        ("Decimal", [n]) => ColumnType::Decimal(pair(n).ok_or_else(bad)?),
        ("Money", [n]) => ColumnType::Money(pair(n).ok_or_else(bad)?),
        ("Bit", [n]) => ColumnType::Bit(optional(n).ok_or_else(bad)?),
        ("VarBit", [n]) => ColumnType::VarBit(scope.number(n).ok_or_else(bad)?),
        ("Vector", [n]) => ColumnType::Vector(optional(n).ok_or_else(bad)?),
        ("Interval", [fields, precision]) => ColumnType::Interval(
            interval_fields(fields).ok_or_else(bad)?,
            optional(precision).ok_or_else(bad)?,
        ),
        // Before 1.0 these took a precision, or an interval its fields as well.
        (
            "TinyInteger"
            | "SmallInteger"
            | "Integer"
            | "BigInteger"
            | "TinyUnsigned"
            | "SmallUnsigned"
            | "Unsigned"
            | "BigUnsigned"
            | "Float"
            | "Double"
            | "DateTime"
            | "Timestamp"
            | "TimestampWithTimeZone"
            | "Time",
            [_],
        ) => return named(scope, name, &[]),
        ("Custom" | "custom", [sql]) => match of_mysql(unwrapped(sql)) {
            Some(kind) => kind,
            None => ColumnType::Custom(scope.text(sql).ok_or_else(bad)?),
        },
        ("Array", [element]) => {
            let element = of_attribute(scope, unwrapped(element))?;
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

/// `MySqlType::LongBlob` of sea-query: MySQL's sizes of a blob are one type everywhere else.
fn of_mysql(expr: &Expr) -> Option<ColumnType> {
    let Expr::Path(path) = expr else {
        return None;
    };
    let mut segments = path.path.segments.iter().rev();
    let (variant, of) = (segments.next()?, segments.next()?);
    let is_blob = ["TinyBlob", "Blob", "MediumBlob", "LongBlob"]
        .iter()
        .any(|blob| variant.ident == blob);
    (of.ident == "MySqlType" && is_blob).then_some(ColumnType::Blob)
}

pub(super) fn last_name(path: &syn::ExprPath) -> String {
    path.path
        .segments
        .last()
        .map(|segment| segment.ident.to_string())
        .unwrap_or_default()
}

/// Takes `RcOrArc::new(…)`, `Arc::new(…)` and `.into()` off.
pub(super) fn unwrapped(expr: &Expr) -> &Expr {
    match expr {
        Expr::Call(call)
            if matches!(&*call.func, Expr::Path(f) if matches!(last_name(f).as_str(), "new" | "from"))
                && call.args.len() == 1 =>
        {
            call.args.first().map_or(expr, unwrapped)
        }
        Expr::MethodCall(call) => unwrapped(&call.receiver),
        Expr::Reference(inner) => unwrapped(&inner.expr),
        Expr::Group(inner) => unwrapped(&inner.expr),
        Expr::Paren(inner) => unwrapped(&inner.expr),
        _ => expr,
    }
}

fn numbers(scope: &Scope, expr: &Expr) -> Option<(u32, u32)> {
    match expr {
        Expr::Tuple(pair) => match pair.elems.iter().collect::<Vec<_>>().as_slice() {
            [a, b] => Some((scope.number(a)?, scope.number(b)?)),
            _ => None,
        },
        _ => None,
    }
}

/// `None` → `None`, `Some(3)` → `Some(3)`; the outer `None` means neither.
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
fn length(scope: &Scope, expr: &Expr) -> Option<Length> {
    match expr {
        Expr::Path(path) => match last_name(path).as_str() {
            "Max" => Some(Length::Max),
            "None" => Some(Length::None),
            _ => scope.number(expr).map(Length::N),
        },
        Expr::Call(call) => match &*call.func {
            Expr::Path(f) if matches!(last_name(f).as_str(), "N" | "Some") => {
                Some(Length::N(scope.number(call.args.first()?)?))
            }
            _ => None,
        },
        expr => Some(Length::N(scope.number(expr)?)),
    }
}

/// `Binary(16)`, the older `Binary(Some(16))`, and SeaORM 0.12's `Binary(BlobSize::Blob(None))`.
fn binary(scope: &Scope, expr: &Expr) -> Option<ColumnType> {
    let blob = ColumnType::plain("blob");
    match expr {
        Expr::Path(path) => match last_name(path).as_str() {
            // MySQL's sizes of a blob are one type everywhere else.
            "Tiny" | "Medium" | "Long" | "None" => blob,
            _ => scope.number(expr).map(ColumnType::Binary),
        },
        Expr::Call(call) => match &*call.func {
            Expr::Path(f) if last_name(f) == "Blob" => binary(scope, call.args.first()?),
            Expr::Path(f) if last_name(f) == "Some" => {
                scope.number(call.args.first()?).map(ColumnType::Binary)
            }
            _ => None,
        },
        expr => scope.number(expr).map(ColumnType::Binary),
    }
}

fn interval_fields(expr: &Expr) -> Option<Option<String>> {
    use heck::ToShoutySnakeCase;
    some_or_none(expr, |inner| match inner {
        Expr::Path(path) => Some(last_name(path).to_shouty_snake_case().replace('_', " ")),
        _ => None,
    })
}

/// The string of a literal.
pub(super) fn literal(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Lit(lit) => match &lit.lit {
            Lit::Str(text) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}
