//! `default_value = …` and `default_expr = "…"`.

use syn::{Expr, Lit};

use crate::schema::Default;

use super::attributes::Attr;
use super::constants::Scope;

const EXPR_HELP: &str =
    "use `Expr::current_timestamp()`, a literal, or `Expr::cust(\"…\")` with SQL";

/// The literal of `default_value = …`.
pub(super) fn of_value(attr: &Attr) -> Result<Default, String> {
    attr.literal()
        .and_then(|(negative, lit)| of_literal(negative, lit))
        .ok_or_else(|| "`default_value` needs a literal".to_owned())
}

/// The expression of `default_expr = "…"`: Rust, of which the forms that need no compiler are known.
pub(super) fn of_expr(scope: &Scope, attr: &Attr) -> Result<Default, (String, &'static str)> {
    let expr: Expr = attr
        .parse()
        .map_err(|error| (error.to_string(), EXPR_HELP))?;
    of_rust(scope, &expr).ok_or_else(|| {
        let message = "cannot tell which SQL this `default_expr` becomes".to_owned();
        (message, EXPR_HELP)
    })
}

fn of_rust(scope: &Scope, expr: &Expr) -> Option<Default> {
    match expr {
        Expr::Lit(lit) => of_literal(false, &lit.lit),
        Expr::Unary(unary) if matches!(unary.op, syn::UnOp::Neg(_)) => match &*unary.expr {
            Expr::Lit(lit) => of_literal(true, &lit.lit),
            _ => None,
        },
        Expr::Path(path) => match last(&path.path).as_str() {
            "CurrentTimestamp" => Some(Default::CurrentTimestamp),
            "CurrentDate" => Some(Default::CurrentDate),
            "CurrentTime" => Some(Default::CurrentTime),
            "Null" => Some(Default::Null),
            _ => None,
        },
        Expr::MethodCall(call)
            if matches!(call.method.to_string().as_str(), "into" | "to_owned") =>
        {
            of_rust(scope, &call.receiver)
        }
        Expr::Call(call) => {
            let Expr::Path(function) = &*call.func else {
                return None;
            };
            let arguments: Vec<&Expr> = call.args.iter().collect();
            match (last(&function.path).as_str(), arguments.as_slice()) {
                ("current_timestamp", []) => Some(Default::CurrentTimestamp),
                ("current_date", []) => Some(Default::CurrentDate),
                ("current_time", []) => Some(Default::CurrentTime),
                ("cust", [sql]) => scope.text(sql).map(Default::Sql),
                ("val" | "value" | "keyword" | "Keyword" | "Value" | "from", [inner]) => {
                    of_rust(scope, inner)
                }
                _ => None,
            }
        }
        _ => None,
    }
}

fn of_literal(negative: bool, lit: &Lit) -> Option<Default> {
    let signed = |digits: &str| {
        let sign = if negative { "-" } else { "" };
        Default::Number(format!("{sign}{digits}"))
    };
    match lit {
        Lit::Str(text) => Some(Default::Text(text.value())),
        Lit::Char(char) => Some(Default::Text(char.value().to_string())),
        Lit::Bool(flag) => Some(Default::Bool(flag.value)),
        Lit::Int(number) => Some(signed(number.base10_digits())),
        Lit::Float(number) => Some(signed(number.base10_digits())),
        _ => None,
    }
}

fn last(path: &syn::Path) -> String {
    path.segments
        .last()
        .map(|segment| segment.ident.to_string())
        .unwrap_or_default()
}
